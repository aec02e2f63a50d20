//! The daily root over the heads of all chains.

use crate::kernel::Hash;

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// The Merkle root over heads in their order (RFC 6962, section 2.1).
pub(super) fn root(heads: &[Hash]) -> Hash {
    match heads {
        [] => Hash::of(b""),
        [head] => Hash::of_parts(&[LEAF, head.as_bytes()]),
        _ => {
            // The largest power of two smaller than their number.
            let left = heads.len().next_power_of_two() / 2;
            let (one, other) = heads.split_at(left);
            Hash::of_parts(&[NODE, root(one).as_bytes(), root(other).as_bytes()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_that_of_rfc_6962() {
        let heads: Vec<_> = (0_u8..5).map(|n| Hash::of(&[n])).collect();
        let leaf = |head: &Hash| Hash::of_parts(&[&[0], head.as_bytes()]);
        let node = |one: Hash, other: Hash| Hash::of_parts(&[&[1], one.as_bytes(), other.as_bytes()]);
        let four = node(node(leaf(&heads[0]), leaf(&heads[1])), node(leaf(&heads[2]), leaf(&heads[3])));
        assert_eq!(root(&heads), node(four, leaf(&heads[4])));
        assert_eq!(root(&heads[..1]), leaf(&heads[0]));
        assert_eq!(root(&[]).to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
