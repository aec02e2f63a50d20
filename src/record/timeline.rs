//! What happened to a record, told on its page: one row a page that shows it, so that reading it is one look into one index.

use serde::Serialize;

use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::Message;
use crate::kernel::{Ref, Timestamp, UserId};
use crate::params;

const ADD: &str = "
    INSERT INTO timeline_entry (subject_kind, subject_id, at, actor, head, text, path) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const OF_SUBJECT: &str = "
    SELECT at, actor, head, text, path FROM timeline_entry
    WHERE subject_kind = $1 AND subject_id = $2 ORDER BY at DESC, id DESC LIMIT $3";

pub(super) const STATEMENTS: &[&str] = &[ADD, OF_SUBJECT];

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Option<UserId>,
    /// What, as a heading.
    pub head: Message,
    /// More of it, as somebody wrote it; may be empty.
    pub text: String,
    /// Where it is shown whole; may be empty.
    pub path: String,
}

impl FromRow for TimelineEntry {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            at: row.get("at")?,
            actor: row.get("actor")?,
            head: row.json("head")?,
            text: row.get("text")?,
            path: row.get("path")?,
        })
    }
}

/// Writes it onto the timelines of these records, within the unit that does it.
pub async fn add_to_timeline(c: &mut Conn<'_>, of: &[Ref], entry: &TimelineEntry) -> Result<(), DbError> {
    let TimelineEntry { at, actor, head, text, path } = entry;
    let head = serde_json::to_string(head).map_err(|error| DbError::Check(error.to_string()))?;
    for subject in of {
        c.exec(ADD, params![subject.kind, subject.id, at, actor, head, text, path]).await?;
    }
    Ok(())
}

/// What happened to a record, the latest first.
pub async fn timeline_of(c: &mut Conn<'_>, subject: &Ref, limit: u32) -> Result<Vec<TimelineEntry>, DbError> {
    c.all(OF_SUBJECT, params![subject.kind, subject.id, limit]).await
}
