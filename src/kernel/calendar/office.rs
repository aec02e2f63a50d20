//! [`OfficeHours`]: when of a working day people work, and where.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::{UnknownYear, WorkCalendar};
use crate::kernel::time::{DEFAULT_ZONE, Date, Timestamp, zone};

/// The hours of a working day. The default is 09:00–12:00 and 13:30–18:00 in Shanghai.
#[derive(Clone, Debug, PartialEq)]
pub struct OfficeHours {
    sessions: Vec<(Time, Time)>,
    zone: TimeZone,
}

/// Sessions that no office can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("office hours need at least one session, each ending after its start and before the next one")]
pub struct BadHours;

impl Default for OfficeHours {
    fn default() -> Self {
        let at = |hour, minute| Time::constant(hour, minute, 0, 0);
        Self { sessions: vec![(at(9, 0), at(12, 0)), (at(13, 30), at(18, 0))], zone: zone(DEFAULT_ZONE) }
    }
}

impl OfficeHours {
    /// Sessions in their order, each with start and end, in a time zone.
    pub fn new(sessions: Vec<(Time, Time)>, zone: TimeZone) -> Result<Self, BadHours> {
        let each = sessions.iter().all(|(start, end)| start < end);
        let order = sessions.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        if !sessions.is_empty() && each && order { Ok(Self { sessions, zone }) } else { Err(BadHours) }
    }

    /// Where it is.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The date there at that instant.
    pub fn date(&self, at: Timestamp) -> Date {
        at.date_in(&self.zone)
    }

    /// When the office opens on `date`, were it a working day.
    pub fn opening(&self, date: Date) -> Timestamp {
        let first = self.sessions.first().map_or(Time::midnight(), |session| session.0);
        self.instant(date, first)
    }

    /// When the office closes on `date`, were it a working day.
    pub fn close(&self, date: Date) -> Timestamp {
        let last = self.sessions.last().map_or(Time::midnight(), |session| session.1);
        self.instant(date, last)
    }

    /// The instant at which so many minutes inside office hours have passed since `from`. A span that is used up exactly at
    /// the end of a session ends there, not at the start of the next one; no minutes end at `from`.
    pub fn add_minutes(
        &self,
        from: Timestamp,
        minutes: u32,
        calendar: &WorkCalendar,
    ) -> Result<Timestamp, UnknownYear> {
        let mut left = Duration::from_secs(u64::from(minutes) * 60);
        if left.is_zero() {
            return Ok(from);
        }
        let mut date = self.date(from);
        loop {
            if calendar.is_working_day(date)? {
                for (start, end) in self.on(date) {
                    let start = start.max(from);
                    let open = end.since(start);
                    if left <= open {
                        return Ok(start.plus(left));
                    }
                    left -= open;
                }
            }
            date = calendar.neighbour(date, 1)?;
        }
    }

    /// Time inside office hours from `from` to `to`; nothing when `to` is not later.
    pub fn worked(&self, from: Timestamp, to: Timestamp, calendar: &WorkCalendar) -> Result<Duration, UnknownYear> {
        let mut worked = Duration::ZERO;
        let (mut date, last) = (self.date(from), self.date(to));
        while date <= last {
            if calendar.is_working_day(date)? {
                worked += self.on(date).map(|(start, end)| end.min(to).since(start.max(from))).sum::<Duration>();
            }
            date = calendar.neighbour(date, 1)?;
        }
        Ok(worked)
    }

    /// The sessions of a date as instants.
    fn on(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.sessions.iter().map(move |&(start, end)| (self.instant(date, start), self.instant(date, end)))
    }

    fn instant(&self, date: Date, time: Time) -> Timestamp {
        Timestamp::at(date, time, &self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().unwrap()
    }

    fn after(minutes: u32, from: &str) -> Timestamp {
        OfficeHours::default().add_minutes(at(from), minutes, WorkCalendar::mainland()).unwrap()
    }

    #[test]
    fn minutes_are_counted_inside_the_hours_only() {
        for (from, minutes, due) in [
            ("2026-03-02T10:00", 60, "2026-03-02T11:00"),
            ("2026-03-02T11:30", 60, "2026-03-02T14:00"),  // over lunch
            ("2026-03-02T11:00", 60, "2026-03-02T12:00"),  // used up at the end of the morning
            ("2026-03-02T12:30", 30, "2026-03-02T14:00"),  // from within lunch
            ("2026-03-02T17:00", 120, "2026-03-03T10:00"), // over night
            ("2026-03-06T17:00", 120, "2026-03-09T10:00"), // over a weekend
            ("2026-03-02T07:00", 450, "2026-03-02T18:00"), // a whole day
            ("2026-09-30T18:00", 1, "2026-10-08T09:01"),   // over the national holiday
            ("2026-10-10T09:00", 480, "2026-10-12T09:30"), // a worked Saturday
            ("2026-03-07T10:00", 0, "2026-03-07T10:00"),
        ] {
            assert_eq!(after(minutes, from), at(due), "{minutes} minutes from {from}");
        }
    }

    #[test]
    fn a_year_without_data_is_an_error_here_too() {
        let hours = OfficeHours::default();
        let late = hours.add_minutes(at("2026-12-31T17:00"), 61, WorkCalendar::mainland());
        assert_eq!(late.unwrap_err().year, 2027);
        assert!(hours.add_minutes(at("2026-12-31T17:00"), 60, WorkCalendar::mainland()).is_ok());
    }

    #[test]
    fn sessions_must_follow_each_other() {
        let time = |hour| Time::constant(hour, 0, 0, 0);
        let new = |sessions| OfficeHours::new(sessions, TimeZone::UTC);
        assert!(new(vec![(time(9), time(12)), (time(12), time(18))]).is_ok());
        assert_eq!(new(vec![]), Err(BadHours));
        assert_eq!(new(vec![(time(18), time(9))]), Err(BadHours));
        assert_eq!(new(vec![(time(9), time(13)), (time(12), time(18))]), Err(BadHours));
    }

    proptest! {
        #[test]
        fn what_was_added_is_what_was_worked(minute in 0_u64..2_000_000, minutes in 0_u32..5_000) {
            let hours = OfficeHours::default();
            let from = at("2021-01-01T00:00").plus(Duration::from_secs(minute * 60));
            let due = hours.add_minutes(from, minutes, WorkCalendar::mainland()).unwrap();
            let worked = hours.worked(from, due, WorkCalendar::mainland()).unwrap();
            prop_assert_eq!(worked, Duration::from_secs(u64::from(minutes) * 60));
        }
    }
}
