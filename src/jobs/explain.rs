//! What the administrator hears.

use super::JobsError;
use crate::i18n::{ErrorKind, Explain, Message, msg};

impl Explain for JobsError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFailed => "job_not_failed",
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFailed => ErrorKind::Conflict,
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotFailed => msg!("jobs.not_failed"),
            Self::Db(error) => error.message(),
        }
    }
}
