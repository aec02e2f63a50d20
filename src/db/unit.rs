//! A unit of work without its types, so that an engine is compiled once.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{Conn, DbError};

/// A hot row of PostgreSQL: units with the same key wait for one another before BEGIN instead of failing at COMMIT.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LockKey(Cow<'static, str>);

impl LockKey {
    /// The key, for example `counter:contract`.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self(name.into())
    }

    /// FNV-1a, so that every process and every release has the same number.
    pub(super) fn number(&self) -> i64 {
        let hash =
            self.0.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        i64::from_ne_bytes(hash.to_ne_bytes())
    }
}

/// How a unit wants its transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mode {
    /// One snapshot, nothing changes.
    Read,
    /// As if it ran alone.
    Write,
    /// As if it ran alone, after all others with the key.
    Locked(LockKey),
    /// One snapshot that is written to, for units that compare what they decided on.
    Compared,
    /// READ COMMITTED, for claiming rows that others skip.
    Claim,
}

/// How a run of a unit ended.
#[derive(Debug)]
pub(super) enum Ran {
    /// Store it, then say these topics.
    Done(Vec<Arc<str>>),
    /// It refused; roll back and answer with its own error.
    Refused,
    /// It did not keep the rules of a unit; roll back and answer with this.
    Broken(DbError),
}

impl Ran {
    /// Reads the end of a run off its connection.
    pub(super) fn of(done: bool, conn: &mut Conn<'_>) -> Self {
        match (done, conn.failed.take()) {
            (true, None) => Self::Done(std::mem::take(&mut conn.topics)),
            // It swallowed the failure of a statement.
            (true, Some(error)) => Self::Broken(error),
            // It lost a race, whatever it made of that: it may run again.
            (false, Some(DbError::Busy)) => Self::Broken(DbError::Busy),
            (false, _) => Self::Refused,
        }
    }
}

pub(super) type Running<'u> = Pin<Box<dyn Future<Output = bool> + 'u>>;

/// One unit on its way through an engine.
pub(super) trait Unit: Send {
    /// Runs it, perhaps again, and keeps what it gave. False: roll back.
    fn run<'u>(&'u mut self, conn: &'u mut Conn<'_>) -> Running<'u>;

    /// Answers the caller: what `run` gave, or why it does not count.
    fn answer(self: Box<Self>, outcome: Result<(), DbError>);
}

/// What a unit gave, and the unit itself: whatever it holds is dropped by the caller, not by the thread that others wait for, unless the
/// caller has gone.
pub(super) type Answer<F, T, E> = (Result<T, E>, F);

pub(super) struct TypedUnit<F, T, E> {
    unit: F,
    given: Option<Result<T, E>>,
    caller: oneshot::Sender<Answer<F, T, E>>,
}

impl<F, T, E> TypedUnit<F, T, E> {
    pub(super) fn new(unit: F) -> (Self, oneshot::Receiver<Answer<F, T, E>>) {
        let (caller, answer) = oneshot::channel();
        (Self { unit, given: None, caller }, answer)
    }
}

impl<F, T, E> Unit for TypedUnit<F, T, E>
where
    F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn run<'u>(&'u mut self, conn: &'u mut Conn<'_>) -> Running<'u> {
        Box::pin(async move {
            let given = (self.unit)(conn).await;
            let done = given.is_ok();
            self.given = Some(given);
            done
        })
    }

    fn answer(self: Box<Self>, outcome: Result<(), DbError>) {
        let answer = match (outcome, self.given) {
            (Ok(()), Some(given)) => given,
            (Ok(()), None) => Err(E::from(DbError::Panicked)),
            (Err(error), _) => Err(E::from(error)),
        };
        // The caller may have gone away; what was stored stays stored.
        drop(self.caller.send((answer, self.unit)));
    }
}
