//! What was submitted.

use crate::contract::document::{ClauseText, Draft};
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{ContractId, Hash, Timestamp, UserId};
use crate::params;

use super::drafts::without_content;

/// Takes the content as it stands in the contract, so that what is frozen is what is locked.
const FREEZE: &str = "
    INSERT INTO contract_version (contract, no, author, at, reason, content_hash, previous_hash, template_version,
        content, manifest, clauses)
    SELECT c.id, c.last_version, $2, $3, $4, c.content_hash,
        (SELECT p.content_hash FROM contract_version AS p WHERE p.contract = c.id ORDER BY p.no DESC LIMIT 1),
        c.template_version, t.content, t.manifest, t.clauses
    FROM contract AS c JOIN contract_content AS t ON t.contract = c.id WHERE c.id = $1";
const OF: &str = "
    SELECT contract, no, author, at, reason, content_hash, previous_hash, template_version, content, manifest, clauses
    FROM contract_version WHERE contract = $1 ORDER BY no DESC";
const BY_CONTENT: &str = "
    SELECT contract, no, author, at, reason, content_hash, previous_hash, template_version, content, manifest, clauses
    FROM contract_version WHERE contract = $1 AND content_hash = $2 ORDER BY no DESC LIMIT 1";

const FROZEN: &str = "
    SELECT v.id, v.contract, COALESCE(c.number, '') AS number, v.no, v.content_hash, v.previous_hash, v.manifest, v.clauses
    FROM contract_version AS v JOIN contract AS c ON c.id = v.contract WHERE v.id > $1 ORDER BY v.id LIMIT $2";

pub(super) const STATEMENTS: &[&str] = &[FREEZE, OF, BY_CONTENT, FROZEN];

/// A version of a contract as it was submitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Which contract.
    pub contract: ContractId,
    /// Its number, from 1.
    pub no: i64,
    /// Who submitted it.
    pub author: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Why there is another one.
    pub reason: String,
    /// The hash of its content.
    pub content_hash: Hash,
    /// That of the version before it.
    pub previous_hash: Option<Hash>,
    /// The template that it fills.
    pub template_version: Hash,
    /// What was filled in.
    pub draft: Draft,
    /// The lines that are hashed.
    pub manifest: String,
    /// The text, clause by clause.
    pub clauses: Vec<ClauseText>,
}

impl FromRow for Version {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            contract: row.get("contract")?,
            no: row.get("no")?,
            author: row.get("author")?,
            at: row.get("at")?,
            reason: row.get("reason")?,
            content_hash: row.get("content_hash")?,
            previous_hash: row.get("previous_hash")?,
            template_version: row.get("template_version")?,
            draft: row.json("content")?,
            manifest: row.get("manifest")?,
            clauses: row.json("clauses")?,
        })
    }
}

/// Freezes the content of the contract as the version that its row names.
pub(in crate::contract) async fn freeze(
    c: &mut Conn<'_>,
    contract: ContractId,
    author: Option<UserId>,
    at: Timestamp,
    reason: &str,
) -> Result<(), DbError> {
    let frozen = c.exec(FREEZE, params![contract, author, at, reason]).await?;
    if frozen == 1 { Ok(()) } else { Err(without_content(contract)) }
}

/// All of them, the newest first.
pub(in crate::contract) async fn of(c: &mut Conn<'_>, contract: ContractId) -> Result<Vec<Version>, DbError> {
    c.all(OF, params![contract]).await
}

/// The newest version with that content.
pub(in crate::contract) async fn by_content(
    c: &mut Conn<'_>,
    contract: ContractId,
    content: Hash,
) -> Result<Option<Version>, DbError> {
    c.maybe(BY_CONTENT, params![contract, content]).await
}

/// A version as far as its hash says what must stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract) struct Frozen {
    pub(in crate::contract) id: i64,
    pub(in crate::contract) contract: ContractId,
    /// The number of the contract.
    pub(in crate::contract) number: String,
    pub(in crate::contract) no: i64,
    pub(in crate::contract) content_hash: Hash,
    pub(in crate::contract) previous_hash: Option<Hash>,
    pub(in crate::contract) manifest: String,
    pub(in crate::contract) clauses: Vec<ClauseText>,
}

impl FromRow for Frozen {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            contract: row.get("contract")?,
            number: row.get("number")?,
            no: row.get("no")?,
            content_hash: row.get("content_hash")?,
            previous_hash: row.get("previous_hash")?,
            manifest: row.get("manifest")?,
            clauses: row.json("clauses")?,
        })
    }
}

/// Versions of all contracts after one, in the order in which they were submitted.
pub(in crate::contract) async fn frozen(c: &mut Conn<'_>, after: i64, limit: i64) -> Result<Vec<Frozen>, DbError> {
    c.all(FROZEN, params![after, limit]).await
}
