//! Where nodes stand, and which of them moved.

use super::Called;
use crate::i18n::{Message, msg};
use crate::workflow::engine::all_nodes;
use crate::workflow::language::Loaded;
use crate::workflow::{Band, Condition, Node, NodeKind, NodeName};

/// Where a node stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The construct around it and what its way is called; nothing for the top-level sequence.
    pub within: Option<(Called, String)>,
    /// The node before it in its sequence.
    pub after: Option<Called>,
}

impl Spot {
    pub(super) fn message(&self) -> Message {
        let order = match &self.after {
            Some(node) => msg!("workflow.diff.after", node = node.message()),
            None => msg!("workflow.diff.first"),
        };
        match &self.within {
            Some((construct, way)) => {
                let way = msg!("workflow.diff.way", node = construct.message(), way = way);
                msg!("workflow.diff.within", way = way, order = order)
            }
            None => order,
        }
    }
}

/// A node with its place.
pub(super) struct Placed<'a> {
    pub(super) node: &'a Node,
    pub(super) spot: Spot,
    /// Whether it stood elsewhere before; only said of the new version.
    pub(super) moved: bool,
    sequence: Sequence,
}

/// A sequence of nodes: the construct around it and the number of its way, or the top.
type Sequence = Option<(NodeName, usize)>;

/// A way of a construct.
pub(super) struct WayOf<'a> {
    /// What it is called; those of `parallel` are counted.
    pub(super) label: String,
    /// When it is taken; nothing for `otherwise` and for ways that are always taken.
    pub(super) condition: Option<&'a Condition>,
    /// Whether it is one of `by_amount`, which is called after its condition.
    pub(super) band: Option<Band>,
    nodes: &'a [Node],
}

/// The ways of a construct; none of other nodes.
pub(super) fn ways(node: &Node) -> Vec<WayOf<'_>> {
    match &node.kind {
        NodeKind::Branch { ways, .. } => ways
            .iter()
            .map(|way| WayOf {
                label: way.name.clone(),
                condition: way.condition.as_ref(),
                band: way.band,
                nodes: &way.nodes,
            })
            .collect(),
        _ => (1..)
            .zip(node.kind.ways())
            .map(|(number, nodes): (usize, _)| WayOf { label: number.to_string(), condition: None, band: None, nodes })
            .collect(),
    }
}

/// For each way of the old node, which way of the new one it became: that of the same name, else one that has a node of it, else what
/// is left over in the same order.
pub(super) fn matched(old: &Node, new: &Node) -> Vec<Option<usize>> {
    let (old, new) = (ways(old), ways(new));
    let mut found: Vec<Option<usize>> = vec![None; old.len()];
    let same: [fn(&WayOf<'_>, &WayOf<'_>) -> bool; 3] =
        [|one, other| one.label == other.label && shares(one, other), shares, |one, other| one.label == other.label];
    for same in same.into_iter().chain([(|_, _| true) as fn(&WayOf<'_>, &WayOf<'_>) -> bool]) {
        for (index, way) in old.iter().enumerate() {
            if found[index].is_none() {
                found[index] =
                    (0..new.len()).find(|number| !found.contains(&Some(*number)) && same(way, &new[*number]));
            }
        }
    }
    found
}

fn shares(one: &WayOf<'_>, other: &WayOf<'_>) -> bool {
    let theirs = all_nodes(other.nodes);
    all_nodes(one.nodes).iter().any(|node| theirs.iter().any(|other| other.name == node.name))
}

/// The nodes of both versions with their places, in the order of the files.
pub(super) fn placed<'a>(old: &'a Loaded, new: &'a Loaded) -> (Vec<Placed<'a>>, Vec<Placed<'a>>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    collect(&old.definition.nodes, None, None, &mut before);
    collect(&new.definition.nodes, None, None, &mut after);
    // The sequences of the old version as those of the new one.
    let nodes: Vec<(&Node, &Node)> = before
        .iter()
        .filter_map(|placed| Some((placed.node, after.iter().find(|one| one.node.name == placed.node.name)?.node)))
        .collect();
    for placed in &mut before {
        if let Some((around, way)) = &placed.sequence
            && let Some((old, new)) = nodes.iter().find(|(old, _)| old.name == *around)
            && let Some(number) = matched(old, new).get(*way).copied().flatten()
        {
            placed.sequence = Some((new.name.clone(), number));
        }
    }
    mark(&before, &mut after);
    (before, after)
}

fn collect<'a>(
    nodes: &'a [Node],
    within: Option<&(Called, String)>,
    sequence: Option<&(NodeName, usize)>,
    found: &mut Vec<Placed<'a>>,
) {
    let mut after = None;
    for node in nodes {
        let spot = Spot { within: within.cloned(), after: after.replace(Called::of(node)) };
        found.push(Placed { node, spot, moved: false, sequence: sequence.cloned() });
        for (number, way) in ways(node).into_iter().enumerate() {
            let (within, sequence) = ((Called::of(node), way.label), (node.name.clone(), number));
            collect(way.nodes, Some(&within), Some(&sequence), found);
        }
    }
}

/// Marks the nodes that stand in another sequence, or whose neighbours in their sequence changed their order: as few as possible.
fn mark(before: &[Placed<'_>], after: &mut [Placed<'_>]) {
    let place = |name: &str| before.iter().position(|placed| placed.node.name == name);
    let mut sequences: Vec<(Sequence, Vec<(usize, usize)>)> = Vec::new();
    for (index, placed) in after.iter_mut().enumerate() {
        let Some(was) = place(&placed.node.name) else { continue };
        placed.moved = before[was].sequence != placed.sequence;
        if placed.moved {
            continue;
        }
        match sequences.iter_mut().find(|(sequence, _)| *sequence == placed.sequence) {
            Some((_, members)) => members.push((index, was)),
            None => sequences.push((placed.sequence.clone(), vec![(index, was)])),
        }
    }
    for (_, members) in sequences {
        let stayed = longest_ascending(&members.iter().map(|(_, was)| *was).collect::<Vec<_>>());
        for (number, (index, _)) in members.into_iter().enumerate() {
            after[index].moved = !stayed.contains(&number);
        }
    }
}

/// The places of a longest ascending part of a list.
fn longest_ascending(list: &[usize]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::new();
    for (index, value) in list.iter().enumerate() {
        let before = (0..index).filter(|earlier| list[*earlier] < *value).max_by_key(|earlier| best[*earlier].0);
        best.push((before.map_or(1, |before| best[before].0 + 1), before));
    }
    let mut found = Vec::new();
    let mut at = (0..list.len()).max_by_key(|index| best[*index].0);
    while let Some(index) = at {
        found.push(index);
        at = best[index].1;
    }
    found
}
