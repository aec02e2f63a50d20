//! Reads from what happened what figures are counted from: the whole log of a case, or the events of one command after a state.

use std::collections::BTreeMap;

use super::found::{Found, Outcome, SpanEnd, Suggested, TaskSpan};
use crate::kernel::{Actor, Timestamp, UserId};
use crate::workflow::{
    Case, CloseReason, DecisionNumber, Event, NodeName, ReasonStep, ReturnTo, Task, TaskNumber, evolve,
};

/// Reads events in their order. With whom a task lies is what the state before an event says, so that a log read at once and one read as
/// it grows say the same.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Where the case stands before the next event.
    case: Case,
    asked_at: Option<Timestamp>,
    /// Since when a task lies with whoever has it.
    since: BTreeMap<TaskNumber, Timestamp>,
    found: Found,
}

/// Who, and in whose right.
#[derive(Clone, Copy, Debug, Default)]
struct By {
    person: Option<UserId>,
    principal: Option<UserId>,
}

impl By {
    fn actor(actor: Option<Actor>) -> Self {
        Self { person: actor.and_then(|by| by.user), principal: actor.and_then(|by| by.in_the_name_of()) }
    }

    /// The one of them, where there is only one.
    fn alone(candidates: &[crate::workflow::Candidate]) -> Self {
        match candidates {
            [one] => Self { person: Some(one.person), principal: Some(one.principal()) },
            _ => Self::default(),
        }
    }

    /// The one who can decide at a task, or who has it in hand.
    fn of(task: &Task) -> Self {
        let alone = Self::alone(&task.opened.candidates);
        let Some(person) = task.claimed else { return alone };
        let principal = alone.principal.filter(|_| alone.person == Some(person));
        Self { person: Some(person), principal: principal.or(Some(person)) }
    }
}

/// Whether a task of the case may have changed hands, so that it lies with somebody since another moment than it was opened.
pub(in crate::approval) fn changed_hands(case: &Case) -> bool {
    let mut reasons = case.tasks.values().flat_map(|task| &task.opened.candidates).flat_map(|one| &one.because.steps);
    let handed = reasons.any(|step| {
        matches!(
            step,
            ReasonStep::TransferredBy { .. }
                | ReasonStep::DelegatedBy { .. }
                | ReasonStep::TakenOverFrom { .. }
                | ReasonStep::Overdue
        )
    });
    handed || case.tasks.values().any(|task| !task.advice.is_empty())
}

impl Tally {
    /// Goes on from a state; `since` is when tasks changed hands last.
    pub fn after(case: &Case, since: &BTreeMap<TaskNumber, Timestamp>) -> Self {
        let lies = |(number, task): (&TaskNumber, &Task)| {
            (*number, since.get(number).copied().unwrap_or(task.at).max(task.at))
        };
        Self {
            case: case.clone(),
            asked_at: case.tasks.values().map(|task| task.at).min(),
            since: case.tasks.iter().map(lies).collect(),
            found: Found::default(),
        }
    }

    /// What was found.
    pub fn found(self) -> Found {
        self.found
    }

    /// Reads the next event, the one with number `seq`.
    pub fn read(&mut self, event: &Event, seq: u64, at: Timestamp) {
        let happened = (seq, at);
        match event {
            Event::TaskOpened(opened) => {
                self.asked_at = self.asked_at.or(Some(at));
                self.since.insert(opened.task, at);
            }
            Event::Decided(decided) => {
                let by = decided.by.map(|by| By::actor(Some(by)));
                self.end(decided.task, happened, SpanEnd::of(decided), by);
            }
            Event::DecisionKept { decision, task, .. } => {
                let by = self.case.decisions.get(decision).map(|one| By::actor(one.decided.by));
                self.end(*task, happened, SpanEnd::Kept, by);
            }
            Event::TaskClosed { task, because } => {
                let end = match because {
                    CloseReason::Settled | CloseReason::Removed => SpanEnd::Settled,
                    // It goes to those who were added before.
                    CloseReason::NotYet => SpanEnd::Transferred,
                    CloseReason::Reset => SpanEnd::Reset,
                    CloseReason::CaseOver => SpanEnd::CaseOver,
                };
                self.end(*task, happened, end, None);
            }
            Event::TaskResumed { task, .. } => {
                self.since.insert(*task, at);
            }
            Event::Transferred { task, by, .. } | Event::Delegated { task, by, .. } => {
                self.changes_hands(*task, happened, SpanEnd::Transferred, Some(By::actor(Some(*by))));
            }
            Event::DelegationReturned { task, by, .. } => {
                self.changes_hands(*task, happened, SpanEnd::Transferred, by.map(|by| By::actor(Some(by))));
            }
            Event::HandedOver { task, .. } => self.changes_hands(*task, happened, SpanEnd::HandedOver, None),
            Event::TakenOver { from, .. } => self.taken_over(*from, happened),
            Event::DecisionWithdrawn { decision, reopened, .. } => self.take_back(*decision, reopened),
            Event::Returned { from, to, .. } => self.goes_back(from.as_ref(), to, at),
            Event::Suggested { .. } | Event::SuggestionTaken { .. } | Event::SuggestionDeclined { .. } => {
                self.suggestion(event, at);
            }
            Event::Approved => self.decided(true, seq, at),
            Event::Rejected { .. } | Event::Terminated { .. } => self.decided(false, seq, at),
            _ => {}
        }
        self.case = evolve(std::mem::take(&mut self.case), event, at);
    }

    /// The span of a task ends; whoever had it is known by then, or `by` the end itself.
    fn end(&mut self, number: TaskNumber, (seq, at): (u64, Timestamp), end: SpanEnd, by: Option<By>) {
        let Some(task) = self.case.tasks.get(&number) else { return };
        let By { person, principal } = by.unwrap_or_else(|| By::of(task));
        let node = &task.opened.node;
        self.found.spans.push(TaskSpan {
            seq,
            task: number,
            node: node.clone(),
            node_title: self.case.nodes.get(node).map_or(node, |state| &state.title).clone(),
            person,
            principal,
            round: self.case.round,
            opened_at: self.since.get(&number).copied().unwrap_or(task.at),
            due: task.opened.due,
            closed_at: at,
            end,
            returned_to: None,
        });
    }

    /// From now on it lies with others.
    fn changes_hands(&mut self, task: TaskNumber, happened: (u64, Timestamp), end: SpanEnd, by: Option<By>) {
        self.end(task, happened, end, by);
        self.since.insert(task, happened.1);
    }

    /// What lay with one person lies with another.
    fn taken_over(&mut self, from: UserId, happened: (u64, Timestamp)) {
        let theirs = self.case.tasks.iter().filter(|(_, task)| task.open && By::of(task).principal == Some(from));
        let theirs: Vec<TaskNumber> = theirs.map(|(number, _)| *number).collect();
        for task in theirs {
            self.changes_hands(task, happened, SpanEnd::Transferred, None);
        }
    }

    /// A decision and everything after it was as if it had never been; its tasks go on as they were.
    fn take_back(&mut self, decision: DecisionNumber, reopened: &[TaskNumber]) {
        let Some(since) = self.case.decisions.get(&decision).map(|one| one.seq) else { return };
        self.found.undone = Some(self.found.undone.map_or(since, |earlier| earlier.min(since)));
        self.found.spans.retain(|span| span.seq < since);
        self.found.outcome = self.found.outcome.take().filter(|outcome| outcome.seq < since);
        for task in reopened {
            let ended = self.found.spans.iter().filter(|span| span.task == *task).map(|span| span.closed_at).max();
            if let Some(opened_at) = self.case.tasks.get(task).map(|task| task.at) {
                self.since.insert(*task, ended.unwrap_or(opened_at));
            }
        }
    }

    /// The decision with which the case went back.
    fn goes_back(&mut self, from: Option<&NodeName>, to: &ReturnTo, at: Timestamp) {
        let sent = |span: &&mut TaskSpan| {
            span.closed_at == at && Some(&span.node) == from && (span.end.is_decision() || span.end == SpanEnd::Silence)
        };
        if let Some(span) = self.found.spans.iter_mut().rev().find(sent) {
            span.returned_to = Some(to.clone());
        }
    }

    fn suggestion(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Suggested { suggestion, task, by, .. } => {
                let node = task.and_then(|task| self.case.tasks.get(&task)).map(|task| task.opened.node.clone());
                let (node, person) = (node.unwrap_or_default(), by.user);
                self.found.suggested.push(Suggested { suggestion: *suggestion, node, person, at });
            }
            Event::SuggestionTaken { suggestion, .. } => self.found.answered.push((*suggestion, true)),
            Event::SuggestionDeclined { suggestion, .. } => self.found.answered.push((*suggestion, false)),
            _ => {}
        }
    }

    fn decided(&mut self, approved: bool, seq: u64, at: Timestamp) {
        let asked_at = self.asked_at.unwrap_or(at);
        self.found.outcome = Some(Outcome { seq, approved, rounds: self.case.round, asked_at, decided_at: at });
    }
}
