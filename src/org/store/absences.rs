//! Absences.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Timestamp, UserId};
use crate::org::absence::{Absence, AbsenceFields};
use crate::org::session::AbsenceId;
use crate::params;

const ALL: &str = "SELECT id, user_id, starts_at, ends_at, deputy, workflow FROM absences ORDER BY starts_at, id";
const BY_ID: &str = "SELECT id, user_id, starts_at, ends_at, deputy, workflow FROM absences WHERE id = $1";
const INSERT: &str = "INSERT INTO absences (user_id, starts_at, ends_at, deputy, workflow, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
const END: &str = "UPDATE absences SET ends_at = $2 WHERE id = $1 AND ends_at > $2";
const DELETE: &str = "DELETE FROM absences WHERE id = $1";

pub(super) const STATEMENTS: &[&str] = &[ALL, BY_ID, INSERT, END, DELETE];

impl FromRow for Absence {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            user: row.get("user_id")?,
            from: row.get("starts_at")?,
            until: row.get("ends_at")?,
            deputy: row.get("deputy")?,
            workflow: row.get("workflow")?,
        })
    }
}

/// All of them, those that are over too: a directory can be asked about yesterday.
pub(in crate::org) async fn all(c: &mut Conn<'_>) -> Result<Vec<Absence>, DbError> {
    c.all(ALL, params![]).await
}

/// One of them.
pub(in crate::org) async fn by_id(c: &mut Conn<'_>, id: AbsenceId) -> Result<Option<Absence>, DbError> {
    c.maybe(BY_ID, params![id]).await
}

/// Somebody will be away.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    user: UserId,
    fields: &AbsenceFields,
    at: Timestamp,
) -> Result<AbsenceId, DbError> {
    let values = params![user, fields.from, fields.until, fields.deputy, fields.workflow, at];
    Ok(c.one::<(AbsenceId,)>(INSERT, values).await?.0)
}

/// Somebody is back: one that has begun ends now, one that has not never was.
pub(in crate::org) async fn end(c: &mut Conn<'_>, absence: &Absence, at: Timestamp) -> Result<(), DbError> {
    if absence.from < at {
        c.exec(END, params![absence.id, at]).await.map(drop)
    } else {
        c.exec(DELETE, params![absence.id]).await.map(drop)
    }
}
