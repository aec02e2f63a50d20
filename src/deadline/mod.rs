//! What falls due, who hears of it, when (到期与预警).
//!
//! One table of due items, each of a record that some room above owns and kept in the write that changes the fact it comes from:
//! [`put`] when there is a date, [`clear`] when its reason is gone. A warning is a row with the instant at which it is raised, so that a
//! look at what is due today costs what is due today, however many contracts there are.

mod actions;
mod model;
mod queries;
mod store;

pub use actions::{Deadlines, clear, clear_all, put};
pub use model::{DueItemId, Hearer, Moment, NewDue, PlannedWarning, Step, UnknownDay, Warn, plan};
pub use queries::{DueFilter, DueRow};
pub use store::STATEMENTS;
