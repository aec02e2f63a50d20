//! Who stands behind a request, and the cookies that say so.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::Error;
use crate::i18n::Lang;
use crate::kernel::{Hash, Token, UserId};

/// The cookie with the session's token.
pub const SESSION: &str = "qiyue_session";
/// The cookie with the language somebody chose before logging in.
pub(super) const LANGUAGE: &str = "qiyue_lang";
/// The cookie that forms of people without a session are bound to.
pub(super) const SEED: &str = "qiyue_seed";
/// The cookie that carries a note to the next page.
pub(super) const NOTE: &str = "qiyue_note";

/// Whoever knows people: `org` behind its pages, registered in `app`.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// The person whose session it is, unless it ended.
    async fn by_session(&self, token: &Token) -> Result<Option<Person>, Error>;

    /// The person whose API token it is, unless it was withdrawn.
    async fn by_api_token(&self, token: &Token) -> Result<Option<Person>, Error>;

    /// Keeps the language somebody chose.
    async fn choose_language(&self, person: &Person, lang: Lang) -> Result<(), Error>;
}

/// Somebody who is logged in, as far as the kit needs to know them.
#[derive(Clone)]
pub struct Person {
    /// Their id.
    pub user: UserId,
    /// Their name, as others read it.
    pub name: String,
    /// What stands under the name in their menu: the department, say.
    pub note: String,
    /// The language they chose for themselves.
    pub lang: Option<Lang>,
    /// What they may do, for the navigation, empty where there is none; actions check for themselves.
    pub powers: BTreeSet<String>,
    /// The page they have to see before all others: the first change of the password.
    pub first: Option<String>,
    /// What `org` knows of them, for its own extractor.
    pub proof: Arc<dyn Any + Send + Sync>,
}

impl Person {
    /// Whether they have that permission.
    #[must_use]
    pub fn may(&self, power: &str) -> bool {
        self.powers.contains(power)
    }

    /// What `org` knows of them, when it is a `T`.
    #[must_use]
    pub fn proof<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        Arc::clone(&self.proof).downcast().ok()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Person").field("user", &self.user).finish_non_exhaustive()
    }
}

/// The value of a cookie that the request carries.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|part| part.trim().split_once('='))
        .find(|(known, value)| *known == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// How long a cookie of ours lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until the browser is closed.
    Browser,
    /// So many days.
    Days(u32),
    /// It is taken away.
    Gone,
}

/// Adds a cookie of ours to an answer: not for scripts, not sent with other sites' forms, and over TLS only when
/// `secure`. `value` is a token or base64url, which need no quoting.
pub(super) fn set_cookie(response: &mut Response, name: &str, value: &str, keep: Keep, secure: bool) {
    let age = match keep {
        Keep::Browser => String::new(),
        Keep::Days(days) => format!("; Max-Age={}", u64::from(days) * 24 * 60 * 60),
        Keep::Gone => "; Max-Age=0".to_owned(),
    };
    let tls = if secure { "; Secure" } else { "" };
    if let Ok(line) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{tls}{age}")) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// What a form has to send back: bound to `seed`, which only the browser it was made for holds.
pub(super) fn csrf_of(seed: &str) -> String {
    Hash::of(format!("qiyue.csrf.1\n{seed}").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; qiyue_session=tok=en; b=2"));
        assert_eq!(cookie(&headers, SESSION).as_deref(), Some("tok=en"));
        assert_eq!(cookie(&headers, "c"), None);
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_our_cookies() {
        let mut response = ().into_response();
        set_cookie(&mut response, SESSION, "token", Keep::Days(1), true);
        let line = response.headers()[header::SET_COOKIE].to_str().unwrap();
        assert_eq!(line, "qiyue_session=token; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400");
    }

    #[test]
    fn a_form_is_bound_to_its_browser() {
        assert_eq!(csrf_of("one"), csrf_of("one"));
        assert_ne!(csrf_of("one"), csrf_of("two"));
    }
}
