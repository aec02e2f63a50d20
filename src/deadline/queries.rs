//! What pages and the API read: what is due, for those who may see it.

use serde::Serialize;

use super::{Deadlines, DueItemId};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::i18n::Message;
use crate::kernel::{Date, Kind, Ref, Timestamp, UserId};
use crate::org::Scope;
use crate::params;

/// A page of the list.
const DUE_A_PAGE: u32 = 50;

const SORTS: &[Sort] = &[Sort { name: "due", keys: &[Key::rising("i.due_at"), Key::rising("i.id")] }];

/// Which items a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// Overdue at this instant.
    pub overdue_at: Option<Timestamp>,
    /// Due on or after this day.
    pub from: Option<Date>,
    /// Due on or before this day.
    pub until: Option<Date>,
    /// Of one kind of record.
    pub kind: Option<Kind>,
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
        })
    }
}

impl Deadlines {
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
            Ok::<_, DbError>((page, list.count(c, 10_000).await?))
        };
        self.db.read(unit).await
    }
}

fn list(scope: &Scope, filter: &DueFilter) -> Query {
    let columns = "i.id, i.subject_kind, i.subject_id, i.source, i.title, i.path, i.due_on, i.due_at, i.owner";
    let mut list = Query::new(columns, "due_item AS i");
    list.filter("i.cleared_at IS NULL", params![]);
    scope.narrow(&mut list, "i.owner", "i.department");
    if let Some(now) = filter.overdue_at {
        list.filter("i.due_at <= ?", params![now]);
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
    list.sort(SORTS, "due");
    list
}
