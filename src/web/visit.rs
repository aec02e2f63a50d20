//! One request of one reader: their language, who they are, and how they are answered.

use std::fmt::Display;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use minijinja::value::Serde;
use minijinja::{HtmlEscape, Value};
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use super::note::is_ours;
use super::session::{Keep, LANGUAGE, NOTE, Person, SEED, SESSION, cookie, csrf_of, set_cookie};
use super::{Error, Kit, Note, Typed, language, nav};
use crate::i18n::{self, Lang, Message};
use crate::kernel::{Channel, Token, UserId};

/// What a page is given: its template, and the values of this struct by name.
pub trait Page: Serialize {
    /// `room/name.html`.
    const TEMPLATE: &'static str;
}

/// One request, of whomever it is. A cheap clone.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    kit: Kit,
    lang: Lang,
    person: Option<Person>,
    channel: Channel,
    seed: Seed,
    address: String,
    back: String,
    fragment: bool,
    shows: bool,
    note: Option<Note>,
    typed: OnceLock<Typed>,
}

/// What forms of this reader are bound to.
enum Seed {
    /// The session, or the cookie of a reader without one.
    Known(String),
    /// A cookie that this answer has to set.
    Fresh(String),
}

/// A request of somebody who is logged in (with an API token, under `/api`). Others are sent to the login.
#[derive(Clone)]
pub struct LoggedIn {
    visit: Visit,
    person: Person,
}

impl Visit {
    /// Finds out who asks and in which language they read.
    pub(super) async fn begin(kit: &Kit, parts: &Parts) -> (Self, Result<(), Error>) {
        let headers = &parts.headers;
        let channel = if parts.uri.path().starts_with("/api/") { Channel::Api } else { Channel::Page };
        let (person, outcome) = match identify(kit, headers, channel).await {
            Ok(person) => (person, Ok(())),
            Err(error) => (None, Err(error)),
        };
        let session = person.as_ref().and_then(|_| cookie(headers, SESSION));
        let seed = match session.or_else(|| cookie(headers, SEED)) {
            Some(seed) => Seed::Known(seed),
            None => Seed::Fresh(Token::new(kit.random()).reveal()),
        };
        let visit = Self(Arc::new(Inner {
            kit: kit.clone(),
            lang: language::of(headers, person.as_ref().filter(|_| channel == Channel::Page)),
            person,
            channel,
            seed,
            address: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            back: came_from(headers).unwrap_or_else(|| "/".to_owned()),
            fragment: headers.contains_key("hx-request") && !headers.contains_key("hx-boosted"),
            shows: parts.method == Method::GET && !headers.contains_key("hx-request"),
            note: Note::left(headers).filter(|_| parts.method == Method::GET),
            typed: OnceLock::new(),
        }));
        (visit, outcome)
    }

    /// The reader's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// Who it is, when they are logged in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        self.0.person.as_ref()
    }

    /// By which way they came.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.0.channel
    }

    /// The kit.
    #[must_use]
    pub fn kit(&self) -> &Kit {
        &self.0.kit
    }

    /// Whether htmx asks for a part of a page.
    #[must_use]
    pub fn wants_fragment(&self) -> bool {
        self.0.fragment
    }

    /// Whether a program asks, which reads JSON.
    #[must_use]
    pub fn is_program(&self) -> bool {
        self.0.channel == Channel::Api
    }

    /// A sentence in the reader's language.
    #[must_use]
    pub fn text(&self, message: &Message) -> String {
        i18n::text(self.0.lang, message)
    }

    /// What was asked for, with its query.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Where the reader wants to be after logging in: this page, or the one whose form they sent.
    pub(super) fn return_address(&self) -> &str {
        if self.0.shows { &self.0.address } else { &self.0.back }
    }

    /// What a form of this reader has to send back.
    #[must_use]
    pub fn csrf(&self) -> String {
        match &self.0.seed {
            Seed::Known(seed) | Seed::Fresh(seed) => csrf_of(seed),
        }
    }

    /// Keeps what came with a form, so that an error page can show it.
    pub(super) fn remember(&self, typed: &Typed) {
        // A request has one form.
        drop(self.0.typed.set(typed.clone()));
    }

    /// Refuses a form that was not made for this browser.
    pub fn check_csrf(&self, sent: &str) -> Result<(), Error> {
        let fits: bool = self.csrf().as_bytes().ct_eq(sent.as_bytes()).into();
        if fits { Ok(()) } else { Err(Error::stale_form()) }
    }

    /// Shows a page.
    pub fn page<P: Page>(&self, page: &P) -> Result<Response, Error> {
        self.page_as(StatusCode::OK, page)
    }

    /// Shows a form again with what was typed and what is wrong with it (422).
    pub fn page_again<P: Page>(&self, page: &P) -> Result<Response, Error> {
        self.page_as(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// Shows a page with another status.
    pub fn page_as<P: Page>(&self, status: StatusCode, page: &P) -> Result<Response, Error> {
        let html = self.render(page, &[])?;
        let lost = if status.is_success() || self.0.fragment { Vec::new() } else { self.lost(&html) };
        let html = if lost.is_empty() { html } else { self.render(page, &lost)? };
        let mut response = (status, Html(html)).into_response();
        if let Seed::Fresh(seed) = &self.0.seed {
            set_cookie(&mut response, SEED, seed, Keep::Browser, self.0.kit.is_secure());
        }
        if self.0.note.is_some() && !self.0.fragment {
            set_cookie(&mut response, NOTE, "", Keep::Gone, self.0.kit.is_secure());
        }
        Ok(response)
    }

    fn render<P: Page>(&self, page: &P, lost: &[&str]) -> Result<String, Error> {
        let shell = Shell { lost, ..self.shell() };
        let context = minijinja::context! { page => Serde(shell), ..Value::from(Serde(page)) };
        self.0.kit.templates().render(self.0.lang, P::TEMPLATE, context).map_err(Error::internal)
    }

    /// What people wrote into the form of this request, where the answer has no place for it.
    fn lost(&self, html: &str) -> Vec<&str> {
        let written = self.0.typed.get().into_iter().flat_map(Typed::written);
        written.filter(|text| !html.contains(&HtmlEscape(text).to_string())).collect()
    }

    /// Leads to another page after something was done (303, so that reloading does not do it again).
    pub fn go(&self, to: impl Display) -> Response {
        let to = HeaderValue::from_str(&to.to_string()).unwrap_or(HeaderValue::from_static("/"));
        if self.0.fragment {
            return [(HeaderName::from_static("hx-redirect"), to)].into_response();
        }
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }

    /// The same, with a line for the page it leads to.
    pub fn go_with(&self, to: impl Display, note: &Note) -> Response {
        let mut response = self.go(to);
        note.leave(&mut response, self.0.kit.is_secure());
        response
    }

    /// Leads to `next` if it is an address of ours, and home otherwise.
    pub fn go_next(&self, next: Option<&str>) -> Response {
        self.go(next.filter(|next| is_ours(next)).unwrap_or("/"))
    }

    /// Opens a session in this browser: `token` goes into its cookie.
    pub fn open_session(&self, response: &mut Response, token: &Token, keep: Keep) {
        set_cookie(response, SESSION, &token.reveal(), keep, self.0.kit.is_secure());
    }

    /// Ends the session in this browser.
    pub fn close_session(&self, response: &mut Response) {
        set_cookie(response, SESSION, "", Keep::Gone, self.0.kit.is_secure());
    }

    /// Remembers a language in this browser.
    pub(super) fn keep_language(&self, response: &mut Response, lang: Lang) {
        set_cookie(response, LANGUAGE, lang.code(), Keep::Days(365), self.0.kit.is_secure());
    }

    fn shell(&self) -> Shell<'_> {
        let Inner { kit, lang, person, .. } = &*self.0;
        let other = match lang {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        };
        Shell {
            lang: lang.code(),
            lang_tag: lang.tag(),
            other_lang: other.code(),
            nav: nav::shown(kit.nav(), person.as_ref(), *lang, &self.0.address),
            person: person.as_ref().map(|person| ShownPerson {
                name: &person.name,
                note: &person.note,
                initial: person.name.chars().next().map(String::from).unwrap_or_default(),
                menu: nav::menu(kit.menu(), *lang),
            }),
            bell: kit.bell().filter(|_| person.is_some()).map(|bell| nav::alone(bell, *lang, &self.0.address)),
            csrf: self.csrf(),
            address: &self.0.address,
            back: &self.0.back,
            notes: self.0.note.iter().collect(),
            search: kit.search(),
            live: person.is_some().then_some("/events"),
            lost: &[],
        }
    }
}

/// What the shell around every page shows; `page` in templates.
#[derive(Serialize)]
struct Shell<'a> {
    lang: &'static str,
    lang_tag: &'static str,
    other_lang: &'static str,
    nav: Vec<nav::ShownGroup>,
    person: Option<ShownPerson<'a>>,
    bell: Option<nav::ShownEntry>,
    csrf: String,
    address: &'a str,
    back: &'a str,
    notes: Vec<&'a Note>,
    search: Option<&'a str>,
    live: Option<&'static str>,
    /// What the reader wrote and this page has no place for.
    lost: &'a [&'a str],
}

#[derive(Serialize)]
struct ShownPerson<'a> {
    name: &'a str,
    note: &'a str,
    initial: String,
    menu: Vec<nav::ShownLink>,
}

impl LoggedIn {
    /// Who it is.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Their id.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.person.user
    }
}

impl Deref for LoggedIn {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::internal(NoKit))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LoggedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let Some(person) = visit.person().cloned() else { return Err(Error::log_in_first()) };
        match &person.first {
            Some(first) if !visit.is_program() && parts.uri.path() != first => Err(Error::go_first(first.clone())),
            _ => Ok(Self { visit, person }),
        }
    }
}

/// A router that `Kit::wrap` did not wrap.
#[derive(Debug, thiserror::Error)]
#[error("the router was not wrapped by the kit")]
struct NoKit;

/// Programs are known by their token alone: a browser's cookie must not decide through the API.
async fn identify(kit: &Kit, headers: &HeaderMap, channel: Channel) -> Result<Option<Person>, Error> {
    if channel == Channel::Api {
        let Some(token) = bearer(headers) else { return Ok(None) };
        return kit.people().by_api_token(&token).await;
    }
    match cookie(headers, SESSION).and_then(|text| Token::parse(&text).ok()) {
        Some(token) => kit.people().by_session(&token).await,
        None => Ok(None),
    }
}

/// The token that a program sends.
pub(super) fn bearer(headers: &HeaderMap) -> Option<Token> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::parse(token.trim()).ok())?
}

/// The page of ours that the reader came from.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let (_, rest) = headers.get(header::REFERER)?.to_str().ok()?.split_once("://")?;
    let address = rest.strip_prefix(host)?;
    is_ours(address).then(|| address.to_owned())
}
