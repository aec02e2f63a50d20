//! The approval of a record of any declared kind: where it stands, who would be asked, and handing it in. What is done with its case is
//! done under `/approvals/{case}`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::approval::RecordDesk;
use crate::i18n::Explain;
use crate::kernel::{Actor, UserId};
use crate::record::Hold;
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, ProblemField};

/// Where the approval of a record stands.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordApproval {
    /// `in_approval`, `approved`, `returned`, `withdrawn`, `rejected`, or `changed` since it was approved; nothing where it was never
    /// handed in.
    state: Option<String>,
    /// Its newest case.
    case: Option<i64>,
    /// Whether nobody may change it.
    locked: bool,
    /// The version of the record, for handing it in.
    version: i64,
}

/// What would become of a record that the caller hands in now.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordPreview {
    /// Whether it can be handed in as it is.
    ready: bool,
    /// The name of the workflow that takes it.
    workflow: Option<String>,
    /// What keeps it from being handed in.
    stops: Vec<ProblemField>,
    /// Files that the workflow asks for.
    missing_files: Vec<String>,
    /// The nodes on its way.
    steps: Vec<RecordStep>,
    version: i64,
}

/// A node on the way.
#[derive(Serialize, ToSchema)]
struct RecordStep {
    node: String,
    title: String,
    /// Whether the case passes here.
    on_the_way: bool,
    /// Who will be asked, a list a vote.
    people: Vec<Vec<i64>>,
    /// Whether the submitter names the people.
    chosen_by_submitter: bool,
}

/// Handing in.
#[derive(Deserialize, ToSchema)]
pub(super) struct HandIn {
    /// The version that was read.
    version: i64,
    /// People for the nodes that let the submitter choose.
    #[serde(default)]
    chosen: BTreeMap<String, Vec<i64>>,
}

impl RecordApproval {
    fn of(version: i64, hold: Option<&Hold>) -> Self {
        Self {
            state: hold.map(|hold| hold.state.name().to_owned()),
            case: hold.map(|hold| hold.case.get()),
            locked: hold.is_some_and(Hold::locks),
            version,
        }
    }
}

fn actor(visit: &LoggedIn) -> Actor {
    Actor::person(visit.user(), visit.channel())
}

/// Where the approval of a record stands.
#[utoipa::path(get, path = "/records/{kind}/{id}/approval", tag = "approvals", params(("kind" = String, Path), ("id" = i64, Path)),
    responses((status = 200, body = RecordApproval), (status = 404, body = Problem)))]
pub(super) async fn show(
    visit: LoggedIn,
    State(desk): State<RecordDesk>,
    Path((kind, id)): Path<(String, i64)>,
) -> web::Result {
    let (record, hold) = desk.standing(visit.user(), desk.kind(&kind)?, id).await?;
    Ok(Json(RecordApproval::of(record.version, hold.as_ref())).into_response())
}

/// Who would be asked if the record were handed in, and what keeps it from that.
#[utoipa::path(get, path = "/records/{kind}/{id}/preview", tag = "approvals", params(("kind" = String, Path), ("id" = i64, Path)),
    responses((status = 200, body = RecordPreview), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn preview(
    visit: LoggedIn,
    State(desk): State<RecordDesk>,
    Path((kind, id)): Path<(String, i64)>,
) -> web::Result {
    let before = desk.before(actor(&visit), desk.kind(&kind)?, id, visit.lang()).await?;
    let said = |error: &dyn Explain| ProblemField {
        field: String::new(),
        code: error.code().to_owned(),
        message: visit.text(&error.message()),
    };
    let (stop, missing_files) = before.stops();
    let (stops, missing_files): (Vec<_>, _) = (stop.into_iter().map(said).collect(), missing_files.to_vec());
    let (mut steps, mut workflow) = (Vec::new(), None);
    if let Ok(preview) = &before.preview {
        workflow = Some(preview.workflow.definition.name.clone());
        let people = |step: &crate::workflow::Step| {
            step.people.iter().map(|vote| vote.iter().map(|one| one.person.get()).collect()).collect()
        };
        let shown = preview.steps.iter().map(|step| RecordStep {
            node: step.node.clone(),
            title: step.title.clone(),
            on_the_way: step.on_the_way(),
            people: people(step),
            chosen_by_submitter: step.chosen_by_submitter,
        });
        steps = shown.collect();
    }
    let ready = before.is_ready();
    let version = before.record.version;
    Ok(Json(RecordPreview { ready, workflow, stops, missing_files, steps, version }).into_response())
}

/// Hands a record in for approval, which locks it.
#[utoipa::path(post, path = "/records/{kind}/{id}/submit", tag = "approvals", params(("kind" = String, Path), ("id" = i64, Path)),
    request_body = HandIn,
    responses((status = 200, body = RecordApproval), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn submit(
    visit: LoggedIn,
    State(desk): State<RecordDesk>,
    Path((kind, id)): Path<(String, i64)>,
    Json(HandIn { version, chosen }): Json<HandIn>,
) -> web::Result {
    let kind = desk.kind(&kind)?;
    let people = |ids: Vec<i64>| ids.into_iter().map(UserId::new).collect();
    let chosen = chosen.into_iter().map(|(node, ids)| (node, people(ids))).collect();
    desk.hand_in(actor(&visit), kind, (id, version), chosen).await?;
    let (record, hold) = desk.standing(visit.user(), kind, id).await?;
    Ok(Json(RecordApproval::of(record.version, hold.as_ref())).into_response())
}
