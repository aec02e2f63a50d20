//! [`Span`]: how long something may take, and when that ends.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{OfficeHours, UnknownYear, WorkCalendar};
use crate::kernel::time::Timestamp;

/// A span of time as workflows and payment plans write it. JSON: `{"unit":"working_days","count":2}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", content = "count", rename_all = "snake_case")]
pub enum Span {
    /// Minutes by the clock.
    Minutes(u32),
    /// Minutes inside office hours.
    WorkingMinutes(u32),
    /// Calendar days.
    Days(u32),
    /// Working days; the start day is not counted.
    WorkingDays(u32),
    /// Calendar months, clamped to the last day of the month.
    Months(u32),
    /// Calendar years, clamped likewise (29 February).
    Years(u32),
    /// The last day of the month so many months later; 0 is the start's own month.
    EndOfMonth(u32),
}

/// When a span ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// The instant.
    pub at: Timestamp,
    /// The date of that instant at the office.
    pub date: Date,
}

impl Span {
    /// So many hours by the clock.
    pub const fn hours(count: u32) -> Self {
        Self::Minutes(count.saturating_mul(60))
    }

    /// So many hours inside office hours.
    pub const fn working_hours(count: u32) -> Self {
        Self::WorkingMinutes(count.saturating_mul(60))
    }

    /// When it ends, started at `from`. Spans of days and longer end when the office closes on their last date.
    ///
    /// A schedule is made from its first date with growing spans, never from one date to the next: the 31st would slide to
    /// the 28th and stay there.
    pub fn due(self, from: Timestamp, calendar: &WorkCalendar, hours: &OfficeHours) -> Result<Due, UnknownYear> {
        let at = match self {
            Self::Minutes(count) => from.plus(std::time::Duration::from_secs(u64::from(count) * 60)),
            Self::WorkingMinutes(count) => hours.add_minutes(from, count, calendar)?,
            _ => hours.close(self.due_date(hours.date(from), calendar, hours)?),
        };
        Ok(Due { at, date: hours.date(at) })
    }

    /// The date on which it ends, started on `from`; minutes count from the opening of the office on that date.
    pub fn due_date(self, from: Date, calendar: &WorkCalendar, hours: &OfficeHours) -> Result<Date, UnknownYear> {
        Ok(match self {
            Self::Minutes(_) | Self::WorkingMinutes(_) => self.due(hours.opening(from), calendar, hours)?.date,
            Self::Days(count) => from.saturating_add(jiff::Span::new().days(limited(count, 7_000_000))),
            Self::WorkingDays(count) => calendar.add_working_days(from, limited(count, i32::MAX))?,
            Self::Months(count) => add_months(from, limited(count, i32::MAX)),
            Self::Years(count) => add_months(from, limited(count.saturating_mul(12), i32::MAX)),
            Self::EndOfMonth(count) => end_of_month(add_months(from, limited(count, i32::MAX))),
        })
    }

    /// The date that lies so far before `date`: for warnings. Minutes stay on the date; the end of a month counts as its months.
    pub fn date_before(self, date: Date, calendar: &WorkCalendar) -> Result<Date, UnknownYear> {
        Ok(match self {
            Self::Minutes(_) | Self::WorkingMinutes(_) => date,
            Self::Days(count) => date.saturating_sub(jiff::Span::new().days(limited(count, 7_000_000))),
            Self::WorkingDays(count) => calendar.add_working_days(date, -limited(count, i32::MAX))?,
            Self::Months(count) | Self::EndOfMonth(count) => add_months(date, -limited(count, i32::MAX)),
            Self::Years(count) => add_months(date, -limited(count.saturating_mul(12), i32::MAX)),
        })
    }
}

/// The same day so many months later (earlier when negative), or the last day of that month when it is shorter. Dates stay
/// within what can be written.
pub fn add_months(date: Date, months: i32) -> Date {
    date.saturating_add(jiff::Span::new().months(months.clamp(-200_000, 200_000)))
}

/// The last day of the month of `date`.
pub fn end_of_month(date: Date) -> Date {
    date.last_of_month()
}

fn limited(count: u32, limit: i32) -> i32 {
    i32::try_from(count).unwrap_or(limit).min(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().unwrap()
    }

    fn due(span: Span, from: &str) -> Timestamp {
        span.due(at(from), WorkCalendar::mainland(), &OfficeHours::default()).unwrap().at
    }

    #[test]
    fn a_warning_counts_back_by_the_same_units() {
        for (span, before) in [
            (Span::Days(90), date(2026, 10, 2)),
            (Span::WorkingDays(2), date(2026, 12, 29)),
            (Span::Months(3), date(2026, 9, 30)),
            (Span::Years(1), date(2025, 12, 31)),
            (Span::hours(2), date(2026, 12, 31)),
        ] {
            assert_eq!(span.date_before(date(2026, 12, 31), WorkCalendar::mainland()), Ok(before), "{span:?}");
        }
    }

    #[test]
    fn each_unit_ends_where_its_rule_says() {
        for (span, from, end) in [
            (Span::hours(2), "2026-03-06T17:00", "2026-03-06T19:00"),
            (Span::working_hours(2), "2026-03-06T17:00", "2026-03-09T10:00"),
            (Span::Days(3), "2026-03-06T17:00", "2026-03-09T18:00"),
            (Span::WorkingDays(2), "2026-03-06T17:00", "2026-03-10T18:00"),
            (Span::WorkingDays(1), "2026-03-07T17:00", "2026-03-09T18:00"),
            (Span::Months(1), "2026-01-31T10:00", "2026-02-28T18:00"),
            (Span::Years(1), "2024-02-29T10:00", "2025-02-28T18:00"),
            (Span::EndOfMonth(0), "2026-02-03T10:00", "2026-02-28T18:00"),
            (Span::EndOfMonth(1), "2026-01-31T10:00", "2026-02-28T18:00"),
        ] {
            assert_eq!(due(span, from), at(end), "{span:?} from {from}");
        }
    }

    #[test]
    fn the_date_is_the_offices_own() {
        let hours = OfficeHours::default();
        let night = "2026-03-05T16:30:00Z".parse().unwrap(); // 6 March, 00:30 in Shanghai
        let end = Span::Days(1).due(night, WorkCalendar::mainland(), &hours).unwrap();
        assert_eq!(end.date, date(2026, 3, 7));
    }

    #[test]
    fn only_working_spans_ask_the_calendar() {
        let (calendar, hours) = (WorkCalendar::mainland(), OfficeHours::default());
        let from = date(2030, 1, 31);
        assert_eq!(Span::Months(1).due_date(from, calendar, &hours), Ok(date(2030, 2, 28)));
        assert_eq!(Span::WorkingDays(1).due_date(from, calendar, &hours).unwrap_err().year, 2030);
        assert_eq!(Span::WorkingMinutes(1).due_date(from, calendar, &hours).unwrap_err().year, 2030);
    }

    #[test]
    fn a_span_beyond_all_dates_ends_at_the_last_one() {
        let (calendar, hours) = (WorkCalendar::mainland(), OfficeHours::default());
        for span in [Span::Days(u32::MAX), Span::Months(u32::MAX), Span::Years(u32::MAX), Span::EndOfMonth(u32::MAX)] {
            assert_eq!(span.due_date(date(2026, 1, 1), calendar, &hours), Ok(Date::MAX), "{span:?}");
        }
    }

    #[test]
    fn a_span_keeps_its_json() {
        let json = r#"{"unit":"working_days","count":2}"#;
        assert_eq!(serde_json::to_string(&Span::WorkingDays(2)).unwrap(), json);
        assert_eq!(serde_json::from_str::<Span>(json).unwrap(), Span::WorkingDays(2));
    }

    proptest! {
        #[test]
        fn months_keep_the_day_or_take_the_last_one(day in 0_i32..20_000, months in -600_i32..600) {
            let start = date(1990, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            let moved = add_months(start, months);
            let count = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
            prop_assert_eq!(count(moved) - count(start), months);
            prop_assert_eq!(moved.day(), start.day().min(moved.days_in_month()));
        }

        #[test]
        fn a_longer_span_never_ends_earlier(start in 0_u64..2_000_000, count in 0_u32..400) {
            let (calendar, hours) = (WorkCalendar::mainland(), OfficeHours::default());
            let from = at("2010-01-01T00:00").plus(std::time::Duration::from_secs(start * 60));
            for unit in [Span::Minutes, Span::WorkingMinutes, Span::Days, Span::WorkingDays, Span::Months, Span::EndOfMonth] {
                let one = unit(count).due(from, calendar, &hours).unwrap();
                prop_assert!(one <= unit(count + 1).due(from, calendar, &hours).unwrap());
            }
        }
    }
}
