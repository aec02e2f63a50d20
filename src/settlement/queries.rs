//! What pages and the API read.

use serde::Serialize;

use super::model::{balance, standing};
use super::store::{self, Plan, named};
use super::{Balance, Direction, Method, Milestone, PlanId, SettlementError, Settlements, Standing};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{Amount, Currency, Date, MilestoneId, Money, OfficeHours, PaymentId, Ref, Timestamp, UserId};
use crate::org::Scope;
use crate::params;

/// A page of the list of milestones.
const MILESTONES_A_PAGE: u32 = 50;

const SORTS: &[Sort] = &[
    Sort { name: "due", keys: &[Key::rising("due_key"), Key::rising("m.id")] },
    Sort { name: "newest", keys: &[Key::falling("m.id")] },
];

/// Which milestones a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MilestoneFilter {
    /// One direction only.
    pub direction: Option<Direction>,
    /// Only what is open; the default of the page.
    pub open: bool,
    /// Due before this day.
    pub before: Option<Date>,
    /// The number of the record, or a part of the other party's name.
    pub words: String,
}

/// A milestone in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MilestoneRow {
    /// Its id.
    pub id: MilestoneId,
    /// Its plan.
    pub plan: PlanId,
    /// What people read.
    pub title: String,
    /// Number of the record.
    pub number: String,
    /// Who pays or is paid.
    pub other_party: String,
    /// Where the record's page is.
    pub path: String,
    /// Which way.
    pub direction: Direction,
    /// The whole.
    pub gross: Money,
    /// What was paid.
    pub paid: Money,
    /// When it is due, once that is known.
    pub due_on: Option<Date>,
}

/// A payment of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaymentRow {
    /// Its id.
    pub id: PaymentId,
    /// How much.
    pub amount: Amount,
    /// On which day.
    pub paid_on: Date,
    /// How.
    pub method: Method,
    /// Any words.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
    /// When it was reversed.
    pub reversed_at: Option<Timestamp>,
    /// By whom.
    pub reversed_by: Option<UserId>,
    /// Why.
    pub reversal_reason: Option<String>,
}

/// Everything about the plan of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The plan.
    pub plan: Plan,
    /// Its milestones in order, with where they stand today.
    pub milestones: Vec<(Milestone, Standing)>,
    /// Its payments in the order of recording.
    pub payments: Vec<PaymentRow>,
    /// Events that were recorded, by name.
    pub events: Vec<(String, Date)>,
    /// Events that milestones still wait for.
    pub awaited: Vec<String>,
    /// What it comes to.
    pub balance: Balance,
}

impl FromRow for MilestoneRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let currency: Currency = row.get("currency")?;
        Ok(Self {
            id: row.get("id")?,
            plan: row.get("plan")?,
            title: row.get("title")?,
            number: row.get("number")?,
            other_party: row.get("other_party")?,
            path: row.get("path")?,
            direction: named(row, "direction", Direction::named)?,
            gross: Money::new(row.get("gross")?, currency),
            paid: Money::new(row.get("paid")?, currency),
            due_on: row.get("due_on")?,
        })
    }
}

impl FromRow for PaymentRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            amount: row.get("amount")?,
            paid_on: row.get("paid_on")?,
            method: named(row, "method", Method::named)?,
            note: row.get("note")?,
            recorded_by: row.get("recorded_by")?,
            recorded_at: row.get("recorded_at")?,
            reversed_at: row.get("reversed_at")?,
            reversed_by: row.get("reversed_by")?,
            reversal_reason: row.get("reversal_reason")?,
        })
    }
}

impl Settlements {
    /// Today, at the office.
    pub fn today(&self) -> Date {
        OfficeHours::default().date(self.clock.now())
    }

    /// The plan of a record, for the page of the room that owns it, which has asked for permission there.
    pub async fn of(&self, subject: &Ref) -> Result<Option<Overview>, SettlementError> {
        let (subject, today) = (subject.clone(), self.today());
        let unit = async move |c: &mut Conn<'_>| match store::plan(c, &subject).await? {
            Some(plan) => overview(c, plan, today).await.map(Some),
            None => Ok(None),
        };
        self.db.read(unit).await
    }

    /// A plan that the scope covers.
    pub async fn plan(&self, scope: &Scope, plan: PlanId) -> Result<Overview, SettlementError> {
        let (scope, today) = (scope.clone(), self.today());
        let unit = async move |c: &mut Conn<'_>| {
            let plan = super::actions::visible(c, &scope, plan).await?;
            overview(c, plan, today).await
        };
        self.db.read(unit).await
    }

    /// Milestones that the scope covers, the earliest due first; those without a date come last.
    pub async fn milestones(
        &self,
        scope: &Scope,
        filter: &MilestoneFilter,
        after: Option<Cursor>,
    ) -> Result<(Page<MilestoneRow>, Count), DbError> {
        let list = list(scope, filter);
        let unit = async move |c: &mut Conn<'_>| {
            let page = list.page(c, MILESTONES_A_PAGE, after.as_ref()).await?;
            Ok::<_, DbError>((page, list.count(c, 10_000).await?))
        };
        self.db.read(unit).await
    }
}

/// The list of milestones; public to the test that prepares it on both engines.
pub(super) fn list(scope: &Scope, filter: &MilestoneFilter) -> Query {
    let mut list = Query::new(
        "m.id, m.plan, m.title, m.gross, m.paid, m.due_on, p.number, p.other_party, p.path, p.direction, p.currency",
        "(SELECT milestone.*, COALESCE(due_on, '9999-12-31') AS due_key FROM milestone) AS m
         JOIN payment_plan AS p ON p.id = m.plan",
    );
    list.filter("NOT m.cancelled", params![]);
    scope.narrow(&mut list, "p.owner", "p.department");
    if let Some(direction) = filter.direction {
        list.filter("p.direction = ?", params![direction.name()]);
    }
    if filter.open {
        list.filter("m.paid < m.gross", params![]);
    }
    if let Some(before) = filter.before {
        list.filter("m.due_on < ?", params![before]);
    }
    if !filter.words.is_empty() {
        let like = format!("%{}%", filter.words);
        list.filter("p.number LIKE ? OR p.other_party LIKE ?", params![like, like]);
    }
    list.sort(SORTS, "due");
    list
}

async fn overview(c: &mut Conn<'_>, plan: Plan, today: Date) -> Result<Overview, SettlementError> {
    let milestones = store::milestones(c, plan.id).await?;
    let paid = store::paid(c, plan.id).await?;
    let balance = balance(&milestones, paid, plan.currency, today)?;
    let events = store::events(c, plan.id).await?;
    let payments = c.all(store::PAYMENTS, params![plan.id]).await?;
    let mut awaited: Vec<String> = milestones.iter().filter_map(|one| awaits(one, &events)).collect();
    awaited.dedup();
    let milestones = milestones.into_iter().map(|one| (one.clone(), standing(&one, today))).collect();
    Ok(Overview { plan, milestones, payments, events, awaited, balance })
}

fn awaits(milestone: &Milestone, events: &[(String, Date)]) -> Option<String> {
    match &milestone.planned.due {
        super::DueRule::After { event, .. } if events.iter().all(|(name, _)| name != event) => Some(event.clone()),
        _ => None,
    }
}
