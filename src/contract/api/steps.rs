//! Looking ahead, handing in, taking back, giving up.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shown::{ContractShown, problem};
use crate::approval::ApprovalError;
use crate::approval::figures::Expected;
use crate::contract::pages::actor;
use crate::contract::{BeforeSubmission, ContractError, Contracts, Submission};
use crate::kernel::{ContractId, Timestamp, UserId};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, ProblemField};
use crate::workflow::explain::reason_said;
use crate::workflow::{Directory, Refusal, Step};

/// What a draft still needs, and who would be asked.
#[derive(Serialize, ToSchema)]
pub(super) struct Preview {
    /// Whether it can be handed in as it is.
    ready: bool,
    /// Blanks and values that keep it from that.
    problems: Vec<ProblemField>,
    /// Files that the workflow asks for and that are not there.
    missing_files: Vec<String>,
    /// Anything else that keeps it from that.
    stops: Vec<ProblemField>,
    /// The name of the workflow that takes it.
    workflow: Option<String>,
    /// The nodes on its way.
    steps: Vec<StepShown>,
    /// When the approval will probably be over, from how long its steps took before; nothing where that is not known.
    expected: Option<ExpectedShown>,
}

/// When an approval will probably be over.
#[derive(Serialize, ToSchema)]
#[schema(as = ExpectedEnd)]
pub(super) struct ExpectedShown {
    at: Timestamp,
    /// Working days until then; 0 is today.
    working_days: u32,
    /// Minutes inside office hours until then.
    working_minutes: u32,
    /// Of the steps that are expected to take as long as before, the fewest passes that one stands on.
    passes: Option<u32>,
    /// Steps that are expected to take all of their time limit, because too little is known of them.
    by_limit: u32,
    /// The same in words.
    said: String,
}

/// A node on the way.
#[derive(Serialize, ToSchema)]
#[schema(as = ApprovalStep)]
pub(super) struct StepShown {
    node: String,
    title: String,
    /// Whether the case passes here.
    on_the_way: bool,
    /// Who will be asked, a list a vote.
    people: Vec<Vec<Asked>>,
    /// Whether the submitter names the people.
    chosen_by_submitter: bool,
    due: Option<Timestamp>,
}

/// Somebody who will be asked.
#[derive(Serialize, ToSchema)]
pub(super) struct Asked {
    user: i64,
    name: String,
    /// Acts for this person, who is absent.
    deputy_for: Option<i64>,
    because: String,
}

/// Handing in.
#[derive(Deserialize, ToSchema)]
pub(super) struct SubmissionBody {
    /// The version that was read.
    version: i64,
    /// People for the nodes that let the submitter choose.
    #[serde(default)]
    chosen: BTreeMap<String, Vec<i64>>,
}

/// Taking back.
#[derive(Deserialize, ToSchema)]
pub(super) struct Withdrawal {
    #[serde(default)]
    reason: String,
}

/// Giving up.
#[derive(Deserialize, ToSchema)]
pub(super) struct Abandonment {
    /// The version that was read.
    version: i64,
    reason: String,
}

/// What a draft still needs before it can be handed in, and who will be asked.
#[utoipa::path(get, path = "/contracts/{id}/preview", tag = "contracts", params(("id" = i64, Path)),
    responses((status = 200, body = Preview), (status = 409, body = Problem)))]
pub(super) async fn preview(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
) -> web::Result {
    let BeforeSubmission { problems, preview, stopped, .. } = contracts.before_submission(actor(&visit), id).await?;
    let said = |error: &dyn crate::i18n::Explain| ProblemField {
        field: String::new(),
        code: error.code().to_owned(),
        message: visit.text(&error.message()),
    };
    let mut stops: Vec<ProblemField> = stopped.iter().map(|error: &ContractError| said(error)).collect();
    let (mut missing_files, mut steps, mut workflow, mut expected) = (Vec::new(), Vec::new(), None, None);
    match &preview {
        Ok(preview) => {
            workflow = Some(preview.workflow.definition.name.clone());
            expected = preview.expected.map(|one| ExpectedShown::of(&visit, &one));
            let directory = contracts.org().directory();
            steps = preview.steps.iter().map(|step| step_shown(&visit, &directory, step)).collect();
            match &preview.refusal {
                Some(Refusal::FilesMissing { labels }) => missing_files.clone_from(labels),
                None | Some(Refusal::PeopleNotChosen { .. }) => {}
                Some(refusal) => stops.push(said(&ApprovalError::from(refusal.clone()))),
            }
        }
        Err(error) => stops.push(said(error)),
    }
    let ready = stops.is_empty() && problems.is_empty() && missing_files.is_empty();
    let problems = problems.iter().map(|one| problem(&visit, one)).collect();
    Ok(Json(Preview { ready, problems, missing_files, stops, workflow, steps, expected }).into_response())
}

impl ExpectedShown {
    fn of(visit: &LoggedIn, expected: &Expected) -> Self {
        Self {
            at: expected.at,
            working_days: expected.days,
            working_minutes: expected.minutes,
            passes: expected.passes,
            by_limit: expected.by_limit,
            said: visit.text(&expected.said()),
        }
    }
}

fn step_shown(visit: &LoggedIn, directory: &Directory, step: &Step) -> StepShown {
    let asked = |one: &crate::workflow::Candidate| Asked {
        user: one.person.get(),
        name: directory.name(one.person),
        deputy_for: one.deputy_for.map(UserId::get),
        because: visit.text(&reason_said(&one.because)),
    };
    StepShown {
        node: step.node.clone(),
        title: step.title.clone(),
        on_the_way: step.on_the_way(),
        people: step.people.iter().map(|vote| vote.iter().map(asked).collect()).collect(),
        chosen_by_submitter: step.chosen_by_submitter,
        due: step.due,
    }
}

/// Hands a draft in for approval; the first time gives it its number.
#[utoipa::path(post, path = "/contracts/{id}/submit", tag = "contracts", params(("id" = i64, Path)), request_body = SubmissionBody,
    responses((status = 200, body = ContractShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn submit(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Json(SubmissionBody { version, chosen }): Json<SubmissionBody>,
) -> web::Result {
    let people = |ids: Vec<i64>| ids.into_iter().map(UserId::new).collect();
    let chosen = chosen.into_iter().map(|(node, ids)| (node, people(ids))).collect();
    let contract = contracts.submit(actor(&visit), id, &Submission { version, chosen }).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// Takes a submitted contract back.
#[utoipa::path(post, path = "/contracts/{id}/withdraw", tag = "contracts", params(("id" = i64, Path)), request_body = Withdrawal,
    responses((status = 200, body = ContractShown), (status = 409, body = Problem)))]
pub(super) async fn withdraw(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Json(Withdrawal { reason }): Json<Withdrawal>,
) -> web::Result {
    let contract = contracts.withdraw(actor(&visit), id, &reason).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// Gives a contract up before it is signed; it keeps its number.
#[utoipa::path(post, path = "/contracts/{id}/abandon", tag = "contracts", params(("id" = i64, Path)), request_body = Abandonment,
    responses((status = 200, body = ContractShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn abandon(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Json(Abandonment { version, reason }): Json<Abandonment>,
) -> web::Result {
    let contract = contracts.abandon(actor(&visit), id, version, &reason).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}

/// Takes a suggestion of an approver into the content.
#[utoipa::path(post, path = "/contracts/{id}/suggestions/{suggestion}/take", tag = "contracts",
    params(("id" = i64, Path), ("suggestion" = u32, Path)),
    responses((status = 200, body = ContractShown), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn take_suggestion(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path((id, suggestion)): Path<(ContractId, u32)>,
) -> web::Result {
    let contract = contracts.take_suggestion(actor(&visit), id, suggestion).await?;
    Ok(Json(ContractShown::of(&contracts, &visit, contract).await?).into_response())
}
