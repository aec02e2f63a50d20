//! What falls due, who hears of it, when (到期与预警).
//!
//! One table of due items, each of a record that some room above owns and kept in the write that changes the fact it comes from:
//! [`put`] when there is a date, [`clear`] when its reason is gone, [`warn`] for further warnings of the same date. A warning is a row with
//! the instant at which it is raised, so that a look at what is due today costs what is due today, however many contracts there are. Each
//! is raised once, by a message to whoever its rule means on that day; it moves when the date moves and is gone when the reason is.

mod actions;
pub mod api;
mod jobs;
mod model;
pub mod pages;
mod queries;
mod store;

pub use actions::{Deadlines, clear, clear_all, put, warn};
pub use model::{DueItemId, Hearer, Moment, NewDue, PlannedWarning, Step, UnknownDay, Warn, WarningId, audience, plan};
pub use queries::{DueFilter, DueRow, When};
pub use store::STATEMENTS;

use crate::kernel::Kind;
use crate::org::{Action, ProtectedKind, Reach};

/// Wakes whoever raises warnings, and the pages that show what is due.
pub const TOPIC: &str = "deadlines";

/// Due items, as a kind of record that roles are granted. Everybody sees their own.
pub const DUE_ITEM: Kind = Kind::of("due_item");

/// What this room protects: who sees what falls due for others.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    vec![ProtectedKind {
        kind: DUE_ITEM,
        title: "deadline.kind",
        actions: &[Action::Read],
        first: &[
            ("sales-manager", &[Action::Read], Reach::DepartmentAndBelow),
            ("legal", &[Action::Read], Reach::All),
            ("finance", &[Action::Read], Reach::All),
            ("accountant", &[Action::Read], Reach::All),
            ("general-manager", &[Action::Read], Reach::All),
            ("president", &[Action::Read], Reach::All),
            ("archivist", &[Action::Read], Reach::All),
            ("auditor", &[Action::Read], Reach::All),
        ],
    }]
}
