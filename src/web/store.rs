//! The answers that are kept for repeated POSTs.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Timestamp, UserId};
use crate::params;

/// Every statement of this room.
pub const STATEMENTS: &[&str] = &[CLAIM, FIND, FINISH, RELEASE, FORGET];

const CLAIM: &str = "INSERT INTO idempotency (owner, key, request, started_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (owner, key) DO NOTHING";
const FIND: &str = "SELECT request, started_at, status, kind, body FROM idempotency WHERE owner = $1 AND key = $2";
const FINISH: &str = "UPDATE idempotency SET status = $3, kind = $4, body = $5 WHERE owner = $1 AND key = $2";
const RELEASE: &str = "DELETE FROM idempotency WHERE owner = $1 AND key = $2 AND status IS NULL";
const FORGET: &str = "DELETE FROM idempotency WHERE started_at < $1";

/// A request that carried this key before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Earlier {
    pub(super) request: Hash,
    pub(super) started_at: Timestamp,
    pub(super) answer: Option<Answer>,
}

/// An answer as it is given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: Option<String>,
    pub(super) body: Vec<u8>,
}

impl FromRow for Earlier {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let status: Option<i64> = row.get("status")?;
        let answer = match status {
            None => None,
            Some(status) => Some(Answer {
                status: u16::try_from(status).unwrap_or(500),
                kind: row.get("kind")?,
                body: row.get::<Option<Vec<u8>>>("body")?.unwrap_or_default(),
            }),
        };
        Ok(Self { request: row.get("request")?, started_at: row.get("started_at")?, answer })
    }
}

/// Takes the key for this request, or says which request has it.
pub(super) async fn claim(
    c: &mut Conn<'_>,
    owner: UserId,
    key: &str,
    request: Hash,
    now: Timestamp,
) -> Result<Option<Earlier>, DbError> {
    if c.exec(CLAIM, params![owner, key, request, now]).await? == 1 {
        return Ok(None);
    }
    c.one(FIND, params![owner, key]).await.map(Some)
}

/// Keeps the answer.
pub(super) async fn finish(c: &mut Conn<'_>, owner: UserId, key: &str, answer: &Answer) -> Result<(), DbError> {
    let parameters = params![owner, key, i64::from(answer.status), answer.kind.clone(), answer.body.clone()];
    c.exec(FINISH, parameters).await.map(drop)
}

/// Gives the key back after a request that did nothing.
pub(super) async fn release(c: &mut Conn<'_>, owner: UserId, key: &str) -> Result<(), DbError> {
    c.exec(RELEASE, params![owner, key]).await.map(drop)
}

/// Drops answers to requests from before `limit`.
pub(super) async fn forget(c: &mut Conn<'_>, limit: Timestamp) -> Result<u64, DbError> {
    c.exec(FORGET, params![limit]).await
}
