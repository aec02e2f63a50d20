//! One e-mail, as its reader gets it.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _};
use axum::routing::{get, post};
use serde::Serialize;

use super::mail::{actor, state_name};
use super::{AdministerMail, EmailHtmlPath, EmailPath, MailPath, MessageChoicePath, SendEmailPath};
use crate::i18n::{Message, msg};
use crate::kernel::Timestamp;
use crate::notify::{EmailState, Notify};
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, Note, Page};

/// Styles of its own and nothing else; links open beside this page, with the session of who follows them.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

#[derive(Clone, Serialize)]
struct EmailPage {
    subject: String,
    text: String,
    to: String,
    links: Vec<String>,
    secret: bool,
    configured: bool,
    state: EmailState,
    state_label: String,
    reason: Option<Message>,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
    html_path: String,
    send: Option<String>,
}

impl Page for EmailPage {
    const TEMPLATE: &'static str = "notify/email.html";
}

pub(super) fn routes() -> Router<Notify> {
    Router::new()
        .route(EmailPath::PATTERN, get(show))
        .route(EmailHtmlPath::PATTERN, get(html))
        .route(SendEmailPath::PATTERN, post(send))
}

async fn show(
    user: Permission<AdministerMail>,
    EmailPath { id }: EmailPath,
    State(notify): State<Notify>,
) -> web::Result {
    let configured = notify.mailer().is_configured().await?;
    let opened = notify.open_email(&user.scope, actor(&user), id).await?;
    let email = opened.email;
    let sendable = matches!(email.state, EmailState::Kept | EmailState::Failed | EmailState::Waiting);
    user.page(&EmailPage {
        subject: opened.subject,
        links: links(&opened.text, notify.public()),
        text: opened.text,
        to: format!("{} <{}>", opened.name, email.address),
        secret: opened.secret,
        configured,
        state: email.state,
        state_label: user.text(&state_name(email.state)),
        reason: email.reason,
        created_at: email.created_at,
        sent_at: email.sent_at,
        html_path: EmailHtmlPath { id }.to_string(),
        send: (configured && sendable).then(|| SendEmailPath { id }.to_string()),
    })
}

/// The addresses of ours in a text but for the settings, so that they can be followed from the page.
fn links(text: &str, public: &str) -> Vec<String> {
    let settings = format!("{public}{}", MessageChoicePath {});
    let words = text.split(|sign: char| sign.is_whitespace() || "<>\"，。（）：".contains(sign));
    let ours = words.filter(|word| word.strip_prefix(public).is_some_and(|rest| rest.starts_with('/')));
    ours.filter(|word| *word != settings).map(str::to_owned).collect()
}

async fn html(
    user: Permission<AdministerMail>,
    EmailHtmlPath { id }: EmailHtmlPath,
    State(notify): State<Notify>,
) -> web::Result {
    let opened = notify.open_email(&user.scope, actor(&user), id).await?;
    Ok(([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(opened.html)).into_response())
}

async fn send(
    user: Permission<AdministerMail>,
    SendEmailPath { id }: SendEmailPath,
    State(notify): State<Notify>,
    _form: Form<()>,
) -> web::Result {
    notify.send_again(&user.scope, actor(&user), id).await?;
    Ok(user.go_with(MailPath {}, &Note::done(user.text(&msg!("notify.queued")))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[test]
    fn only_addresses_of_ours_are_links() {
        let text = "打开：https://a.cn/a/x\nhttps://b.cn/y https://a.cn.evil/z https://a.cn/settings/messages";
        assert_eq!(links(text, "https://a.cn"), ["https://a.cn/a/x"]);
    }

    #[tokio::test]
    async fn an_email_renders() {
        for secret in [true, false] {
            renders(EmailPage {
                subject: "[To approve] Contract".into(),
                text: "Open it".into(),
                to: "Zhang <zhang@example.com>".into(),
                links: vec!["https://qiyue.example.com/a/x".into()],
                secret,
                configured: !secret,
                state: EmailState::Kept,
                state_label: "kept".into(),
                reason: Some(Message::of("mail.error.no_server")),
                created_at: Timestamp::from_micros(0),
                sent_at: None,
                html_path: "/admin/mail/1/html".into(),
                send: Some("/admin/mail/1/send".into()),
            })
            .await;
        }
    }
}
