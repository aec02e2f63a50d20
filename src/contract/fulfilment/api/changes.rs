//! Changes of contracts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::ChangeShown;
use crate::contract::fulfilment::{
    CONTRACT_CHANGE, ChangeEdit, ChangeFilter, ChangeId, ChangeKind, Fulfilment, NewSigning,
};
use crate::contract::pages::actor;
use crate::db::Cursor;
use crate::kernel::ContractId;
use crate::web::api::{FileBody, Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// A new change.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewChange {
    kind: ChangeKind,
}

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangeQuery {
    /// Of one contract only.
    contract: Option<i64>,
    /// Only those that are not in force yet.
    #[serde(default)]
    open: bool,
    /// A part of a number or of the other party's name.
    #[serde(default)]
    text: String,
    /// Where the page starts.
    #[serde(default)]
    after: String,
}

/// A page of changes.
#[derive(Serialize, ToSchema)]
pub(super) struct Changes {
    contract_changes: Vec<ChangeShown>,
    next: Option<String>,
}

/// How a file is called, and the change that it comes to.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Named {
    /// With its ending, which says what it is.
    name: String,
    /// The version of the change that was read.
    version: i64,
}

/// Taking a change back.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangeWithdrawal {
    #[serde(default)]
    reason: String,
}

/// A step for the version that was read.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangeStep {
    version: i64,
}

async fn shown(visit: &LoggedIn, fulfilment: &Fulfilment, id: ChangeId) -> Result<Json<ChangeShown>, web::Error> {
    let (change, _) = fulfilment.change(visit.user(), id).await?;
    Ok(Json(ChangeShown::of(&change, &fulfilment.contracts().org().directory())?))
}

/// Begins a change of a signed contract.
#[utoipa::path(post, path = "/contracts/{id}/changes", tag = "fulfilment", params(("id" = i64, Path)), request_body = NewChange,
    responses((status = 201, body = ChangeShown), (status = 409, body = Problem)))]
pub(super) async fn begin(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Json(NewChange { kind }): Json<NewChange>,
) -> web::Result {
    let change = fulfilment.begin_change(actor(&visit), id, kind).await?;
    Ok((StatusCode::CREATED, shown(&visit, &fulfilment, change).await?).into_response())
}

/// Changes of contracts.
#[utoipa::path(get, path = "/contract-changes", tag = "fulfilment", params(ChangeQuery),
    responses((status = 200, body = Changes), (status = 403, body = Problem)))]
pub(super) async fn list(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Query(query): Query<ChangeQuery>,
) -> web::Result {
    let contract = query.contract.map(ContractId::new);
    let filter = ChangeFilter { contract, open: query.open, text: query.text };
    let (page, _) = fulfilment.change_page(visit.user(), filter, query.after.parse::<Cursor>().ok()).await?;
    let directory = fulfilment.contracts().org().directory();
    let rows = page.rows.iter().map(|row| ChangeShown::of(&row.change, &directory));
    let contract_changes = rows.collect::<Result<_, _>>()?;
    Ok(Json(Changes { contract_changes, next: page.next.map(|cursor| cursor.to_string()) }).into_response())
}

/// One change.
#[utoipa::path(get, path = "/contract-changes/{id}", tag = "fulfilment", params(("id" = i64, Path)),
    responses((status = 200, body = ChangeShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
) -> web::Result {
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}

/// Writes into a draft; what is not said becomes empty.
#[utoipa::path(put, path = "/contract-changes/{id}", tag = "fulfilment", params(("id" = i64, Path)), request_body = ChangeEdit,
    responses((status = 200, body = ChangeShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn save(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Json(edit): Json<ChangeEdit>,
) -> web::Result {
    fulfilment.save_change(actor(&visit), id, edit).await?;
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}

/// Adds a file that the change rests on. The body is the file's bytes.
#[utoipa::path(post, path = "/contract-changes/{id}/evidence", tag = "fulfilment", params(("id" = i64, Path), Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ChangeShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn add_evidence(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Query(Named { name, version }): Query<Named>,
    FileBody(bytes): FileBody,
) -> web::Result {
    fulfilment.add_evidence(actor(&visit), (id, version), (&name, &bytes)).await?;
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}

/// Hands a change in for approval.
#[utoipa::path(post, path = "/contract-changes/{id}/submit", tag = "fulfilment", params(("id" = i64, Path)), request_body = ChangeStep,
    responses((status = 200, body = ChangeShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn submit(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Json(ChangeStep { version }): Json<ChangeStep>,
) -> web::Result {
    fulfilment.submit_change(actor(&visit), id, Some(version)).await?;
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}

/// Takes a submitted change back.
#[utoipa::path(post, path = "/contract-changes/{id}/withdraw", tag = "fulfilment", params(("id" = i64, Path)), request_body = ChangeWithdrawal,
    responses((status = 200, body = ChangeShown), (status = 409, body = Problem)))]
pub(super) async fn withdraw(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Json(ChangeWithdrawal { reason }): Json<ChangeWithdrawal>,
) -> web::Result {
    fulfilment.withdraw_change(actor(&visit), id, &reason).await?;
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}

/// Gives a change up before it is signed.
#[utoipa::path(post, path = "/contract-changes/{id}/abandon", tag = "fulfilment", params(("id" = i64, Path)), request_body = ChangeStep,
    responses((status = 200, body = ChangeShown), (status = 409, body = Problem)))]
pub(super) async fn abandon(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Json(ChangeStep { version }): Json<ChangeStep>,
) -> web::Result {
    fulfilment.abandon_change(actor(&visit), id, version).await?;
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}

/// Records that all parties have signed a change.
#[utoipa::path(post, path = "/contract-changes/{id}/signing", tag = "fulfilment", params(("id" = i64, Path)), request_body = NewSigning,
    responses((status = 200, body = ChangeShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn sign(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Json(signing): Json<NewSigning>,
) -> web::Result {
    fulfilment.sign(actor(&visit), &CONTRACT_CHANGE.reference(id.get()), signing).await?;
    Ok(shown(&visit, &fulfilment, id).await?.into_response())
}
