//! What happened, in words.

use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Channel, UserId};
use crate::workflow::{Choice, Directory, SkipReason, SuggestionOutcome, VoidReason};

/// A person by name; the program itself where nobody did it.
pub(super) fn person(directory: &Directory, person: Option<UserId>) -> Message {
    match person {
        Some(person) => msg!("approval.say.person", name = directory.name(person)),
        None => msg!("approval.say.program"),
    }
}

/// What was decided.
pub(super) fn choice(choice: Choice) -> Message {
    match choice {
        Choice::Approve => msg!("approval.say.approve"),
        Choice::Reject => msg!("approval.say.reject"),
        Choice::Return => msg!("approval.say.return"),
        Choice::Abstain => msg!("approval.say.abstain"),
    }
}

/// The same by its word in the database.
pub(super) fn choice_named(word: &str) -> Message {
    match word {
        "approve" => choice(Choice::Approve),
        "reject" => choice(Choice::Reject),
        "return" => choice(Choice::Return),
        _ => choice(Choice::Abstain),
    }
}

/// By which way somebody acted, where it was not a page.
pub(super) fn channel(channel: Channel) -> Option<Message> {
    match channel {
        Channel::Link => Some(msg!("approval.say.through_link")),
        Channel::Api => Some(msg!("approval.say.through_api")),
        Channel::Replay => Some(msg!("approval.say.replayed")),
        Channel::Page | Channel::System => None,
    }
}

/// Why nobody was asked at a node.
pub(super) fn skipped(directory: &Directory, title: impl Fn(&str) -> String, reason: &SkipReason) -> Message {
    match reason {
        SkipReason::Guard => msg!("approval.skipped_guard"),
        SkipReason::Overridden { person } => msg!("approval.skipped_overridden", person = directory.name(*person)),
        SkipReason::SamePerson { person, node } => {
            msg!("approval.skipped_same", person = directory.name(*person), node = title(node))
        }
    }
}

/// Why a decision no longer counts.
pub(super) fn voided(part: impl Fn(&str) -> String, reason: &VoidReason) -> Message {
    match reason {
        VoidReason::Touched { paths } if paths.is_empty() => msg!("approval.voided.handed_in"),
        VoidReason::Touched { paths } => {
            let parts: Arg = paths.iter().map(|path| part(path)).collect();
            msg!("approval.voided.touched", parts = parts)
        }
        VoidReason::NotEntitled => msg!("approval.voided.not_entitled"),
        VoidReason::Cleared => msg!("approval.voided.cleared"),
        VoidReason::SentBack => msg!("approval.voided.sent_back"),
        VoidReason::NodeGone => msg!("approval.voided.node_gone"),
    }
}

/// What the drafter did with a suggestion.
pub(super) fn outcome(outcome: &SuggestionOutcome) -> Option<Message> {
    match outcome {
        SuggestionOutcome::Open => None,
        SuggestionOutcome::Taken => Some(msg!("approval.suggestion_taken")),
        SuggestionOutcome::Declined { reason } => Some(msg!("approval.suggestion_declined", reason = reason)),
    }
}

/// What somebody wrote, as it is.
pub(super) fn as_written(text: &str) -> Message {
    msg!("approval.log.words", text = text)
}
