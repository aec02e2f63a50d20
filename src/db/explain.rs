//! What people hear when the database refuses.

use super::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};

impl Explain for DbError {
    fn code(&self) -> &'static str {
        match self {
            Self::Busy => "database_busy",
            Self::Gone(_) => "database_gone",
            Self::NotStored(_) => "not_stored",
            Self::Unique { .. } => "already_exists",
            Self::ForeignKey => "still_referred_to",
            Self::Newer { .. } => "database_newer",
            Self::Owned { .. } => "data_in_use",
            Self::Open { .. } => "database_not_opened",
            Self::Changed { .. } | Self::Migration(_) => "migration_failed",
            Self::Check(_)
            | Self::NoRow { .. }
            | Self::Column { .. }
            | Self::Parameters { .. }
            | Self::Pending
            | Self::Panicked
            | Self::WentOn
            | Self::Sql { .. } => "internal",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Busy => ErrorKind::Busy,
            Self::Gone(_) | Self::NotStored(_) | Self::Newer { .. } | Self::Owned { .. } | Self::Open { .. } => {
                ErrorKind::Unavailable
            }
            Self::Unique { .. } | Self::ForeignKey => ErrorKind::Conflict,
            _ => ErrorKind::Internal,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Busy => msg!("db.busy"),
            Self::Gone(_) => msg!("db.gone"),
            Self::NotStored(_) => msg!("db.not_stored"),
            Self::Unique { .. } => msg!("db.unique"),
            Self::ForeignKey => msg!("db.foreign_key"),
            Self::Newer { version } => msg!("db.newer", version = *version),
            Self::Owned { path, owner } => msg!("db.owned", path = path, owner = owner),
            Self::Open { path, reason } => msg!("db.open", path = path, reason = reason),
            Self::Changed { version } => msg!("db.changed", version = *version),
            Self::Migration(reason) => msg!("db.migration", reason = reason),
            _ => msg!("db.internal"),
        }
    }
}
