//! First answers of commands that may come twice.

use crate::approval::Key;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{CaseId, Hash, Timestamp};
use crate::params;
use crate::workflow::Status;

const GET: &str = "SELECT case_id, first_seq, last_seq, decision, status, request FROM approval_key WHERE key = $1";
const PUT: &str = "INSERT INTO approval_key (key, case_id, first_seq, last_seq, decision, status, request, at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO NOTHING";
const FORGET: &str = "DELETE FROM approval_key WHERE request IS NOT NULL AND at < $1";

pub(super) const STATEMENTS: &[&str] = &[GET, PUT, FORGET];

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::approval) struct Answered {
    pub(in crate::approval) case: CaseId,
    pub(in crate::approval) first: i64,
    pub(in crate::approval) last: i64,
    pub(in crate::approval) decision: Option<u32>,
    pub(in crate::approval) status: Status,
}

/// An answer with what was asked.
pub(in crate::approval) struct Earlier {
    pub(in crate::approval) request: Option<Hash>,
    pub(in crate::approval) answer: Answered,
}

impl FromRow for Earlier {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let status: String = row.get("status")?;
        let status = Status::named(&status).ok_or_else(|| DbError::Column {
            column: "approval_key.status".to_owned(),
            problem: format!("no status is called {status}"),
        })?;
        let answer = Answered {
            case: row.get("case_id")?,
            first: row.get("first_seq")?,
            last: row.get("last_seq")?,
            decision: row.get("decision")?,
            status,
        };
        Ok(Self { request: row.get("request")?, answer })
    }
}

pub(in crate::approval) async fn get(c: &mut Conn<'_>, key: &str) -> Result<Option<Earlier>, DbError> {
    c.maybe(GET, params![key]).await
}

/// False where somebody else stored an answer meanwhile.
pub(in crate::approval) async fn put(
    c: &mut Conn<'_>,
    key: &Key,
    answer: Answered,
    at: Timestamp,
) -> Result<bool, DbError> {
    let values = params![
        key.name,
        answer.case,
        answer.first,
        answer.last,
        answer.decision,
        answer.status.word(),
        key.request,
        at
    ];
    Ok(c.exec(PUT, values).await? == 1)
}

/// Drops the answers to requests of programs from before `limit`; how many. What a replay keeps stays.
pub(in crate::approval) async fn forget(c: &mut Conn<'_>, limit: Timestamp) -> Result<u64, DbError> {
    c.exec(FORGET, params![limit]).await
}
