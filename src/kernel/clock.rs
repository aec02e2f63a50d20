//! The one home of the clock. Everything else is told what time it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use super::time::Timestamp;

/// Something that knows what time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// A clock that stands still until it is set: for tests, simulations and replays.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

/// Measures how long something takes, unmoved by changes of the clock.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is its one home")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}

impl ManualClock {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_micros()))
    }

    /// Sets it, backwards too.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }

    /// Moves it forward.
    pub fn advance(&self, span: Duration) {
        self.set(self.now().plus(span));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "this is its one home")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::at(Timestamp::from_micros(5));
        assert_eq!(clock.now(), clock.now());
        clock.advance(Duration::from_micros(3));
        assert_eq!(clock.now().as_micros(), 8);
    }
}
