//! Running approval cases: starting, deciding, inbox, links in messages.
//!
//! The engine in [`workflow`](crate::workflow) says what happens; this room reads what it needs, stores what it answers in one
//! write, and tells people. What is approved belongs to rooms above, which it knows only through [`Subject`].
//!
//! [`Approvals::act`] is the whole of it: one snapshot is read, the engine decides, and one unit stores state, events, what inboxes
//! read, effects and the change of the record after comparing the versions of case, record and directory. A room that changes its
//! record in the same unit uses [`Approvals::prepare`] and [`Prepared::store`].

pub mod api;
mod approvals;
mod ask;
mod authoring;
mod boxes;
mod bundle;
mod concern;
mod desk;
pub mod effects;
mod error;
mod evidence;
pub mod figures;
mod glance;
mod history;
pub mod impact;
mod jobs;
mod kinds;
mod links;
mod look;
mod merkle;
mod moving;
mod outdated;
pub mod pages;
mod people;
mod phrases;
mod prepare;
mod prepared;
mod preview;
mod projection;
mod records;
mod refusals;
pub mod replay;
mod sheet;
mod snapshot;
mod store;
mod stuck;
mod subject;
mod telling;
mod words;
mod workflows;

use crate::db::Query;

pub use approvals::{Approvals, Practice};
pub use ask::{Ask, Done, Key, Target};
pub use authoring::{
    DiffLine, Draft, DraftId, DraftState, DraftText, Foreseen, LineKind, Reading, Reviewer, Tested, file_of, hunks,
};
pub use boxes::{BoxFilter, BoxKind, BoxRow};
pub use bundle::{Anchored, BundleFlaw, CheckedBundle, Members, check as check_bundle, pack, unpack};
pub use desk::{Desk, publish};
pub use error::ApprovalError;
pub use evidence::{Flaw, Verified, verify};
pub use glance::Glance;
pub use history::Line;
pub use impact::Impact;
pub use kinds::{APPROVAL, WORKFLOW, protected_kinds};
pub use links::{LinkEnd, LinkSeen};
pub use look::{Look, Viewer};
pub use moving::{Asked, Moved};
pub use outdated::{OutdatedRun, outdated};
pub use people::People;
pub use prepare::Ready;
pub use prepared::{Prepared, TOPIC, TOPIC_OF};
pub use preview::Preview;
pub use records::{BeforeHandingIn, RecordApprover, RecordDesk, RecordEffects, RecordSubject, Whom};
pub use sheet::{Entry, Proof, Proposed, Sheet, SheetShown, SheetStep};
pub use store::STATEMENTS;
pub use store::cases::StoredEvent;
pub use store::effects::{EffectId, StoredEffect};
pub use store::publications::Publication;
pub use store::workflows::WorkflowVersion;
pub use stuck::StuckCase;
pub use subject::{
    Beside, Brief, BriefFile, CaseAt, EffectAt, EffectHandler, KeptContent, Listed, ONE_DEAL_DAYS, Part, Reader,
    Registry, Rewrite, Subject, SubjectChange, SubjectRefusal,
};
pub use workflows::Workflow;

/// Every list of this room with every filter, for the test that prepares them on both engines.
pub fn lists() -> Vec<Query> {
    [boxes::lists(), figures::lists()].concat()
}
