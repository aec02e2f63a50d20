//! Due items and the warnings that they plan. Pure.

use serde::{Deserialize, Serialize};

use crate::i18n::Message;
use crate::kernel::id::id;
use crate::kernel::{Date, DepartmentId, OfficeHours, Ref, Span, Timestamp, UnknownYear, UserId, WorkCalendar};

id! {
    /// Something that falls due.
    DueItemId,
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// By the end of a date at the office.
    On(Date),
    /// At an instant.
    At(Timestamp),
}

/// Something that falls due, as the room that knows it says so.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDue {
    /// The record it belongs to.
    pub subject: Ref,
    /// Which due item of that record: `expires`, `milestone/3`. Saying it again with another date moves it.
    pub source: String,
    /// What people read.
    pub title: Message,
    /// When.
    pub due: Moment,
    /// Whose it is: they see it, and it follows their permission.
    pub owner: UserId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
    /// When and whom to warn.
    pub warn: Warn,
    /// Where it is dealt with.
    pub path: String,
}

/// When and whom to warn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warn {
    /// How long before; calendar days, months or years, or minutes for an instant.
    pub before: Vec<Span>,
    /// Who hears of it.
    pub hearers: Vec<Hearer>,
    /// How long after the due date the owner's manager hears that nobody reacted.
    pub escalate_after: Option<Span>,
}

/// Who hears of a warning: a rule, resolved when it is raised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hearer {
    /// Whose it is.
    Owner,
    /// Their manager.
    ManagerOfOwner,
    /// One person.
    Person(UserId),
    /// Everybody with a role.
    Role(String),
}

/// What a warning is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It will be due, or is due today.
    Ahead,
    /// It is overdue and nobody reacted.
    Escalation,
}

impl Step {
    /// As it stands in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::Escalation => "escalation",
        }
    }
}

/// A warning with its instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedWarning {
    /// When it is raised.
    pub at: Timestamp,
    /// What it is.
    pub step: Step,
}

/// A warning that cannot be dated: the calendar does not know the working days of a year.
pub type UnknownDay = UnknownYear;

impl Moment {
    /// The date at the office.
    pub fn date(self, office: &OfficeHours) -> Date {
        match self {
            Self::On(date) => date,
            Self::At(at) => office.date(at),
        }
    }

    /// The instant from which it is overdue: a date ends with its day.
    pub fn end(self, office: &OfficeHours) -> Timestamp {
        match self {
            Self::On(date) => Timestamp::start_of(date.saturating_add(jiff::Span::new().days(1)), office.zone()),
            Self::At(at) => at,
        }
    }

    fn before(self, span: Span, calendar: &WorkCalendar, office: &OfficeHours) -> Result<Timestamp, UnknownDay> {
        if let (Self::At(at), Span::Minutes(minutes)) = (self, span) {
            return Ok(at.minus(std::time::Duration::from_secs(u64::from(minutes) * 60)));
        }
        Ok(office.opening(span.date_before(self.date(office), calendar)?))
    }
}

/// The warnings of an item that was put at `now`. Those whose time has passed merge into one, raised at once.
pub fn plan(
    due: Moment,
    warn: &Warn,
    now: Timestamp,
    calendar: &WorkCalendar,
    office: &OfficeHours,
) -> Result<Vec<PlannedWarning>, UnknownDay> {
    let mut instants = Vec::new();
    for span in &warn.before {
        instants.push(due.before(*span, calendar, office)?.max(now));
    }
    instants.sort_unstable();
    instants.dedup();
    let mut planned: Vec<_> = instants.into_iter().map(|at| PlannedWarning { at, step: Step::Ahead }).collect();
    if let Some(span) = warn.escalate_after {
        let from = office.close(due.date(office));
        let at = span.due(from, calendar, office)?.at.max(now);
        planned.push(PlannedWarning { at, step: Step::Escalation });
    }
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().unwrap()
    }

    fn planned(due: Moment, before: &[Span], now: &str) -> Vec<Timestamp> {
        let warn = Warn { before: before.to_vec(), ..Warn::default() };
        let planned = plan(due, &warn, at(now), WorkCalendar::mainland(), &OfficeHours::default()).unwrap();
        planned.into_iter().map(|warning| warning.at).collect()
    }

    const NINETY_THIRTY_SEVEN: [Span; 3] = [Span::Days(90), Span::Days(30), Span::Days(7)];

    #[test]
    fn warnings_are_raised_when_the_office_opens() {
        let due = Moment::On(date(2026, 12, 31));
        assert_eq!(
            planned(due, &NINETY_THIRTY_SEVEN, "2026-01-05T10:00"),
            [at("2026-10-02T09:00"), at("2026-12-01T09:00"), at("2026-12-24T09:00")]
        );
    }

    #[test]
    fn warnings_already_past_merge_into_one_at_once() {
        let due = Moment::On(date(2026, 12, 31));
        assert_eq!(
            planned(due, &NINETY_THIRTY_SEVEN, "2026-12-05T10:00"),
            [at("2026-12-05T10:00"), at("2026-12-24T09:00")]
        );
    }

    #[test]
    fn an_instant_is_warned_of_minutes_before() {
        let due = Moment::At(at("2026-03-02T10:00"));
        assert_eq!(planned(due, &[Span::Minutes(10)], "2026-03-01T10:00"), [at("2026-03-02T09:50")]);
    }

    #[test]
    fn nobody_reacting_goes_to_the_manager() {
        let warn = Warn { escalate_after: Some(Span::Days(3)), ..Warn::default() };
        let due = Moment::On(date(2026, 3, 2));
        let planned = plan(due, &warn, at("2026-03-01T10:00"), WorkCalendar::mainland(), &OfficeHours::default());
        let expected = PlannedWarning { at: at("2026-03-05T18:00"), step: Step::Escalation };
        assert_eq!(planned.unwrap(), [expected]);
    }
}
