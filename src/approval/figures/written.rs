//! What the tally found, as it is stored: with the departments of that time and the time inside office hours.

use super::expect::Office;
use super::found::{Found, Outcome, Suggested, TaskSpan};
use crate::kernel::{DepartmentId, Kind, UserId};
use crate::workflow::{Directory, SuggestionNumber};

/// What is known of a case beside its events.
pub(in crate::approval) struct Setting<'a> {
    pub(in crate::approval) workflow: &'a str,
    pub(in crate::approval) kind: &'a Kind,
    pub(in crate::approval) drafter: UserId,
    pub(in crate::approval) directory: &'a Directory,
    pub(in crate::approval) office: Office<'a>,
}

/// The rows of a case that change.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct Written {
    pub(in crate::approval) workflow: String,
    pub(in crate::approval) kind: Kind,
    /// Rows of this event and later go.
    pub(in crate::approval) undone: Option<u64>,
    pub(in crate::approval) spans: Vec<WrittenSpan>,
    pub(in crate::approval) suggested: Vec<WrittenSuggestion>,
    pub(in crate::approval) answered: Vec<(SuggestionNumber, bool)>,
    pub(in crate::approval) outcome: Option<WrittenOutcome>,
}

/// A span with where the person worked, and the minutes inside office hours where they are known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct WrittenSpan {
    pub(in crate::approval) span: TaskSpan,
    pub(in crate::approval) department: Option<DepartmentId>,
    pub(in crate::approval) working: Option<u32>,
}

/// A suggestion with where the person worked.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct WrittenSuggestion {
    pub(in crate::approval) suggested: Suggested,
    pub(in crate::approval) department: Option<DepartmentId>,
}

/// How a case was decided, whose it was, and how long it took.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct WrittenOutcome {
    pub(in crate::approval) outcome: Outcome,
    pub(in crate::approval) drafter: UserId,
    pub(in crate::approval) department: Option<DepartmentId>,
    pub(in crate::approval) working: Option<u32>,
}

impl Found {
    /// As it is stored.
    pub(in crate::approval) fn written(self, setting: &Setting<'_>) -> Written {
        let department = |person: Option<UserId>| setting.directory.people.get(&person?)?.department;
        let span = |span: TaskSpan| WrittenSpan {
            department: department(span.person),
            working: setting.office.minutes(span.opened_at, span.closed_at),
            span,
        };
        let suggestion =
            |suggested: Suggested| WrittenSuggestion { department: department(suggested.person), suggested };
        let outcome = |outcome: Outcome| WrittenOutcome {
            drafter: setting.drafter,
            department: department(Some(setting.drafter)),
            working: setting.office.minutes(outcome.asked_at, outcome.decided_at),
            outcome,
        };
        Written {
            workflow: setting.workflow.to_owned(),
            kind: setting.kind.clone(),
            undone: self.undone,
            spans: self.spans.into_iter().map(span).collect(),
            suggested: self.suggested.into_iter().map(suggestion).collect(),
            answered: self.answered,
            outcome: self.outcome.map(outcome),
        }
    }
}
