//! The seam to the workflow file's closures: Rhai implements it, and a plain table in the property tests.

use serde::{Deserialize, Serialize};

use super::{Facts, Place, Read, Who};

/// A closure of a definition, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScriptId(pub u32);

/// An answer and the fields that were read for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// What was read, in order, each field once.
    pub reads: Vec<Read>,
}

/// Why a closure or a condition gave no answer; the case becomes stuck with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{problem:?} at {place:?}")]
pub struct ScriptFault {
    /// Where in the file.
    pub place: Option<Place>,
    /// What went wrong.
    pub problem: ScriptProblem,
}

/// What can go wrong in a closure or a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum ScriptProblem {
    /// An empty field is never compared.
    EmptyField {
        /// Name of the field.
        field: String,
    },
    /// The subject has no such field.
    UnknownField {
        /// Name of the field.
        field: String,
    },
    /// No exchange rate for the day, or no amount.
    NoApprovalAmount,
    /// Two values that cannot be compared.
    Incomparable {
        /// What stood left.
        left: String,
        /// What stood right.
        right: String,
    },
    /// Ran past its bound of operations or time.
    TooLong,
    /// The closure answered with something else than was asked.
    WrongAnswer {
        /// What it gave.
        got: String,
    },
    /// Anything else the script said.
    Failed {
        /// Its words.
        message: String,
    },
}

/// Answers closures. Implementations are deterministic and bounded.
pub trait Script: Send + Sync {
    /// Whether a guard holds.
    fn guard(&self, id: ScriptId, facts: &Facts) -> Result<Answer<bool>, ScriptFault>;
    /// The rule that an approver closure gives.
    fn people(&self, id: ScriptId, facts: &Facts) -> Result<Answer<Who>, ScriptFault>;
    /// The effects that a hook closure gives.
    fn effects(&self, id: ScriptId, facts: &Facts) -> Result<Answer<Vec<super::Effect>>, ScriptFault>;
}
