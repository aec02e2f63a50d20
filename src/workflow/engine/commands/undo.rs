//! The decider takes their decision back, a few seconds after it and while nobody has built on it: the case stands again as it did
//! before, and the same tasks are open again. Also after the decision approved, rejected, returned or ended the case.

use super::super::super::{Allowance, CloseReason, DecisionNumber, Event, Refusal};
use super::super::draft::Draft;
use super::super::entitle::allowed;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, number: DecisionNumber) -> Result<(), Refusal> {
    let person = draft.person(actor)?;
    let decision = draft.case.decisions.get(&number).ok_or(Refusal::TooLateToUndo)?;
    let by = decision.decided.by.filter(|by| by.user == Some(person)).ok_or(Refusal::NotEntitled { person })?;
    let (node, options) = draft.decision_node(draft.task(decision.decided.task)?)?;
    allowed(node, options, Allowance::Withdraw, "undo")?;
    let seconds = u64::try_from(draft.facts.undo_seconds).unwrap_or(0);
    let late = draft.facts.now.since(decision.at) > std::time::Duration::from_secs(seconds);
    let Some(undo) = draft.case.undo.as_ref().filter(|undo| undo.decision == number && !late) else {
        return Err(Refusal::TooLateToUndo);
    };
    let before: Vec<_> = undo.open.keys().copied().collect();
    let (mut reopened, mut opened_since) = (Vec::new(), Vec::new());
    for (task, state) in &draft.case.tasks {
        match (before.contains(task), state.open) {
            (true, false) => reopened.push(*task),
            (false, true) => opened_since.push(*task),
            _ => {}
        }
    }
    for task in opened_since {
        draft.push(Event::TaskClosed { task, because: CloseReason::Reset });
    }
    draft.push(Event::DecisionWithdrawn { decision: number, by, reopened });
    Ok(())
}
