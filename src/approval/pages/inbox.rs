//! The four boxes, how much waits, and several decisions at once.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::case::actor;
use super::{BatchPath, BoxesPath, CasePath, Choice, CountPath};
use crate::approval::{ApprovalError, Ask, BoxFilter, BoxKind, BoxRow, Desk, refusals, words};
use crate::db::Cursor;
use crate::i18n::{self, Explain as _, Message, msg};
use crate::kernel::{CaseId, Hash, Kind, Money, Timestamp};
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, Query};
use crate::workflow::{Act, Directory, Status, TaskNumber, Verdict};

/// Decisions that one form may take.
const AT_ONCE: usize = 50;
/// Refusals that the note spells out.
const SPELLED_OUT: usize = 3;

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct ListQuery {
    #[serde(rename = "box")]
    which: String,
    q: String,
    kind: String,
    overdue: String,
    after: String,
}

#[derive(Clone, Serialize)]
struct BoxesPage {
    which: &'static str,
    tabs: Vec<Tab>,
    filter: FormState,
    kinds: Vec<Choice>,
    rows: Vec<ShownRow>,
    count: String,
    next: String,
    filtered: bool,
    refresh: String,
}

impl Page for BoxesPage {
    const TEMPLATE: &'static str = "approval/boxes.html";
}

#[derive(Clone, Serialize)]
struct Tab {
    label: String,
    path: String,
    active: bool,
    count: String,
}

#[derive(Clone, Serialize)]
struct ShownRow {
    path: String,
    what: String,
    title: String,
    other_party: String,
    amount: Option<Money>,
    drafter: String,
    node: String,
    note: String,
    choice: Option<Message>,
    tone: &'static str,
    status: Option<Message>,
    at: Timestamp,
    due: Option<Timestamp>,
    late: bool,
    read: bool,
    acting_for: Option<String>,
    /// What the box before it sends: case, task and the content that this line stands for.
    item: Option<String>,
}

#[derive(Deserialize)]
struct BatchForm {
    #[serde(default)]
    item: Vec<String>,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(BoxesPath::PATTERN, get(list))
        .route(CountPath::PATTERN, get(count))
        .route(BatchPath::PATTERN, post(batch))
}

async fn list(visit: LoggedIn, State(desk): State<Desk>, Query(query): Query<ListQuery>) -> web::Result {
    let which = BoxKind::named(&query.which).unwrap_or_default();
    let filter = BoxFilter {
        kind: query.kind.parse().ok(),
        words: query.q.clone(),
        overdue: !query.overdue.is_empty(),
        unread: false,
    };
    let after = query.after.parse::<Cursor>().ok();
    let (page, count) = desk.approvals().page_of(which, visit.user(), &filter, after).await?;
    let now = desk.approvals().now();
    let directory = desk.directory();
    let address = |query: &ListQuery| BoxesPath {}.with_query(query).map_err(web::Error::internal);
    let next = match page.next {
        Some(cursor) => address(&ListQuery { after: cursor.to_string(), ..query.clone() })?,
        None => String::new(),
    };
    let rows = page.rows.into_iter().map(|row| shown(row, &directory, visit.user(), now)).collect();
    let refresh = address(&query)?;
    visit.page(&BoxesPage {
        which: which.name(),
        tabs: tabs(&visit, &desk, which).await?,
        filter: FormState::of(&query)?,
        kinds: kinds(&visit, &desk),
        rows,
        count: count.to_string(),
        next,
        filtered: filter != BoxFilter::default(),
        refresh,
    })
}

async fn tabs(visit: &LoggedIn, desk: &Desk, active: BoxKind) -> Result<Vec<Tab>, ApprovalError> {
    let mut tabs = Vec::new();
    for which in BoxKind::ALL {
        let (label, counted) = match which {
            BoxKind::Waiting => (msg!("approval.box.waiting"), true),
            BoxKind::Handled => (msg!("approval.box.handled"), false),
            BoxKind::Started => (msg!("approval.box.started"), false),
            BoxKind::Copied => (msg!("approval.box.copied"), true),
        };
        let count = if counted { Some(desk.approvals().count_of(which, visit.user()).await?) } else { None };
        tabs.push(Tab {
            label: visit.text(&label),
            path: format!("{}?box={}", BoxesPath {}, which.name()),
            active: which == active,
            count: count.filter(|count| count.counted > 0).map(|count| count.to_string()).unwrap_or_default(),
        });
    }
    Ok(tabs)
}

fn kinds(visit: &LoggedIn, desk: &Desk) -> Vec<Choice> {
    let titles = desk.kind_titles();
    let label = |kind: &Kind| titles.get(kind).map_or_else(|| kind.to_string(), |title| visit.text(title));
    desk.approvals().registry().schemas().map(|schema| Choice::new(&schema.kind, label(&schema.kind))).collect()
}

fn shown(row: BoxRow, directory: &Directory, reader: crate::kernel::UserId, now: Timestamp) -> ShownRow {
    let item = match (row.what.as_str(), row.content) {
        ("task", Some(content)) => Some(format!("{}:{}:{content}", row.case, row.number)),
        _ => None,
    };
    let acting_for = row.person.filter(|person| row.what == "task" && *person != reader);
    ShownRow {
        path: CasePath { case: row.case }.to_string(),
        drafter: directory.name(row.drafter),
        status: status_named(&row.status).map(refusals::status),
        choice: (!row.choice.is_empty()).then(|| words::choice_named(&row.choice)),
        tone: match row.choice.as_str() {
            "approve" => "good",
            "reject" => "bad",
            "return" => "warn",
            _ => "",
        },
        late: row.due.is_some_and(|due| due < now),
        acting_for: acting_for.map(|person| directory.name(person)),
        // The node of a copy is only a name.
        node: if row.what == "copy" { String::new() } else { row.node_title },
        what: row.what,
        title: row.title,
        other_party: row.other_party,
        amount: row.amount,
        note: row.note,
        at: row.at,
        due: row.due,
        read: row.read,
        item,
    }
}

/// A state by the word in its column.
pub(super) fn status_named(word: &str) -> Option<Status> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// Nothing where nothing waits, so that the mark is not drawn.
async fn count(visit: LoggedIn, State(desk): State<Desk>) -> web::Result<Html<String>> {
    let count = desk.approvals().count_of(BoxKind::Waiting, visit.user()).await?;
    Ok(Html(if count.counted == 0 { String::new() } else { count.to_string() }))
}

/// Approves what is marked, each on the content that its line stood for.
async fn batch(visit: LoggedIn, State(desk): State<Desk>, form: Form<BatchForm>) -> web::Result {
    let items = form.value.item.iter().take(AT_ONCE);
    let items: Option<Vec<_>> = items.map(|item| parsed(item)).collect();
    let (mut approved, mut refused) = (0_usize, Vec::new());
    for (case, task, shown) in items.ok_or_else(|| web::Error::bad_form("item"))? {
        let verdict = Verdict { task: Some(task), shown: Some(shown), ..Verdict::default() };
        match desk.act(Ask::of_case(case, actor(&visit), Act::Approve(verdict))).await {
            Ok(_) => approved += 1,
            Err(error @ (ApprovalError::Db(_) | ApprovalError::Json(_))) => return Err(error.into()),
            Err(error) => refused.push(msg!("approval.batch_refused", case = case.get(), reason = error.message())),
        }
    }
    let note = if form.value.item.is_empty() {
        Note::failed(visit.text(&msg!("approval.batch_nothing")))
    } else if refused.is_empty() {
        Note::done(visit.text(&msg!("approval.batch_done", count = approved)))
    } else {
        let spelled: i18n::Arg = refused.iter().take(SPELLED_OUT).cloned().collect();
        let said = msg!("approval.batch_some", count = approved, refused = refused.len(), reasons = spelled);
        Note { seconds: 30, ..Note::failed(visit.text(&said)) }
    };
    Ok(visit.go_with(BoxesPath {}, &note))
}

fn parsed(item: &str) -> Option<(CaseId, TaskNumber, Hash)> {
    let mut parts = item.split(':');
    let parsed = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn row(what: &str) -> ShownRow {
        ShownRow {
            path: "/approvals/1".into(),
            what: what.into(),
            title: "Service contract".into(),
            other_party: "Northwind".into(),
            amount: None,
            drafter: "Zhang".into(),
            node: "Legal".into(),
            note: "Why so late?".into(),
            choice: Some(words::choice_named("approve")),
            tone: "good",
            status: Some(refusals::status(Status::InApproval)),
            at: Timestamp::from_micros(0),
            due: Some(Timestamp::from_micros(1)),
            late: true,
            read: false,
            acting_for: Some("Li".into()),
            item: Some("1:1:00".into()),
        }
    }

    #[tokio::test]
    async fn the_boxes_render() {
        for which in BoxKind::ALL {
            for rows in [Vec::new(), vec![row("task"), row("question"), row("decision"), row("case"), row("copy")]] {
                let (path, count) = ("/approvals".to_owned(), "2".to_owned());
                let tab = Tab { label: "Waiting".into(), path: path.clone(), active: true, count: count.clone() };
                renders(BoxesPage {
                    which: which.name(),
                    tabs: vec![tab],
                    filter: FormState::empty(),
                    kinds: vec![Choice::new("contract", "Contract")],
                    rows,
                    count,
                    next: path.clone(),
                    filtered: true,
                    refresh: path,
                })
                .await;
            }
        }
    }

    #[test]
    fn an_item_names_case_task_and_content() {
        let content = Hash::of(b"content");
        assert_eq!(parsed(&format!("7:2:{content}")), Some((CaseId::new(7), 2, content)));
        for item in ["", "7", "7:2", "7:2:xyz", "a:b:c"] {
            assert_eq!(parsed(item), None, "{item}");
        }
    }
}
