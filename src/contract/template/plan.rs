//! The payment plan: who pays how much when. It is content: it stands in the text, is hashed and approved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::{Date, Money, MoneyError, Rate, Span, Taxed};

/// The events of a contract that a milestone can wait for, beside other milestones of its plan.
pub const EVENTS: [&str; 4] = ["signed", "effective", "delivered", "accepted"];

/// One row of a contract's payment plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Its name, unique in the plan; later rows can wait for it.
    pub name: String,
    /// What people read: 首付款.
    pub title: String,
    /// How much.
    pub part: Part,
    /// When.
    pub due: Due,
    /// Whether this is money held back for the warranty period (质量保证金).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retention: bool,
}

/// How much of the total a milestone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A share of the total.
    Share(Rate),
    /// A fixed amount.
    Amount(Money),
    /// What the other rows leave.
    Rest,
}

/// When a milestone is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// On a date.
    On(Date),
    /// A span after an event: one of [`EVENTS`] or another milestone, at the event itself without a span.
    After {
        /// The event.
        event: String,
        /// How long after it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<Span>,
    },
}

/// A row with its amount: what settlement makes a milestone of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// The row of the plan.
    #[serde(flatten)]
    pub row: PlanRow,
    /// Net, tax and gross; the gross amounts of a plan add up to the total exactly.
    pub amount: Taxed,
}

/// Why a plan has no amounts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// The shares and amounts do not add up to the total.
    #[error("the payment plan does not add up to the total")]
    NotWhole,
    /// A row would be negative.
    #[error("{0} would be less than nothing")]
    Negative(String),
    /// Arithmetic on money failed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Computes the amounts of `rows` out of `total`. Shares are divided by the largest remainder (see [`Money::allocate`]), the
/// tax likewise in the proportion of the gross amounts, so that both add up to the last fen.
pub fn milestones(rows: &[PlanRow], total: Taxed) -> Result<Vec<Milestone>, PlanProblem> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let gross = gross_amounts(rows, total.gross)?;
    let taxes = divide_tax(total.tax, &gross)?;
    rows.iter()
        .zip(gross.into_iter().zip(taxes))
        .map(|(row, (gross, tax))| {
            if gross.amount.is_negative() {
                return Err(PlanProblem::Negative(row.title.clone()));
            }
            let amount = Taxed { net: gross.minus(tax)?, tax, gross, rate: total.rate };
            Ok(Milestone { row: row.clone(), amount })
        })
        .collect()
}

fn gross_amounts(rows: &[PlanRow], total: Money) -> Result<Vec<Money>, PlanProblem> {
    // Everything that is not a share of its own stands in one more place of the division, so that the shares come out as if
    // the plan were shares only.
    let mut weights: Vec<u64> = rows.iter().map(|row| weight(row.part)).collect();
    let shared: u64 = weights.iter().sum();
    let whole = u64::try_from(Rate::ONE.millionths()).unwrap_or_default();
    weights.push(whole.checked_sub(shared).ok_or(PlanProblem::NotWhole)?);
    let mut shares = total.allocate(&weights)?;
    shares.pop();

    let mut amounts: Vec<Option<Money>> = rows
        .iter()
        .zip(shares)
        .map(|(row, share)| match row.part {
            Part::Share(_) => Some(share),
            Part::Amount(amount) => Some(amount),
            Part::Rest => None,
        })
        .collect();
    let left = total.minus(Money::sum(amounts.iter().flatten().copied(), total.currency)?)?;
    match amounts.iter().filter(|amount| amount.is_none()).count() {
        0 if left.amount.is_zero() => {}
        1 => amounts.iter_mut().filter(|amount| amount.is_none()).for_each(|amount| *amount = Some(left)),
        _ => return Err(PlanProblem::NotWhole),
    }
    Ok(amounts.into_iter().flatten().collect())
}

fn weight(part: Part) -> u64 {
    match part {
        Part::Share(rate) => u64::try_from(rate.millionths()).unwrap_or_default(),
        Part::Amount(_) | Part::Rest => 0,
    }
}

fn divide_tax(tax: Money, gross: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let weights = gross.iter().map(|money| u64::try_from(money.amount.ten_thousandths()).unwrap_or_default());
    let weights: Vec<u64> = weights.collect();
    if weights.iter().all(|&weight| weight == 0) { Ok(vec![tax; gross.len()]) } else { tax.allocate(&weights) }
}

/// A row as the template declares it: fields stand where a contract has values.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRule {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// How much.
    pub part: PartRule,
    /// When.
    pub due: DueRule,
    /// Whether this is retention money.
    pub retention: bool,
    /// The alternative clause that must be taken for this row to exist.
    pub with: Option<String>,
}

/// How much, as the template declares it.
#[derive(Clone, Debug, PartialEq)]
pub enum PartRule {
    /// A share.
    Share(Rate),
    /// The amount in that money field.
    AmountOf(String),
    /// What the other rows leave.
    Rest,
}

/// When, as the template declares it.
#[derive(Clone, Debug, PartialEq)]
pub enum DueRule {
    /// On the date in that field.
    DateIn(String),
    /// A span after an event.
    After(String, Option<Span>),
}

impl PlanRule {
    /// The row with the values of the fields, nothing while a field that it needs is empty.
    pub fn row(
        &self,
        amounts: impl Fn(&str) -> Option<Money>,
        dates: impl Fn(&str) -> Option<Date>,
    ) -> Option<PlanRow> {
        let part = match &self.part {
            PartRule::Share(rate) => Part::Share(*rate),
            PartRule::AmountOf(field) => Part::Amount(amounts(field)?),
            PartRule::Rest => Part::Rest,
        };
        let due = match &self.due {
            DueRule::DateIn(field) => Due::On(dates(field)?),
            DueRule::After(event, span) => Due::After { event: event.clone(), span: *span },
        };
        let Self { name, title, retention, .. } = self;
        Some(PlanRow { name: name.clone(), title: title.clone(), part, due, retention: *retention })
    }
}

/// The sum of the shares for each way the clauses can be chosen, as `(way, sum, has a row that is not a share)`.
pub(super) fn share_sums(rules: &[PlanRule]) -> BTreeMap<Option<String>, (Rate, bool)> {
    let mut ways: Vec<Option<String>> =
        rules.iter().filter(|rule| rule.with.is_some()).map(|rule| rule.with.clone()).collect();
    if ways.is_empty() && !rules.is_empty() {
        ways.push(None);
    }
    ways.into_iter()
        .map(|way| {
            let taken = rules.iter().filter(|rule| rule.with.is_none() || rule.with == way);
            let (sum, open) = taken.fold((0, false), |(sum, open), rule| match &rule.part {
                PartRule::Share(rate) => (sum + rate.millionths(), open),
                PartRule::AmountOf(_) | PartRule::Rest => (sum, true),
            });
            (way, (Rate::from_millionths(sum), open))
        })
        .collect()
}
