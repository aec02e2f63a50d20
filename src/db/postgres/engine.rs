//! The threads that run units, and where a unit waits before it gets a connection.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{LocalSet, spawn_local};

use super::listener::{self, Outgoing};
use super::transaction;
use crate::db::DbError;
use crate::db::change::{Announcer, Change};
use crate::db::unit::{LockKey, Mode, Ran, Unit};

/// Threads that run units; each has connections of its own, so that nothing is shared between them but hot rows.
const THREADS: usize = 2;
const CONNECTIONS: u32 = 12;
/// How many units may be on their way.
const QUEUE: usize = 4096;
/// How long a unit waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);

struct Job {
    mode: Mode,
    unit: Box<dyn Unit>,
    _place: OwnedSemaphorePermit,
}

/// The running engine. Its threads end when the last handle is dropped.
pub(in crate::db) struct Postgres {
    threads: Vec<UnboundedSender<Job>>,
    next: AtomicUsize,
    places: Arc<Semaphore>,
}

/// What the units of one thread share.
pub(super) struct Worker {
    pub(super) pool: PgPool,
    hot: Arc<HotRows>,
    announcer: Announcer,
    outgoing: UnboundedSender<Outgoing>,
}

impl Postgres {
    pub(in crate::db) fn start(options: &PgConnectOptions, announcer: &Announcer) -> Result<Self, DbError> {
        let hot = Arc::new(HotRows::default());
        let (outgoing, topics) = unbounded_channel();
        let mut topics = Some(topics);
        let mut threads = Vec::new();
        for _ in 0..THREADS {
            let (sender, jobs) = unbounded_channel();
            let (options, announcer, hot) = (options.clone(), announcer.clone(), Arc::clone(&hot));
            let (outgoing, topics) = (outgoing.clone(), topics.take());
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|e| DbError::Gone(format!("no runtime: {e}")))?;
            let work = move || {
                LocalSet::new().block_on(&runtime, async move {
                    let worker = Worker { pool: pool(options), hot, announcer, outgoing };
                    serve(Arc::new(worker), jobs, topics).await;
                });
            };
            let started = std::thread::Builder::new().name("db-postgres".to_owned()).spawn(work);
            started.map_err(|e| DbError::Gone(format!("no thread: {e}")))?;
            threads.push(sender);
        }
        Ok(Self { threads, next: AtomicUsize::new(0), places: Arc::new(Semaphore::new(QUEUE)) })
    }

    pub(in crate::db) fn submit(&self, mode: Mode, unit: Box<dyn Unit>) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return unit.answer(Err(DbError::Busy));
        };
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % THREADS;
        if let Err(refused) = self.threads[turn].send(Job { mode, unit, _place: place }) {
            refused.0.unit.answer(Err(DbError::Gone("its thread has ended".to_owned())));
        }
    }
}

fn pool(options: PgConnectOptions) -> PgPool {
    // A dead connection shows at BEGIN, which is tried again: cheaper than a ping before every unit.
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE).test_before_acquire(false);
    pool.connect_lazy_with(options.statement_cache_capacity(512))
}

async fn serve(worker: Arc<Worker>, mut jobs: UnboundedReceiver<Job>, topics: Option<UnboundedReceiver<Outgoing>>) {
    if let Some(topics) = topics {
        spawn_local(listener::exchange(worker.pool.clone(), worker.announcer.clone(), topics));
    }
    while let Some(job) = jobs.recv().await {
        let worker = Arc::clone(&worker);
        spawn_local(async move { worker.carry_out(job).await });
    }
    worker.pool.close().await;
}

impl Worker {
    async fn carry_out(&self, job: Job) {
        let Job { mode, mut unit, _place } = job;
        let ran = match &mode {
            // Waiting here costs no connection; the lock in the database is only for other processes.
            Mode::Locked(key) => {
                let row = self.hot.row(key);
                let turn = row.lock().await;
                let ran = transaction::run(&self.pool, &mode, unit.as_mut()).await;
                drop(turn);
                self.hot.leave(key, row);
                ran
            }
            _ => transaction::run(&self.pool, &mode, unit.as_mut()).await,
        };
        match ran {
            Ran::Broken(error) => unit.answer(Err(error)),
            Ran::Refused => unit.answer(Ok(())),
            Ran::Done(topics) => {
                unit.answer(Ok(()));
                for topic in topics {
                    self.announcer.tell(Change::Topic(Arc::clone(&topic)));
                    drop(self.outgoing.send(topic));
                }
            }
        }
    }
}

/// Who waits for which hot row in this process.
#[derive(Default)]
struct HotRows(Mutex<HashMap<LockKey, Arc<tokio::sync::Mutex<()>>>>);

impl HotRows {
    fn row(&self, key: &LockKey) -> Arc<tokio::sync::Mutex<()>> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rows.entry(key.clone()).or_default())
    }

    /// The last one to leave takes the entry along.
    fn leave(&self, key: &LockKey, row: Arc<tokio::sync::Mutex<()>>) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(row);
        if rows.get(key).is_some_and(|row| Arc::strong_count(row) == 1) {
            rows.remove(key);
        }
    }
}
