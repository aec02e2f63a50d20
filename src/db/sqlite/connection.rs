//! How the file is opened.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::db::DbError;

/// The writing connection; makes the file and its folder.
pub(in crate::db) fn open_writer(path: &Path) -> Result<Connection, DbError> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| refused(path, &e))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| refused(path, &e))?;
    // 64 MB of log before it is copied into the file: a busy commit alone is larger than the usual 4 MB, so that every one was
    // followed by a copy.
    let own = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; \
        PRAGMA wal_autocheckpoint = 16384;";
    prepare(&connection, own).map_err(|e| refused(path, &e))?;
    Ok(connection)
}

/// A connection that cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| refused(path, &e))?;
    prepare(&connection, "PRAGMA query_only = ON;").map_err(|e| refused(path, &e))?;
    Ok(connection)
}

fn prepare(connection: &Connection, own: &str) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(512);
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000;")?;
    connection.execute_batch(own)
}

fn refused(path: &Path, error: &dyn std::error::Error) -> DbError {
    DbError::Open { path: path.display().to_string(), reason: error.to_string() }
}
