//! Contracts after approval: seals, signatures, money, originals, the archive, changes.

mod api;
mod change_pages;
mod changes;
mod effects;
mod life;
mod pages;
mod sealing;
mod signing;
pub(crate) mod site;

use std::collections::BTreeMap;
use std::sync::Arc;

use qiyue::app::{App, Config, Ground};
use qiyue::approval::{ApprovalError, Approvals, Ask};
use qiyue::contract::fulfilment::{
    ArchiveFilter, ArchiveTask, Capacity, Fulfilment, FulfilmentError, LedgerOfSeals, NewSigning, Original,
    OriginalFilter, PartySigning, Purpose, SealRequest, SealState, Sealed,
};
use qiyue::contract::{
    CONTRACT, Contract, Contracts, DraftEdit, EntityFields, NewContract, SealFields, SealKind, Seen,
};
use qiyue::db::{Conn, Db};
use qiyue::deadline::{Deadlines, DueFilter};
use qiyue::i18n::{Explain as _, Lang, text};
use qiyue::kernel::{
    Actor, CaseId, Channel, ContractId, Date, DepartmentId, EntityId, ManualClock, OfficeHours, Ref, SystemRandom,
    Timestamp, UserId,
};
use qiyue::org::{Action, DepartmentFields, Password, Session, UserFields};
use qiyue::workflow::{Act, Case, Status, Verdict};

use crate::org::{OWN, activated, sign_in};

/// What a PDF begins with.
pub(crate) const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";

/// A company in which the sales workflow of the documentation runs from the draft to the last payment.
pub(crate) struct Company {
    pub(crate) db: Db,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) app: App,
    pub(crate) admin: Session,
    pub(crate) entity: EntityId,
    people: BTreeMap<&'static str, (UserId, Password)>,
    _data: tempfile::TempDir,
}

const PEOPLE: [(&str, &[&str]); 8] = [
    ("drafter", &["drafter"]),
    ("manager", &["sales-manager"]),
    ("boss", &["general-manager"]),
    ("legal", &["legal"]),
    ("finance", &["finance", "accountant"]),
    ("keeper", &["seal-keeper"]),
    ("archivist", &["archivist"]),
    ("outsider", &["drafter"]),
];

impl Company {
    /// With a seal, unless the test is about a company without.
    pub(crate) async fn new(db: Db) -> Self {
        let company = Self::without_seal(db).await;
        let seal = SealFields { kind: SealKind::Contract, keeper: company.id("keeper"), active: true };
        company.contracts().add_seal(company.administrator(), company.entity, seal).await.unwrap();
        company
    }

    pub(crate) async fn without_seal(db: Db) -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let ground = Ground { db: db.clone(), clock: clock.clone(), random: Arc::new(SystemRandom) };
        let app = App::build(&Config::new(data.path().to_owned()), &ground).await.unwrap();
        let org = app.org();
        let first = org.first_administrator().await.unwrap().expect("an empty database has nobody yet");
        let admin = activated(org, &first.login, first.password.reveal(), "13800000001").await;
        let sales =
            DepartmentFields { code: "XS".into(), name: "销售部".into(), parent: None, head: None, active: true };
        let sales = org.create_department(&admin, sales).await.unwrap();
        let mut people = BTreeMap::new();
        for (login, roles) in PEOPLE {
            let created = org.create_user(&admin, of_sales(login, roles, sales), None).await.unwrap();
            people.insert(login, created);
        }
        let head = DepartmentFields {
            code: "XS".into(),
            name: "销售部".into(),
            parent: None,
            head: Some(people["manager"].0),
            active: true,
        };
        org.edit_department(&admin, sales, 1, head).await.unwrap();
        org.refresh().await.unwrap();
        let actor = Actor::person(admin.user_id(), Channel::Page);
        let entity = app.contracts().add_entity(actor, our_entity()).await.unwrap();
        Self { db, clock, app, admin, entity, people, _data: data }
    }

    pub(crate) fn contracts(&self) -> &Contracts {
        self.app.contracts()
    }

    pub(crate) fn approvals(&self) -> &Approvals {
        self.app.approvals()
    }

    pub(crate) fn fulfilment(&self) -> &Fulfilment {
        self.app.fulfilment()
    }

    pub(crate) fn id(&self, login: &str) -> UserId {
        self.people[login].0
    }

    /// The token of an open session of a person who has been through the first login.
    pub(crate) async fn session(&self, login: &str) -> String {
        let org = self.app.org();
        if let Ok(signed_in) = sign_in(org, login, OWN).await {
            return signed_in.token.reveal();
        }
        let (id, one_time) = &self.people[login];
        let mobile = format!("139{:08}", id.get());
        activated(org, login, one_time.reveal(), &mobile).await;
        sign_in(org, login, OWN).await.unwrap().token.reveal()
    }

    /// A token for a program that acts for a person.
    pub(crate) async fn token(&self, login: &str) -> String {
        self.session(login).await;
        self.app.org().create_token_for(login, "test", None).await.unwrap().1.reveal()
    }

    pub(crate) fn by(&self, login: &str) -> Actor {
        Actor::person(self.id(login), Channel::Page)
    }

    pub(crate) fn administrator(&self) -> Actor {
        Actor::person(self.admin.user_id(), Channel::Page)
    }

    pub(crate) fn set(&self, date: &str) {
        self.clock.set(format!("{date}T01:00:00Z").parse::<Timestamp>().unwrap());
    }

    /// A filled draft of 60,000 yuan for a year from 1 March 2026.
    pub(crate) async fn draft(&self) -> ContractId {
        let new = NewContract {
            template: "software-service".into(),
            entity: self.entity,
            our_role: None,
            customer: None,
            opportunity: None,
        };
        let id = self.contracts().begin(self.by("drafter"), new).await.unwrap();
        let edit: DraftEdit = serde_json::from_value(serde_json::json!({
            "fields": {
                "service_fee": { "amount": "60000", "currency": "CNY" },
                "starts_on": "2026-03-01",
                "ends_on": "2027-02-28",
            },
            "parties": { "client": { "name": "晨星自动化有限公司", "address": "苏州市工业园区星湖街328号" } },
        }))
        .unwrap();
        let version = self.contract(id).await.version;
        self.contracts().save_edit(self.by("drafter"), id, version, &edit).await.unwrap();
        let license = ("执照.pdf", PDF);
        self.contracts().attach(self.by("drafter"), (id, &Seen::Anything), "business_license", license).await.unwrap();
        id
    }

    /// Approved by everybody who is asked; what the workflow then asks for is done.
    pub(crate) async fn approved(&self) -> ContractId {
        let id = self.draft().await;
        self.approve(&CONTRACT.reference(id.get())).await;
        id
    }

    /// Hands a record in, and lets everybody approve who is asked.
    pub(crate) async fn approve(&self, subject: &Ref) -> CaseId {
        let submit = Act::Submit { chosen: BTreeMap::new() };
        let case =
            self.approvals().act(Ask::of_subject(subject.clone(), self.by("drafter"), submit)).await.unwrap().case;
        for _ in 0..12 {
            let state = self.approvals().state(case).await.unwrap();
            assert!(state.stuck.is_empty(), "{:?}", state.stuck);
            if state.status != Status::InApproval {
                break;
            }
            self.decide_once(case, &state).await;
        }
        self.effects().await;
        case
    }

    async fn decide_once(&self, case: CaseId, state: &Case) {
        let (number, task) = state.tasks.iter().find(|(_, task)| task.open).expect("somebody is asked");
        let person = task.opened.candidates[0].person;
        let verdict = Verdict { task: Some(*number), shown: state.content, ..Verdict::default() };
        let ask = Ask::of_case(case, Actor::person(person, Channel::Page), Act::Approve(verdict));
        self.approvals().act(ask).await.unwrap();
    }

    /// Lets the time to undo pass and carries effects out.
    pub(crate) async fn effects(&self) -> usize {
        self.clock.advance(std::time::Duration::from_secs(11));
        self.approvals().carry_out_effects().await.unwrap()
    }

    /// Approved and sealed: the other side has it.
    pub(crate) async fn waiting(&self) -> ContractId {
        let id = self.approved().await;
        self.seal_all().await;
        id
    }

    /// The keeper seals whatever is asked for.
    pub(crate) async fn seal_all(&self) {
        for request in self.waiting_seals().await {
            let sealed = self.sealed(&request.code());
            self.fulfilment().seal(self.by("keeper"), request.id, sealed).await.unwrap();
        }
    }

    pub(crate) fn sealed(&self, code: &str) -> Sealed {
        Sealed { code: code.to_owned(), on: self.contracts().today(), copies: 4, photo: None, note: String::new() }
    }

    pub(crate) async fn waiting_seals(&self) -> Vec<SealRequest> {
        self.fulfilment().seals_waiting(self.id("keeper"), None).await.unwrap().rows
    }

    pub(crate) async fn seal_ledger(&self) -> Vec<SealRequest> {
        let filter = LedgerOfSeals { state: SealState::Sealed, contract: None, text: String::new() };
        self.fulfilment().seal_ledger(self.id("legal"), filter, None).await.unwrap().0.rows
    }

    /// Signed by both sides today, with the effects of the signing carried out.
    pub(crate) async fn signed(&self) -> ContractId {
        let id = self.waiting().await;
        self.sign(&CONTRACT.reference(id.get()), None).await.unwrap();
        self.effects().await;
        id
    }

    pub(crate) async fn sign(&self, subject: &Ref, effective: Option<&str>) -> Result<(), FulfilmentError> {
        let signing = self.signing(subject, effective).await;
        self.fulfilment().sign(self.by("drafter"), subject, signing).await
    }

    /// Both legal representatives signed today, in four copies.
    pub(crate) async fn signing(&self, subject: &Ref, effective: Option<&str>) -> NewSigning {
        let scan = self.paper(subject, Purpose::Signed).await;
        let deed = self.fulfilment().deed(self.id("drafter"), subject, Action::Read).await.unwrap();
        let signed_on = self.contracts().today();
        let party = |role: &str, signatory: &str| PartySigning {
            party: role.into(),
            signatory: signatory.into(),
            capacity: Capacity::Representative,
            authorisation: None,
            signed_on,
        };
        NewSigning {
            parties: vec![party("provider", "周明远"), party("client", "陈国栋")],
            scan: Some(scan),
            copies: 4,
            effective_on: effective.map(|date| date.parse::<Date>().unwrap()),
            version: deed.version,
        }
    }

    pub(crate) async fn paper(&self, subject: &Ref, purpose: Purpose) -> qiyue::contract::fulfilment::PaperId {
        let file = ("扫描件.pdf", PDF);
        self.fulfilment().keep_paper(self.by("drafter"), subject, purpose, file).await.unwrap()
    }

    pub(crate) async fn contract(&self, id: ContractId) -> Contract {
        self.contracts().get(self.id("drafter"), id).await.unwrap()
    }

    pub(crate) async fn archive_tasks(&self) -> Vec<ArchiveTask> {
        let mut tasks = Vec::new();
        for task in self.fulfilment().archive_tasks_of(self.id("archivist")).await.unwrap() {
            tasks.push(self.fulfilment().archive_task(self.id("archivist"), task.id).await.unwrap());
        }
        tasks
    }

    pub(crate) async fn archived(&self) -> Vec<ArchiveTask> {
        let filter = ArchiveFilter { archived: true, text: String::new() };
        self.fulfilment().archive_page(self.id("legal"), filter, None).await.unwrap().0.rows
    }

    pub(crate) async fn originals(&self) -> Vec<Original> {
        self.fulfilment().originals(self.id("drafter"), OriginalFilter::default(), None).await.unwrap().0.rows
    }

    fn deadlines(&self) -> Deadlines {
        Deadlines::new(self.db.clone(), self.clock.clone(), self.app.org().clone(), OfficeHours::default())
    }

    /// Source and date of what is due, as the program itself sees it.
    pub(crate) async fn due(&self) -> Vec<(String, String)> {
        let scope = self.app.org().scope_of_the_program(&CONTRACT, Action::Read);
        let (page, _) = self.deadlines().due(&scope, &DueFilter::default(), None).await.unwrap();
        page.rows.into_iter().map(|row| (row.source, row.due_on.to_string())).collect()
    }

    /// The days on which the open items of a source are warned of.
    pub(crate) async fn warnings(&self, source: &str) -> Vec<String> {
        const WARNINGS: &str = "
            SELECT w.at FROM due_warning AS w JOIN due_item AS i ON i.id = w.item
            WHERE i.source = $1 AND i.cleared_at IS NULL ORDER BY w.at";
        let source = source.to_owned();
        let read = async move |c: &mut Conn<'_>| c.all::<(Timestamp,)>(WARNINGS, qiyue::params![source]).await;
        let rows: Vec<(Timestamp,)> = self.db.read(read).await.unwrap();
        let zone = qiyue::kernel::time::zone(qiyue::kernel::time::DEFAULT_ZONE);
        rows.into_iter().map(|(at,)| at.date_in(&zone).to_string()).collect()
    }

    /// Keys of the messages to a person that begin with a word.
    pub(crate) async fn messages(&self, to: &str, begin: &str) -> Vec<String> {
        const MESSAGES: &str = "SELECT key FROM message WHERE person = $1 AND key LIKE $2 ORDER BY key";
        let (to, pattern) = (self.id(to), format!("{begin}%"));
        let read = async move |c: &mut Conn<'_>| c.all::<(String,)>(MESSAGES, qiyue::params![to, pattern]).await;
        let rows: Vec<(String,)> = self.db.read(read).await.unwrap();
        rows.into_iter().map(|(key,)| key).collect()
    }

    /// Runs a statement that the program would never run.
    pub(crate) async fn force(&self, sql: &'static str) -> Result<u64, qiyue::db::DbError> {
        self.db.write(async move |c: &mut Conn<'_>| c.exec(sql, &[]).await).await
    }

    /// Title and due date of the contract's milestones, with what is paid.
    pub(crate) async fn milestones(&self, id: ContractId) -> Vec<(String, String, Option<String>)> {
        let milestones = self.fulfilment().milestones_of(id).await.unwrap();
        let row = |one: qiyue::settlement::Milestone| {
            (one.planned.title, one.planned.amount.gross.amount.to_string(), one.due_on.map(|on| on.to_string()))
        };
        milestones.into_iter().map(row).collect()
    }
}

fn of_sales(login: &str, roles: &[&str], sales: DepartmentId) -> UserFields {
    UserFields { department: Some(sales), ..crate::org::fields(login, roles) }
}

fn our_entity() -> EntityFields {
    EntityFields {
        code: "KS".into(),
        name: "开思软件（上海）有限公司".into(),
        credit_code: "91110000600037341L".into(),
        address: "上海市浦东新区金桥路1398号5幢".into(),
        legal_representative: "周明远".into(),
        ..EntityFields::default()
    }
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(refused: Result<T, FulfilmentError>) -> &'static str {
    refused.unwrap_err().code()
}

/// Why the effects that could not be carried out are stuck.
pub(crate) async fn stuck(company: &Company) -> Vec<String> {
    // Every attempt fails; after the last it stands in the list.
    for _ in 0..8 {
        company.clock.advance(std::time::Duration::from_hours(1));
        company.approvals().carry_out_effects().await.unwrap();
    }
    let stuck: Result<_, ApprovalError> = company.approvals().stuck_effects().await;
    stuck.unwrap().into_iter().filter_map(|effect| Some(text(Lang::Zh, &effect.error?))).collect()
}
