//! Messages for programs: `/api/v1/messages`, `/mail-server`.

mod mail;

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Choice, MessageId, Notify, ShownMessage};
use crate::db::Cursor;
use crate::kernel::Timestamp;
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// Every JSON route of this room.
pub fn routes(notify: Notify) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(read_all))
        .routes(routes!(choice, choose))
        .routes(routes!(mail::show, mail::change, mail::remove))
        .routes(routes!(mail::test))
        .with_state(notify)
}

/// Which messages.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only those that were not read.
    unread: bool,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

/// A page of the caller's messages, unread ones first.
#[derive(Serialize, ToSchema)]
#[schema(as = Messages)]
struct InboxBody {
    messages: Vec<MessageBody>,
    /// How many are unread, counted up to a hundred.
    unread: i64,
    /// Where the next page begins.
    next: Option<String>,
}

/// A message. It never holds a secret: its path asks for a login.
#[derive(Serialize, ToSchema)]
#[schema(as = Message)]
struct MessageBody {
    id: i64,
    /// The stable code of what it tells: `approval.opened`.
    kind: String,
    /// What it is about: `contract/12`.
    about: Option<String>,
    /// Its first line in the caller's language.
    subject: String,
    lines: Vec<String>,
    path: Option<String>,
    at: Timestamp,
    read_at: Option<Timestamp>,
}

/// Up to which message all are read.
#[derive(Deserialize, ToSchema)]
struct Seen {
    until: i64,
}

/// How many were marked as read.
#[derive(Serialize, ToSchema)]
struct Marked {
    read: u64,
}

/// By which ways the caller wants messages.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = MessageChoice)]
struct ChoiceBody {
    program: bool,
    email: bool,
    /// The version that was read; 0 for one that was never made.
    version: i64,
}

/// The caller's messages, unread ones first, then the newest.
#[utoipa::path(get, path = "/messages", tag = "messages", params(Filter),
    responses((status = 200, body = InboxBody), (status = 401, body = Problem)))]
async fn list(caller: LoggedIn, State(notify): State<Notify>, Query(filter): Query<Filter>) -> web::Result {
    let after = filter.after.and_then(|after| after.parse::<Cursor>().ok());
    let inbox = notify.inbox(caller.user(), filter.unread, after).await?;
    let messages = inbox.messages.into_iter().map(|message| body(&caller, &notify, message)).collect();
    Ok(Json(InboxBody { messages, unread: inbox.unread, next: inbox.next }).into_response())
}

fn body(caller: &LoggedIn, notify: &Notify, message: ShownMessage) -> MessageBody {
    MessageBody {
        id: message.id.get(),
        subject: notify.subject(&message.headline, caller.lang()),
        lines: message.lines.iter().map(|line| caller.text(line)).collect(),
        kind: message.kind,
        about: message.about.map(|about| about.to_string()),
        path: message.path,
        at: message.out_at,
        read_at: message.read_at,
    }
}

/// Marks a message of the caller as read.
#[utoipa::path(post, path = "/messages/{id}/read", tag = "messages", params(("id" = i64, Path)),
    responses((status = 200, body = Marked), (status = 404, body = Problem)))]
async fn read(caller: LoggedIn, State(notify): State<Notify>, Path(id): Path<MessageId>) -> web::Result {
    notify.read_message(caller.user(), id).await?;
    Ok(Json(Marked { read: 1 }).into_response())
}

/// Marks every message of the caller as read, up to that one.
#[utoipa::path(post, path = "/messages/read", tag = "messages", request_body = Seen,
    responses((status = 200, body = Marked), (status = 401, body = Problem)))]
async fn read_all(caller: LoggedIn, State(notify): State<Notify>, Json(seen): Json<Seen>) -> web::Result {
    let read = notify.read_messages(caller.user(), MessageId::new(seen.until)).await?;
    Ok(Json(Marked { read }).into_response())
}

/// By which ways the caller wants messages.
#[utoipa::path(get, path = "/messages/settings", tag = "messages",
    responses((status = 200, body = ChoiceBody), (status = 401, body = Problem)))]
async fn choice(caller: LoggedIn, State(notify): State<Notify>) -> web::Result {
    Ok(Json(shown(notify.choice(caller.user()).await?)).into_response())
}

/// Chooses by which ways the caller wants messages.
#[utoipa::path(put, path = "/messages/settings", tag = "messages", request_body = ChoiceBody,
    responses((status = 200, body = ChoiceBody), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn choose(caller: LoggedIn, State(notify): State<Notify>, Json(wish): Json<ChoiceBody>) -> web::Result {
    let ChoiceBody { program, email, version } = wish;
    notify.choose(caller.user(), Choice { program, email, version }).await?;
    Ok(Json(shown(notify.choice(caller.user()).await?)).into_response())
}

fn shown(choice: Choice) -> ChoiceBody {
    let Choice { program, email, version } = choice;
    ChoiceBody { program, email, version }
}
