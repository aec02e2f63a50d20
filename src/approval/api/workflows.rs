//! Workflows: what is published, and publishing; and what is stuck.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::approval::pages::{AdministerApprovals, ReadWorkflows};
use crate::approval::{Ask, Desk, EffectId, OutdatedRun, WorkflowVersion, outdated};
use crate::i18n::msg;
use crate::kernel::{Actor, CaseId, Hash, Timestamp, UserId};
use crate::org::pages::Permission;
use crate::web::api::{Json, Path};
use crate::web::{self, Problem};
use crate::workflow::explain::{Names, sentences, stuck_said};
use crate::workflow::language::{Fault, Severity};
use crate::workflow::{Act, Directory};

/// A published workflow.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkflowShown {
    name: String,
    title: String,
    /// The kind of record that it carries.
    subject: String,
    /// Hash of the language number and the source.
    version: String,
    file: String,
    published_by: Option<i64>,
    published_by_name: Option<String>,
    published_at: Timestamp,
    /// Sub-workflows that it runs although there is a newer version; proposing it again takes the newest.
    outdated_runs: Vec<OutdatedRunShown>,
}

/// A sub-workflow of which a workflow runs an older version.
#[derive(Serialize, ToSchema)]
pub(super) struct OutdatedRunShown {
    workflow: String,
    title: String,
    /// The version that is run.
    version: String,
    /// The one that is current.
    newest: String,
}

/// The workflows that new cases take.
#[derive(Serialize, ToSchema)]
pub(super) struct Workflows {
    workflows: Vec<WorkflowShown>,
}

/// A workflow with its text, in sentences too.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkflowText {
    #[serde(flatten)]
    workflow: WorkflowShown,
    source: String,
    sentences: Vec<String>,
}

/// Cases and effects that cannot go on.
#[derive(Serialize, ToSchema)]
pub(super) struct StuckThings {
    cases: Vec<StuckShown>,
    effects: Vec<EffectShown>,
}

#[derive(Serialize, ToSchema)]
struct StuckShown {
    case: i64,
    title: String,
    node: Option<String>,
    /// `FILE:LINE`.
    place: String,
    /// The line itself.
    line: String,
    reason: String,
    since: Timestamp,
}

#[derive(Serialize, ToSchema)]
struct EffectShown {
    effect: i64,
    case: i64,
    name: String,
    error: Option<String>,
    attempts: u32,
}

impl WorkflowShown {
    pub(super) fn of(version: WorkflowVersion, directory: &Directory, outdated: Vec<OutdatedRun>) -> Self {
        let shown = |one: OutdatedRun| OutdatedRunShown {
            workflow: one.name,
            title: one.title,
            version: one.runs.to_string(),
            newest: one.newest.to_string(),
        };
        Self {
            outdated_runs: outdated.into_iter().map(shown).collect(),
            published_by_name: version.published_by.map(|user| directory.name(user)),
            name: version.name,
            title: version.title,
            subject: version.subject.to_string(),
            version: version.version.to_string(),
            file: version.file,
            published_by: version.published_by.map(UserId::get),
            published_at: version.published_at,
        }
    }
}

/// The workflows that new cases take.
#[utoipa::path(get, path = "/workflows", tag = "workflows", responses((status = 200, body = Workflows)))]
pub(super) async fn list(_caller: Permission<ReadWorkflows>, State(desk): State<Desk>) -> web::Result {
    let directory = desk.directory();
    let current = desk.approvals().current_workflows().await?;
    let mut older = outdated(&current)?;
    let shown = |one: WorkflowVersion| {
        let of_it = older.remove(&one.name).unwrap_or_default();
        WorkflowShown::of(one, &directory, of_it)
    };
    let workflows = current.into_iter().map(shown).collect();
    Ok(Json(Workflows { workflows }).into_response())
}

/// A version of a workflow by its hash.
#[utoipa::path(get, path = "/workflows/{version}", tag = "workflows", params(("version" = String, Path)),
    responses((status = 200, body = WorkflowText), (status = 404, body = Problem)))]
pub(super) async fn show(
    caller: Permission<ReadWorkflows>,
    State(desk): State<Desk>,
    Path(version): Path<String>,
) -> web::Result {
    let version: Hash = version.parse().map_err(|_| web::Error::not_found())?;
    let stored = desk.approvals().workflow_version(version).await?.ok_or_else(web::Error::not_found)?;
    let workflow = desk.approvals().workflow(version).await?;
    let (directory, schemas) = (desk.directory(), desk.schemas());
    let schema = schemas.iter().find(|schema| schema.kind == workflow.definition.subject);
    let names = Names {
        directory: Some(&directory),
        schema,
        lang: caller.lang(),
        day: Some(desk.approvals().today()),
        ..Names::default()
    };
    let sentences = sentences(&workflow.definition, names).iter().map(|one| caller.text(one)).collect();
    let (source, older) = (stored.source.clone(), desk.approvals().outdated_runs(&stored).await?);
    let workflow = WorkflowShown::of(stored, &directory, older);
    Ok(Json(WorkflowText { workflow, source, sentences }).into_response())
}

/// Every error of a file as a field: its place in the file.
pub(super) fn faulty(faults: &[Fault]) -> web::Error {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error);
    let fields = errors.map(|fault| {
        let message = match &fault.hint {
            Some(hint) => msg!("approval.fault_with_hint", fault = fault.message.clone(), hint = hint.clone()),
            None => fault.message.clone(),
        };
        let field = format!("{}:{}:{}", fault.file, fault.line, fault.column);
        web::FieldError { field, code: fault.code.clone(), message }
    });
    web::Error::invalid(fields.collect())
}

/// Cases and effects that cannot go on.
#[utoipa::path(get, path = "/stuck", tag = "approvals", responses((status = 200, body = StuckThings)))]
pub(super) async fn stuck(caller: Permission<AdministerApprovals>, State(desk): State<Desk>) -> web::Result {
    let mut cases = Vec::new();
    for stuck in desk.approvals().stuck_cases().await? {
        cases.extend(stuck.marks.iter().map(|mark| StuckShown {
            case: stuck.case.get(),
            title: stuck.title.clone(),
            node: mark.node.clone(),
            place: mark.place.clone(),
            line: stuck.line(&mark.place),
            reason: caller.text(&stuck_said(&mark.because)),
            since: mark.at,
        }));
    }
    let effects = desk.approvals().stuck_effects().await?.into_iter().map(|effect| EffectShown {
        effect: effect.id.get(),
        case: effect.case.get(),
        name: effect.name,
        error: effect.error.map(|error| caller.text(&error)),
        attempts: effect.attempts,
    });
    let effects = effects.collect();
    Ok(Json(StuckThings { cases, effects }).into_response())
}

/// Tries a stuck case again.
#[utoipa::path(post, path = "/stuck/cases/{case}/retry", tag = "approvals", params(("case" = i64, Path)),
    responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn retry_case(
    caller: Permission<AdministerApprovals>,
    State(desk): State<Desk>,
    Path(case): Path<i64>,
) -> web::Result {
    let actor = Actor::person(caller.user.user(), caller.channel());
    desk.approvals().act(Ask::of_case(CaseId::new(case), actor, Act::Retry)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Tries a stuck effect again, at once.
#[utoipa::path(post, path = "/stuck/effects/{effect}/retry", tag = "approvals", params(("effect" = i64, Path)),
    responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn retry_effect(
    _caller: Permission<AdministerApprovals>,
    State(desk): State<Desk>,
    Path(effect): Path<i64>,
) -> web::Result {
    desk.approvals().retry_effect(EffectId::new(effect)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
