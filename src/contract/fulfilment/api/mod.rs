//! Contracts after approval, for programs: `/api/v1/contracts/{id}/…`, `/seal-requests`, `/originals`, `/archive-tasks`,
//! `/contract-changes`.

mod archive;
mod changes;
mod contracts;
mod papers;
mod seals;
mod shown;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Fulfilment;

/// Bytes that one uploaded file may have.
const UPLOAD: usize = 65 * 1024 * 1024;

/// Every JSON route of this part of the room.
pub fn routes(fulfilment: Fulfilment) -> OpenApiRouter {
    let uploads = OpenApiRouter::new()
        .routes(routes!(papers::add))
        .routes(routes!(papers::add_to_change))
        .routes(routes!(changes::add_evidence))
        .layer(DefaultBodyLimit::max(UPLOAD));
    OpenApiRouter::new()
        .merge(uploads)
        .routes(routes!(contracts::show))
        .routes(routes!(contracts::sign))
        .routes(routes!(contracts::record_event))
        .routes(routes!(contracts::complete))
        .routes(routes!(contracts::terms))
        .routes(routes!(papers::open))
        .routes(routes!(seals::ask))
        .routes(routes!(seals::ask_for_change))
        .routes(routes!(seals::list))
        .routes(routes!(seals::show))
        .routes(routes!(seals::seal))
        .routes(routes!(seals::send_back))
        .routes(routes!(archive::originals))
        .routes(routes!(archive::original_back))
        .routes(routes!(archive::list))
        .routes(routes!(archive::show))
        .routes(routes!(archive::claim))
        .routes(routes!(archive::release))
        .routes(routes!(archive::check))
        .routes(routes!(archive::archive))
        .routes(routes!(changes::begin))
        .routes(routes!(changes::list))
        .routes(routes!(changes::show, changes::save))
        .routes(routes!(changes::submit))
        .routes(routes!(changes::withdraw))
        .routes(routes!(changes::abandon))
        .routes(routes!(changes::sign))
        .with_state(fulfilment)
}
