//! What runs beside the answers: changes reach open pages, timers fire, effects are carried out, warnings are raised, messages leave.
//!
//! Everything is driven by the clock that the program was given and claims what it does in the database, so that several processes
//! share the work. A topic wakes the loop; without one it looks often enough that nothing is late by more than a moment.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::events;
use super::rooms::Rooms;
use crate::approval::Approvals;
use crate::contract::fulfilment::Fulfilment;
use crate::db::{Change, Changes, Db};
use crate::deadline::{self, Deadlines};
use crate::jobs::{Handlers, Jobs};
use crate::kernel::{Clock, Date, OfficeHours};
use crate::notify::{self, Notify};
use crate::web::{Kit, api};

/// The loop looks this often even if nothing wakes it.
const POLL: Duration = Duration::from_millis(500);
/// Between two looks, however often it is woken.
const BREATH: Duration = Duration::from_millis(50);
/// After something failed: the database is gone, say.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// What one turn takes at most of one kind; after a full turn the next one follows at once.
const A_TURN: usize = 200;
/// Jobs that were done are remembered so long, and with them the keys that keep them from being done twice.
const JOBS_KEPT: Duration = Duration::from_hours(24 * 30);

/// What runs beside the answers; a cheap clone.
#[derive(Clone)]
pub(super) struct Background {
    db: Db,
    clock: Arc<dyn Clock>,
    kit: Kit,
    approvals: Approvals,
    fulfilment: Fulfilment,
    deadlines: Deadlines,
    notify: Notify,
    jobs: Jobs,
    handlers: Handlers,
}

/// How one turn went.
#[derive(Default)]
struct Turn {
    done: usize,
    full: bool,
    failed: bool,
}

impl Turn {
    fn count<E: Display>(&mut self, what: &str, done: Result<usize, E>) {
        match done {
            Ok(done) => {
                self.done += done;
                self.full |= done >= A_TURN;
            }
            Err(error) => {
                self.failed = true;
                tracing::error!(%error, "the loop could not see to {what}");
            }
        }
    }
}

impl Background {
    pub(super) fn new(db: Db, clock: Arc<dyn Clock>, kit: Kit, rooms: &Rooms) -> Self {
        let notify = rooms.notify.clone();
        Self {
            jobs: Jobs::new(db.clone(), Arc::clone(&clock)),
            handlers: Handlers::default().with(Arc::new(notify.clone())),
            approvals: rooms.approvals.clone(),
            fulfilment: rooms.fulfilment.clone(),
            deadlines: rooms.deadlines.clone(),
            notify,
            db,
            clock,
            kit,
        }
    }

    /// Runs until `stop` says so, and finishes what is under way.
    pub(super) async fn run(self, stop: watch::Receiver<bool>) {
        let forward = async {
            tokio::select! {
                () = events::forward(self.db.subscribe(), self.kit.events()) => {}
                () = stopped(stop.clone()) => {}
            }
        };
        tokio::join!(forward, self.jobs.run(&self.handlers, stopped(stop.clone())), self.turns(stop.clone()));
    }

    /// Does everything that is due now, mail included, until nothing is left; for whoever moves the clock by hand.
    pub(super) async fn run_due(&self) {
        if let Err(error) = self.fulfilment.keep_up().await {
            tracing::error!(%error, "the loop could not see to contracts whose day has come");
        }
        // What is done can make something else due, a few steps deep.
        for _ in 0..10 {
            let turn = self.turn().await;
            let mut sent = Turn::default();
            sent.count("jobs", self.jobs.run_due(&self.handlers).await);
            if turn.done + sent.done == 0 {
                return;
            }
        }
    }

    async fn turns(&self, stop: watch::Receiver<bool>) {
        let mut changes = self.db.subscribe();
        let mut stop = std::pin::pin!(stopped(stop));
        let mut day = None;
        loop {
            let mut turn = self.turn().await;
            self.daily(&mut day, &mut turn).await;
            let wait = match turn {
                Turn { failed: true, .. } => AFTER_FAILURE,
                Turn { full: true, .. } => BREATH,
                Turn { .. } => POLL,
            };
            let next = async {
                tokio::time::sleep(BREATH).await;
                tokio::select! {
                    () = woken(&mut changes), if !turn.failed => {}
                    () = tokio::time::sleep(wait.saturating_sub(BREATH)) => {}
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = next => {}
            }
        }
    }

    async fn turn(&self) -> Turn {
        let mut turn = Turn::default();
        turn.count("timers of approvals", self.approvals.tick().await);
        turn.count("effects of approvals", self.approvals.carry_out_effects().await);
        turn.count("figures of earlier approvals", self.approvals.count_earlier().await);
        turn.count("warnings", self.deadlines.raise().await);
        turn.count("messages", self.notify.deliver().await);
        turn
    }

    /// What is done when the program starts and then at the beginning of each day.
    async fn daily(&self, last: &mut Option<Date>, turn: &mut Turn) {
        let now = self.clock.now();
        let today = OfficeHours::default().date(now);
        if *last == Some(today) || turn.failed {
            return;
        }
        let nothing = |()| 0;
        turn.count("the root over all cases", self.approvals.store_root(today).await.map(nothing));
        turn.count("contracts whose day has come", self.fulfilment.keep_up().await.map(|_| 0));
        turn.count("warnings without a date", self.deadlines.date_undated().await.map(|_| 0));
        turn.count("old jobs", self.jobs.forget_done(now.minus(JOBS_KEPT)).await.map(|_| 0));
        let answered = now.minus(api::KEPT);
        turn.count("old answers of approvals", self.approvals.forget_answers(answered).await.map(|_| 0));
        if let Err(error) = self.kit.forget_answers().await {
            tracing::error!("the loop could not see to old answers: {error:?}");
            turn.failed = true;
        }
        if !turn.failed {
            *last = Some(today);
        }
    }
}

/// Ready when the program stops.
async fn stopped(mut stop: watch::Receiver<bool>) {
    // Whoever held the other end is gone: that is the end, too.
    drop(stop.wait_for(|stop| *stop).await);
}

/// Ready when something was posted or planned, here or elsewhere.
async fn woken(changes: &mut Changes) {
    while let Some(change) = changes.next().await {
        match &change {
            Change::Topic(topic) if [notify::TOPIC, deadline::TOPIC].contains(&&**topic) => return,
            Change::Topic(_) => {}
            Change::Unknown => return,
        }
    }
    // The database was closed; nothing will wake us.
    std::future::pending::<()>().await;
}
