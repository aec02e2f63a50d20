//! How the file is opened.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::db::DbError;

/// What every connection is opened with.
macro_rules! every {
    () => {
        "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000;"
    };
}

/// What the writing connection of SQLite is opened with. 64 MB of log before it is copied into the file: a busy commit alone is larger
/// than the usual 4 MB, so that every one was followed by a copy.
pub const WRITER_SETTINGS: &str = concat!(
    every!(),
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;",
    "PRAGMA wal_autocheckpoint = 16384;"
);
const READER_SETTINGS: &str = concat!(every!(), "PRAGMA query_only = ON;");
/// Statements that a connection keeps ready.
pub const STATEMENT_CACHE: usize = 512;

/// The writing connection; makes the file and its folder.
pub(in crate::db) fn open_writer(path: &Path) -> Result<Connection, DbError> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| refused(path, &e))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| refused(path, &e))?;
    prepare(&connection, WRITER_SETTINGS).map_err(|e| refused(path, &e))?;
    Ok(connection)
}

/// A connection that cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| refused(path, &e))?;
    prepare(&connection, READER_SETTINGS).map_err(|e| refused(path, &e))?;
    Ok(connection)
}

fn prepare(connection: &Connection, settings: &str) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    connection.execute_batch(settings)
}

fn refused(path: &Path, error: &dyn std::error::Error) -> DbError {
    DbError::Open { path: path.display().to_string(), reason: error.to_string() }
}
