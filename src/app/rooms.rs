//! The list of the rooms: their routes, their JSON, their lines in the navigation.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::home;
use crate::org::{self, Org, ProtectedKind};
use crate::settlement::{self, Settlements};
use crate::web::{Kit, NavEntry, api};

/// The rooms that answer requests.
pub(super) struct Rooms {
    pub(super) org: Org,
    pub(super) settlements: Settlements,
}

/// Every page and every JSON route.
pub(super) fn routes(kit: &Kit, rooms: &Rooms) -> Router {
    let Rooms { org, settlements } = rooms;
    let (json, _) = api::assemble(kit, OpenApiRouter::new().merge(org::api::routes(org.clone())));
    home::routes()
        .merge(org::pages::routes(org.clone()))
        .merge(settlement::pages::routes(settlements.clone()))
        .merge(json)
}

/// What roles can be granted.
pub(super) fn protected_kinds() -> Vec<ProtectedKind> {
    [org::protected_kinds(), settlement::protected_kinds()].concat()
}

/// The navigation.
pub(super) fn nav() -> Vec<NavEntry> {
    let mut nav = vec![settlement::pages::nav()];
    nav.extend(org::pages::nav());
    nav
}

/// The menu under the reader's name.
pub(super) fn menu() -> Vec<NavEntry> {
    org::pages::menu()
}
