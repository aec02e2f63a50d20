//! The definition as a tree of sequences: finding nodes, and what lies before and behind them.

use super::super::Node;

/// Every node of a sequence and below it, in the order of the file.
pub(in crate::workflow) fn all(nodes: &[Node]) -> Vec<&Node> {
    let mut found = Vec::new();
    for node in nodes {
        collect(node, &mut found);
    }
    found
}

fn collect<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    found.push(node);
    for way in node.kind.ways() {
        for inner in way {
            collect(inner, found);
        }
    }
}

/// Whether somebody decides at the node or inside it.
pub(super) fn decides(node: &Node) -> bool {
    node.kind.decides() || node.kind.ways().flatten().any(decides)
}

/// A node of that name.
pub(in crate::workflow) fn find<'a>(nodes: &'a [Node], name: &str) -> Option<&'a Node> {
    path(nodes, name).last().map(|spot| spot.node())
}

/// Where a node stands in its sequence.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) sequence: &'a [Node],
    pub(super) index: usize,
}

impl<'a> Spot<'a> {
    pub(super) fn node(self) -> &'a Node {
        &self.sequence[self.index]
    }
}

/// The spots from the top sequence down to the node; empty where there is no such node.
pub(super) fn path<'a>(nodes: &'a [Node], name: &str) -> Vec<Spot<'a>> {
    for (index, node) in nodes.iter().enumerate() {
        let spot = Spot { sequence: nodes, index };
        if node.name == name {
            return vec![spot];
        }
        for way in node.kind.ways() {
            let mut inner = path(way, name);
            if !inner.is_empty() {
                inner.insert(0, spot);
                return inner;
            }
        }
    }
    Vec::new()
}

/// Every node that comes before this one on its way; other ways of the constructs around it are not among them.
pub(super) fn upstream<'a>(nodes: &'a [Node], name: &str) -> Vec<&'a Node> {
    path(nodes, name).iter().flat_map(|spot| all(&spot.sequence[..spot.index])).collect()
}

/// The node, everything inside it, and everything that comes after it on its way.
pub(super) fn from_here<'a>(nodes: &'a [Node], name: &str) -> Vec<&'a Node> {
    let path = path(nodes, name);
    let Some((last, around)) = path.split_last() else { return Vec::new() };
    let mut found = all(&last.sequence[last.index..]);
    for spot in around {
        found.extend(all(&spot.sequence[spot.index + 1..]));
    }
    found
}

/// The constructs around a node, outermost first.
pub(super) fn around<'a>(nodes: &'a [Node], name: &str) -> Vec<&'a Node> {
    let mut path = path(nodes, name);
    path.pop();
    path.into_iter().map(Spot::node).collect()
}
