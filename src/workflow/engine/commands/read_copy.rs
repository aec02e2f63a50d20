//! Somebody read their copy; reading it again changes nothing. In every state.

use super::super::super::{BY_HAND, Event, Refusal};
use super::super::draft::Draft;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, node: &str) -> Result<(), Refusal> {
    let person = draft.person(actor)?;
    if node == BY_HAND {
        let read = draft.case.copied_by_hand.get(&person).ok_or(Refusal::NotEntitled { person })?;
        if !read {
            draft.push(Event::CopyRead { node: node.to_owned(), by: *actor });
        }
        return Ok(());
    }
    let copies = draft.case.nodes.get(node).map(|state| state.copies.as_slice()).unwrap_or_default();
    if copies.iter().all(|one| one.person != person) {
        return Err(Refusal::NotEntitled { person });
    }
    if draft.case.read_copies.get(node).is_none_or(|readers| !readers.contains(&person)) {
        draft.push(Event::CopyRead { node: node.to_owned(), by: *actor });
    }
    Ok(())
}
