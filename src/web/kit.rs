//! [`Kit`]: what every page needs, built once in `app`, and the layers around every route.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use jiff::tz::TimeZone;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::templates::Templates;
use super::{Error, Events, NavEntry, People, Visit, assets, events, explain, headers, language};
use crate::db::Db;
use crate::kernel::{Clock, Random};

/// Bytes that a request may send; routes that take files set their own.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What every page needs. A cheap clone.
#[derive(Clone)]
pub struct Kit(Arc<Inner>);

struct Inner {
    templates: Templates,
    settings: Settings,
}

/// What a [`Kit`] is made of.
pub struct Settings {
    /// Where answers to repeated requests are kept.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where tokens and the numbers of errors come from.
    pub random: Arc<dyn Random>,
    /// Whoever knows people.
    pub people: Arc<dyn People>,
    /// What the navigation lists.
    pub nav: Vec<NavEntry>,
    /// What the menu under the reader's name lists.
    pub menu: Vec<NavEntry>,
    /// What stands in the head of every page with its live number: the messages.
    pub bell: Option<NavEntry>,
    /// Where the search field leads, when there is one.
    pub search: Option<String>,
    /// Where instants are shown.
    pub zone: TimeZone,
    /// Whether people come over TLS, so that cookies may demand it.
    pub secure: bool,
    /// What changes, for pages that are open.
    pub events: Events,
}

impl Kit {
    /// Parses every template; one that is broken stops the start.
    pub fn new(settings: Settings) -> Result<Self, minijinja::Error> {
        let templates = Templates::load(&settings.zone)?;
        Ok(Self(Arc::new(Inner { templates, settings })))
    }

    /// Adds the kit's own routes and, around all of them, sessions, errors, headers and compression.
    pub fn wrap(&self, rooms: Router) -> Router {
        let pages = rooms
            .merge(language::routes())
            .merge(events::routes())
            .fallback(async || Error::not_found())
            .method_not_allowed_fallback(async || Error::method_not_allowed())
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state(self.clone(), visited));
        assets::routes()
            .fallback_service(pages)
            .layer(CompressionLayer::new())
            .layer(middleware::from_fn(headers::secure))
    }

    /// What changes, for pages that are open.
    #[must_use]
    pub fn events(&self) -> &Events {
        &self.0.settings.events
    }

    /// Whoever knows people.
    #[must_use]
    pub fn people(&self) -> &dyn People {
        &*self.0.settings.people
    }

    /// Whether cookies demand TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.settings.secure
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.settings.db
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.0.settings.clock
    }

    pub(super) fn random(&self) -> &dyn Random {
        &*self.0.settings.random
    }

    pub(super) fn templates(&self) -> &Templates {
        &self.0.templates
    }

    pub(super) fn nav(&self) -> &[NavEntry] {
        &self.0.settings.nav
    }

    pub(super) fn menu(&self) -> &[NavEntry] {
        &self.0.settings.menu
    }

    pub(super) fn bell(&self) -> Option<&NavEntry> {
        self.0.settings.bell.as_ref()
    }

    pub(super) fn search(&self) -> Option<&str> {
        self.0.settings.search.as_deref()
    }
}

/// Finds out who asks, answers, and writes out what went wrong in words that they read.
async fn visited(State(kit): State<Kit>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (visit, known) = Visit::begin(&kit, &parts).await;
    parts.extensions.insert(visit.clone());
    let response = match known {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    };
    match response.extensions().get::<Error>().cloned() {
        Some(error) => explain::answer(&visit, &error),
        None => response,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::panicked(text.unwrap_or("a panic without words")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::request::Builder;
    use axum::http::{StatusCode, header};
    use axum::routing::{get, post};
    use serde::Deserialize;
    use tower::ServiceExt as _;

    use crate::web::testing::{body, kit, session_cookie};
    use crate::web::{Form, LoggedIn};

    #[derive(Deserialize)]
    struct Greeting {
        name: String,
    }

    async fn ask(request: Builder, sent: impl Into<Body>) -> Response {
        let kit = kit(Vec::new()).await;
        let rooms = Router::new()
            .route("/csrf", get(async |visit: Visit| visit.csrf()))
            .route("/form", post(async |form: Form<Greeting>| form.value.name))
            .route("/own", get(async |visit: LoggedIn| visit.person().name.clone()))
            .route("/api/own", get(async |visit: LoggedIn| visit.person().name.clone()))
            .route("/panic", get(async || -> Response { panic!("secret") }));
        kit.wrap(rooms).oneshot(request.body(sent.into()).unwrap()).await.unwrap()
    }

    async fn get_page(path: &str) -> Response {
        ask(Request::get(path), Body::empty()).await
    }

    #[tokio::test]
    async fn an_unknown_address_is_explained_in_the_language_of_the_reader() {
        let response = get_page("/nowhere").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(body(response).await.contains("没有找到这个页面"));
        let response = ask(Request::get("/nowhere").header(header::ACCEPT_LANGUAGE, "en"), Body::empty()).await;
        assert!(body(response).await.contains("There is no such page"));
    }

    #[tokio::test]
    async fn programs_get_the_code_as_json() {
        let response = get_page("/api/nowhere").await;
        let json: serde_json::Value = serde_json::from_str(&body(response).await).unwrap();
        assert_eq!((json["code"].as_str(), json["fields"].as_array().map(Vec::len)), (Some("not_found"), Some(0)));
    }

    #[tokio::test]
    async fn a_wrong_method_is_refused() {
        assert_eq!(get_page("/form").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn a_panic_is_shown_as_a_number_only() {
        let response = get_page("/panic").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let html = body(response).await;
        assert!(html.contains("编号") && !html.contains("secret"), "{html}");
    }

    #[tokio::test]
    async fn a_form_of_another_site_is_refused() {
        let request = Request::post("/form").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        assert_eq!(ask(request, "name=a&csrf=guessed").await.status(), StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn a_form_of_this_browser_is_taken() {
        let session = session_cookie();
        let token = body(ask(Request::get("/csrf").header(header::COOKIE, &session), Body::empty()).await).await;
        let request = Request::post("/form").header(header::COOKIE, &session);
        assert_eq!(body(ask(request, format!("name=a%26b&csrf={token}")).await).await, "a&b");
    }

    #[tokio::test]
    async fn somebody_unknown_is_sent_to_the_login_and_back_again() {
        let response = get_page("/own?q=1").await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/login?next=%2Fown%3Fq%3D1");
    }

    #[tokio::test]
    async fn a_program_needs_a_token_and_a_cookie_is_none() {
        let with_cookie = Request::get("/api/own").header(header::COOKIE, session_cookie());
        let response = ask(with_cookie, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let token = session_cookie().split_once('=').unwrap().1.to_owned();
        let with_token = Request::get("/api/own").header(header::AUTHORIZATION, format!("Bearer {token}"));
        assert_eq!(body(ask(with_token, Body::empty()).await).await, "Zhang");
    }

    #[tokio::test]
    async fn every_answer_says_what_a_page_may_load() {
        for path in ["/nowhere", "/csrf", &assets::address("qiyue.css").unwrap()] {
            let policy = get_page(path).await.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}");
        }
    }

    #[tokio::test]
    async fn assets_are_kept_for_ever_under_the_hash_of_their_content() {
        let response = get_page(&assets::address("qiyue.js").unwrap()).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(get_page("/assets/0/qiyue.js").await.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(get_page("/assets/0/nothing.js").await.status(), StatusCode::NOT_FOUND);
    }
}
