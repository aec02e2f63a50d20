//! Seal requests and the seal ledger.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::SealShown;
use crate::contract::CONTRACT;
use crate::contract::fulfilment::{
    CONTRACT_CHANGE, ChangeId, Fulfilment, LedgerOfSeals, PaperId, SealRequestId, SealState, Sealed, WantedSeal,
};
use crate::contract::pages::actor;
use crate::db::Cursor;
use crate::kernel::{ContractId, Date, Ref};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SealQuery {
    /// `requested`, `sealed` (the ledger) or `cancelled`.
    #[serde(default = "sealed")]
    state: SealState,
    /// Only what waits for the caller as a keeper.
    #[serde(default)]
    mine: bool,
    /// A part of a number or of the other party's name.
    #[serde(default)]
    text: String,
    /// Of one contract only.
    contract: Option<i64>,
    /// Where the page starts.
    #[serde(default)]
    after: String,
}

fn sealed() -> SealState {
    SealState::Sealed
}

/// A page of requests.
#[derive(Serialize, ToSchema)]
pub(super) struct SealRequests {
    seal_requests: Vec<SealShown>,
    next: Option<String>,
}

/// What the keeper records.
#[derive(Deserialize, ToSchema)]
pub(super) struct SealedBody {
    /// The code that stands on the paper.
    code: String,
    on: Date,
    copies: u32,
    /// A picture that was added before.
    photo: Option<i64>,
    #[serde(default)]
    note: String,
}

/// Why a request goes back.
#[derive(Deserialize, ToSchema)]
pub(super) struct SentBack {
    reason: String,
}

async fn shown(visit: &LoggedIn, fulfilment: &Fulfilment, id: SealRequestId) -> Result<SealShown, web::Error> {
    let request = fulfilment.seal_request(visit.user(), id).await?;
    Ok(SealShown::of(&request, &fulfilment.contracts().org().directory()))
}

async fn asked(visit: &LoggedIn, fulfilment: &Fulfilment, subject: &Ref, wanted: WantedSeal) -> web::Result {
    let id = fulfilment.request_seal(actor(visit), subject, wanted).await?;
    Ok((StatusCode::CREATED, Json(shown(visit, fulfilment, id).await?)).into_response())
}

/// Asks for a seal of a contract.
#[utoipa::path(post, path = "/contracts/{id}/seal-requests", tag = "fulfilment", params(("id" = i64, Path)), request_body = WantedSeal,
    responses((status = 201, body = SealShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn ask(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Json(wanted): Json<WantedSeal>,
) -> web::Result {
    asked(&visit, &fulfilment, &CONTRACT.reference(id.get()), wanted).await
}

/// Asks for a seal of a change.
#[utoipa::path(post, path = "/contract-changes/{id}/seal-requests", tag = "fulfilment", params(("id" = i64, Path)), request_body = WantedSeal,
    responses((status = 201, body = SealShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn ask_for_change(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ChangeId>,
    Json(wanted): Json<WantedSeal>,
) -> web::Result {
    asked(&visit, &fulfilment, &CONTRACT_CHANGE.reference(id.get()), wanted).await
}

/// Seal requests, or the ledger.
#[utoipa::path(get, path = "/seal-requests", tag = "fulfilment", params(SealQuery),
    responses((status = 200, body = SealRequests), (status = 403, body = Problem)))]
pub(super) async fn list(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Query(query): Query<SealQuery>,
) -> web::Result {
    let after = query.after.parse::<Cursor>().ok();
    let page = if query.mine {
        fulfilment.seals_waiting(visit.user(), after).await?
    } else {
        let contract = query.contract.map(ContractId::new);
        let filter = LedgerOfSeals { state: query.state, contract, text: query.text };
        fulfilment.seal_ledger(visit.user(), filter, after).await?.0
    };
    let directory = fulfilment.contracts().org().directory();
    let seal_requests = page.rows.iter().map(|request| SealShown::of(request, &directory)).collect();
    Ok(Json(SealRequests { seal_requests, next: page.next.map(|cursor| cursor.to_string()) }).into_response())
}

/// One seal request.
#[utoipa::path(get, path = "/seal-requests/{id}", tag = "fulfilment", params(("id" = i64, Path)),
    responses((status = 200, body = SealShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<SealRequestId>,
) -> web::Result {
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}

/// Records that the seal is on the paper.
#[utoipa::path(post, path = "/seal-requests/{id}/seal", tag = "fulfilment", params(("id" = i64, Path)), request_body = SealedBody,
    responses((status = 200, body = SealShown), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn seal(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<SealRequestId>,
    Json(body): Json<SealedBody>,
) -> web::Result {
    let SealedBody { code, on, copies, photo, note } = body;
    let sealed = Sealed { code, on, copies, photo: photo.map(PaperId::new), note };
    fulfilment.seal(actor(&visit), id, sealed).await?;
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}

/// Sends a request back.
#[utoipa::path(post, path = "/seal-requests/{id}/return", tag = "fulfilment", params(("id" = i64, Path)), request_body = SentBack,
    responses((status = 200, body = SealShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn send_back(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<SealRequestId>,
    Json(body): Json<SentBack>,
) -> web::Result {
    fulfilment.cancel_seal(actor(&visit), id, &body.reason).await?;
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}
