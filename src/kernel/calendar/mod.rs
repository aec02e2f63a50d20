//! Working days, office hours, and the spans of time that deadlines are made of.
//!
//! Which days are worked is data per year. A year without data is an error value, [`UnknownYear`], never a guess.

mod office;
mod span;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::Weekday;

use super::time::Date;

pub use office::OfficeHours;
pub use span::{Due, Span, add_months, end_of_month};

/// Which days are worked in a place: Monday to Friday, except what the notices of its years say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    name: String,
    years: BTreeSet<i16>,
    days: BTreeMap<Date, Special>,
}

/// A day that is not what its weekday says, or that has a holiday's name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Special {
    worked: bool,
    holiday: String,
}

/// A year for which a calendar has no data yet: whether a day of it is worked is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar {calendar} does not know the working days of {year} yet")]
pub struct UnknownYear {
    /// The calendar's name.
    pub calendar: String,
    /// The year.
    pub year: i16,
}

/// A line of calendar data that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the calendar {calendar} is not “year YYYY” or “off|work FIRST LAST NAME”")]
pub struct BadCalendar {
    /// The calendar's name.
    pub calendar: String,
    /// The line, from 1.
    pub line: usize,
}

static MAINLAND: LazyLock<WorkCalendar> = LazyLock::new(|| {
    let read = WorkCalendar::read("cn", include_str!("cn.txt"));
    // The data is part of the program and a test reads it; were it broken, every year would be unknown.
    read.unwrap_or_else(|_| WorkCalendar { name: "cn".into(), years: BTreeSet::new(), days: BTreeMap::new() })
});

impl WorkCalendar {
    /// Mainland China, with its moved working days (调休), from 2007 to the last year whose notice is out.
    pub fn mainland() -> &'static Self {
        &MAINLAND
    }

    /// Reads calendar data: `year YYYY` lines, and `off|work FIRST LAST NAME` lines in any order; `#` begins a comment.
    pub fn read(name: &str, data: &str) -> Result<Self, BadCalendar> {
        let mut calendar = Self { name: name.to_owned(), years: BTreeSet::new(), days: BTreeMap::new() };
        for (place, line) in data.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') && calendar.read_line(line).is_none() {
                return Err(BadCalendar { calendar: name.to_owned(), line: place + 1 });
            }
        }
        Ok(calendar)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let mut words = line.split_whitespace();
        let worked = match words.next()? {
            "year" => {
                self.years.insert(words.next()?.parse().ok()?);
                return words.next().is_none().then_some(());
            }
            "off" => false,
            "work" => true,
            _ => return None,
        };
        let (first, last): (Date, Date) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let holiday = words.collect::<Vec<_>>().join(" ");
        if first > last || first.year() != last.year() {
            return None;
        }
        for date in first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last) {
            let day = Special { worked, holiday: holiday.clone() };
            if self.days.insert(date, day).is_some() {
                return None;
            }
        }
        Some(())
    }

    /// Its name: `cn`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The years it knows.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    /// Whether `date` is a working day.
    pub fn is_working_day(&self, date: Date) -> Result<bool, UnknownYear> {
        if let Some(day) = self.days.get(&date) {
            return Ok(day.worked);
        }
        if !self.years.contains(&date.year()) {
            return Err(UnknownYear { calendar: self.name.clone(), year: date.year() });
        }
        Ok(!matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
    }

    /// The holiday because of which `date` is off or, moved, worked.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.days.get(&date).map(|day| day.holiday.as_str())
    }

    /// `date` itself if it is worked, else the first working day after it (顺延).
    pub fn roll_forward(&self, date: Date) -> Result<Date, UnknownYear> {
        let mut date = date;
        while !self.is_working_day(date)? {
            date = self.neighbour(date, 1)?;
        }
        Ok(date)
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: Date) -> Result<Date, UnknownYear> {
        self.add_working_days(date, 1)
    }

    /// The n-th working day after `date`, which is not counted itself; before it when n is negative; `date` itself when n is 0.
    pub fn add_working_days(&self, date: Date, n: i32) -> Result<Date, UnknownYear> {
        let mut date = date;
        let mut left = n.unsigned_abs();
        while left > 0 {
            date = self.neighbour(date, n.signum())?;
            if self.is_working_day(date)? {
                left -= 1;
            }
        }
        Ok(date)
    }

    /// Working days after `from` up to and with `to`; negative when `to` is earlier. The inverse of adding.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i32, UnknownYear> {
        let step = if to >= from { 1 } else { -1 };
        let (mut date, mut count) = (from, 0);
        while date != to {
            date = self.neighbour(date, step)?;
            if self.is_working_day(date)? {
                count += step;
            }
        }
        Ok(count)
    }

    /// The day after or before; beyond the last date that can be written no year is known.
    fn neighbour(&self, date: Date, step: i32) -> Result<Date, UnknownYear> {
        let next = if step < 0 { date.yesterday() } else { date.tomorrow() };
        next.map_err(|_| UnknownYear { calendar: self.name.clone(), year: date.year() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn unknown(year: i16) -> UnknownYear {
        UnknownYear { calendar: "cn".into(), year }
    }

    #[test]
    fn the_shipped_data_is_read_whole() {
        let calendar = WorkCalendar::read("cn", include_str!("cn.txt")).unwrap();
        assert_eq!(&calendar, WorkCalendar::mainland());
        assert_eq!(calendar.years().collect::<Vec<_>>(), (2007..=2026).collect::<Vec<_>>());
    }

    #[test]
    fn days_are_moved_as_the_notices_say() {
        let calendar = WorkCalendar::mainland();
        for (day, worked, holiday) in [
            (date(2025, 1, 26), true, Some("春节")),    // a Sunday that is worked
            (date(2025, 1, 28), false, Some("春节")),   // a Tuesday that is off
            (date(2026, 10, 10), true, Some("国庆节")), // a Saturday that is worked
            (date(2026, 3, 7), false, None),            // a Saturday
            (date(2026, 3, 9), true, None),             // a Monday
            (date(2006, 12, 30), true, Some("元旦")),   // named by the notice for 2007
        ] {
            assert_eq!(calendar.is_working_day(day), Ok(worked), "{day}");
            assert_eq!(calendar.holiday(day), holiday, "{day}");
        }
    }

    #[test]
    fn a_year_without_a_notice_is_not_known() {
        let calendar = WorkCalendar::mainland();
        assert_eq!(calendar.is_working_day(date(2027, 1, 1)), Err(unknown(2027)));
        assert_eq!(calendar.add_working_days(date(2026, 12, 30), 1), Ok(date(2026, 12, 31)));
        assert_eq!(calendar.add_working_days(date(2026, 12, 30), 2), Err(unknown(2027)));
        assert_eq!(calendar.is_working_day(date(2006, 12, 29)), Err(unknown(2006)));
        assert_eq!(calendar.add_working_days(date(9999, 12, 31), 1), Err(unknown(9999)));
    }

    #[test]
    fn the_start_day_is_not_counted_whether_worked_or_not() {
        let calendar = WorkCalendar::mainland();
        assert_eq!(calendar.add_working_days(date(2025, 4, 6), 3), Ok(date(2025, 4, 9)));
        assert_eq!(calendar.add_working_days(date(2025, 4, 9), -3), Ok(date(2025, 4, 3)));
        assert_eq!(calendar.add_working_days(date(2025, 4, 6), 0), Ok(date(2025, 4, 6)));
        assert_eq!(calendar.next_working_day(date(2026, 9, 30)), Ok(date(2026, 10, 8)));
        assert_eq!(calendar.roll_forward(date(2026, 9, 30)), Ok(date(2026, 9, 30)));
        assert_eq!(calendar.roll_forward(date(2026, 10, 1)), Ok(date(2026, 10, 8)));
    }

    #[test]
    fn another_calendar_stands_beside_it_and_a_broken_one_names_its_line() {
        let own = WorkCalendar::read("own", "# ours\nyear 2027\noff 2027-03-01 2027-03-02 founding days\n").unwrap();
        assert_eq!(own.is_working_day(date(2027, 3, 1)), Ok(false));
        assert_eq!(own.holiday(date(2027, 3, 2)), Some("founding days"));
        for bad in ["yaer 2027", "off 2027-03-02 2027-03-01 x", "off 2027-02-30 2027-02-30 x", "year 2027 2028"] {
            let error = BadCalendar { calendar: "own".into(), line: 2 };
            assert_eq!(WorkCalendar::read("own", &format!("year 2026\n{bad}")), Err(error), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn adding_and_counting_working_days_are_inverse(day in 0_i32..6000, n in -200_i32..200) {
            let calendar = WorkCalendar::mainland();
            let start = date(2008, 6, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            let due = calendar.add_working_days(start, n).unwrap();
            prop_assert!(n == 0 || calendar.is_working_day(due).unwrap());
            prop_assert_eq!(calendar.working_days_between(start, due).unwrap(), n);
        }
    }
}
