//! What `verify` reads: cases with their events as they are, versions and roots.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{CaseId, Hash, Kind, Ref, Timestamp};
use crate::params;

const CASES: &str = "SELECT id, subject_kind, subject_id, definition, status, round, content, seq, head \
    FROM approval_case WHERE id > $1 ORDER BY id LIMIT $2";
const WORKFLOWS: &str = "SELECT version, source, structure FROM workflow_version ORDER BY name, published_at, version";
const ROOTS: &str = "SELECT day, root, cases FROM approval_root ORDER BY day";
const HEADS: &str = "SELECT c.id, (SELECT e.hash FROM approval_event AS e WHERE e.case_id = c.id AND e.at < $2 AND NOT EXISTS ( \
    SELECT 1 FROM approval_event AS n WHERE n.case_id = e.case_id AND n.seq = e.seq + 1 AND n.at < $2) ORDER BY e.seq LIMIT 1) \
    AS head FROM approval_case AS c WHERE c.id > $1 AND c.created_at < $2 ORDER BY c.id LIMIT 10000";
const PUT_ROOT: &str =
    "INSERT INTO approval_root (day, root, cases, at) VALUES ($1, $2, $3, $4) ON CONFLICT (day) DO NOTHING";
const ROOT: &str = "SELECT root, cases FROM approval_root WHERE day = $1";

pub(super) const STATEMENTS: &[&str] = &[CASES, WORKFLOWS, ROOTS, HEADS, PUT_ROOT, ROOT];

/// The row of a case, as far as its events say what must stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::approval) struct CaseLine {
    pub(in crate::approval) id: CaseId,
    pub(in crate::approval) subject: Ref,
    pub(in crate::approval) definition: Hash,
    pub(in crate::approval) status: String,
    pub(in crate::approval) round: u32,
    pub(in crate::approval) content: Option<Hash>,
    pub(in crate::approval) seq: i64,
    pub(in crate::approval) head: Hash,
}

/// A root as it is stored: of which day, over how many cases.
pub(in crate::approval) type StoredRoot = (String, Hash, i64);

impl FromRow for CaseLine {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let id = row.get("id")?;
        let kind: Kind = row.get("subject_kind")?;
        Ok(Self {
            id,
            subject: kind.reference(row.get("subject_id")?),
            definition: row.get("definition")?,
            status: row.get("status")?,
            round: row.get("round")?,
            content: row.get("content")?,
            seq: row.get("seq")?,
            head: row.get("head")?,
        })
    }
}

/// Cases after one, by id.
pub(in crate::approval) async fn cases(c: &mut Conn<'_>, after: CaseId, limit: i64) -> Result<Vec<CaseLine>, DbError> {
    c.all(CASES, params![after, limit]).await
}

/// Every version of every workflow with its text and its structure.
pub(in crate::approval) async fn workflows(c: &mut Conn<'_>) -> Result<Vec<(Hash, String, String)>, DbError> {
    c.all(WORKFLOWS, &[]).await
}

/// The roots of all days.
pub(in crate::approval) async fn roots(c: &mut Conn<'_>) -> Result<Vec<StoredRoot>, DbError> {
    c.all(ROOTS, &[]).await
}

/// Heads as they were at an instant, of the cases after one, by case id, as many as go with one answer.
pub(in crate::approval) async fn heads(
    c: &mut Conn<'_>,
    after: CaseId,
    until: Timestamp,
) -> Result<Vec<(CaseId, Hash)>, DbError> {
    c.all(HEADS, params![after, until]).await
}

/// The first root of a day stays.
pub(in crate::approval) async fn put_root(
    c: &mut Conn<'_>,
    day: &str,
    (root, cases): (Hash, u64),
    at: Timestamp,
) -> Result<(), DbError> {
    c.exec(PUT_ROOT, params![day, root, super::column(cases), at]).await.map(drop)
}

/// The root of a day and over how many cases it is.
pub(in crate::approval) async fn root(c: &mut Conn<'_>, day: &str) -> Result<Option<(Hash, i64)>, DbError> {
    c.maybe(ROOT, params![day]).await
}
