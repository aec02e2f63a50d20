//! Decisions: taken, kept, void.

use super::super::super::{Case, Decided, Decision, DecisionNumber, Event};
use super::super::undo;
use super::tasks::close;
use crate::kernel::Timestamp;

pub(super) fn decide(case: &mut Case, decided: &Decided, at: Timestamp) {
    case.undo = decided.by.is_some().then(|| Box::new(undo::before(case, decided.decision)));
    record(case, decided.clone(), at);
}

/// Without what it could be undone to.
pub(super) fn record(case: &mut Case, decided: Decided, at: Timestamp) {
    close(case, decided.task);
    let number = decided.decision;
    let decision =
        Decision { at, seq: case.seq, round: case.round, counts_for: Some(decided.task), decided, void: false };
    case.decisions.insert(number, decision);
}

/// Whether a decision still counts.
pub(super) fn on_decision(case: &mut Case, event: &Event) {
    match event {
        Event::DecisionKept { decision, task, .. } => {
            close(case, *task);
            if let Some(kept) = case.decisions.get_mut(decision) {
                kept.counts_for = Some(*task);
            }
        }
        Event::DecisionVoided { decision, .. } | Event::DecisionRevoked { decision, .. } => void(case, *decision),
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
