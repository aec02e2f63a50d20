//! The table of files.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{FileId, Timestamp, UserId};
use crate::params;

use super::{Finished, StoredFile};

const INSERT: &str = "
    INSERT INTO file (hash, size, media_type, name, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id, hash, size, media_type, name, uploaded_by, uploaded_at";
const FIND: &str = "SELECT id, hash, size, media_type, name, uploaded_by, uploaded_at FROM file WHERE id = $1";

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &[INSERT, FIND];

pub(super) async fn insert(
    c: &mut Conn<'_>,
    file: &Finished,
    uploaded_by: Option<UserId>,
    now: Timestamp,
) -> Result<StoredFile, DbError> {
    let media_type = file.kind.media_type();
    c.one(INSERT, params![file.hash, file.size, media_type, file.name, uploaded_by, now]).await
}

pub(super) async fn find(c: &mut Conn<'_>, id: FileId) -> Result<Option<StoredFile>, DbError> {
    c.maybe(FIND, params![id]).await
}

impl FromRow for StoredFile {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            hash: row.get("hash")?,
            size: row.get("size")?,
            media_type: row.get("media_type")?,
            name: row.get("name")?,
            uploaded_by: row.get("uploaded_by")?,
            uploaded_at: row.get("uploaded_at")?,
        })
    }
}
