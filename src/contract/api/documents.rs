//! Versions, differences and documents.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json_;
use utoipa::{IntoParams, ToSchema};

use crate::contract::pages::disposition;
use crate::contract::{Contracts, document};
use crate::kernel::{ContractId, Timestamp, UserId};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// The versions of a contract.
#[derive(Serialize, ToSchema)]
pub(super) struct Versions {
    versions: Vec<VersionShown>,
}

/// A version as it was submitted.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractVersion)]
pub(super) struct VersionShown {
    /// Counted from 1.
    no: i64,
    author: Option<i64>,
    author_name: Option<String>,
    at: Timestamp,
    reason: String,
    content_hash: String,
    previous_hash: Option<String>,
    /// The lines that are hashed.
    manifest: String,
}

/// Which versions are compared.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Compared {
    from: i64,
    /// What stands there now without it.
    to: Option<i64>,
}

/// Which version.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// What stands there now without it.
    version: Option<i64>,
}

/// What was submitted, the newest first.
#[utoipa::path(get, path = "/contracts/{id}/versions", tag = "contracts", params(("id" = i64, Path)),
    responses((status = 200, body = Versions), (status = 404, body = Problem)))]
pub(super) async fn versions(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
) -> web::Result {
    let directory = contracts.org().directory();
    let versions = contracts.versions(visit.user(), id).await?.into_iter().map(|one| VersionShown {
        no: one.no,
        author: one.author.map(UserId::get),
        author_name: one.author.map(|user| directory.name(user)),
        at: one.at,
        reason: one.reason,
        content_hash: one.content_hash.to_string(),
        previous_hash: one.previous_hash.map(|hash| hash.to_string()),
        manifest: one.manifest,
    });
    Ok(Json(Versions { versions: versions.collect() }).into_response())
}

/// What differs between two versions, clause by clause and character by character.
#[utoipa::path(get, path = "/contracts/{id}/redline", tag = "contracts", params(("id" = i64, Path), Compared),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
pub(super) async fn redline(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Query(Compared { from, to }): Query<Compared>,
) -> web::Result {
    let redline = contracts.redline(visit.user(), id, from, to).await?;
    let json: Json_ = serde_json::to_value(&redline).map_err(web::Error::internal)?;
    Ok(Json(json).into_response())
}

/// The document as an HTML fragment.
#[utoipa::path(get, path = "/contracts/{id}/document.html", tag = "contracts", params(("id" = i64, Path), Which),
    responses((status = 200, body = String, content_type = "text/html"), (status = 404, body = Problem)))]
pub(super) async fn html(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Query(Which { version }): Query<Which>,
) -> web::Result {
    let printed = contracts.printed(visit.user(), id, version).await?;
    Ok(Html(document::html(&printed.document)).into_response())
}

/// The document as PDF.
#[utoipa::path(get, path = "/contracts/{id}/document.pdf", tag = "contracts", params(("id" = i64, Path), Which),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn pdf(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Query(Which { version }): Query<Which>,
) -> web::Result {
    let (name, bytes) = contracts.pdf(visit.user(), id, version).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, disposition("attachment", &name)),
    ];
    Ok((headers, bytes).into_response())
}
