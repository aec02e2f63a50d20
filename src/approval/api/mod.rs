//! Approvals for programs: `/api/v1/approvals`, `/approvals/figures`, `/workflows`, `/stuck`.

mod bodies;
mod cases;
mod commands;
mod figures;
mod impact;
mod outlook;
mod proposals;
mod records;
mod workflows;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Desk, RecordDesk};

/// Commands on cases; they keep their keys themselves.
pub fn commands(desk: Desk) -> OpenApiRouter {
    commands::routes().with_state(desk)
}

/// Every other JSON route of this room.
pub fn routes(desk: Desk, records: RecordDesk) -> OpenApiRouter {
    let of_records = OpenApiRouter::new()
        .routes(routes!(records::show))
        .routes(routes!(records::preview))
        .routes(routes!(records::submit))
        .with_state(records);
    OpenApiRouter::new()
        .routes(routes!(cases::list))
        .routes(routes!(cases::counts))
        .routes(routes!(figures::show))
        .routes(routes!(figures::overdue))
        .routes(routes!(cases::show))
        .routes(routes!(cases::events))
        .routes(routes!(cases::sheet))
        .routes(routes!(cases::bundle))
        .routes(routes!(workflows::list, proposals::propose))
        .routes(routes!(workflows::show))
        .routes(routes!(proposals::list))
        .routes(routes!(proposals::show))
        .routes(routes!(proposals::publish))
        .routes(routes!(proposals::decline))
        .routes(routes!(proposals::take_back))
        .routes(routes!(impact::try_on))
        .routes(routes!(workflows::stuck))
        .routes(routes!(workflows::retry_case))
        .routes(routes!(workflows::retry_effect))
        .with_state(desk)
        .merge(of_records)
}
