//! How an error is written out: a page in the reader's language, a redirect, or JSON for programs.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::FieldError;
use super::{Error, Page, Visit};
use crate::i18n::{ErrorKind, Message, msg};

/// Seconds after which a busy system is asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// An error as programs read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable code.
    #[schema(example = "version_conflict")]
    pub code: String,
    /// What happened and what helps, in the language of `Accept-Language`.
    pub message: String,
    /// What is wrong with single fields.
    pub fields: Vec<ProblemField>,
    /// The number under which the log knows more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// Its place in the JSON: `lines[2].price`.
    pub field: String,
    /// A stable code.
    pub code: String,
    /// What happened and what helps.
    pub message: String,
}

#[derive(Serialize)]
struct ErrorPage {
    headline: Message,
    sentence: Message,
    details: Vec<Message>,
    code: String,
    status: u16,
    incident: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "web/error.html";
}

/// The same for a request of htmx, which puts it where the answer was to stand.
#[derive(Serialize)]
struct ErrorPart(ErrorPage);

impl Page for ErrorPart {
    const TEMPLATE: &'static str = "web/error_part.html";
}

/// Writes an error out.
pub(super) fn answer(visit: &Visit, error: &Error) -> Response {
    let incident = error.cause().map(|cause| log(visit, error, cause));
    let mut response = if visit.is_program() {
        (error.status(), Json(problem(visit, error, incident))).into_response()
    } else if let Some(path) = error.goes_to() {
        visit.go(path)
    } else if error.kind() == ErrorKind::Unauthenticated {
        visit.go(login(visit))
    } else {
        page(visit, error, incident)
    };
    match error.kind() {
        ErrorKind::Busy | ErrorKind::Unavailable | ErrorKind::TooMany => {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        ErrorKind::Unauthenticated if visit.is_program() => {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        _ => {}
    }
    response
}

/// The number under which the log tells what happened.
fn log(visit: &Visit, error: &Error, cause: &str) -> String {
    let mut bytes = [0; 4];
    visit.kit().random().fill(&mut bytes);
    let incident = hex::encode_upper(bytes);
    tracing::error!(incident, code = error.code(), address = for_the_log(visit.address()), "{cause}");
    incident
}

/// The address without what only its holder may know: the token of a link in a message.
fn for_the_log(address: &str) -> &str {
    if address.starts_with("/a/") { "/a/…" } else { address }
}

fn problem(visit: &Visit, error: &Error, incident: Option<String>) -> Problem {
    let field = |wrong: &FieldError| ProblemField {
        field: wrong.field.clone(),
        code: wrong.code.clone(),
        message: visit.text(&wrong.message),
    };
    Problem {
        code: error.code().to_owned(),
        message: visit.text(error.message()),
        fields: error.fields().iter().map(field).collect(),
        incident,
    }
}

fn page(visit: &Visit, error: &Error, incident: Option<String>) -> Response {
    let details = error.fields().iter().map(|wrong| wrong.message.clone());
    let page = ErrorPage {
        headline: headline(error.kind()),
        sentence: error.message().clone(),
        details: details.filter(|message| message != error.message()).collect(),
        code: error.code().to_owned(),
        status: error.status().as_u16(),
        incident,
    };
    let shown = if visit.wants_fragment() {
        visit.page_as(error.status(), &ErrorPart(page))
    } else {
        visit.page_as(error.status(), &page)
    };
    shown.unwrap_or_else(|broken| {
        tracing::error!("the error page cannot be shown: {broken:?}");
        (StatusCode::INTERNAL_SERVER_ERROR, visit.text(error.message())).into_response()
    })
}

fn headline(kind: ErrorKind) -> Message {
    match kind {
        ErrorKind::Invalid => msg!("web.headline_invalid"),
        ErrorKind::NotFound => msg!("web.headline_not_found"),
        ErrorKind::Forbidden => msg!("web.headline_forbidden"),
        ErrorKind::Unauthenticated => msg!("web.headline_unauthenticated"),
        ErrorKind::Conflict => msg!("web.headline_conflict"),
        ErrorKind::TooMany => msg!("web.headline_too_many"),
        ErrorKind::Busy => msg!("web.headline_busy"),
        ErrorKind::Unavailable => msg!("web.headline_unavailable"),
        ErrorKind::Internal => msg!("web.headline_internal"),
    }
}

/// The login, which leads back to what was asked for.
fn login(visit: &Visit) -> String {
    #[derive(Serialize)]
    struct Next<'a> {
        next: &'a str,
    }
    let next = serde_html_form::to_string(Next { next: visit.return_address() }).unwrap_or_default();
    format!("/login?{next}")
}
