//! Boxes, cases and their events.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::outlook::{ExpectedShown, expected};
use crate::approval::pages::sheet::{bundle_file, sheet_file};
use crate::approval::{BoxFilter, BoxKind, BoxRow, Desk, Look};
use crate::db::Cursor;
use crate::kernel::{CaseId, Money, Timestamp, UserId};
use crate::org::pages::CurrentUser;
use crate::web::api::{Json, Path};
use crate::web::{self, Problem, Query};
use crate::workflow::explain::{step_said, stuck_said};
use crate::workflow::{Candidate, Directory, StepState, SuggestionOutcome};

/// Which box, and what of it.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct BoxQuery {
    /// `waiting` (the default), `handled`, `started` or `copied`.
    #[serde(rename = "box")]
    which: Option<String>,
    /// The kind of record.
    kind: Option<String>,
    /// Words of the title or the other party.
    q: Option<String>,
    /// Only what is overdue.
    overdue: Option<bool>,
    /// Only copies that are not read.
    unread: Option<bool>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

/// A page of a box.
#[derive(Serialize, ToSchema)]
pub(super) struct BoxPage {
    rows: Vec<BoxLine>,
    /// Where the next page begins, if there is one.
    next: Option<String>,
    /// How many there are, counted to 10,000.
    count: i64,
}

/// A line of a box.
#[derive(Serialize, ToSchema)]
struct BoxLine {
    case: i64,
    /// `task`, `question`, `decision`, `case` or `copy`.
    what: String,
    /// The number of the task, question or decision.
    number: u32,
    title: String,
    #[schema(example = "contract")]
    kind: String,
    other_party: String,
    amount: Option<Money>,
    drafter: i64,
    drafter_name: String,
    status: String,
    /// What a decision on this line has to name.
    content: Option<String>,
    node: String,
    note: String,
    at: Timestamp,
    due: Option<Timestamp>,
    read: bool,
}

impl BoxLine {
    fn of(row: BoxRow, directory: &Directory) -> Self {
        Self {
            case: row.case.get(),
            what: row.what,
            number: row.number,
            title: row.title,
            kind: row.kind.to_string(),
            other_party: row.other_party,
            amount: row.amount,
            drafter: row.drafter.get(),
            drafter_name: directory.name(row.drafter),
            status: row.status,
            content: row.content.map(|content| content.to_string()),
            node: row.node_title,
            note: row.note,
            at: row.at,
            due: row.due,
            read: row.read,
        }
    }
}

/// How much waits.
#[derive(Serialize, ToSchema)]
pub(super) struct Counts {
    /// Tasks and questions.
    waiting: i64,
    /// Copies that are not read.
    copied: i64,
}

/// A case.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseShown {
    case: i64,
    /// The record.
    #[schema(example = "contract/12")]
    subject: String,
    title: String,
    status: String,
    round: u32,
    submitter: Option<i64>,
    submitter_name: Option<String>,
    workflow: String,
    /// Hash of the workflow's version.
    definition: String,
    /// Hash of the content that a decision has to name.
    content: String,
    /// The last event; comes back with a change.
    version: i64,
    /// The head of the chain of events.
    head: String,
    amount: Option<Money>,
    other_party: Option<String>,
    number: Option<String>,
    deviations: Vec<String>,
    payment: Option<String>,
    tasks: Vec<TaskShown>,
    questions: Vec<QuestionShown>,
    suggestions: Vec<SuggestionShown>,
    path: Vec<StepShown>,
    /// Of a case in approval, where something can be said.
    expected: Option<ExpectedShown>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// An open task.
#[derive(Serialize, ToSchema)]
struct TaskShown {
    task: u32,
    node: String,
    people: Vec<PersonShown>,
    /// Whether it is the caller's.
    mine: bool,
    claimed_by: Option<i64>,
    claimed_by_name: Option<String>,
    due: Option<Timestamp>,
    /// Deciding needs a login; the link in a message is not enough.
    login: bool,
}

/// Somebody who is asked, and why.
#[derive(Serialize, ToSchema)]
struct PersonShown {
    user: i64,
    name: String,
    because: String,
    /// The rule and its place in the file.
    rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deputy_for: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct QuestionShown {
    question: u32,
    asked_by: Option<i64>,
    asked_by_name: Option<String>,
    whom: i64,
    whom_name: String,
    text: String,
    answer: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SuggestionShown {
    suggestion: u32,
    by: Option<i64>,
    by_name: Option<String>,
    path: String,
    text: String,
    reason: String,
    /// `open`, `taken` or `declined`.
    outcome: &'static str,
    /// Why it was declined.
    declined_because: Option<String>,
}

/// A node on the way.
#[derive(Serialize, ToSchema)]
struct StepShown {
    node: String,
    title: String,
    /// `done`, `now`, `ahead`, `skipped` or `stuck`.
    state: &'static str,
    people: Vec<PersonShown>,
    /// Why the case is stuck there.
    #[serde(skip_serializing_if = "Option::is_none")]
    stuck: Option<String>,
}

/// The events of a case.
#[derive(Serialize, ToSchema)]
pub(super) struct Events {
    events: Vec<EventShown>,
}

/// One event.
#[derive(Serialize, ToSchema)]
struct EventShown {
    seq: i64,
    at: Timestamp,
    /// Its body as JSON; the exact bytes are what is hashed.
    #[schema(value_type = Object)]
    event: Value,
    /// The hash of the chain up to here.
    hash: String,
}

/// A box of the caller.
#[utoipa::path(get, path = "/approvals", tag = "approvals", params(BoxQuery),
    responses((status = 200, body = BoxPage), (status = 422, body = Problem)))]
pub(super) async fn list(caller: CurrentUser, State(desk): State<Desk>, Query(query): Query<BoxQuery>) -> web::Result {
    let which = match query.which.as_deref() {
        None => BoxKind::Waiting,
        Some(name) => BoxKind::named(name).ok_or_else(|| web::Error::bad_query("box"))?,
    };
    let filter = BoxFilter {
        kind: query.kind.as_deref().map(str::parse).transpose().map_err(|_| web::Error::bad_query("kind"))?,
        words: query.q.unwrap_or_default(),
        overdue: query.overdue.unwrap_or_default(),
        unread: query.unread.unwrap_or_default(),
    };
    let after: Option<Cursor> =
        query.after.as_deref().map(str::parse).transpose().map_err(|_| web::Error::bad_query("after"))?;
    let (page, count) = desk.approvals().page_of(which, caller.user(), &filter, after).await?;
    let directory = desk.directory();
    let rows = page.rows.into_iter().map(|row| BoxLine::of(row, &directory)).collect();
    Ok(Json(BoxPage { rows, next: page.next.map(|next| next.to_string()), count: count.counted }).into_response())
}

/// How much waits for the caller.
#[utoipa::path(get, path = "/approvals/counts", tag = "approvals", responses((status = 200, body = Counts)))]
pub(super) async fn counts(caller: CurrentUser, State(desk): State<Desk>) -> web::Result {
    let waiting = desk.approvals().count_of(BoxKind::Waiting, caller.user()).await?.counted;
    let copied = desk.approvals().count_of(BoxKind::Copied, caller.user()).await?.counted;
    Ok(Json(Counts { waiting, copied }).into_response())
}

/// A case: where it stands, what is asked, its way.
#[utoipa::path(get, path = "/approvals/{case}", tag = "approvals", params(("case" = i64, Path)),
    responses((status = 200, body = CaseShown), (status = 404, body = Problem)))]
pub(super) async fn show(caller: CurrentUser, State(desk): State<Desk>, Path(case): Path<CaseId>) -> web::Result {
    let look = desk.look(case, caller.user(), caller.lang()).await?;
    let outlook = desk.approvals().outlook(&look).await?;
    let expected = outlook.and_then(|outlook| expected(outlook, &caller));
    Ok(Json(CaseShown { expected, ..shown(&look, &caller) }).into_response())
}

/// What happened in a case, the oldest first.
#[utoipa::path(get, path = "/approvals/{case}/events", tag = "approvals", params(("case" = i64, Path)),
    responses((status = 200, body = Events), (status = 404, body = Problem)))]
pub(super) async fn events(caller: CurrentUser, State(desk): State<Desk>, Path(case): Path<CaseId>) -> web::Result {
    let look = desk.look(case, caller.user(), caller.lang()).await?;
    let mut events = Vec::with_capacity(look.events.len());
    for stored in &look.events {
        let event = serde_json::from_str(&stored.body).map_err(web::Error::internal)?;
        events.push(EventShown { seq: stored.seq, at: stored.at, event, hash: stored.hash.to_string() });
    }
    Ok(Json(Events { events }).into_response())
}

/// The approval sheet (审批单) as PDF, in the language of the caller.
#[utoipa::path(get, path = "/approvals/{case}/sheet.pdf", tag = "approvals", params(("case" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn sheet(caller: CurrentUser, State(desk): State<Desk>, Path(case): Path<CaseId>) -> web::Result {
    Ok(sheet_file(&desk, case, caller.user(), caller.lang(), "attachment").await?)
}

/// The evidence bundle (证据包): everything that proves the case, for `qiyue verify`.
#[utoipa::path(get, path = "/approvals/{case}/evidence.zip", tag = "approvals", params(("case" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 404, body = Problem)))]
pub(super) async fn bundle(caller: CurrentUser, State(desk): State<Desk>, Path(case): Path<CaseId>) -> web::Result {
    Ok(bundle_file(&desk, case, caller.user()).await?)
}

fn shown(look: &Look, caller: &CurrentUser) -> CaseShown {
    let (state, brief) = (&look.state, look.brief.as_ref());
    let mine: Vec<u32> = look.concern().tasks(look.person).map(|(number, _)| number).collect();
    let open = state.tasks.iter().filter(|(_, task)| task.open);
    let tasks = open.map(|(number, task)| TaskShown {
        task: *number,
        node: task.opened.node.clone(),
        people: task.opened.candidates.iter().map(|one| person(look, one, caller)).collect(),
        mine: mine.contains(number),
        claimed_by: task.claimed.map(UserId::get),
        claimed_by_name: task.claimed.map(|user| look.name(user)),
        due: task.opened.due,
        login: task.opened.login,
    });
    let questions = state.questions.iter().map(|(number, one)| QuestionShown {
        question: *number,
        asked_by: one.by.user.map(UserId::get),
        asked_by_name: one.by.user.map(|user| look.name(user)),
        whom: one.whom.get(),
        whom_name: look.name(one.whom),
        text: one.text.clone(),
        answer: one.answer.clone(),
    });
    let suggestions = state.suggestions.iter().map(|(number, one)| SuggestionShown {
        suggestion: *number,
        by: one.by.user.map(UserId::get),
        by_name: one.by.user.map(|user| look.name(user)),
        path: one.path.clone(),
        text: one.text.clone(),
        reason: one.reason.clone(),
        outcome: match one.outcome {
            SuggestionOutcome::Open => "open",
            SuggestionOutcome::Taken => "taken",
            SuggestionOutcome::Declined { .. } => "declined",
        },
        declined_because: match &one.outcome {
            SuggestionOutcome::Declined { reason } => Some(reason.clone()),
            SuggestionOutcome::Open | SuggestionOutcome::Taken => None,
        },
    });
    CaseShown {
        case: look.case.get(),
        subject: format!("{}/{}", look.subject.kind, look.subject.id),
        title: look.facts.subject.title.clone(),
        status: state.status.word().to_owned(),
        round: state.round,
        submitter: state.submitter.map(UserId::get),
        submitter_name: state.submitter.map(|user| look.name(user)),
        workflow: look.workflow.definition.name.clone(),
        definition: look.workflow.definition.version.to_string(),
        content: look.content().to_string(),
        version: look.seq,
        head: look.head.to_string(),
        amount: brief.and_then(|brief| brief.amount),
        other_party: brief.and_then(|brief| brief.other_party.clone()),
        number: brief.and_then(|brief| brief.number.clone()),
        deviations: brief
            .iter()
            .filter_map(|brief| brief.deviations.as_ref())
            .flatten()
            .map(|part| part.path.clone())
            .collect(),
        payment: brief.and_then(|brief| brief.payment.clone()),
        tasks: tasks.collect(),
        questions: questions.collect(),
        suggestions: suggestions.collect(),
        path: steps(look, caller),
        expected: None,
        created_at: look.created_at,
        updated_at: look.updated_at,
    }
}

fn steps(look: &Look, caller: &CurrentUser) -> Vec<StepShown> {
    let step = |step: &crate::workflow::Step| StepShown {
        node: step.node.clone(),
        title: step.title.clone(),
        state: match step.state {
            StepState::Done => "done",
            StepState::Now => "now",
            StepState::Ahead => "ahead",
            StepState::Skipped(_) => "skipped",
            StepState::Stuck(_) => "stuck",
        },
        people: step.people.iter().flatten().map(|one| person(look, one, caller)).collect(),
        stuck: match &step.state {
            StepState::Stuck(reason) => Some(caller.text(&stuck_said(reason))),
            _ => None,
        },
    };
    look.steps.iter().map(step).collect()
}

fn person(look: &Look, one: &Candidate, caller: &CurrentUser) -> PersonShown {
    let steps: Vec<String> = one.because.steps.iter().map(|step| caller.text(&step_said(step))).collect();
    PersonShown {
        user: one.person.get(),
        name: look.name(one.person),
        because: steps.join("; "),
        rule: format!("{}, {}", one.because.rule, one.because.place),
        deputy_for: one.deputy_for.map(UserId::get),
    }
}
