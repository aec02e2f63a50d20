//! The JSON interface: bodies whose mistakes are named by place, and the OpenAPI document out of the routes themselves.
//!
//! Conventions of every room: a change carries the `version` that was read and gets 409 `version_conflict` when another
//! was faster; a POST may carry `Idempotency-Key`; money is `{"amount":"1280000.0000","currency":"CNY"}`.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;

use super::explain::{Problem, ProblemField};
use super::{Error, Kit, idempotency, json_problem, openapi};
use crate::i18n::{ErrorKind, msg};

pub use super::idempotency::{KEPT, Keyed, RequestKey, replayed};

/// Where the JSON interface stands.
pub const PREFIX: &str = "/api/v1";

/// A JSON body, in both directions.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// The values of an address, `/customers/{id}`; those that do not parse lead nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

/// A body that is a file as it is. The route sets its own limit.
#[derive(Clone, Debug)]
pub struct FileBody(pub Bytes);

impl Error {
    /// The record was changed since the version that came with the request.
    #[must_use]
    pub fn version_conflict() -> Self {
        Self::new(ErrorKind::Conflict, "version_conflict", msg!("web.version_conflict"))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            let error = Error::new(ErrorKind::Invalid, "json_expected", msg!("web.json_expected"));
            return Err(error.with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| unread(&refused))?;
        read(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let values = axum::extract::Path::from_request_parts(parts, state).await;
        values.map(|axum::extract::Path(values)| Self(values)).map_err(|_| Error::not_found())
    }
}

impl<S: Send + Sync> FromRequest<S> for FileBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Bytes::from_request(request, state).await.map(Self).map_err(|refused| unread(&refused))
    }
}

/// A body that is too large, or that never came to its end.
pub(super) fn unread(refused: &BytesRejection) -> Error {
    if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::body_too_large();
    }
    let error = Error::new(ErrorKind::Invalid, "body_cut_off", msg!("web.body_cut_off"));
    error.with_status(StatusCode::BAD_REQUEST)
}

/// A field that the interface does not know is refused: it may be a slip in the name of one that it does.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let mut unknown = None;
    let mut note = |path: serde_ignored::Path<'_>| {
        unknown.get_or_insert_with(|| path.to_string());
    };
    let value = serde_path_to_error::deserialize(serde_ignored::Deserializer::new(&mut parser, &mut note));
    let value = value.map_err(|error| refusal(&error))?;
    parser.end().map_err(|error| syntax(&error))?;
    match unknown {
        Some(field) => Err(Error::field(&field, "json_unknown", msg!("web.json_unknown", field = &field))),
        None => Ok(value),
    }
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    if !error.inner().is_data() {
        return syntax(error.inner());
    }
    let problem = error.inner().to_string();
    let place = error.path().to_string();
    let place = if place == "." { "" } else { place.as_str() };
    if let Some(name) = named(&problem, "missing field `") {
        let field = if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        return Error::field(&field, "json_missing", msg!("web.json_missing", field = &field));
    }
    if let Some(name) = named(&problem, "unknown field `") {
        // The path ends at the unknown field already where the parser could say it.
        let field = if place.is_empty() { name } else { place };
        return Error::field(field, "json_unknown", msg!("web.json_unknown", field = field));
    }
    let problem = json_problem::in_words(&problem).unwrap_or_else(|| msg!("web.json_value", value = &problem));
    match place {
        "" => Error::new(ErrorKind::Invalid, "json_data", msg!("web.json_data", problem = problem)),
        place => Error::field(place, "json_data", msg!("web.json_data_at", field = place, problem = problem)),
    }
}

/// The field that the parser's sentence is about.
pub(super) fn named<'a>(problem: &'a str, begins: &str) -> Option<&'a str> {
    problem.strip_prefix(begins)?.split('`').next()
}

fn syntax(error: &serde_json::Error) -> Error {
    let message = msg!("web.json_syntax", line = error.line(), column = error.column());
    Error::new(ErrorKind::Invalid, "json_syntax", message).with_status(StatusCode::BAD_REQUEST)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Qiyue", description = "Contracts from blank to last payment"),
    components(schemas(Problem, ProblemField)),
    modifiers(&Bearer),
    security(("token" = []))
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_with(Components::default);
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// Puts the rooms' routes under [`PREFIX`] and serves what they say of themselves as `/api/openapi.json`. Keys of repeated requests are
/// kept for them, but for the routes that do so themselves, with [`Keyed`] bodies.
pub fn assemble(kit: &Kit, rooms: OpenApiRouter, keeping: OpenApiRouter) -> (Router, OpenApi) {
    let once = middleware::from_fn_with_state(kit.clone(), idempotency::once);
    let rooms = rooms.layer(once).merge(keeping);
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi()).nest(PREFIX, rooms).split_for_parts();
    openapi::complete(&mut document);
    let text = document.to_json().unwrap_or_default();
    let serve = get(move || {
        let text = text.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    });
    (router.route("/api/openapi.json", serve), document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde::Deserialize;
    use tower::ServiceExt as _;

    #[derive(Debug, Deserialize)]
    struct Order {
        #[expect(dead_code, reason = "only its parsing is looked at")]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    struct Line {
        #[expect(dead_code, reason = "only its parsing is looked at")]
        count: u32,
    }

    async fn refused(body: &'static str) -> Error {
        let request =
            Request::post("/").header(header::CONTENT_TYPE, "application/json; charset=utf-8").body(Body::from(body));
        Json::<Order>::from_request(request.unwrap(), &()).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_mistake_is_named_by_its_place() {
        let error = refused(r#"{"lines":[{"count":1},{"count":"two"}]}"#).await;
        assert_eq!(error.fields()[0].field, "lines[1].count");
        assert_eq!(error.code(), "json_data");
    }

    #[tokio::test]
    async fn a_field_that_is_missing_or_unknown_is_named() {
        let error = refused(r#"{"lines":[{"count":1},{}]}"#).await;
        assert_eq!((error.code(), error.fields()[0].field.as_str()), ("json_missing", "lines[1].count"));
        let error = refused(r#"{"lines":[{"count":1,"cuont":2}]}"#).await;
        assert_eq!((error.code(), error.fields()[0].field.as_str()), ("json_unknown", "lines.0.cuont"));
    }

    #[tokio::test]
    async fn what_is_no_json_is_a_bad_request() {
        let error = refused(r#"{"lines":["#).await;
        assert_eq!((error.code(), error.status()), ("json_syntax", StatusCode::BAD_REQUEST));
    }

    #[tokio::test]
    async fn the_document_has_the_errors_and_the_token() {
        let kit = crate::web::testing::kit(Vec::new()).await;
        let (_, document) = assemble(&kit, OpenApiRouter::new(), OpenApiRouter::new());
        let json = serde_json::to_value(&document).unwrap();
        assert!(json["components"]["schemas"]["Problem"].is_object());
        assert_eq!(json["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    }

    struct Counted {
        kit: crate::web::testing::TestKit,
        router: Router,
    }

    /// A route that counts how often it is done, and fails when it is told to.
    async fn counting() -> Counted {
        let kit = crate::web::testing::kit(Vec::new()).await;
        let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let add = move |Json(wish): Json<String>| async move {
            let done = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            if wish == "fail" { Err(Error::internal(std::fmt::Error)) } else { Ok((StatusCode::CREATED, Json(done))) }
        };
        let (router, _) =
            assemble(&kit, OpenApiRouter::new().route("/add", axum::routing::post(add)), OpenApiRouter::new());
        let router = kit.wrap(router);
        Counted { kit, router }
    }

    impl Counted {
        async fn post(&self, key: &str, body: &'static str) -> (u16, String) {
            let token = crate::web::testing::session_cookie();
            let request = Request::post("/api/v1/add")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, token.replacen("qiyue_session=", "Bearer ", 1))
                .header("idempotency-key", key);
            let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
            (response.status().as_u16(), crate::web::testing::body(response).await)
        }
    }

    #[tokio::test]
    async fn a_post_that_is_sent_again_gets_the_first_answer() {
        let app = counting().await;
        assert_eq!(app.post("k1", r#""a""#).await, (201, "1".to_owned()));
        assert_eq!(app.post("k1", r#""a""#).await, (201, "1".to_owned()));
        assert_eq!(app.post("k2", r#""a""#).await, (201, "2".to_owned()));
    }

    #[tokio::test]
    async fn an_answer_is_kept_so_that_only_its_token_can_read_it() {
        const BODY: &str = "SELECT body FROM idempotency";
        let app = counting().await;
        app.post("k1", r#""a""#).await;
        let read: Result<(Vec<u8>,), crate::db::DbError> = app.kit.db().read(async |c| c.one(BODY, &[]).await).await;
        let kept = read.unwrap().0;
        assert_eq!((kept.len(), kept.ends_with(b"1")), (12 + 1 + 16, false), "a nonce, the answer, a tag");
    }

    #[tokio::test]
    async fn a_key_is_for_one_request() {
        let app = counting().await;
        app.post("k1", r#""a""#).await;
        let (status, body) = app.post("k1", r#""b""#).await;
        assert!(status == 409 && body.contains("idempotency_key_reused"), "{status} {body}");
    }

    #[tokio::test]
    async fn a_request_that_did_nothing_gives_its_key_back() {
        let app = counting().await;
        assert_eq!(app.post("k1", r#""fail""#).await.0, 500);
        assert_eq!(app.post("k1", r#""a""#).await, (201, "2".to_owned()));
    }

    #[tokio::test]
    async fn a_refusal_is_repeated_word_for_word() {
        let app = counting().await;
        let first = app.post("k1", "\"a").await;
        assert_eq!(first.0, 400);
        assert_eq!(app.post("k1", "\"a").await, first);
    }

    #[tokio::test]
    async fn a_key_is_forgotten_after_its_time() {
        let app = counting().await;
        app.post("k1", r#""a""#).await;
        assert_eq!(app.kit.forget_answers().await.unwrap(), 0);
        app.kit.move_clock(crate::web::idempotency::KEPT + std::time::Duration::from_secs(1));
        assert_eq!(app.kit.forget_answers().await.unwrap(), 1);
    }
}
