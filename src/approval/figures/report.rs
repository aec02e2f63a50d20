//! Figures by step, person, department and kind of record, and how often cases come back.

use std::collections::BTreeMap;

use super::facts::{CaseFacts, SpanFacts, SuggestionFacts};
use super::found::SpanEnd;
use super::spread::{Spread, percent};
use crate::kernel::{DepartmentId, Kind, UserId};
use crate::workflow::{NodeName, ReturnTo};

/// What became of suggestions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Made.
    pub made: u64,
    /// Taken by the drafter.
    pub taken: u64,
    /// Declined.
    pub declined: u64,
}

/// How fast, how late, how often again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Minutes inside office hours, of the spans that say something about whoever had them.
    pub working: Spread,
    /// The same spans in minutes by the clock.
    pub elapsed: Spread,
    /// Of these, those with a due time.
    pub with_due: u64,
    /// Of these, those that ended after it.
    pub late: u64,
    /// With how many the case went back.
    pub sent_back: u64,
    /// Decisions in a later round than the first.
    pub asked_again: u64,
    /// Decisions of earlier rounds that still stood, so that nobody was asked.
    pub kept: u64,
    /// Suggestions that were made there.
    pub suggestions: Suggestions,
}

/// A step of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFigures {
    /// The workflow.
    pub workflow: String,
    /// The node.
    pub node: NodeName,
    /// What people read, last.
    pub title: String,
    /// How it goes there.
    pub pace: Pace,
    /// Its part of the working time of all steps of the workflow, in per cent.
    pub share: u32,
    /// The largest part, of several.
    pub bottleneck: bool,
}

/// Somebody, some department or some kind of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFigures<K> {
    /// Which.
    pub of: K,
    /// How it goes there.
    pub pace: Pace,
}

/// The decided cases of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowFigures {
    /// The workflow.
    pub workflow: String,
    /// Minutes inside office hours from the first question to the decision.
    pub working: Spread,
    /// Decided cases.
    pub cases: u64,
    /// Those that took more than one round.
    pub reworked: u64,
}

/// Returns from one step to one other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnFigures {
    /// The workflow.
    pub workflow: String,
    /// The node that sent cases back.
    pub from: NodeName,
    /// What people read, last.
    pub from_title: String,
    /// The node that they went to; nothing for the drafter.
    pub to: Option<NodeName>,
    /// What people read.
    pub to_title: Option<String>,
    /// How often.
    pub count: u64,
}

/// How approvals go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By step; those of a workflow together, the one that takes most time first.
    pub steps: Vec<StepFigures>,
    /// By person, the one with most time first; likewise below.
    pub people: Vec<GroupFigures<UserId>>,
    /// By department; nothing for those who work in none.
    pub departments: Vec<GroupFigures<Option<DepartmentId>>>,
    /// By kind of record.
    pub kinds: Vec<GroupFigures<Kind>>,
    /// Decided cases by workflow.
    pub workflows: Vec<WorkflowFigures>,
    /// Where cases were sent back from and to, the most frequent first.
    pub returns: Vec<ReturnFigures>,
    /// There was more than is counted: the newest are.
    pub cut: bool,
}

/// What is gathered of a group before it is counted.
#[derive(Default)]
struct Gathered {
    working: Vec<u32>,
    elapsed: Vec<u32>,
    pace: Pace,
}

impl Gathered {
    fn span(&mut self, span: &SpanFacts) {
        if span.end == SpanEnd::Kept {
            self.pace.kept += 1;
        }
        self.pace.sent_back += u64::from(span.returned_to.is_some());
        self.pace.asked_again += u64::from(span.round > 1 && span.end.is_decision());
        if !span.end.is_theirs() {
            return;
        }
        self.working.extend(span.working);
        self.elapsed.push(span.elapsed);
        self.pace.with_due += u64::from(span.late.is_some());
        self.pace.late += u64::from(span.late == Some(true));
    }

    fn suggestion(&mut self, taken: Option<bool>) {
        self.pace.suggestions.made += 1;
        self.pace.suggestions.taken += u64::from(taken == Some(true));
        self.pace.suggestions.declined += u64::from(taken == Some(false));
    }

    fn pace(self) -> Pace {
        Pace { working: Spread::of(self.working), elapsed: Spread::of(self.elapsed), ..self.pace }
    }
}

impl Report {
    /// Counts. Spans come newest first.
    pub fn of(spans: &[SpanFacts], suggestions: &[SuggestionFacts], cases: &[CaseFacts]) -> Self {
        let mut people: BTreeMap<UserId, Gathered> = BTreeMap::new();
        let mut departments: BTreeMap<Option<DepartmentId>, Gathered> = BTreeMap::new();
        let mut kinds: BTreeMap<&Kind, Gathered> = BTreeMap::new();
        for span in spans {
            if let Some(person) = span.person {
                people.entry(person).or_default().span(span);
                departments.entry(span.department).or_default().span(span);
            }
            kinds.entry(&span.kind).or_default().span(span);
        }
        for suggestion in suggestions {
            if let Some(person) = suggestion.person {
                people.entry(person).or_default().suggestion(suggestion.taken);
            }
        }
        Self {
            steps: steps(spans, suggestions),
            people: groups(people),
            departments: groups(departments),
            kinds: groups(kinds.into_iter().map(|(kind, gathered)| (kind.clone(), gathered)).collect()),
            workflows: workflows(cases),
            returns: returns(spans),
            cut: false,
        }
    }
}

fn groups<K: Ord>(gathered: BTreeMap<K, Gathered>) -> Vec<GroupFigures<K>> {
    let mut groups: Vec<_> =
        gathered.into_iter().map(|(of, gathered)| GroupFigures { of, pace: gathered.pace() }).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.pace.working.total));
    groups
}

fn steps(spans: &[SpanFacts], suggestions: &[SuggestionFacts]) -> Vec<StepFigures> {
    let mut gathered: BTreeMap<(&str, &str), (&str, Gathered)> = BTreeMap::new();
    for span in spans {
        let step = gathered.entry((&span.workflow, &span.node));
        step.or_insert_with(|| (&span.node_title, Gathered::default())).1.span(span);
    }
    for suggestion in suggestions {
        if let Some((_, step)) = gathered.get_mut(&(suggestion.workflow.as_str(), suggestion.node.as_str())) {
            step.suggestion(suggestion.taken);
        }
    }
    let mut steps: Vec<_> = gathered
        .into_iter()
        .map(|((workflow, node), (title, step))| StepFigures {
            workflow: workflow.to_owned(),
            node: node.to_owned(),
            title: title.to_owned(),
            pace: step.pace(),
            share: 0,
            bottleneck: false,
        })
        .collect();
    // Stable: of two that take the same time the first by name comes first.
    steps.sort_by(|a, b| a.workflow.cmp(&b.workflow).then_with(|| b.pace.working.total.cmp(&a.pace.working.total)));
    for workflow in steps.chunk_by_mut(|a, b| a.workflow == b.workflow) {
        let whole: u64 = workflow.iter().map(|step| step.pace.working.total).sum();
        let several = workflow.iter().filter(|step| step.pace.working.count > 0).count() > 1;
        for (place, step) in workflow.iter_mut().enumerate() {
            step.share = percent(step.pace.working.total, whole).unwrap_or_default();
            step.bottleneck = place == 0 && several && whole > 0;
        }
    }
    steps
}

fn returns(spans: &[SpanFacts]) -> Vec<ReturnFigures> {
    let mut titles: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut counted: BTreeMap<(&str, &str, Option<&str>), u64> = BTreeMap::new();
    for span in spans {
        titles.entry((&span.workflow, &span.node)).or_insert(&span.node_title);
        let to = match &span.returned_to {
            None => continue,
            Some(ReturnTo::Node { node }) => Some(node.as_str()),
            Some(ReturnTo::Drafter | ReturnTo::Previous) => None,
        };
        *counted.entry((&span.workflow, &span.node, to)).or_default() += 1;
    }
    let title = |workflow, node| titles.get(&(workflow, node)).copied().unwrap_or(node).to_owned();
    let mut returns: Vec<_> = counted
        .into_iter()
        .map(|((workflow, from, to), count)| ReturnFigures {
            workflow: workflow.to_owned(),
            from: from.to_owned(),
            from_title: title(workflow, from),
            to: to.map(str::to_owned),
            to_title: to.map(|node| title(workflow, node)),
            count,
        })
        .collect();
    returns.sort_by_key(|one| std::cmp::Reverse(one.count));
    returns
}

fn workflows(cases: &[CaseFacts]) -> Vec<WorkflowFigures> {
    let mut by_name: BTreeMap<&str, Vec<&CaseFacts>> = BTreeMap::new();
    for case in cases {
        by_name.entry(&case.workflow).or_default().push(case);
    }
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    by_name
        .into_iter()
        .map(|(workflow, cases)| WorkflowFigures {
            workflow: workflow.to_owned(),
            working: Spread::of(cases.iter().filter_map(|case| case.working).collect()),
            cases: count(cases.len()),
            reworked: count(cases.iter().filter(|case| case.rounds > 1).count()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(node: &str, person: i64, working: u32, end: SpanEnd) -> SpanFacts {
        SpanFacts {
            workflow: "sales".into(),
            node: node.into(),
            node_title: node.to_uppercase(),
            kind: Kind::of("contract"),
            person: Some(UserId::new(person)),
            department: Some(DepartmentId::new(person / 10)),
            round: 1,
            end,
            returned_to: (end == SpanEnd::Returned).then_some(ReturnTo::Drafter),
            late: Some(working > 100),
            working: Some(working),
            elapsed: working * 2,
        }
    }

    #[test]
    fn the_step_that_takes_most_of_the_working_time_is_the_bottleneck() {
        let spans = [
            span("manager", 10, 30, SpanEnd::Approved),
            span("legal", 20, 200, SpanEnd::Approved),
            span("legal", 21, 70, SpanEnd::Returned),
        ];
        let steps = Report::of(&spans, &[], &[]).steps;
        let told: Vec<_> = steps.iter().map(|step| (step.title.as_str(), step.share, step.bottleneck)).collect();
        assert_eq!(told, [("LEGAL", 90, true), ("MANAGER", 10, false)]);
        let legal = steps[0].pace;
        assert_eq!((legal.working.median, legal.elapsed.ninetieth), (70, 400));
        assert_eq!((legal.with_due, legal.late, legal.sent_back), (2, 1, 1));
    }

    #[test]
    fn a_workflow_of_one_step_has_no_bottleneck() {
        let steps = Report::of(&[span("manager", 10, 30, SpanEnd::Approved)], &[], &[]).steps;
        assert_eq!((steps[0].share, steps[0].bottleneck), (100, false));
    }

    #[test]
    fn what_others_decided_meanwhile_is_nobodys_time() {
        let spans = [span("legal", 20, 90, SpanEnd::Settled), span("legal", 20, 10, SpanEnd::Approved)];
        let people = Report::of(&spans, &[], &[]).people;
        assert_eq!(people[0].pace.working, Spread { count: 1, median: 10, ninetieth: 10, total: 10 });
    }

    #[test]
    fn decisions_that_still_stood_and_decisions_that_were_asked_for_again_are_told_apart() {
        let again = SpanFacts { round: 2, ..span("legal", 20, 10, SpanEnd::Approved) };
        let kept = SpanFacts { round: 2, ..span("legal", 20, 0, SpanEnd::Kept) };
        let pace = Report::of(&[again, kept.clone(), kept], &[], &[]).steps[0].pace;
        assert_eq!((pace.asked_again, pace.kept, pace.working.count), (1, 2, 1));
    }

    #[test]
    fn departments_and_people_are_counted_where_the_time_is_known() {
        let unknown = SpanFacts { working: None, ..span("legal", 21, 0, SpanEnd::Approved) };
        let report = Report::of(&[span("legal", 20, 50, SpanEnd::Approved), unknown], &[], &[]);
        let department = &report.departments[0];
        assert_eq!((department.of, report.departments.len()), (Some(DepartmentId::new(2)), 1));
        assert_eq!((department.pace.working.count, department.pace.elapsed.count), (1, 2));
    }

    #[test]
    fn suggestions_count_for_their_step_and_for_whoever_made_them() {
        let suggestion = |taken| SuggestionFacts {
            workflow: "sales".into(),
            node: "legal".into(),
            person: Some(UserId::new(20)),
            taken,
        };
        let suggestions = [suggestion(Some(true)), suggestion(Some(false)), suggestion(None)];
        let report = Report::of(&[span("legal", 20, 50, SpanEnd::Approved)], &suggestions, &[]);
        let expected = Suggestions { made: 3, taken: 1, declined: 1 };
        assert_eq!((report.steps[0].pace.suggestions, report.people[0].pace.suggestions), (expected, expected));
    }

    #[test]
    fn returns_are_told_by_where_they_came_from_and_where_they_went() {
        let to = |node: &str| Some(ReturnTo::Node { node: node.into() });
        let spans = [
            SpanFacts { returned_to: to("manager"), ..span("legal", 20, 10, SpanEnd::Returned) },
            span("boss", 30, 10, SpanEnd::Returned),
            span("boss", 30, 10, SpanEnd::Returned),
            span("manager", 10, 10, SpanEnd::Approved),
        ];
        let returns = Report::of(&spans, &[], &[]).returns;
        let told: Vec<_> =
            returns.iter().map(|one| (one.from_title.as_str(), one.to_title.as_deref(), one.count)).collect();
        assert_eq!(told, [("BOSS", None, 2), ("LEGAL", Some("MANAGER"), 1)]);
    }

    #[test]
    fn a_case_with_more_than_one_round_is_rework() {
        let case = |rounds| CaseFacts { workflow: "sales".into(), rounds, working: Some(60 * rounds) };
        let workflows = Report::of(&[], &[], &[case(1), case(2), case(1)]).workflows;
        assert_eq!((workflows[0].cases, workflows[0].reworked, workflows[0].working.median), (3, 1, 60));
    }
}
