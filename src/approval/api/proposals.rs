//! Workflow files on their way to being published: proposed by one person, published or declined by another.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::workflows::{WorkflowShown, faulty};
use crate::approval::pages::AdministerWorkflows;
use crate::approval::{ApprovalError, Desk, Draft, DraftId, DraftState, DraftText};
use crate::kernel::{Actor, Timestamp};
use crate::org::pages::Permission;
use crate::web::api::{Json, Path};
use crate::web::{self, Problem};
use crate::workflow::Directory;

/// A workflow file to be published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProposal {
    source: String,
    /// The scenarios beside it.
    #[serde(default)]
    scenarios: String,
    /// Why it is changed.
    #[serde(default)]
    note: String,
    /// Publishes it at once, with this reason, where nobody else could. While a case of the caller's own runs through it, it is refused.
    alone_because: Option<String>,
}

/// A workflow file that somebody proposed.
#[derive(Serialize, ToSchema)]
pub(super) struct ProposalShown {
    id: i64,
    /// The name of the workflow.
    workflow: String,
    author: i64,
    author_name: String,
    /// `proposed`, `published`, or `writing` again.
    state: &'static str,
    /// Hash of the language number and the source, under which it would be published.
    hash: Option<String>,
    /// The hash of the version that it was begun from.
    base: Option<String>,
    note: String,
    source: String,
    scenarios: String,
    /// Rises with every change; who answers sends it back.
    version: i64,
    updated_at: Timestamp,
}

/// What waits for a second person.
#[derive(Serialize, ToSchema)]
pub(super) struct Proposals {
    proposals: Vec<ProposalShown>,
}

/// Publishes what was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeenProposal {
    /// The one that was read.
    version: i64,
    /// The reason of an author who is alone.
    alone_because: Option<String>,
}

/// Takes back what was proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakenBack {
    /// The one that was read.
    version: i64,
}

/// Why it is not published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Declined {
    /// The one that was read.
    version: i64,
    reason: String,
}

impl ProposalShown {
    fn of(draft: Draft, directory: &Directory) -> Self {
        Self {
            id: draft.id.get(),
            author: draft.author.get(),
            author_name: directory.name(draft.author),
            state: draft.state.word(),
            hash: draft.proposed.map(|hash| hash.to_string()),
            base: draft.base.map(|hash| hash.to_string()),
            note: draft.text.note,
            source: draft.text.source,
            scenarios: draft.text.scenarios,
            version: draft.version,
            updated_at: draft.updated_at,
            workflow: draft.workflow,
        }
    }
}

fn actor(caller: &Permission<AdministerWorkflows>) -> Actor {
    Actor::person(caller.user.user(), caller.channel())
}

/// Proposes a version; a second person publishes it. A file with errors answers 422, each with its line.
#[utoipa::path(post, path = "/workflows", tag = "workflows", request_body = NewProposal,
    responses((status = 201, body = ProposalShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn propose(
    caller: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Json(new): Json<NewProposal>,
) -> web::Result {
    let text = DraftText { source: new.source, scenarios: new.scenarios, note: new.note };
    let done = match new.alone_because {
        Some(because) => desk.publish_alone(actor(&caller), text, &because).await,
        None => desk.propose_file(actor(&caller), text).await,
    };
    let draft = done.map_err(|error| match error {
        ApprovalError::Faults { faults, .. } => faulty(&faults),
        other => other.into(),
    })?;
    Ok((StatusCode::CREATED, Json(ProposalShown::of(draft, &desk.directory()))).into_response())
}

/// What waits for a second person, the last proposed first.
#[utoipa::path(get, path = "/workflow-proposals", tag = "workflows", responses((status = 200, body = Proposals)))]
pub(super) async fn list(caller: Permission<AdministerWorkflows>, State(desk): State<Desk>) -> web::Result {
    let (open, directory) = (desk.open_drafts(actor(&caller)).await?, desk.directory());
    let proposed = open.into_iter().filter(|draft| draft.state == DraftState::Proposed);
    let proposals = proposed.map(|draft| ProposalShown::of(draft, &directory)).collect();
    Ok(Json(Proposals { proposals }).into_response())
}

/// A proposal, published or not.
#[utoipa::path(get, path = "/workflow-proposals/{proposal}", tag = "workflows", params(("proposal" = i64, Path)),
    responses((status = 200, body = ProposalShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    caller: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Path(proposal): Path<i64>,
) -> web::Result {
    let draft = desk.draft(actor(&caller), DraftId::new(proposal)).await?;
    Ok(Json(ProposalShown::of(draft, &desk.directory())).into_response())
}

/// Makes a proposal the version that new cases take; its author may not, unless nobody else could.
#[utoipa::path(post, path = "/workflow-proposals/{proposal}/publish", tag = "workflows", params(("proposal" = i64, Path)),
    request_body = SeenProposal, responses((status = 201, body = WorkflowShown), (status = 409, body = Problem)))]
pub(super) async fn publish(
    caller: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Path(proposal): Path<i64>,
    Json(seen): Json<SeenProposal>,
) -> web::Result {
    let because = seen.alone_because.unwrap_or_default();
    let id = (DraftId::new(proposal), seen.version);
    let version = desk.publish_proposal(actor(&caller), id, &because).await?;
    let stored = desk.approvals().workflow_version(version).await?.ok_or_else(web::Error::not_found)?;
    Ok((StatusCode::CREATED, Json(WorkflowShown::of(stored, &desk.directory(), Vec::new()))).into_response())
}

/// Does not publish a proposal; its author reads why and can go on writing.
#[utoipa::path(post, path = "/workflow-proposals/{proposal}/decline", tag = "workflows", params(("proposal" = i64, Path)),
    request_body = Declined, responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn decline(
    caller: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Path(proposal): Path<i64>,
    Json(declined): Json<Declined>,
) -> web::Result {
    let id = (DraftId::new(proposal), declined.version);
    desk.decline(actor(&caller), id, &declined.reason).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Its author takes a proposal back, to go on writing.
#[utoipa::path(post, path = "/workflow-proposals/{proposal}/take-back", tag = "workflows",
    params(("proposal" = i64, Path)), request_body = TakenBack,
    responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn take_back(
    caller: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Path(proposal): Path<i64>,
    Json(seen): Json<TakenBack>,
) -> web::Result {
    desk.take_back(actor(&caller), (DraftId::new(proposal), seen.version)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
