//! What an event does to the state of a case. Needs neither the definition nor any script.

use super::super::{
    Case, Decided, Decision, DecisionNumber, Event, NodeName, NodeState, OnReturn, Question, ReturnTo, Returned, Stage,
    Status, Stuck, Suggestion, SuggestionOutcome, Task, TaskNumber, TaskOpened, TimerOf,
};
use super::undo;
use crate::kernel::Timestamp;

/// The case after an event that happened at an instant.
#[must_use]
pub fn evolve(mut case: Case, event: &Event, at: Timestamp) -> Case {
    apply(&mut case, event, at);
    case
}

/// The same in place.
pub(super) fn apply(case: &mut Case, event: &Event, at: Timestamp) {
    case.seq += 1;
    if undo::builds_on(case, event) {
        case.undo = None;
    }
    match event {
        Event::Saved { .. }
        | Event::Submitted { .. }
        | Event::Returned { .. }
        | Event::ReturnSignedFor { .. }
        | Event::ContentEdited { .. }
        | Event::Approved
        | Event::Rejected { .. }
        | Event::Withdrawn { .. }
        | Event::Ended
        | Event::Stuck { .. }
        | Event::Unstuck { .. } => on_case(case, event, at),
        Event::NodeEntered { .. }
        | Event::NodeSkipped { .. }
        | Event::WayChosen { .. }
        | Event::VotesFrozen { .. }
        | Event::NodePassed { .. }
        | Event::NodeFailed { .. }
        | Event::NodesReset { .. }
        | Event::WaitOpened { .. }
        | Event::CopySent { .. }
        | Event::CopyRead { .. } => on_node(case, event),
        Event::TaskOpened(opened) => open(case, opened, at),
        Event::TaskClaimed { .. }
        | Event::TaskReleased { .. }
        | Event::TaskClosed { .. }
        | Event::Reminded { .. }
        | Event::HandedOver { .. }
        | Event::Transferred { .. } => on_task(case, event, at),
        Event::Decided(decided) => decide(case, decided, at),
        Event::DecisionKept { .. } | Event::DecisionVoided { .. } | Event::DecisionWithdrawn { .. } => {
            on_decision(case, event);
        }
        Event::Asked { .. }
        | Event::Answered { .. }
        | Event::Suggested { .. }
        | Event::SuggestionTaken { .. }
        | Event::SuggestionDeclined { .. } => on_talk(case, event, at),
        Event::TimerSet { timer } => {
            case.timers.insert(timer.clone());
        }
        Event::TimerFired { timer } => {
            case.timers.remove(timer);
        }
        Event::OutsideEvent { name, .. } => {
            case.outside.insert(name.clone());
        }
        Event::Rerouted { .. } | Event::Commented { .. } | Event::EffectsDue { .. } => {}
    }
}

/// Where the case as a whole stands.
fn on_case(case: &mut Case, event: &Event, at: Timestamp) {
    match event {
        Event::Saved { .. } => case.status = Status::Draft,
        Event::Submitted { by, round, content, amount, without_ceiling, chosen, grids } => {
            case.status = Status::InApproval;
            case.round = *round;
            case.submitter = by.in_the_name_of();
            case.content = Some(*content);
            case.amount = *amount;
            case.without_ceiling = *without_ceiling;
            case.chosen.clone_from(chosen);
            case.grids.clone_from(grids);
            case.returned = None;
        }
        Event::Returned { by, from, to, mode, reason } => {
            case.keeping = *mode;
            if *to == ReturnTo::Drafter {
                case.status = Status::Returned;
                let (by, from, to, mode, reason) = (*by, from.clone(), to.clone(), *mode, reason.clone());
                case.returned = Some(Returned { by, from, to, mode, reason, at });
            } else {
                case.status = Status::InApproval;
            }
        }
        Event::ReturnSignedFor { .. } => case.status = Status::SignedFor,
        Event::ContentEdited { content, amount, without_ceiling, .. } => {
            case.content = Some(*content);
            case.amount = *amount;
            case.without_ceiling = *without_ceiling;
        }
        Event::Approved => case.status = Status::Approved,
        Event::Rejected { .. } => finish(case, Status::Rejected),
        Event::Withdrawn { .. } => {
            finish(case, Status::Withdrawn);
            case.keeping = OnReturn::default();
        }
        Event::Ended => finish(case, Status::Ended),
        Event::Stuck { node, place, because } => {
            case.stuck.push(Stuck { node: node.clone(), place: place.clone(), because: because.clone(), at });
        }
        Event::Unstuck { amount, grids, .. } => {
            case.stuck.clear();
            case.amount = amount.or(case.amount);
            case.grids.extend(grids.clone());
        }
        _ => {}
    }
}

fn finish(case: &mut Case, status: Status) {
    case.status = status;
    case.timers.clear();
    if status != Status::Ended {
        case.stuck.clear();
    }
}

/// How far a node is.
fn on_node(case: &mut Case, event: &Event) {
    let seq = case.seq;
    match event {
        Event::NodeEntered { node, title, reads } => {
            let state = NodeState { title: title.clone(), reads: reads.clone(), entered: seq, ..NodeState::default() };
            case.nodes.insert(node.clone(), state);
        }
        Event::NodeSkipped { node, title, because, reads } => {
            let state = case.nodes.entry(node.clone()).or_default();
            if state.entered == 0 {
                (state.title, state.reads, state.entered) = (title.clone(), reads.clone(), seq);
            }
            state.stage = Stage::Skipped;
            state.skipped = Some(because.clone());
            mended(case, node);
        }
        Event::WayChosen { node, ways, reads } => {
            if let Some(state) = case.nodes.get_mut(node) {
                (state.ways, state.choice_reads) = (ways.clone(), reads.clone());
            }
            mended(case, node);
        }
        Event::VotesFrozen { node, votes, veto } => {
            if let Some(state) = case.nodes.get_mut(node) {
                (state.votes, state.veto) = (votes.clone(), veto.clone());
            }
            mended(case, node);
        }
        Event::NodePassed { node } => {
            set_stage(case, node, Stage::Passed);
            mended(case, node);
        }
        Event::NodeFailed { node } => set_stage(case, node, Stage::Failed),
        Event::NodesReset { nodes, reopened, .. } => reset(case, nodes, reopened),
        Event::WaitOpened { node, waits_for, until, may_return } => {
            if let Some(state) = case.nodes.get_mut(node) {
                (state.waits_for, state.until) = (waits_for.clone(), *until);
                state.may_return.clone_from(may_return);
            }
            mended(case, node);
        }
        Event::CopySent { node, people } => {
            if let Some(state) = case.nodes.get_mut(node) {
                state.copies.clone_from(people);
            }
            mended(case, node);
        }
        Event::CopyRead { node, by } => {
            case.read_copies.entry(node.clone()).or_default().extend(by.user);
        }
        _ => {}
    }
}

fn set_stage(case: &mut Case, node: &str, stage: Stage) {
    if let Some(state) = case.nodes.get_mut(node) {
        state.stage = stage;
    }
    case.timers.retain(|timer| !matches!(&timer.of, TimerOf::Node { node: waiting } if waiting == node));
}

/// A node that goes on is no longer stuck.
fn mended(case: &mut Case, node: &str) {
    case.stuck.retain(|mark| mark.node.as_deref() != Some(node));
}

fn reset(case: &mut Case, nodes: &[NodeName], reopened: &[NodeName]) {
    for node in nodes {
        case.nodes.remove(node);
        case.read_copies.remove(node);
        mended(case, node);
    }
    for node in reopened {
        set_stage(case, node, Stage::Active);
    }
    let gone = |of: &TimerOf| matches!(of, TimerOf::Node { node } if nodes.contains(node));
    case.timers.retain(|timer| !gone(&timer.of));
    for decision in case.decisions.values_mut() {
        if nodes.contains(&decision.decided.node) {
            decision.counts_for = None;
        }
    }
}

fn open(case: &mut Case, opened: &TaskOpened, at: Timestamp) {
    let task = Task { opened: opened.clone(), at, round: case.round, claimed: None, open: true, urged: None };
    case.tasks.insert(opened.task, task);
    mended(case, &opened.node);
}

/// Nobody is asked at this task any more.
fn close(case: &mut Case, number: TaskNumber) {
    if let Some(task) = case.tasks.get_mut(&number) {
        task.open = false;
    }
    case.timers.retain(|timer| timer.of != TimerOf::Task { task: number });
}

/// Who has a task in hand.
fn on_task(case: &mut Case, event: &Event, at: Timestamp) {
    if let Event::TaskClosed { task, .. } = event {
        return close(case, *task);
    }
    let (Event::TaskClaimed { task: number, .. }
    | Event::TaskReleased { task: number, .. }
    | Event::Reminded { task: number, .. }
    | Event::HandedOver { task: number, .. }
    | Event::Transferred { task: number, .. }) = event
    else {
        return;
    };
    let Some(task) = case.tasks.get_mut(number) else { return };
    match event {
        Event::TaskClaimed { by, .. } => task.claimed = by.user,
        Event::TaskReleased { .. } => task.claimed = None,
        Event::Reminded { by: Some(_), .. } => task.urged = Some(at),
        Event::HandedOver { to, .. } => {
            task.opened.candidates.clone_from(to);
            task.claimed = None;
        }
        Event::Transferred { by, to, .. } => {
            let from = by.in_the_name_of();
            task.opened.candidates.retain(|held| Some(held.principal()) != from && held.person != to.person);
            task.opened.candidates.push(to.clone());
            task.claimed = None;
        }
        _ => {}
    }
}

fn decide(case: &mut Case, decided: &Decided, at: Timestamp) {
    case.undo = decided.by.is_some().then(|| Box::new(undo::before(case, decided.decision)));
    close(case, decided.task);
    let decision = Decision {
        decided: decided.clone(),
        at,
        seq: case.seq,
        round: case.round,
        counts_for: Some(decided.task),
        void: false,
    };
    case.decisions.insert(decided.decision, decision);
}

/// Whether a decision still counts.
fn on_decision(case: &mut Case, event: &Event) {
    match event {
        Event::DecisionKept { decision, task, .. } => {
            close(case, *task);
            if let Some(kept) = case.decisions.get_mut(decision) {
                kept.counts_for = Some(*task);
            }
        }
        Event::DecisionVoided { decision, .. } => void(case, *decision),
        Event::DecisionWithdrawn { decision, .. } => {
            if let Some(before) = case.undo.take() {
                undo::restore(case, *before);
            }
            void(case, *decision);
        }
        _ => {}
    }
}

fn void(case: &mut Case, number: DecisionNumber) {
    if let Some(decision) = case.decisions.get_mut(&number) {
        decision.void = true;
        decision.counts_for = None;
    }
}

/// Questions and suggestions.
fn on_talk(case: &mut Case, event: &Event, at: Timestamp) {
    match event {
        Event::Asked { question, task, by, whom, text } => {
            let asked = Question { by: *by, whom: *whom, task: *task, text: text.clone(), at, answer: None };
            case.questions.insert(*question, asked);
        }
        Event::Answered { question, text, .. } => {
            if let Some(question) = case.questions.get_mut(question) {
                question.answer = Some(text.clone());
            }
        }
        Event::Suggested { suggestion, by, path, text, reason, .. } => {
            let (path, text, reason) = (path.clone(), text.clone(), reason.clone());
            let suggested = Suggestion { by: *by, path, text, reason, at, outcome: SuggestionOutcome::Open };
            case.suggestions.insert(*suggestion, suggested);
        }
        Event::SuggestionTaken { suggestion, .. } => {
            if let Some(suggestion) = case.suggestions.get_mut(suggestion) {
                suggestion.outcome = SuggestionOutcome::Taken;
            }
        }
        Event::SuggestionDeclined { suggestion, reason, .. } => {
            if let Some(suggestion) = case.suggestions.get_mut(suggestion) {
                suggestion.outcome = SuggestionOutcome::Declined { reason: reason.clone() };
            }
        }
        _ => {}
    }
}
