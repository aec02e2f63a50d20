//! One error for everything that answers HTTP, made from any room's error, shown as a page or as JSON.
//!
//! A handler returns it; [`Error::into_response`] only carries it, and the kit's layer, which knows the reader, writes it
//! out. What people cannot mend is logged with a number, and only the number is shown.

use std::fmt;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::i18n::{ErrorKind, Explain, Message, msg};

/// An answer that is not what was asked for.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    code: String,
    kind: ErrorKind,
    status: StatusCode,
    message: Message,
    fields: Vec<FieldError>,
    go: Option<String>,
    cause: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// Its name in the form or the JSON, with dots and indexes inside: `lines[2].price`.
    pub field: String,
    /// A stable code.
    pub code: String,
    /// The sentence with the remedy.
    pub message: Message,
}

impl Error {
    /// There is no such page or record, or it is none of the reader's business.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "not_found", msg!("web.not_found"))
    }

    /// The address exists, but not for this method.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        let error = Self::new(ErrorKind::Invalid, "method_not_allowed", msg!("web.method_not_allowed"));
        error.with_status(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// A page sends the reader to the login, the API says 401.
    #[must_use]
    pub fn log_in_first() -> Self {
        Self::new(ErrorKind::Unauthenticated, "unauthenticated", msg!("web.unauthenticated"))
    }

    /// The reader has to see another page first.
    #[must_use]
    pub fn go_first(path: String) -> Self {
        let error = Self::new(ErrorKind::Forbidden, "first_login", msg!("web.first_login"));
        error.change(|inner| inner.go = Some(path))
    }

    /// A form that was not made for this browser, or whose session ended meanwhile.
    #[must_use]
    pub fn stale_form() -> Self {
        Self::new(ErrorKind::Forbidden, "stale_form", msg!("web.stale_form"))
    }

    /// A form that no page of ours sends; `field` is what is missing or did not parse.
    #[must_use]
    pub fn bad_form(field: &str) -> Self {
        let message = match field {
            "" | "." => msg!("web.form_invalid"),
            field => msg!("web.form_field_invalid", field = field),
        };
        Self::field(field, "form_invalid", message).with_status(StatusCode::BAD_REQUEST)
    }

    /// An address whose query no link of ours has; `field` is what did not parse.
    #[must_use]
    pub fn bad_query(field: &str) -> Self {
        Self::field(field, "query_invalid", msg!("web.query_invalid"))
    }

    /// More was sent than the page takes.
    #[must_use]
    pub fn body_too_large() -> Self {
        let error = Self::new(ErrorKind::Invalid, "body_too_large", msg!("web.body_too_large"));
        error.with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// One field is wrong; an empty name means the whole.
    #[must_use]
    pub fn field(field: &str, code: &str, message: Message) -> Self {
        let fields = match field {
            "" | "." => Vec::new(),
            field => vec![FieldError { field: field.to_owned(), code: code.to_owned(), message: message.clone() }],
        };
        Self::new(ErrorKind::Invalid, code, message).change(|inner| inner.fields = fields)
    }

    /// Several fields are wrong.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self::new(ErrorKind::Invalid, "invalid", msg!("web.invalid")).with_fields(fields)
    }

    /// Something that only the log may tell.
    pub fn internal(cause: impl std::error::Error) -> Self {
        Self::new(ErrorKind::Internal, "internal", msg!("web.internal")).because(&cause)
    }

    /// A panic, which left nothing behind but its text.
    #[must_use]
    pub(super) fn panicked(text: &str) -> Self {
        Self::new(ErrorKind::Internal, "internal", msg!("web.internal"))
            .change(|inner| inner.cause = Some(text.to_owned()))
    }

    /// An error with its own code and sentence.
    #[must_use]
    pub fn new(kind: ErrorKind, code: &str, message: Message) -> Self {
        let (code, status) = (code.to_owned(), status_of(kind));
        Self(Arc::new(Inner { code, kind, status, message, fields: Vec::new(), go: None, cause: None }))
    }

    /// The same with what is wrong in single places.
    #[must_use]
    pub fn with_fields(self, fields: Vec<FieldError>) -> Self {
        self.change(|inner| inner.fields = fields)
    }

    /// The same with another status than its kind has.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        self.change(|inner| inner.status = status)
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Its sentence.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.0.message
    }

    /// What is wrong with single fields.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// Where the reader has to go instead.
    pub(super) fn goes_to(&self) -> Option<&str> {
        self.0.go.as_deref()
    }

    /// What the log says about it.
    pub(super) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    fn because(self, cause: &dyn std::error::Error) -> Self {
        let mut text = cause.to_string();
        let mut next = cause.source();
        while let Some(deeper) = next {
            text.push_str(": ");
            text.push_str(&deeper.to_string());
            next = deeper.source();
        }
        self.change(|inner| inner.cause = Some(text))
    }

    /// Errors are built by one owner and shared only once they are answered.
    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }
}

/// The one place where kinds become HTTP.
fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Busy | ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl<E: Explain> From<E> for Error {
    fn from(error: E) -> Self {
        let (kind, code, message) = (error.kind(), error.code(), error.message());
        let about = |one: &dyn Explain| {
            let field = one.field()?.to_owned();
            Some(FieldError { field, code: one.code().to_owned(), message: one.message() })
        };
        let parts = error.parts();
        let fields = if parts.is_empty() {
            about(&error).into_iter().collect()
        } else {
            parts.into_iter().filter_map(about).collect()
        };
        let shown = Self::new(kind, code, message).change(|inner| inner.fields = fields);
        match kind {
            ErrorKind::Internal | ErrorKind::Busy | ErrorKind::Unavailable => shown.because(&error),
            _ => shown,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Error").field("code", &self.0.code).field("cause", &self.0.cause).finish_non_exhaustive()
    }
}
