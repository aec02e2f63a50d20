//! Why the program did not start.

use std::net::SocketAddr;

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::org::OrgError;

/// Why the program did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database refused.
    #[error("database")]
    Database(#[from] DbError),
    /// People could not be read, or the first of them not made.
    #[error("people")]
    People(#[from] OrgError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// In the words of the system.
        #[source]
        reason: std::io::Error,
    },
    /// A page of the program itself is broken.
    #[error("a page is broken")]
    Page(#[from] minijinja::Error),
    /// The system gave no thread or no socket.
    #[error("the system refused")]
    System(#[from] std::io::Error),
}

impl Explain for StartError {
    fn code(&self) -> &'static str {
        match self {
            Self::Database(error) => error.code(),
            Self::People(error) => error.code(),
            Self::Listen { .. } => "address_in_use",
            Self::Page(_) => "page_broken",
            Self::System(_) => "system",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Database(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Listen { .. } | Self::System(_) => ErrorKind::Unavailable,
            Self::Page(_) => ErrorKind::Internal,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Database(error) => error.message(),
            Self::People(error) => error.message(),
            Self::Listen { address, reason } => {
                msg!("app.listen", address = address.to_string(), reason = reason.to_string())
            }
            Self::Page(error) => msg!("app.page", reason = error.to_string()),
            Self::System(error) => msg!("app.system", reason = error.to_string()),
        }
    }
}
