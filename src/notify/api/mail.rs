//! The mail server: `/api/v1/mail-server`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::Actor;
use crate::mail::{CurrentServer, ServerFields};
use crate::notify::Notify;
use crate::notify::pages::AdministerMail;
use crate::org::pages::Permission;
use crate::web::api::Json;
use crate::web::{self, FieldError, Problem, Query};

/// The server that mail leaves through; its password is never shown.
#[derive(Serialize, ToSchema)]
#[schema(as = MailServer)]
pub(super) struct ServerShown {
    /// Without a server mail is kept.
    server: Option<MailServerBody>,
    has_password: bool,
    /// Named where the program is started, and not to be changed here.
    fixed: bool,
    /// Comes back with a change; 0 for one that was never set.
    version: i64,
}

/// A mail server, and in whose name it sends.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = MailServerFields)]
pub(super) struct MailServerBody {
    host: String,
    port: u16,
    /// `starttls`, `tls` or `none`.
    security: String,
    /// Who logs in there; empty is nobody.
    #[serde(default)]
    user: String,
    /// The address that mail comes from.
    sender: String,
    /// The name before that address; empty is the product's.
    #[serde(default)]
    sender_name: String,
}

/// A changed mail server.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangedMailServer {
    server: MailServerBody,
    /// Empty keeps the present one, for the same server and user.
    #[serde(default)]
    password: String,
    /// The version that was read.
    version: i64,
}

/// The version that was read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SeenServer {
    version: i64,
}

/// To whom a mail goes that tries the server.
#[derive(Deserialize, ToSchema)]
pub(super) struct TestMail {
    to: String,
}

type Administrator = Permission<AdministerMail>;

fn actor(caller: &Administrator) -> Actor {
    Actor::person(caller.user(), caller.channel())
}

async fn shown(notify: &Notify) -> web::Result {
    let CurrentServer { server, has_password, fixed, version } = notify.mailer().current().await?;
    let server = server.map(|one| MailServerBody {
        host: one.host,
        port: one.port,
        security: one.security.name().to_owned(),
        user: one.user,
        sender: one.sender,
        sender_name: one.sender_name,
    });
    Ok(Json(ServerShown { server, has_password, fixed, version }).into_response())
}

/// The server that mail leaves through.
#[utoipa::path(get, path = "/mail-server", tag = "messages",
    responses((status = 200, body = ServerShown), (status = 403, body = Problem)))]
pub(super) async fn show(_caller: Administrator, State(notify): State<Notify>) -> web::Result {
    shown(&notify).await
}

/// Sets the server that mail leaves through.
#[utoipa::path(put, path = "/mail-server", tag = "messages", request_body = ChangedMailServer,
    responses((status = 200, body = ServerShown), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change(
    caller: Administrator,
    State(notify): State<Notify>,
    Json(ChangedMailServer { server, password, version }): Json<ChangedMailServer>,
) -> web::Result {
    let MailServerBody { host, port, security, user, sender, sender_name } = server;
    let fields = ServerFields { host, port: port.to_string(), security, user, password, sender, sender_name };
    let saved = notify.mailer().save(actor(&caller), &fields, version).await;
    saved.map_err(|error| at_its_place(error.into()))?;
    shown(&notify).await
}

/// A mistake named by its place in the body; on the page all fields stand side by side.
fn at_its_place(error: web::Error) -> web::Error {
    let place = |field: &str| if field == "password" { field.to_owned() } else { format!("server.{field}") };
    let fields = error.fields().iter().map(|one| FieldError { field: place(&one.field), ..one.clone() }).collect();
    error.with_fields(fields)
}

/// Takes the server away; mail is kept from then on.
#[utoipa::path(delete, path = "/mail-server", tag = "messages", params(SeenServer),
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn remove(
    caller: Administrator,
    State(notify): State<Notify>,
    Query(SeenServer { version }): Query<SeenServer>,
) -> web::Result {
    notify.mailer().remove(actor(&caller), version).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Sends a mail that tries the server; what the server refuses is told.
#[utoipa::path(post, path = "/mail-server/test", tag = "messages", request_body = TestMail,
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn test(
    caller: Administrator,
    State(notify): State<Notify>,
    Json(TestMail { to }): Json<TestMail>,
) -> web::Result {
    notify.send_test(&caller.scope, &to, caller.lang()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
