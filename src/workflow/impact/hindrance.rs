//! What stands in the way of moving a running case to a draft.

use crate::workflow::engine::find_node;
use crate::workflow::{Case, Definition, NodeKind, NodeName, Stage, StepKind};

/// A node at which a running case stands and that the draft has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// Which node.
    pub node: NodeName,
    /// What people read.
    pub title: String,
    /// What it does in the version that the case runs on.
    pub kind: StepKind,
    /// What a node of that name does in the draft, where there is one.
    pub in_draft: Option<StepKind>,
}

/// Why a running case could not be moved to the draft: nodes with open tasks, and waits, that the draft does not have, or that do
/// something else there. Empty where nothing stands in the way.
pub fn hindrances(draft: &Definition, running_on: &Definition, case: &Case) -> Vec<Hindrance> {
    let asks = |name: &NodeName| case.tasks.values().any(|task| task.open && task.opened.node == *name);
    let open = case.nodes.iter().filter(|(_, state)| state.stage == Stage::Active);
    let standing = open.filter_map(|(name, _)| find_node(&running_on.nodes, name));
    standing
        .filter(|node| matches!(node.kind, NodeKind::Wait { .. }) || asks(&node.name))
        .filter_map(|node| {
            let kind = StepKind::of(&node.kind);
            let in_draft = find_node(&draft.nodes, &node.name).map(|node| StepKind::of(&node.kind));
            let hindered = in_draft != Some(kind);
            hindered.then(|| Hindrance { node: node.name.clone(), title: node.title.clone(), kind, in_draft })
        })
        .collect()
}
