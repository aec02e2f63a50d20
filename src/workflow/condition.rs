//! Conditions: named values first, closures where no named value can say it.

use serde::{Deserialize, Serialize};

use super::{ScriptId, Value};
use crate::kernel::Amount;

/// A condition over the facts. Every part is evaluated, in order, without short cuts; one error makes the whole an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "if", rename_all = "snake_case")]
pub enum Condition {
    /// The approval amount is at least this (以上, the number included).
    AmountFrom {
        /// In the base currency.
        amount: Amount,
    },
    /// The approval amount is less than this (不满).
    AmountBelow {
        /// In the base currency.
        amount: Amount,
    },
    /// The document differs from the standard text.
    Deviates,
    /// The category is one of these.
    CategoryIs {
        /// Codes.
        categories: Vec<String>,
    },
    /// A field has this value.
    FieldIs {
        /// Name of the field.
        field: String,
        /// What it must be.
        value: Value,
    },
    /// The other party carries this mark (关联方, black list). A fact, read when the node is entered, never rerouted.
    OtherPartyIs {
        /// The mark.
        mark: String,
    },
    /// A field is filled.
    Has {
        /// Name of the field.
        field: String,
    },
    /// All hold.
    AllOf {
        /// The parts.
        parts: Vec<Condition>,
    },
    /// At least one holds.
    AnyOf {
        /// The parts.
        parts: Vec<Condition>,
    },
    /// The part does not hold.
    Not {
        /// The part.
        part: Box<Condition>,
    },
    /// A closure of the file (专家写法).
    Expert {
        /// Which closure.
        script: ScriptId,
    },
}

impl Condition {
    /// The condition that no record meets.
    pub fn nothing() -> Self {
        Self::AnyOf { parts: Vec::new() }
    }

    /// Whether it says that no record meets it, not only that it happens so.
    pub fn is_nothing(&self) -> bool {
        *self == Self::nothing()
    }
}

/// A field that was read for an answer, with the value it had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// Name of the field.
    pub field: String,
    /// What it was.
    pub value: Value,
}
