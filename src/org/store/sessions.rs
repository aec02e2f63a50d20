//! Sessions, and the attempts to get one.

use super::users::columns;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Timestamp, UserId};
use crate::org::session::SessionId;
use crate::org::user::User;
use crate::params;

const BY_TOKEN: &str = concat!(
    "SELECT ",
    columns!(),
    ", s.id AS session_id, s.created_at AS began_at, s.last_seen_at AS seen_at, \
     (SELECT d.version FROM directory d WHERE d.id = 1) AS directory_version \
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.active = $3"
);
const OF_USER: &str = "SELECT id, address, agent, created_at, last_seen_at FROM sessions \
    WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC";
const INSERT: &str = "INSERT INTO sessions (token_hash, user_id, address, agent, created_at, last_seen_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id";
const SEEN: &str = "UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE id = $1";
const DELETE: &str = "DELETE FROM sessions WHERE id = $1 AND user_id = $2";
const DELETE_OTHERS: &str = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
const DELETE_EXPIRED: &str = "DELETE FROM sessions WHERE expires_at <= $1";
const ATTEMPTS_BY_LOGIN: &str = "SELECT count(*), min(at) FROM login_attempts WHERE login = $1 AND at > $2";
const ATTEMPTS_FROM: &str = "SELECT count(*), min(at) FROM login_attempts WHERE address = $1 AND at > $2";
const ATTEMPT: &str = "INSERT INTO login_attempts (login, address, at) VALUES ($1, $2, $3) RETURNING id";
const FORGET_OLD_ATTEMPTS: &str = "DELETE FROM login_attempts WHERE at <= $1";
const FORGET_ATTEMPTS: &str = "DELETE FROM login_attempts WHERE login = $1";

pub(super) const STATEMENTS: &[&str] = &[
    BY_TOKEN,
    OF_USER,
    INSERT,
    SEEN,
    DELETE,
    DELETE_OTHERS,
    DELETE_EXPIRED,
    ATTEMPTS_BY_LOGIN,
    ATTEMPTS_FROM,
    ATTEMPT,
    FORGET_OLD_ATTEMPTS,
    FORGET_ATTEMPTS,
];

/// A session that a request came with.
pub(in crate::org) struct Found {
    pub(in crate::org) user: User,
    pub(in crate::org) id: SessionId,
    pub(in crate::org) began: Timestamp,
    pub(in crate::org) seen: Timestamp,
    pub(in crate::org) directory_version: i64,
}

/// A session as its owner sees it in the settings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenSession {
    /// Id.
    pub id: SessionId,
    /// The address it came from.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
    /// When they signed in.
    pub began: Timestamp,
    /// About when it was used last.
    pub seen: Timestamp,
}

/// Where somebody signs in from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Their network address.
    pub address: String,
    /// What their browser calls itself.
    pub agent: String,
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            user: User::from_row(row)?,
            id: row.get("session_id")?,
            began: row.get("began_at")?,
            seen: row.get("seen_at")?,
            directory_version: row.get("directory_version")?,
        })
    }
}

impl FromRow for OpenSession {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            address: row.get("address")?,
            agent: row.get("agent")?,
            began: row.get("created_at")?,
            seen: row.get("last_seen_at")?,
        })
    }
}

/// The session with that token, of an active person, that has not ended.
pub(in crate::org) async fn by_token(c: &mut Conn<'_>, token: Hash, now: Timestamp) -> Result<Option<Found>, DbError> {
    c.maybe(BY_TOKEN, params![token, now, true]).await
}

/// The open sessions of a person, the one used last first.
pub(in crate::org) async fn of_user(
    c: &mut Conn<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<OpenSession>, DbError> {
    c.all(OF_USER, params![user, now]).await
}

/// Opens one, and forgets those that ended.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    token: Hash,
    user: UserId,
    origin: &Origin,
    now: Timestamp,
    expires: Timestamp,
) -> Result<SessionId, DbError> {
    c.exec(DELETE_EXPIRED, params![now]).await?;
    let values = params![token, user, origin.address, origin.agent, now, expires];
    Ok(c.one::<(SessionId,)>(INSERT, values).await?.0)
}

/// It was used.
pub(in crate::org) async fn seen(
    c: &mut Conn<'_>,
    id: SessionId,
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), DbError> {
    c.exec(SEEN, params![id, now, expires]).await.map(drop)
}

/// Ends one of the person's; whether it was there.
pub(in crate::org) async fn end(c: &mut Conn<'_>, user: UserId, id: SessionId) -> Result<bool, DbError> {
    Ok(c.exec(DELETE, params![id, user]).await? == 1)
}

/// Ends all of a person's but `kept`.
pub(in crate::org) async fn end_others(c: &mut Conn<'_>, user: UserId, kept: Option<SessionId>) -> Result<(), DbError> {
    c.exec(DELETE_OTHERS, params![user, kept.unwrap_or(SessionId::new(0))]).await.map(drop)
}

/// How many attempts there were since `after` by that login and from that address, each with the first of them.
pub(in crate::org) async fn attempts(
    c: &mut Conn<'_>,
    login: &str,
    address: &str,
    after: Timestamp,
) -> Result<[(i64, Timestamp); 2], DbError> {
    let by_login = c.one::<(i64, Option<i64>)>(ATTEMPTS_BY_LOGIN, params![login, after]).await?;
    let from_address = c.one::<(i64, Option<i64>)>(ATTEMPTS_FROM, params![address, after]).await?;
    Ok([by_login, from_address].map(|(count, first)| (count, first.map_or(after, Timestamp::from_micros))))
}

/// Counts an attempt before its password is looked at, and forgets those before `after`.
pub(in crate::org) async fn attempt(
    c: &mut Conn<'_>,
    login: &str,
    address: &str,
    now: Timestamp,
    after: Timestamp,
) -> Result<(), DbError> {
    c.exec(FORGET_OLD_ATTEMPTS, params![after]).await?;
    c.one::<(i64,)>(ATTEMPT, params![login, address, now]).await.map(drop)
}

/// The password was right: the attempts of this login do not count any more.
pub(in crate::org) async fn forget_attempts(c: &mut Conn<'_>, login: &str) -> Result<(), DbError> {
    c.exec(FORGET_ATTEMPTS, params![login]).await.map(drop)
}
