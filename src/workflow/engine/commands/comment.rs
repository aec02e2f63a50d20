//! Words, by whoever has to do with the case. In every state.

use super::super::super::{Event, Refusal};
use super::super::draft::Draft;
use super::super::entitle::said;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, text: &str) -> Result<(), Refusal> {
    draft.involved(actor)?;
    said(text)?;
    draft.push(Event::Commented { by: *actor, text: text.to_owned() });
    Ok(())
}
