//! Due items and the warnings that they plan. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::i18n::Message;
use crate::kernel::id::id;
use crate::kernel::{Date, DepartmentId, OfficeHours, Ref, Span, Timestamp, UnknownYear, UserId, WorkCalendar};
use crate::workflow::Directory;

id! {
    /// Something that falls due.
    DueItemId,
    /// A warning of a due item.
    WarningId,
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
    /// When and whom to warn; [`warn`](super::warn) adds further rules.
    pub warn: Warn,
    /// Where it is dealt with.
    pub path: String,
}

/// When and whom to warn. An item can have several such rules: one of its own, others that a workflow or a person added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warn {
    /// How long before; calendar days, months or years, or minutes for an instant.
    pub before: Vec<Span>,
    /// Who hears of it.
    pub hearers: Vec<Hearer>,
    /// How long after the due date the owner's manager hears that nobody reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

    /// The one with that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Ahead, Self::Escalation].into_iter().find(|one| one.name() == name)
    }
}

/// A warning with its instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedWarning {
    /// When it is raised; `None`: the calendar does not know the working days of that year yet, and it is dated when it does.
    pub at: Option<Timestamp>,
    /// How long before the due date, or after it.
    pub span: Span,
    /// What it is.
    pub step: Step,
}

/// A day that cannot be found: the calendar does not know the working days of a year.
pub type UnknownDay = UnknownYear;

impl Step {
    /// When a warning of this step is to be raised, so long before the due date or after it.
    pub fn at(
        self,
        due: Moment,
        span: Span,
        calendar: &WorkCalendar,
        office: &OfficeHours,
    ) -> Result<Timestamp, UnknownDay> {
        match self {
            Self::Ahead => due.before(span, calendar, office),
            Self::Escalation => {
                let from = match due {
                    Moment::On(date) => office.close(date),
                    Moment::At(at) => at,
                };
                Ok(span.due(from, calendar, office)?.at)
            }
        }
    }
}

impl Hearer {
    /// The people that it means now.
    fn people(&self, owner: UserId, directory: &Directory) -> Vec<UserId> {
        let manager = || directory.manager(owner).map(|(manager, _)| manager);
        match self {
            Self::Owner if directory.is_active(owner) => vec![owner],
            Self::Owner => manager().into_iter().collect(),
            Self::ManagerOfOwner => manager().or(Some(owner)).into_iter().collect(),
            Self::Person(person) => vec![*person],
            Self::Role(role) => directory.with_role(role).map(|person| person.id).collect(),
        }
    }
}

/// Who hears of a warning: everybody active that a rule means, and where that is nobody, everybody with the role `last`.
pub fn audience(hearers: &[Hearer], owner: UserId, directory: &Directory, last: &str) -> BTreeSet<UserId> {
    let people = hearers.iter().flat_map(|hearer| hearer.people(owner, directory));
    let active: BTreeSet<UserId> = people.filter(|person| directory.is_active(*person)).collect();
    if active.is_empty() { directory.with_role(last).map(|person| person.id).collect() } else { active }
}

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

    /// As the table has it: a date is overdue from the end of its day.
    pub(super) fn stored(date: Date, end: Timestamp, office: &OfficeHours) -> Self {
        if Self::On(date).end(office) == end { Self::On(date) } else { Self::At(end) }
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
) -> Vec<PlannedWarning> {
    let warning = |span: Span, step: Step| {
        let at = step.at(due, span, calendar, office).ok().map(|at| at.max(now));
        PlannedWarning { at, span, step }
    };
    let mut planned: Vec<_> = warn.before.iter().map(|span| warning(*span, Step::Ahead)).collect();
    planned.sort_by_key(|warning| warning.at);
    planned.dedup_by(|one, other| one.at.is_some() && one.at == other.at);
    planned.extend(warn.escalate_after.map(|span| warning(span, Step::Escalation)));
    planned
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
        let planned = plan(due, &warn, at(now), WorkCalendar::mainland(), &OfficeHours::default());
        planned.into_iter().map(|warning| warning.at.unwrap()).collect()
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
        let (at, span, step) = (Some(at("2026-03-05T18:00")), Span::Days(3), Step::Escalation);
        assert_eq!(planned, [PlannedWarning { at, span, step }]);
    }

    #[test]
    fn a_year_that_the_calendar_does_not_know_leaves_its_warning_without_a_date() {
        let warn = Warn { before: vec![Span::WorkingDays(3), Span::Days(7)], ..Warn::default() };
        let due = Moment::On(date(2031, 3, 3));
        let planned = plan(due, &warn, at("2026-03-01T10:00"), WorkCalendar::mainland(), &OfficeHours::default());
        let dated: Vec<_> = planned.iter().map(|warning| (warning.span, warning.at)).collect();
        assert_eq!(dated, [(Span::WorkingDays(3), None), (Span::Days(7), Some(at("2031-02-24T09:00")))]);
    }

    /// 1 leads 2; 3 is an accountant, 4 was one.
    fn directory() -> Directory {
        let person = |id: i64, manager: Option<i64>, role: &str, active: bool| crate::workflow::Person {
            id: UserId::new(id),
            login: format!("u{id}"),
            name: format!("u{id}"),
            active,
            department: None,
            manager: manager.map(UserId::new),
            roles: [role.to_owned()].into(),
            absences: Vec::new(),
        };
        let people = [person(1, None, "boss", true), person(2, Some(1), "seller", true)];
        let people =
            people.into_iter().chain([person(3, None, "accountant", true), person(4, None, "accountant", false)]);
        Directory { people: people.map(|one| (one.id, one)).collect(), ..Directory::default() }
    }

    fn heard(hearers: &[Hearer], owner: i64) -> Vec<i64> {
        audience(hearers, UserId::new(owner), &directory(), "boss").into_iter().map(UserId::get).collect()
    }

    #[test]
    fn rules_find_the_people_of_the_day() {
        assert_eq!(heard(&[Hearer::Owner, Hearer::Role("accountant".into())], 2), [2, 3]);
        assert_eq!(heard(&[Hearer::ManagerOfOwner, Hearer::Person(UserId::new(3))], 2), [1, 3]);
        assert_eq!(heard(&[Hearer::ManagerOfOwner], 1), [1], "who has no manager hears it themselves");
    }

    #[test]
    fn a_warning_that_would_reach_nobody_reaches_those_who_look_after_it() {
        assert_eq!(heard(&[Hearer::Owner], 4), [1]);
        assert_eq!(heard(&[Hearer::Person(UserId::new(4))], 2), [1]);
    }
}
