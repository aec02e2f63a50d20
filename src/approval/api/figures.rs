//! How approvals go, in numbers.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::approval::Desk;
use crate::approval::figures::{FigureFilter, Names, OverdueTask, Pace, Report, Spread};
use crate::kernel::{CaseId, Date, DepartmentId, Timestamp, UserId};
use crate::org::pages::CurrentUser;
use crate::web::api::Json;
use crate::web::{self, Problem, Query};

/// Which days, and of what.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct FiguresQuery {
    /// The first day; three months before the last one without it.
    #[param(example = "2026-01-01")]
    from: Option<String>,
    /// The last day; today without it.
    to: Option<String>,
    /// The name of a workflow.
    workflow: Option<String>,
    /// Only people of this department and those below it.
    department: Option<i64>,
}

impl FiguresQuery {
    fn filter(self, desk: &Desk) -> Result<FigureFilter, web::Error> {
        let day = |text: Option<String>, field| {
            text.map(|text| text.parse::<Date>()).transpose().map_err(|_| web::Error::bad_query(field))
        };
        let days = FigureFilter::new(desk.approvals().today(), day(self.from, "from")?, day(self.to, "to")?);
        Ok(FigureFilter { workflow: self.workflow, department: self.department.map(DepartmentId::new), ..days })
    }
}

/// How approvals go, of the people whose figures the caller may see: their own, those of the departments that they head, or all.
#[derive(Serialize, ToSchema)]
pub(super) struct Figures {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// By step; those of a workflow together, the one that takes most time first.
    steps: Vec<StepShown>,
    people: Vec<PersonShown>,
    departments: Vec<DepartmentShown>,
    kinds: Vec<KindShown>,
    workflows: Vec<WorkflowShown>,
    /// Where cases were sent back from and to, the most frequent first.
    returns: Vec<ReturnShown>,
    /// There was more than is counted: the newest are.
    cut: bool,
}

/// How fast, how late, how often again. Times are in minutes.
#[derive(Serialize, ToSchema)]
struct PaceShown {
    /// Inside office hours.
    working: Spread,
    /// By the clock.
    elapsed: Spread,
    /// Of these, those with a due time.
    with_due: u64,
    /// Of these, those that ended after it.
    late: u64,
    /// With how many the case went back.
    sent_back: u64,
    /// Decisions in a later round than the first.
    asked_again: u64,
    /// Decisions of earlier rounds that still stood, so that nobody was asked.
    kept: u64,
    suggestions_made: u64,
    suggestions_taken: u64,
    suggestions_declined: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StepFigures)]
struct StepShown {
    workflow: String,
    workflow_title: String,
    node: String,
    title: String,
    /// Its part of the working time of all steps of the workflow, in per cent.
    share: u32,
    /// The largest part, of several.
    bottleneck: bool,
    #[serde(flatten)]
    pace: PaceShown,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PersonFigures)]
struct PersonShown {
    user: i64,
    name: String,
    #[serde(flatten)]
    pace: PaceShown,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DepartmentFigures)]
struct DepartmentShown {
    department: Option<i64>,
    name: Option<String>,
    #[serde(flatten)]
    pace: PaceShown,
}

#[derive(Serialize, ToSchema)]
#[schema(as = KindFigures)]
struct KindShown {
    #[schema(example = "contract")]
    kind: String,
    #[serde(flatten)]
    pace: PaceShown,
}

/// The decided cases of a workflow.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkflowFigures)]
struct WorkflowShown {
    workflow: String,
    title: String,
    cases: u64,
    /// Those that took more than one round.
    reworked: u64,
    /// Minutes inside office hours from the first question to the decision.
    working: Spread,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReturnFigures)]
struct ReturnShown {
    workflow: String,
    from: String,
    from_title: String,
    /// The node that they went to; nothing for the drafter.
    to: Option<String>,
    to_title: Option<String>,
    count: u64,
}

/// What is overdue now.
#[derive(Serialize, ToSchema)]
pub(super) struct OverdueTasks {
    tasks: Vec<OverdueShown>,
    /// There is more: the longest overdue are listed.
    more: bool,
}

/// A task past its due time.
#[derive(Serialize, ToSchema)]
#[schema(as = OverdueTask)]
struct OverdueShown {
    /// The case and what its record is called, where it is open to the caller.
    case: Option<i64>,
    title: Option<String>,
    workflow: String,
    node: String,
    node_title: String,
    people: Vec<OverduePerson>,
    opened_at: Timestamp,
    due: Timestamp,
    /// Minutes inside office hours since then.
    late_minutes: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct OverduePerson {
    user: i64,
    name: String,
}

/// How approvals went: time by step, person, department and kind of record, bottlenecks, returns and rounds.
#[utoipa::path(get, path = "/approvals/figures", tag = "approvals", params(FiguresQuery),
    responses((status = 200, body = Figures), (status = 422, body = Problem)))]
pub(super) async fn show(
    caller: CurrentUser,
    State(desk): State<Desk>,
    Query(query): Query<FiguresQuery>,
) -> web::Result {
    let filter = query.filter(&desk)?;
    let report = desk.approvals().figures(&desk.figures_open_to(caller.user()), &filter).await?;
    let directory = desk.directory();
    let names = desk.figure_names(&directory).await?;
    Ok(Json(Figures::of(report, &filter, &names)).into_response())
}

/// What is overdue now: who, since when, and by how much working time.
#[utoipa::path(get, path = "/approvals/figures/overdue", tag = "approvals", params(FiguresQuery),
    responses((status = 200, body = OverdueTasks), (status = 422, body = Problem)))]
pub(super) async fn overdue(
    caller: CurrentUser,
    State(desk): State<Desk>,
    Query(query): Query<FiguresQuery>,
) -> web::Result {
    let (filter, scope) = (query.filter(&desk)?, desk.figures_open_to(caller.user()));
    let (tasks, more) = desk.approvals().overdue(&desk.viewer(caller.user()), &scope, &filter).await?;
    let directory = desk.directory();
    let shown = |task: OverdueTask| OverdueShown {
        case: task.case.as_ref().map(|(case, _): &(CaseId, String)| case.get()),
        title: task.case.map(|(_, title)| title),
        workflow: task.workflow,
        node: task.node,
        node_title: task.node_title,
        people: task
            .people
            .into_iter()
            .map(|person| OverduePerson { user: person.get(), name: directory.name(person) })
            .collect(),
        opened_at: task.opened_at,
        due: task.due,
        late_minutes: task.late,
    };
    Ok(Json(OverdueTasks { tasks: tasks.into_iter().map(shown).collect(), more }).into_response())
}

impl Figures {
    fn of(report: Report, filter: &FigureFilter, names: &Names<'_>) -> Self {
        let steps = report.steps.into_iter().map(|one| StepShown {
            workflow_title: names.workflow(&one.workflow),
            workflow: one.workflow,
            node: one.node,
            title: one.title,
            share: one.share,
            bottleneck: one.bottleneck,
            pace: one.pace.into(),
        });
        let people = report.people.into_iter().map(|one| PersonShown {
            user: UserId::get(one.of),
            name: names.directory.name(one.of),
            pace: one.pace.into(),
        });
        let departments = report.departments.into_iter().map(|one| DepartmentShown {
            department: one.of.map(DepartmentId::get),
            name: names.department(one.of),
            pace: one.pace.into(),
        });
        let workflows = report.workflows.into_iter().map(|one| WorkflowShown {
            title: names.workflow(&one.workflow),
            workflow: one.workflow,
            cases: one.cases,
            reworked: one.reworked,
            working: one.working,
        });
        let returns = report.returns.into_iter().map(|one| ReturnShown {
            workflow: one.workflow,
            from: one.from,
            from_title: one.from_title,
            to: one.to,
            to_title: one.to_title,
            count: one.count,
        });
        let kinds = report.kinds.into_iter().map(|one| KindShown { kind: one.of.to_string(), pace: one.pace.into() });
        Self {
            from: filter.from,
            to: filter.to,
            steps: steps.collect(),
            people: people.collect(),
            departments: departments.collect(),
            kinds: kinds.collect(),
            workflows: workflows.collect(),
            returns: returns.collect(),
            cut: report.cut,
        }
    }
}

impl From<Pace> for PaceShown {
    fn from(pace: Pace) -> Self {
        Self {
            working: pace.working,
            elapsed: pace.elapsed,
            with_due: pace.with_due,
            late: pace.late,
            sent_back: pace.sent_back,
            asked_again: pace.asked_again,
            kept: pace.kept,
            suggestions_made: pace.suggestions.made,
            suggestions_taken: pace.suggestions.taken,
            suggestions_declined: pace.suggestions.declined,
        }
    }
}
