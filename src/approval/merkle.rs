//! The daily root over the heads of all chains.

use serde::{Deserialize, Serialize};

use crate::kernel::Hash;

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// A Merkle tree over heads in their order (RFC 6962, section 2.1), which grows at its end and keeps only the roots of its full
/// subtrees, the largest first.
#[derive(Clone, Default)]
pub(super) struct Tree {
    /// With their heights.
    full: Vec<(u32, Hash)>,
    leaves: u64,
}

impl Tree {
    /// Adds a head.
    pub(super) fn push(&mut self, head: Hash) {
        self.push_with(head, |_, _| {});
    }

    /// The same; `joined` hears of each two subtrees that become one.
    fn push_with(&mut self, head: Hash, mut joined: impl FnMut(Hash, Hash)) {
        let (mut height, mut root) = (0, leaf(head));
        while let Some((_, left)) = self.full.pop_if(|(of_left, _)| *of_left == height) {
            joined(left, root);
            (height, root) = (height + 1, node(left, root));
        }
        self.full.push((height, root));
        self.leaves += 1;
    }

    /// How many heads there are.
    pub(super) fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The root over all of them.
    pub(super) fn root(&self) -> Hash {
        let roots = self.full.iter().rev().map(|(_, root)| *root);
        roots.reduce(|right, left| node(left, right)).unwrap_or_else(|| Hash::of(b""))
    }
}

/// On which side of the way a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    /// Before it.
    Left,
    /// After it.
    Right,
}

/// A tree with the way from one of its heads up to the root (RFC 6962, section 2.1.1).
#[derive(Default)]
pub(super) struct Climb {
    tree: Tree,
    /// The subtree in which the head is.
    at: Option<Hash>,
    way: Vec<(Side, Hash)>,
}

impl Climb {
    /// Adds a head; `is_it` where the way begins.
    pub(super) fn push(&mut self, head: Hash, is_it: bool) {
        if is_it {
            self.at = Some(leaf(head));
        }
        let (at, way) = (&mut self.at, &mut self.way);
        self.tree.push_with(head, |left, right| step(at, way, left, right));
    }

    /// What stands beside the way, from the head up.
    pub(super) fn way(mut self) -> Vec<(Side, Hash)> {
        let mut roots = self.tree.full.iter().rev().map(|(_, root)| *root);
        let Some(mut right) = roots.next() else { return self.way };
        for left in roots {
            step(&mut self.at, &mut self.way, left, right);
            right = node(left, right);
        }
        self.way
    }

    /// The root to which a way leads from a head.
    pub(super) fn root(head: Hash, way: &[(Side, Hash)]) -> Hash {
        way.iter().fold(leaf(head), |at, (side, beside)| match side {
            Side::Left => node(*beside, at),
            Side::Right => node(at, *beside),
        })
    }
}

/// Two subtrees become one; where the way goes through one of them, the other stands beside it.
fn step(at: &mut Option<Hash>, way: &mut Vec<(Side, Hash)>, left: Hash, right: Hash) {
    if *at == Some(left) {
        way.push((Side::Right, right));
    } else if *at == Some(right) {
        way.push((Side::Left, left));
    } else {
        return;
    }
    *at = Some(node(left, right));
}

fn leaf(head: Hash) -> Hash {
    Hash::of_parts(&[LEAF, head.as_bytes()])
}

fn node(left: Hash, right: Hash) -> Hash {
    Hash::of_parts(&[NODE, left.as_bytes(), right.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the standard defines it: split at the largest power of two that is smaller than their number.
    fn defined(heads: &[Hash]) -> Hash {
        match heads {
            [] => Hash::of(b""),
            [head] => Hash::of_parts(&[LEAF, head.as_bytes()]),
            _ => {
                let (one, other) = heads.split_at(heads.len().next_power_of_two() / 2);
                node(defined(one), defined(other))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_rfc_6962() {
        let mut tree = Tree::default();
        assert_eq!(tree.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let mut heads = Vec::new();
        for number in 0_u8..70 {
            heads.push(Hash::of(&[number]));
            tree.push(heads[usize::from(number)]);
            assert_eq!((tree.root(), tree.leaves()), (defined(&heads), u64::from(number) + 1));
        }
    }

    #[test]
    fn the_way_from_any_head_leads_to_the_root_and_no_other_head_takes_it() {
        let heads: Vec<Hash> = (0_u8..40).map(|number| Hash::of(&[number])).collect();
        for count in 1..=heads.len() {
            for place in 0..count {
                let mut climb = Climb::default();
                (0..count).for_each(|other| climb.push(heads[other], other == place));
                let way = climb.way();
                assert_eq!(Climb::root(heads[place], &way), defined(&heads[..count]), "{place} of {count}");
                assert_ne!(Climb::root(Hash::of(b"other"), &way), defined(&heads[..count]));
            }
        }
    }
}
