//! What publishing a workflow would do.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::workflows::faulty;
use crate::approval::impact::{Figures, MOST, RecordImpact, USUAL, UnmovableCase};
use crate::approval::pages::AdministerWorkflows;
use crate::approval::{ApprovalError, Desk, Impact, file_of};
use crate::i18n::{self, Lang, msg};
use crate::org::pages::Permission;
use crate::web::api::Json;
use crate::web::{self, Problem};
use crate::workflow::explain::{fault_said, stuck_said};
use crate::workflow::impact::{Course, Fate, Hindrance, Stop};
use crate::workflow::{Directory, StepKind};

/// A workflow file that is not published yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTrial {
    source: String,
    /// What its places are called; `workflows/NAME.rhai` without it.
    file: Option<String>,
    /// How many records and how many running cases are looked at, the newest first; 300 without it.
    #[schema(minimum = 1, maximum = 1000)]
    last: Option<usize>,
}

/// What publishing the workflow would do.
#[derive(Serialize, ToSchema)]
pub(super) struct ImpactShown {
    name: String,
    title: String,
    /// The kind of record.
    subject: String,
    /// The version that is current under its name.
    published: Option<String>,
    figures: FiguresShown,
    /// The records that somebody who weighs it must look at.
    records: Vec<RecordShown>,
    /// Running cases that could not be moved to it.
    unmovable: Vec<UnmovableShown>,
}

/// How many records each thing happens to.
#[derive(Serialize, ToSchema)]
struct FiguresShown {
    /// Records that were looked at.
    records: usize,
    untouched: usize,
    gained: usize,
    lost: usize,
    contested: usize,
    undecided: usize,
    same: usize,
    changed: usize,
    /// Of those that it takes: they reach nobody.
    nobody: usize,
    /// Of those that it takes: they are stuck for another reason.
    stuck: usize,
    /// Of those that it takes: they lack a file.
    files_missing: usize,
    /// Running cases that were looked at.
    running: usize,
    unmovable: usize,
}

#[derive(Serialize, ToSchema)]
struct RecordShown {
    /// Its newest case.
    case: i64,
    subject: String,
    subject_id: i64,
    title: String,
    /// `undecided`, `gained`, `lost`, `contested`, `same` or `changed`.
    fate: &'static str,
    /// Why it cannot be said whether it is taken.
    reason: Option<String>,
    /// The way that it has now.
    before: Option<CourseShown>,
    /// The way that it would have.
    after: Option<CourseShown>,
}

#[derive(Serialize, ToSchema)]
struct CourseShown {
    workflow: String,
    nodes: Vec<StopShown>,
    missing_files: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct StopShown {
    node: String,
    title: String,
    /// `FILE:LINE`.
    place: String,
    /// `approve`, `countersign`, `copy_to`, `wait`, `act`; `branch` where it is stuck.
    kind: &'static str,
    /// Who is asked, one list a vote.
    people: Vec<Vec<PersonShown>>,
    /// Why the case would be stuck here.
    stuck: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PersonShown {
    id: i64,
    name: String,
}

#[derive(Serialize, ToSchema)]
struct UnmovableShown {
    case: i64,
    title: String,
    nodes: Vec<HindranceShown>,
}

#[derive(Serialize, ToSchema)]
struct HindranceShown {
    node: String,
    title: String,
    kind: &'static str,
    /// What a node of that name does in the draft, where there is one.
    in_draft: Option<&'static str>,
}

/// What is known of the reader.
struct Reader<'a> {
    directory: &'a Directory,
    lang: Lang,
}

impl Reader<'_> {
    fn impact(&self, impact: Impact) -> ImpactShown {
        ImpactShown {
            figures: figures(&impact),
            records: impact.remarkable().map(|record| self.record(record)).collect(),
            unmovable: impact.unmovable.iter().map(unmovable).collect(),
            name: impact.name,
            title: impact.title,
            subject: impact.subject.to_string(),
            published: impact.published.map(|version| version.to_string()),
        }
    }

    fn record(&self, record: &RecordImpact) -> RecordShown {
        RecordShown {
            case: record.case.get(),
            subject: record.subject.kind.to_string(),
            subject_id: record.subject.id,
            title: record.title.clone(),
            fate: record.fate.word(),
            reason: match &record.fate {
                Fate::Undecided { fault } => Some(fault_said(fault).text(self.lang)),
                _ => None,
            },
            before: record.fate.before().map(|course| self.course(course)),
            after: record.fate.after().map(|course| self.course(course)),
        }
    }

    fn course(&self, course: &Course) -> CourseShown {
        CourseShown {
            workflow: course.workflow.clone(),
            nodes: course.stops.iter().map(|stop| self.stop(stop)).collect(),
            missing_files: course.missing_files.clone(),
        }
    }

    fn stop(&self, stop: &Stop) -> StopShown {
        let person = |id: &crate::kernel::UserId| PersonShown { id: id.get(), name: self.directory.name(*id) };
        StopShown {
            node: stop.node.clone(),
            title: stop.title.clone(),
            place: stop.place.clone(),
            kind: stop.kind.word(),
            people: stop.people.iter().map(|vote| vote.iter().map(person).collect()).collect(),
            stuck: stop.stuck.as_ref().map(|because| i18n::text(self.lang, &stuck_said(because))),
        }
    }
}

fn figures(impact: &Impact) -> FiguresShown {
    let Figures { untouched, gained, lost, contested, undecided, same, changed, nobody, stuck, files_missing } =
        impact.figures();
    FiguresShown {
        records: impact.records.len(),
        untouched,
        gained,
        lost,
        contested,
        undecided,
        same,
        changed,
        nobody,
        stuck,
        files_missing,
        running: impact.running,
        unmovable: impact.unmovable.len(),
    }
}

fn unmovable(case: &UnmovableCase) -> UnmovableShown {
    let node = |one: &Hindrance| HindranceShown {
        node: one.node.clone(),
        title: one.title.clone(),
        kind: one.kind.word(),
        in_draft: one.in_draft.map(StepKind::word),
    };
    UnmovableShown {
        case: case.case.get(),
        title: case.title.clone(),
        nodes: case.hindrances.iter().map(node).collect(),
    }
}

/// What publishing a workflow would do to the newest records and running cases; nothing is stored. A file with errors answers 422,
/// each with its line.
#[utoipa::path(post, path = "/workflows/impact", tag = "workflows", request_body = NewTrial,
    responses((status = 200, body = ImpactShown), (status = 422, body = Problem)))]
pub(super) async fn try_on(
    caller: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Json(trial): Json<NewTrial>,
) -> web::Result {
    let last = trial.last.unwrap_or(USUAL);
    if !(1..=MOST).contains(&last) {
        return Err(web::Error::field("last", "last_out_of_range", msg!("approval.last_out_of_range", most = MOST)));
    }
    let file = trial.file.unwrap_or_else(|| file_of(&trial.source));
    match desk.impact(&trial.source, &file, last).await {
        Ok(impact) => {
            let (directory, lang) = (desk.directory(), caller.lang());
            Ok(Json(Reader { directory: &directory, lang }.impact(impact)).into_response())
        }
        Err(ApprovalError::Faults { faults, .. }) => Err(faulty(&faults)),
        Err(error) => Err(error.into()),
    }
}
