//! What a report counts: rows, as figures read them.

use super::found::SpanEnd;
use crate::kernel::{DepartmentId, Kind, UserId};
use crate::workflow::{NodeName, ReturnTo};

/// A span as figures read it.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanFacts {
    /// The workflow.
    pub workflow: String,
    /// The node.
    pub node: NodeName,
    /// What people read.
    pub node_title: String,
    /// The kind of record.
    pub kind: Kind,
    /// Who had it.
    pub person: Option<UserId>,
    /// Where they worked then.
    pub department: Option<DepartmentId>,
    /// In which round.
    pub round: u32,
    /// How it ended.
    pub end: SpanEnd,
    /// Where the case went back to with it.
    pub returned_to: Option<ReturnTo>,
    /// Whether it ended after its due time; nothing where it had none.
    pub late: Option<bool>,
    /// Minutes inside office hours; nothing where the calendar does not know a year.
    pub working: Option<u32>,
    /// Minutes by the clock.
    pub elapsed: u32,
}

/// A suggestion as figures read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestionFacts {
    /// The workflow.
    pub workflow: String,
    /// The node at which it was made; empty beside any task.
    pub node: NodeName,
    /// Who made it.
    pub person: Option<UserId>,
    /// Whether the drafter took it; nothing yet.
    pub taken: Option<bool>,
}

/// A decided case as figures read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFacts {
    /// The workflow.
    pub workflow: String,
    /// Submissions that it took.
    pub rounds: u32,
    /// Minutes inside office hours from the first question to the decision.
    pub working: Option<u32>,
}
