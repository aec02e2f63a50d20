//! 撤回: the submitter takes the case back, before the first decision or at any time, as the file says. In approval, or where it was
//! sent back: then nobody decides, and the record may go another way.

use super::super::super::{Event, HookAt, Refusal, ResetReason, Status, WithdrawRule};
use super::super::draft::Draft;
use super::only_in;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, reason: &str) -> Result<(), Refusal> {
    only_in(draft, "withdraw", &[Status::InApproval, Status::Returned, Status::SignedFor])?;
    draft.drafter_side(actor)?;
    let asked = draft.case.status == Status::InApproval;
    let decided = draft.case.decisions.values().any(|one| !one.void && one.round == draft.case.round);
    if asked && decided && draft.definition.withdraw == WithdrawRule::BeforeFirstDecision {
        return Err(Refusal::AlreadyDecided);
    }
    draft.reset_all(ResetReason::Withdrawn);
    draft.push(Event::Withdrawn { by: *actor, reason: reason.to_owned() });
    draft.hook(HookAt::Withdrawn);
    Ok(())
}
