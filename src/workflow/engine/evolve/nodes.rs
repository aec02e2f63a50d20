//! How far nodes are.

use std::sync::Arc;

use super::super::super::{BY_HAND, Candidate, Case, Event, NodeName, NodeState, Read, Stage, TimerOf, Vote};
use crate::kernel::UserId;

/// How far a node is.
pub(super) fn on_node(case: &mut Case, event: &Event) {
    let seq = case.seq;
    match event {
        Event::NodeEntered { node, title, reads } => enter(case, node.clone(), title.clone(), reads.clone()),
        Event::NodeSkipped { node, title, because, reads } => {
            let state = Arc::make_mut(Arc::make_mut(&mut case.nodes).entry(node.clone()).or_default());
            if state.entered == 0 {
                (state.title, state.reads, state.entered) = (title.clone(), reads.clone(), seq);
            }
            state.stage = Stage::Skipped;
            state.skipped = Some(because.clone());
            mended(case, node);
        }
        Event::WayChosen { node, ways, reads } => choose(case, node, ways.clone(), reads.clone()),
        Event::VotesFrozen { node, votes, veto } => freeze(case, node, votes.clone(), veto.clone()),
        Event::NodePassed { node } => {
            nobody_stands_back(case, |at| at == node);
            pass(case, node);
        }
        Event::NodeFailed { node } => {
            nobody_stands_back(case, |at| at == node);
            set_stage(case, node, Stage::Failed);
        }
        Event::NodesReset { nodes, reopened, .. } => reset(case, nodes, reopened),
        Event::WaitOpened { node, waits_for, until, may_return } => {
            if let Some(state) = state_of(case, node) {
                (state.waits_for, state.until) = (waits_for.clone(), *until);
                state.may_return.clone_from(may_return);
            }
            mended(case, node);
        }
        Event::CopySent { node, people } => send(case, node, people.clone()),
        Event::CopyRead { node, by } if node == BY_HAND => {
            case.copied_by_hand.extend(by.user.map(|reader| (reader, true)));
        }
        Event::CopyRead { node, by } => {
            case.read_copies.entry(node.clone()).or_default().extend(by.user);
        }
        _ => {}
    }
}

/// The case came to a node.
pub(super) fn enter(case: &mut Case, node: NodeName, title: String, reads: Vec<Read>) {
    let state = NodeState { title, reads, entered: case.seq, ..NodeState::default() };
    Arc::make_mut(&mut case.nodes).insert(node, Arc::new(state));
}

/// A branch chose.
pub(super) fn choose(case: &mut Case, node: &str, ways: Vec<String>, reads: Vec<Read>) {
    if let Some(state) = state_of(case, node) {
        (state.ways, state.choice_reads) = (ways, reads);
    }
    mended(case, node);
}

/// Who has a vote is certain.
pub(super) fn freeze(case: &mut Case, node: &str, votes: Vec<Vote>, veto: Vec<UserId>) {
    if let Some(state) = state_of(case, node) {
        (state.votes, state.veto) = (votes, veto);
    }
    mended(case, node);
}

/// Copies went out.
pub(super) fn send(case: &mut Case, node: &str, people: Vec<Candidate>) {
    if let Some(state) = state_of(case, node) {
        state.copies = people;
    }
    mended(case, node);
}

/// A node is done.
pub(super) fn pass(case: &mut Case, node: &str) {
    set_stage(case, node, Stage::Passed);
    mended(case, node);
}

fn state_of<'c>(case: &'c mut Case, node: &str) -> Option<&'c mut NodeState> {
    Arc::make_mut(&mut case.nodes).get_mut(node).map(Arc::make_mut)
}

fn set_stage(case: &mut Case, node: &str, stage: Stage) {
    if let Some(state) = state_of(case, node) {
        state.stage = stage;
    }
    case.timers.retain(|timer| !matches!(&timer.of, TimerOf::Node { node: waiting } if waiting == node));
}

/// Nobody waits any more at these nodes until others have signed.
fn nobody_stands_back(case: &mut Case, there: impl Fn(&NodeName) -> bool) {
    for task in case.tasks.values_mut().filter(|task| task.stands_back && there(&task.opened.node)) {
        task.stands_back = false;
    }
}

/// A node that goes on is no longer stuck.
pub(super) fn mended(case: &mut Case, node: &str) {
    case.stuck.retain(|mark| mark.node.as_deref() != Some(node));
}

fn reset(case: &mut Case, nodes: &[NodeName], reopened: &[NodeName]) {
    for node in nodes {
        Arc::make_mut(&mut case.nodes).remove(node);
        case.read_copies.remove(node);
        mended(case, node);
    }
    for node in reopened {
        set_stage(case, node, Stage::Active);
    }
    nobody_stands_back(case, |at| nodes.contains(at));
    let gone = |of: &TimerOf| matches!(of, TimerOf::Node { node } if nodes.contains(node));
    case.timers.retain(|timer| !gone(&timer.of));
    for decision in case.decisions.values_mut() {
        if nodes.contains(&decision.decided.node) {
            decision.counts_for = None;
        }
    }
}
