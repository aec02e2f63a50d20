//! 跳转: an administrator sends the case to a node at which somebody decides, with a reason. What lies between is marked as overridden;
//! from there on everybody is asked. In approval. Nobody jumps over the approval of what they drafted.

use super::super::super::{Event, Node, NodeKind, NodeName, Refusal, ResetReason, SkipReason, Stage, Status};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::super::tree::{self, Spot};
use super::only_in;
use crate::kernel::{Actor, UserId};

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, to: &NodeName, reason: &str) -> Result<(), Refusal> {
    only_in(draft, "jump", &[Status::InApproval])?;
    let person = draft.administrator(actor)?;
    if draft.may_not_decide(person) {
        return Err(Refusal::NotEntitled { person });
    }
    let node = draft.node_named(to)?;
    if !node.kind.decides() {
        return Err(Refusal::UnknownNode { node: to.clone() });
    }
    said(reason)?;
    draft.push(Event::Jumped { by: *actor, to: to.clone(), reason: reason.to_owned() });
    draft.everybody_again_from(to);
    let definition = draft.definition;
    for spot in tree::path(&definition.nodes, to) {
        draft.pass_over(spot, person);
        draft.open_way(spot, to);
    }
    draft.advance();
    Ok(())
}

impl<'a> Draft<'a> {
    /// Decisions from a node on no longer count, and the nodes start anew.
    fn everybody_again_from(&mut self, name: &str) {
        let definition = self.definition;
        let ahead = tree::from_here(&definition.nodes, name);
        self.void_all(|node| ahead.iter().any(|one| one.name == node));
        self.reset_from(name, ResetReason::Jumped);
    }

    /// What stands before the way in its sequence and is not done is passed over.
    fn pass_over(&mut self, spot: Spot<'a>, person: UserId) {
        for node in &spot.sequence[..spot.index] {
            if matches!(self.stage(node), Some(Stage::Passed | Stage::Skipped)) {
                continue;
            }
            self.leave(std::slice::from_ref(node));
            self.push(Event::NodeSkipped {
                node: node.name.clone(),
                title: node.title.clone(),
                because: SkipReason::Overridden { person },
                reads: Vec::new(),
            });
        }
    }

    /// Nobody is asked any more in these nodes and below them.
    fn leave(&mut self, nodes: &'a [Node]) {
        self.reset(&tree::all(nodes), Vec::new(), ResetReason::Jumped);
    }

    /// The construct on the way is under way, and a branch takes the way on which the target stands.
    fn open_way(&mut self, spot: Spot<'a>, to: &str) {
        let node = spot.node();
        if self.stage(node) != Some(Stage::Active) {
            let (name, title) = (node.name.clone(), node.title.clone());
            self.push(Event::NodeEntered { node: name, title, reads: Vec::new() });
        }
        let NodeKind::Branch { ways, .. } = &node.kind else { return };
        let Some(way) = ways.iter().find(|way| tree::find(&way.nodes, to).is_some()) else { return };
        let chosen = self.state(node).map(|state| state.ways.clone()).unwrap_or_default();
        if chosen.contains(&way.name) {
            return;
        }
        for other in ways.iter().filter(|other| chosen.contains(&other.name)) {
            self.leave(&other.nodes);
        }
        self.push(Event::WayChosen { node: node.name.clone(), ways: vec![way.name.clone()], reads: Vec::new() });
    }
}
