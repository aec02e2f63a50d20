//! Links in messages: only the hash of a token is stored.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{CaseId, Hash, Timestamp, UserId};
use crate::params;
use crate::workflow::TaskNumber;

const INSERT: &str = "INSERT INTO approval_link (token, case_id, task, person, made_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const GET: &str = "SELECT case_id, task, person, made_at, expires_at, ended_at, ended_seq, ended_because FROM approval_link \
    WHERE token = $1";
const END_OF_TASK: &str = "UPDATE approval_link SET ended_at = $3, ended_seq = $4, \
    ended_because = CASE WHEN person = $5 THEN 'used' ELSE 'settled' END \
    WHERE case_id = $1 AND task = $2 AND ended_at IS NULL";
const END_OF_PERSON: &str = "UPDATE approval_link SET ended_at = $4, ended_seq = $5, ended_because = 'moved' \
    WHERE case_id = $1 AND task = $2 AND person = $3 AND ended_at IS NULL";
const REVIVE: &str = "UPDATE approval_link SET ended_at = NULL, ended_seq = NULL, ended_because = NULL \
    WHERE case_id = $1 AND task = $2 AND ended_seq >= $3";
const NEWEST: &str = "SELECT made_at FROM approval_link WHERE case_id = $1 AND task = $2 AND person = $3 \
    ORDER BY made_at DESC LIMIT 1";
const USED: &str = "SELECT ended_seq, made_at FROM approval_link WHERE case_id = $1 AND ended_because = 'used'";

pub(super) const STATEMENTS: &[&str] = &[INSERT, GET, END_OF_TASK, END_OF_PERSON, REVIVE, NEWEST, USED];

/// A link as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::approval) struct StoredLink {
    pub(in crate::approval) case: CaseId,
    pub(in crate::approval) task: TaskNumber,
    pub(in crate::approval) person: UserId,
    pub(in crate::approval) made_at: Timestamp,
    pub(in crate::approval) expires_at: Timestamp,
    pub(in crate::approval) ended_at: Option<Timestamp>,
    pub(in crate::approval) ended_seq: Option<i64>,
    /// `used`, `settled` or `moved`.
    pub(in crate::approval) because: Option<String>,
}

impl FromRow for StoredLink {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            case: row.get("case_id")?,
            task: row.get("task")?,
            person: row.get("person")?,
            made_at: row.get("made_at")?,
            expires_at: row.get("expires_at")?,
            ended_at: row.get("ended_at")?,
            ended_seq: row.get("ended_seq")?,
            because: row.get("ended_because")?,
        })
    }
}

/// A link before it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::approval) struct NewLink {
    pub(in crate::approval) token: Hash,
    pub(in crate::approval) task: TaskNumber,
    pub(in crate::approval) person: UserId,
    pub(in crate::approval) expires_at: Timestamp,
}

pub(in crate::approval) async fn insert(
    c: &mut Conn<'_>,
    case: CaseId,
    link: NewLink,
    at: Timestamp,
) -> Result<(), DbError> {
    let values = params![link.token, case, link.task, link.person, at, link.expires_at];
    c.exec(INSERT, values).await.map(drop)
}

pub(in crate::approval) async fn get(c: &mut Conn<'_>, token: Hash) -> Result<Option<StoredLink>, DbError> {
    c.maybe(GET, params![token]).await
}

/// Nobody is asked at a task any more; `decider` used theirs.
pub(in crate::approval) async fn end_of_task(
    c: &mut Conn<'_>,
    (case, task): (CaseId, TaskNumber),
    decider: Option<UserId>,
    (at, seq): (Timestamp, i64),
) -> Result<(), DbError> {
    c.exec(END_OF_TASK, params![case, task, at, seq, decider]).await.map(drop)
}

/// A person is no longer asked at a task.
pub(in crate::approval) async fn end_of_person(
    c: &mut Conn<'_>,
    (case, task): (CaseId, TaskNumber),
    person: UserId,
    (at, seq): (Timestamp, i64),
) -> Result<(), DbError> {
    c.exec(END_OF_PERSON, params![case, task, person, at, seq]).await.map(drop)
}

/// What ended at event `since` or later lives again.
pub(in crate::approval) async fn revive(
    c: &mut Conn<'_>,
    case: CaseId,
    task: TaskNumber,
    since: i64,
) -> Result<(), DbError> {
    c.exec(REVIVE, params![case, task, since]).await.map(drop)
}

/// When a person last got a link to a task.
pub(in crate::approval) async fn newest(
    c: &mut Conn<'_>,
    case: CaseId,
    task: TaskNumber,
    person: UserId,
) -> Result<Option<Timestamp>, DbError> {
    let row: Option<(Timestamp,)> = c.maybe(NEWEST, params![case, task, person]).await?;
    Ok(row.map(|(at,)| at))
}

/// Links that were decided through: the event with which each ended, and when it was made.
pub(in crate::approval) async fn used(
    c: &mut Conn<'_>,
    case: CaseId,
) -> Result<Vec<(Option<i64>, Timestamp)>, DbError> {
    c.all(USED, params![case]).await
}
