//! Originals and the archive.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shown::{ArchiveShown, OriginalShown};
use crate::contract::fulfilment::{ArchiveFilter, ArchiveTaskId, Archived, Fulfilment, OriginalFilter, OriginalId};
use crate::contract::pages::actor;
use crate::db::Cursor;
use crate::kernel::Date;
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// Which originals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OriginalQuery {
    /// Those that are back, too.
    #[serde(default)]
    back: bool,
    /// A part of a number or of the other party's name.
    #[serde(default)]
    text: String,
    /// Where the page starts.
    #[serde(default)]
    after: String,
}

/// A page of originals.
#[derive(Serialize, ToSchema)]
pub(super) struct Originals {
    originals: Vec<OriginalShown>,
    next: Option<String>,
}

/// An original that came back.
#[derive(Deserialize, ToSchema)]
pub(super) struct CameBack {
    on: Date,
    copies: u32,
}

/// Which tasks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ArchiveQuery {
    /// Done ones instead of open ones.
    #[serde(default)]
    archived: bool,
    /// Only open ones that the caller may claim or has.
    #[serde(default)]
    mine: bool,
    /// A part of a number or of the other party's name.
    #[serde(default)]
    text: String,
    /// Where the page starts.
    #[serde(default)]
    after: String,
}

/// A page of tasks.
#[derive(Serialize, ToSchema)]
pub(super) struct ArchiveTasks {
    archive_tasks: Vec<ArchiveShown>,
    next: Option<String>,
}

/// A tick.
#[derive(Deserialize, ToSchema)]
pub(super) struct Ticked {
    checked: bool,
    /// The version of the task that was read; ticks leave it as it is.
    version: i64,
}

/// Originals that are out.
#[utoipa::path(get, path = "/originals", tag = "fulfilment", params(OriginalQuery),
    responses((status = 200, body = Originals), (status = 403, body = Problem)))]
pub(super) async fn originals(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Query(query): Query<OriginalQuery>,
) -> web::Result {
    let filter = OriginalFilter { back: query.back, text: query.text };
    let (page, _) = fulfilment.originals(visit.user(), filter, query.after.parse::<Cursor>().ok()).await?;
    let originals = page.rows.iter().map(OriginalShown::from).collect();
    Ok(Json(Originals { originals, next: page.next.map(|cursor| cursor.to_string()) }).into_response())
}

/// Records an original as back.
#[utoipa::path(post, path = "/originals/{id}/back", tag = "fulfilment", params(("id" = i64, Path)), request_body = CameBack,
    responses((status = 204), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn original_back(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<OriginalId>,
    Json(CameBack { on, copies }): Json<CameBack>,
) -> web::Result {
    fulfilment.original_back(actor(&visit), id, (on, copies)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Archive tasks.
#[utoipa::path(get, path = "/archive-tasks", tag = "fulfilment", params(ArchiveQuery),
    responses((status = 200, body = ArchiveTasks), (status = 403, body = Problem)))]
pub(super) async fn list(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Query(query): Query<ArchiveQuery>,
) -> web::Result {
    let directory = fulfilment.contracts().org().directory();
    if query.mine {
        let tasks = fulfilment.archive_tasks_of(visit.user()).await?;
        let archive_tasks = tasks.iter().map(|task| ArchiveShown::of(task, &directory)).collect();
        return Ok(Json(ArchiveTasks { archive_tasks, next: None }).into_response());
    }
    let filter = ArchiveFilter { archived: query.archived, text: query.text };
    let (page, _) = fulfilment.archive_page(visit.user(), filter, query.after.parse::<Cursor>().ok()).await?;
    let archive_tasks = page.rows.iter().map(|task| ArchiveShown::of(task, &directory)).collect();
    Ok(Json(ArchiveTasks { archive_tasks, next: page.next.map(|cursor| cursor.to_string()) }).into_response())
}

async fn shown(visit: &LoggedIn, fulfilment: &Fulfilment, id: ArchiveTaskId) -> web::Result {
    let task = fulfilment.archive_task(visit.user(), id).await?;
    Ok(Json(ArchiveShown::of(&task, &fulfilment.contracts().org().directory())).into_response())
}

/// One archive task with its list.
#[utoipa::path(get, path = "/archive-tasks/{id}", tag = "fulfilment", params(("id" = i64, Path)),
    responses((status = 200, body = ArchiveShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ArchiveTaskId>,
) -> web::Result {
    shown(&visit, &fulfilment, id).await
}

/// Takes a task into the caller's hands.
#[utoipa::path(post, path = "/archive-tasks/{id}/claim", tag = "fulfilment", params(("id" = i64, Path)),
    responses((status = 200, body = ArchiveShown), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn claim(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ArchiveTaskId>,
) -> web::Result {
    fulfilment.claim_archive_task(actor(&visit), id, true).await?;
    shown(&visit, &fulfilment, id).await
}

/// Gives a task back.
#[utoipa::path(post, path = "/archive-tasks/{id}/release", tag = "fulfilment", params(("id" = i64, Path)),
    responses((status = 200, body = ArchiveShown), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn release(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ArchiveTaskId>,
) -> web::Result {
    fulfilment.claim_archive_task(actor(&visit), id, false).await?;
    shown(&visit, &fulfilment, id).await
}

/// Ticks an entry of the list, or takes the tick away.
#[utoipa::path(put, path = "/archive-tasks/{id}/items/{position}", tag = "fulfilment", params(("id" = i64, Path), ("position" = i64, Path)),
    request_body = Ticked, responses((status = 200, body = ArchiveShown), (status = 409, body = Problem)))]
pub(super) async fn check(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path((id, position)): Path<(ArchiveTaskId, i64)>,
    Json(Ticked { checked, version }): Json<Ticked>,
) -> web::Result {
    fulfilment.check_archive_item(actor(&visit), (id, Some(version)), position, checked).await?;
    shown(&visit, &fulfilment, id).await
}

/// Says where the folder stands, once everything is in it.
#[utoipa::path(post, path = "/archive-tasks/{id}/archive", tag = "fulfilment", params(("id" = i64, Path)), request_body = Archived,
    responses((status = 200, body = ArchiveShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn archive(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Path(id): Path<ArchiveTaskId>,
    Json(archived): Json<Archived>,
) -> web::Result {
    fulfilment.archive(actor(&visit), id, archived).await?;
    shown(&visit, &fulfilment, id).await
}
