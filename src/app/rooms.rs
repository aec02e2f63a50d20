//! The list of the rooms: their routes, their JSON, their lines in the navigation.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::home;
use crate::org::{self, Org, ProtectedKind};
use crate::web::{Kit, NavEntry, api};

/// Every page and every JSON route.
pub(super) fn routes(kit: &Kit, org: &Org) -> Router {
    let (json, _) = api::assemble(kit, OpenApiRouter::new().merge(org::api::routes(org.clone())));
    home::routes().merge(org::pages::routes(org.clone())).merge(json)
}

/// What roles can be granted.
pub(super) fn protected_kinds() -> Vec<ProtectedKind> {
    org::protected_kinds()
}

/// The navigation.
pub(super) fn nav() -> Vec<NavEntry> {
    org::pages::nav()
}

/// The menu under the reader's name.
pub(super) fn menu() -> Vec<NavEntry> {
    org::pages::menu()
}
