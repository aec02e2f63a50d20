//! How a figure is written, and how many figures become one.

use std::io::Write as _;
use std::time::Duration;

/// `bench: NAME VALUE UNIT`.
pub(crate) fn figure(name: &str, value: impl std::fmt::Display, unit: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "bench: {name} {value} {unit}").unwrap();
    out.flush().unwrap();
}

/// How many a second, in whole numbers.
pub(crate) fn per_second(count: usize, took: Duration) -> u128 {
    count as u128 * 1_000_000 / took.as_micros().max(1)
}

/// What many callers saw.
pub(crate) struct Run {
    /// From the first call to the last answer.
    pub(crate) took: Duration,
    /// Of every call.
    pub(crate) latencies: Vec<Duration>,
}

impl Run {
    /// Writes its figures: `PREFIX_decisions_per_s_N`, `PREFIX_p50_us_N`, `PREFIX_p99_us_N`.
    pub(crate) fn write(mut self, prefix: &str, callers: usize) {
        self.latencies.sort_unstable();
        let rate = per_second(self.latencies.len(), self.took);
        figure(&format!("{prefix}_decisions_per_s_{callers}"), rate, "1/s");
        for percent in [50, 99] {
            let place = (self.latencies.len() * percent / 100).min(self.latencies.len() - 1);
            let micros = self.latencies[place].as_micros();
            figure(&format!("{prefix}_p{percent}_us_{callers}"), micros, "us");
        }
    }
}
