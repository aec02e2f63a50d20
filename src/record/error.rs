//! What this room refuses.

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::CaseId;
use crate::org::Forbidden;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {code}")]
pub struct FieldProblem {
    /// Its name.
    pub field: String,
    /// A stable code.
    pub code: &'static str,
    /// What happened and what helps.
    pub message: Message,
}

impl FieldProblem {
    /// A field that cannot be empty is.
    pub fn required(field: &str) -> Self {
        Self::new(field, "required", msg!("record.problem.required"))
    }

    /// Something is wrong with a field.
    pub fn new(field: &str, code: &'static str, message: Message) -> Self {
        Self { field: field.to_owned(), code, message }
    }
}

/// A record that may be the same as the one that is being made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id} has the same {field}")]
pub struct Twin {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// The field that is the same.
    pub field: &'static str,
    /// The name of whoever owns it.
    pub owner: String,
    /// Whether the person may see it.
    pub visible: bool,
}

/// Why nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// There is no such record, or none that this person may see.
    #[error("there is no such record")]
    NotFound,
    /// Fields are empty or wrong.
    #[error("{} fields are empty or wrong", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// Other records have the same name or number; whoever makes it has not said that it is another one.
    #[error("{} records may be the same", .0.len())]
    Duplicates(Vec<Twin>),
    /// Somebody changed it since it was read.
    #[error("the record was changed meanwhile")]
    Changed,
    /// Others hang on it.
    #[error("{0} records hang on it")]
    InUse(i64),
    /// It is deleted.
    #[error("the record is deleted")]
    Deleted,
    /// Its state does not allow that.
    #[error("{act} is impossible now")]
    NotNow {
        /// The act.
        act: &'static str,
        /// What helps.
        message: Message,
    },
    /// Somebody decides on it, or carries out what was decided.
    #[error("the record is held by the case {case}")]
    InApproval {
        /// Its case.
        case: CaseId,
    },
    /// Nobody active has that number.
    #[error("there is no such active person")]
    NoOwner,
    /// A pattern of codes that would not number anything.
    #[error("not a pattern of codes")]
    Pattern,
    /// There is no such list of choices.
    #[error("there is no such dictionary")]
    NoDictionary,
    /// Not allowed.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl RecordError {
    /// One field is wrong.
    pub fn field(field: &str, code: &'static str, message: Message) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, code, message)])
    }
}

impl Explain for RecordError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "record_not_found",
            Self::Invalid(_) => "invalid",
            Self::Duplicates(_) => "possible_duplicate",
            Self::Changed => "version_conflict",
            Self::InUse(_) => "record_in_use",
            Self::Deleted => "record_deleted",
            Self::NotNow { .. } => "not_now",
            Self::InApproval { .. } => "record_in_approval",
            Self::NoOwner => "owner_unknown",
            Self::Pattern => "code_pattern",
            Self::NoDictionary => "dictionary_not_found",
            Self::Forbidden(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound | Self::NoDictionary => ErrorKind::NotFound,
            Self::Invalid(_) | Self::NoOwner | Self::Pattern => ErrorKind::Invalid,
            Self::Duplicates(_)
            | Self::Changed
            | Self::InUse(_)
            | Self::Deleted
            | Self::NotNow { .. }
            | Self::InApproval { .. } => ErrorKind::Conflict,
            Self::Forbidden(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotFound => msg!("record.error.not_found"),
            Self::Invalid(problems) => msg!("record.error.invalid", count = problems.len()),
            Self::Duplicates(twins) => {
                let names: Vec<&str> = twins.iter().map(|twin| twin.title.as_str()).collect();
                msg!("record.error.duplicates", names = names)
            }
            Self::Changed => msg!("record.error.changed"),
            Self::InUse(count) => msg!("record.error.in_use", count = *count),
            Self::Deleted => msg!("record.error.deleted"),
            Self::NotNow { message, .. } => message.clone(),
            Self::InApproval { case } => msg!("record.error.in_approval", case = case.get()),
            Self::NoOwner => msg!("record.error.no_owner"),
            Self::Pattern => msg!("record.error.pattern", number = "{seq:2}", year = "{year}"),
            Self::NoDictionary => msg!("record.error.no_dictionary"),
            Self::Forbidden(error) => error.message(),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::NoOwner => Some("owner"),
            Self::Pattern => Some("pattern"),
            _ => None,
        }
    }

    fn parts(&self) -> Vec<&dyn Explain> {
        match self {
            Self::Invalid(problems) => problems.iter().map(|one| one as &dyn Explain).collect(),
            Self::Duplicates(twins) => twins.iter().map(|one| one as &dyn Explain).collect(),
            _ => Vec::new(),
        }
    }
}

impl Explain for FieldProblem {
    fn code(&self) -> &'static str {
        self.code
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }

    fn message(&self) -> Message {
        self.message.clone()
    }

    fn field(&self) -> Option<&str> {
        Some(&self.field)
    }
}

impl Explain for Twin {
    fn code(&self) -> &'static str {
        "possible_duplicate"
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Conflict
    }

    fn message(&self) -> Message {
        msg!("record.error.duplicates", names = &self.title)
    }

    fn field(&self) -> Option<&str> {
        Some(self.field)
    }
}
