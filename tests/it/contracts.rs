//! Contracts: drafts, what is locked in them, numbers and versions.

use std::sync::Arc;

use qiyue::approval::{Approvals, CaseAt, Practice, Reader, Registry, Subject as _, SubjectChange, SubjectRefusal};
use qiyue::contract::{
    CONTRACT, ContractError, ContractSubject, Contracts, EntityFields, Library, NewContract, Rooms, Seen, State,
    protected_kinds,
};
use qiyue::crm::Crm;
use qiyue::db::{self, AuditEntry, Conn, Db, DbError};
use qiyue::files::Files;
use qiyue::i18n::Explain as _;
use qiyue::kernel::{
    Actor, CaseId, Channel, Clock as _, ContractId, EntityId, Hash, OfficeHours, SystemRandom, UserId, WorkCalendar,
    time,
};
use qiyue::org::{Org, SignInPolicy};
use qiyue::settlement::Settlements;

use crate::org::House;
use crate::support::on_both;

pub(crate) struct Office {
    pub(crate) contracts: Contracts,
    pub(crate) subject: ContractSubject,
    pub(crate) db: Db,
    pub(crate) house: House,
    pub(crate) entity: EntityId,
    pub(crate) drafter: Actor,
    /// The manager of the drafter.
    pub(crate) boss: Actor,
    _folder: tempfile::TempDir,
}

impl Office {
    pub(crate) async fn new(db: Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let random = Arc::new(SystemRandom);
        let clock = Arc::new(qiyue::kernel::ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let kinds = [qiyue::org::protected_kinds(), protected_kinds(), qiyue::crm::protected_kinds()].concat();
        let org = Org::open(db.clone(), clock.clone(), random.clone(), SignInPolicy::default(), kinds).await.unwrap();
        let house = House::new(db.clone()).await;
        let (boss, _) = house.person("boss", &["sales-manager"]).await;
        let fields = qiyue::org::UserFields { manager: Some(boss), ..crate::org::fields("drafter", &["drafter"]) };
        let (drafter, _) = house.org.create_user(&house.admin, fields, None).await.unwrap();
        house.person("colleague", &["drafter"]).await;
        org.refresh().await.unwrap();
        let files =
            Files::open(folder.path().into(), 1 << 20, db.clone(), clock.clone(), random.clone()).await.unwrap();
        let library = Library::open(db.clone(), &*clock).await.unwrap();
        let subject = ContractSubject::new(library.clone(), clock.clone());
        let zone = time::zone(time::DEFAULT_ZONE);
        let registry = Registry::default().with_subject(Arc::new(ContractSubject::new(library.clone(), clock.clone())));
        let people = Arc::new(org.clone());
        let approvals =
            Approvals::open(db.clone(), clock.clone(), random.clone(), people, registry, practice()).await.unwrap();
        for shipped in qiyue::workflow::shipped() {
            approvals.seed(&shipped.source, &shipped.file).await.unwrap();
        }
        let settlements = Settlements::new(db.clone(), clock.clone(), org.clone());
        let crm = Crm::new(db.clone(), clock.clone(), org.clone());
        let db_ = db.clone();
        let contracts =
            Contracts::new(Rooms { db: db_, clock, zone, org, files, random, library, approvals, settlements, crm });
        let admin = Actor::person(house.admin.user.id, Channel::Page);
        let entity = contracts.add_entity(admin, ours()).await.unwrap();
        let (drafter, boss) = (Actor::person(drafter, Channel::Page), Actor::person(boss, Channel::Page));
        Self { contracts, subject, db, house, entity, drafter, boss, _folder: folder }
    }

    pub(crate) async fn begin(&self) -> ContractId {
        let (template, entity) = ("software-service".to_owned(), self.entity);
        let new = NewContract { template, entity, our_role: None, customer: None, opportunity: None };
        self.contracts.begin(self.drafter, new).await.unwrap()
    }

    pub(crate) async fn write(
        &self,
        id: ContractId,
        sent: &[(&str, &str)],
    ) -> Result<qiyue::contract::Contract, ContractError> {
        let sent: Vec<_> = sent.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let seen = Seen::version(self.read(id).await.version);
        self.contracts.save_form(self.drafter, id, &seen, &sent).await
    }

    pub(crate) async fn read(&self, id: ContractId) -> qiyue::contract::Contract {
        self.contracts.get(self.drafter.user.unwrap(), id).await.unwrap()
    }

    /// What approval does to the contract, in a unit of its own.
    async fn apply(&self, id: ContractId, change: SubjectChange) -> Result<(), SubjectRefusal> {
        let contract = self.read(id).await;
        let at = CaseAt {
            case: CaseId::new(1),
            subject: CONTRACT.reference(id.get()),
            round: 1,
            actor: self.drafter,
            at: self.house.clock.now(),
            version: contract.version,
            content: contract.content_hash,
        };
        let subject = ContractSubject::new(self.contracts.library().clone(), self.house.clock.clone());
        self.db.write(async move |c: &mut Conn<'_>| subject.apply(c, id.get(), &[change], &at).await).await
    }
}

fn practice() -> Practice {
    Practice {
        calendar: Arc::new(WorkCalendar::mainland().clone()),
        office: OfficeHours::default(),
        undo_seconds: 10,
        effects_recorded: true,
    }
}

fn ours() -> EntityFields {
    EntityFields {
        code: "KS".into(),
        name: "开思软件（上海）有限公司".into(),
        credit_code: "91110000600037341L".into(),
        address: "上海市浦东新区金桥路1398号5幢".into(),
        ..EntityFields::default()
    }
}

pub(crate) fn code<T: std::fmt::Debug>(refused: Result<T, ContractError>) -> &'static str {
    refused.unwrap_err().code()
}

#[tokio::test]
async fn a_draft_keeps_what_was_typed_and_refuses_locked_clauses() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = office.begin().await;
        let saved = office.write(id, &[("service_fee", "128万"), ("client.name", "晨星自动化")]).await.unwrap();
        assert_eq!(saved.total().unwrap().to_string(), "¥1,280,000.00");
        assert_eq!((saved.other_party.as_str(), saved.number.as_deref()), ("晨星自动化", None));
        let typed = office.write(id, &[("service_fee", "十二万"), ("client.name", "晨星")]).await.unwrap();
        assert_eq!((typed.content.unread["service_fee"].as_str(), typed.gross), ("十二万", None));
        let before = office.read(id).await;
        assert_eq!(code(office.write(id, &[("clauses/confidentiality", "无")]).await), "clause_locked");
        assert_eq!(office.read(id).await, before, "nothing of a refused form is stored");
        assert_eq!(
            code(office.contracts.save_form(office.drafter, id, &Seen::version(1), &[]).await),
            "version_conflict"
        );
    })
    .await;
}

#[tokio::test]
async fn a_colleague_does_not_see_the_contract() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = office.begin().await;
        let directory = office.house.other_process().await.directory();
        let colleague = directory.by_login("colleague").unwrap().id;
        assert_eq!(code(office.contracts.get(colleague, id).await), "contract_not_found");
        assert_eq!(code(office.contracts.get(UserId::new(999), id).await), "forbidden");
        let ledger = |user| office.contracts.ledger(user, qiyue::contract::LedgerFilter::default(), 20, None);
        assert_eq!(ledger(colleague).await.unwrap().0.rows.len(), 0);
        assert_eq!(ledger(office.drafter.user.unwrap()).await.unwrap().0.rows.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_first_submission_gives_the_number_and_every_new_content_a_version() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = office.begin().await;
        office.apply(id, SubjectChange::Locked).await.unwrap();
        let first = office.read(id).await;
        assert_eq!((first.number.as_deref(), first.state), (Some("HT-KS-2026-0001"), State::InApproval));
        assert_eq!(code(office.write(id, &[("software_name", "启约")]).await), "contract_locked");
        office.apply(id, SubjectChange::Returned).await.unwrap();
        office.apply(id, SubjectChange::Locked).await.unwrap();
        assert_eq!(office.read(id).await.last_version, 1, "the same content is the same version");
        office.apply(id, SubjectChange::Returned).await.unwrap();
        office.write(id, &[("software_name", "启约")]).await.unwrap();
        office.apply(id, SubjectChange::Locked).await.unwrap();
        let versions = office.contracts.versions(office.drafter.user.unwrap(), id).await.unwrap();
        assert_eq!(versions.iter().map(|one| one.no).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(versions[0].previous_hash, Some(first.content_hash));
        assert_eq!(Hash::of(versions[0].manifest.as_bytes()), versions[0].content_hash);
        assert_eq!(office.read(id).await.number.as_deref(), Some("HT-KS-2026-0001"), "the number stays");
    })
    .await;
}

#[tokio::test]
async fn the_model_and_the_database_refuse_illegal_moves() {
    const JUMP: &str = "UPDATE contract SET state = 'void' WHERE state = 'in_approval'";
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = office.begin().await;
        let refused = office.apply(id, SubjectChange::Approved).await;
        assert!(matches!(refused, Err(SubjectRefusal::Refused(_))), "{refused:?}");
        office.apply(id, SubjectChange::Locked).await.unwrap();
        let jumped: Result<u64, DbError> = office.db.write(async |c: &mut Conn<'_>| c.exec(JUMP, &[]).await).await;
        assert!(matches!(jumped, Err(DbError::Check(_))), "{jumped:?}");
        office.apply(id, SubjectChange::Approved).await.unwrap();
        let approved = office.read(id).await;
        assert_eq!((approved.state, approved.approved_version), (State::Approved, Some(1)));
    })
    .await;
}

#[tokio::test]
async fn the_decision_page_hears_what_deviates_from_the_standard() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = office.begin().await;
        office.write(id, &[("clauses/special-terms", "乙方免费驻场 <三> 个月。")]).await.unwrap();
        let subject = ContractSubject::new(office.contracts.library().clone(), office.house.clock.clone());
        let read = async move |c: &mut Conn<'_>| {
            subject.brief(c, id.get(), &Reader::of_all(qiyue::i18n::Lang::Zh, None)).await
        };
        let brief = office.db.read(read).await.unwrap().unwrap();
        let paths: Vec<_> = brief.deviations.iter().flatten().map(|part| part.path.as_str()).collect();
        assert_eq!(paths, ["clauses/special-terms"]);
        let redline = &brief.deviations.as_ref().unwrap()[0].redline;
        assert!(redline.contains("&lt;三&gt;"), "{redline}");
        assert!(office.subject.schema().fields.iter().any(|field| field.name == "deviates"));
    })
    .await;
}

/// The rows as they stood before what is written in a contract had a table of its own.
const ONE_TABLE: [&str; 7] = [
    "ALTER TABLE contract ADD COLUMN content TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contract ADD COLUMN unread TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contract ADD COLUMN manifest TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contract ADD COLUMN clauses TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contract ADD COLUMN facts TEXT NOT NULL DEFAULT ''",
    "UPDATE contract SET content = t.content, unread = t.unread, manifest = t.manifest, clauses = t.clauses, facts = t.facts \
     FROM contract_content AS t WHERE t.contract = contract.id",
    "DROP TABLE contract_content",
];

#[tokio::test]
async fn the_step_that_gives_the_content_a_table_of_its_own_keeps_every_word() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = office.begin().await;
        office.write(id, &[("service_fee", "480000"), ("software_name", "开思 ERP 8.0")]).await.unwrap();
        let (known, clauses) = (office.read(id).await, clauses(&office.db).await);
        for sql in ONE_TABLE {
            let done: Result<u64, DbError> =
                office.db.write(async move |c: &mut Conn<'_>| c.exec(sql, &[]).await).await;
            done.unwrap();
        }
        let forget = async |c: &mut Conn<'_>| c.exec("DELETE FROM _sqlx_migrations WHERE version = 18", &[]).await;
        let done: Result<u64, DbError> = office.db.write(forget).await;
        done.unwrap();
        office.db.migrate().await.unwrap();
        assert_eq!(office.read(id).await, known);
        assert_eq!(self::clauses(&office.db).await, clauses);
    })
    .await;
}

async fn clauses(db: &Db) -> String {
    let read = async |c: &mut Conn<'_>| c.one("SELECT clauses FROM contract_content", &[]).await;
    let found: Result<(String,), DbError> = db.read(read).await;
    found.unwrap().0
}

#[tokio::test]
async fn the_log_is_read_page_by_page_to_its_first_line() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let (id, user) = (office.begin().await, office.drafter.user.unwrap());
        let (actor, at) = (office.drafter, office.house.clock.now());
        let many = async move |c: &mut Conn<'_>| {
            for _ in 0..230 {
                let subject = CONTRACT.reference(id.get());
                db::record(c, &AuditEntry { at, actor, subject, action: "contract.saved", old: None, new: None })
                    .await?;
            }
            Ok::<_, DbError>(())
        };
        office.db.write(many).await.unwrap();
        let (mut lines, mut after, mut sizes) = (Vec::new(), None, Vec::new());
        loop {
            let page = office.contracts.log(user, id, after).await.unwrap();
            sizes.push(page.acts.len());
            lines.extend(page.acts.into_iter().map(|act| act.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert!(lines.is_sorted_by(|one, next| one > next), "each line once, the newest first");
        assert_eq!(sizes, [100, 100, lines.len() - 200], "the page that ends the log names no other");
        assert!(lines.len() > 230, "the line that began the contract is among them");
    })
    .await;
}

#[tokio::test]
async fn a_shipped_template_whose_text_has_another_name_already_is_left_alone() {
    const RENAME: &str = "UPDATE contract_template SET name = 'our-cars' WHERE name = 'car-sale'";
    on_both(async |db| {
        let office = Office::new(db).await;
        let done: Result<u64, DbError> = office.db.write(async |c: &mut Conn<'_>| c.exec(RENAME, &[]).await).await;
        assert_eq!(done.unwrap(), 1);
        let library = Library::open(office.db.clone(), &*office.house.clock).await.unwrap();
        let names: Vec<String> = library.current().await.unwrap().iter().map(|one| one.name.clone()).collect();
        assert!(names.contains(&"our-cars".to_owned()) && !names.contains(&"car-sale".to_owned()), "{names:?}");
    })
    .await;
}
