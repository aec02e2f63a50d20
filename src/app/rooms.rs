//! The list of the rooms: their routes, their JSON, their lines in the navigation.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::{Config, Ground, StartError, home, offline};
use crate::approval::{
    self, Approvals, Desk, Practice, RecordApprover, RecordDesk, RecordEffects, RecordSubject, Registry, Whom,
};
use crate::contract::fulfilment::{ChangeSubject, ContractEffects, Fulfilment, change_schema};
use crate::contract::{self, ContractSubject, Contracts, Library};
use crate::crm::{self, Crm};
use crate::deadline::{self, Deadlines};
use crate::files::Files;
use crate::kernel::{Clock, OfficeHours, WorkCalendar, time};
use crate::mail::{KeyFile, Mailer};
use crate::notify::{self, Notify};
use crate::org::{self, Org, ProtectedKind};
use crate::record;
use crate::settlement::{self, Settlements};
use crate::web::{Kit, NavEntry, api};
use crate::workflow::{self, SubjectSchema};

/// Bytes that an uploaded file may have.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// The rooms that answer requests.
pub(super) struct Rooms {
    pub(super) org: Org,
    pub(super) notify: Notify,
    pub(super) deadlines: Deadlines,
    pub(super) settlements: Settlements,
    pub(super) approvals: Approvals,
    pub(super) desk: Desk,
    pub(super) contracts: Contracts,
    pub(super) fulfilment: Fulfilment,
    pub(super) crm: Crm,
}

impl Rooms {
    /// Opens every room in the order of the floors; what ships with the program is stored where the installation is new.
    pub(super) async fn open(config: &Config, ground: &Ground) -> Result<Self, StartError> {
        let Ground { db, clock, random } = ground;
        let org = offline::people(ground).await?;
        let files =
            Files::open(files_folder(config), FILE_LIMIT, db.clone(), Arc::clone(clock), Arc::clone(random)).await?;
        let notify = notify(config, ground).await?;
        let deadlines = Deadlines::new(db.clone(), Arc::clone(clock), org.clone(), OfficeHours::default());
        let settlements = Settlements::new(db.clone(), Arc::clone(clock), org.clone());
        let crm = Crm::new(db.clone(), Arc::clone(clock), org.clone());
        let library = Library::open(db.clone(), clock.as_ref()).await?;
        let (kinds, people) = (crm::kinds(), org.clone());
        let subjects = RecordSubject::of_all(&kinds, &(Arc::new(move || people.directory()) as Whom), clock);
        let registry = registry(&library, clock, &subjects)?;
        let people = Arc::new(org.clone());
        let approvals =
            Approvals::open(db.clone(), Arc::clone(clock), Arc::clone(random), people, registry, practice()).await?;
        for shipped in workflow::shipped() {
            approvals.seed(&shipped.source, &shipped.file).await?;
        }
        let desk = Desk::new(approvals.clone(), org.clone(), files.clone());
        crm.records().approve_through(Arc::new(RecordApprover::new(desk.clone(), subjects)));
        let contracts = Contracts::new(contract::Rooms {
            db: db.clone(),
            clock: Arc::clone(clock),
            zone: time::zone(time::DEFAULT_ZONE),
            org: org.clone(),
            files,
            random: Arc::clone(random),
            library,
            approvals: approvals.clone(),
            settlements: settlements.clone(),
            crm: crm.clone(),
        });
        let fulfilment = Fulfilment::new(contracts.clone(), approvals.clone(), settlements.clone());
        Ok(Self { org, notify, deadlines, settlements, approvals, desk, contracts, fulfilment, crm })
    }
}

/// Where the bytes of files are.
pub(super) fn files_folder(config: &Config) -> PathBuf {
    config.data.join("files")
}

/// Messages, and the mail server that they leave through.
async fn notify(config: &Config, ground: &Ground) -> Result<Notify, StartError> {
    let Ground { db, clock, random } = ground;
    let key = KeyFile::in_folder(&config.data);
    let mailer = Mailer::new(db.clone(), Arc::clone(clock), Arc::clone(random), key, config.smtp.clone());
    let installation = db.installation(random.as_ref(), clock.now()).await?;
    let office = OfficeHours::default();
    Ok(Notify::new(db.clone(), Arc::clone(clock), mailer, config.public(), office, installation.as_bytes()))
}

/// What can be approved, and who carries effects out.
pub(super) fn registry(
    library: &Library,
    clock: &Arc<dyn Clock>,
    records: &[Arc<RecordSubject>],
) -> Result<Registry, StartError> {
    let declared =
        |registry: Registry, one: &Arc<RecordSubject>| registry.with_subject(Arc::<RecordSubject>::clone(one));
    let carried_out = |registry: Registry, one: RecordEffects| registry.with_handler(Arc::new(one));
    let registry = RecordEffects::of_all(records)
        .fold(records.iter().fold(Registry::default(), declared), carried_out)
        .with_subject(Arc::new(ContractSubject::new(library.clone(), Arc::clone(clock))))
        .with_subject(Arc::new(ChangeSubject::new(Arc::clone(clock))))
        .with_handler(Arc::new(ContractEffects::of_contracts()))
        .with_handler(Arc::new(ContractEffects::of_changes()));
    match registry.orphans().first() {
        Some((kind, effect)) => Err(StartError::NoHandler { kind: kind.clone(), effect }),
        None => Ok(registry),
    }
}

/// What workflows may name of each kind of record, for `check` without an installation.
pub fn schemas() -> Vec<SubjectSchema> {
    let mut schemas = vec![contract::schema(), change_schema()];
    schemas.extend(RecordSubject::schemas(&crm::kinds()));
    schemas
}

/// How the company works: the calendar of the mainland and its usual office hours.
pub(super) fn practice() -> Practice {
    Practice {
        calendar: Arc::new(WorkCalendar::mainland().clone()),
        office: OfficeHours::default(),
        undo_seconds: 10,
        effects_recorded: false,
    }
}

/// Every page and every JSON route.
pub(super) fn routes(kit: &Kit, rooms: &Rooms, clock: Arc<dyn Clock>) -> Router {
    let Rooms { org, notify, deadlines, settlements, approvals, contracts, fulfilment, crm, desk, .. } = rooms;
    let of_records = RecordDesk::new(desk.clone(), crm.records().clone());
    let json = OpenApiRouter::new()
        .merge(org::api::routes(org.clone()))
        .merge(notify::api::routes(notify.clone()))
        .merge(deadline::api::routes(deadlines.clone()))
        .merge(record::api::routes(crm.records()))
        .merge(approval::api::routes(desk.clone(), of_records.clone()))
        .merge(settlement::api::routes(settlements.clone()))
        .merge(contract::api::routes(contracts.clone()))
        .merge(contract::fulfilment::api::routes(fulfilment.clone()));
    let (json, _) = api::assemble(kit, json, approval::api::commands(desk.clone()));
    let home = home::Home {
        approvals: approvals.clone(),
        deadlines: deadlines.clone(),
        notify: notify.clone(),
        org: org.clone(),
        clock,
    };
    home::routes(home)
        .merge(org::pages::routes(org.clone()))
        .merge(notify::pages::routes(notify.clone()))
        .merge(deadline::pages::routes(deadlines.clone()))
        .merge(record::pages::routes(crm.records()))
        .merge(approval::pages::routes(desk.clone(), of_records))
        .merge(settlement::pages::routes(settlements.clone()))
        .merge(contract::pages::routes(contracts.clone()))
        .merge(contract::fulfilment::pages::routes(fulfilment.clone()))
        .merge(json)
}

/// What roles can be granted.
pub(super) fn protected_kinds() -> Vec<ProtectedKind> {
    [
        org::protected_kinds(),
        notify::protected_kinds(),
        deadline::protected_kinds(),
        record::protected_kinds(),
        approval::protected_kinds(),
        settlement::protected_kinds(),
        crm::protected_kinds(),
        contract::protected_kinds(),
    ]
    .concat()
}

/// The navigation.
pub(super) fn nav() -> Vec<NavEntry> {
    let mut nav = vec![home::nav()];
    nav.extend(approval::pages::nav());
    nav.extend(contract::pages::nav());
    nav.extend(contract::fulfilment::pages::nav());
    nav.extend([settlement::pages::nav(), deadline::pages::nav()]);
    nav.extend(crm::pages::nav());
    nav.extend(org::pages::nav());
    nav.push(record::pages::dictionaries_nav());
    nav.extend(notify::pages::nav());
    nav
}

/// The menu under the reader's name.
pub(super) fn menu() -> Vec<NavEntry> {
    let mut menu = org::pages::menu();
    menu.extend(notify::pages::menu());
    menu
}
