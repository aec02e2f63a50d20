//! What pages and the API read: what is due, for those who may see it.

use serde::Serialize;

use super::{DUE_ITEM, Deadlines, DueItemId, store};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::i18n::Message;
use crate::kernel::{Date, DepartmentId, Kind, Ref, Timestamp, UserId};
use crate::org::{Action, Scope};
use crate::params;

/// A page of the list.
const DUE_A_PAGE: u32 = 50;
/// So many are counted at most.
const COUNTED: u32 = 1_000;

const SORTS: &[Sort] = &[Sort { name: "due", keys: &[Key::rising("i.due_at"), Key::rising("i.id")] }];

/// Which items a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// Overdue at this instant.
    pub overdue_at: Option<Timestamp>,
    /// Not overdue at this instant.
    pub open_at: Option<Timestamp>,
    /// Due on or after this day.
    pub from: Option<Date>,
    /// Due on or before this day.
    pub until: Option<Date>,
    /// Of one kind of record.
    pub kind: Option<Kind>,
    /// Of one record.
    pub subject: Option<Ref>,
    /// Of one person.
    pub owner: Option<UserId>,
}

/// When items are due, as the page divides them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Their time has passed.
    Overdue,
    /// Later today.
    Today,
    /// Within seven days from tomorrow.
    Week,
    /// Within thirty days, after those.
    Month,
    /// After that.
    Later,
}

impl When {
    /// All of them, the earliest first.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::Week, Self::Month, Self::Later];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::Later => "later",
        }
    }

    /// The one with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Where an item belongs.
    pub fn of(due_on: Date, due_at: Timestamp, today: Date, now: Timestamp) -> Self {
        let days = (due_on - today).get_days();
        match days {
            _ if due_at <= now => Self::Overdue,
            ..=0 => Self::Today,
            1..=7 => Self::Week,
            8..=30 => Self::Month,
            _ => Self::Later,
        }
    }

    fn narrow(self, filter: DueFilter, today: Date, now: Timestamp) -> DueFilter {
        let day = |days: i64| Some(today.saturating_add(jiff::Span::new().days(days)));
        match self {
            Self::Overdue => DueFilter { overdue_at: Some(now), ..filter },
            Self::Today => DueFilter { open_at: Some(now), until: day(0), ..filter },
            Self::Week => DueFilter { from: day(1), until: day(7), ..filter },
            Self::Month => DueFilter { from: day(8), until: day(30), ..filter },
            Self::Later => DueFilter { from: day(31), ..filter },
        }
    }
}

/// A due item in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DueRow {
    /// Its id.
    pub id: DueItemId,
    /// The record.
    pub subject: Ref,
    /// Which due item of the record.
    pub source: String,
    /// What people read.
    pub title: Message,
    /// Where it is dealt with.
    pub path: String,
    /// On which day.
    pub due_on: Date,
    /// From which instant it is overdue.
    pub due_at: Timestamp,
    /// Whose it is.
    pub owner: UserId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
}

impl FromRow for DueRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            source: row.get("source")?,
            title: row.json("title")?,
            path: row.get("path")?,
            due_on: row.get("due_on")?,
            due_at: row.get("due_at")?,
            owner: row.get("owner")?,
            department: row.get("department")?,
        })
    }
}

impl Deadlines {
    /// What a person sees: what their roles grant, and without any grant what is their own.
    pub fn view_of(&self, person: UserId) -> (Scope, DueFilter) {
        if let Ok(scope) = self.org.scope_of(person, &DUE_ITEM, Action::Read) {
            return (scope, DueFilter::default());
        }
        let own = DueFilter { owner: Some(person), ..DueFilter::default() };
        (self.org.scope_of_the_program(&DUE_ITEM, Action::Read), own)
    }

    /// Open items that the scope covers, the earliest first.
    pub async fn due(
        &self,
        scope: &Scope,
        filter: &DueFilter,
        after: Option<Cursor>,
    ) -> Result<(Page<DueRow>, Count), DbError> {
        let list = list(scope, filter);
        let unit = async move |c: &mut Conn<'_>| {
            let page = list.page(c, DUE_A_PAGE, after.as_ref()).await?;
            Ok::<_, DbError>((page, list.count(c, COUNTED).await?))
        };
        self.db.read(unit).await
    }

    /// The same, of one part of the time.
    pub async fn due_when(
        &self,
        scope: &Scope,
        filter: DueFilter,
        when: Option<When>,
        after: Option<Cursor>,
    ) -> Result<(Page<DueRow>, Count), DbError> {
        let now = self.clock.now();
        let today = self.office.date(now);
        let filter = when.map_or(filter.clone(), |when| when.narrow(filter, today, now));
        self.due(scope, &filter, after).await
    }

    /// How many there are in each part of the time.
    pub async fn counts(&self, scope: &Scope, filter: &DueFilter) -> Result<Vec<(When, Count)>, DbError> {
        let now = self.clock.now();
        let today = self.office.date(now);
        let lists = When::ALL.map(|when| (when, list(scope, &when.narrow(filter.clone(), today, now))));
        let unit = async move |c: &mut Conn<'_>| {
            let mut counts = Vec::with_capacity(lists.len());
            for (when, list) in &lists {
                counts.push((*when, list.count(c, COUNTED).await?));
            }
            Ok(counts)
        };
        self.db.read(unit).await
    }

    /// Whether a person may open what the item belongs to: whoever sees what is due need not read every kind of record.
    pub fn may_open(&self, person: UserId, row: &DueRow) -> bool {
        let scope = self.org.scope_of(person, &row.subject.kind, Action::Read);
        scope.is_ok_and(|scope| scope.covers(Some(row.owner), row.department))
    }

    /// How many warnings wait for a year of the calendar.
    pub async fn undated(&self) -> Result<i64, DbError> {
        self.db.read(async |c: &mut Conn<'_>| store::count_undated(c).await).await
    }
}

fn list(scope: &Scope, filter: &DueFilter) -> Query {
    let columns = "i.id, i.subject_kind, i.subject_id, i.source, i.title, i.path, i.due_on, i.due_at, i.owner, \
        i.department";
    let mut list = Query::new(columns, "due_item AS i");
    list.filter("i.cleared_at IS NULL", params![]);
    scope.narrow(&mut list, "i.owner", "i.department");
    if let Some(now) = filter.overdue_at {
        list.filter("i.due_at <= ?", params![now]);
    }
    if let Some(now) = filter.open_at {
        list.filter("i.due_at > ?", params![now]);
    }
    if let Some(from) = filter.from {
        list.filter("i.due_on >= ?", params![from]);
    }
    if let Some(until) = filter.until {
        list.filter("i.due_on <= ?", params![until]);
    }
    if let Some(kind) = &filter.kind {
        list.filter("i.subject_kind = ?", params![kind]);
    }
    if let Some(subject) = &filter.subject {
        list.filter("i.subject_kind = ? AND i.subject_id = ?", params![subject.kind, subject.id]);
    }
    if let Some(owner) = filter.owner {
        list.filter("i.owner = ?", params![owner]);
    }
    list.sort(SORTS, "due");
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::OfficeHours;
    use jiff::civil::date;

    #[test]
    fn an_item_belongs_to_one_part_of_the_time() {
        let office = OfficeHours::default();
        let now = "2026-03-02T09:00:00+08:00".parse().unwrap();
        let of = |on: Date| When::of(on, super::super::Moment::On(on).end(&office), date(2026, 3, 2), now);
        assert_eq!(of(date(2026, 3, 1)), When::Overdue);
        assert_eq!(of(date(2026, 3, 2)), When::Today);
        assert_eq!([of(date(2026, 3, 3)), of(date(2026, 3, 9))], [When::Week, When::Week]);
        assert_eq!([of(date(2026, 3, 10)), of(date(2026, 4, 1))], [When::Month, When::Month]);
        assert_eq!(of(date(2026, 4, 2)), When::Later);
    }
}
