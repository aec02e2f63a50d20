//! Jobs are queued once, tried again, never done by two at a time, and never lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use qiyue::db::{Conn, Db, DbError};
use qiyue::i18n::Message;
use qiyue::jobs::{BACKOFF, Handler, Handlers, Job, JobOutcome, Jobs, JobsError, NewJob, enqueue};
use qiyue::kernel::{Clock as _, ManualClock, Timestamp};
use serde_json::json;

use crate::support::on_both;

const START: Timestamp = Timestamp::from_micros(1_000_000_000);

/// Counts its calls and always answers the same; without an answer it never comes back.
struct Always {
    calls: Arc<AtomicUsize>,
    answer: Option<JobOutcome>,
}

#[async_trait::async_trait]
impl Handler for Always {
    fn kind(&self) -> &'static str {
        "test"
    }

    async fn run(&self, job: &Job) -> JobOutcome {
        assert_eq!(job.payload, json!({"to": "张三"}));
        self.calls.fetch_add(1, Ordering::SeqCst);
        match &self.answer {
            Some(answer) => answer.clone(),
            None => std::future::pending().await,
        }
    }
}

struct Queue {
    db: Db,
    clock: Arc<ManualClock>,
    jobs: Jobs,
}

impl Queue {
    fn new(db: Db) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        Self { jobs: Jobs::new(db.clone(), clock.clone()), db, clock }
    }

    async fn enqueue(&self, key: &'static str, run_at: Timestamp) -> bool {
        let job = NewJob { kind: "test", key: key.to_owned(), payload: json!({"to": "张三"}), run_at };
        let queued: Result<bool, DbError> = self.db.write(async move |c: &mut Conn<'_>| enqueue(c, &job).await).await;
        queued.unwrap()
    }

    async fn run_due(&self, handlers: &Handlers) -> usize {
        self.jobs.run_due(handlers).await.unwrap()
    }
}

fn always(answer: Option<JobOutcome>) -> (Handlers, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    (Handlers::default().with(Arc::new(Always { calls: calls.clone(), answer })), calls)
}

fn retry() -> JobOutcome {
    JobOutcome::Retry { reason: Message::of("jobs.panicked") }
}

#[tokio::test]
async fn a_job_is_done_once_when_it_is_due() {
    on_both(async |db| {
        let queue = Queue::new(db);
        let (handlers, calls) = always(Some(JobOutcome::Done));
        queue.enqueue("a", START.plus(Duration::from_secs(5))).await;
        assert_eq!(queue.run_due(&handlers).await, 0);
        queue.clock.advance(Duration::from_secs(5));
        assert_eq!(queue.run_due(&handlers).await, 1);
        queue.clock.advance(Duration::from_hours(1000));
        assert_eq!(queue.run_due(&handlers).await, 0);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_key_is_queued_once_even_after_it_was_done() {
    on_both(async |db| {
        let queue = Queue::new(db);
        let (handlers, calls) = always(Some(JobOutcome::Done));
        assert!(queue.enqueue("a", START).await);
        assert!(!queue.enqueue("a", START).await);
        queue.run_due(&handlers).await;
        assert!(!queue.enqueue("a", START).await);
        assert_eq!(queue.run_due(&handlers).await, 0);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        assert_eq!(queue.jobs.forget_done(START.plus(Duration::from_secs(1))).await, Ok(1));
        assert!(queue.enqueue("a", START).await);
    })
    .await;
}

#[tokio::test]
async fn a_failed_attempt_waits_longer_each_time_and_is_listed_in_the_end() {
    on_both(async |db| {
        let queue = Queue::new(db);
        let (handlers, calls) = always(Some(retry()));
        queue.enqueue("a", START).await;
        for wait in BACKOFF {
            assert_eq!(queue.run_due(&handlers).await, 1);
            queue.clock.advance(Duration::from_secs(wait - 1));
            assert_eq!(queue.run_due(&handlers).await, 0);
            queue.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(queue.jobs.failed(10).await.unwrap(), []);
        assert_eq!(queue.run_due(&handlers).await, 1);
        let failed = queue.jobs.failed(10).await.unwrap();
        assert_eq!((failed.len(), failed[0].attempts, failed[0].key.as_str()), (1, 10, "a"));
        assert_eq!(failed[0].reason, Message::of("jobs.panicked"));
        assert_eq!(failed[0].failed_at, queue.clock.now());
        assert_eq!(calls.load(Ordering::SeqCst), 10);
    })
    .await;
}

#[tokio::test]
async fn the_administrator_starts_a_failed_job_over() {
    on_both(async |db| {
        let queue = Queue::new(db);
        queue.enqueue("a", START).await;
        let (failing, _) = always(Some(JobOutcome::Fail { reason: Message::of("jobs.died") }));
        queue.run_due(&failing).await;
        let id = queue.jobs.failed(10).await.unwrap()[0].id;
        assert_eq!(queue.jobs.retry(id).await, Ok(()));
        assert_eq!(queue.jobs.retry(id).await, Err(JobsError::NotFailed));
        let (handlers, calls) = always(Some(JobOutcome::Done));
        assert_eq!(queue.run_due(&handlers).await, 1);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        assert_eq!(queue.jobs.failed(10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_worker_died_is_done_by_another_after_the_lease() {
    on_both(async |db| {
        let queue = Queue::new(db);
        queue.enqueue("a", START).await;
        let (stuck, begun) = always(None);
        let jobs = queue.jobs.clone();
        let worker = tokio::spawn(async move { jobs.run_due(&stuck).await });
        while begun.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        worker.abort();
        let (handlers, calls) = always(Some(JobOutcome::Done));
        queue.clock.advance(Duration::from_secs(299));
        assert_eq!(queue.run_due(&handlers).await, 0);
        queue.clock.advance(Duration::from_secs(1));
        assert_eq!(queue.run_due(&handlers).await, 1);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_without_a_handler_fails_aloud() {
    on_both(async |db| {
        let queue = Queue::new(db);
        queue.enqueue("a", START).await;
        queue.run_due(&Handlers::default()).await;
        let failed = queue.jobs.failed(10).await.unwrap();
        assert_eq!(failed[0].reason.key(), "jobs.no_handler");
    })
    .await;
}

#[tokio::test]
async fn many_workers_never_do_the_same_job() {
    on_both(async |db| {
        let queue = Queue::new(db);
        for key in ["a", "b", "c", "d", "e", "f"] {
            queue.enqueue(key, START).await;
        }
        let (handlers, calls) = always(Some(JobOutcome::Done));
        let workers = (0..6).map(|_| {
            let (jobs, handlers) = (queue.jobs.clone(), handlers.clone());
            tokio::spawn(async move { jobs.run_due(&handlers).await.unwrap() })
        });
        let mut done = 0;
        for worker in workers.collect::<Vec<_>>() {
            done += worker.await.unwrap();
        }
        done += queue.run_due(&handlers).await;
        assert_eq!((done, calls.load(Ordering::SeqCst)), (6, 6));
    })
    .await;
}

#[tokio::test]
async fn the_loop_wakes_for_a_new_job_and_ends_when_it_is_told_to() {
    on_both(async |db| {
        let queue = Queue::new(db);
        let (handlers, calls) = always(Some(JobOutcome::Done));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let jobs = queue.jobs.clone();
        let looping = tokio::spawn(async move { jobs.run(&handlers, async { drop(stopped.await) }).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        queue.enqueue("a", START).await;
        let waited = tokio::time::timeout(Duration::from_secs(10), async {
            while calls.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        waited.await.unwrap();
        drop(stop);
        looping.await.unwrap();
    })
    .await;
}
