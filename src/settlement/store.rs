//! The tables of plans, milestones and payments.

use super::{Allocation, Direction, DueRule, Method, Milestone, NewPlan, PlanId, PlannedMilestone};
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{
    Amount, Currency, Date, DepartmentId, MilestoneId, Money, PaymentId, Ref, Taxed, Timestamp, UserId,
};
use crate::params;

const START: &str = "
    INSERT INTO payment_plan
        (subject_kind, subject_id, title, number, other_party, path, direction, currency, owner, department, version, started_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
    ON CONFLICT (subject_kind, subject_id) DO NOTHING RETURNING id";
const ADD_MILESTONE: &str = "
    INSERT INTO milestone (plan, position, name, title, net, tax, gross, rate, retention, due_rule, paid, cancelled)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, FALSE)
    ON CONFLICT (plan, name) DO UPDATE SET position = excluded.position, title = excluded.title, net = excluded.net,
        tax = excluded.tax, gross = excluded.gross, rate = excluded.rate, retention = excluded.retention,
        due_rule = excluded.due_rule, cancelled = FALSE";
const CANCEL_MILESTONE: &str = "UPDATE milestone SET cancelled = TRUE WHERE id = $1 AND paid = 0";
const CLOSE_MILESTONE: &str = "UPDATE milestone SET net = $2, tax = $3, gross = $4 WHERE id = $1";
const PLAN: &str = "
    SELECT id, subject_kind, subject_id, title, number, other_party, path, direction, currency, owner, department, version
    FROM payment_plan WHERE subject_kind = $1 AND subject_id = $2";
const PLAN_BY_ID: &str = "
    SELECT id, subject_kind, subject_id, title, number, other_party, path, direction, currency, owner, department, version
    FROM payment_plan WHERE id = $1";
const MILESTONES: &str = "
    SELECT m.id, m.name, m.title, m.net, m.tax, m.gross, m.rate, m.retention, m.due_rule, m.due_on, m.paid, p.currency
    FROM milestone AS m JOIN payment_plan AS p ON p.id = m.plan WHERE m.plan = $1 AND NOT m.cancelled ORDER BY m.position";
const TOUCH: &str = "UPDATE payment_plan SET version = version + 1 WHERE id = $1 AND version = $2";
const ADD_EVENT: &str = "
    INSERT INTO plan_event (plan, name, happened_on, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (plan, name) DO UPDATE SET
        happened_on = excluded.happened_on, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at";
const FORGET_EVENT: &str = "DELETE FROM plan_event WHERE plan = $1 AND name = $2";
const EVENTS: &str = "SELECT name, happened_on FROM plan_event WHERE plan = $1 ORDER BY name";
const SET_DUE: &str = "UPDATE milestone SET due_on = $2 WHERE id = $1";
const ADD_PAYMENT: &str = "
    INSERT INTO payment (plan, amount, paid_on, method, note, recorded_by, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
const ALLOCATE: &str = "INSERT INTO allocation (payment, milestone, amount) VALUES ($1, $2, $3)";
const PAYMENT_OF: &str = "SELECT plan, reversed_at FROM payment WHERE id = $1";
const REVERSE: &str = "
    UPDATE payment SET reversed_at = $2, reversed_by = $3, reversal_reason = $4 WHERE id = $1 AND reversed_at IS NULL";
const SUM_PAID: &str = "
    UPDATE milestone SET paid = (
        SELECT CAST(COALESCE(SUM(a.amount), 0) AS BIGINT)
        FROM allocation AS a JOIN payment AS p ON p.id = a.payment
        WHERE a.milestone = milestone.id AND p.reversed_at IS NULL)
    WHERE plan = $1";
const PAID: &str = "
    SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payment WHERE plan = $1 AND reversed_at IS NULL";
const LAST_PAID_ON: &str = "
    SELECT MAX(p.paid_on) FROM allocation AS a JOIN payment AS p ON p.id = a.payment
    WHERE a.milestone = $1 AND p.reversed_at IS NULL";
pub(super) const PAYMENTS: &str = "
    SELECT id, amount, paid_on, method, note, recorded_by, recorded_at, reversed_at, reversed_by, reversal_reason
    FROM payment WHERE plan = $1 ORDER BY id";

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &[
    START,
    ADD_MILESTONE,
    CANCEL_MILESTONE,
    CLOSE_MILESTONE,
    PLAN,
    PLAN_BY_ID,
    MILESTONES,
    TOUCH,
    ADD_EVENT,
    FORGET_EVENT,
    EVENTS,
    SET_DUE,
    ADD_PAYMENT,
    ALLOCATE,
    PAYMENT_OF,
    REVERSE,
    SUM_PAID,
    PAID,
    LAST_PAID_ON,
    PAYMENTS,
];

/// A started plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The record it belongs to.
    pub subject: Ref,
    /// What people call the record.
    pub title: String,
    /// The number of the record.
    pub number: String,
    /// Who pays or is paid.
    pub other_party: String,
    /// Where the record's page is.
    pub path: String,
    /// Which way the money goes.
    pub direction: Direction,
    /// The one currency of its milestones and payments.
    pub currency: Currency,
    /// Whose it is.
    pub owner: UserId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
    /// Rises with every event and payment.
    pub version: i64,
}

impl FromRow for Plan {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            title: row.get("title")?,
            number: row.get("number")?,
            other_party: row.get("other_party")?,
            path: row.get("path")?,
            direction: named(row, "direction", Direction::named)?,
            currency: row.get("currency")?,
            owner: row.get("owner")?,
            department: row.get("department")?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Milestone {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let currency: Currency = row.get("currency")?;
        let money = |column| Ok::<_, DbError>(Money::new(row.get::<Amount>(column)?, currency));
        let amount = Taxed { net: money("net")?, tax: money("tax")?, gross: money("gross")?, rate: row.get("rate")? };
        let due: DueRule = row.json("due_rule")?;
        let planned = PlannedMilestone {
            name: row.get("name")?,
            title: row.get("title")?,
            amount,
            due,
            retention: row.get("retention")?,
        };
        Ok(Self { id: row.get("id")?, planned, due_on: row.get("due_on")?, paid: row.get("paid")? })
    }
}

/// The value of a column that holds the name of something.
pub(super) fn named<T>(row: &Row<'_>, column: &'static str, find: fn(&str) -> Option<T>) -> Result<T, DbError> {
    let name: String = row.get(column)?;
    find(&name).ok_or(DbError::Column { column: column.to_owned(), problem: name })
}

/// `None`: a plan of that record has started already.
pub(super) async fn start(c: &mut Conn<'_>, new: &NewPlan, now: Timestamp) -> Result<Option<PlanId>, DbError> {
    let NewPlan { subject, title, number, other_party, path, owner, department, .. } = new;
    let currency = new.milestones.first().map_or(Currency::CNY, |first| first.amount.gross.currency);
    let direction = new.direction.name();
    let values = params![
        subject.kind,
        subject.id,
        title,
        number,
        other_party,
        path,
        direction,
        currency,
        owner,
        department,
        now
    ];
    let Some((id,)) = c.maybe::<(PlanId,)>(START, values).await? else { return Ok(None) };
    put_milestones(c, id, &new.milestones).await?;
    Ok(Some(id))
}

/// Adds milestones in their order; one of a name that the plan has takes the new values and keeps what was paid.
pub(super) async fn put_milestones(
    c: &mut Conn<'_>,
    plan: PlanId,
    milestones: &[PlannedMilestone],
) -> Result<(), DbError> {
    for (position, one) in (0_i64..).zip(milestones) {
        let PlannedMilestone { name, title, amount, due, retention } = one;
        let Taxed { net, tax, gross, rate } = amount;
        let rule = serde_json::to_string(due)
            .map_err(|error| DbError::Column { column: "due_rule".into(), problem: error.to_string() })?;
        let values = params![plan, position, name, title, net.amount, tax.amount, gross.amount, rate, retention, rule];
        c.exec(ADD_MILESTONE, values).await?;
    }
    Ok(())
}

/// Takes a milestone out on which nothing was paid.
pub(super) async fn cancel(c: &mut Conn<'_>, milestone: MilestoneId) -> Result<(), DbError> {
    c.exec(CANCEL_MILESTONE, params![milestone]).await.map(drop)
}

/// Leaves of a milestone what was paid.
pub(super) async fn close(c: &mut Conn<'_>, milestone: MilestoneId, paid: &Taxed) -> Result<(), DbError> {
    let Taxed { net, tax, gross, .. } = paid;
    c.exec(CLOSE_MILESTONE, params![milestone, net.amount, tax.amount, gross.amount]).await.map(drop)
}

pub(super) async fn plan(c: &mut Conn<'_>, subject: &Ref) -> Result<Option<Plan>, DbError> {
    c.maybe(PLAN, params![subject.kind, subject.id]).await
}

pub(super) async fn plan_by_id(c: &mut Conn<'_>, id: PlanId) -> Result<Option<Plan>, DbError> {
    c.maybe(PLAN_BY_ID, params![id]).await
}

pub(super) async fn milestones(c: &mut Conn<'_>, plan: PlanId) -> Result<Vec<Milestone>, DbError> {
    c.all(MILESTONES, params![plan]).await
}

/// False: somebody changed the plan since that version.
pub(super) async fn touch(c: &mut Conn<'_>, plan: &Plan) -> Result<bool, DbError> {
    Ok(c.exec(TOUCH, params![plan.id, plan.version]).await? == 1)
}

pub(super) async fn add_event(
    c: &mut Conn<'_>,
    plan: PlanId,
    name: &str,
    on: Date,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), DbError> {
    c.exec(ADD_EVENT, params![plan, name, on, by, now]).await.map(drop)
}

pub(super) async fn forget_event(c: &mut Conn<'_>, plan: PlanId, name: &str) -> Result<(), DbError> {
    c.exec(FORGET_EVENT, params![plan, name]).await.map(drop)
}

pub(super) async fn events(c: &mut Conn<'_>, plan: PlanId) -> Result<Vec<(String, Date)>, DbError> {
    c.all(EVENTS, params![plan]).await
}

pub(super) async fn set_due(c: &mut Conn<'_>, milestone: MilestoneId, on: Option<Date>) -> Result<(), DbError> {
    c.exec(SET_DUE, params![milestone, on]).await.map(drop)
}

/// A payment to be stored.
pub(super) struct PaymentEntry<'a> {
    pub(super) amount: Amount,
    pub(super) paid_on: Date,
    pub(super) method: Method,
    pub(super) note: &'a str,
    pub(super) by: Option<UserId>,
    pub(super) at: Timestamp,
}

pub(super) async fn add_payment(
    c: &mut Conn<'_>,
    plan: PlanId,
    entry: &PaymentEntry<'_>,
    allocations: &[Allocation],
) -> Result<PaymentId, DbError> {
    let PaymentEntry { amount, paid_on, method, note, by, at } = entry;
    let (id,): (PaymentId,) = c.one(ADD_PAYMENT, params![plan, amount, paid_on, method.name(), *note, by, at]).await?;
    for Allocation { milestone, amount } in allocations {
        c.exec(ALLOCATE, params![id, milestone, amount]).await?;
    }
    c.exec(SUM_PAID, params![plan]).await?;
    Ok(id)
}

/// The plan of a payment, and whether it is reversed.
pub(super) async fn payment_of(
    c: &mut Conn<'_>,
    id: PaymentId,
) -> Result<Option<(PlanId, Option<Timestamp>)>, DbError> {
    c.maybe(PAYMENT_OF, params![id]).await
}

pub(super) async fn reverse(
    c: &mut Conn<'_>,
    (plan, id): (PlanId, PaymentId),
    by: Option<UserId>,
    reason: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    c.exec(REVERSE, params![id, now, by, reason]).await?;
    c.exec(SUM_PAID, params![plan]).await.map(drop)
}

/// The sum of the payments that stand.
pub(super) async fn paid(c: &mut Conn<'_>, plan: PlanId) -> Result<Amount, DbError> {
    let (paid,) = c.one(PAID, params![plan]).await?;
    Ok(paid)
}

/// The last day on which something was paid on a milestone.
pub(super) async fn last_paid_on(c: &mut Conn<'_>, milestone: MilestoneId) -> Result<Option<Date>, DbError> {
    let (on,) = c.one(LAST_PAID_ON, params![milestone]).await?;
    Ok(on)
}
