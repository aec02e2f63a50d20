//! What happened, in words.

use crate::i18n::{Message, msg};
use crate::kernel::{Channel, UserId};
use crate::workflow::{Choice, Directory};

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
