//! What people hear of their messages.

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::mail::MailError;
use crate::org::{Forbidden, OrgError};

/// Why a request about messages is refused.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// They have no such message.
    #[error("no such message")]
    NoMessage,
    /// There is no such e-mail.
    #[error("no such e-mail")]
    NoEmail,
    /// It was sent, or somebody else is about to.
    #[error("the e-mail was sent meanwhile")]
    NotWaiting,
    /// Its person has no address any more, or their account is disabled.
    #[error("nobody to send it to")]
    Nobody,
    /// Nothing would reach them at all.
    #[error("no way is left")]
    NoWay,
    /// Somebody was faster.
    #[error("changed meanwhile")]
    Changed,
    /// The address of a test mail.
    #[error("no address")]
    Address,
    /// They may not do this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The directory.
    #[error(transparent)]
    Org(#[from] OrgError),
    /// The mail server.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The text of an e-mail could not be written.
    #[error("an e-mail could not be written")]
    Letter(#[from] minijinja::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Explain for NotifyError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoMessage | Self::NoEmail => "not_found",
            Self::NotWaiting => "email_not_waiting",
            Self::Nobody => "email_nobody",
            Self::NoWay => "message_no_way",
            Self::Changed => "version_conflict",
            Self::Address => "email_form",
            Self::Forbidden(error) => error.code(),
            Self::Org(error) => error.code(),
            Self::Mail(error) => error.code(),
            Self::Letter(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoMessage | Self::NoEmail => ErrorKind::NotFound,
            Self::NotWaiting | Self::Nobody | Self::Changed => ErrorKind::Conflict,
            Self::NoWay | Self::Address => ErrorKind::Invalid,
            Self::Forbidden(error) => error.kind(),
            Self::Org(error) => error.kind(),
            Self::Mail(error) => error.kind(),
            Self::Letter(_) => ErrorKind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NoMessage => msg!("notify.error.no_message"),
            Self::NoEmail => msg!("notify.error.no_email"),
            Self::NotWaiting => msg!("notify.error.not_waiting"),
            Self::Nobody => msg!("notify.error.nobody"),
            Self::NoWay => msg!("notify.error.no_way"),
            Self::Changed => msg!("notify.error.changed"),
            Self::Address => msg!("notify.error.address"),
            Self::Forbidden(error) => error.message(),
            Self::Org(error) => error.message(),
            Self::Mail(error) => error.message(),
            Self::Letter(_) => msg!("notify.error.letter"),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::NoWay => Some("program"),
            Self::Address => Some("to"),
            Self::Mail(error) => error.field(),
            _ => None,
        }
    }
}
