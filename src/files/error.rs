//! Why a file is not taken or not given.

use std::path::Path;

use super::FileKind;
use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::Hash;

/// Nothing of a refused file remains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The form came without a file.
    #[error("no file was chosen")]
    NothingChosen,
    /// There is nothing in it.
    #[error("{name} is empty")]
    Empty {
        /// The name it came with.
        name: String,
    },
    /// It has more bytes than an upload may have.
    #[error("{name} has more than {limit} bytes")]
    TooLarge {
        /// The name it came with.
        name: String,
        /// In bytes.
        limit: u64,
    },
    /// Its name ends as no type that we take.
    #[error("{name} is of no type that is taken")]
    UnknownType {
        /// The name it came with.
        name: String,
    },
    /// What is in it is not what its name says.
    #[error("{name} does not hold what its name says")]
    WrongContent {
        /// The name it came with.
        name: String,
        /// What the name says.
        expected: FileKind,
    },
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// The row is there, the bytes are gone.
    #[error("the content {0} is missing")]
    ContentMissing(Hash),
    /// The bytes on the disk are not those that were stored.
    #[error("the content {0} has changed on the disk")]
    ContentChanged(Hash),
    /// The disk refuses.
    #[error("{path}: {reason}")]
    Io {
        /// What was touched.
        path: String,
        /// In the words of the system.
        reason: String,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl FilesError {
    pub(super) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), reason: error.to_string() }
    }
}

impl Explain for FilesError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingChosen => "file_missing",
            Self::Empty { .. } => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::UnknownType { .. } => "file_type_unknown",
            Self::WrongContent { .. } => "file_wrong_content",
            Self::NotFound => "file_not_found",
            Self::ContentMissing(_) => "file_content_missing",
            Self::ContentChanged(_) => "file_content_changed",
            Self::Io { .. } => "file_not_stored",
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NothingChosen
            | Self::Empty { .. }
            | Self::TooLarge { .. }
            | Self::UnknownType { .. }
            | Self::WrongContent { .. } => ErrorKind::Invalid,
            Self::NotFound => ErrorKind::NotFound,
            Self::ContentMissing(_) | Self::ContentChanged(_) => ErrorKind::Internal,
            Self::Io { .. } => ErrorKind::Unavailable,
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NothingChosen => msg!("files.nothing_chosen"),
            Self::Empty { name } => msg!("files.empty", name = name),
            Self::TooLarge { name, limit } => msg!("files.too_large", name = name, limit = limit / (1024 * 1024)),
            Self::UnknownType { name } => msg!("files.unknown_type", name = name),
            Self::WrongContent { name, expected } => {
                msg!("files.wrong_content", name = name, expected = expected.extension())
            }
            Self::NotFound => msg!("files.not_found"),
            Self::ContentMissing(hash) => msg!("files.content_missing", hash = hash.short()),
            Self::ContentChanged(hash) => msg!("files.content_changed", hash = hash.short()),
            Self::Io { .. } => msg!("files.io"),
            Self::Db(error) => error.message(),
        }
    }
}
