//! 管理 → 邮件: the server, a mail to try it, and what lies in the outbox.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::{AdministerMail, EmailPath, MailPath, RemoveServerPath, SendEmailPath, SendUnsentPath, TestMailPath};
use crate::db::Cursor;
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, Timestamp};
use crate::mail::{CurrentServer, Security, ServerFields};
use crate::notify::{EmailFilter, EmailState, ListedEmail, Notify};
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, FormState, Note, Page, Query};

#[derive(Clone, Serialize)]
pub(super) struct Choice {
    value: &'static str,
    label: String,
}

#[derive(Clone, Serialize)]
struct MailPage {
    server: FormState,
    test: FormState,
    securities: Vec<Choice>,
    standing: ServerStanding,
    version: i64,
    public: String,
    unsent: i64,
    states: Vec<Tab>,
    rows: Vec<EmailRow>,
    next: String,
}

/// Whether there is a server, and who may change it.
#[derive(Clone, Copy, Serialize)]
struct ServerStanding {
    configured: bool,
    fixed: bool,
    has_password: bool,
}

#[derive(Clone, Serialize)]
struct Tab {
    label: String,
    path: String,
    active: bool,
}

#[derive(Clone, Serialize)]
struct EmailRow {
    subject: String,
    person: String,
    path: String,
    send: Option<String>,
    state: EmailState,
    state_label: String,
    attempts: i64,
    reason: Option<Message>,
    created_at: Timestamp,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "notify/mail.html";
}

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Deserialize)]
struct ServerForm {
    #[serde(flatten)]
    fields: ServerFields,
    version: i64,
}

#[derive(Deserialize)]
struct TestForm {
    to: String,
}

#[derive(Deserialize)]
struct VersionForm {
    version: i64,
}

type Administrator = Permission<AdministerMail>;

pub(super) fn routes() -> Router<Notify> {
    Router::new()
        .route(MailPath::PATTERN, get(show).post(save))
        .route(TestMailPath::PATTERN, post(test))
        .route(RemoveServerPath::PATTERN, post(remove))
        .route(SendUnsentPath::PATTERN, post(send_unsent))
}

async fn show(user: Administrator, State(notify): State<Notify>, Query(query): Query<ListQuery>) -> web::Result {
    let mut page = page(&user, &notify, &query).await?;
    if let Some(address) = notify.address(user.user()).await? {
        page.test.put("to", &address);
    }
    user.page(&page)
}

async fn save(user: Administrator, State(notify): State<Notify>, form: Form<ServerForm>) -> web::Result {
    let ServerForm { fields, version } = &form.value;
    match notify.mailer().save(actor(&user), fields, *version).await {
        Ok(()) => Ok(done(&user, &msg!("notify.server_saved"))),
        Err(error) => {
            let mut page = page(&user, &notify, &ListQuery::default()).await?;
            page.server = form.typed.refused(error)?;
            page.version = *version;
            user.page_again(&page)
        }
    }
}

/// Says in the page what the server answered, good or bad.
async fn test(user: Administrator, State(notify): State<Notify>, form: Form<TestForm>) -> web::Result {
    match notify.send_test(&user.scope, &form.value.to, user.lang()).await {
        Ok(()) => Ok(done(&user, &msg!("notify.test_taken", to = form.value.to.trim()))),
        Err(error) => {
            let mut page = page(&user, &notify, &ListQuery::default()).await?;
            page.test = form.typed.refused(error)?;
            user.page_again(&page)
        }
    }
}

async fn remove(user: Administrator, State(notify): State<Notify>, form: Form<VersionForm>) -> web::Result {
    notify.mailer().remove(actor(&user), form.value.version).await?;
    Ok(done(&user, &msg!("notify.server_removed")))
}

async fn send_unsent(user: Administrator, State(notify): State<Notify>, _form: Form<()>) -> web::Result {
    let count = notify.send_unsent(&user.scope, actor(&user)).await?;
    Ok(done(&user, &msg!("notify.unsent_queued", count = count)))
}

fn done(user: &Administrator, said: &Message) -> Response {
    user.go_with(MailPath {}, &Note::done(user.text(said)))
}

pub(super) fn actor(user: &Administrator) -> Actor {
    Actor::person(user.user(), user.channel())
}

async fn page(user: &Administrator, notify: &Notify, query: &ListQuery) -> Result<MailPage, web::Error> {
    let CurrentServer { server, has_password, fixed, version } = notify.mailer().current().await?;
    let state = EmailState::named(&query.state);
    let filter = EmailFilter { state, after: query.after.parse::<Cursor>().ok() };
    let (emails, next) = notify.emails(&user.scope, filter, user.lang()).await?;
    let address = |query: &ListQuery| MailPath {}.with_query(query).map_err(web::Error::internal);
    let next = match next {
        Some(after) => address(&ListQuery { after, ..query.clone() })?,
        None => String::new(),
    };
    let configured = server.is_some();
    Ok(MailPage {
        server: server_form(server.as_ref())?,
        test: FormState::empty(),
        securities: Security::ALL
            .map(|one| Choice { value: one.name(), label: user.text(&security_name(one)) })
            .to_vec(),
        standing: ServerStanding { configured, fixed, has_password },
        version,
        public: notify.public().to_owned(),
        unsent: notify.unsent().await?,
        states: tabs(user, state)?,
        rows: emails.into_iter().map(|one| row(user, one, configured)).collect(),
        next,
    })
}

fn server_form(server: Option<&crate::mail::Server>) -> Result<FormState, web::Error> {
    if let Some(server) = server {
        return FormState::of(server);
    }
    let mut form = FormState::empty();
    form.put("security", Security::default().name());
    form.put("port", "587");
    Ok(form)
}

fn tabs(user: &Administrator, state: Option<EmailState>) -> Result<Vec<Tab>, web::Error> {
    let choices = std::iter::once(None).chain(EmailState::ALL.into_iter().map(Some));
    let tab = |one: Option<EmailState>| {
        let query =
            ListQuery { state: one.map_or_else(String::new, |one| one.name().to_owned()), after: String::new() };
        let label = one.map_or_else(|| msg!("notify.any_state"), state_name);
        let path = MailPath {}.with_query(&query).map_err(web::Error::internal)?;
        Ok(Tab { label: user.text(&label), path, active: one == state })
    };
    choices.map(tab).collect()
}

fn row(user: &Administrator, listed: ListedEmail, configured: bool) -> EmailRow {
    let ListedEmail { email, name, subject } = listed;
    let sendable = matches!(email.state, EmailState::Kept | EmailState::Failed | EmailState::Waiting);
    EmailRow {
        subject,
        person: name,
        path: EmailPath { id: email.id }.to_string(),
        send: (configured && sendable).then(|| SendEmailPath { id: email.id }.to_string()),
        state: email.state,
        state_label: user.text(&state_name(email.state)),
        attempts: email.attempts,
        reason: email.reason,
        created_at: email.created_at,
    }
}

pub(super) fn state_name(state: EmailState) -> Message {
    match state {
        EmailState::Kept => msg!("notify.state.kept"),
        EmailState::Waiting => msg!("notify.state.waiting"),
        EmailState::Sent => msg!("notify.state.sent"),
        EmailState::Failed => msg!("notify.state.failed"),
        EmailState::Dropped => msg!("notify.state.dropped"),
    }
}

fn security_name(security: Security) -> Message {
    match security {
        Security::None => msg!("notify.security.none"),
        Security::StartTls => msg!("notify.security.starttls"),
        Security::Tls => msg!("notify.security.tls"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn page(configured: bool, fixed: bool) -> MailPage {
        let account =
            crate::mail::Account::from_url("smtp://smtp.example.com?from=qiyue@example.com&name=Qiyue").unwrap();
        let row = |state| EmailRow {
            subject: "[To approve] Contract".into(),
            person: "Zhang".into(),
            path: "/admin/mail/1".into(),
            send: configured.then(|| "/admin/mail/1/send".into()),
            state,
            state_label: "state".into(),
            attempts: 1,
            reason: (state == EmailState::Failed).then(|| Message::of("mail.error.no_server")),
            created_at: Timestamp::from_micros(0),
        };
        MailPage {
            server: server_form(configured.then_some(&account.server)).unwrap(),
            test: FormState::empty(),
            securities: vec![Choice { value: "tls", label: "TLS".into() }],
            standing: ServerStanding { configured, fixed, has_password: configured },
            version: 1,
            public: "https://qiyue.example.com".into(),
            unsent: 3,
            states: vec![Tab { label: "all".into(), path: "/admin/mail".into(), active: true }],
            rows: EmailState::ALL.map(row).to_vec(),
            next: String::new(),
        }
    }

    #[tokio::test]
    async fn mail_renders() {
        renders(page(false, false)).await;
        renders(page(true, false)).await;
        renders(page(true, true)).await;
        renders(MailPage { rows: vec![], unsent: 0, ..page(false, false) }).await;
    }
}
