//! Refusals of the engine, for people and for programs.

use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::workflow::{Refusal, Status};

/// What a state is called.
pub(super) fn status(status: Status) -> Message {
    Message::of(match status {
        Status::Draft => "approval.status_draft",
        Status::InApproval => "approval.status_in_approval",
        Status::Returned => "approval.status_returned",
        Status::SignedFor => "approval.status_signed_for",
        Status::Approved => "approval.status_approved",
        Status::Rejected => "approval.status_rejected",
        Status::Withdrawn => "approval.status_withdrawn",
        Status::Terminated => "approval.status_terminated",
        Status::Ended => "approval.status_ended",
    })
}

impl Explain for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::NobodyActs => "person_needed",
            Self::UnknownNode { .. } => "node_not_found",
            Self::UnknownTask { .. } => "task_not_found",
            Self::NodeClosed { .. } => "already_decided",
            Self::NotEntitled { .. } => "not_entitled",
            Self::ClaimedByOther { .. } => "claimed_by_other",
            Self::ClaimedAlready => "claimed_already",
            Self::NotClaimed => "not_claimed",
            Self::NotStuck => "case_not_stuck",
            Self::ContentChanged { .. } => "content_changed",
            Self::NothingShown => "content_hash_missing",
            Self::OpinionMissing => "opinion_missing",
            Self::FilesMissing { .. } => "files_missing",
            Self::NotTaken { .. } => "workflow_does_not_take",
            Self::PeopleNotChosen { .. } => "people_not_chosen",
            Self::CannotBeNext { .. } => "cannot_be_next",
            Self::NotAllowed { .. } => "not_allowed_here",
            Self::AlreadyDecided => "somebody_decided",
            Self::TooLateToUndo => "too_late_to_undo",
            Self::CannotReturnTo { .. } => "cannot_return_there",
            Self::NotAwaited { .. } => "event_not_awaited",
            Self::NoSuchQuestion => "question_not_found",
            Self::NoSuchSuggestion => "suggestion_not_found",
            Self::CannotSuggest { .. } => "cannot_suggest_here",
            Self::CannotBeAsked { .. } => "person_unavailable",
            Self::LoginNeeded { .. } => "login_needed",
            Self::BuiltOn => "built_on",
            Self::NotDelegated => "not_delegated",
            Self::NoSuchSigner => "signer_not_found",
            Self::NobodyToTell => "nobody_to_tell",
            Self::UrgedAlready => "urged_already",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongState { .. }
            | Self::NodeClosed { .. }
            | Self::ClaimedByOther { .. }
            | Self::ClaimedAlready
            | Self::NotClaimed
            | Self::NotStuck
            | Self::ContentChanged { .. }
            | Self::AlreadyDecided
            | Self::TooLateToUndo
            | Self::BuiltOn
            | Self::NotDelegated
            | Self::NotAwaited { .. } => ErrorKind::Conflict,
            Self::NobodyActs | Self::NotEntitled { .. } | Self::NotAllowed { .. } => ErrorKind::Forbidden,
            Self::LoginNeeded { .. } => ErrorKind::Unauthenticated,
            Self::UnknownNode { .. }
            | Self::UnknownTask { .. }
            | Self::NoSuchQuestion
            | Self::NoSuchSuggestion
            | Self::NoSuchSigner => ErrorKind::NotFound,
            Self::NothingShown
            | Self::OpinionMissing
            | Self::FilesMissing { .. }
            | Self::NotTaken { .. }
            | Self::PeopleNotChosen { .. }
            | Self::CannotBeNext { .. }
            | Self::CannotReturnTo { .. }
            | Self::CannotSuggest { .. }
            | Self::NobodyToTell
            | Self::CannotBeAsked { .. } => ErrorKind::Invalid,
            Self::UrgedAlready => ErrorKind::TooMany,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::WrongState { status: now, .. } => msg!("approval.wrong_state", status = status(*now)),
            Self::NobodyActs => msg!("approval.nobody_acts"),
            Self::UnknownNode { node } => msg!("approval.unknown_node", node = node),
            Self::UnknownTask { .. } => msg!("approval.unknown_task"),
            Self::NodeClosed { by: Some(_), .. } => msg!("approval.node_closed"),
            Self::NodeClosed { by: None, .. } => msg!("approval.node_over"),
            Self::NotEntitled { .. } => msg!("approval.not_entitled"),
            Self::ClaimedByOther { .. } => msg!("approval.claimed_by_other"),
            Self::ClaimedAlready => msg!("approval.claimed_already"),
            Self::NotClaimed => msg!("approval.not_claimed"),
            Self::NotStuck => msg!("approval.case_not_stuck"),
            Self::ContentChanged { .. } => msg!("approval.content_changed"),
            Self::NothingShown => msg!("approval.nothing_shown"),
            Self::OpinionMissing => msg!("approval.opinion_missing"),
            Self::FilesMissing { labels } => msg!("approval.files_missing", labels = labels.join("、")),
            Self::NotTaken { workflow } => msg!("approval.not_taken", workflow = workflow),
            Self::PeopleNotChosen { node } => msg!("approval.people_not_chosen", node = node),
            Self::CannotBeNext { .. } => msg!("approval.cannot_be_next"),
            Self::NotAllowed { .. } => msg!("approval.not_allowed"),
            Self::AlreadyDecided => msg!("approval.already_decided"),
            Self::TooLateToUndo => msg!("approval.too_late_to_undo"),
            Self::CannotReturnTo { node } => msg!("approval.cannot_return_to", node = node),
            Self::NotAwaited { name } => msg!("approval.not_awaited", name = name),
            Self::NoSuchQuestion => msg!("approval.no_such_question"),
            Self::NoSuchSuggestion => msg!("approval.no_such_suggestion"),
            Self::CannotSuggest { path } => msg!("approval.cannot_suggest", path = path),
            Self::CannotBeAsked { .. } => msg!("approval.cannot_be_asked"),
            Self::LoginNeeded { .. } => msg!("approval.login_needed"),
            Self::BuiltOn => msg!("approval.built_on"),
            Self::NotDelegated => msg!("approval.not_delegated"),
            Self::NoSuchSigner => msg!("approval.no_such_signer"),
            Self::NobodyToTell => msg!("approval.nobody_to_tell"),
            Self::UrgedAlready => msg!("approval.urged_already"),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::OpinionMissing => Some("opinion"),
            Self::CannotBeAsked { .. } | Self::CannotBeNext { .. } | Self::NobodyToTell => Some("person"),
            _ => None,
        }
    }
}
