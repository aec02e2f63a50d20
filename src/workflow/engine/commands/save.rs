//! The drafter saved the record: a returned one is a draft again. While the drafter has it.

use super::super::super::{Event, Refusal};
use super::super::draft::Draft;
use super::wrong_state;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor) -> Result<(), Refusal> {
    if !draft.case.status.with_drafter() {
        return wrong_state(draft, "save");
    }
    draft.drafter_side(actor)?;
    draft.push(Event::Saved { by: *actor });
    Ok(())
}
