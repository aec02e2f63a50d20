//! The loop that does the jobs.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::task::JoinSet;

use super::store;
use super::{Job, JobOutcome, Jobs, backoff};
use crate::db::{Change, Changes, Conn, DbError};
use crate::i18n::msg;

/// How long a claimed job belongs to its worker.
const LEASE: Duration = Duration::from_mins(5);
/// How long a handler may take: well within the lease, so that no two do the same job.
const LIMIT: Duration = Duration::from_mins(4);
/// How many are done at once.
const AT_ONCE: usize = 16;
/// The queue is looked at this often even if nothing wakes the loop: a lost notification or a clock that was moved costs a moment,
/// no job.
const POLL: Duration = Duration::from_millis(500);

/// Does the jobs of one kind.
#[async_trait::async_trait]
pub trait Handler: Send + Sync {
    /// The kind it does.
    fn kind(&self) -> &'static str;

    /// Does one; may be called again for a job that was done already.
    async fn run(&self, job: &Job) -> JobOutcome;
}

/// Who does what.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<&'static str, Arc<dyn Handler>>);

impl Handlers {
    /// Registers a handler; one that did the same kind gives way.
    #[must_use]
    pub fn with(mut self, handler: Arc<dyn Handler>) -> Self {
        self.0.insert(handler.kind(), handler);
        self
    }
}

impl Jobs {
    /// Does jobs as they fall due, until `shutdown` is ready; those under way are finished first.
    pub async fn run(&self, handlers: &Handlers, shutdown: impl Future<Output = ()>) {
        let mut changes = self.db.subscribe();
        let mut shutdown = std::pin::pin!(shutdown);
        let mut running = JoinSet::new();
        loop {
            let wait = match self.start_due(handlers, &mut running).await {
                Ok(_) if running.len() >= AT_ONCE => POLL,
                Ok(0) => self.until_next().await,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%error, "jobs cannot be claimed");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = woken(&mut changes) => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        running.join_all().await;
    }

    /// Does the jobs that are due now, at most a handful, to their end; how many.
    pub async fn run_due(&self, handlers: &Handlers) -> Result<usize, DbError> {
        let mut running = JoinSet::new();
        let count = self.start_due(handlers, &mut running).await?;
        running.join_all().await;
        Ok(count)
    }

    /// Starts as many jobs as there is room for.
    async fn start_due(&self, handlers: &Handlers, running: &mut JoinSet<()>) -> Result<usize, DbError> {
        let room = u32::try_from(AT_ONCE.saturating_sub(running.len())).unwrap_or(0);
        if room == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        // Most looks find nothing, and a read costs less than a claim.
        if self.db.read(async |c: &mut Conn<'_>| store::next_due(c).await).await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let unit = async move |c: &mut Conn<'_>| store::claim(c, now, now.plus(LEASE), room).await;
        let claimed = self.db.claim(unit).await?;
        let count = claimed.len();
        for job in claimed {
            let (jobs, handlers) = (self.clone(), handlers.clone());
            running.spawn(async move {
                let outcome = attempt(&handlers, &job).await;
                jobs.settle(job, outcome).await;
            });
        }
        Ok(count)
    }

    async fn until_next(&self) -> Duration {
        match self.db.read(async |c: &mut Conn<'_>| store::next_due(c).await).await {
            Ok(Some(due)) => due.since(self.clock.now()).min(POLL),
            _ => POLL,
        }
    }

    /// Writes down how an attempt ended. If that fails the lease ends by itself and the job is done again.
    async fn settle(&self, job: Job, outcome: JobOutcome) {
        let now = self.clock.now();
        let (id, kind) = (job.id, job.kind.clone());
        let unit = async move |c: &mut Conn<'_>| match &outcome {
            JobOutcome::Done => store::done(c, &job, now).await,
            JobOutcome::Fail { reason } => store::give_up(c, &job, now, reason).await,
            JobOutcome::Retry { reason } => match backoff(job.attempt) {
                Some(wait) => store::again(c, &job, now.plus(wait), reason).await,
                None => store::give_up(c, &job, now, reason).await,
            },
        };
        match self.db.write(unit).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(%id, kind, "a job took longer than its lease and is in other hands"),
            Err(error) => tracing::error!(%id, kind, %error, "the end of a job was not stored"),
        }
    }
}

async fn attempt(handlers: &Handlers, job: &Job) -> JobOutcome {
    // Its worker died every time: whatever kills the process shall not do so for ever.
    if job.attempt > 1 && backoff(job.attempt - 1).is_none() {
        return JobOutcome::Fail { reason: msg!("jobs.died", attempts = job.attempt - 1) };
    }
    let Some(handler) = handlers.0.get(job.kind.as_str()) else {
        return JobOutcome::Fail { reason: msg!("jobs.no_handler", kind = &job.kind) };
    };
    let work = AssertUnwindSafe(handler.run(job)).catch_unwind();
    match tokio::time::timeout(LIMIT, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => JobOutcome::Retry { reason: msg!("jobs.panicked") },
        Err(_) => JobOutcome::Retry { reason: msg!("jobs.too_slow", seconds = LIMIT.as_secs()) },
    }
}

/// Ready when a job was queued, here or elsewhere.
async fn woken(changes: &mut Changes) {
    while let Some(change) = changes.next().await {
        if matches!(&change, Change::Topic(topic) if &**topic == store::TOPIC) || change == Change::Unknown {
            return;
        }
    }
    // The database was closed; nothing will wake us.
    std::future::pending::<()>().await;
}
