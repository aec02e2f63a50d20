//! Payment plans for programs: `/api/v1/milestones`, `/plans`, `/payments`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries::{MilestoneFilter, MilestoneRow, Overview, PaymentRow};
use super::{
    Balance, Direction, DueRule, Method, Milestone, NewPayment, PlanId, SettlementError, Settlements, Standing,
};
use crate::db::Cursor;
use crate::kernel::{Actor, Currency, Date, MilestoneId, Money, PaymentId, Timestamp, UserId};
use crate::org::Action;
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};
use crate::workflow::Directory;

/// Every JSON route of this room.
pub fn routes(settlements: Settlements) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(milestones))
        .routes(routes!(plan))
        .routes(routes!(pay))
        .routes(routes!(happened))
        .routes(routes!(reverse))
        .with_state(settlements)
}

/// Which milestones.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MilestoneQuery {
    /// `receivable` or `payable`.
    direction: Option<Direction>,
    /// Those that are paid, too.
    #[serde(default)]
    all: bool,
    /// Due before this day.
    before: Option<Date>,
    /// The number of the record, or a part of the other party's name.
    #[serde(default)]
    text: String,
    /// Where the page starts.
    #[serde(default)]
    after: String,
}

/// A page of milestones.
#[derive(Serialize, ToSchema)]
struct Milestones {
    milestones: Vec<ListedMilestone>,
    next: Option<String>,
}

/// A milestone in a list.
#[derive(Serialize, ToSchema)]
struct ListedMilestone {
    id: i64,
    plan: i64,
    number: String,
    title: String,
    other_party: String,
    direction: Direction,
    gross: Money,
    paid: Money,
    due_on: Option<Date>,
}

/// A payment plan with its milestones and payments.
#[derive(Serialize, ToSchema)]
#[schema(as = PaymentPlan)]
struct PlanShown {
    id: i64,
    /// The record that it belongs to: `contract/12`.
    subject: String,
    number: String,
    title: String,
    other_party: String,
    direction: Direction,
    #[schema(value_type = String)]
    currency: Currency,
    balance: Balance,
    milestones: Vec<MilestoneShown>,
    payments: Vec<PaymentShown>,
    events: Vec<EventShown>,
    /// Events that milestones still wait for.
    awaited: Vec<String>,
    /// Comes back with a payment.
    version: i64,
}

/// A milestone of a plan.
#[derive(Serialize, ToSchema)]
#[schema(as = Milestone)]
struct MilestoneShown {
    id: i64,
    name: String,
    title: String,
    net: Money,
    tax: Money,
    gross: Money,
    paid: Money,
    due: DueRule,
    due_on: Option<Date>,
    standing: Standing,
    retention: bool,
}

/// A payment.
#[derive(Serialize, ToSchema)]
#[schema(as = Payment)]
struct PaymentShown {
    id: i64,
    amount: Money,
    paid_on: Date,
    method: Method,
    note: String,
    recorded_by: Option<i64>,
    recorded_by_name: Option<String>,
    recorded_at: Timestamp,
    reversed_at: Option<Timestamp>,
    reversal_reason: Option<String>,
}

/// An event that was recorded.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanEvent)]
struct EventShown {
    event: String,
    on: Date,
}

/// A payment as it is recorded.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPayment)]
struct PaymentBody {
    amount: Money,
    paid_on: Date,
    method: Method,
    /// The milestone it was meant for; without one the earliest open ones take it.
    milestone: Option<i64>,
    #[serde(default)]
    note: String,
    /// The version of the plan that was read.
    version: i64,
}

/// An event of the record.
#[derive(Deserialize, ToSchema)]
struct Happened {
    event: String,
    on: Date,
}

/// Why a payment is taken back.
#[derive(Deserialize, ToSchema)]
struct Reversal {
    reason: String,
}

impl From<MilestoneRow> for ListedMilestone {
    fn from(row: MilestoneRow) -> Self {
        Self {
            id: row.id.get(),
            plan: row.plan.get(),
            number: row.number,
            title: row.title,
            other_party: row.other_party,
            direction: row.direction,
            gross: row.gross,
            paid: row.paid,
            due_on: row.due_on,
        }
    }
}

impl PlanShown {
    fn of(overview: Overview, directory: &Directory) -> Self {
        let Overview { plan, milestones, payments, events, awaited, balance } = overview;
        let currency = plan.currency;
        Self {
            id: plan.id.get(),
            subject: plan.subject.to_string(),
            number: plan.number,
            title: plan.title,
            other_party: plan.other_party,
            direction: plan.direction,
            currency,
            balance,
            milestones: milestones.into_iter().map(|(one, standing)| MilestoneShown::of(one, standing)).collect(),
            payments: payments.into_iter().map(|one| PaymentShown::of(one, currency, directory)).collect(),
            events: events.into_iter().map(|(event, on)| EventShown { event, on }).collect(),
            awaited,
            version: plan.version,
        }
    }
}

impl MilestoneShown {
    fn of(one: Milestone, standing: Standing) -> Self {
        let amount = one.planned.amount;
        Self {
            id: one.id.get(),
            name: one.planned.name,
            title: one.planned.title,
            net: amount.net,
            tax: amount.tax,
            gross: amount.gross,
            paid: Money::new(one.paid, amount.gross.currency),
            due: one.planned.due,
            due_on: one.due_on,
            standing,
            retention: one.planned.retention,
        }
    }
}

impl PaymentShown {
    fn of(row: PaymentRow, currency: Currency, directory: &Directory) -> Self {
        Self {
            id: row.id.get(),
            amount: Money::new(row.amount, currency),
            paid_on: row.paid_on,
            method: row.method,
            note: row.note,
            recorded_by: row.recorded_by.map(UserId::get),
            recorded_by_name: row.recorded_by.map(|user| directory.name(user)),
            recorded_at: row.recorded_at,
            reversed_at: row.reversed_at,
            reversal_reason: row.reversal_reason,
        }
    }
}

fn actor(caller: &LoggedIn) -> Actor {
    Actor::person(caller.user(), caller.channel())
}

/// What is owed, the earliest due first.
#[utoipa::path(get, path = "/milestones", tag = "settlement", params(MilestoneQuery),
    responses((status = 200, body = Milestones), (status = 403, body = Problem)))]
async fn milestones(
    caller: LoggedIn,
    State(settlements): State<Settlements>,
    Query(query): Query<MilestoneQuery>,
) -> web::Result {
    let scope = settlements.scope(caller.user(), Action::Read)?;
    let filter = MilestoneFilter {
        direction: query.direction,
        open: !query.all,
        before: query.before,
        words: query.text.trim().to_owned(),
    };
    let (page, _) = settlements.milestones(&scope, &filter, query.after.parse::<Cursor>().ok()).await?;
    let milestones = page.rows.into_iter().map(ListedMilestone::from).collect();
    Ok(Json(Milestones { milestones, next: page.next.map(|cursor| cursor.to_string()) }).into_response())
}

async fn shown(caller: &LoggedIn, settlements: &Settlements, plan: PlanId) -> Result<PlanShown, SettlementError> {
    let scope = settlements.scope(caller.user(), Action::Read)?;
    Ok(PlanShown::of(settlements.plan(&scope, plan).await?, &settlements.org.directory()))
}

/// A payment plan.
#[utoipa::path(get, path = "/plans/{id}", tag = "settlement", params(("id" = i64, Path)),
    responses((status = 200, body = PlanShown), (status = 404, body = Problem)))]
async fn plan(caller: LoggedIn, State(settlements): State<Settlements>, Path(id): Path<PlanId>) -> web::Result {
    Ok(Json(shown(&caller, &settlements, id).await?).into_response())
}

/// Records a payment and divides it among what is open.
#[utoipa::path(post, path = "/plans/{id}/payments", tag = "settlement", params(("id" = i64, Path)), request_body = PaymentBody,
    responses((status = 201, body = PlanShown), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn pay(
    caller: LoggedIn,
    State(settlements): State<Settlements>,
    Path(id): Path<PlanId>,
    Json(body): Json<PaymentBody>,
) -> web::Result {
    let scope = settlements.scope(caller.user(), Action::Edit)?;
    let PaymentBody { amount, paid_on, method, milestone, note, version } = body;
    let milestone = milestone.map(MilestoneId::new);
    let new = NewPayment { amount, paid_on, method, milestone, note, version };
    settlements.pay(&scope, id, new, actor(&caller)).await?;
    Ok((StatusCode::CREATED, Json(shown(&caller, &settlements, id).await?)).into_response())
}

/// Records an event that milestones wait for.
#[utoipa::path(post, path = "/plans/{id}/events", tag = "settlement", params(("id" = i64, Path)), request_body = Happened,
    responses((status = 200, body = PlanShown), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn happened(
    caller: LoggedIn,
    State(settlements): State<Settlements>,
    Path(id): Path<PlanId>,
    Json(Happened { event, on }): Json<Happened>,
) -> web::Result {
    let scope = settlements.scope(caller.user(), Action::Edit)?;
    settlements.happened(&scope, id, event, on, actor(&caller)).await?;
    Ok(Json(shown(&caller, &settlements, id).await?).into_response())
}

/// Takes a payment back that was recorded wrongly; it stays in the list, with the reason.
#[utoipa::path(post, path = "/payments/{id}/reversal", tag = "settlement", params(("id" = i64, Path)), request_body = Reversal,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn reverse(
    caller: LoggedIn,
    State(settlements): State<Settlements>,
    Path(id): Path<PaymentId>,
    Json(Reversal { reason }): Json<Reversal>,
) -> web::Result {
    let scope = settlements.scope(caller.user(), Action::Edit)?;
    settlements.reverse(&scope, id, reason, actor(&caller)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
