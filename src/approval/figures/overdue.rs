//! What is overdue now: open tasks past their due time.

use super::queries::FigureFilter;
use crate::approval::{ApprovalError, Approvals, Viewer};
use crate::db::{Conn, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{CaseId, Timestamp, UserId};
use crate::org::{Records, Scope};
use crate::params;
use crate::workflow::{Directory, NodeName, TaskNumber};

/// People at overdue tasks that are listed at most, the longest overdue first.
const MOST: u32 = 100;

const COLUMNS: &str = "t.case_id, t.task, t.person, t.node, t.node_title, t.opened_at, t.due, c.workflow, c.title";
const FROM: &str = "approval_task AS t JOIN approval_case AS c ON c.id = t.case_id";
const LONGEST: &[Sort] = &[Sort {
    name: "longest",
    keys: &[Key::rising("t.due"), Key::rising("t.case_id"), Key::rising("t.task"), Key::rising("t.person")],
}];

/// A task that is overdue.
#[derive(Clone, Debug, PartialEq)]
pub struct OverdueTask {
    /// The case and what its record is called, if the reader may see it.
    pub case: Option<(CaseId, String)>,
    /// The workflow.
    pub workflow: String,
    /// The node.
    pub node: NodeName,
    /// What people read.
    pub node_title: String,
    /// Who is asked.
    pub people: Vec<UserId>,
    /// Since when somebody is asked.
    pub opened_at: Timestamp,
    /// Until when it should have been decided.
    pub due: Timestamp,
    /// Minutes inside office hours since then; nothing where the calendar does not know a year.
    pub late: Option<u32>,
}

/// A person at an overdue task.
struct Line {
    case: CaseId,
    task: TaskNumber,
    person: UserId,
    title: String,
    found: OverdueTask,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (case, task, person) = (row.get("case_id")?, row.get("task")?, row.get("person")?);
        let found = OverdueTask {
            case: None,
            node: row.get("node")?,
            node_title: row.get("node_title")?,
            people: vec![person],
            opened_at: row.get("opened_at")?,
            due: row.get("due")?,
            workflow: row.get("workflow")?,
            late: None,
        };
        Ok(Self { case, task, person, title: row.get("title")?, found })
    }
}

fn list(now: Timestamp) -> Query {
    let mut list = Query::new(COLUMNS, FROM);
    list.filter("t.open", params![]);
    list.filter("t.due < ?", params![now]);
    list.filter("t.claimed_by IS NULL OR t.claimed_by = t.person", params![]);
    list.sort(LONGEST, "longest");
    list
}

/// The list with every filter, for the test that prepares it on both engines.
pub(super) fn lists() -> Vec<Query> {
    let mut all = list(Timestamp::MIN);
    all.one_of("t.person", &[UserId::new(1)]);
    all.filter("c.workflow = ?", params!["workflow"]);
    vec![all]
}

impl Approvals {
    /// What is overdue now with people within the scope, the longest first, and whether there is more. A record is named only to whom
    /// it is open.
    pub async fn overdue(
        &self,
        viewer: &Viewer,
        scope: &Scope,
        filter: &FigureFilter,
    ) -> Result<(Vec<OverdueTask>, bool), ApprovalError> {
        let now = self.0.clock.now();
        let mut list = list(now);
        // Who leads people leads them where they work now.
        if let Records::Of { owners, .. } = scope.records() {
            list.one_of("t.person", &owners.iter().copied().collect::<Vec<_>>());
        }
        if let Some(workflow) = &filter.workflow {
            list.filter("c.workflow = ?", params![workflow]);
        }
        if let Some(people) = people_of(filter, self.directory().await?.as_ref()) {
            list.one_of("t.person", &people);
        }
        let read = async move |c: &mut Conn<'_>| list.page(c, MOST, None).await;
        let page: Page<Line> = self.0.db.read(read).await?;
        let mut tasks: Vec<OverdueTask> = Vec::new();
        let mut last = None;
        for line in page.rows {
            match tasks.last_mut().filter(|_| last == Some((line.case, line.task))) {
                Some(task) => task.people.push(line.person),
                None => tasks.push(self.overdue_task(viewer, &line, now).await?),
            }
            last = Some((line.case, line.task));
        }
        Ok((tasks, page.next.is_some()))
    }

    async fn overdue_task(&self, viewer: &Viewer, line: &Line, now: Timestamp) -> Result<OverdueTask, ApprovalError> {
        let case = match self.may_see(line.case, viewer).await {
            Ok(_) => Some((line.case, line.title.clone())),
            // The record may be gone, too: then nobody can open it.
            Err(ApprovalError::NoCase(_) | ApprovalError::NoSubject(_)) => None,
            Err(error) => return Err(error),
        };
        let late = self.0.practice.office().minutes(line.found.due, now);
        Ok(OverdueTask { case, late, ..line.found.clone() })
    }
}

/// The people of the department that is asked for, as they work now.
fn people_of(filter: &FigureFilter, directory: &Directory) -> Option<Vec<UserId>> {
    let departments = filter.departments(directory)?;
    let works_there = |department| departments.contains(&department);
    let people = directory.people.values().filter(|one| one.department.is_some_and(works_there));
    Some(people.map(|one| one.id).collect())
}
