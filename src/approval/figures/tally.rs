//! Reads from what happened what figures are counted from: the whole log of a case, or the events of one command after a state.

use std::collections::BTreeMap;

use super::found::{Found, Outcome, SpanEnd, Suggested, TaskSpan};
use crate::kernel::{Actor, Timestamp, UserId};
use crate::workflow::{
    Case, CloseReason, DecisionNumber, Event, NodeName, ReasonStep, ReturnTo, TaskNumber, TaskOpened,
};

/// Reads events in their order.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    round: u32,
    asked_at: Option<Timestamp>,
    titles: BTreeMap<NodeName, String>,
    tasks: BTreeMap<TaskNumber, Lying>,
    decisions: BTreeMap<DecisionNumber, (u64, By)>,
    found: Found,
}

/// A task and with whom it lies.
#[derive(Clone, Debug)]
struct Lying {
    node: NodeName,
    opened_at: Timestamp,
    since: Timestamp,
    due: Option<Timestamp>,
    /// Whether somebody is asked.
    open: bool,
    /// The one who can decide, or who has it in hand.
    with: By,
    /// The one who can decide, where it is not in hand.
    alone: By,
    /// To whom it comes back from whoever advises.
    back: By,
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
        let mut tally = Self {
            round: case.round,
            asked_at: case.tasks.values().map(|task| task.at).min(),
            titles: case.nodes.iter().map(|(name, node)| (name.clone(), node.title.clone())).collect(),
            ..Self::default()
        };
        for (number, task) in &case.tasks {
            let mut lying = Lying::of(&task.opened, task.at);
            lying.since = since.get(number).copied().unwrap_or(task.at).max(task.at);
            lying.open = task.open;
            lying.back = task.delegated.as_ref().map(|one| By::alone(&one.back_to)).unwrap_or_default();
            lying.with = task.claimed.map_or(lying.alone, |person| lying.in_hand(person));
            tally.tasks.insert(*number, lying);
        }
        let decisions = case.decisions.iter();
        tally.decisions.extend(decisions.map(|(number, one)| (*number, (one.seq, By::actor(one.decided.by)))));
        tally
    }

    /// What was found.
    pub fn found(self) -> Found {
        self.found
    }

    /// Reads the next event, the one with number `seq`.
    pub fn read(&mut self, event: &Event, seq: u64, at: Timestamp) {
        match event {
            Event::Submitted { round, .. } => self.round = *round,
            Event::NodeEntered { node, title, .. } => {
                self.titles.insert(node.clone(), title.clone());
            }
            Event::TaskOpened(opened) => {
                self.asked_at = self.asked_at.or(Some(at));
                self.tasks.insert(opened.task, Lying::of(opened, at));
            }
            Event::Decided(decided) => {
                let by = By::actor(decided.by);
                self.decisions.insert(decided.decision, (seq, by));
                self.end(decided.task, (seq, at), SpanEnd::of(decided), decided.by.map(|_| by));
            }
            Event::DecisionKept { decision, task, .. } => {
                let by = self.decisions.get(decision).map(|(_, by)| *by);
                self.end(*task, (seq, at), SpanEnd::Kept, by);
            }
            Event::TaskClosed { task, because } => {
                let end = match because {
                    CloseReason::Settled | CloseReason::Removed => SpanEnd::Settled,
                    // It goes to those who were added before.
                    CloseReason::NotYet => SpanEnd::Transferred,
                    CloseReason::Reset => SpanEnd::Reset,
                    CloseReason::CaseOver => SpanEnd::CaseOver,
                };
                self.end(*task, (seq, at), end, None);
            }
            Event::TaskClaimed { .. }
            | Event::TaskReleased { .. }
            | Event::TaskResumed { .. }
            | Event::Transferred { .. }
            | Event::Delegated { .. }
            | Event::DelegationReturned { .. }
            | Event::HandedOver { .. } => self.changes_hands(event, (seq, at)),
            Event::TakenOver { from, to, .. } => self.taken_over(*from, *to, (seq, at)),
            Event::DecisionWithdrawn { decision, reopened, .. } => self.take_back(*decision, reopened),
            Event::Returned { from, to, .. } => self.goes_back(from.as_ref(), to, at),
            Event::Suggested { .. } | Event::SuggestionTaken { .. } | Event::SuggestionDeclined { .. } => {
                self.suggestion(event, at);
            }
            Event::Approved => self.decided(true, seq, at),
            Event::Rejected { .. } | Event::Terminated { .. } => self.decided(false, seq, at),
            _ => {}
        }
    }

    /// The span of a task ends; whoever had it is known by then, or `by` the end itself.
    fn end(&mut self, task: TaskNumber, (seq, at): (u64, Timestamp), end: SpanEnd, by: Option<By>) {
        let Some(lying) = self.tasks.get_mut(&task) else { return };
        lying.open = matches!(end, SpanEnd::Transferred | SpanEnd::HandedOver);
        let By { person, principal } = by.unwrap_or(lying.with);
        self.found.spans.push(TaskSpan {
            seq,
            task,
            node: lying.node.clone(),
            node_title: self.titles.get(&lying.node).unwrap_or(&lying.node).clone(),
            person,
            principal,
            round: self.round,
            opened_at: lying.since,
            due: lying.due,
            closed_at: at,
            end,
            returned_to: None,
        });
    }

    fn changes_hands(&mut self, event: &Event, (seq, at): (u64, Timestamp)) {
        let (task, to) = match event {
            Event::TaskClaimed { task, by } => {
                if let (Some(lying), Some(person)) = (self.tasks.get_mut(task), by.user) {
                    lying.with = lying.in_hand(person);
                }
                return;
            }
            Event::TaskReleased { task, .. } => {
                if let Some(lying) = self.tasks.get_mut(task) {
                    lying.with = lying.alone;
                }
                return;
            }
            Event::TaskResumed { task, due } => {
                if let Some(lying) = self.tasks.get_mut(task) {
                    (lying.since, lying.due, lying.with) = (at, *due, lying.alone);
                }
                return;
            }
            Event::DelegationReturned { task, by, .. } => {
                self.end(*task, (seq, at), SpanEnd::Transferred, by.map(|by| By::actor(Some(by))));
                if let Some(lying) = self.tasks.get_mut(task) {
                    (lying.since, lying.alone, lying.with) = (at, lying.back, lying.back);
                }
                return;
            }
            Event::Delegated { task, by, to, .. } => {
                if let Some(lying) = self.tasks.get_mut(task) {
                    lying.back = lying.alone;
                }
                self.end(*task, (seq, at), SpanEnd::Transferred, Some(By::actor(Some(*by))));
                (task, std::slice::from_ref(to))
            }
            Event::Transferred { task, by, to, .. } => {
                self.end(*task, (seq, at), SpanEnd::Transferred, Some(By::actor(Some(*by))));
                (task, std::slice::from_ref(to))
            }
            Event::HandedOver { task, to } => {
                self.end(*task, (seq, at), SpanEnd::HandedOver, None);
                (task, to.as_slice())
            }
            _ => return,
        };
        if let Some(lying) = self.tasks.get_mut(task) {
            (lying.since, lying.alone) = (at, By::alone(to));
            lying.with = lying.alone;
        }
    }

    /// What lay with one person lies with another.
    fn taken_over(&mut self, from: UserId, to: UserId, (seq, at): (u64, Timestamp)) {
        let theirs = self.tasks.iter().filter(|(_, lying)| lying.open && lying.with.principal == Some(from));
        let theirs: Vec<TaskNumber> = theirs.map(|(task, _)| *task).collect();
        for task in theirs {
            self.end(task, (seq, at), SpanEnd::Transferred, None);
            if let Some(lying) = self.tasks.get_mut(&task) {
                let to = By { person: Some(to), principal: Some(to) };
                (lying.since, lying.alone, lying.with) = (at, to, to);
            }
        }
    }

    /// A decision and everything after it was as if it had never been; its tasks go on as they were.
    fn take_back(&mut self, decision: DecisionNumber, reopened: &[TaskNumber]) {
        let Some((since, _)) = self.decisions.get(&decision).copied() else { return };
        self.found.undone = Some(self.found.undone.map_or(since, |earlier| earlier.min(since)));
        self.found.spans.retain(|span| span.seq < since);
        self.found.outcome = self.found.outcome.take().filter(|outcome| outcome.seq < since);
        for task in reopened {
            let ended = self.found.spans.iter().filter(|span| span.task == *task).map(|span| span.closed_at).max();
            if let Some(lying) = self.tasks.get_mut(task) {
                (lying.since, lying.open) = (ended.unwrap_or(lying.opened_at), true);
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
                let node = task.and_then(|task| self.tasks.get(&task)).map(|lying| lying.node.clone());
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
        self.found.outcome = Some(Outcome { seq, approved, rounds: self.round, asked_at, decided_at: at });
    }
}

impl Lying {
    fn of(opened: &TaskOpened, at: Timestamp) -> Self {
        let alone = By::alone(&opened.candidates);
        let (node, back) = (opened.node.clone(), By::default());
        Self { node, opened_at: at, since: at, due: opened.due, open: true, with: alone, alone, back }
    }

    fn in_hand(&self, person: UserId) -> By {
        let principal = self.alone.principal.filter(|_| self.alone.person == Some(person));
        By { person: Some(person), principal: principal.or(Some(person)) }
    }
}
