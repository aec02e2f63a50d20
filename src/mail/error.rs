//! Why mail cannot be set up or sent.

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};

/// Why mail cannot be set up or sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// No name or address of a server.
    #[error("no name of a server")]
    Host,
    /// No port.
    #[error("no port")]
    Port,
    /// No way of protection that there is.
    #[error("no such protection")]
    Security,
    /// A name to log in with that no server takes.
    #[error("no name to log in with")]
    User,
    /// No address that mail can come from.
    #[error("no address to send from")]
    Sender,
    /// No name that can stand before the address.
    #[error("no name to send from")]
    SenderName,
    /// Somebody logs in, without a password.
    #[error("a password is needed")]
    PasswordMissing,
    /// The server or who logs in is another one; the password kept for the former is not sent there.
    #[error("the password has to be entered again")]
    PasswordAgain,
    /// Not an address of a mail server, as the command line takes it.
    #[error("not the address of a mail server")]
    Url,
    /// The command line rules.
    #[error("the server is named where the program is started")]
    FixedAtStart,
    /// Somebody was faster.
    #[error("changed meanwhile")]
    Changed,
    /// There is no mail server.
    #[error("no mail server")]
    NoServer,
    /// The key cannot be read or written.
    #[error("{path}: {reason}")]
    KeyFile {
        /// Where it lies.
        path: String,
        /// In the words of the system.
        reason: String,
    },
    /// The stored password was sealed with another key.
    #[error("the password was sealed with another key")]
    Sealed,
    /// The server did not take the mail, or was not reached.
    #[error("{answer}")]
    Undelivered {
        /// In the words of the server, or of the way to it.
        answer: String,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Explain for MailError {
    fn code(&self) -> &'static str {
        match self {
            Self::Host => "mail_host",
            Self::Port => "mail_port",
            Self::Security => "mail_security",
            Self::User => "mail_user",
            Self::Sender => "mail_sender",
            Self::SenderName => "mail_sender_name",
            Self::PasswordMissing => "mail_password_missing",
            Self::PasswordAgain => "mail_password_again",
            Self::Url => "mail_url",
            Self::FixedAtStart => "mail_fixed_at_start",
            Self::Changed => "version_conflict",
            Self::NoServer => "mail_no_server",
            Self::KeyFile { .. } => "mail_key_file",
            Self::Sealed => "mail_sealed",
            Self::Undelivered { .. } => "mail_undelivered",
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::FixedAtStart | Self::Changed | Self::NoServer => ErrorKind::Conflict,
            Self::KeyFile { .. } | Self::Sealed => ErrorKind::Unavailable,
            Self::Db(error) => error.kind(),
            _ => ErrorKind::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Host => msg!("mail.error.host"),
            Self::Port => msg!("mail.error.port"),
            Self::Security => msg!("mail.error.security"),
            Self::User => msg!("mail.error.user"),
            Self::Sender => msg!("mail.error.sender"),
            Self::SenderName => msg!("mail.error.sender_name"),
            Self::PasswordMissing => msg!("mail.error.password_missing"),
            Self::PasswordAgain => msg!("mail.error.password_again"),
            Self::Url => msg!("mail.error.url"),
            Self::FixedAtStart => msg!("mail.error.fixed_at_start"),
            Self::Changed => msg!("mail.error.changed"),
            Self::NoServer => msg!("mail.error.no_server"),
            Self::KeyFile { path, reason } => msg!("mail.error.key_file", path = path, reason = reason),
            Self::Sealed => msg!("mail.error.sealed"),
            Self::Undelivered { answer } => msg!("mail.error.undelivered", answer = answer),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Host => Some("host"),
            Self::Port => Some("port"),
            Self::Security => Some("security"),
            Self::User => Some("user"),
            Self::Sender => Some("sender"),
            Self::SenderName => Some("sender_name"),
            Self::PasswordMissing | Self::PasswordAgain => Some("password"),
            _ => None,
        }
    }
}
