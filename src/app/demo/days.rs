//! The days of the demo company, counted from today, on a clock that only runs forward.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;

use crate::kernel::{Clock as _, Date, ManualClock, OfficeHours, Timestamp, WorkCalendar};

/// How long people take for one thing.
const A_WHILE: Duration = Duration::from_mins(7);

pub(super) struct Days {
    clock: Arc<ManualClock>,
    today: Date,
    now: Timestamp,
    office: OfficeHours,
}

impl Days {
    /// The days up to `now`, with the clock on the morning of the first.
    pub(super) fn up_to(now: Timestamp, first: i32) -> Self {
        let office = OfficeHours::default();
        let days = Self { clock: Arc::new(ManualClock::at(now)), today: office.date(now), now, office };
        days.clock.set(days.morning(first));
        days
    }

    pub(super) fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    /// The date so many days from today.
    pub(super) fn date(&self, day: i32) -> Date {
        self.today.saturating_add(day.days())
    }

    /// The same, on the last working day before where it is none, and not after today where it has passed.
    pub(super) fn working_day(&self, day: i32) -> Date {
        let calendar = WorkCalendar::mainland();
        let mut date = self.date(day);
        while calendar.is_working_day(date) == Ok(false) {
            date = date.saturating_sub(1.day());
        }
        date
    }

    /// People come to work on that day, unless it is later already.
    pub(super) fn begin(&self, day: i32) {
        self.clock.set(self.clock.now().max(self.morning(day)).min(self.now));
    }

    /// Something takes a while.
    pub(super) fn pass(&self) {
        self.clock.set(self.clock.now().plus(A_WHILE).min(self.now));
    }

    /// The company's date on the clock.
    pub(super) fn on_the_clock(&self) -> Date {
        self.office.date(self.clock.now())
    }

    fn morning(&self, day: i32) -> Timestamp {
        self.office.opening(self.working_day(day))
    }
}
