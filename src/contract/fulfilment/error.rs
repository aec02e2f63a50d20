//! What can go wrong after approval, and what helps.

use crate::approval::{ApprovalError, SubjectRefusal};
use crate::contract::{ContractError, SealKind};
use crate::db::DbError;
use crate::files::FilesError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::{Date, Money, MoneyError, UnknownYear};
use crate::org::Forbidden;
use crate::settlement::SettlementError;

/// Why something was not done. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum FulfilmentError {
    /// Our entity has no such seal in use.
    #[error("{entity} has no {}", kind.name())]
    NoSeal {
        /// Our entity.
        entity: String,
        /// Which seal.
        kind: SealKind,
    },
    /// A word that names no seal.
    #[error("{0:?} is no kind of seal")]
    UnknownSeal(String),
    /// The keeper of the seal has left.
    #[error("nobody keeps the {} of {entity}", kind.name())]
    NobodyKeeps {
        /// Our entity.
        entity: String,
        /// Which seal.
        kind: SealKind,
    },
    /// That seal was asked for already.
    #[error("the seal was asked for already")]
    SealAsked,
    /// The request is done or was taken back.
    #[error("the seal request is closed")]
    SealRequestClosed,
    /// Only the keeper of the seal records it.
    #[error("only the keeper records a seal")]
    NotKeeper,
    /// What was approved is another version.
    #[error("the version is not the approved one")]
    NotApprovedVersion,
    /// The code on the paper is not that of the approved version.
    #[error("the verification code is another one")]
    WrongCode,
    /// Something has to be filled in.
    #[error("{field} is empty or too long")]
    Needed {
        /// Its name.
        field: String,
    },
    /// A number of copies.
    #[error("not a number of copies")]
    Copies,
    /// It cannot have happened yet.
    #[error("{field} lies in the future")]
    InFuture {
        /// Its name.
        field: String,
    },
    /// It cannot have happened before.
    #[error("{field} is before {first}")]
    TooEarly {
        /// Its name.
        field: String,
        /// The first day on which it could be.
        first: Date,
    },
    /// An agent signs only with an authorisation.
    #[error("the authorisation of {party} is missing")]
    NoAuthorisation {
        /// The party's place.
        party: String,
        /// Its name.
        name: String,
    },
    /// The signed document itself.
    #[error("the scan of the signed document is missing")]
    NoScan,
    /// No such file of this contract.
    #[error("there is no such file of the contract")]
    NoPaper,
    /// No event that can be recorded by hand.
    #[error("{0:?} is no event")]
    NoEvent(String),
    /// It is not completed: something is open.
    #[error("the contract is not completed: {0:?}")]
    StillOpen(Vec<Message>),
    /// It is back already.
    #[error("the original is back already")]
    OriginalBack,
    /// This person is not among those who archive it.
    #[error("this person does not archive it")]
    NotClaimer,
    /// Somebody else has the task.
    #[error("{0} has the task")]
    ClaimedBy(String),
    /// The task was not claimed.
    #[error("the task was not claimed")]
    NotClaimed,
    /// The list is not ticked off.
    #[error("{0} entries of the list are open")]
    ItemsLeft(usize),
    /// It is archived.
    #[error("it is archived already")]
    ArchivedAlready,
    /// Another folder has the number.
    #[error("the archive number is taken")]
    ArchiveNumberTaken,
    /// Only what is signed and runs can be changed.
    #[error("only a signed contract can be changed")]
    NotChangeable,
    /// Another change is between its submission and its effect.
    #[error("{0} is under way")]
    ChangeUnderWay(String),
    /// Nothing changes.
    #[error("nothing changes")]
    NothingChanges,
    /// The milestones have to come to the total.
    #[error("the milestones do not add up to {0:?}")]
    PlanSum(Money),
    /// A line of the plan that cannot be read.
    #[error("line {0} of the plan is incomplete")]
    PlanLine(usize),
    /// A new last day before the first.
    #[error("the last day is before the first")]
    EndsBeforeStart,
    /// An effect of a workflow that cannot be carried out.
    #[error("the effect cannot be carried out: {0:?}")]
    Effect(Message),
    /// Contracts.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The case.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The payment plan.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// Arithmetic on money failed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The calendar does not know a year.
    #[error(transparent)]
    UnknownYear(#[from] UnknownYear),
    /// A value could not be written down.
    #[error("a value has no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<DbError> for FulfilmentError {
    fn from(error: DbError) -> Self {
        Self::Contract(error.into())
    }
}

impl From<Forbidden> for FulfilmentError {
    fn from(error: Forbidden) -> Self {
        Self::Contract(error.into())
    }
}

impl From<FilesError> for FulfilmentError {
    fn from(error: FilesError) -> Self {
        Self::Contract(error.into())
    }
}

/// What an effect, or a change of a record, says of it.
impl From<FulfilmentError> for SubjectRefusal {
    fn from(error: FulfilmentError) -> Self {
        match error {
            FulfilmentError::Contract(ContractError::Db(error))
            | FulfilmentError::Settlement(SettlementError::Db(error)) => Self::Db(error),
            FulfilmentError::Contract(ContractError::Changed) => Self::LostRace,
            other => Self::Refused(other.message()),
        }
    }
}

impl Explain for FulfilmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSeal { .. } => "seal_not_found",
            Self::UnknownSeal(_) => "seal_unknown",
            Self::NobodyKeeps { .. } => "seal_without_keeper",
            Self::SealAsked => "seal_asked_already",
            Self::SealRequestClosed => "seal_request_closed",
            Self::NotKeeper => "not_the_keeper",
            Self::NotApprovedVersion => "version_not_approved",
            Self::WrongCode => "verification_code_wrong",
            Self::Needed { .. } => "field_required",
            Self::Copies => "copies_invalid",
            Self::InFuture { .. } => "date_in_future",
            Self::TooEarly { .. } => "date_too_early",
            Self::NoAuthorisation { .. } => "authorisation_missing",
            Self::NoScan => "scan_missing",
            Self::NoPaper => "paper_not_found",
            Self::NoEvent(_) => "event_unknown",
            Self::StillOpen(_) => "contract_still_open",
            Self::OriginalBack => "original_back_already",
            Self::NotClaimer => "not_a_claimer",
            Self::ClaimedBy(_) => "claimed_by_other",
            Self::NotClaimed => "not_claimed",
            Self::ItemsLeft(_) => "checklist_open",
            Self::ArchivedAlready => "archived_already",
            Self::ArchiveNumberTaken => "archive_number_taken",
            Self::NotChangeable => "contract_not_changeable",
            Self::ChangeUnderWay(_) => "change_under_way",
            Self::NothingChanges => "change_empty",
            Self::PlanSum(_) => "plan_sum",
            Self::PlanLine(_) => "plan_line_incomplete",
            Self::EndsBeforeStart => "term_reversed",
            Self::Effect(_) => "effect_impossible",
            Self::Contract(error) => error.code(),
            Self::Approval(error) => error.code(),
            Self::Settlement(error) => error.code(),
            Self::Money(error) => error.code(),
            Self::UnknownYear(error) => error.code(),
            Self::Json(_) => "internal",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotKeeper | Self::NotClaimer => ErrorKind::Forbidden,
            Self::NoPaper => ErrorKind::NotFound,
            Self::SealAsked
            | Self::SealRequestClosed
            | Self::NotApprovedVersion
            | Self::StillOpen(_)
            | Self::OriginalBack
            | Self::ClaimedBy(_)
            | Self::NotClaimed
            | Self::ItemsLeft(_)
            | Self::ArchivedAlready
            | Self::ArchiveNumberTaken
            | Self::NotChangeable
            | Self::ChangeUnderWay(_) => ErrorKind::Conflict,
            Self::Contract(error) => error.kind(),
            Self::Approval(error) => error.kind(),
            Self::Settlement(error) => error.kind(),
            Self::Money(error) => error.kind(),
            Self::UnknownYear(error) => error.kind(),
            Self::Json(_) => ErrorKind::Internal,
            _ => ErrorKind::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NoSeal { entity, kind } => msg!("contract.after.no_seal", entity = entity, seal = kind.label()),
            Self::UnknownSeal(name) => msg!("contract.after.unknown_seal", name = name),
            Self::NobodyKeeps { entity, kind } => {
                msg!("contract.after.nobody_keeps", entity = entity, seal = kind.label())
            }
            Self::SealAsked => msg!("contract.after.seal_asked"),
            Self::SealRequestClosed => msg!("contract.after.seal_request_closed"),
            Self::NotKeeper => msg!("contract.after.not_keeper"),
            Self::NotApprovedVersion => msg!("contract.after.not_approved_version"),
            Self::WrongCode => msg!("contract.after.wrong_code"),
            Self::Needed { .. } => msg!("contract.after.needed"),
            Self::Copies => msg!("contract.after.copies_wrong"),
            Self::InFuture { .. } => msg!("contract.after.in_future"),
            Self::TooEarly { first, .. } => msg!("contract.after.too_early", first = *first),
            Self::NoAuthorisation { name, .. } => msg!("contract.after.no_authorisation", name = name),
            Self::NoScan => msg!("contract.after.no_scan"),
            Self::NoPaper => msg!("contract.after.no_paper"),
            Self::NoEvent(name) => msg!("contract.after.no_event", name = name),
            Self::StillOpen(what) => msg!("contract.after.still_open", what = what.clone()),
            Self::OriginalBack => msg!("contract.after.original_back"),
            Self::NotClaimer => msg!("contract.after.not_claimer"),
            Self::ClaimedBy(name) => msg!("contract.after.claimed_by", name = name),
            Self::NotClaimed => msg!("contract.after.not_claimed"),
            Self::ItemsLeft(count) => msg!("contract.after.items_left", count = *count),
            Self::ArchivedAlready => msg!("contract.after.archived_already"),
            Self::ArchiveNumberTaken => msg!("contract.after.archive_number_taken"),
            Self::NotChangeable => msg!("contract.after.not_changeable"),
            Self::ChangeUnderWay(title) => msg!("contract.after.change_under_way", title = title),
            Self::NothingChanges => msg!("contract.after.nothing_changes"),
            Self::PlanSum(total) => msg!("contract.after.plan_sum", total = *total),
            Self::PlanLine(line) => msg!("contract.after.plan_line", line = *line),
            Self::EndsBeforeStart => msg!("contract.after.ends_before_start"),
            Self::Effect(message) => message.clone(),
            Self::Contract(error) => error.message(),
            Self::Approval(error) => error.message(),
            Self::Settlement(error) => error.message(),
            Self::Money(error) => error.message(),
            Self::UnknownYear(error) => error.message(),
            Self::Json(_) => msg!("contract.error.internal"),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Needed { field } | Self::InFuture { field } | Self::TooEarly { field, .. } => Some(field),
            Self::WrongCode => Some("code"),
            Self::NoSeal { .. } | Self::UnknownSeal(_) | Self::NobodyKeeps { .. } | Self::SealAsked => Some("seal"),
            Self::Copies => Some("copies"),
            Self::NoAuthorisation { party, .. } => Some(party),
            Self::NoScan => Some("scan"),
            Self::NoEvent(_) => Some("event"),
            Self::ArchiveNumberTaken => Some("number"),
            Self::PlanSum(_) | Self::PlanLine(_) => Some("plan"),
            Self::EndsBeforeStart => Some("expires_on"),
            Self::Money(_) => Some("amount"),
            Self::Contract(error) => error.field(),
            Self::Approval(error) => error.field(),
            Self::Settlement(error) => error.field(),
            _ => None,
        }
    }
}
