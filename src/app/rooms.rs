//! The list of the rooms: their routes, their JSON, their lines in the navigation.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::home;
use crate::web::{Kit, NavEntry, api};

/// Every page and every JSON route.
pub(super) fn routes(kit: &Kit) -> Router {
    let (json, _) = api::assemble(kit, OpenApiRouter::new());
    home::routes().merge(json)
}

/// The navigation.
pub(super) fn nav() -> Vec<NavEntry> {
    Vec::new()
}

/// The menu under the reader's name.
pub(super) fn menu() -> Vec<NavEntry> {
    Vec::new()
}
