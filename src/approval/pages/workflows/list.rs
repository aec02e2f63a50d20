//! Every workflow, and what is being written.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::{DraftPath, HandInPath, ProposalPath, ReadWorkflows, WorkflowPath, WorkflowsPath};
use crate::approval::{Desk, Draft, DraftState, OutdatedRun, WORKFLOW, WorkflowVersion, outdated};
use crate::kernel::{Actor, Timestamp, UserId};
use crate::org::Action;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Page};

#[derive(Clone, Serialize)]
struct WorkflowsPage {
    workflows: Vec<WorkflowShown>,
    proposals: Vec<DraftShown>,
    drafts: Vec<DraftShown>,
    hand_in: Option<String>,
}

impl Page for WorkflowsPage {
    const TEMPLATE: &'static str = "approval/workflows.html";
}

#[derive(Clone, Serialize)]
struct WorkflowShown {
    name: String,
    title: String,
    version: String,
    path: String,
    at: Timestamp,
    by: Option<String>,
    /// What the sub-workflows are called that it runs although there is a newer version.
    outdated: Vec<String>,
}

/// A draft in a list.
#[derive(Clone, Serialize)]
pub(super) struct DraftShown {
    workflow: String,
    author: String,
    /// Where it is read; nothing while somebody else writes.
    path: Option<String>,
    at: Timestamp,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(WorkflowsPath::PATTERN, get(list))
}

async fn list(user: Permission<ReadWorkflows>, State(desk): State<Desk>) -> web::Result {
    let current = desk.approvals().current_workflows().await?;
    let mut older = outdated(&current)?;
    let with_older = |version: WorkflowVersion| {
        let of_it = older.remove(&version.name).unwrap_or_default();
        shown(&desk, version, of_it)
    };
    let workflows = current.into_iter().map(with_older).collect();
    let person = user.user.user();
    let writes = user.session().may(&WORKFLOW, Action::Administer);
    let open = if writes { desk.open_drafts(Actor::person(person, user.channel())).await? } else { Vec::new() };
    let (proposals, writing): (Vec<Draft>, Vec<Draft>) =
        open.into_iter().partition(|draft| draft.state == DraftState::Proposed);
    user.page(&WorkflowsPage {
        workflows,
        proposals: drafts(&desk, &proposals, person),
        drafts: drafts(&desk, &writing, person),
        hand_in: writes.then(|| HandInPath {}.to_string()),
    })
}

fn shown(desk: &Desk, version: WorkflowVersion, outdated: Vec<OutdatedRun>) -> WorkflowShown {
    WorkflowShown {
        outdated: outdated.into_iter().map(|one| one.title).collect(),
        path: WorkflowPath { name: version.name.clone() }.to_string(),
        version: version.version.short(),
        at: version.published_at,
        by: version.published_by.map(|person| desk.directory().name(person)),
        name: version.name,
        title: version.title,
    }
}

/// Drafts as lists show them to somebody.
pub(super) fn drafts(desk: &Desk, drafts: &[Draft], reader: UserId) -> Vec<DraftShown> {
    let directory = desk.directory();
    let path = |draft: &Draft| match draft.state {
        DraftState::Proposed | DraftState::Published => Some(ProposalPath { draft: draft.id }.to_string()),
        DraftState::Writing => (draft.author == reader).then(|| DraftPath { draft: draft.id }.to_string()),
    };
    let shown = drafts.iter().map(|draft| DraftShown {
        workflow: draft.workflow.clone(),
        author: directory.name(draft.author),
        path: path(draft),
        at: draft.updated_at,
    });
    shown.collect()
}

#[cfg(test)]
pub(super) fn sample() -> DraftShown {
    DraftShown {
        workflow: "sales-contract".into(),
        author: "Zhang".into(),
        path: Some("/admin/workflow-drafts/1".into()),
        at: Timestamp::from_micros(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn workflows_render() {
        let workflow = WorkflowShown {
            name: "sales-contract".into(),
            title: "Sales contracts".into(),
            version: "0a1b2c3d".into(),
            path: "/admin/workflows/sales-contract".into(),
            at: Timestamp::from_micros(0),
            by: Some("Zhang".into()),
            outdated: vec!["Risk".into()],
        };
        let drafts = vec![sample(), DraftShown { path: None, ..sample() }];
        let hand_in = Some("/admin/workflow-drafts/new".to_owned());
        renders(WorkflowsPage { workflows: vec![workflow], proposals: drafts.clone(), drafts, hand_in }).await;
        renders(WorkflowsPage { workflows: Vec::new(), proposals: Vec::new(), drafts: Vec::new(), hand_in: None })
            .await;
    }
}
