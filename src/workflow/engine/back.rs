//! Going back: nodes are forgotten, and the walk finds its way again. Decisions that still count are kept when their node is entered.

use std::collections::BTreeSet;

use super::super::{
    CloseReason, DecisionNumber, Event, HookAt, Node, NodeKind, NodeName, OnReturn, ResetReason, ReturnTo, Stage,
    VoidReason,
};
use super::draft::Draft;
use super::tree;
use crate::kernel::Actor;

impl Draft<'_> {
    /// Sends the case back. `senders` are the decisions that did it; whoever gave them is asked again.
    pub(super) fn send_back(
        &mut self,
        from: &Node,
        to: ReturnTo,
        by: Option<Actor>,
        reason: String,
        senders: Vec<DecisionNumber>,
    ) {
        let mode = on_return(from);
        let target = match to {
            ReturnTo::Drafter => None,
            // Where the file names a node that does not lie before this one, the drafter has it.
            ReturnTo::Node { node } => self.lies_before(&node, from).then_some(node),
            ReturnTo::Previous => self.node_before(&from.name).map(|node| node.name.clone()),
        };
        let to = target.clone().map_or(ReturnTo::Drafter, |node| ReturnTo::Node { node });
        self.push(Event::Returned { by, from: Some(from.name.clone()), to, mode, reason });
        for decision in senders {
            self.push(Event::DecisionVoided { decision, because: VoidReason::SentBack });
        }
        let Some(target) = target else {
            if mode == OnReturn::AskAllBetween {
                self.void_all(|_| true);
            }
            return self.reset_all(ResetReason::Returned);
        };
        let definition = self.definition;
        let between: BTreeSet<&str> = match mode {
            OnReturn::AskAllBetween => {
                tree::from_here(&definition.nodes, &target).into_iter().map(|node| node.name.as_str()).collect()
            }
            OnReturn::AskOnlyAffected | OnReturn::StraightBack => BTreeSet::from([target.as_str()]),
        };
        self.void_all(|node| between.contains(node));
        self.reset_from(&target, ResetReason::Returned);
    }

    fn lies_before(&self, name: &str, from: &Node) -> bool {
        tree::upstream(&self.definition.nodes, &from.name).iter().any(|node| node.name == name)
    }

    /// Ends the case rejected.
    pub(super) fn reject_case(&mut self, by: Option<Actor>, node: Option<NodeName>, reason: String) {
        self.close_all();
        self.push(Event::Rejected { by, node, reason });
        self.hook(HookAt::Rejected);
    }

    /// Nobody is asked any more, wherever the case stands.
    pub(super) fn close_all(&mut self) {
        let open: Vec<_> = self.case.tasks.iter().filter(|(_, task)| task.open).map(|(number, _)| *number).collect();
        for task in open {
            self.push(Event::TaskClosed { task, because: CloseReason::CaseOver });
        }
    }

    /// Decisions at these nodes no longer count.
    pub(super) fn void_all(&mut self, at: impl Fn(&str) -> bool) {
        let standing = self.case.decisions.iter().filter(|(_, one)| !one.void && at(&one.decided.node));
        let numbers: Vec<_> = standing.map(|(number, _)| *number).collect();
        for decision in numbers {
            self.push(Event::DecisionVoided { decision, because: VoidReason::Cleared });
        }
    }

    /// Every node starts anew.
    pub(super) fn reset_all(&mut self, because: ResetReason) {
        let nodes = tree::all(&self.definition.nodes);
        self.reset(&nodes, Vec::new(), because);
    }

    /// A node and everything behind it start anew; the constructs around it are under way again.
    pub(super) fn reset_from(&mut self, name: &str, because: ResetReason) {
        let definition = self.definition;
        let nodes = tree::from_here(&definition.nodes, name);
        let around = tree::around(&definition.nodes, name).into_iter();
        let closed = around.filter(|node| self.stage(node).is_some_and(|stage| stage != Stage::Active));
        let reopened = closed.map(|node| node.name.clone()).collect();
        self.reset(&nodes, reopened, because);
        self.again = true;
    }

    /// One node starts anew, and nothing else.
    pub(super) fn reset_one(&mut self, name: &str, because: ResetReason) {
        let inside = tree::find(&self.definition.nodes, name).map(|node| tree::all(std::slice::from_ref(node)));
        self.reset(&inside.unwrap_or_default(), Vec::new(), because);
    }

    pub(super) fn reset(&mut self, nodes: &[&Node], reopened: Vec<NodeName>, because: ResetReason) {
        let reached: Vec<NodeName> =
            nodes.iter().filter(|node| self.state(node).is_some()).map(|node| node.name.clone()).collect();
        for node in &reached {
            self.close_tasks(node, CloseReason::Reset);
        }
        if !reached.is_empty() || !reopened.is_empty() {
            self.push(Event::NodesReset { nodes: reached, reopened, because });
        }
    }
}

/// Who is asked after a return from this node.
fn on_return(node: &Node) -> OnReturn {
    match &node.kind {
        NodeKind::Approve { options, .. } | NodeKind::Countersign { options, .. } => options.on_return,
        NodeKind::Wait { on_return, .. } => *on_return,
        NodeKind::Branch { .. }
        | NodeKind::Parallel { .. }
        | NodeKind::Run { .. }
        | NodeKind::CopyTo { .. }
        | NodeKind::Act { .. } => OnReturn::default(),
    }
}
