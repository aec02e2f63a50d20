//! Why a case cannot go on, for the person who can mend it.

use crate::i18n::{Arg, Message, msg};
use crate::workflow::{ScriptFault, ScriptProblem, StuckReason};

/// A reason in words.
pub fn stuck_said(reason: &StuckReason) -> Message {
    match reason {
        StuckReason::NobodyFound { rule } => msg!("workflow.stuck.nobody_found", rule = rule),
        StuckReason::OutsideGrid { rule, grid, version: Some(version) } => {
            msg!("workflow.stuck.outside_grid", rule = rule, grid = grid, version = *version)
        }
        StuckReason::OutsideGrid { rule, grid, version: None } => {
            msg!("workflow.stuck.no_grid", rule = rule, grid = grid)
        }
        StuckReason::Fault { rule, fault } => msg!("workflow.stuck.fault", rule = rule, fault = fault_said(fault)),
        StuckReason::HookFault { fault, .. } => msg!("workflow.stuck.hook_fault", fault = fault_said(fault)),
        StuckReason::CannotPass { rule } => msg!("workflow.stuck.cannot_pass", rule = rule),
        StuckReason::NoWay => msg!("workflow.stuck.no_way"),
        // As text: a year has no separators.
        StuckReason::UnknownYear { year } => msg!("workflow.stuck.unknown_year", year = year.to_string()),
        StuckReason::OnlyTheDrafter { rule } => msg!("workflow.stuck.only_the_drafter", rule = rule),
    }
}

/// What went wrong in a condition or a closure.
pub fn fault_said(fault: &ScriptFault) -> Arg {
    let said = match &fault.problem {
        ScriptProblem::EmptyField { field } => msg!("workflow.stuck.empty_field", field = field),
        ScriptProblem::UnknownField { field } => msg!("workflow.stuck.unknown_field", field = field),
        ScriptProblem::NoApprovalAmount => msg!("workflow.stuck.no_amount"),
        ScriptProblem::Incomparable { left, right } => msg!("workflow.stuck.incomparable", left = left, right = right),
        ScriptProblem::TooLong => msg!("workflow.stuck.too_long"),
        ScriptProblem::WrongAnswer { got } => msg!("workflow.stuck.wrong_answer", got = got),
        ScriptProblem::Failed { message } => return Arg::from(message),
    };
    said.into()
}
