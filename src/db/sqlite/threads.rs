//! The writer and the readers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::task::{Context, Poll, Waker};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use rusqlite::Connection;

use super::connection::{open_reader, open_writer};
use super::statement::translate;
use crate::db::change::{Announcer, Change};
use crate::db::conn::Engine;
use crate::db::unit::{Ran, Unit};
use crate::db::{Conn, DbError};

/// How many units one COMMIT stores at most.
const BATCH: usize = 256;
/// How many units may wait. A request waits for one, so this is more than a server of ours answers at once.
const QUEUE: usize = 4096;
const READERS: usize = 4;

type Queue = Sender<Box<dyn Unit>>;

/// The running engine. Its threads end when the last handle is dropped and the queue is empty.
pub(in crate::db) struct Sqlite {
    writer: Queue,
    readers: Queue,
}

impl Sqlite {
    pub(in crate::db) fn start(path: &Path, announcer: Announcer) -> Result<Self, DbError> {
        let connection = open_writer(path)?;
        let (writer, queue) = bounded(QUEUE);
        spawn("db-writer", move || write_batches(&connection, &queue, &announcer))?;
        let (readers, queue) = bounded(QUEUE);
        for _ in 0..READERS {
            let connection = open_reader(path)?;
            let queue = Receiver::clone(&queue);
            spawn("db-reader", move || read_each(&connection, &queue))?;
        }
        Ok(Self { writer, readers })
    }

    pub(in crate::db) fn write(&self, unit: Box<dyn Unit>) {
        submit(&self.writer, unit);
    }

    pub(in crate::db) fn read(&self, unit: Box<dyn Unit>) {
        submit(&self.readers, unit);
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(drop).map_err(|e| DbError::Gone(format!("no thread: {e}")))
}

fn submit(queue: &Queue, unit: Box<dyn Unit>) {
    match queue.try_send(unit) {
        Ok(()) => {}
        Err(TrySendError::Full(unit)) => unit.answer(Err(DbError::Busy)),
        Err(TrySendError::Disconnected(unit)) => unit.answer(Err(DbError::Gone("its thread has ended".to_owned()))),
    }
}

fn write_batches(connection: &Connection, queue: &Receiver<Box<dyn Unit>>, announcer: &Announcer) {
    while let Ok(first) = queue.recv() {
        if let Err(error) = command(connection, "BEGIN IMMEDIATE") {
            first.answer(Err(error));
            continue;
        }
        // What comes from now on waits for the next commit: else the callers of this one would all be waiting when it is done, and
        // nobody would have prepared anything meanwhile.
        let waiting = queue.len().min(BATCH - 1);
        let (finished, lost) = run_batch(connection, std::iter::once(first).chain(queue.try_iter().take(waiting)));
        let outcome = lost.map_or_else(|| command(connection, "COMMIT"), Err);
        if !connection.is_autocommit() {
            // Only after a failed COMMIT. If this fails too, the next BEGIN says so.
            drop(command(connection, "ROLLBACK"));
        }
        answer_all(finished, &outcome, announcer);
    }
}

type Finished = (Box<dyn Unit>, Ran);

/// Runs units until there are no more or the transaction is lost; then also why. A savepoint for each would copy every page that it
/// touches: so they run without, and where one fails after it wrote something, all run again, each in its savepoint.
fn run_batch(connection: &Connection, units: impl Iterator<Item = Box<dyn Unit>>) -> (Vec<Finished>, Option<DbError>) {
    let mut finished = Vec::new();
    for mut unit in units {
        let before = connection.total_changes();
        let ran = run(connection, unit.as_mut());
        let failed = !matches!(ran, Ran::Done(_));
        finished.push((unit, ran));
        if connection.is_autocommit() {
            return (finished, Some(lost()));
        }
        if failed && connection.total_changes() != before {
            let units: Vec<_> = finished.into_iter().map(|(unit, _)| unit).collect();
            return match command(connection, "ROLLBACK").and_then(|()| command(connection, "BEGIN IMMEDIATE")) {
                Ok(()) => run_apart(connection, units),
                Err(error) => (units.into_iter().map(|unit| (unit, Ran::Refused)).collect(), Some(error)),
            };
        }
    }
    (finished, None)
}

/// FULL, IOERR, NOMEM and INTERRUPT end the whole transaction.
fn lost() -> DbError {
    DbError::NotStored("the transaction was lost".to_owned())
}

/// Runs units, each in its savepoint; where the transaction is lost, all are unfinished, and why.
fn run_apart(connection: &Connection, units: Vec<Box<dyn Unit>>) -> (Vec<Finished>, Option<DbError>) {
    let (mut finished, mut units) = (Vec::new(), units.into_iter());
    while let Some(mut unit) = units.next() {
        let ran = match command(connection, "SAVEPOINT unit") {
            Ok(()) => run(connection, unit.as_mut()),
            Err(error) => Ran::Broken(error),
        };
        let end = if matches!(ran, Ran::Done(_)) { "RELEASE unit" } else { "ROLLBACK TO unit; RELEASE unit" };
        let gone = if connection.is_autocommit() {
            Some(lost())
        } else {
            end.split("; ").try_for_each(|sql| command(connection, sql)).err()
        };
        finished.push((unit, ran));
        if gone.is_some() {
            finished.extend(units.map(|unit| (unit, Ran::Refused)));
            return (finished, gone);
        }
    }
    (finished, None)
}

/// Nobody hears that something is stored before COMMIT has said so.
fn answer_all(finished: Vec<Finished>, outcome: &Result<(), DbError>, announcer: &Announcer) {
    for (unit, ran) in finished {
        match (ran, outcome) {
            (Ran::Broken(error), _) => unit.answer(Err(error)),
            (_, Err(error)) => unit.answer(Err(error.clone())),
            (Ran::Refused, Ok(())) => unit.answer(Ok(())),
            (Ran::Done(topics), Ok(())) => {
                unit.answer(Ok(()));
                for topic in topics {
                    announcer.tell(Change::Topic(topic));
                }
            }
        }
    }
}

fn read_each(connection: &Connection, queue: &Receiver<Box<dyn Unit>>) {
    while let Ok(mut unit) = queue.recv() {
        let outcome = command(connection, "BEGIN").and_then(|()| match run(connection, unit.as_mut()) {
            Ran::Broken(error) => Err(error),
            Ran::Done(_) | Ran::Refused => Ok(()),
        });
        if !connection.is_autocommit() {
            drop(command(connection, "ROLLBACK"));
        }
        unit.answer(outcome);
    }
}

/// Polls a unit once: everything it may await is ready when it returns.
fn run(connection: &Connection, unit: &mut dyn Unit) -> Ran {
    let mut conn = Conn::new(Engine::Sqlite(connection));
    let polled =
        catch_unwind(AssertUnwindSafe(|| unit.run(&mut conn).as_mut().poll(&mut Context::from_waker(Waker::noop()))));
    match polled {
        Ok(Poll::Ready(done)) => Ran::of(done, &mut conn),
        Ok(Poll::Pending) => Ran::Broken(DbError::Pending),
        Err(_) => Ran::Broken(DbError::Panicked),
    }
}

fn command(connection: &Connection, sql: &'static str) -> Result<(), DbError> {
    let mut statement = connection.prepare_cached(sql).map_err(|e| translate(&e, sql))?;
    statement.raw_execute().map(drop).map_err(|e| translate(&e, sql))
}
