//! An approver takes their own decision back, for as long as nothing has been built on it: nobody who comes after it has decided or
//! has the matter in hand, and nothing has been done. In approval, where the file allows it.

use super::super::super::{
    Allowance, DecisionNumber, Event, Node, NodeKind, Refusal, ResetReason, Stage, Status, TaskNumber,
};
use super::super::draft::Draft;
use super::super::entitle::{allowed, said};
use super::super::tree;
use super::only_in;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, number: DecisionNumber, reason: &str) -> Result<(), Refusal> {
    only_in(draft, "revoke", &[Status::InApproval])?;
    let person = draft.person(actor)?;
    let decision = draft.case.decisions.get(&number).filter(|one| !one.void).ok_or(Refusal::BuiltOn)?;
    if decision.decided.by.is_none_or(|by| by.user != Some(person)) {
        return Err(Refusal::NotEntitled { person });
    }
    let (task, seq) = (decision.counts_for.ok_or(Refusal::BuiltOn)?, decision.seq);
    let (node, options) = draft.decision_node(draft.task(task)?)?;
    allowed(node, options, Allowance::Withdraw, "revoke")?;
    said(reason)?;
    if draft.stage(node) != Some(Stage::Active) && draft.went_on_behind(node) || draft.went_on_at(node, task, seq) {
        return Err(Refusal::BuiltOn);
    }
    draft.push(Event::DecisionRevoked { decision: number, by: *actor, reason: reason.to_owned() });
    let flows = matches!(node.kind, NodeKind::Approve { free_flow: true, .. });
    if draft.stage(node) != Some(Stage::Active) || flows {
        draft.reset_from(&node.name, ResetReason::Revoked);
    }
    draft.advance();
    Ok(())
}

impl<'a> Draft<'a> {
    /// Whether anything has happened behind a node that has passed.
    fn went_on_behind(&self, node: &Node) -> bool {
        let definition = self.definition;
        let inside = tree::all(std::slice::from_ref(node));
        let behind = tree::from_here(&definition.nodes, &node.name);
        behind.into_iter().filter(|one| inside.iter().all(|own| own.name != one.name)).any(|one| self.touched_at(one))
    }

    /// Whether somebody has decided at a node or has it in hand, or something was done there.
    fn touched_at(&self, node: &'a Node) -> bool {
        let decided = self.counting(&node.name).next().is_some();
        let claimed = self.open_tasks(&node.name).any(|(_, task)| task.claimed.is_some() || task.delegated.is_some());
        let added = self.open_tasks(&node.name).any(|(_, task)| task.opened.signer.is_some());
        let done = self.stage(node) == Some(Stage::Passed)
            && matches!(node.kind, NodeKind::Act { .. } | NodeKind::Wait { .. });
        decided || claimed || added || done
    }

    /// Whether somebody at the same node decided after it because of it: the next of an order, or somebody who was added to come
    /// after it.
    fn went_on_at(&self, node: &Node, task: TaskNumber, seq: u64) -> bool {
        let Some(ours) = self.case.tasks.get(&task).map(|task| &task.opened) else { return true };
        let in_order = match &node.kind {
            NodeKind::Countersign { rule, .. } => *rule == super::super::super::CountRule::InOrder,
            NodeKind::Approve { free_flow, .. } => *free_flow,
            _ => false,
        };
        self.counting(&node.name).any(|(_, one)| {
            let theirs = one.counts_for.and_then(|task| self.case.tasks.get(&task)).map(|task| &task.opened);
            let follows = theirs.is_some_and(|theirs| {
                (in_order && (theirs.entry > ours.entry || ours.free_flow))
                    || (theirs.entry == ours.entry && self.comes_after(&node.name, theirs.signer, ours.signer))
            });
            one.seq > seq && follows
        })
    }

    /// Whether one signature of a vote waits for another.
    fn comes_after(&self, node: &str, one: Option<u32>, other: Option<u32>) -> bool {
        use super::super::super::SignerPlace::{After, Before};
        let place = |signature: Option<u32>| signature.and_then(|number| self.case.signer(node, number));
        let after = place(one).is_some_and(|signer| signer.place == After && signer.to == other);
        let before = place(other).is_some_and(|signer| signer.place == Before && signer.to == one);
        after || before
    }
}
