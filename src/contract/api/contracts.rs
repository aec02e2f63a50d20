//! The ledger, beginning, reading, writing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::{ContractShown, SummaryShown};
use crate::contract::pages::actor;
use crate::contract::{Contracts, DraftEdit, LedgerFilter, NewContract, Seen};
use crate::db::Cursor;
use crate::kernel::{ContractId, CustomerId};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// Which contracts.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// A part of the number, the title or the other party's name.
    #[serde(default)]
    text: String,
    /// `draft`, `in_approval`, …
    #[serde(default)]
    state: String,
    /// `sales`, `purchase`, `other`.
    #[serde(default)]
    category: String,
    entity: Option<i64>,
    customer: Option<i64>,
    owner: Option<i64>,
    /// `2026-03-01`.
    signed_from: Option<String>,
    signed_to: Option<String>,
    expires_to: Option<String>,
    /// `newest`, `number`, `amount`, `expires`.
    #[serde(default)]
    sort: String,
    /// From `next` of the page before.
    #[serde(default)]
    after: String,
    /// At most 200.
    size: Option<u32>,
}

/// A page of the ledger.
#[derive(Serialize, ToSchema)]
pub(super) struct Ledger {
    contracts: Vec<SummaryShown>,
    /// Where the next page starts.
    next: Option<String>,
}

/// What a program writes into a draft.
#[derive(Deserialize, ToSchema)]
pub(super) struct Saved {
    /// The version that was read.
    version: i64,
    /// What changes; what is not named stays.
    edit: DraftEdit,
}

/// A customer that takes the other party's place.
#[derive(Deserialize, ToSchema)]
pub(super) struct Picked {
    customer: i64,
    /// The version that was read.
    version: i64,
}

/// The contracts that the caller may read.
#[utoipa::path(get, path = "/contracts", tag = "contracts", params(Filter),
    responses((status = 200, body = Ledger), (status = 403, body = Problem)))]
pub(super) async fn list(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Query(filter): Query<Filter>,
) -> web::Result {
    let date = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    let wanted = LedgerFilter {
        text: filter.text,
        states: filter.state.parse().ok().into_iter().collect(),
        category: filter.category,
        entity: filter.entity.map(crate::kernel::EntityId::new),
        customer: filter.customer.map(CustomerId::new),
        owner: filter.owner.map(crate::kernel::UserId::new),
        signed_from: date(&filter.signed_from),
        signed_to: date(&filter.signed_to),
        expires_to: date(&filter.expires_to),
        sort: filter.sort,
    };
    let size = filter.size.unwrap_or(50).clamp(1, 200);
    let after = filter.after.parse::<Cursor>().ok();
    let (page, _) = contracts.ledger(visit.user(), wanted, size, after).await?;
    let next = page.next.as_ref().map(ToString::to_string);
    let directory = contracts.org().directory();
    let contracts = page.rows.into_iter().map(|one| SummaryShown::of(one, &directory)).collect();
    Ok(Json(Ledger { contracts, next }).into_response())
}

/// Begins a draft from a template.
#[utoipa::path(post, path = "/contracts", tag = "contracts", request_body = NewContract,
    responses((status = 201, body = ContractShown), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn begin(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Json(new): Json<NewContract>,
) -> web::Result {
    let id = contracts.begin(actor(&visit), new).await?;
    let contract = contracts.get(visit.user(), id).await?;
    Ok((StatusCode::CREATED, Json(ContractShown::of(&contracts, &visit, contract).await?)).into_response())
}

/// One contract.
#[utoipa::path(get, path = "/contracts/{id}", tag = "contracts", params(("id" = i64, Path)),
    responses((status = 200, body = ContractShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// Writes into a draft; what is wrong is told field by field, and then nothing is stored.
#[utoipa::path(patch, path = "/contracts/{id}", tag = "contracts", params(("id" = i64, Path)), request_body = Saved,
    responses((status = 200, body = ContractShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn save(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Json(Saved { version, edit }): Json<Saved>,
) -> web::Result {
    let contract = contracts.save_edit(actor(&visit), id, version, &edit).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// Puts a customer of the CRM in the place of the other party.
#[utoipa::path(put, path = "/contracts/{id}/customer", tag = "contracts", params(("id" = i64, Path)), request_body = Picked,
    responses((status = 200, body = ContractShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn pick_customer(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Json(Picked { customer, version }): Json<Picked>,
) -> web::Result {
    let contract =
        contracts.pick_customer(actor(&visit), (id, &Seen::version(version)), CustomerId::new(customer)).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}
