//! What this room refuses.

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::{Currency, Money, MoneyError, UnknownYear};
use crate::org::Forbidden;

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum SettlementError {
    /// No plan has started for the record, or the person may not see it.
    #[error("there is no such payment plan")]
    NoPlan,
    /// No such payment in the plan.
    #[error("there is no such payment")]
    NoPayment,
    /// It was reversed before.
    #[error("the payment is reversed already")]
    AlreadyReversed,
    /// A payment is more than nothing.
    #[error("{0:?} is not an amount that can be paid")]
    NotPayable(Money),
    /// A plan is kept in one currency.
    #[error("the plan is kept in {0:?}")]
    OtherCurrency(Currency),
    /// A field of a form that has to be filled.
    #[error("{0} is needed")]
    Needed(&'static str),
    /// No milestone of the plan waits for the event.
    #[error("no milestone waits for {0}")]
    NotAwaited(String),
    /// Why it is reversed must be said.
    #[error("a reversal needs a reason")]
    NoReason,
    /// A change may not take back what was paid.
    #[error("{0} is paid beyond its new amount")]
    PaidBeyond(String),
    /// Somebody changed the plan meanwhile.
    #[error("the plan changed meanwhile")]
    Changed,
    /// Not allowed.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Arithmetic on money failed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The calendar does not know a year that a due date needs.
    #[error(transparent)]
    UnknownYear(#[from] UnknownYear),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Explain for SettlementError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoPlan => "plan_not_found",
            Self::NoPayment => "payment_not_found",
            Self::AlreadyReversed => "payment_already_reversed",
            Self::NotPayable(_) => "amount_not_payable",
            Self::OtherCurrency(_) => "other_currency",
            Self::Needed(_) => "field_required",
            Self::NotAwaited(_) => "event_not_awaited",
            Self::NoReason => "reason_missing",
            Self::PaidBeyond(_) => "milestone_paid_beyond",
            Self::Changed => "version_conflict",
            Self::Forbidden(error) => error.code(),
            Self::Money(error) => error.code(),
            Self::UnknownYear(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoPlan | Self::NoPayment => ErrorKind::NotFound,
            Self::AlreadyReversed | Self::Changed | Self::PaidBeyond(_) => ErrorKind::Conflict,
            Self::NotPayable(_) | Self::OtherCurrency(_) | Self::Needed(_) | Self::NotAwaited(_) | Self::NoReason => {
                ErrorKind::Invalid
            }
            Self::Forbidden(error) => error.kind(),
            Self::Money(error) => error.kind(),
            Self::UnknownYear(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NoPlan => msg!("settlement.no_plan"),
            Self::NoPayment => msg!("settlement.no_payment"),
            Self::AlreadyReversed => msg!("settlement.already_reversed"),
            Self::NotPayable(money) => msg!("settlement.not_payable", amount = *money),
            Self::OtherCurrency(currency) => msg!("settlement.other_currency", currency = currency.code()),
            Self::Needed(_) => msg!("settlement.needed"),
            Self::NotAwaited(event) => msg!("settlement.not_awaited", event = event.as_str()),
            Self::NoReason => msg!("settlement.no_reason"),
            Self::PaidBeyond(title) => msg!("settlement.paid_beyond", milestone = title),
            Self::Changed => msg!("settlement.changed"),
            Self::Forbidden(error) => error.message(),
            Self::Money(error) => error.message(),
            Self::UnknownYear(error) => error.message(),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::NotPayable(_) | Self::OtherCurrency(_) | Self::Money(_) => Some("amount"),
            Self::Needed(field) => Some(field),
            Self::NotAwaited(_) => Some("event"),
            Self::NoReason => Some("reason"),
            _ => None,
        }
    }
}
