//! What can go wrong with contracts, and what helps.

use super::document::{FieldError, FillError};
use super::{Move, State};
use crate::db::DbError;
use crate::files::FilesError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::check::CodeError;
use crate::kernel::manifest::ManifestError;
use crate::org::Forbidden;

/// Why something with a contract was not done. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// There is no such contract, or none that this person may see.
    #[error("there is no such contract")]
    NotFound,
    /// There is no such entity of ours, or it is closed.
    #[error("there is no such entity of ours")]
    NoEntity,
    /// There is no such template.
    #[error("there is no template {0:?}")]
    NoTemplate(String),
    /// Our entity cannot have this role in the template.
    #[error("our entity has no such role in this template")]
    NoRole,
    /// Somebody saved it since it was read.
    #[error("the contract was changed meanwhile")]
    Changed,
    /// Its state does not allow that.
    #[error("{by:?} is impossible in the state {from}")]
    NoSuchMove {
        /// Where it stands.
        from: State,
        /// What was tried.
        by: Move,
    },
    /// Its text is locked: only drafts can be written in.
    #[error("the contract is locked in the state {0}")]
    Locked(State),
    /// A clause that is not open to the drafter was sent with another text.
    #[error("the clause {0:?} is locked")]
    LockedClause(String),
    /// The draft cannot be submitted yet.
    #[error("{} fields of the draft are empty or wrong", .0.len())]
    Incomplete(Vec<FieldError>),
    /// A file of that name is already there.
    #[error("there is a file named {0:?} already")]
    FileNameTaken(String),
    /// No such place for a file.
    #[error("there is no place {0:?} for a file")]
    NoSlot(String),
    /// A field that has to be filled.
    #[error("{field} is empty or too long")]
    Required {
        /// Its name.
        field: &'static str,
    },
    /// A code of another form.
    #[error("{field}: {error}")]
    Code {
        /// Its name.
        field: &'static str,
        /// What is wrong with it.
        error: CodeError,
    },
    /// The short code of an entity.
    #[error("not a short code of an entity")]
    EntityCode,
    /// Somebody has the code.
    #[error("the code of the entity is taken")]
    EntityTaken,
    /// There is a seal of that kind.
    #[error("the entity has such a seal already")]
    SealTaken,
    /// The permission is missing.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The template cannot be filled.
    #[error(transparent)]
    Fill(#[from] FillError),
    /// The content has no hash.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A stored template cannot be read any more.
    #[error("the template version {0} cannot be read")]
    Unreadable(String),
    /// A file.
    #[error(transparent)]
    File(#[from] FilesError),
    /// Something that was stored cannot be read.
    #[error("unexpected JSON: {0}")]
    Json(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<serde_json::Error> for ContractError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }
}

impl Explain for ContractError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "contract_not_found",
            Self::NoEntity => "entity_not_found",
            Self::NoTemplate(_) => "template_not_found",
            Self::NoRole => "role_not_possible",
            Self::Changed => "version_conflict",
            Self::NoSuchMove { .. } => "move_not_possible",
            Self::Locked(_) => "contract_locked",
            Self::LockedClause(_) => "clause_locked",
            Self::Incomplete(_) => "draft_incomplete",
            Self::FileNameTaken(_) => "file_name_taken",
            Self::NoSlot(_) => "file_slot_not_found",
            Self::Required { .. } => "field_required",
            Self::Code { .. } => "code_invalid",
            Self::EntityCode => "entity_code_invalid",
            Self::EntityTaken => "entity_taken",
            Self::SealTaken => "seal_taken",
            Self::Forbidden(_) => "forbidden",
            Self::Fill(error) => error.code(),
            Self::Manifest(_) | Self::Json(_) => "internal",
            Self::Unreadable(_) => "template_unreadable",
            Self::File(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Changed
            | Self::NoSuchMove { .. }
            | Self::Locked(_)
            | Self::EntityTaken
            | Self::SealTaken
            | Self::FileNameTaken(_) => ErrorKind::Conflict,
            Self::Forbidden(_) => ErrorKind::Forbidden,
            Self::Fill(_) | Self::Manifest(_) | Self::Json(_) | Self::Unreadable(_) => ErrorKind::Internal,
            Self::File(error) => error.kind(),
            Self::Db(error) => error.kind(),
            _ => ErrorKind::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotFound => msg!("contract.error.not_found"),
            Self::NoEntity => msg!("contract.error.no_entity"),
            Self::NoTemplate(name) => msg!("contract.error.no_template", name = name),
            Self::NoRole => msg!("contract.error.no_role"),
            Self::Changed => msg!("contract.error.changed"),
            Self::NoSuchMove { from, by } => {
                msg!("contract.error.no_such_move", state = from.label(), act = by.label())
            }
            Self::Locked(state) => msg!("contract.error.locked", state = state.label()),
            Self::LockedClause(name) => msg!("contract.error.locked_clause", name = name),
            Self::Incomplete(problems) => msg!("contract.error.incomplete", count = problems.len()),
            Self::FileNameTaken(name) => msg!("contract.error.file_name_taken", name = name),
            Self::NoSlot(name) => msg!("contract.error.no_slot", name = name),
            Self::Required { .. } => msg!("contract.error.required"),
            Self::Code { error, .. } => error.message(),
            Self::EntityCode => msg!("contract.error.entity_code"),
            Self::EntityTaken => msg!("contract.error.entity_taken"),
            Self::SealTaken => msg!("contract.error.seal_taken"),
            Self::Forbidden(_) => msg!("contract.error.forbidden"),
            Self::Fill(error) => error.message(),
            Self::Unreadable(version) => msg!("contract.error.unreadable", version = version),
            Self::Manifest(_) | Self::Json(_) => msg!("contract.error.internal"),
            Self::File(error) => error.message(),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Required { field } | Self::Code { field, .. } => Some(field),
            Self::EntityCode => Some("code"),
            Self::NoRole => Some("our_role"),
            Self::NoEntity => Some("entity"),
            Self::NoTemplate(_) => Some("template"),
            Self::LockedClause(name) => Some(name),
            _ => None,
        }
    }
}
