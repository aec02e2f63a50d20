//! Milestones and payments (结算): what a record owes or is owed, when, and what was paid.
//!
//! A plan is the record's own: it stands in the contract's text, is approved with it, and starts here when the contract is signed.
//! The room knows what a plan belongs to only as a [`Ref`](crate::kernel::Ref). Dates appear when their event is recorded;
//! nothing that was recorded is deleted, it is reversed.

mod actions;
pub mod api;
mod error;
mod model;
pub mod pages;
mod progress;
mod queries;
mod store;

pub use actions::{At, NewPayment, Settlements, adjust_plan, follow_again, milestones_of, record_event, start_plan};
pub use error::SettlementError;
pub use model::{
    Allocation, Balance, Direction, DueRule, Method, Milestone, NewPlan, PlanId, PlannedMilestone, Standing, allocate,
    balance, due_date, standing,
};
pub use progress::{Progress, overdue_of};
pub use queries::{MilestoneFilter, MilestoneRow, Overview, PaymentRow};
pub use store::{Plan, STATEMENTS};

use crate::kernel::Kind;
use crate::org::{Action, ProtectedKind, Reach};

/// Payment plans, as a kind of record that roles are granted.
pub const PAYMENT_PLAN: Kind = Kind::of("payment_plan");

/// What this room protects: who sees plans, and who records payments.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    vec![ProtectedKind {
        kind: PAYMENT_PLAN,
        title: "settlement.kind",
        actions: &[Action::Read, Action::Edit],
        first: &[
            ("drafter", &[Action::Read], Reach::Own),
            ("sales-manager", &[Action::Read], Reach::DepartmentAndBelow),
            ("legal", &[Action::Read], Reach::All),
            ("finance", &[Action::Read, Action::Edit], Reach::All),
            ("accountant", &[Action::Read, Action::Edit], Reach::All),
            ("finance-director", &[Action::Read], Reach::All),
            ("vice-president", &[Action::Read], Reach::All),
            ("general-manager", &[Action::Read], Reach::All),
            ("president", &[Action::Read], Reach::All),
        ],
    }]
}
