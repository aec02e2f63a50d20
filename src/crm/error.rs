//! What this room refuses.

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::org::Forbidden;

/// Why something with a customer was not done.
#[derive(Debug, thiserror::Error)]
pub enum CrmError {
    /// There is no such record, or none that the person may see.
    #[error("there is no such record")]
    NotFound,
    /// Not allowed.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Explain for CrmError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "record_not_found",
            Self::Forbidden(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Forbidden(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotFound => msg!("crm.error.not_found"),
            Self::Forbidden(error) => error.message(),
            Self::Db(error) => error.message(),
        }
    }
}
