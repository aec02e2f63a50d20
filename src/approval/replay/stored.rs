//! Through the store: the same events as commands of [`Approvals`], kept in a database of its own.
//!
//! Events of different cases go together, those of one case after each other. Every event has the key `NAME/CASE/SEQ`, so that a
//! replay that was cut off goes on where it stopped: what is stored answers as it did at first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::future::try_join_all;

use super::plan::{Plan, Step};
use super::pure::due;
use super::report::{Progress, Report};
use super::{ReplayError, command};
use crate::approval::{
    ApprovalError, Approvals, Ask, Brief, CaseAt, Done, People, Practice, Reader, Registry, Subject, SubjectChange,
    SubjectRefusal, Target,
};
use crate::db::{self, Conn, Db, DbError};
use crate::kernel::{Actor, Amount, CaseId, Hash, OfficeHours, SeededRandom, SystemClock};
use crate::workflow::{Act, Case, Command, Directory, Refusal, SubjectFacts, SubjectSchema, decide};

/// Under this name a database says which replay it holds.
const SETTING: &str = "replay";
/// Events that are on their way at once: enough for one commit to carry many, few enough that PostgreSQL does not spend its time
/// on lost races.
const TOGETHER: usize = 32;
/// How often an event is tried while the database is busy. Its key makes trying again safe.
const TRIES: u32 = 20;

/// Replays every event into a database of its own, or goes on with it.
pub async fn run(plan: &Plan, db: &Db, name: &str) -> Result<Report, ReplayError> {
    spare(db).await?;
    db.migrate().await?;
    own(db, plan, name).await?;
    let approvals = open(db, plan, name).await?;
    approvals.publish(&plan.source, &plan.file, None).await?;
    let progress = Mutex::new(Progress::of(plan));
    let replay = Replay { plan, approvals: &approvals, name, cases: Mutex::default(), progress };
    for together in plan.events.chunks(TOGETHER) {
        let mut by_document: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
        for step in together {
            by_document.entry(step.document).or_default().push(step);
        }
        try_join_all(by_document.into_values().map(|steps| replay.document(steps))).await?;
    }
    replay.report().await
}

/// Refuses an installation before anything of it is touched; it may be at an earlier step than this program, or have other tables.
async fn spare(db: &Db) -> Result<(), ReplayError> {
    let installed = db.is_installed().await.unwrap_or(false);
    let replayed = db.read(async |c: &mut Conn<'_>| db::setting(c, SETTING).await).await;
    let replayed = replayed.is_ok_and(|setting| setting.is_some());
    if installed && !replayed { Err(ReplayError::Installed) } else { Ok(()) }
}

/// The database is empty or holds this very replay.
async fn own(db: &Db, plan: &Plan, name: &str) -> Result<(), ReplayError> {
    let mine = format!("{name} {}", fingerprint(plan));
    let installed = db.is_installed().await?;
    let unit = async move |c: &mut Conn<'_>| match db::setting(c, SETTING).await? {
        Some(setting) if setting.value == mine => Ok(()),
        Some(setting) => {
            let other = setting.value.rsplit_once(' ').map_or("", |(name, _)| name);
            Err(ReplayError::OtherRun(other.to_owned()))
        }
        None if installed => Err(ReplayError::Installed),
        None => {
            db::set_setting(c, SETTING, &mine, 0).await?;
            Ok(())
        }
    };
    db.write(unit).await
}

/// Another log, workflow or map would give other cases the same keys.
fn fingerprint(plan: &Plan) -> Hash {
    let line = |step: &Step| {
        let Step { document, seq, at, activity, role, actor, command, next, amount } = step;
        let case = plan.documents.get(*document).map_or("", |document| document.case.as_str());
        format!("{case}\t{document}\t{seq}\t{at}\t{activity}\t{role}\t{actor:?}\t{command:?}\t{next:?}\t{amount:?}\n")
    };
    let events = plan.events.iter().map(line).collect::<Vec<_>>().concat();
    Hash::of_parts(&[plan.definition.version.as_bytes(), events.as_bytes()])
}

/// The identity is made of the replay, so that the same replay has the same chains in every database.
async fn open(db: &Db, plan: &Plan, name: &str) -> Result<Approvals, ReplayError> {
    let bytes = Hash::of_parts(&[name.as_bytes(), fingerprint(plan).as_bytes()]);
    let seed = bytes.as_bytes().iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte));
    let schema = SubjectSchema {
        kind: plan.map.subject.kind.clone(),
        fields: Vec::new(),
        events: Vec::new(),
        words: Vec::new(),
        effects: Vec::new(),
        silence_needs_reason: false,
    };
    let practice =
        Practice { calendar: plan.calendar(), office: OfficeHours::default(), undo_seconds: 0, effects_recorded: true };
    let people = Arc::new(LogPeople(Arc::clone(&plan.directory)));
    let registry = Registry::default().with_subject(Arc::new(LogSubject(schema)));
    let random = Arc::new(SeededRandom::new(seed));
    Ok(Approvals::open(db.clone(), Arc::new(SystemClock), random, people, registry, practice).await?)
}

/// A replay under way.
struct Replay<'a> {
    plan: &'a Plan,
    approvals: &'a Approvals,
    name: &'a str,
    /// Cases that were started, by document.
    cases: Mutex<BTreeMap<usize, CaseId>>,
    progress: Mutex<Progress>,
}

impl Replay<'_> {
    /// Events of one document, in their order.
    async fn document(&self, steps: Vec<&Step>) -> Result<(), ReplayError> {
        for step in steps {
            if !self.with(|progress| progress.refused(step.document)) {
                self.step(step).await?;
            }
        }
        Ok(())
    }

    async fn step(&self, step: &Step) -> Result<(), ReplayError> {
        let amount = self.with(|progress| progress.amount(step));
        let subject = self.plan.subject(step.document, amount);
        let mut case = self.state(step.document).await?;
        while let Some(at) = due(&case, step.at) {
            let key = format!("{}/{}", self.key(step), at.as_micros());
            let tick = Ask { at: Some(at), ..self.ask(step, Actor::SYSTEM, Act::Tick, amount).once(key) };
            if self.act(tick).await.is_err() {
                break;
            }
            case = self.state(step.document).await?;
        }
        let before = self.plan.map.state(&case);
        let Some(act) = command::act(step, &case, subject.content.hash()) else { return Ok(()) };
        let ask = self.ask(step, step.actor, act.clone(), amount).once(self.key(step));
        match self.act(ask).await {
            Ok(done) => {
                self.cases.lock().unwrap_or_else(PoisonError::into_inner).insert(step.document, done.case);
                self.with(|progress| progress.accept(step));
                Ok(())
            }
            Err(ApprovalError::Refused(refusal)) => {
                self.with(|progress| progress.refuse(step, before, &refusal));
                Ok(())
            }
            Err(ApprovalError::NeverSubmitted(_)) => {
                self.with(|progress| progress.refuse(step, before, &self.refusal_of_a_first(step, act, amount)));
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn key(&self, step: &Step) -> String {
        let case = self.plan.documents.get(step.document).map_or("", |document| document.case.as_str());
        format!("{}/{case}/{}", self.name, step.seq)
    }

    async fn act(&self, ask: Ask) -> Result<Done, ApprovalError> {
        for _ in 1..TRIES {
            match self.approvals.act(ask.clone()).await {
                Err(ApprovalError::Db(DbError::Busy)) => tokio::task::yield_now().await,
                answered => return answered,
            }
        }
        self.approvals.act(ask).await
    }

    /// What the engine says of a first event that starts no case.
    fn refusal_of_a_first(&self, step: &Step, act: Act, amount: Option<Amount>) -> Refusal {
        let (plan, case) = (self.plan, Case::default());
        let command = Command { actor: step.actor, act };
        let facts = plan.facts(step.document, amount, step.at);
        let decided = decide(&plan.definition, plan.script.as_ref(), &case, &command, &facts);
        decided.err().unwrap_or(Refusal::WrongState { command: "start", status: case.status })
    }

    fn ask(&self, step: &Step, actor: Actor, act: Act, amount: Option<Amount>) -> Ask {
        let subject = self.plan.subject(step.document, amount);
        let target = match self.known(step.document) {
            Some(case) => Target::Case(case),
            None => Target::Subject(subject.reference.clone()),
        };
        let ask = match target {
            Target::Case(case) => Ask::of_case(case, actor, act),
            Target::Subject(reference) => Ask::of_subject(reference, actor, act),
        };
        Ask { at: Some(step.at), ..ask.on(subject) }
    }

    fn known(&self, document: usize) -> Option<CaseId> {
        self.cases.lock().unwrap_or_else(PoisonError::into_inner).get(&document).copied()
    }

    /// The state of a document's case; an empty one before its first event.
    async fn state(&self, document: usize) -> Result<Case, ReplayError> {
        match self.known(document) {
            Some(case) => Ok(self.approvals.state(case).await?),
            None => Ok(Case::default()),
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn report(self) -> Result<Report, ReplayError> {
        let mut states = Vec::with_capacity(self.plan.documents.len());
        for document in 0..self.plan.documents.len() {
            states.push(self.state(document).await?);
        }
        let progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(progress.report(self.plan, &states))
    }
}

/// The people of the log, at every version of the directory that nobody uses here.
struct LogPeople(Arc<Directory>);

#[async_trait]
impl People for LogPeople {
    async fn at_version(&self, _version: i64) -> Result<Arc<Directory>, DbError> {
        Ok(Arc::clone(&self.0))
    }
}

/// Records of the log: every command carries its own, and nothing of them is stored.
struct LogSubject(SubjectSchema);

#[async_trait(?Send)]
impl Subject for LogSubject {
    fn schema(&self) -> &SubjectSchema {
        &self.0
    }

    async fn facts(&self, _c: &mut Conn<'_>, _id: i64) -> Result<Option<SubjectFacts>, DbError> {
        Ok(None)
    }

    async fn version(&self, _c: &mut Conn<'_>, _id: i64) -> Result<Option<i64>, DbError> {
        Ok(Some(0))
    }

    async fn apply(
        &self,
        _c: &mut Conn<'_>,
        _id: i64,
        _changes: &[SubjectChange],
        _at: &CaseAt,
    ) -> Result<(), SubjectRefusal> {
        Ok(())
    }

    async fn brief(&self, _c: &mut Conn<'_>, _id: i64, _reader: &Reader) -> Result<Option<Brief>, DbError> {
        Ok(None)
    }
}
