//! Why a case cannot go on, for the person who can mend it.

use crate::i18n::{Message, msg};
use crate::workflow::StuckReason;

/// A reason in words.
pub fn stuck_said(reason: &StuckReason) -> Message {
    match reason {
        StuckReason::NobodyFound { rule } => msg!("workflow.stuck.nobody_found", rule = rule),
        StuckReason::Fault { rule, fault } => msg!("workflow.stuck.fault", rule = rule, fault = fault.to_string()),
        StuckReason::HookFault { fault, .. } => msg!("workflow.stuck.hook_fault", fault = fault.to_string()),
        StuckReason::CannotPass { rule } => msg!("workflow.stuck.cannot_pass", rule = rule),
        StuckReason::NoWay => msg!("workflow.stuck.no_way"),
        // As text: a year has no separators.
        StuckReason::UnknownYear { year } => msg!("workflow.stuck.unknown_year", year = year.to_string()),
        StuckReason::OnlyTheDrafter { rule } => msg!("workflow.stuck.only_the_drafter", rule = rule),
    }
}
