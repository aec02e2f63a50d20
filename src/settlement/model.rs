//! Plans, milestones and payments. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::i18n::{Message, msg};
use crate::kernel::id::id;
use crate::kernel::{
    Amount, Currency, Date, DepartmentId, MilestoneId, Money, MoneyError, OfficeHours, Ref, Span, Taxed, UnknownYear,
    UserId, WorkCalendar,
};

id! {
    /// The payment plan of a record.
    PlanId,
}

/// Which way money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To us (应收).
    Receivable,
    /// From us (应付).
    Payable,
}

impl Direction {
    /// As it stands in the table and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Payable => "payable",
        }
    }

    /// The direction of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Receivable, Self::Payable].into_iter().find(|direction| direction.name() == name)
    }
}

/// How money went (catalogue FI-04, C5 付款方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 银行转账 (银汇).
    BankTransfer,
    /// 邮汇.
    PostalTransfer,
    /// 货到付款.
    OnDelivery,
    /// 贷款.
    Loan,
    /// 票据.
    Draft,
    /// 现金.
    Cash,
}

impl Method {
    /// Every method, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::BankTransfer, Self::PostalTransfer, Self::OnDelivery, Self::Loan, Self::Draft, Self::Cash];

    /// As it stands in the table and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::PostalTransfer => "postal_transfer",
            Self::OnDelivery => "on_delivery",
            Self::Loan => "loan",
            Self::Draft => "draft",
            Self::Cash => "cash",
        }
    }

    /// What people call it.
    pub fn label(self) -> Message {
        match self {
            Self::BankTransfer => msg!("settlement.method.bank_transfer"),
            Self::PostalTransfer => msg!("settlement.method.postal_transfer"),
            Self::OnDelivery => msg!("settlement.method.on_delivery"),
            Self::Loan => msg!("settlement.method.loan"),
            Self::Draft => msg!("settlement.method.draft"),
            Self::Cash => msg!("settlement.method.cash"),
        }
    }

    /// The method of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// The plan of a record as its room hands it over when it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPlan {
    /// The record.
    pub subject: Ref,
    /// What people call it.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Who pays or is paid.
    pub other_party: String,
    /// Where its page is.
    pub path: String,
    /// Which way the money goes.
    pub direction: Direction,
    /// Whose it is.
    pub owner: UserId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
    /// In the order of the plan; all in one currency.
    pub milestones: Vec<PlannedMilestone>,
}

/// One row of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedMilestone {
    /// Unique in the plan; later rows can wait for it.
    pub name: String,
    /// What people read: 首付款.
    pub title: String,
    /// Net, tax and gross.
    pub amount: Taxed,
    /// When.
    pub due: DueRule,
    /// Money held back for the warranty period (质量保证金).
    pub retention: bool,
}

impl PlannedMilestone {
    /// Whether the event gives it a date.
    pub fn waits_for(&self, happened: &str) -> bool {
        matches!(&self.due, DueRule::After { event, .. } if event == happened)
    }
}

/// When a milestone is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DueRule {
    /// On a date.
    On(Date),
    /// After an event of the record, or after another milestone was paid.
    After {
        /// `signed`, `delivered`, or the name of a milestone.
        event: String,
        /// How long after it; at once without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Object>)]
        span: Option<Span>,
    },
}

/// A milestone as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// As it was planned.
    pub planned: PlannedMilestone,
    /// When it is due, once that is known.
    pub due_on: Option<Date>,
    /// What was paid on it.
    pub paid: Amount,
}

impl Milestone {
    /// What is still to be paid.
    pub fn open(&self) -> Amount {
        let gross = self.planned.amount.gross.amount;
        gross.minus(self.paid).ok().filter(|left| !left.is_negative()).unwrap_or(Amount::ZERO)
    }
}

/// Where a milestone stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its event has not happened.
    Waiting,
    /// Dated, nothing paid.
    Due,
    /// Something paid.
    Partly,
    /// Its date has passed and something is open.
    Overdue,
    /// Paid.
    Paid,
}

/// Where a milestone stands on `today`.
pub fn standing(milestone: &Milestone, today: Date) -> Standing {
    if milestone.open().is_zero() {
        return Standing::Paid;
    }
    match milestone.due_on {
        Some(due) if due < today => Standing::Overdue,
        _ if !milestone.paid.is_zero() => Standing::Partly,
        Some(_) => Standing::Due,
        None => Standing::Waiting,
    }
}

/// The date on which a milestone is due, once its event has happened.
pub fn due_date(
    rule: &DueRule,
    events: &BTreeMap<String, Date>,
    calendar: &WorkCalendar,
    office: &OfficeHours,
) -> Result<Option<Date>, UnknownYear> {
    match rule {
        DueRule::On(date) => Ok(Some(*date)),
        DueRule::After { event, span } => {
            let Some(happened) = events.get(event) else { return Ok(None) };
            span.map_or(Ok(*happened), |span| span.due_date(*happened, calendar, office)).map(Some)
        }
    }
}

/// A part of a payment for a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Which milestone.
    pub milestone: MilestoneId,
    /// How much.
    pub amount: Amount,
}

/// Divides a payment among what is open: first the milestone that was named, then dated ones, the earliest first, then the others in
/// the order of the plan. What remains is paid in advance and stays without a milestone.
pub fn allocate(
    payment: Amount,
    named: Option<MilestoneId>,
    milestones: &[Milestone],
) -> Result<Vec<Allocation>, MoneyError> {
    let mut order: Vec<&Milestone> = milestones.iter().filter(|milestone| !milestone.open().is_zero()).collect();
    order.sort_by_key(|one| (Some(one.id) != named, one.due_on.is_none(), one.due_on));
    let mut left = payment;
    let mut allocations = Vec::new();
    for milestone in order {
        if left.is_zero() {
            break;
        }
        let amount = left.min(milestone.open());
        left = left.minus(amount)?;
        allocations.push(Allocation { milestone: milestone.id, amount });
    }
    Ok(allocations)
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Balance {
    /// The whole.
    pub planned: Money,
    /// Paid, allocated or not.
    pub paid: Money,
    /// Still to be paid on milestones.
    pub open: Money,
    /// Open and past its date.
    pub overdue: Money,
    /// Paid without a milestone.
    pub in_advance: Money,
}

impl Balance {
    /// How much of the plan is paid, in per cent, rounded down.
    pub fn percent(&self) -> i128 {
        let planned = self.planned.amount.ten_thousandths();
        if planned <= 0 {
            return 100;
        }
        (self.paid.amount.ten_thousandths() * 100 / planned).clamp(0, 100)
    }
}

/// What a plan comes to on `today`, with `paid` the sum of its payments that stand.
pub fn balance(milestones: &[Milestone], paid: Amount, currency: Currency, today: Date) -> Result<Balance, MoneyError> {
    let money = |amount| Money::new(amount, currency);
    let sum = |amounts: &mut dyn Iterator<Item = Amount>| Amount::sum(amounts);
    let planned = sum(&mut milestones.iter().map(|one| one.planned.amount.gross.amount))?;
    let allocated = sum(&mut milestones.iter().map(|one| one.paid))?;
    let open = sum(&mut milestones.iter().map(Milestone::open))?;
    let late = milestones.iter().filter(|one| standing(one, today) == Standing::Overdue);
    let overdue = sum(&mut late.map(Milestone::open))?;
    Ok(Balance {
        planned: money(planned),
        paid: money(paid),
        open: money(open),
        overdue: money(overdue),
        in_advance: money(paid.minus(allocated)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn yuan(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn milestone(id: i64, gross: Amount, due_on: Option<Date>, paid: Amount) -> Milestone {
        let amount = Taxed::from_gross(Money::new(gross, Currency::CNY), crate::kernel::Rate::percent(13)).unwrap();
        let due = DueRule::After { event: "signed".into(), span: None };
        let planned =
            PlannedMilestone { name: format!("m{id}"), title: format!("第{id}期"), amount, due, retention: false };
        Milestone { id: MilestoneId::new(id), planned, due_on, paid }
    }

    fn parts(allocations: &[Allocation]) -> Vec<(i64, String)> {
        allocations.iter().map(|part| (part.milestone.get(), part.amount.to_string())).collect()
    }

    #[test]
    fn a_date_appears_when_its_event_is_recorded() {
        let rule = DueRule::After { event: "accepted".into(), span: Some(Span::WorkingDays(10)) };
        let office = OfficeHours::default();
        let due = |events| due_date(&rule, &events, WorkCalendar::mainland(), &office);
        assert_eq!(due(BTreeMap::new()), Ok(None));
        assert_eq!(due(BTreeMap::from([("accepted".into(), date(2026, 3, 2))])), Ok(Some(date(2026, 3, 16))));
    }

    #[test]
    fn a_payment_goes_to_the_named_milestone_first_then_to_the_earliest() {
        let milestones = [
            milestone(1, yuan("100"), Some(date(2026, 3, 1)), yuan("40")),
            milestone(2, yuan("50"), None, Amount::ZERO),
            milestone(3, yuan("30"), Some(date(2026, 2, 1)), Amount::ZERO),
        ];
        let to = |amount, named| parts(&allocate(yuan(amount), named, &milestones).unwrap());
        assert_eq!(to("70", None), [(3, "30.00".into()), (1, "40.00".into())]);
        assert_eq!(to("70", Some(MilestoneId::new(2))), [(2, "50.00".into()), (3, "20.00".into())]);
    }

    #[test]
    fn what_remains_is_paid_in_advance() {
        let milestones = [milestone(1, yuan("100"), None, Amount::ZERO)];
        let allocations = allocate(yuan("120"), None, &milestones).unwrap();
        assert_eq!(parts(&allocations), [(1, "100.00".into())]);
        let paid = [milestone(1, yuan("100"), None, yuan("100"))];
        let balance = balance(&paid, yuan("120"), Currency::CNY, date(2026, 1, 1)).unwrap();
        assert_eq!((balance.in_advance.amount, balance.open.amount), (yuan("20"), Amount::ZERO));
    }

    #[test]
    fn a_milestone_is_overdue_the_day_after_its_date() {
        let one = milestone(1, yuan("100"), Some(date(2026, 3, 1)), yuan("1"));
        assert_eq!(standing(&one, date(2026, 3, 1)), Standing::Partly);
        assert_eq!(standing(&one, date(2026, 3, 2)), Standing::Overdue);
    }

    proptest! {
        #[test]
        fn allocations_never_exceed_the_payment_nor_what_is_open(
            payment in 1_i64..1_000_000_000,
            grosses in proptest::collection::vec(1_i64..100_000_000, 1..8),
        ) {
            let milestones: Vec<_> = grosses.iter().zip(1_i64..)
                .map(|(gross, id)| milestone(id, Amount::from_stored(gross * 100), None, Amount::ZERO))
                .collect();
            let payment = Amount::from_stored(payment * 100);
            let allocations = allocate(payment, None, &milestones).unwrap();
            let allocated = Amount::sum(allocations.iter().map(|part| part.amount)).unwrap();
            let open = Amount::sum(milestones.iter().map(Milestone::open)).unwrap();
            prop_assert_eq!(allocated, payment.min(open));
            for part in &allocations {
                prop_assert!(part.amount <= milestones.iter().find(|one| one.id == part.milestone).unwrap().open());
            }
        }
    }
}
