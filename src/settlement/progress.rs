//! How much of several records is paid, for the lists of the rooms that own them.

use std::collections::BTreeMap;

use super::Settlements;
use crate::db::{Conn, DbError, FromRow, Key, Query, Row, Sort};
use crate::kernel::{Amount, Date, Kind, Money};
use crate::params;

const OVERDUE: &[Sort] = &[Sort { name: "milestone", keys: &[Key::rising("m.id")] }];
const SORTS: &[Sort] = &[Sort { name: "plan", keys: &[Key::rising("p.id")] }];

/// What was planned and what was paid, in the currency of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The sum of the milestones.
    pub planned: Amount,
    /// The sum of the payments that stand.
    pub paid: Amount,
}

struct OfRecord {
    record: i64,
    progress: Progress,
}

impl FromRow for OfRecord {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            record: row.get("subject_id")?,
            progress: Progress { planned: row.get("planned")?, paid: row.get("paid")? },
        })
    }
}

impl Progress {
    /// What was paid in whole per cent of what was planned.
    pub fn percent(self) -> i128 {
        let planned = self.planned.ten_thousandths();
        if planned == 0 { 0 } else { self.paid.ten_thousandths() * 100 / planned }
    }
}

impl Settlements {
    /// The progress of each of these records that has a plan. The caller has asked for permission.
    pub async fn progress(&self, kind: &Kind, ids: &[i64]) -> Result<BTreeMap<i64, Progress>, DbError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut list = Query::new(
            "p.subject_id, (SELECT CAST(COALESCE(SUM(m.gross), 0) AS BIGINT) FROM milestone AS m WHERE m.plan = p.id) \
             AS planned, (SELECT CAST(COALESCE(SUM(y.amount), 0) AS BIGINT) FROM payment AS y WHERE y.plan = p.id \
             AND y.reversed_at IS NULL) AS paid",
            "payment_plan AS p",
        );
        list.filter("p.subject_kind = ?", params![kind.as_str()]);
        list.one_of("p.subject_id", ids);
        list.sort(SORTS, "plan");
        let size = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let page = self.db.read(async move |c: &mut Conn<'_>| list.page::<OfRecord>(c, size, None).await).await?;
        Ok(page.rows.into_iter().map(|row| (row.record, row.progress)).collect())
    }
}

/// What is overdue on the plans of these records, a sum a currency.
pub async fn overdue_of(c: &mut Conn<'_>, kind: &Kind, ids: &[i64], today: Date) -> Result<Vec<Money>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = Query::new("p.currency, m.gross, m.paid", "milestone AS m JOIN payment_plan AS p ON p.id = m.plan");
    list.filter("p.subject_kind = ?", params![kind.as_str()]);
    list.one_of("p.subject_id", ids);
    list.filter("m.due_on < ? AND m.paid < m.gross", params![today]);
    list.sort(OVERDUE, "milestone");
    let late = list.page::<Late>(c, u32::MAX, None).await?.rows;
    let mut sums: Vec<Money> = Vec::new();
    for Late(money) in late {
        match sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => *sum = sum.plus(money).map_err(|error| DbError::Check(error.to_string()))?,
            None => sums.push(money),
        }
    }
    Ok(sums)
}

/// What is missing on a milestone.
struct Late(Money);

impl FromRow for Late {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (gross, paid): (Amount, Amount) = (row.get("gross")?, row.get("paid")?);
        let open = gross.minus(paid).map_err(|error| DbError::Check(error.to_string()))?;
        Ok(Self(Money::new(open, row.get("currency")?)))
    }
}
