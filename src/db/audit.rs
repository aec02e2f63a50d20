//! The audit log: who did what to which record, in the same unit as the act itself.

use serde_json::Value as Json;

use super::{Conn, DbError, FromRow, Row};
use crate::kernel::{Actor, Ref, Timestamp};
use crate::params;

pub(super) const RECORD: &str = "
    INSERT INTO audit (at, actor, on_behalf_of, channel, subject_kind, subject_id, action, old, new)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
pub(super) const OF_SUBJECT: &str = "
    SELECT id, at, actor, on_behalf_of, channel, action, old, new FROM audit
    WHERE subject_kind = $1 AND subject_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";

/// What is written down about one act.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who, for whom, by which way.
    pub actor: Actor,
    /// What it was done to.
    pub subject: Ref,
    /// The stable code of the act: `contract.submitted`.
    pub action: &'static str,
    /// The changed fields before.
    pub old: Option<Json>,
    /// The changed fields after.
    pub new: Option<Json>,
}

/// An act as it was written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    /// Rises with time; the place to read on from.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who, for whom, by which way.
    pub actor: Actor,
    /// The code of the act.
    pub action: String,
    /// The changed fields before.
    pub old: Option<Json>,
    /// The changed fields after.
    pub new: Option<Json>,
}

impl FromRow for Audited {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let channel = row.get("channel")?;
        Ok(Self {
            id: row.get("id")?,
            at: row.get("at")?,
            actor: Actor { user: row.get("actor")?, on_behalf_of: row.get("on_behalf_of")?, channel },
            action: row.get("action")?,
            old: row.json("old")?,
            new: row.json("new")?,
        })
    }
}

/// Writes an act down; called in the unit that does it.
pub async fn record(c: &mut Conn<'_>, entry: &AuditEntry) -> Result<(), DbError> {
    let (old, new) = (entry.old.as_ref().map(Json::to_string), entry.new.as_ref().map(Json::to_string));
    let AuditEntry { at, actor, subject, action, .. } = entry;
    let Actor { user, on_behalf_of, channel } = actor;
    c.exec(RECORD, params![at, user, on_behalf_of, channel, subject.kind, subject.id, action, old, new]).await.map(drop)
}

/// What was done to a record, newest first, older than `before` if given.
pub async fn audit_of(
    c: &mut Conn<'_>,
    subject: &Ref,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Audited>, DbError> {
    c.all(OF_SUBJECT, params![subject.kind, subject.id, before.unwrap_or(i64::MAX), limit]).await
}
