//! What can be wrong with a value.

use crate::kernel::MoneyError;

/// Why a value does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// It is required and empty.
    #[error("a value is missing")]
    Missing,
    /// The contract has no such field.
    #[error("there is no such field")]
    NoSuchField,
    /// It follows from other fields.
    #[error("a computed field takes no value")]
    IsComputed,
    /// The JSON has another shape than the type asks for.
    #[error("a {expected} is expected")]
    WrongShape {
        /// The type of the field.
        expected: &'static str,
    },
    /// A number or an amount cannot be read or kept.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// No date, or no such day.
    #[error("{0:?} is not a date")]
    NotADate(String),
    /// Too small.
    #[error("the least is {0}")]
    BelowMinimum(String),
    /// Too large.
    #[error("the most is {0}")]
    AboveMaximum(String),
    /// Too long.
    #[error("at most {0} characters")]
    TooLong(usize),
    /// Line breaks in a one-line text, or control characters.
    #[error("characters that cannot be printed")]
    Unprintable,
    /// Not one of the options.
    #[error("{0:?} is not an option")]
    NotAnOption(String),
    /// The text does not match the field's pattern.
    #[error("{0}")]
    Pattern(String),
    /// Before the date of another field.
    #[error("before {other}")]
    TooEarly {
        /// The label of the other field.
        other: String,
    },
    /// A product line is incomplete: its number from 1.
    #[error("line {0} needs a name, a unit, a quantity above zero and a price that is not negative")]
    Line(usize),
    /// A milestone is incomplete: its number from 1.
    #[error("milestone {0} needs a title, a share or an amount, and a time")]
    Milestone(usize),
    /// The payment plan does not divide the total.
    #[error("the payment plan does not add up to the total")]
    PlanNotWhole,
    /// A milestone waits for an event that there is not.
    #[error("{0:?} is not an event of this contract")]
    UnknownEvent(String),
}
