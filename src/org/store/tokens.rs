//! Tokens by which programs act for people.

use super::users::columns;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Timestamp, UserId};
use crate::org::session::ApiTokenId;
use crate::org::user::User;
use crate::params;

const BY_TOKEN: &str = concat!(
    "SELECT ",
    columns!(),
    ", t.id AS token_id, t.last_used_at, (SELECT d.version FROM directory d WHERE d.id = 1) AS directory_version \
     FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1 AND t.revoked_at IS NULL \
     AND (t.expires_at IS NULL OR t.expires_at > $2) AND u.active = $3"
);
const ALL: &str = "SELECT t.id, t.user_id, t.name, t.created_at, t.expires_at, t.last_used_at, t.revoked_at \
    FROM api_tokens t WHERE (CAST($1 AS BIGINT) IS NULL OR t.user_id = $1) ORDER BY t.id DESC";
const BY_ID: &str = "SELECT t.id, t.user_id, t.name, t.created_at, t.expires_at, t.last_used_at, t.revoked_at \
    FROM api_tokens t WHERE t.id = $1";
const INSERT: &str = "INSERT INTO api_tokens (token_hash, user_id, name, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5) RETURNING id";
const USED: &str = "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1";
const REVOKE: &str = "UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
const REVOKE_ALL: &str = "UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";

pub(super) const STATEMENTS: &[&str] = &[BY_TOKEN, ALL, BY_ID, INSERT, USED, REVOKE, REVOKE_ALL];

/// A token that a request came with.
pub(in crate::org) struct Found {
    pub(in crate::org) user: User,
    pub(in crate::org) id: ApiTokenId,
    pub(in crate::org) used: Option<Timestamp>,
    pub(in crate::org) directory_version: i64,
}

/// A token as people see it. The secret is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ApiToken {
    /// Id.
    pub id: ApiTokenId,
    /// For whom it acts.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; `None` is never.
    pub expires: Option<Timestamp>,
    /// About when it was used last.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            user: User::from_row(row)?,
            id: row.get("token_id")?,
            used: row.get("last_used_at")?,
            directory_version: row.get("directory_version")?,
        })
    }
}

impl FromRow for ApiToken {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            user: row.get("user_id")?,
            name: row.get("name")?,
            created: row.get("created_at")?,
            expires: row.get("expires_at")?,
            used: row.get("last_used_at")?,
            revoked: row.get("revoked_at")?,
        })
    }
}

/// The token with that hash, of an active person, neither revoked nor over.
pub(in crate::org) async fn by_token(c: &mut Conn<'_>, token: Hash, now: Timestamp) -> Result<Option<Found>, DbError> {
    c.maybe(BY_TOKEN, params![token, now, true]).await
}

/// Those of one person, or of everybody, the newest first.
pub(in crate::org) async fn all(c: &mut Conn<'_>, user: Option<UserId>) -> Result<Vec<ApiToken>, DbError> {
    c.all(ALL, params![user]).await
}

/// One of them.
pub(in crate::org) async fn by_id(c: &mut Conn<'_>, id: ApiTokenId) -> Result<Option<ApiToken>, DbError> {
    c.maybe(BY_ID, params![id]).await
}

/// A new one.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    token: Hash,
    user: UserId,
    name: &str,
    now: Timestamp,
    expires: Option<Timestamp>,
) -> Result<ApiTokenId, DbError> {
    let values = params![token, user, name, now, expires];
    Ok(c.one::<(ApiTokenId,)>(INSERT, values).await?.0)
}

/// It was used.
pub(in crate::org) async fn used(c: &mut Conn<'_>, id: ApiTokenId, now: Timestamp) -> Result<(), DbError> {
    c.exec(USED, params![id, now]).await.map(drop)
}

/// It ends; whether it had not before.
pub(in crate::org) async fn revoke(c: &mut Conn<'_>, id: ApiTokenId, now: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(REVOKE, params![id, now]).await? == 1)
}

/// All of a person's end.
pub(in crate::org) async fn revoke_all(c: &mut Conn<'_>, user: UserId, now: Timestamp) -> Result<(), DbError> {
    c.exec(REVOKE_ALL, params![user, now]).await.map(drop)
}
