//! 到期与预警: what is due, divided by when.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{Deadlines, DueRow, When};
use crate::db::Cursor;
use crate::i18n::{Message, msg};
use crate::kernel::{Date, Timestamp};
use crate::web::{self, Address as _, LoggedIn, NavEntry, NavGroup, Page, Query};

crate::paths! {
    /// What is due.
    pub DeadlinesPath = "/deadlines" {}
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    when: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Clone, Serialize)]
struct DeadlinesPage {
    parts: Vec<Part>,
    groups: Vec<Group>,
    undated: i64,
    next: String,
}

#[derive(Clone, Serialize)]
struct Part {
    label: String,
    path: String,
    active: bool,
    count: String,
}

#[derive(Clone, Serialize)]
struct Group {
    label: String,
    overdue: bool,
    rows: Vec<Row>,
}

#[derive(Clone, Serialize)]
struct Row {
    title: String,
    /// Empty for a reader who may not open it.
    path: String,
    due_on: Date,
    /// With the time of day, where it is due at an instant.
    due_at: Option<Timestamp>,
    days: String,
    owner: String,
}

impl Page for DeadlinesPage {
    const TEMPLATE: &'static str = "deadline/list.html";
}

/// The pages of this room.
pub fn routes(deadlines: Deadlines) -> Router {
    Router::new().route(DeadlinesPath::PATTERN, get(list)).with_state(deadlines)
}

/// Its line in the navigation.
pub fn nav() -> NavEntry {
    NavEntry::new(NavGroup::Contracts, msg!("deadline.title"), "calendar-due", &DeadlinesPath {})
}

async fn list(visit: LoggedIn, State(deadlines): State<Deadlines>, Query(query): Query<ListQuery>) -> web::Result {
    let (scope, filter) = deadlines.view_of(visit.user());
    let when = When::named(&query.when);
    let after = query.after.parse::<Cursor>().ok();
    let (page, _) = deadlines.due_when(&scope, filter.clone(), when, after).await?;
    let counts = deadlines.counts(&scope, &filter).await?;
    let address = |query: &ListQuery| DeadlinesPath {}.with_query(query).map_err(web::Error::internal);
    let mut parts = vec![Part {
        label: visit.text(&msg!("deadline.all")),
        path: address(&ListQuery::default())?,
        active: when.is_none(),
        count: String::new(),
    }];
    for (one, count) in counts {
        parts.push(Part {
            label: visit.text(&name(one)),
            path: address(&ListQuery { when: one.name().to_owned(), after: String::new() })?,
            active: when == Some(one),
            count: if count.counted == 0 { String::new() } else { count.to_string() },
        });
    }
    let next = match page.next {
        Some(cursor) => address(&ListQuery { after: cursor.to_string(), ..query })?,
        None => String::new(),
    };
    let groups = groups(&visit, &deadlines, page.rows);
    visit.page(&DeadlinesPage { parts, groups, undated: deadlines.undated().await?, next })
}

/// The rows stand in the order of their dates, so each part of the time is one run of them.
fn groups(visit: &LoggedIn, deadlines: &Deadlines, rows: Vec<DueRow>) -> Vec<Group> {
    let now = deadlines.clock.now();
    let (today, directory) = (deadlines.office.date(now), deadlines.org.directory());
    let mut groups: Vec<(When, Group)> = Vec::new();
    for row in rows {
        let when = When::of(row.due_on, row.due_at, today, now);
        let at_an_instant = super::Moment::On(row.due_on).end(&deadlines.office) != row.due_at;
        let may_open = deadlines.may_open(visit.user(), &row);
        let shown = Row {
            title: visit.text(&row.title),
            path: if may_open { row.path } else { String::new() },
            due_on: row.due_on,
            due_at: at_an_instant.then_some(row.due_at),
            days: visit.text(&days((row.due_on - today).get_days())),
            owner: directory.name(row.owner),
        };
        match groups.last_mut() {
            Some((last, group)) if *last == when => group.rows.push(shown),
            _ => {
                let (label, overdue) = (visit.text(&name(when)), when == When::Overdue);
                groups.push((when, Group { label, overdue, rows: vec![shown] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn days(days: i32) -> Message {
    match days {
        0 => msg!("deadline.today"),
        1 => msg!("deadline.tomorrow"),
        -1 => msg!("deadline.yesterday"),
        days if days > 0 => msg!("deadline.in_days", days = days),
        days => msg!("deadline.days_ago", days = -days),
    }
}

fn name(when: When) -> Message {
    match when {
        When::Overdue => msg!("deadline.when.overdue"),
        When::Today => msg!("deadline.when.today"),
        When::Week => msg!("deadline.when.week"),
        When::Month => msg!("deadline.when.month"),
        When::Later => msg!("deadline.when.later"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn what_is_due_renders() {
        let row = |due_at| Row {
            title: "Contract expires".into(),
            path: "/contracts/1".into(),
            due_on: jiff::civil::date(2026, 3, 1),
            due_at,
            days: "in 3 days".into(),
            owner: "Zhang".into(),
        };
        let group = |overdue, rows| Group { label: "Today".into(), overdue, rows };
        let part = Part { label: "All".into(), path: "/deadlines".into(), active: true, count: "3".into() };
        let groups = vec![group(true, vec![row(None)]), group(false, vec![row(Some(Timestamp::from_micros(0)))])];
        renders(DeadlinesPage { parts: vec![part.clone()], groups, undated: 2, next: String::new() }).await;
        renders(DeadlinesPage { parts: vec![part], groups: vec![], undated: 0, next: String::new() }).await;
    }
}
