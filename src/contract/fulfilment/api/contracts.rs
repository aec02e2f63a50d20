//! One contract after approval: where it stands, its signatures, what happens to it, its terms on a day.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::{
    ArchiveShown, ChangeShown, EventShown, OriginalShown, PaperShown, SealShown, SignatureShown, TermsShown,
};
use crate::contract::fulfilment::store::{archive, originals, seals};
use crate::contract::fulfilment::{Fulfilment, FulfilmentError, NewEvent, NewSigning};
use crate::contract::pages::actor;
use crate::contract::{CONTRACT, State as Stage};
use crate::db::Conn;
use crate::kernel::{ContractId, Date};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// A contract after approval.
#[derive(Serialize, ToSchema)]
pub(super) struct FulfilmentShown {
    contract: i64,
    state: Stage,
    seals: Vec<SealShown>,
    signatures: Vec<SignatureShown>,
    events: Vec<EventShown>,
    /// The payment plan, once it has started; see `/plans/{id}`.
    plan: Option<i64>,
    originals: Vec<OriginalShown>,
    archive: Vec<ArchiveShown>,
    papers: Vec<PaperShown>,
    changes: Vec<ChangeShown>,
    /// Comes back with a step.
    version: i64,
}

/// A step for the version that was read.
#[derive(Deserialize, ToSchema)]
pub(super) struct Completion {
    version: i64,
}

/// A day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OnDay {
    /// Today where none is said.
    on: Option<Date>,
}

/// The terms on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct TermsOnShown {
    on: Date,
    terms: TermsShown,
    /// Ids of the changes in force on that day.
    changes: Vec<i64>,
}

async fn shown(visit: &LoggedIn, fulfilment: &Fulfilment, id: ContractId) -> Result<FulfilmentShown, FulfilmentError> {
    let contract = fulfilment.contracts().get(visit.user(), id).await?;
    let subject = CONTRACT.reference(id.get());
    let of = subject.clone();
    let read = async move |c: &mut Conn<'_>| {
        let seals = seals::of(c, &of).await?;
        Ok::<_, FulfilmentError>((seals, originals::of(c, id).await?, archive::of(c, id).await?))
    };
    let (seals, originals, tasks) = fulfilment.db().read(read).await?;
    let plan = fulfilment.settlements().of(&subject).await?;
    let changes = fulfilment.changes_of(visit.user(), id).await?;
    let directory = fulfilment.contracts().org().directory();
    Ok(FulfilmentShown {
        contract: id.get(),
        state: contract.state,
        seals: seals.iter().map(|one| SealShown::of(one, &directory)).collect(),
        signatures: fulfilment.signatures(&subject).await?.iter().map(SignatureShown::from).collect(),
        events: fulfilment.events(&subject).await?.iter().map(|one| EventShown::of(one, &directory)).collect(),
        plan: plan.map(|overview| overview.plan.id.get()),
        originals: originals.iter().map(OriginalShown::from).collect(),
        archive: tasks.iter().map(|one| ArchiveShown::of(one, &directory)).collect(),
        papers: fulfilment.papers(visit.user(), id).await?.iter().map(PaperShown::from).collect(),
        changes: changes.iter().map(|one| ChangeShown::of(one, &directory)).collect::<Result<_, _>>()?,
        version: contract.version,
    })
}

/// Where a contract stands after approval.
#[utoipa::path(get, path = "/contracts/{id}/fulfilment", tag = "fulfilment", params(("id" = i64, Path)),
    responses((status = 200, body = FulfilmentShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
) -> web::Result {
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}

/// Records that all parties have signed.
#[utoipa::path(post, path = "/contracts/{id}/signing", tag = "fulfilment", params(("id" = i64, Path)), request_body = NewSigning,
    responses((status = 200, body = FulfilmentShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn sign(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Json(signing): Json<NewSigning>,
) -> web::Result {
    fulfilment.sign(actor(&visit), &CONTRACT.reference(id.get()), signing).await?;
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}

/// Records a delivery or an acceptance.
#[utoipa::path(post, path = "/contracts/{id}/events", tag = "fulfilment", params(("id" = i64, Path)), request_body = NewEvent,
    responses((status = 200, body = FulfilmentShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn record_event(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Json(event): Json<NewEvent>,
) -> web::Result {
    fulfilment.record_event(actor(&visit), id, event).await?;
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}

/// Completes a contract of which nothing is open.
#[utoipa::path(post, path = "/contracts/{id}/completion", tag = "fulfilment", params(("id" = i64, Path)), request_body = Completion,
    responses((status = 200, body = FulfilmentShown), (status = 409, body = Problem)))]
pub(super) async fn complete(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Json(Completion { version }): Json<Completion>,
) -> web::Result {
    fulfilment.complete(actor(&visit), id, version).await?;
    Ok(Json(shown(&visit, &fulfilment, id).await?).into_response())
}

/// The terms of a contract that were in force on a day.
#[utoipa::path(get, path = "/contracts/{id}/terms", tag = "fulfilment", params(("id" = i64, Path), OnDay),
    responses((status = 200, body = TermsOnShown), (status = 404, body = Problem)))]
pub(super) async fn terms(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ContractId>,
    Query(OnDay { on }): Query<OnDay>,
) -> web::Result {
    let day = on.unwrap_or_else(|| fulfilment.contracts().today());
    let terms = fulfilment.terms_on(visit.user(), id, day).await?;
    let changes = terms.by.iter().map(|change| change.id.get()).collect();
    Ok(Json(TermsOnShown { on: terms.day, terms: terms.terms.into(), changes }).into_response())
}
