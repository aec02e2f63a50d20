//! Which language a reader gets: the one they chose for themselves, the one of this browser, Chinese.

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::session::{LANGUAGE, Person, cookie};
use super::{Error, Form, Visit};
use crate::i18n::Lang;

/// Switches the language.
pub(super) fn routes() -> Router {
    Router::new().route("/language", post(switch))
}

/// The language of a reader.
pub(super) fn of(headers: &HeaderMap, person: Option<&Person>) -> Lang {
    person
        .and_then(|person| person.lang)
        .or_else(|| Lang::from_code(&cookie(headers, LANGUAGE)?))
        .or_else(|| Some(Lang::from_accept_language(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)))
        .unwrap_or_default()
}

#[derive(Deserialize)]
struct Choice {
    lang: String,
    next: Option<String>,
}

async fn switch(visit: Visit, form: Form<Choice>) -> Result<Response, Error> {
    let lang: Lang = Lang::from_code(&form.value.lang).ok_or_else(|| Error::bad_form("lang"))?;
    if let Some(person) = visit.person() {
        visit.kit().people().choose_language(person, lang).await?;
    }
    let mut response = visit.go_next(form.value.next.as_deref());
    visit.keep_language(&mut response, lang);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(cookie: Option<&'static str>, accept: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        headers.extend(cookie.map(|line| (header::COOKIE, HeaderValue::from_static(line))));
        headers
    }

    #[test]
    fn what_was_chosen_in_this_browser_goes_before_what_it_speaks() {
        assert_eq!(of(&headers(None, "en-GB,zh;q=0.8"), None), Lang::En);
        assert_eq!(of(&headers(Some("qiyue_lang=zh"), "en-GB,zh;q=0.8"), None), Lang::Zh);
    }

    #[test]
    fn without_a_wish_it_is_chinese() {
        assert_eq!(of(&HeaderMap::new(), None), Lang::Zh);
    }
}
