//! SQLite on threads of our own: one writer that commits many units at once, several readers.

mod connection;
pub(super) mod statement;
mod threads;

pub(super) use connection::open_writer;
pub use connection::{STATEMENT_CACHE, WRITER_SETTINGS};
pub(super) use threads::Sqlite;
