//! How approvals go: how long a task is with whom, which step takes most of the time, how often cases come back, what is overdue, and
//! when a case that is handed in will probably be over.
//!
//! [`Tally`] reads what happened, [`Report`] counts it, [`expected`] looks ahead; all three are pure. What the tally finds in the
//! events of a command is stored with them, so that figures are read from short rows and never from events.

mod earlier;
mod excel;
mod expect;
#[cfg(test)]
mod expect_tests;
mod facts;
mod found;
mod overdue;
mod queries;
mod report;
mod spread;
mod table;
mod tally;
#[cfg(test)]
mod tally_tests;
mod written;

pub use expect::{Begun, Expected, Moment, Office, Passes, Unsaid, expected};
pub use facts::{CaseFacts, SpanFacts, SuggestionFacts};
pub use found::{Found, Outcome, SpanEnd, Suggested, TaskSpan};
pub use overdue::OverdueTask;
pub use queries::{FigureFilter, lists};
pub use report::{GroupFigures, Pace, Report, ReturnFigures, StepFigures, Suggestions, WorkflowFigures};
pub use spread::{Spread, percent};
pub use tally::Tally;

pub(super) use excel::workbook;
pub(super) use table::{Cell, Names, Table, time_said};
pub(super) use tally::changed_hands;
pub(super) use written::{Setting, Written, WrittenOutcome, WrittenSpan, WrittenSuggestion};
