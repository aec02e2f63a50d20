//! Files of a contract.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use serde::Deserialize;
use utoipa::IntoParams;

use super::shown::ContractShown;
use crate::contract::pages::{actor, disposition};
use crate::contract::{ContractError, Contracts, Seen};
use crate::files::{FileKind, FilesError};
use crate::kernel::{ContractId, Hash};
use crate::web::api::{FileBody, Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// How the file is called, and the contract that it comes to.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Named {
    /// With its ending, which says what it is.
    name: String,
    /// The version of the contract that was read.
    version: i64,
}

/// The version of the contract that was read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SeenContract {
    version: i64,
}

/// Puts a file into one of the template's places. The body is the file's bytes; what is in them must be what the name says.
#[utoipa::path(put, path = "/contracts/{id}/files/{slot}", tag = "contracts",
    params(("id" = i64, Path), ("slot" = String, Path), Named), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ContractShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn attach(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path((id, slot)): Path<(ContractId, String)>,
    Query(Named { name, version }): Query<Named>,
    FileBody(bytes): FileBody,
) -> web::Result {
    let contract = contracts.attach(actor(&visit), (id, &Seen::version(version)), &slot, (&name, &bytes)).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// Takes a file out of its place.
#[utoipa::path(delete, path = "/contracts/{id}/files/{slot}/{hash}", tag = "contracts",
    params(("id" = i64, Path), ("slot" = String, Path), ("hash" = String, Path), SeenContract),
    responses((status = 200, body = ContractShown), (status = 409, body = Problem)))]
pub(super) async fn detach(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path((id, slot, hash)): Path<(ContractId, String, String)>,
    Query(SeenContract { version }): Query<SeenContract>,
) -> web::Result {
    let contract = contracts.detach(actor(&visit), (id, &Seen::version(version)), &slot, parsed(&hash)?).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// The bytes of a file.
#[utoipa::path(get, path = "/contracts/{id}/content/{hash}", tag = "contracts",
    params(("id" = i64, Path), ("hash" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
pub(super) async fn open(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path((id, hash)): Path<(ContractId, String)>,
) -> web::Result {
    let (name, bytes) = contracts.file(visit.user(), id, parsed(&hash)?).await?;
    let media = FileKind::of_name(&name).map_or("application/octet-stream", FileKind::media_type);
    let headers =
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition("attachment", &name))];
    Ok((headers, bytes).into_response())
}

fn parsed(hash: &str) -> Result<Hash, ContractError> {
    hash.parse().map_err(|_| FilesError::NotFound.into())
}
