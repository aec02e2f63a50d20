//! The list of the rooms: their routes, their JSON, their lines in the navigation.

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::{Config, Ground, StartError, home, offline};
use crate::approval::{Approvals, Practice, Registry};
use crate::contract::{self, ContractSubject, Contracts, Library};
use crate::crm::{self, Crm};
use crate::files::Files;
use crate::kernel::{Clock, OfficeHours, WorkCalendar, time};
use crate::org::{self, Org, ProtectedKind};
use crate::settlement::{self, Settlements};
use crate::web::{Kit, NavEntry, api};
use crate::workflow;

/// Bytes that an uploaded file may have.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// The rooms that answer requests.
pub(super) struct Rooms {
    pub(super) org: Org,
    pub(super) settlements: Settlements,
    pub(super) approvals: Approvals,
    pub(super) contracts: Contracts,
    pub(super) crm: Crm,
}

impl Rooms {
    /// Opens every room in the order of the floors; what ships with the program is stored where the installation is new.
    pub(super) async fn open(config: &Config, ground: &Ground) -> Result<Self, StartError> {
        let Ground { db, clock, random } = ground;
        let org = offline::people(ground).await?;
        let folder = config.data.join("files");
        let files = Files::open(folder, FILE_LIMIT, db.clone(), Arc::clone(clock), Arc::clone(random)).await?;
        let settlements = Settlements::new(db.clone(), Arc::clone(clock), org.clone());
        let crm = Crm::new(db.clone(), Arc::clone(clock), org.clone());
        let library = Library::open(db.clone(), clock.as_ref()).await?;
        let registry = registry(&library, clock)?;
        let people = Arc::new(org.clone());
        let approvals =
            Approvals::open(db.clone(), Arc::clone(clock), random.as_ref(), people, registry, practice()).await?;
        for shipped in workflow::shipped() {
            approvals.seed(&shipped.source, &shipped.file).await?;
        }
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
        Ok(Self { org, settlements, approvals, contracts, crm })
    }
}

/// What can be approved, and who carries effects out.
fn registry(library: &Library, clock: &Arc<dyn Clock>) -> Result<Registry, StartError> {
    let registry = Registry::default().with_subject(Arc::new(ContractSubject::new(library.clone(), Arc::clone(clock))));
    match registry.orphans().first() {
        Some((kind, effect)) => Err(StartError::NoHandler { kind: kind.clone(), effect }),
        None => Ok(registry),
    }
}

/// How the company works: the calendar of the mainland and its usual office hours.
fn practice() -> Practice {
    Practice {
        calendar: Arc::new(WorkCalendar::mainland().clone()),
        office: OfficeHours::default(),
        undo_seconds: 10,
        effects_recorded: false,
    }
}

/// Every page and every JSON route.
pub(super) fn routes(kit: &Kit, rooms: &Rooms) -> Router {
    let Rooms { org, settlements, contracts, .. } = rooms;
    let json =
        OpenApiRouter::new().merge(org::api::routes(org.clone())).merge(contract::api::routes(contracts.clone()));
    let (json, _) = api::assemble(kit, json);
    home::routes()
        .merge(org::pages::routes(org.clone()))
        .merge(settlement::pages::routes(settlements.clone()))
        .merge(contract::pages::routes(contracts.clone()))
        .merge(json)
}

/// What roles can be granted.
pub(super) fn protected_kinds() -> Vec<ProtectedKind> {
    [org::protected_kinds(), settlement::protected_kinds(), crm::protected_kinds(), contract::protected_kinds()]
        .concat()
}

/// The navigation.
pub(super) fn nav() -> Vec<NavEntry> {
    let mut nav = contract::pages::nav();
    nav.push(settlement::pages::nav());
    nav.extend(org::pages::nav());
    nav
}

/// The menu under the reader's name.
pub(super) fn menu() -> Vec<NavEntry> {
    org::pages::menu()
}
