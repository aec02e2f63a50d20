//! 终止: an administrator ends the case, with a reason; the record goes back to its drafter. While somebody decides, or the drafter has
//! it after a return.

use super::super::super::{Event, HookAt, Refusal, ResetReason, Status};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::only_in;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, reason: &str) -> Result<(), Refusal> {
    only_in(draft, "terminate", &[Status::InApproval, Status::Returned, Status::SignedFor])?;
    draft.administrator(actor)?;
    said(reason)?;
    draft.reset_all(ResetReason::Terminated);
    draft.push(Event::Terminated { by: *actor, reason: reason.to_owned() });
    draft.hook(HookAt::Ended);
    Ok(())
}
