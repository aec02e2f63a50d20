//! First answers of commands that may come twice.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{CaseId, Timestamp};
use crate::params;

const GET: &str = "SELECT case_id, first_seq, last_seq, decision FROM approval_key WHERE key = $1";
const PUT: &str = "INSERT INTO approval_key (key, case_id, first_seq, last_seq, decision, at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING";

pub(super) const STATEMENTS: &[&str] = &[GET, PUT];

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::approval) struct Answered {
    pub(in crate::approval) case: CaseId,
    pub(in crate::approval) first: i64,
    pub(in crate::approval) last: i64,
    pub(in crate::approval) decision: Option<u32>,
}

impl FromRow for Answered {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            case: row.get("case_id")?,
            first: row.get("first_seq")?,
            last: row.get("last_seq")?,
            decision: row.get("decision")?,
        })
    }
}

pub(in crate::approval) async fn get(c: &mut Conn<'_>, key: &str) -> Result<Option<Answered>, DbError> {
    c.maybe(GET, params![key]).await
}

/// False where somebody else stored an answer meanwhile.
pub(in crate::approval) async fn put(
    c: &mut Conn<'_>,
    key: &str,
    answer: Answered,
    at: Timestamp,
) -> Result<bool, DbError> {
    let values = params![key, answer.case, answer.first, answer.last, answer.decision, at];
    Ok(c.exec(PUT, values).await? == 1)
}
