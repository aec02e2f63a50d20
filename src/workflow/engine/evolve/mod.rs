//! What an event does to the state of a case. Needs neither the definition nor any script.

mod decisions;
mod nodes;
mod signers;
mod talk;
mod tasks;

use super::super::{Case, Event, OnReturn, ReturnTo, Returned, Status, Stuck};
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
    fold(case, event, at);
}

/// What an event that was counted does.
fn fold(case: &mut Case, event: &Event, at: Timestamp) {
    match event {
        Event::Saved { .. }
        | Event::Submitted { .. }
        | Event::Returned { .. }
        | Event::ReturnSignedFor { .. }
        | Event::ContentEdited { .. }
        | Event::Approved
        | Event::Rejected { .. }
        | Event::Withdrawn { .. }
        | Event::Terminated { .. }
        | Event::Ended
        | Event::Stuck { .. }
        | Event::Migrated { .. }
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
        | Event::CopyRead { .. } => nodes::on_node(case, event),
        Event::TaskOpened(opened) => tasks::open(case, opened.clone(), at),
        Event::TaskClaimed { .. }
        | Event::TaskReleased { .. }
        | Event::TaskClosed { .. }
        | Event::Reminded { .. }
        | Event::HandedOver { .. }
        | Event::Transferred { .. }
        | Event::Delegated { .. }
        | Event::DelegationReturned { .. }
        | Event::TaskResumed { .. } => tasks::on_task(case, event, at),
        Event::Decided(decided) => decisions::decide(case, decided, at),
        Event::DecisionKept { .. }
        | Event::DecisionVoided { .. }
        | Event::DecisionWithdrawn { .. }
        | Event::DecisionRevoked { .. } => decisions::on_decision(case, event),
        Event::SignersAdded { .. } | Event::SignerRemoved { .. } => signers::on_signers(case, event),
        Event::TakenOver { from, name, to, .. } => signers::take_over(case, *from, name, *to),
        Event::Asked { .. }
        | Event::Answered { .. }
        | Event::Suggested { .. }
        | Event::SuggestionTaken { .. }
        | Event::SuggestionDeclined { .. }
        | Event::CopiedByHand { .. } => talk::on_talk(case, event, at),
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
        Event::Jumped { .. } => walked_anew(case),
    }
}

/// The same of what is only foreseen: nobody stores or undoes it, so that nothing of it has to be copied.
pub(super) fn foresee(case: &mut Case, event: Event, at: Timestamp) {
    case.seq += 1;
    case.undo = None;
    match event {
        Event::NodeEntered { node, title, reads } => nodes::enter(case, node, title, reads),
        Event::WayChosen { node, ways, reads } => nodes::choose(case, &node, ways, reads),
        Event::VotesFrozen { node, votes, veto } => nodes::freeze(case, &node, votes, veto),
        Event::CopySent { node, people } => nodes::send(case, &node, people),
        // Whoever stands back there is not asked any more, and nobody looks whether they do.
        Event::NodePassed { node } => nodes::pass(case, &node),
        Event::TaskOpened(opened) => tasks::open(case, opened, at),
        Event::Decided(decided) => decisions::record(case, decided, at),
        other => fold(case, &other, at),
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
        Event::Terminated { .. } => finish(case, Status::Terminated),
        Event::Ended => finish(case, Status::Ended),
        Event::Stuck { node, place, because } => {
            case.stuck.push(Stuck { node: node.clone(), place: place.clone(), because: because.clone(), at });
        }
        // What the round has asked it goes on asking.
        Event::Migrated { grids, .. } => {
            walked_anew(case);
            // Who decides in the other version is asked there, whoever decided before a return.
            case.keeping = OnReturn::default();
            for (grid, version) in grids {
                case.grids.entry(grid.clone()).or_insert(*version);
            }
        }
        Event::Unstuck { amount, grids, .. } => {
            case.stuck.clear();
            case.amount = amount.or(case.amount);
            case.grids.extend(grids.clone());
        }
        _ => {}
    }
}

/// An administrator sent the case another way: the walk that follows says what is stuck on it.
fn walked_anew(case: &mut Case) {
    case.stuck.retain(|mark| mark.node.is_none());
}

fn finish(case: &mut Case, status: Status) {
    case.status = status;
    case.timers.clear();
    for task in case.tasks.values_mut() {
        task.stands_back = false;
    }
    if status != Status::Ended {
        case.stuck.clear();
    }
}
