//! The tables of due items and their warnings.

use super::{DueItemId, NewDue, PlannedWarning, Step, Warn, WarningId};
use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::Message;
use crate::kernel::{Date, Ref, Span, Timestamp, UserId};
use crate::params;

const FIND: &str = "
    SELECT id, due_on, due_at, warn FROM due_item
    WHERE subject_kind = $1 AND subject_id = $2 AND source = $3 AND cleared_at IS NULL";
const OPEN_OF: &str = "
    SELECT id FROM due_item WHERE subject_kind = $1 AND subject_id = $2 AND cleared_at IS NULL ORDER BY id";
const PUT: &str = "
    INSERT INTO due_item (subject_kind, subject_id, source, title, path, due_on, due_at, owner, department, warn, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (subject_kind, subject_id, source) DO UPDATE SET
        title = excluded.title, path = excluded.path, due_on = excluded.due_on, due_at = excluded.due_at,
        owner = excluded.owner, department = excluded.department, warn = excluded.warn, cleared_at = NULL
    RETURNING id";
const SET_RULES: &str = "UPDATE due_item SET warn = $2 WHERE id = $1";
const FORGET_WARNINGS: &str = "DELETE FROM due_warning WHERE item = $1";
const FORGET_UNRAISED: &str = "DELETE FROM due_warning WHERE item = $1 AND rule = $2 AND raised_at IS NULL";
const FORGET_ALL_UNRAISED: &str = "DELETE FROM due_warning WHERE item = $1 AND raised_at IS NULL";
const ADD_WARNING: &str = "INSERT INTO due_warning (item, rule, at, span, step) VALUES ($1, $2, $3, $4, $5)";
const CLEAR: &str = "UPDATE due_item SET cleared_at = $2 WHERE id = $1 AND cleared_at IS NULL";
const WAITING: &str = "
    SELECT w.id AS warning, w.rule, w.step, i.id AS item, i.subject_kind, i.subject_id, i.title, i.path, i.due_on, i.due_at,
        i.owner, i.warn
    FROM due_warning AS w JOIN due_item AS i ON i.id = w.item
    WHERE w.raised_at IS NULL AND w.at <= $1 ORDER BY w.at, w.id LIMIT $2";
const RAISE: &str = "
    UPDATE due_warning SET raised_at = $2 WHERE id = $1 AND raised_at IS NULL
        AND EXISTS (SELECT 1 FROM due_item AS i WHERE i.id = due_warning.item AND i.cleared_at IS NULL)";
const UNDATED: &str = "
    SELECT w.id, w.span, w.step, i.due_on, i.due_at FROM due_warning AS w JOIN due_item AS i ON i.id = w.item
    WHERE w.at IS NULL AND w.raised_at IS NULL AND w.id > $1 ORDER BY w.id LIMIT $2";
const DATE: &str = "UPDATE due_warning SET at = $2 WHERE id = $1 AND at IS NULL";
const COUNT_UNDATED: &str = "SELECT count(*) FROM due_warning WHERE at IS NULL AND raised_at IS NULL";

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &[
    FIND,
    OPEN_OF,
    PUT,
    SET_RULES,
    FORGET_WARNINGS,
    FORGET_UNRAISED,
    FORGET_ALL_UNRAISED,
    ADD_WARNING,
    CLEAR,
    WAITING,
    RAISE,
    UNDATED,
    DATE,
    COUNT_UNDATED,
];

/// An open item as it was put.
pub(super) struct Known {
    pub(super) id: DueItemId,
    pub(super) due_on: Date,
    pub(super) due_at: Timestamp,
    pub(super) warn: Vec<Warn>,
}

/// A warning whose time has come, with its item.
#[derive(Clone)]
pub(super) struct Waiting {
    pub(super) warning: WarningId,
    pub(super) rule: i64,
    pub(super) step: Step,
    pub(super) item: DueItemId,
    pub(super) subject: Ref,
    pub(super) title: Message,
    pub(super) path: String,
    pub(super) due_on: Date,
    pub(super) due_at: Timestamp,
    pub(super) owner: UserId,
    pub(super) warn: Vec<Warn>,
}

/// A warning that could not be dated.
pub(super) struct Undated {
    pub(super) warning: WarningId,
    pub(super) span: Span,
    pub(super) step: Step,
    pub(super) due_on: Date,
    pub(super) due_at: Timestamp,
}

fn step(row: &Row<'_>) -> Result<Step, DbError> {
    let name: String = row.get("step")?;
    Step::named(&name).ok_or_else(|| DbError::Check(format!("no step of a warning: {name}")))
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { id: row.get("id")?, due_on: row.get("due_on")?, due_at: row.get("due_at")?, warn: row.json("warn")? })
    }
}

impl FromRow for Waiting {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            warning: row.get("warning")?,
            rule: row.get("rule")?,
            step: step(row)?,
            item: row.get("item")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            title: row.json("title")?,
            path: row.get("path")?,
            due_on: row.get("due_on")?,
            due_at: row.get("due_at")?,
            owner: row.get("owner")?,
            warn: row.json("warn")?,
        })
    }
}

impl FromRow for Undated {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            warning: row.get("id")?,
            span: row.json("span")?,
            step: step(row)?,
            due_on: row.get("due_on")?,
            due_at: row.get("due_at")?,
        })
    }
}

/// The open item of that source, if there is one.
pub(super) async fn find(c: &mut Conn<'_>, subject: &Ref, source: &str) -> Result<Option<Known>, DbError> {
    c.maybe(FIND, params![subject.kind, subject.id, source]).await
}

/// The open items of a record.
pub(super) async fn open_of(c: &mut Conn<'_>, subject: &Ref) -> Result<Vec<DueItemId>, DbError> {
    let found: Vec<(DueItemId,)> = c.all(OPEN_OF, params![subject.kind, subject.id]).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn put(
    c: &mut Conn<'_>,
    new: &NewDue,
    rules: &[Warn],
    due: (Date, Timestamp),
    now: Timestamp,
) -> Result<DueItemId, DbError> {
    let NewDue { subject, source, title, owner, department, path, .. } = new;
    let (title, rules) = (json(title)?, json(&rules)?);
    let (due_on, due_at) = due;
    let values = params![subject.kind, subject.id, source, title, path, due_on, due_at, owner, department, rules, now];
    let (id,) = c.one(PUT, values).await?;
    Ok(id)
}

pub(super) async fn set_rules(c: &mut Conn<'_>, item: DueItemId, rules: &[Warn]) -> Result<(), DbError> {
    c.exec(SET_RULES, params![item, json(&rules)?]).await.map(drop)
}

/// Forgets what was planned and what was raised.
pub(super) async fn forget_warnings(c: &mut Conn<'_>, item: DueItemId) -> Result<(), DbError> {
    c.exec(FORGET_WARNINGS, params![item]).await.map(drop)
}

/// Forgets what one rule has planned and nobody has heard.
pub(super) async fn forget_unraised(c: &mut Conn<'_>, item: DueItemId, rule: i64) -> Result<(), DbError> {
    c.exec(FORGET_UNRAISED, params![item, rule]).await.map(drop)
}

pub(super) async fn add_warning(
    c: &mut Conn<'_>,
    item: DueItemId,
    rule: i64,
    warning: &PlannedWarning,
) -> Result<(), DbError> {
    let PlannedWarning { at, span, step } = warning;
    c.exec(ADD_WARNING, params![item, rule, at, json(span)?, step.name()]).await.map(drop)
}

pub(super) async fn clear(c: &mut Conn<'_>, item: DueItemId, now: Timestamp) -> Result<(), DbError> {
    c.exec(CLEAR, params![item, now]).await?;
    c.exec(FORGET_ALL_UNRAISED, params![item]).await.map(drop)
}

/// Warnings whose time has come, the first first.
pub(super) async fn waiting(c: &mut Conn<'_>, now: Timestamp, limit: u32) -> Result<Vec<Waiting>, DbError> {
    c.all(WAITING, params![now, limit]).await
}

/// Marks a warning as raised. False: another process was faster, or its item was cleared or moved.
pub(super) async fn raise(c: &mut Conn<'_>, warning: WarningId, now: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(RAISE, params![warning, now]).await? == 1)
}

/// Warnings that could not be dated, after that one.
pub(super) async fn undated(c: &mut Conn<'_>, after: WarningId, limit: u32) -> Result<Vec<Undated>, DbError> {
    c.all(UNDATED, params![after, limit]).await
}

pub(super) async fn date(c: &mut Conn<'_>, warning: WarningId, at: Timestamp) -> Result<(), DbError> {
    c.exec(DATE, params![warning, at]).await.map(drop)
}

/// How many warnings could not be dated.
pub(super) async fn count_undated(c: &mut Conn<'_>) -> Result<i64, DbError> {
    let (count,) = c.one(COUNT_UNDATED, &[]).await?;
    Ok(count)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Column { column: "json".into(), problem: error.to_string() })
}
