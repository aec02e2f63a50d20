//! The table of jobs.

use crate::db::{CLAIM_JOBS, Conn, DbError, FromRow, Row};
use crate::i18n::Message;
use crate::kernel::Timestamp;
use crate::params;

use super::{FailedJob, Job, JobId, NewJob};

const ENQUEUE: &str = "
    INSERT INTO job (kind, key, payload, state, attempts, due_at, created_at)
    VALUES ($1, $2, $3, 'waiting', 0, $4, $4)
    ON CONFLICT (kind, key) DO NOTHING";
const DONE: &str = "
    UPDATE job SET state = 'done', due_at = NULL, reason = NULL, ended_at = $3
    WHERE id = $1 AND state = 'running' AND attempts = $2";
const AGAIN: &str = "
    UPDATE job SET state = 'waiting', due_at = $3, reason = $4
    WHERE id = $1 AND state = 'running' AND attempts = $2";
const FAILED: &str = "
    UPDATE job SET state = 'failed', due_at = NULL, reason = $4, ended_at = $3
    WHERE id = $1 AND state = 'running' AND attempts = $2";
const NEXT_DUE: &str = "SELECT MIN(due_at) FROM job WHERE due_at IS NOT NULL";
const LIST_FAILED: &str = "
    SELECT id, kind, key, attempts, reason, ended_at FROM job
    WHERE ended_at IS NOT NULL AND state = 'failed' ORDER BY ended_at DESC, id DESC LIMIT $1";
const START_OVER: &str = "
    UPDATE job SET state = 'waiting', attempts = 0, due_at = $2, ended_at = NULL WHERE id = $1 AND state = 'failed'";
const FORGET_DONE: &str = "DELETE FROM job WHERE ended_at < $1 AND state = 'done'";

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &[ENQUEUE, DONE, AGAIN, FAILED, NEXT_DUE, LIST_FAILED, START_OVER, FORGET_DONE];

/// The topic that wakes the loop.
pub(super) const TOPIC: &str = "jobs";

/// Queues work inside the unit that asks for it. False: a job with this kind and key is there already.
pub async fn enqueue(c: &mut Conn<'_>, job: &NewJob) -> Result<bool, DbError> {
    let NewJob { kind, key, payload, run_at } = job;
    let added = c.exec(ENQUEUE, params![kind, key, payload.to_string(), run_at]).await? == 1;
    if added {
        c.notify(TOPIC);
    }
    Ok(added)
}

/// Takes up to `limit` jobs that are due; nobody else gets them before `lease_until`.
pub(super) async fn claim(
    c: &mut Conn<'_>,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Result<Vec<Job>, DbError> {
    let sql = c.text(&CLAIM_JOBS);
    c.all(sql, params![now, lease_until, limit]).await
}

/// False here and below: the lease had ended and the job is in other hands.
pub(super) async fn done(c: &mut Conn<'_>, job: &Job, now: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(DONE, params![job.id, job.attempt, now]).await? == 1)
}

pub(super) async fn again(c: &mut Conn<'_>, job: &Job, at: Timestamp, reason: &Message) -> Result<bool, DbError> {
    c.notify(TOPIC);
    Ok(c.exec(AGAIN, params![job.id, job.attempt, at, text(reason)]).await? == 1)
}

pub(super) async fn give_up(c: &mut Conn<'_>, job: &Job, now: Timestamp, reason: &Message) -> Result<bool, DbError> {
    Ok(c.exec(FAILED, params![job.id, job.attempt, now, text(reason)]).await? == 1)
}

pub(super) async fn next_due(c: &mut Conn<'_>) -> Result<Option<Timestamp>, DbError> {
    let (due,) = c.one(NEXT_DUE, &[]).await?;
    Ok(due)
}

pub(super) async fn failed(c: &mut Conn<'_>, limit: u32) -> Result<Vec<FailedJob>, DbError> {
    c.all(LIST_FAILED, params![limit]).await
}

pub(super) async fn start_over(c: &mut Conn<'_>, job: JobId, now: Timestamp) -> Result<bool, DbError> {
    c.notify(TOPIC);
    Ok(c.exec(START_OVER, params![job, now]).await? == 1)
}

pub(super) async fn forget_done(c: &mut Conn<'_>, before: Timestamp) -> Result<u64, DbError> {
    c.exec(FORGET_DONE, params![before]).await
}

/// A message is kept as JSON, so that it is read in the reader's language.
fn text(reason: &Message) -> Option<String> {
    serde_json::to_string(reason).ok()
}

impl FromRow for Job {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            key: row.get("key")?,
            payload: row.json("payload")?,
            attempt: row.get("attempts")?,
        })
    }
}

impl FromRow for FailedJob {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            key: row.get("key")?,
            attempts: row.get("attempts")?,
            reason: row.json("reason")?,
            failed_at: row.get("ended_at")?,
        })
    }
}
