//! An administrator mended what made the case stuck: it tries again. The room above knows who is an administrator. Stuck.

use super::super::super::{Event, Refusal, ResetReason, StuckReason};
use super::super::draft::Draft;
use super::super::{grids, tree};
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor) -> Result<(), Refusal> {
    if draft.case.stuck.is_empty() {
        return Err(Refusal::NotStuck);
    }
    let marks = draft.case.stuck.clone();
    let amount = draft.given().subject.approval_amount.filter(|_| draft.case.amount.is_none());
    let definition = draft.definition;
    let unfound = marks.iter().filter(|mark| mark.because.found_nobody()).filter_map(|mark| mark.node.as_ref());
    let nodes: Vec<_> = unfound.filter_map(|node| tree::find(&definition.nodes, node)).collect();
    let mut grids = grids::in_force(&nodes, draft.given());
    grids.retain(|name, version| draft.case.grids.get(name) != Some(version));
    draft.push(Event::Unstuck { by: *actor, amount, grids });
    for mark in marks {
        match (&mark.because, mark.node) {
            (StuckReason::HookFault { hook, .. }, _) => draft.hook(*hook),
            (_, Some(node)) => draft.reset_one(&node, ResetReason::Retried),
            (_, None) => {}
        }
    }
    draft.advance();
    Ok(())
}
