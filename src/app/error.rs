//! Why the program did not start.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::approval::ApprovalError;
use crate::contract::ContractError;
use crate::db::DbError;
use crate::files::FilesError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::Kind;
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
    /// The folder of files cannot be used.
    #[error("files")]
    Files(#[from] FilesError),
    /// Shipped templates could not be stored.
    #[error("contracts")]
    Contracts(#[from] ContractError),
    /// Shipped workflows could not be stored.
    #[error("approvals")]
    Approvals(#[from] ApprovalError),
    /// Records of that kind have an effect that nobody carries out.
    #[error("nobody carries out {effect} for {kind}")]
    NoHandler {
        /// The kind of record.
        kind: Kind,
        /// The effect.
        effect: &'static str,
    },
    /// There is no file of a database.
    #[error("there is no database {}", .0.display())]
    NoDatabase(PathBuf),
    /// The demo company could not be made.
    #[error("the demo company: {0}")]
    Demo(String),
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
            Self::Files(error) => error.code(),
            Self::Contracts(error) => error.code(),
            Self::Approvals(error) => error.code(),
            Self::Listen { .. } => "address_in_use",
            Self::NoHandler { .. } => "effect_unknown",
            Self::NoDatabase(_) => "database_not_found",
            Self::Demo(_) => "demo_broken",
            Self::Page(_) => "page_broken",
            Self::System(_) => "system",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Database(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Files(error) => error.kind(),
            Self::Contracts(error) => error.kind(),
            Self::Approvals(error) => error.kind(),
            Self::NoDatabase(_) => ErrorKind::NotFound,
            Self::Listen { .. } | Self::System(_) => ErrorKind::Unavailable,
            Self::Page(_) | Self::NoHandler { .. } | Self::Demo(_) => ErrorKind::Internal,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Database(error) => error.message(),
            Self::People(error) => error.message(),
            Self::Files(error) => error.message(),
            Self::Contracts(error) => error.message(),
            Self::Approvals(error) => error.message(),
            Self::Listen { address, reason } => {
                msg!("app.listen", address = address.to_string(), reason = reason.to_string())
            }
            Self::NoHandler { kind, effect } => {
                msg!("app.no_handler", kind = kind.as_str(), effect = *effect)
            }
            Self::NoDatabase(path) => msg!("app.no_database", path = path.display().to_string()),
            Self::Demo(reason) => msg!("app.demo_broken", reason = reason),
            Self::Page(error) => msg!("app.page", reason = error.to_string()),
            Self::System(error) => msg!("app.system", reason = error.to_string()),
        }
    }
}
