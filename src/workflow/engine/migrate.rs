//! What differs between two versions of a workflow for a case that moves from one to the other.

use std::collections::BTreeSet;

use super::super::{Case, Definition, Node, NodeKind, NodeName, Place, Stage};
use super::tree;
use crate::kernel::Hash;

/// The nodes that a case reached and that start anew when it moves to another version: those that the other version does not have, or
/// has differently or elsewhere, for a way that is not taken must not go on asking. What was done stays done: copies, waits that are
/// over and acts. A closure may mean anything, so that a node that names one counts as different; a construct that differs takes along
/// what stands inside it, because other ways may be taken. Where drafters may decide in one version and not in the other, nobody who
/// decides is the same.
pub fn changed_nodes(old: &Definition, new: &Definition, case: &Case) -> Vec<NodeName> {
    let differs = |(name, state): (&NodeName, &std::sync::Arc<super::super::NodeState>)| {
        let (before, after) = (tree::find(&old.nodes, name), tree::find(&new.nodes, name));
        let done = state.stage == Stage::Passed
            && matches!(
                (before.map(|node| &node.kind), after.map(|node| &node.kind)),
                (Some(NodeKind::CopyTo { .. }), Some(NodeKind::CopyTo { .. }))
                    | (Some(NodeKind::Wait { .. }), Some(NodeKind::Wait { .. }))
                    | (Some(NodeKind::Act { .. }), Some(NodeKind::Act { .. }))
            );
        let same = match (before, after) {
            (Some(before), Some(after)) => {
                own(before) == own(after)
                    && !names_a_closure(after)
                    && stands(old, name) == stands(new, name)
                    && (old.drafter_is_approver == new.drafter_is_approver || !after.kind.decides())
            }
            _ => false,
        };
        (!done && !same).then_some(before).flatten()
    };
    let changed: Vec<&Node> = case.nodes.iter().filter_map(differs).collect();
    let inside = changed.into_iter().flat_map(|node| tree::all(std::slice::from_ref(node)));
    let reached: BTreeSet<&NodeName> =
        inside.map(|node| &node.name).filter(|name| case.nodes.contains_key(*name)).collect();
    reached.into_iter().cloned().collect()
}

/// The constructs around a node, outermost first, with the way of each on which it stands.
fn stands<'d>(definition: &'d Definition, name: &str) -> Vec<(&'d str, Option<usize>)> {
    let way = |node: &'d Node| node.kind.ways().position(|way| tree::find(way, name).is_some());
    tree::around(&definition.nodes, name).into_iter().map(|node| (node.name.as_str(), way(node))).collect()
}

/// A node without what stands inside it, and without what does not change what it does.
fn own(node: &Node) -> Node {
    let mut own = Node { title: String::new(), place: Place::default(), ..node.clone() };
    match &mut own.kind {
        NodeKind::Branch { ways, .. } => ways.iter_mut().for_each(|way| way.nodes.clear()),
        NodeKind::Parallel { ways } => ways.iter_mut().for_each(Vec::clear),
        NodeKind::Run { workflow, .. } => {
            let (workflow, version, file, nodes) = (workflow.clone(), Hash::of(b""), String::new(), Vec::new());
            own.kind = NodeKind::Run { workflow, version, file, nodes };
        }
        _ => {}
    }
    own
}

fn names_a_closure(node: &Node) -> bool {
    fn inside(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Object(fields) => fields.contains_key("script") || fields.values().any(inside),
            serde_json::Value::Array(items) => items.iter().any(inside),
            _ => false,
        }
    }
    serde_json::to_value(own(node)).map_or(true, |value| inside(&value))
}
