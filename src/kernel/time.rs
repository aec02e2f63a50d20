//! Instants and dates. An instant is a number of microseconds, a date belongs to a place.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Time;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar date without a place or a time.
pub use jiff::civil::Date;

/// The time zone of an installation that has not chosen another.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// An instant: microseconds since 1970-01-01T00:00:00Z. Text and JSON are RFC 3339 with all six digits, in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest instant, in the year -9999.
    pub const MIN: Self = Self(-377_705_023_201_000_000);
    /// The latest instant, at the end of the year 9999.
    pub const MAX: Self = Self(253_402_207_200_999_999);

    /// The instant so many microseconds after the epoch, held within [`Self::MIN`] and [`Self::MAX`].
    pub const fn from_micros(micros: i64) -> Self {
        if micros < Self::MIN.0 {
            Self::MIN
        } else if micros > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micros)
        }
    }

    /// Microseconds since the epoch, as the database keeps it.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Later by `span`, at most [`Self::MAX`].
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self::from_micros(self.0.saturating_add(micros(span)))
    }

    /// Earlier by `span`, at least [`Self::MIN`].
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self::from_micros(self.0.saturating_sub(micros(span)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// The date that it is in `zone` at this instant.
    pub fn date_in(self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.into()).date()
    }

    /// The instant at which the clocks in `zone` show that date and time. Where they are set forward over it, the instant
    /// as late after the gap; where they show it twice, the first.
    pub fn at(date: Date, time: Time, zone: &TimeZone) -> Self {
        let shown = zone.to_ambiguous_zoned(date.to_datetime(time)).compatible();
        shown.map_or(if date < Date::ZERO { Self::MIN } else { Self::MAX }, |zoned| zoned.timestamp().into())
    }

    /// The first instant of `date` in `zone`.
    pub fn start_of(date: Date, zone: &TimeZone) -> Self {
        Self::at(date, Time::midnight(), zone)
    }
}

/// The zone of that IANA name, or [`DEFAULT_ZONE`] when no such zone is known.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).or_else(|_| TimeZone::get(DEFAULT_ZONE)).unwrap_or(TimeZone::UTC)
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(at: Timestamp) -> Self {
        // Every `Timestamp` is within jiff's range by construction.
        Self::from_microsecond(at.0).unwrap_or(Self::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&DateTimePrinter::new().precision(Some(6)).timestamp_to_string(&(*self).into()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>().map(Into::into)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        jiff::Timestamp::deserialize(deserializer).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_is_written_with_six_digits_in_utc() {
        assert_eq!(at("2026-03-01T18:00:00+08:00").to_string(), "2026-03-01T10:00:00.000000Z");
        assert_eq!(serde_json::to_string(&Timestamp::from_micros(1)).unwrap(), "\"1970-01-01T00:00:00.000001Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>("\"1970-01-01T00:00:00.000001Z\"").unwrap().as_micros(), 1);
    }

    #[test]
    fn the_date_depends_on_the_place() {
        let late = at("2026-02-28T16:30:00Z");
        assert_eq!(late.date_in(&zone(DEFAULT_ZONE)), jiff::civil::date(2026, 3, 1));
        assert_eq!(late.date_in(&zone("UTC")), jiff::civil::date(2026, 2, 28));
    }

    #[test]
    fn a_day_starts_at_its_place() {
        let start = Timestamp::start_of(jiff::civil::date(2026, 3, 1), &zone(DEFAULT_ZONE));
        assert_eq!(start, at("2026-02-28T16:00:00Z"));
    }

    #[test]
    fn arithmetic_stays_within_what_can_be_written() {
        assert_eq!(Timestamp::MAX.plus(Duration::from_secs(1)), Timestamp::MAX);
        assert_eq!(Timestamp::from_micros(i64::MIN), Timestamp::MIN);
        assert_eq!(Timestamp::MIN, jiff::Timestamp::MIN.into());
        assert_eq!(Timestamp::MAX, jiff::Timestamp::MAX.into());
        assert_eq!(at("2026-03-01T00:00:01Z").since(at("2026-03-01T00:00:00Z")), Duration::from_secs(1));
        assert_eq!(at("2026-03-01T00:00:00Z").since(at("2026-03-01T00:00:01Z")), Duration::ZERO);
    }
}
