//! A company whose papers are approved, on any database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use qiyue::approval::figures::Tally;
use qiyue::approval::{
    ApprovalError, Approvals, Ask, Brief, CaseAt, Done, EffectAt, EffectHandler, People, Practice, Reader, Registry,
    Subject, SubjectChange, SubjectRefusal,
};
use qiyue::db::{self, Conn, Db, DbError};
use qiyue::i18n::Message;
use qiyue::kernel::{
    Actor, Amount, CaseId, Channel, Clock as _, Hash, Kind, Manifest, OfficeHours, SystemRandom, UserId, WorkCalendar,
};
use qiyue::org::Org;
use qiyue::workflow::{
    Act, Case, Directory, Effect, Event, ReturnTo, SubjectFacts, SubjectSchema, TaskNumber, Value, Verdict, event_hash,
    evolve, first_prev,
};
use serde_json::{Value as Json, json};

use crate::org::House;

pub(super) const PAPER: Kind = Kind::of("paper");

/// Legal or finance, whoever is first; then the general manager; then a message.
pub(super) const WORKFLOW: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total() });

approve("review", #{ title: "审核", by: [role("legal"), role("finance")] });
approve("boss",   #{ title: "总经理审批", by: role("general-manager") });

on_approved([tell(drafter(), "通过")]);
"#;

/// As long as this setting is there, nothing can be told.
const BROKEN: &str = "printer is broken";

/// Everybody, their papers, and the workflow that the papers take.
pub(super) struct Desk {
    pub(super) db: Db,
    pub(super) house: House,
    pub(super) approvals: Approvals,
    pub(super) meanwhile: Arc<Meanwhile>,
    pub(super) version: Hash,
    people: BTreeMap<String, UserId>,
}

async fn open(db: &Db, house: &House, meanwhile: &Arc<Meanwhile>) -> Approvals {
    let practice = Practice {
        calendar: Arc::new(WorkCalendar::mainland().clone()),
        office: OfficeHours::default(),
        undo_seconds: 10,
        effects_recorded: false,
    };
    let registry = Registry::default().with_subject(Arc::new(Papers(schema()))).with_handler(Arc::new(Printer(PAPER)));
    let (clock, random) = (house.clock.clone(), Arc::new(SystemRandom));
    Approvals::open(db.clone(), clock, random, meanwhile.clone(), registry, practice).await.unwrap()
}

impl Desk {
    pub(super) async fn new(db: Db) -> Self {
        Self::with(db, WORKFLOW).await
    }

    pub(super) async fn with(db: Db, workflow: &str) -> Self {
        let house = House::new(db.clone()).await;
        let mut people = BTreeMap::new();
        let staff =
            [("zhang", "drafter"), ("fang", "legal"), ("lu", "legal"), ("cai", "finance"), ("wang", "general-manager")];
        for (login, role) in staff {
            people.insert(login.to_owned(), house.person(login, &[role]).await.0);
        }
        people.insert("admin".to_owned(), house.admin.user_id());
        house.org.refresh().await.unwrap();
        let meanwhile = Arc::new(Meanwhile { org: house.org.clone(), once: Mutex::default() });
        let approvals = open(&db, &house, &meanwhile).await;
        let version = approvals.publish(workflow, "paper.rhai", None).await.unwrap();
        Self { db, house, approvals, meanwhile, version, people }
    }

    /// The room as it is after a restart.
    pub(super) async fn reopened(&self) -> Approvals {
        open(&self.db, &self.house, &self.meanwhile).await
    }

    pub(super) fn who(&self, login: &str) -> UserId {
        self.people[login]
    }

    pub(super) fn actor(&self, login: &str) -> Actor {
        Actor::person(self.who(login), Channel::Page)
    }

    pub(super) fn later(&self, seconds: u64) {
        self.house.clock.advance(Duration::from_secs(seconds));
    }

    /// A paper of zhang's, not handed in yet.
    pub(super) async fn paper(&self, id: i64) {
        self.write_paper(id, &json!({"amount": 50_000, "text": "第一稿", "drafter": self.who("zhang"), "log": []}))
            .await;
    }

    pub(super) async fn write_paper(&self, id: i64, paper: &Json) {
        write_paper(&self.db, id, paper).await;
    }

    pub(super) async fn read_paper(&self, id: i64) -> Json {
        let read = async move |c: &mut Conn<'_>| db::setting(c, &name(id)).await;
        serde_json::from_str(&self.db.read(read).await.unwrap().unwrap().value).unwrap()
    }

    /// The paper goes missing; what it was.
    pub(super) async fn lose_paper(&self, id: i64) -> Json {
        const LOSE: &str = "DELETE FROM setting WHERE name = $1";
        let paper = self.read_paper(id).await;
        let unit = async move |c: &mut Conn<'_>| c.exec(LOSE, qiyue::params![name(id)]).await;
        self.db.write(unit).await.map_err(|error: DbError| error).unwrap();
        paper
    }

    /// What approval did to the paper, in order.
    pub(super) async fn log(&self, id: i64) -> Vec<String> {
        let paper = self.read_paper(id).await;
        paper["log"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    }

    pub(super) async fn act(&self, login: &str, case: CaseId, act: Act) -> Result<Done, ApprovalError> {
        self.approvals.act(Ask::of_case(case, self.actor(login), act)).await
    }

    pub(super) async fn submit(&self, id: i64) -> CaseId {
        self.paper(id).await;
        let act = Act::Submit { chosen: BTreeMap::new() };
        let ask = Ask::of_subject(PAPER.reference(id), self.actor("zhang"), act);
        self.approvals.act(ask).await.unwrap().case
    }

    /// The verdict of somebody who sees the newest content.
    pub(super) async fn verdict(&self, case: CaseId, task: TaskNumber) -> Verdict {
        let shown = self.state(case).await.content;
        Verdict { task: Some(task), shown, opinion: "看过了".into(), ..Verdict::default() }
    }

    pub(super) async fn approve(&self, login: &str, case: CaseId, task: TaskNumber) -> Result<Done, ApprovalError> {
        let verdict = self.verdict(case, task).await;
        self.act(login, case, Act::Approve(verdict)).await
    }

    pub(super) async fn state(&self, case: CaseId) -> Case {
        self.approvals.state(case).await.unwrap()
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        let row: Result<(i64,), DbError> = self.db.read(async move |c: &mut Conn<'_>| c.one(sql, &[]).await).await;
        row.unwrap().0
    }

    pub(super) async fn break_printer(&self) {
        let unit = async |c: &mut Conn<'_>| db::set_setting(c, BROKEN, "1", 0).await;
        assert!(self.db.write(unit).await.unwrap());
    }

    pub(super) async fn mend_printer(&self) {
        const MEND: &str = "DELETE FROM setting WHERE name = 'printer is broken'";
        self.db.write(async |c: &mut Conn<'_>| c.exec(MEND, &[]).await).await.map_err(|e: DbError| e).unwrap();
    }

    /// What was told, by its key.
    pub(super) async fn told(&self) -> Vec<String> {
        const TOLD: &str = "SELECT name FROM setting WHERE name LIKE 'told/%' ORDER BY name";
        let rows: Result<Vec<(String,)>, DbError> = self.db.read(async |c: &mut Conn<'_>| c.all(TOLD, &[]).await).await;
        rows.unwrap().into_iter().map(|(name,)| name).collect()
    }

    /// The law of the store: events give the state, their chain starts where it must and is whole, and the rows that lists read
    /// say the same.
    pub(super) async fn holds_together(&self, case: CaseId) {
        let state = self.state(case).await;
        let events = self.approvals.events(case).await.unwrap();
        let row = self.row(case).await;
        let installation = self.db.installation(&SystemRandom, self.house.clock.now()).await.unwrap();
        let began = events.iter().find_map(|stored| match stored.event() {
            Ok(Event::Migrated { from, .. }) => Some(from),
            _ => None,
        });
        let mut prev = first_prev(*installation.as_bytes(), &PAPER, row.paper, began.unwrap_or(row.definition));
        let mut replayed = Case::default();
        for (seq, stored) in (1..).zip(&events) {
            assert_eq!(stored.seq, i64::try_from(seq).unwrap());
            prev = event_hash(prev, seq, stored.at, stored.body.as_bytes());
            assert_eq!(stored.hash, prev, "the chain of {case} breaks at {seq}");
            replayed = evolve(replayed, &serde_json::from_str::<Event>(&stored.body).unwrap(), stored.at);
        }
        assert_eq!(replayed, state, "the events of {case} give another state");
        assert_eq!((row.head, row.seq), (prev, i64::try_from(state.seq).unwrap()));
        assert_eq!((row.status.as_str(), row.round), (state.status.word(), i64::from(state.round)));
        assert_eq!((row.over, row.stuck), (state.status.over(), !state.stuck.is_empty()));
        assert_eq!(row.next_timer, state.timers.first().map(|timer| timer.at.as_micros()));
        self.lists_agree(case, &state).await;
        self.figures_agree(case).await;
    }

    /// What figures are counted from is what the events leave.
    async fn figures_agree(&self, case: CaseId) {
        let mut tally = Tally::default();
        for (seq, stored) in (1..).zip(self.approvals.events(case).await.unwrap()) {
            tally.read(&stored.event().unwrap(), seq, stored.at);
        }
        let found = tally.found();
        let number = |seq: u64| i64::try_from(seq).unwrap();
        let spans = found.spans.iter().map(|span| {
            let (person, opened_at) = (span.person.map(UserId::get), span.opened_at.as_micros());
            let returned_to = span.returned_to.as_ref().map(|to| match to {
                ReturnTo::Node { node } => node.clone(),
                _ => String::new(),
            });
            (number(span.seq), i64::from(span.task), person, opened_at, span.end.word().to_owned(), returned_to)
        });
        let (stored, outcome) = self.figures(case).await;
        assert_eq!(stored, spans.collect::<Vec<_>>(), "the spans of {case}");
        let decided = found.outcome.map(|one| (number(one.seq), one.approved, i64::from(one.rounds)));
        assert_eq!(outcome, decided, "the outcome of {case}");
    }

    /// The stored spans of a case — event, task, person, since when, how it ended, where it went back to — and how it was decided.
    pub(super) async fn figures(&self, case: CaseId) -> (Vec<SpanColumns>, Option<(i64, bool, i64)>) {
        const SPANS: &str = "SELECT seq, task, person, opened_at, ending, returned_to FROM approval_span \
            WHERE case_id = $1 ORDER BY seq";
        const OUTCOME: &str = "SELECT seq, approved, rounds FROM approval_outcome WHERE case_id = $1";
        let read = async move |c: &mut Conn<'_>| {
            let spans = c.all(SPANS, qiyue::params![case]).await?;
            Ok::<_, DbError>((spans, c.maybe(OUTCOME, qiyue::params![case]).await?))
        };
        self.db.read(read).await.unwrap()
    }

    async fn lists_agree(&self, case: CaseId, state: &Case) {
        const TASKS: &str = "SELECT task, person FROM approval_task WHERE case_id = $1 AND open ORDER BY task, person";
        const DECISIONS: &str = "SELECT decision, void FROM approval_decision WHERE case_id = $1 ORDER BY decision";
        const QUESTIONS: &str =
            "SELECT question FROM approval_question WHERE case_id = $1 AND answered_at IS NULL ORDER BY question";
        let read = async move |c: &mut Conn<'_>| {
            let tasks: Vec<(i64, i64)> = c.all(TASKS, qiyue::params![case]).await?;
            let decisions: Vec<(i64, bool)> = c.all(DECISIONS, qiyue::params![case]).await?;
            let questions: Vec<(i64,)> = c.all(QUESTIONS, qiyue::params![case]).await?;
            Ok::<_, DbError>((tasks, decisions, questions))
        };
        let (tasks, decisions, questions) = self.db.read(read).await.unwrap();
        let mut asked: Vec<(i64, i64)> = Vec::new();
        for (number, task) in state.tasks.iter().filter(|(_, task)| task.open) {
            asked.extend(task.opened.candidates.iter().map(|one| (i64::from(*number), one.person.get())));
        }
        asked.sort_unstable();
        assert_eq!(tasks, asked, "the tasks of {case}");
        let decided: Vec<_> = state.decisions.iter().map(|(number, one)| (i64::from(*number), one.void)).collect();
        assert_eq!(decisions, decided, "the decisions of {case}");
        let unanswered = state.questions.iter().filter(|(_, one)| one.answer.is_none());
        assert_eq!(questions, unanswered.map(|(number, _)| (i64::from(*number),)).collect::<Vec<_>>());
    }

    pub(super) async fn row(&self, case: CaseId) -> CaseColumns {
        const ROW: &str = "SELECT subject_id, definition, head, seq, status, round, over, stuck, next_timer \
            FROM approval_case WHERE id = $1";
        let read = async move |c: &mut Conn<'_>| c.one(ROW, qiyue::params![case]).await;
        self.db.read(read).await.map_err(|error: DbError| error).unwrap()
    }
}

/// Event, task, person, since when, how it ended, where the case went back to.
pub(super) type SpanColumns = (i64, i64, Option<i64>, i64, String, Option<String>);

/// The columns of a case beside its state.
pub(super) struct CaseColumns {
    paper: i64,
    pub(super) definition: Hash,
    pub(super) head: Hash,
    pub(super) seq: i64,
    status: String,
    round: i64,
    over: bool,
    stuck: bool,
    pub(super) next_timer: Option<i64>,
}

impl db::FromRow for CaseColumns {
    fn from_row(row: &db::Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            paper: row.get("subject_id")?,
            definition: row.get("definition")?,
            head: row.get("head")?,
            seq: row.get("seq")?,
            status: row.get("status")?,
            round: row.get("round")?,
            over: row.get("over")?,
            stuck: row.get("stuck")?,
            next_timer: row.get("next_timer")?,
        })
    }
}

/// Writes the paper as somebody who has just read it.
pub(super) async fn write_paper(db: &Db, id: i64, paper: &Json) {
    let text = paper.to_string();
    let unit = async move |c: &mut Conn<'_>| {
        let read = db::setting(c, &name(id)).await?.map_or(0, |setting| setting.version);
        db::set_setting(c, &name(id), &text, read).await
    };
    assert!(db.write(unit).await.unwrap());
}

fn name(id: i64) -> String {
    format!("paper/{id}")
}

fn schema() -> SubjectSchema {
    SubjectSchema {
        kind: PAPER,
        fields: Vec::new(),
        events: vec!["printed".to_owned()],
        words: Vec::new(),
        effects: vec!["tell"],
        silence_needs_reason: false,
    }
}

/// The directory, and something that happens once between what a command reads and what it stores.
pub(super) struct Meanwhile {
    org: Org,
    once: Mutex<Option<BoxFuture<'static, ()>>>,
}

impl Meanwhile {
    pub(super) fn then(&self, happens: impl Future<Output = ()> + Send + 'static) {
        *self.once.lock().unwrap() = Some(Box::pin(happens));
    }
}

#[async_trait]
impl People for Meanwhile {
    async fn at_version(&self, version: i64) -> Result<Arc<Directory>, DbError> {
        let directory = self.org.at_version(version).await;
        let happens = self.once.lock().unwrap().take();
        if let Some(happens) = happens {
            happens.await;
        }
        directory
    }
}

struct Papers(SubjectSchema);

#[async_trait(?Send)]
impl Subject for Papers {
    fn schema(&self) -> &SubjectSchema {
        &self.0
    }

    async fn facts(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<SubjectFacts>, DbError> {
        let Some(setting) = db::setting(c, &name(id)).await? else { return Ok(None) };
        let paper: Json = serde_json::from_str(&setting.value).unwrap();
        let drafter = UserId::new(paper["drafter"].as_i64().unwrap());
        let amount = Amount::from_units(paper["amount"].as_i64().unwrap());
        let mut content = Manifest::default();
        content.value("fields/amount", &amount).unwrap();
        content.text("clauses/text", paper["text"].as_str().unwrap()).unwrap();
        Ok(Some(SubjectFacts {
            reference: PAPER.reference(id),
            title: format!("报告 {id}"),
            drafter,
            writer: None,
            owner: drafter,
            department: None,
            fields: BTreeMap::from([("amount".to_owned(), Value::Amount(amount))]),
            approval_amount: Some(amount),
            without_ceiling: false,
            marks: BTreeSet::new(),
            files: BTreeSet::new(),
            content,
            version: setting.version,
        }))
    }

    async fn version(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<i64>, DbError> {
        Ok(db::setting(c, &name(id)).await?.map(|setting| setting.version))
    }

    async fn apply(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        changes: &[SubjectChange],
        at: &CaseAt,
    ) -> Result<(), SubjectRefusal> {
        let setting = db::setting(c, &name(id)).await?.ok_or(SubjectRefusal::LostRace)?;
        let mut paper: Json = serde_json::from_str(&setting.value).unwrap();
        let log = paper["log"].as_array_mut().unwrap();
        log.extend(changes.iter().map(|change| json!(format!("{change:?}"))));
        let stored = db::set_setting(c, &name(id), &paper.to_string(), at.version).await?;
        if stored { Ok(()) } else { Err(SubjectRefusal::LostRace) }
    }

    async fn brief(&self, _: &mut Conn<'_>, _: i64, _: &Reader) -> Result<Option<Brief>, DbError> {
        Ok(None)
    }
}

/// Tells by writing it down.
struct Printer(Kind);

#[async_trait(?Send)]
impl EffectHandler for Printer {
    fn kind(&self) -> &Kind {
        &self.0
    }

    fn names(&self) -> &'static [&'static str] {
        &["tell"]
    }

    fn check(&self, _: &Effect, _: &Directory) -> Result<(), Message> {
        Ok(())
    }

    async fn apply(&self, c: &mut Conn<'_>, at: &EffectAt, _: &Effect, _: &Directory) -> Result<(), SubjectRefusal> {
        if db::setting(c, BROKEN).await?.is_some() {
            return Err(SubjectRefusal::Refused(Message::of("approval.internal")));
        }
        db::set_setting(c, &format!("told/{}", at.key), "1", 0).await?;
        Ok(())
    }
}
