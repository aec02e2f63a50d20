//! One unit in one transaction, run again when it lost a race.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Connection as _, Executor as _};
use tokio::time::{sleep, timeout};

use super::statement::{self, translate};
use crate::db::conn::Engine;
use crate::db::unit::{LockKey, Mode, Ran, Unit};
use crate::db::{Conn, DbError, Value};

/// How long a unit that loses races is run again.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a server may take to answer at all.
const PROBE: Duration = Duration::from_secs(1);

pub(super) async fn run(pool: &PgPool, mode: &Mode, unit: &mut dyn Unit) -> Ran {
    let mut patience = pin!(sleep(PATIENCE));
    let mut lost = 0_u32;
    loop {
        match attempt(pool, mode, unit).await {
            Ran::Broken(DbError::Busy) => {}
            ran => return ran,
        }
        lost += 1;
        tracing::debug!(lost, "a unit lost a race and runs again");
        tokio::select! {
            biased;
            () = &mut patience => return Ran::Broken(DbError::Busy),
            () = sleep(jitter(lost)) => {}
        }
    }
}

/// Up to 4 ms after the first lost race, up to 128 ms after many. Only to keep losers apart, so any spread will do.
fn jitter(lost: u32) -> Duration {
    let most = 4_000_u64 << lost.min(6).saturating_sub(1);
    Duration::from_micros(RandomState::new().hash_one(lost) % most)
}

async fn attempt(pool: &PgPool, mode: &Mode, unit: &mut dyn Unit) -> Ran {
    let mut connection = match begin(pool, mode).await {
        Ok(connection) => connection,
        Err(error) => return Ran::Broken(error),
    };
    let mut ran = run_in(&mut connection, unit).await;
    let end = if matches!(ran, Ran::Done(_)) { "COMMIT" } else { "ROLLBACK" };
    let ended = command(&mut connection, end).await;
    if let (Ran::Done(_), Err(error)) = (&ran, &ended) {
        ran = Ran::Broken(match error {
            DbError::Gone(reason) => DbError::Gone(format!("COMMIT was not answered: {reason}")),
            other => other.clone(),
        });
    }
    let unlocked = match mode {
        Mode::Locked(key) => lock(&mut connection, "SELECT pg_advisory_unlock($1)", key).await,
        _ => Ok(()),
    };
    if ended.is_err() || unlocked.is_err() {
        // Whatever state it is in, nobody else shall have it; closing it also gives up its lock.
        drop(connection.close().await);
    }
    ran
}

/// A connection inside a fresh transaction. After a restart of the server every idle connection is dead: each is thrown
/// away when it shows, until one is new.
async fn begin(pool: &PgPool, mode: &Mode) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>, DbError> {
    let mut dead = 0;
    loop {
        let mut connection = match pool.acquire().await {
            Err(sqlx::Error::PoolTimedOut) => return Err(why_none(pool).await),
            acquired => acquired.map_err(|error| translate(&error, "connect"))?,
        };
        match open(&mut connection, mode).await {
            Ok(()) => return Ok(connection),
            Err(DbError::Gone(_)) if dead < pool.options().get_max_connections() => {
                dead += 1;
                drop(connection.close().await);
            }
            Err(error) => {
                drop(connection.close().await);
                return Err(error);
            }
        }
    }
}

/// No connection came free: either all are at work, or the server does not answer and nobody gets a new one.
async fn why_none(pool: &PgPool) -> DbError {
    match timeout(PROBE, PgConnection::connect_with(&pool.connect_options())).await {
        Ok(Ok(connection)) => {
            drop(connection.close().await);
            DbError::Busy
        }
        Ok(Err(error)) => match translate(&error, "connect") {
            // It answers, and has no connection to spare.
            DbError::NotStored(_) => DbError::Busy,
            other => other,
        },
        Err(_) => DbError::Gone("the server does not answer".to_owned()),
    }
}

async fn open(connection: &mut PgConnection, mode: &Mode) -> Result<(), DbError> {
    if let Mode::Locked(key) = mode {
        // Before BEGIN: the snapshot must be younger than the turn.
        lock(connection, "SELECT pg_advisory_lock($1)", key).await?;
    }
    let begin = match mode {
        Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        // A scan over a whole table, which the planner likes while tables are small, would be in the way of every write to it.
        Mode::Write | Mode::Locked(_) => "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off",
        Mode::Compared => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        Mode::Claim => "BEGIN ISOLATION LEVEL READ COMMITTED",
    };
    command(connection, begin).await
}

async fn run_in(connection: &mut PgConnection, unit: &mut dyn Unit) -> Ran {
    let mut conn = Conn::new(Engine::Postgres(connection));
    match AssertUnwindSafe(unit.run(&mut conn)).catch_unwind().await {
        Ok(done) => Ran::of(done, &mut conn),
        Err(_) => Ran::Broken(DbError::Panicked),
    }
}

async fn lock(connection: &mut PgConnection, sql: &'static str, key: &LockKey) -> Result<(), DbError> {
    statement::execute(connection, sql, &[Value::Int(Some(key.number()))]).await.map(drop)
}

async fn command(connection: &mut PgConnection, sql: &'static str) -> Result<(), DbError> {
    connection.execute(sql).await.map(drop).map_err(|e| translate(&e, sql))
}
