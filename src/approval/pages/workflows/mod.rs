//! Workflows for those who write them: what is published, drafts with their faults as one types, proposals, history.

mod draft;
mod export;
mod foreseen;
mod hand_in;
mod history;
mod list;
mod migration;
mod procedure;
mod proposal;
mod shown;
pub(super) mod weighing;

use axum::Router;

use crate::approval::{Desk, DraftId, WORKFLOW};
use crate::kernel::Actor;
use crate::org::pages::Permission;

crate::permits! {
    /// Reading workflows.
    pub(in crate::approval) ReadWorkflows = WORKFLOW, Read;
    /// Writing and publishing workflows.
    pub(in crate::approval) AdministerWorkflows = WORKFLOW, Administer;
}

crate::paths! {
    /// Published workflows, proposals, one's own drafts.
    pub(in crate::approval) WorkflowsPath = "/admin/workflows" {}
    /// One workflow with its history.
    pub(in crate::approval) WorkflowPath = "/admin/workflows/{name}" { name: String }
    /// The same for other tools.
    pub(in crate::approval) ExportPath = "/admin/workflows/{name}/export" { name: String }
    /// What differs between two of its versions.
    pub(in crate::approval) ChangesPath = "/admin/workflows/{name}/changes" { name: String }
    /// Running cases of other versions.
    pub(in crate::approval) MigrationPath = "/admin/workflows/{name}/cases" { name: String }
    /// Begins a draft from a version.
    pub(in crate::approval) BeginPath = "/admin/workflows/{name}/draft" { name: String }
    /// A draft from a file that is pasted or uploaded.
    pub(in crate::approval) HandInPath = "/admin/workflow-drafts/new" {}
    /// Writing on a draft.
    pub(in crate::approval) DraftPath = "/admin/workflow-drafts/{draft}" { draft: DraftId }
    /// Keeps a draft while its author types.
    pub(in crate::approval) KeepPath = "/admin/workflow-drafts/{draft}/keep" { draft: DraftId }
    /// Throws a draft away.
    pub(in crate::approval) DiscardPath = "/admin/workflow-drafts/{draft}/discard" { draft: DraftId }
    /// What somebody proposed.
    pub(in crate::approval) ProposalPath = "/admin/workflow-proposals/{draft}" { draft: DraftId }
    /// Makes it the version that new cases take.
    pub(in crate::approval) PublishPath = "/admin/workflow-proposals/{draft}/publish" { draft: DraftId }
    /// Does not.
    pub(in crate::approval) DeclinePath = "/admin/workflow-proposals/{draft}/decline" { draft: DraftId }
    /// Its author goes on writing.
    pub(in crate::approval) TakeBackPath = "/admin/workflow-proposals/{draft}/take-back" { draft: DraftId }
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .merge(list::routes())
        .merge(history::routes())
        .merge(export::routes())
        .merge(migration::routes())
        .merge(hand_in::routes())
        .merge(draft::routes())
        .merge(proposal::routes())
}

/// Who writes or decides.
fn actor(user: &Permission<AdministerWorkflows>) -> Actor {
    Actor::person(user.user.user(), user.channel())
}
