//! The tables of due items and their warnings.

use super::{DueItemId, NewDue, PlannedWarning};
use crate::db::{Conn, DbError};
use crate::kernel::{Date, Ref, Timestamp};
use crate::params;

const FIND: &str = "
    SELECT id, due_at FROM due_item
    WHERE subject_kind = $1 AND subject_id = $2 AND source = $3 AND cleared_at IS NULL";
const PUT: &str = "
    INSERT INTO due_item (subject_kind, subject_id, source, title, path, due_on, due_at, owner, department, hearers, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (subject_kind, subject_id, source) DO UPDATE SET
        title = excluded.title, path = excluded.path, due_on = excluded.due_on, due_at = excluded.due_at,
        owner = excluded.owner, department = excluded.department, hearers = excluded.hearers, cleared_at = NULL
    RETURNING id";
const FORGET_WARNINGS: &str = "DELETE FROM due_warning WHERE item = $1";
const WARN: &str = "INSERT INTO due_warning (item, at, step) VALUES ($1, $2, $3)";
const CLEAR: &str = "
    UPDATE due_item SET cleared_at = $4
    WHERE subject_kind = $1 AND subject_id = $2 AND source = $3 AND cleared_at IS NULL";
const CLEAR_ALL: &str = "
    UPDATE due_item SET cleared_at = $3 WHERE subject_kind = $1 AND subject_id = $2 AND cleared_at IS NULL";
const FORGET_UNRAISED: &str = "
    DELETE FROM due_warning WHERE raised_at IS NULL AND item IN
        (SELECT id FROM due_item WHERE subject_kind = $1 AND subject_id = $2 AND cleared_at IS NOT NULL)";

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &[FIND, PUT, FORGET_WARNINGS, WARN, CLEAR, CLEAR_ALL, FORGET_UNRAISED];

/// When the open item of that source is due, if there is one.
pub(super) async fn due_at(c: &mut Conn<'_>, subject: &Ref, source: &str) -> Result<Option<Timestamp>, DbError> {
    let found: Option<(i64, Timestamp)> = c.maybe(FIND, params![subject.kind, subject.id, source]).await?;
    Ok(found.map(|(_, at)| at))
}

pub(super) async fn put(
    c: &mut Conn<'_>,
    new: &NewDue,
    due: (Date, Timestamp),
    now: Timestamp,
) -> Result<DueItemId, DbError> {
    let NewDue { subject, source, title, owner, department, warn, path, .. } = new;
    let (title, hearers) = (json(title)?, json(&warn.hearers)?);
    let (due_on, due_at) = due;
    let values =
        params![subject.kind, subject.id, source, title, path, due_on, due_at, owner, department, hearers, now];
    let (id,) = c.one(PUT, values).await?;
    Ok(id)
}

/// Replaces the warnings of an item.
pub(super) async fn warn(c: &mut Conn<'_>, item: DueItemId, warnings: &[PlannedWarning]) -> Result<(), DbError> {
    c.exec(FORGET_WARNINGS, params![item]).await?;
    for PlannedWarning { at, step } in warnings {
        c.exec(WARN, params![item, at, step.name()]).await?;
    }
    Ok(())
}

pub(super) async fn clear(c: &mut Conn<'_>, subject: &Ref, source: &str, now: Timestamp) -> Result<bool, DbError> {
    let cleared = c.exec(CLEAR, params![subject.kind, subject.id, source, now]).await? == 1;
    c.exec(FORGET_UNRAISED, params![subject.kind, subject.id]).await?;
    Ok(cleared)
}

pub(super) async fn clear_all(c: &mut Conn<'_>, subject: &Ref, now: Timestamp) -> Result<u64, DbError> {
    let cleared = c.exec(CLEAR_ALL, params![subject.kind, subject.id, now]).await?;
    c.exec(FORGET_UNRAISED, params![subject.kind, subject.id]).await?;
    Ok(cleared)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Column { column: "json".into(), problem: error.to_string() })
}
