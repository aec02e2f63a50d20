//! Files that come after approval.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::contract::CONTRACT;
use crate::contract::fulfilment::{CONTRACT_CHANGE, ChangeId, Fulfilment, PaperId, Purpose};
use crate::contract::pages::{actor, disposition};
use crate::files::FileKind;
use crate::kernel::{ContractId, Ref};
use crate::web::api::{FileBody, Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// What the file is for, and how it is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Described {
    #[param(inline)]
    purpose: Purpose,
    /// With its ending, which says what it is.
    name: String,
}

/// A file that was added.
#[derive(Serialize, ToSchema)]
pub(super) struct AddedPaper {
    id: i64,
}

/// Adds a file to a contract. The body is the file's bytes; what is in them must be what the name says.
#[utoipa::path(post, path = "/contracts/{id}/papers", tag = "fulfilment", params(("id" = i64, Path), Described),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AddedPaper), (status = 422, body = Problem)))]
pub(super) async fn add(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Query(described): Query<Described>,
    FileBody(bytes): FileBody,
) -> web::Result {
    keep(&visit, &fulfilment, &CONTRACT.reference(id.get()), described, &bytes).await
}

/// Adds a file to a change of a contract.
#[utoipa::path(post, path = "/contract-changes/{id}/papers", tag = "fulfilment", params(("id" = i64, Path), Described),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AddedPaper), (status = 422, body = Problem)))]
pub(super) async fn add_to_change(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Query(described): Query<Described>,
    FileBody(bytes): FileBody,
) -> web::Result {
    keep(&visit, &fulfilment, &CONTRACT_CHANGE.reference(id.get()), described, &bytes).await
}

async fn keep(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    subject: &Ref,
    Described { purpose, name }: Described,
    bytes: &[u8],
) -> web::Result {
    let id = fulfilment.keep_paper(actor(visit), subject, purpose, (&name, bytes)).await?;
    Ok((StatusCode::CREATED, Json(AddedPaper { id: id.get() })).into_response())
}

/// The bytes of a file.
#[utoipa::path(get, path = "/contracts/{id}/papers/{paper}", tag = "fulfilment", params(("id" = i64, Path), ("paper" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
pub(super) async fn open(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path((id, paper)): Path<(ContractId, PaperId)>,
) -> web::Result<Response> {
    let (paper, bytes) = fulfilment.paper(visit.user(), id, paper).await?;
    let media = FileKind::of_name(&paper.name).map_or("application/octet-stream", FileKind::media_type);
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, disposition("attachment", &paper.name)),
    ];
    Ok((headers, bytes).into_response())
}
