//! 抄送 by hand: people read the case, who were not among its readers. By whoever has to do with the case, in every state.

use super::super::super::{Event, Refusal};
use super::super::draft::Draft;
use crate::kernel::{Actor, UserId};

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, people: &[UserId], text: &str) -> Result<(), Refusal> {
    let person = draft.involved(actor)?;
    // Whoever reads a copy reads all of it.
    if let Some(node) = draft.sees_parts_only(person) {
        return Err(Refusal::NotAllowed { command: "copy", node });
    }
    let mut readers: Vec<UserId> = Vec::new();
    for reader in people {
        if *reader == person || !draft.facts.directory.is_active(*reader) {
            return Err(Refusal::CannotBeAsked { person: *reader });
        }
        if !readers.contains(reader) && !draft.case.copied_by_hand.contains_key(reader) {
            readers.push(*reader);
        }
    }
    if readers.is_empty() {
        return Err(Refusal::NobodyToTell);
    }
    draft.push(Event::CopiedByHand { by: *actor, people: readers, text: text.to_owned() });
    Ok(())
}
