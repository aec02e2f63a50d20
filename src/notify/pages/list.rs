//! 消息: their list, and the number on the bell.

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::{MessagePath, MessagesPath, ReadMessagePath, ReadMessagesPath, UnreadPath};
use crate::db::Cursor;
use crate::i18n::msg;
use crate::kernel::Timestamp;
use crate::notify::{MessageId, Notify, ShownMessage};
use crate::web::{self, Address as _, Form, LoggedIn, Note, Page, Query};

#[derive(Clone, Serialize)]
struct MessagesPage {
    rows: Vec<MessageRow>,
    unread: i64,
    only_unread: bool,
    all_path: String,
    unread_path: String,
    /// The newest message on the page, up to which all can be marked as read.
    until: i64,
    next: String,
}

#[derive(Clone, Serialize)]
struct MessageRow {
    subject: String,
    lines: Vec<String>,
    path: Option<String>,
    read_path: String,
    out_at: Timestamp,
    read: bool,
}

impl Page for MessagesPage {
    const TEMPLATE: &'static str = "notify/messages.html";
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    unread: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Deserialize)]
struct SeenForm {
    until: MessageId,
}

pub(super) fn routes() -> Router<Notify> {
    Router::new()
        .route(MessagesPath::PATTERN, get(list))
        .route(UnreadPath::PATTERN, get(unread))
        .route(ReadMessagesPath::PATTERN, post(read_all))
        .route(MessagePath::PATTERN, get(open))
        .route(ReadMessagePath::PATTERN, post(read))
}

async fn list(visit: LoggedIn, State(notify): State<Notify>, Query(query): Query<ListQuery>) -> web::Result {
    let only_unread = !query.unread.is_empty();
    let inbox = notify.inbox(visit.user(), only_unread, query.after.parse::<Cursor>().ok()).await?;
    let address = |query: &ListQuery| MessagesPath {}.with_query(query).map_err(web::Error::internal);
    let next = match inbox.next {
        Some(after) => address(&ListQuery { after, ..query })?,
        None => String::new(),
    };
    let until = inbox.messages.iter().map(|message| message.id.get()).max().unwrap_or(0);
    visit.page(&MessagesPage {
        rows: inbox.messages.iter().map(|message| row(&notify, &visit, message)).collect(),
        unread: inbox.unread,
        only_unread,
        all_path: address(&ListQuery::default())?,
        unread_path: address(&ListQuery { unread: "yes".into(), after: String::new() })?,
        until,
        next,
    })
}

fn row(notify: &Notify, visit: &LoggedIn, message: &ShownMessage) -> MessageRow {
    MessageRow {
        subject: notify.subject(&message.headline, visit.lang()),
        lines: message.lines.iter().map(|line| visit.text(line)).collect(),
        path: message.path.as_ref().map(|_| MessagePath { id: message.id }.to_string()),
        read_path: ReadMessagePath { id: message.id }.to_string(),
        out_at: message.out_at,
        read: message.read_at.is_some(),
    }
}

/// The number itself; nothing where there is none.
async fn unread(visit: LoggedIn, State(notify): State<Notify>) -> web::Result {
    let number = match notify.unread(visit.user()).await? {
        0 => String::new(),
        many if many > 99 => "99+".to_owned(),
        few => few.to_string(),
    };
    Ok(Html(number).into_response())
}

async fn open(visit: LoggedIn, MessagePath { id }: MessagePath, State(notify): State<Notify>) -> web::Result {
    let path = notify.read_message(visit.user(), id).await?;
    Ok(visit.go_next(Some(&path.unwrap_or_else(|| MessagesPath {}.to_string()))))
}

async fn read(
    visit: LoggedIn,
    ReadMessagePath { id }: ReadMessagePath,
    State(notify): State<Notify>,
    _form: Form<()>,
) -> web::Result {
    notify.read_message(visit.user(), id).await?;
    Ok(visit.go(MessagesPath {}))
}

async fn read_all(visit: LoggedIn, State(notify): State<Notify>, form: Form<SeenForm>) -> web::Result {
    notify.read_messages(visit.user(), form.value.until).await?;
    Ok(visit.go_with(MessagesPath {}, &Note::done(visit.text(&msg!("notify.all_read")))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn messages_render() {
        let row = |read| MessageRow {
            subject: "[To approve] Contract".into(),
            lines: vec!["Manager of Zhang".into()],
            path: Some("/messages/1".into()),
            read_path: "/messages/1/read".into(),
            out_at: Timestamp::from_micros(0),
            read,
        };
        let page = |rows, only_unread| MessagesPage {
            rows,
            unread: 1,
            only_unread,
            all_path: "/messages".into(),
            unread_path: "/messages?unread=yes".into(),
            until: 1,
            next: String::new(),
        };
        renders(page(vec![row(false), row(true)], false)).await;
        renders(page(vec![], true)).await;
        renders(page(vec![], false)).await;
    }
}
