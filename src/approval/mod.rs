//! Running approval cases: starting, deciding, inbox, links in messages.
//!
//! The engine in [`workflow`](crate::workflow) says what happens; this room reads what it needs, stores what it answers in one
//! write, and tells people. What is approved belongs to rooms above, which it knows only through [`Subject`].
//!
//! [`Approvals::act`] is the whole of it: one snapshot is read, the engine decides, and one unit stores state, events, what inboxes
//! read, effects and the change of the record after comparing the versions of case, record and directory. A room that changes its
//! record in the same unit uses [`Approvals::prepare`] and [`Prepared::store`].

mod approvals;
mod ask;
mod error;
mod jobs;
mod merkle;
mod people;
mod prepare;
mod prepared;
mod preview;
mod projection;
mod refusals;
pub mod replay;
mod snapshot;
mod store;
mod subject;
mod workflows;

pub use approvals::{Approvals, Practice};
pub use ask::{Ask, Done, Target};
pub use error::ApprovalError;
pub use people::People;
pub use prepare::Ready;
pub use prepared::{Prepared, TOPIC};
pub use preview::Preview;
pub use store::STATEMENTS;
pub use store::cases::StoredEvent;
pub use store::effects::{EffectId, StoredEffect};
pub use store::workflows::WorkflowVersion;
pub use subject::{Brief, CaseAt, EffectAt, EffectHandler, Part, Registry, Subject, SubjectChange, SubjectRefusal};
pub use workflows::Workflow;
