//! What a decision can be undone to: where the case stood before it, kept until somebody builds on it.

use super::super::{Case, DecisionNumber, Event, Undo};
use crate::kernel::Actor;

/// What undoing a decision brings back.
pub(super) fn before(case: &Case, decision: DecisionNumber) -> Undo {
    let standing = case.decisions.iter().filter(|(_, earlier)| !earlier.void);
    Undo {
        decision,
        status: case.status,
        nodes: case.nodes.clone(),
        open: case.tasks.iter().filter(|(_, task)| task.open).map(|(number, task)| (*number, task.claimed)).collect(),
        standing_back: case.tasks.iter().filter(|(_, task)| task.stands_back).map(|(number, _)| *number).collect(),
        counted: standing.map(|(number, earlier)| (*number, earlier.counts_for)).collect(),
        timers: case.timers.clone(),
        returned: case.returned.clone(),
        keeping: case.keeping,
        stuck: case.stuck.clone(),
    }
}

/// Puts the case back where it stood. Lists that only grow keep what came since, closed.
pub(super) fn restore(case: &mut Case, undo: Undo) {
    for (number, task) in &mut case.tasks {
        let claimed = undo.open.get(number);
        task.open = claimed.is_some();
        task.claimed = claimed.copied().flatten();
        task.stands_back = undo.standing_back.contains(number);
    }
    for (number, counts_for) in undo.counted {
        if let Some(decision) = case.decisions.get_mut(&number) {
            decision.void = false;
            decision.counts_for = counts_for;
        }
    }
    case.status = undo.status;
    case.nodes = undo.nodes;
    case.timers = undo.timers;
    case.returned = undo.returned;
    case.keeping = undo.keeping;
    case.stuck = undo.stuck;
}

/// Whether an event builds on the last decision, so that it can no longer be undone: another person did something, or the case
/// moved by something else than that decision.
pub(super) fn builds_on(case: &Case, event: &Event) -> bool {
    let Some(undo) = &case.undo else { return false };
    let decider = case.decisions.get(&undo.decision).and_then(|decision| decision.decided.by.as_ref());
    let moved = matches!(
        event,
        Event::Saved { .. }
            | Event::Submitted { .. }
            | Event::ReturnSignedFor { .. }
            | Event::Withdrawn { .. }
            | Event::ContentEdited { .. }
            | Event::OutsideEvent { .. }
            | Event::HandedOver { .. }
            | Event::SignersAdded { .. }
            | Event::SignerRemoved { .. }
            | Event::TakenOver { .. }
            | Event::Jumped { .. }
            | Event::Migrated { .. }
            | Event::Terminated { .. }
            | Event::DecisionRevoked { .. }
            | Event::Unstuck { .. }
    );
    moved || person(event).is_some_and(|by| Some(by.user) != decider.map(|decider| decider.user))
}

/// Who an event says did it.
fn person(event: &Event) -> Option<&Actor> {
    match event {
        Event::TaskClaimed { by, .. }
        | Event::TaskReleased { by, .. }
        | Event::Transferred { by, .. }
        | Event::Delegated { by, .. }
        | Event::DelegationReturned { by: Some(by), .. }
        | Event::CopiedByHand { by, .. }
        | Event::Asked { by, .. }
        | Event::Answered { by, .. }
        | Event::Suggested { by, .. }
        | Event::SuggestionTaken { by, .. }
        | Event::SuggestionDeclined { by, .. }
        | Event::Commented { by, .. } => Some(by),
        _ => None,
    }
}
