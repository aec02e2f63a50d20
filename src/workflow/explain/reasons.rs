//! Why something is somebody's, the same in the inbox, the message, the log, and a year later.

use super::grids::scope_said;
use super::phrases::one_by_one;
use crate::i18n::{Arg, Message, msg};
use crate::workflow::{Reason, ReasonStep};

/// A reason in words, with the rule and its place: `manager.by, workflows/sales-contract.rhai:16: manager of 张三`.
pub fn reason_said(reason: &Reason) -> Message {
    msg!("workflow.say.reason", rule = &reason.rule, place = &reason.place, steps = steps_said(reason))
}

/// A reason in words without the rule: what leads from the rule to the person.
pub fn steps_said(reason: &Reason) -> Message {
    one_by_one(reason.steps.iter().map(step_said))
}

/// One step of a reason in words.
pub fn step_said(step: &ReasonStep) -> Message {
    match step {
        ReasonStep::Named { login } => msg!("workflow.say.because_named", login = login),
        ReasonStep::Drafter => msg!("workflow.say.drafter"),
        ReasonStep::Owner => msg!("workflow.say.owner"),
        ReasonStep::Role { role, english } if english.is_empty() => msg!("workflow.say.because_role", role = role),
        ReasonStep::Role { role, english } => {
            msg!("workflow.say.because_role", role = Arg::Titles { zh: role.clone(), en: english.clone() })
        }
        ReasonStep::Department { department } => msg!("workflow.say.because_department", department = department),
        ReasonStep::ManagerOf { name } => msg!("workflow.say.because_manager_of", name = name),
        ReasonStep::HeadOf { department } => msg!("workflow.say.because_head_of", department = department),
        ReasonStep::Field { field } => msg!("workflow.say.because_field", field = field),
        ReasonStep::ChosenBySubmitter => msg!("workflow.say.because_chosen_by_submitter"),
        ReasonStep::ChosenByApprover { name } => msg!("workflow.say.because_chosen_by", name = name),
        ReasonStep::ApproverOf { node } => msg!("workflow.say.because_approver_of", node = node),
        ReasonStep::Authority { grid, version, row } => {
            msg!("workflow.say.because_authority", grid = grid, version = *version, row = scope_said(row))
        }
        ReasonStep::Expert => msg!("workflow.say.because_expert"),
        ReasonStep::InsteadOfDrafter { name } => msg!("workflow.say.because_instead_of_drafter", name = name),
        ReasonStep::DeputyOf { name } => msg!("workflow.say.because_deputy_of", name = name),
        ReasonStep::TransferredBy { name } => msg!("workflow.say.because_transferred_by", name = name),
        ReasonStep::DelegatedBy { name } => msg!("workflow.say.because_delegated_by", name = name),
        ReasonStep::AddedBy { name } => msg!("workflow.say.because_added_by", name = name),
        ReasonStep::TakenOverFrom { name } => msg!("workflow.say.because_taken_over_from", name = name),
        ReasonStep::Overdue => msg!("workflow.say.because_overdue"),
    }
}
