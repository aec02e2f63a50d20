//! A line that the next page shows: what was done, and for a moment the way to undo it.

use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::session::{Keep, NOTE, cookie, set_cookie};

/// A line for the next page. It travels in a cookie of the one who reads it, so it holds text and an address of ours only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it says, in the reader's language.
    pub text: String,
    /// The address to which a button posts to undo it.
    pub undo: Option<String>,
    /// Whether something went wrong.
    pub bad: bool,
    /// How long it stands.
    pub seconds: u32,
}

impl Note {
    /// Says that something was done.
    #[must_use]
    pub fn done(text: impl Into<String>) -> Self {
        Self { text: text.into(), undo: None, bad: false, seconds: 5 }
    }

    /// Says that something went wrong.
    #[must_use]
    pub fn failed(text: impl Into<String>) -> Self {
        Self { text: text.into(), undo: None, bad: true, seconds: 8 }
    }

    /// Offers to undo it for `seconds` by posting to `path`.
    #[must_use]
    pub fn with_undo(mut self, path: &(impl ToString + ?Sized), seconds: u32) -> Self {
        self.undo = Some(path.to_string());
        self.seconds = seconds;
        self
    }

    /// What an earlier answer left for this page.
    pub(super) fn left(headers: &HeaderMap) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie(headers, NOTE)?).ok()?;
        let note: Self = serde_json::from_slice(&bytes).ok()?;
        note.undo.as_deref().is_none_or(is_ours).then_some(note)
    }

    /// Leaves it for the next page.
    pub(super) fn leave(&self, response: &mut Response, secure: bool) {
        if let Ok(json) = serde_json::to_vec(self) {
            set_cookie(response, NOTE, &URL_SAFE_NO_PAD.encode(json), Keep::Browser, secure);
        }
    }
}

/// Whether an address that came from outside stays on this site.
pub(super) fn is_ours(address: &str) -> bool {
    let mut bytes = address.bytes();
    bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\')) && !address.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};
    use axum::response::IntoResponse as _;

    #[test]
    fn a_note_reaches_the_next_page() {
        let note = Note::done("已保存").with_undo("/approvals/3/undo", 10);
        let mut response = ().into_response();
        note.leave(&mut response, false);
        let line = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(line.split(';').next().unwrap()).unwrap());
        assert_eq!(Note::left(&headers), Some(note));
    }

    #[test]
    fn only_addresses_of_ours_are_followed() {
        assert!(is_ours("/customers?q=1"));
        for address in ["//elsewhere", "/\\elsewhere", "https://elsewhere", "", "/a\nb"] {
            assert!(!is_ours(address), "{address}");
        }
    }
}
