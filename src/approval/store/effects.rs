//! Effects that are due, done or stuck.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::Message;
use crate::kernel::{CaseId, Timestamp};
use crate::params;

const INSERT: &str = "INSERT INTO approval_effect (case_id, seq, place, name, effect, origin, state, run_at, attempts) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const DUE: &str = "SELECT id FROM approval_effect WHERE state = 'due' AND run_at <= $1 ORDER BY run_at, id LIMIT $2";
const GET: &str = "SELECT id, case_id, seq, place, name, effect, origin, state, run_at, attempts, error \
    FROM approval_effect WHERE id = $1";
const STUCK: &str = "SELECT id, case_id, seq, place, name, effect, origin, state, run_at, attempts, error \
    FROM approval_effect WHERE state = 'stuck' ORDER BY id LIMIT $1";
const DONE: &str = "UPDATE approval_effect SET state = 'done', done_at = $2, attempts = attempts + 1, error = NULL \
    WHERE id = $1 AND state = 'due'";
const FAILED: &str = "UPDATE approval_effect SET state = $2, run_at = $3, attempts = attempts + 1, error = $4 \
    WHERE id = $1 AND state = 'due'";
const RETRY: &str =
    "UPDATE approval_effect SET state = 'due', run_at = $2, attempts = 0 WHERE id = $1 AND state = 'stuck'";
const CARRIED_OUT: &str = "SELECT id FROM approval_effect WHERE case_id = $1 AND seq >= $2 AND state = 'done' LIMIT 1";
const TAKE_BACK: &str = "DELETE FROM approval_effect WHERE case_id = $1 AND seq >= $2";

pub(super) const STATEMENTS: &[&str] = &[INSERT, DUE, GET, STUCK, DONE, FAILED, RETRY, CARRIED_OUT, TAKE_BACK];

crate::kernel::id::id! {
    /// An effect of a workflow.
    EffectId
}

/// An effect before it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct NewEffect {
    pub(in crate::approval) seq: i64,
    pub(in crate::approval) place: u32,
    pub(in crate::approval) name: &'static str,
    pub(in crate::approval) effect: String,
    /// Everything of the case that its handler is told, as JSON.
    pub(in crate::approval) origin: String,
    pub(in crate::approval) run_at: Timestamp,
}

/// An effect as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEffect {
    /// Which.
    pub id: EffectId,
    /// Of which case.
    pub case: CaseId,
    /// The event that carries it.
    pub seq: i64,
    /// Its place in the event, from 0.
    pub place: u32,
    /// Name under which a handler is registered.
    pub name: String,
    /// Why it could not be carried out.
    pub error: Option<Message>,
    /// How often it was tried.
    pub attempts: u32,
    pub(in crate::approval) effect: String,
    pub(in crate::approval) origin: String,
    pub(in crate::approval) state: String,
}

impl FromRow for StoredEffect {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            case: row.get("case_id")?,
            seq: row.get("seq")?,
            place: row.get("place")?,
            name: row.get("name")?,
            error: row.json("error")?,
            attempts: row.get("attempts")?,
            effect: row.get("effect")?,
            origin: row.get("origin")?,
            state: row.get("state")?,
        })
    }
}

/// `recorded` effects of a replay are never carried out.
pub(in crate::approval) async fn insert(
    c: &mut Conn<'_>,
    case: CaseId,
    it: &NewEffect,
    recorded: bool,
) -> Result<(), DbError> {
    let state = if recorded { "recorded" } else { "due" };
    let values = params![case, it.seq, it.place, it.name, it.effect, it.origin, state, it.run_at];
    c.exec(INSERT, values).await.map(drop)
}

pub(in crate::approval) async fn due(c: &mut Conn<'_>, now: Timestamp, limit: i64) -> Result<Vec<EffectId>, DbError> {
    let rows: Vec<(EffectId,)> = c.all(DUE, params![now, limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(in crate::approval) async fn get(c: &mut Conn<'_>, id: EffectId) -> Result<Option<StoredEffect>, DbError> {
    c.maybe(GET, params![id]).await
}

pub(in crate::approval) async fn stuck(c: &mut Conn<'_>, limit: i64) -> Result<Vec<StoredEffect>, DbError> {
    c.all(STUCK, params![limit]).await
}

/// False where it is no longer due.
pub(in crate::approval) async fn done(c: &mut Conn<'_>, id: EffectId, at: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(DONE, params![id, at]).await? == 1)
}

/// Tried in vain: again at `next`, or on the stuck list.
pub(in crate::approval) async fn failed(
    c: &mut Conn<'_>,
    id: EffectId,
    next: Option<Timestamp>,
    now: Timestamp,
    error: &Message,
) -> Result<(), DbError> {
    let state = if next.is_some() { "due" } else { "stuck" };
    let error = serde_json::to_string(error).map_err(|problem| DbError::Check(problem.to_string()))?;
    c.exec(FAILED, params![id, state, next.unwrap_or(now), error]).await.map(drop)
}

pub(in crate::approval) async fn retry(c: &mut Conn<'_>, id: EffectId, now: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(RETRY, params![id, now]).await? == 1)
}

/// Takes effects of an undone decision back; false where one has been carried out.
pub(in crate::approval) async fn take_back(c: &mut Conn<'_>, case: CaseId, since: i64) -> Result<bool, DbError> {
    let carried_out: Option<(EffectId,)> = c.maybe(CARRIED_OUT, params![case, since]).await?;
    if carried_out.is_some() {
        return Ok(false);
    }
    c.exec(TAKE_BACK, params![case, since]).await.map(|_| true)
}
