//! The first page: for who reads it, what waits (工作台).

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use crate::approval::{Approvals, BoxFilter, BoxKind, BoxRow};
use crate::deadline::{Deadlines, DueRow, When};
use crate::i18n::{self, msg};
use crate::kernel::{Clock, Date, Money, Timestamp, UserId};
use crate::notify::Notify;
use crate::org::Org;
use crate::web::{self, Address as _, LoggedIn, NavEntry, NavGroup, Page, Visit};

/// Lines that each part shows; the rest is one tap away.
const LINES: usize = 6;

crate::paths! {
    /// The first page.
    pub(super) HomePath = "/" {}
}

/// What the first page reads.
#[derive(Clone)]
pub(super) struct Home {
    pub(super) approvals: Approvals,
    pub(super) deadlines: Deadlines,
    pub(super) notify: Notify,
    pub(super) org: Org,
    pub(super) clock: Arc<dyn Clock>,
}

#[derive(Clone, Serialize)]
struct WelcomePage {}

impl Page for WelcomePage {
    const TEMPLATE: &'static str = "app/welcome.html";
}

#[derive(Clone, Serialize)]
struct HomePage {
    figures: Vec<Figure>,
    starts: Vec<Start>,
    waiting: Vec<Waiting>,
    due: Vec<Due>,
    messages: Vec<Told>,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "app/home.html";
}

#[derive(Clone, Serialize)]
struct Figure {
    label: String,
    count: String,
    path: &'static str,
}

/// Something that people begin here.
#[derive(Clone, Serialize)]
struct Start {
    label: String,
    icon: &'static str,
    path: &'static str,
}

#[derive(Clone, Serialize)]
struct Waiting {
    title: String,
    amount: Option<Money>,
    path: String,
    node: String,
    drafter: String,
    due: Option<Timestamp>,
    late: bool,
}

#[derive(Clone, Serialize)]
struct Due {
    title: String,
    path: String,
    on: Date,
    late: bool,
}

#[derive(Clone, Serialize)]
struct Told {
    headline: String,
    path: String,
    at: Timestamp,
    unread: bool,
}

/// Its line in the navigation.
pub(super) fn nav() -> NavEntry {
    NavEntry::new(NavGroup::Work, msg!("app.home"), "home", &HomePath {}).primary()
}

pub(super) fn routes(home: Home) -> Router {
    Router::new().route(HomePath::PATTERN, get(first)).with_state(home)
}

async fn first(visit: Visit, reader: web::Result<LoggedIn>, State(home): State<Home>) -> web::Result {
    if visit.person().is_none() {
        return visit.page(&WelcomePage {});
    }
    let page = home.of(&reader?).await?;
    visit.page(&page)
}

impl Home {
    async fn of(&self, visit: &LoggedIn) -> web::Result<HomePage> {
        let person = visit.user();
        let (scope, filter) = self.deadlines.view_of(person);
        let counts = self.deadlines.counts(&scope, &filter).await?;
        let count = |when: When| counts.iter().find(|(one, _)| *one == when).map(|(_, count)| count.to_string());
        let waiting = self.approvals.count_of(BoxKind::Waiting, person).await?;
        let inbox = self.notify.inbox(person, false, None).await?;
        let figure = |label, count: String, path| Figure { label: visit.text(&label), count, path };
        let figures = vec![
            figure(msg!("app.waiting"), waiting.to_string(), "/approvals"),
            figure(msg!("app.overdue"), count(When::Overdue).unwrap_or_default(), "/deadlines?when=overdue"),
            figure(msg!("app.due_today"), count(When::Today).unwrap_or_default(), "/deadlines?when=today"),
            figure(msg!("app.due_week"), count(When::Week).unwrap_or_default(), "/deadlines?when=week"),
            figure(msg!("app.unread"), inbox.unread.to_string(), "/messages"),
        ];
        let unsent = if visit.person().may("mail.administer") { self.notify.unsent().await? } else { 0 };
        let mail = (unsent > 0).then(|| figure(msg!("app.unsent"), unsent.to_string(), "/admin/mail"));
        let figures = figures.into_iter().chain(mail).collect();
        let messages = inbox.messages.iter().take(LINES).map(|one| Told {
            headline: self.notify.subject(&one.headline, visit.lang()),
            path: format!("/messages/{}", one.id),
            at: one.out_at,
            unread: one.read_at.is_none(),
        });
        Ok(HomePage {
            figures,
            starts: starts(visit),
            waiting: self.waiting(person).await?,
            due: self.due(visit).await?,
            messages: messages.collect(),
        })
    }

    async fn waiting(&self, person: UserId) -> web::Result<Vec<Waiting>> {
        let (page, _) = self.approvals.page_of(BoxKind::Waiting, person, &BoxFilter::default(), None).await?;
        let (directory, now) = (self.org.directory(), self.clock.now());
        let line = |row: BoxRow| Waiting {
            title: [row.title.as_str(), row.other_party.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            amount: row.amount,
            path: format!("/approvals/{}", row.case),
            node: if row.what == "question" { row.note } else { row.node_title },
            drafter: directory.name(row.drafter),
            due: row.due,
            late: row.due.is_some_and(|due| due <= now),
        };
        Ok(page.rows.into_iter().take(LINES).map(line).collect())
    }

    async fn due(&self, visit: &LoggedIn) -> web::Result<Vec<Due>> {
        let (scope, filter) = self.deadlines.view_of(visit.user());
        let (page, _) = self.deadlines.due_when(&scope, filter, None, None).await?;
        let now = self.clock.now();
        let line = |row: DueRow| Due {
            title: i18n::text(visit.lang(), &row.title),
            path: row.path,
            on: row.due_on,
            late: row.due_at <= now,
        };
        let mine = page.rows.into_iter().filter(|row| self.deadlines.may_open(visit.user(), row));
        Ok(mine.take(LINES).map(line).collect())
    }
}

/// What the reader may begin.
fn starts(visit: &LoggedIn) -> Vec<Start> {
    let all = [
        ("contract.create", msg!("app.begin_contract"), "file-plus", "/contracts/new"),
        ("customer.create", msg!("app.new_customer"), "building-store", "/customers/new"),
        ("follow_up.create", msg!("app.plan_follow_up"), "phone", "/follow-ups/new"),
        ("payment_plan.edit", msg!("app.record_payment"), "coins", "/payments"),
    ];
    let mine = all.into_iter().filter(|(power, ..)| visit.person().may(power));
    mine.map(|(_, label, icon, path)| Start { label: visit.text(&label), icon, path }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_page_renders() {
        crate::web::testing::renders(WelcomePage {}).await;
    }

    #[tokio::test]
    async fn the_home_page_renders_empty_and_full() {
        let at = Timestamp::from_micros(1_772_413_200_000_000);
        let full = HomePage {
            figures: vec![Figure { label: "Waiting".into(), count: "3".into(), path: "/approvals" }],
            starts: vec![Start { label: "Draft".into(), icon: "file-plus", path: "/contracts/new" }],
            waiting: vec![Waiting {
                title: "A".into(),
                amount: None,
                path: "/approvals/1".into(),
                node: String::new(),
                drafter: "B".into(),
                due: Some(at),
                late: true,
            }],
            due: vec![Due {
                title: "C".into(),
                path: "/contracts/1".into(),
                on: jiff::civil::date(2026, 3, 2),
                late: false,
            }],
            messages: vec![Told { headline: "D".into(), path: "/messages/1".into(), at, unread: true }],
        };
        let empty = HomePage {
            figures: Vec::new(),
            starts: Vec::new(),
            waiting: Vec::new(),
            due: Vec::new(),
            messages: Vec::new(),
        };
        crate::web::testing::renders(full).await;
        crate::web::testing::renders(empty).await;
    }
}
