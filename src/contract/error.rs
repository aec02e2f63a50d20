//! What can go wrong with contracts, and what helps.

use super::document::{FieldError, FillError};
use super::template::Fault;
use super::{Move, State};
use crate::approval::ApprovalError;
use crate::crm::CrmError;
use crate::db::DbError;
use crate::files::FilesError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::Timestamp;
use crate::kernel::check::CodeError;
use crate::kernel::manifest::ManifestError;
use crate::org::Forbidden;
use crate::pdf::PdfError;

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
    /// There is no such customer, or none that this person may see.
    #[error("there is no such customer")]
    NoCustomer,
    /// There is no such opportunity, or none that this person may see.
    #[error("there is no such opportunity")]
    NoOpportunity,
    /// The other party stands on the black list.
    #[error("the other party is on the black list: {reason}")]
    BlackListed {
        /// Why.
        reason: String,
        /// Who put it there.
        by: String,
        /// When.
        at: Option<Timestamp>,
    },
    /// No such version was submitted.
    #[error("there is no version {0}")]
    NoVersion(i64),
    /// The name of a template.
    #[error("not a name of a template")]
    TemplateName,
    /// A folder with the very text of a template that has another name: a version is its text.
    #[error("the same text is published as {0}")]
    TemplateKnown(String),
    /// A template has faults and was not published.
    #[error("the template {name} has {} faults", faults.len())]
    Faults {
        /// Its name.
        name: String,
        /// What is wrong, place by place.
        faults: Vec<Fault>,
    },
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
    /// The CRM refuses.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// There is no PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// Approval refuses.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
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
            Self::NoCustomer => "customer_not_found",
            Self::NoOpportunity => "opportunity_not_found",
            Self::BlackListed { .. } => "customer_black_listed",
            Self::NoVersion(_) => "contract_version_not_found",
            Self::TemplateName => "template_name_invalid",
            Self::TemplateKnown(_) => "template_known",
            Self::Faults { .. } => "template_faults",
            Self::Crm(error) => error.code(),
            Self::Pdf(error) => error.code(),
            Self::FileNameTaken(_) => "file_name_taken",
            Self::NoSlot(_) => "file_slot_not_found",
            Self::Required { .. } => "field_required",
            Self::Code { .. } => "code_invalid",
            Self::EntityCode => "entity_code_invalid",
            Self::EntityTaken => "entity_taken",
            Self::SealTaken => "seal_taken",
            Self::Forbidden(_) => "forbidden",
            Self::Fill(error) => error.code(),
            Self::Approval(error) => error.code(),
            Self::Manifest(_) | Self::Json(_) => "internal",
            Self::Unreadable(_) => "template_unreadable",
            Self::File(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound | Self::NoVersion(_) => ErrorKind::NotFound,
            Self::Changed
            | Self::NoSuchMove { .. }
            | Self::Locked(_)
            | Self::EntityTaken
            | Self::SealTaken
            | Self::BlackListed { .. }
            | Self::FileNameTaken(_) => ErrorKind::Conflict,
            Self::Forbidden(_) => ErrorKind::Forbidden,
            Self::Fill(_) | Self::Manifest(_) | Self::Json(_) | Self::Unreadable(_) => ErrorKind::Internal,
            Self::Approval(error) => error.kind(),
            Self::Crm(error) => error.kind(),
            Self::Pdf(error) => error.kind(),
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
            Self::NoCustomer => msg!("contract.error.no_customer"),
            Self::NoOpportunity => msg!("contract.error.no_opportunity"),
            Self::BlackListed { reason, by, at } => match at {
                Some(at) => msg!("contract.error.black_listed_at", reason = reason, by = by, at = *at),
                None => msg!("contract.error.black_listed", reason = reason),
            },
            Self::NoVersion(no) => msg!("contract.error.no_version", number = no.to_string()),
            Self::TemplateName => msg!("contract.error.template_name"),
            Self::TemplateKnown(name) => msg!("contract.error.template_known", name = name),
            Self::Faults { name, faults } => msg!("contract.error.faults", name = name, count = faults.len()),
            Self::Crm(error) => error.message(),
            Self::Pdf(error) => error.message(),
            Self::FileNameTaken(name) => msg!("contract.error.file_name_taken", name = name),
            Self::NoSlot(name) => msg!("contract.error.no_slot", name = name),
            Self::Required { .. } => msg!("contract.error.required"),
            Self::Code { error, .. } => error.message(),
            Self::EntityCode => msg!("contract.error.entity_code"),
            Self::EntityTaken => msg!("contract.error.entity_taken"),
            Self::SealTaken => msg!("contract.error.seal_taken"),
            Self::Forbidden(_) => msg!("contract.error.forbidden"),
            Self::Fill(error) => error.message(),
            Self::Approval(error) => error.message(),
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
            Self::TemplateName | Self::TemplateKnown(_) => Some("name"),
            Self::NoCustomer => Some("customer"),
            Self::NoOpportunity => Some("opportunity"),
            Self::LockedClause(name) => Some(name),
            Self::Approval(error) => error.field(),
            _ => None,
        }
    }

    fn parts(&self) -> Vec<&dyn Explain> {
        match self {
            Self::Incomplete(problems) => problems.iter().map(|problem| problem as &dyn Explain).collect(),
            _ => Vec::new(),
        }
    }
}
