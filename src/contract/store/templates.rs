//! Published templates.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Timestamp, UserId};
use crate::params;

const INSERT: &str = "
    INSERT INTO contract_template (version, name, title, definition, body, current, published_by, published_at)
    VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7)";
const RETIRE: &str = "UPDATE contract_template SET current = FALSE WHERE name = $1";
const REVIVE: &str = "UPDATE contract_template SET current = TRUE WHERE version = $1";
const HISTORY: &str = "
    SELECT version, current, published_by, published_at FROM contract_template WHERE name = $1
    ORDER BY published_at DESC, version";
const KNOWN: &str = "SELECT CAST(count(*) AS BIGINT) FROM contract_template WHERE name = $1";
const CURRENT: &str =
    "SELECT version, name, title, definition, body FROM contract_template WHERE current ORDER BY name";
const FIND: &str = "SELECT version, name, title, definition, body FROM contract_template WHERE version = $1";

pub(super) const STATEMENTS: &[&str] = &[INSERT, RETIRE, REVIVE, HISTORY, KNOWN, CURRENT, FIND];

/// A published version as it is stored.
#[derive(Clone, Debug)]
pub(in crate::contract) struct TemplateRow {
    pub(in crate::contract) version: Hash,
    pub(in crate::contract) name: String,
    pub(in crate::contract) title: String,
    pub(in crate::contract) definition: String,
    pub(in crate::contract) body: String,
}

/// When a version of a template was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The version.
    pub version: Hash,
    /// Whether new contracts are drafted from it.
    pub current: bool,
    /// Who published it; nobody for one that shipped with the program.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

impl FromRow for Publication {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            version: row.get("version")?,
            current: row.get("current")?,
            by: row.get("published_by")?,
            at: row.get("published_at")?,
        })
    }
}

impl FromRow for TemplateRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            version: row.get("version")?,
            name: row.get("name")?,
            title: row.get("title")?,
            definition: row.get("definition")?,
            body: row.get("body")?,
        })
    }
}

pub(in crate::contract) async fn insert(
    c: &mut Conn<'_>,
    row: &TemplateRow,
    by: Option<UserId>,
    at: Timestamp,
) -> Result<(), DbError> {
    let TemplateRow { version, name, title, definition, body } = row;
    c.exec(INSERT, params![version, name, title, definition, body, by, at]).await.map(drop)
}

/// Whether any version of that name was ever published.
pub(in crate::contract) async fn is_known(c: &mut Conn<'_>, name: &str) -> Result<bool, DbError> {
    let (count,): (i64,) = c.one(KNOWN, params![name]).await?;
    Ok(count > 0)
}

pub(in crate::contract) async fn current(c: &mut Conn<'_>) -> Result<Vec<TemplateRow>, DbError> {
    c.all(CURRENT, &[]).await
}

pub(in crate::contract) async fn find(c: &mut Conn<'_>, version: Hash) -> Result<Option<TemplateRow>, DbError> {
    c.maybe(FIND, params![version]).await
}

/// Makes this version the one that new contracts are drafted from; one that is known comes back.
pub(in crate::contract) async fn publish(
    c: &mut Conn<'_>,
    row: &TemplateRow,
    known: bool,
    (by, at): (Option<UserId>, Timestamp),
) -> Result<(), DbError> {
    c.exec(RETIRE, params![row.name]).await?;
    if known { c.exec(REVIVE, params![row.version]).await.map(drop) } else { insert(c, row, by, at).await }
}

/// Every published version of a template, the newest first.
pub(in crate::contract) async fn history(c: &mut Conn<'_>, name: &str) -> Result<Vec<Publication>, DbError> {
    c.all(HISTORY, params![name]).await
}
