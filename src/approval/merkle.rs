//! The daily root over the heads of all chains.

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
        let (mut height, mut root) = (0, Hash::of_parts(&[LEAF, head.as_bytes()]));
        while let Some((_, left)) = self.full.pop_if(|(of_left, _)| *of_left == height) {
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
}
