//! 归档: the tasks, one task with its list, and what is archived.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::view::{ArchiveView, Viewer, record_path};
use super::{ArchiveItemPath, ArchivePath, ArchiveTaskPath, ClaimArchivePath, ReleaseArchivePath};
use crate::contract::fulfilment::{ArchiveFilter, ArchiveTask, ArchiveTaskId, Archived, Fulfilment, FulfilmentError};
use crate::contract::pages::actor;
use crate::db::Cursor;
use crate::i18n::{Message, msg};
use crate::kernel::Timestamp;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, Query};

#[derive(Clone, Serialize)]
struct ArchivePage {
    /// What the reader may claim or has.
    mine: Vec<ArchiveView>,
    rows: Vec<ArchiveView>,
    archived: bool,
    filter: FormState,
    tabs_of: Vec<Tab>,
    count: String,
    next: String,
}

#[derive(Clone, Serialize)]
struct Tab {
    label: String,
    path: String,
    active: bool,
}

impl Page for ArchivePage {
    const TEMPLATE: &'static str = "contract/archive.html";
}

#[derive(Clone, Serialize)]
struct TaskPage {
    task: ArchiveView,
    record: String,
    items: Vec<ItemView>,
    open_items: usize,
    /// Whether the reader is among those who archive it.
    may: bool,
    /// Whether the reader has it in hand.
    mine: bool,
    version: i64,
    claim: String,
    release: String,
    form: FormState,
}

impl Page for TaskPage {
    const TEMPLATE: &'static str = "contract/archive_task.html";
}

#[derive(Clone, Serialize)]
struct ItemView {
    label: String,
    path: String,
    checked_at: Option<Timestamp>,
    checked_by: String,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct ArchiveQuery {
    #[serde(default)]
    words: String,
    #[serde(default)]
    archived: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Clone, Deserialize)]
struct ItemForm {
    #[serde(default)]
    checked: String,
}

#[derive(Clone, Deserialize)]
struct ArchiveForm {
    #[serde(default)]
    number: String,
    #[serde(default, rename = "box")]
    box_name: String,
    #[serde(default)]
    shelf: String,
    #[serde(default)]
    copies: String,
    version: i64,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new()
        .route(ArchivePath::PATTERN, get(list))
        .route(ArchiveTaskPath::PATTERN, get(show).post(archive))
        .route(ClaimArchivePath::PATTERN, post(claim))
        .route(ReleaseArchivePath::PATTERN, post(release))
        .route(ArchiveItemPath::PATTERN, post(check))
}

async fn list(visit: LoggedIn, State(fulfilment): State<Fulfilment>, Query(query): Query<ArchiveQuery>) -> web::Result {
    let viewer = Viewer { fulfilment: &fulfilment, visit: &visit };
    let archived = !query.archived.is_empty();
    let mine = if archived { Vec::new() } else { fulfilment.archive_tasks_of(visit.user()).await? };
    let filter = ArchiveFilter { archived, text: query.words.clone() };
    let (page, count) = fulfilment.archive_page(visit.user(), filter, query.after.parse::<Cursor>().ok()).await?;
    let next = match page.next {
        Some(cursor) => {
            let query = ArchiveQuery { after: cursor.to_string(), ..query.clone() };
            ArchivePath {}.with_query(&query).map_err(web::Error::internal)?
        }
        None => String::new(),
    };
    let rows = page.rows.iter().filter(|row| mine.iter().all(|one| one.id != row.id));
    let tab = |label: &Message, archived: bool, path: &str| Tab {
        label: visit.text(label),
        path: path.to_owned(),
        active: archived != query.archived.is_empty(),
    };
    visit.page(&ArchivePage {
        rows: rows.map(|one| viewer.archive(one)).collect(),
        mine: mine.iter().map(|one| viewer.archive(one)).collect(),
        archived,
        filter: FormState::of(&query)?,
        tabs_of: vec![
            tab(&msg!("contract.archive.tasks"), false, "/archive"),
            tab(&msg!("contract.archive.done"), true, "/archive?archived=yes"),
        ],
        count: count.to_string(),
        next,
    })
}

async fn show(
    visit: LoggedIn,
    ArchiveTaskPath { id }: ArchiveTaskPath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let mut form = FormState::empty();
    form.put("copies", "2");
    visit.page(&task_page(&visit, &fulfilment, id, form).await?)
}

async fn claim(
    visit: LoggedIn,
    ClaimArchivePath { id }: ClaimArchivePath,
    State(fulfilment): State<Fulfilment>,
    _form: Form<()>,
) -> web::Result {
    fulfilment.claim_archive_task(actor(&visit), id, true).await?;
    Ok(visit.go(ArchiveTaskPath { id }))
}

async fn release(
    visit: LoggedIn,
    ReleaseArchivePath { id }: ReleaseArchivePath,
    State(fulfilment): State<Fulfilment>,
    _form: Form<()>,
) -> web::Result {
    fulfilment.claim_archive_task(actor(&visit), id, false).await?;
    Ok(visit.go(ArchivePath {}))
}

async fn check(
    visit: LoggedIn,
    ArchiveItemPath { id, position }: ArchiveItemPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<ItemForm>,
) -> web::Result {
    fulfilment.check_archive_item(actor(&visit), (id, None), position, !form.value.checked.is_empty()).await?;
    Ok(visit.go(ArchiveTaskPath { id }))
}

async fn archive(
    visit: LoggedIn,
    ArchiveTaskPath { id }: ArchiveTaskPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<ArchiveForm>,
) -> web::Result {
    let done = async {
        let ArchiveForm { number, box_name, shelf, copies, version } = form.value.clone();
        let copies = copies.trim().parse().map_err(|_| FulfilmentError::Copies)?;
        fulfilment.archive(actor(&visit), id, Archived { number, box_name, shelf, copies, version }).await
    };
    match done.await {
        Ok(number) => {
            let note = Note::done(visit.text(&msg!("contract.archive.put_away", number = number)));
            Ok(visit.go_with(ArchiveTaskPath { id }, &note))
        }
        Err(error) => {
            let state = form.typed.refused(error)?;
            visit.page_again(&task_page(&visit, &fulfilment, id, state).await?)
        }
    }
}

async fn task_page(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    id: ArchiveTaskId,
    form: FormState,
) -> Result<TaskPage, FulfilmentError> {
    let viewer = Viewer { fulfilment, visit };
    let task = fulfilment.archive_task(visit.user(), id).await?;
    let items = task.items.iter().map(|item| ItemView {
        label: item.label.clone(),
        path: ArchiveItemPath { id, position: item.position }.to_string(),
        checked_at: item.checked_at,
        checked_by: item.checked_by.map(|by| viewer.name(Some(by))).unwrap_or_default(),
    });
    Ok(TaskPage {
        task: viewer.archive(&task),
        record: record_path(&task.subject, task.contract),
        items: items.collect(),
        open_items: open_items(&task),
        may: fulfilment.may_archive(visit.user(), &task) && !task.archived,
        mine: task.claimed_by == Some(visit.user()) && !task.archived,
        version: task.version,
        claim: ClaimArchivePath { id }.to_string(),
        release: ReleaseArchivePath { id }.to_string(),
        form,
    })
}

fn open_items(task: &ArchiveTask) -> usize {
    task.items.iter().filter(|item| item.checked_at.is_none()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn sample() -> ArchiveView {
        ArchiveView {
            path: "/archive/1".into(),
            number: "HT-1".into(),
            title: "Service".into(),
            other_party: "Acme".into(),
            asked_at: "2026-03-02T01:00:00Z".parse().unwrap(),
            claimed_by: "Zhang".into(),
            archived: false,
            archive_number: None,
            place: String::new(),
            archived_on: None,
            archived_by: String::new(),
            copies: None,
        }
    }

    #[tokio::test]
    async fn the_archive_renders() {
        let done = ArchiveView {
            archived: true,
            archive_number: Some("DA-1".into()),
            place: "A / 2".into(),
            archived_on: "2026-03-02".parse().ok(),
            archived_by: "Zhang".into(),
            copies: Some(2),
            ..sample()
        };
        let tab = Tab { label: "Tasks".into(), path: "/archive".into(), active: true };
        let page = ArchivePage {
            mine: vec![sample()],
            rows: vec![ArchiveView { claimed_by: String::new(), ..sample() }],
            archived: false,
            filter: FormState::empty(),
            tabs_of: vec![tab],
            count: "2".into(),
            next: String::new(),
        };
        renders(ArchivePage { mine: Vec::new(), rows: Vec::new(), ..page.clone() }).await;
        renders(ArchivePage { archived: true, mine: Vec::new(), rows: vec![done.clone()], ..page.clone() }).await;
        renders(page).await;
        let item = ItemView {
            label: "Original".into(),
            path: "/archive/1/items/1".into(),
            checked_at: "2026-03-02T01:00:00Z".parse().ok(),
            checked_by: "Zhang".into(),
        };
        let task = TaskPage {
            task: sample(),
            record: "/contracts/7/fulfilment".into(),
            items: vec![item.clone(), ItemView { checked_at: None, checked_by: String::new(), ..item }],
            open_items: 1,
            may: true,
            mine: true,
            version: 1,
            claim: "/archive/1/claim".into(),
            release: "/archive/1/release".into(),
            form: FormState::empty(),
        };
        renders(TaskPage { task: done, may: false, mine: false, open_items: 0, ..task.clone() }).await;
        renders(TaskPage { mine: false, ..task.clone() }).await;
        renders(TaskPage { open_items: 0, ..task.clone() }).await;
        renders(task).await;
    }
}
