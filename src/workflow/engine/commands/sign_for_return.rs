//! 签收 of a returned record: the drafter has it in hand. Returned.

use super::super::super::{Event, Refusal, Status};
use super::super::draft::Draft;
use super::only_in;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor) -> Result<(), Refusal> {
    only_in(draft, "sign_for", &[Status::Returned])?;
    draft.drafter_side(actor)?;
    draft.push(Event::ReturnSignedFor { by: *actor });
    Ok(())
}
