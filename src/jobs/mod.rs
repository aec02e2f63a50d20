//! The queue: work that an action asks for in its own unit and that is done after it: mail, webhooks, documents, timers.
//!
//! Delivery is at least once: a job whose worker died is claimed again when its lease ends, so a handler checks for itself
//! what it has done already (its job's `key` is the idempotency key to pass on). A job that failed for good stays listed.

mod explain;
mod model;
mod run;
mod store;

pub use model::{BACKOFF, FailedJob, Job, JobId, JobOutcome, JobsError, NewJob, backoff};
pub use run::{Handler, Handlers};
pub use store::{STATEMENTS, enqueue};

use std::sync::Arc;

use crate::db::{Conn, Db, DbError};
use crate::kernel::{Clock, Timestamp};

/// The queue; cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Jobs {
    /// The queue of this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Jobs that failed for good, the latest first, for the administrator.
    pub async fn failed(&self, limit: u32) -> Result<Vec<FailedJob>, DbError> {
        self.db.read(async move |c: &mut Conn<'_>| store::failed(c, limit).await).await
    }

    /// Lets a failed job start over, at once and with all its attempts.
    pub async fn retry(&self, job: JobId) -> Result<(), JobsError> {
        let now = self.clock.now();
        let unit = async move |c: &mut Conn<'_>| {
            if store::start_over(c, job, now).await? { Ok(()) } else { Err(JobsError::NotFailed) }
        };
        self.db.write(unit).await
    }

    /// Forgets jobs that were done before that time, and with them their idempotency keys. How many.
    pub async fn forget_done(&self, before: Timestamp) -> Result<u64, DbError> {
        self.db.write(async move |c: &mut Conn<'_>| store::forget_done(c, before).await).await
    }
}
