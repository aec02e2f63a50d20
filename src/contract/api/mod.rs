//! Contracts for programs: `/api/v1/contracts`, `/templates`, `/entities`.

mod contracts;
mod documents;
mod entities;
mod files;
mod log;
mod shown;
mod steps;
mod templates;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Contracts;

/// Bytes that one uploaded file may have.
const UPLOAD: usize = 65 * 1024 * 1024;

/// Every JSON route of this room.
pub fn routes(contracts: Contracts) -> OpenApiRouter {
    let uploads = OpenApiRouter::new().routes(routes!(files::attach)).layer(DefaultBodyLimit::max(UPLOAD));
    OpenApiRouter::new()
        .routes(routes!(contracts::list, contracts::begin))
        .routes(routes!(contracts::show, contracts::save))
        .routes(routes!(contracts::pick_customer))
        .merge(uploads)
        .routes(routes!(files::detach))
        .routes(routes!(files::open))
        .routes(routes!(steps::preview))
        .routes(routes!(steps::submit))
        .routes(routes!(steps::withdraw))
        .routes(routes!(steps::abandon))
        .routes(routes!(steps::take_suggestion))
        .routes(routes!(documents::versions))
        .routes(routes!(documents::redline))
        .routes(routes!(documents::html))
        .routes(routes!(documents::pdf))
        .routes(routes!(log::log))
        .routes(routes!(templates::list, templates::publish))
        .routes(routes!(templates::show))
        .routes(routes!(entities::list, entities::add))
        .routes(routes!(entities::change))
        .routes(routes!(entities::add_seal))
        .routes(routes!(entities::change_seal))
        .with_state(contracts)
}
