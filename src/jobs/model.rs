//! What a job is and how it may end.

use std::time::Duration;

use serde_json::Value as Json;

use crate::i18n::Message;
use crate::kernel::{Timestamp, id};

id::id! {
    /// A job of the queue.
    JobId
}

/// Work to be queued.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which handler does it: `mail.send`.
    pub kind: &'static str,
    /// The same key of the same kind is queued once, however often it is asked for.
    pub key: String,
    /// What the handler needs to know.
    pub payload: Json,
    /// Not before.
    pub run_at: Timestamp,
}

/// A job in the hands of a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// The idempotency key.
    pub key: String,
    /// What the handler needs to know.
    pub payload: Json,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// It is done.
    Done,
    /// Not this time; again after [`backoff`], and after the last attempt never.
    Retry {
        /// Why, for the administrator.
        reason: Message,
    },
    /// Never; another attempt would end the same.
    Fail {
        /// Why, for the administrator.
        reason: Message,
    },
}

/// A job that failed for good.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedJob {
    /// Its id.
    pub id: JobId,
    /// Which handler did it.
    pub kind: String,
    /// The idempotency key.
    pub key: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub reason: Message,
    /// When it was given up.
    pub failed_at: Timestamp,
}

/// Why an administrator's request about a job is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobsError {
    /// It is not, or no longer, among the failed ones.
    #[error("the job has not failed")]
    NotFailed,
    /// The database.
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The waits after the 1st, 2nd, … failed attempt, in seconds: ten attempts over about two days. The first waits get past a
/// restart of the other side, the last ones past a night and a morning.
pub const BACKOFF: [u64; 9] = [10, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR];

/// How long to wait after that attempt, counted from 1; `None`: it was the last one.
pub fn backoff(attempt: u32) -> Option<Duration> {
    let index = usize::try_from(attempt).ok()?.checked_sub(1)?;
    BACKOFF.get(index).copied().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        assert_eq!(backoff(1), Some(Duration::from_secs(10)));
        assert!(BACKOFF.is_sorted());
        assert_eq!(backoff(9), Some(Duration::from_hours(24)));
        assert_eq!(backoff(10), None);
    }
}
