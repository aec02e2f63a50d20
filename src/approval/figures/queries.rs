//! Reading figures, and what steps took before.

use std::collections::BTreeMap;

use super::expect::{NEWEST, Office, Passes};
use super::facts::{CaseFacts, SpanFacts, SuggestionFacts};
use super::found::SpanEnd;
use super::report::Report;
use crate::approval::approvals::{Approvals, Practice};
use crate::approval::{ApprovalError, store};
use crate::db::{Conn, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::calendar::add_months;
use crate::kernel::{CaseId, Date, DepartmentId, Timestamp};
use crate::org::Scope;
use crate::params;
use crate::workflow::{Directory, NodeName, Step};

/// Rows that are counted at most, the newest first.
const MOST: u32 = 200_000;
/// Spans of a node that are read at most for what it took before; a countersign leaves several a pass.
const SPANS_OF_A_NODE: i64 = 200;

/// How far figures reach back where nothing else is said.
const MONTHS: i32 = 3;

const SPANS: &str = "s.workflow, s.node, s.node_title, s.subject_kind, s.person, s.department, s.round, s.ending, \
    s.returned_to, s.opened_at, s.due, s.closed_at, s.working";
const SPANS_NEWEST: &[Sort] =
    &[Sort { name: "newest", keys: &[Key::falling("s.closed_at"), Key::falling("s.case_id"), Key::falling("s.seq")] }];
const SUGGESTIONS: &str = "s.workflow, s.node, s.person, s.taken";
const SUGGESTIONS_NEWEST: &[Sort] = &[Sort {
    name: "newest",
    keys: &[Key::falling("s.made_at"), Key::falling("s.case_id"), Key::falling("s.suggestion")],
}];
const OUTCOMES: &str = "o.workflow, o.rounds, o.working";
const OUTCOMES_NEWEST: &[Sort] =
    &[Sort { name: "newest", keys: &[Key::falling("o.decided_at"), Key::falling("o.case_id")] }];

/// What figures are narrowed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureFilter {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Only this workflow.
    pub workflow: Option<String>,
    /// Only people of this department and those below it.
    pub department: Option<DepartmentId>,
}

impl FigureFilter {
    /// From one day to another; without the last day up to today, without the first over three months.
    pub fn new(today: Date, from: Option<Date>, to: Option<Date>) -> Self {
        let to = to.unwrap_or(today);
        Self { from: from.unwrap_or_else(|| add_months(to, -MONTHS)), to, workflow: None, department: None }
    }

    /// The department and every one below it.
    pub(super) fn departments(&self, directory: &Directory) -> Option<Vec<DepartmentId>> {
        let top = self.department?;
        let below = |id: &&DepartmentId| directory.lineage(Some(**id)).any(|one| one.id == top);
        Some(directory.departments.keys().filter(below).copied().collect())
    }
}

impl FromRow for SpanFacts {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (workflow, node, node_title) = (row.get("workflow")?, row.get("node")?, row.get("node_title")?);
        let (kind, person, department) = (row.get("subject_kind")?, row.get("person")?, row.get("department")?);
        let (round, ending): (u32, String) = (row.get("round")?, row.get("ending")?);
        let unknown = || DbError::Column { column: "ending".to_owned(), problem: format!("no ending is {ending}") };
        let end = SpanEnd::named(&ending).ok_or_else(unknown)?;
        let returned_to: Option<String> = row.get("returned_to")?;
        let returned_to = returned_to.map(store::figures::return_to);
        let (opened_at, due): (Timestamp, Option<Timestamp>) = (row.get("opened_at")?, row.get("due")?);
        let (closed_at, working): (Timestamp, Option<u32>) = (row.get("closed_at")?, row.get("working")?);
        let elapsed = u32::try_from(closed_at.since(opened_at).as_secs() / 60).unwrap_or(u32::MAX);
        let late = due.map(|due| closed_at > due);
        Ok(Self {
            workflow,
            node,
            node_title,
            kind,
            person,
            department,
            round,
            end,
            returned_to,
            late,
            working,
            elapsed,
        })
    }
}

impl FromRow for SuggestionFacts {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            workflow: row.get("workflow")?,
            node: row.get("node")?,
            person: row.get("person")?,
            taken: row.get("taken")?,
        })
    }
}

impl FromRow for CaseFacts {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { workflow: row.get("workflow")?, rounds: row.get("rounds")?, working: row.get("working")? })
    }
}

/// The three lists that figures are counted from.
#[derive(Clone, Debug)]
struct Lists {
    spans: Query,
    suggestions: Query,
    outcomes: Query,
}

impl Lists {
    fn new() -> Self {
        let mut lists = Self {
            spans: Query::new(SPANS, "approval_span AS s"),
            suggestions: Query::new(SUGGESTIONS, "approval_suggestion AS s"),
            outcomes: Query::new(OUTCOMES, "approval_outcome AS o"),
        };
        lists.spans.sort(SPANS_NEWEST, "newest");
        lists.suggestions.sort(SUGGESTIONS_NEWEST, "newest");
        lists.outcomes.sort(OUTCOMES_NEWEST, "newest");
        lists
    }

    fn within(&mut self, from: Timestamp, until: Timestamp) {
        self.spans.filter("s.closed_at >= ? AND s.closed_at < ?", params![from, until]);
        self.suggestions.filter("s.made_at >= ? AND s.made_at < ?", params![from, until]);
        self.outcomes.filter("o.decided_at >= ? AND o.decided_at < ?", params![from, until]);
    }

    fn of_workflow(&mut self, workflow: &str) {
        self.spans.filter("s.workflow = ?", params![workflow]);
        self.suggestions.filter("s.workflow = ?", params![workflow]);
        self.outcomes.filter("o.workflow = ?", params![workflow]);
    }

    fn of_departments(&mut self, departments: &[DepartmentId]) {
        self.spans.one_of("s.department", departments);
        self.suggestions.one_of("s.department", departments);
        self.outcomes.one_of("o.department", departments);
    }

    fn open_to(&mut self, scope: &Scope) {
        scope.narrow(&mut self.spans, "s.person", "s.department");
        scope.narrow(&mut self.suggestions, "s.person", "s.department");
        scope.narrow(&mut self.outcomes, "o.drafter", "o.department");
    }
}

/// Every list of this part with every filter, for the test that prepares them on both engines.
pub fn lists() -> Vec<Query> {
    let mut lists = Lists::new();
    lists.within(Timestamp::MIN, Timestamp::MAX);
    lists.of_workflow("workflow");
    lists.of_departments(&[DepartmentId::new(1)]);
    let Lists { spans, suggestions, outcomes } = lists;
    [vec![spans, suggestions, outcomes], super::overdue::lists()].concat()
}

impl Practice {
    /// Office hours and the days on which they are kept.
    pub(in crate::approval) fn office(&self) -> Office<'_> {
        Office { calendar: &self.calendar, hours: &self.office }
    }
}

impl Approvals {
    /// How approvals went, of the people and cases within the scope.
    pub async fn figures(&self, scope: &Scope, filter: &FigureFilter) -> Result<Report, ApprovalError> {
        let mut lists = Lists::new();
        let zone = self.0.practice.office.zone();
        let day_after = filter.to.tomorrow().unwrap_or(filter.to);
        lists.within(Timestamp::start_of(filter.from, zone), Timestamp::start_of(day_after, zone));
        lists.open_to(scope);
        if let Some(workflow) = &filter.workflow {
            lists.of_workflow(workflow);
        }
        if let Some(departments) = filter.departments(self.directory().await?.as_ref()) {
            lists.of_departments(&departments);
        }
        let read = async move |c: &mut Conn<'_>| {
            let spans: Page<SpanFacts> = lists.spans.page(c, MOST, None).await?;
            let suggestions: Page<SuggestionFacts> = lists.suggestions.page(c, MOST, None).await?;
            let cases: Page<CaseFacts> = lists.outcomes.page(c, MOST, None).await?;
            Ok::<_, DbError>((spans, suggestions, cases))
        };
        let (spans, suggestions, cases) = self.0.db.read(read).await?;
        let cut = spans.next.is_some() || suggestions.next.is_some() || cases.next.is_some();
        Ok(Report { cut, ..Report::of(&spans.rows, &suggestions.rows, &cases.rows) })
    }

    /// How long the newest passes of the nodes on the way took. A node that a case went through twice in one round counts once, from
    /// when somebody was first asked there to the last decision.
    pub(in crate::approval) async fn passes(&self, workflow: &str, steps: &[Step]) -> Result<Passes, ApprovalError> {
        let workflow = workflow.to_owned();
        let nodes: Vec<NodeName> = steps.iter().filter(|step| step.to_decide()).map(|step| step.node.clone()).collect();
        let read = async move |c: &mut Conn<'_>| {
            let mut spans = Vec::with_capacity(nodes.len());
            for node in &nodes {
                let newest = store::figures::newest_of_node(c, &workflow, node, SPANS_OF_A_NODE).await?;
                spans.push((node.clone(), newest));
            }
            Ok::<_, DbError>(spans)
        };
        let office = self.0.practice.office();
        let spans = self.0.db.read(read).await?;
        Ok(spans.into_iter().map(|(node, spans)| (node, times(&spans, office))).collect())
    }
}

/// How long each pass took, of the newest.
fn times(spans: &[store::figures::NodeSpan], office: Office<'_>) -> Vec<u32> {
    let mut passes: BTreeMap<(CaseId, u32), (Timestamp, Timestamp)> = BTreeMap::new();
    for (case, round, from, until) in spans {
        let pass = passes.entry((*case, *round)).or_insert((*from, *until));
        *pass = (pass.0.min(*from), pass.1.max(*until));
    }
    let mut passes: Vec<_> = passes.into_values().collect();
    passes.sort_by_key(|(_, until)| std::cmp::Reverse(*until));
    passes.into_iter().take(NEWEST).filter_map(|(from, until)| office.minutes(from, until)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{OfficeHours, WorkCalendar};

    #[test]
    fn the_votes_of_one_round_are_one_pass() {
        let hours = OfficeHours::default();
        let office = Office { calendar: WorkCalendar::mainland(), hours: &hours };
        let at = |time: &str| -> Timestamp { format!("2026-03-02T{time}:00+08:00").parse().unwrap() };
        let (one, two) = (CaseId::new(1), CaseId::new(2));
        let spans = [
            (two, 1, at("10:00"), at("11:00")),
            (one, 1, at("09:00"), at("10:30")),
            (one, 1, at("09:00"), at("09:30")),
            (one, 2, at("09:00"), at("09:20")),
        ];
        assert_eq!(times(&spans, office), [60, 90, 20]);
    }
}
