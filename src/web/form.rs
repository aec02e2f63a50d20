//! Forms: what was typed is never lost, and nobody else's page can send one.
//!
//! [`Form`] and [`UploadForm`] refuse a form without the token of this browser. When the action behind it refuses the
//! content, [`Typed::refused`] turns its error into a [`FormState`], and the page is shown again with it (422). Where there
//! is no page to show again, the error page shows what was typed.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::api::named;
use super::{Error, Visit};
use crate::i18n::{ErrorKind, Message};

/// The field with the token, and the header that stands for it in requests of htmx.
const TOKEN: &str = "csrf";
const TOKEN_HEADER: &str = "x-csrf-token";
/// Where a browser says that the page of another site sent it.
const SENT_FROM: &str = "sec-fetch-site";

/// What nobody typed, and what may stand on no page.
const NOT_SHOWN: [&str; 10] =
    ["item", "version", "task", "shown", "next", "seen", "lang", "password", "repeat", "present"];

/// A form that was sent by a page of ours.
#[derive(Clone, Debug)]
pub struct Form<T> {
    /// What it says. Fields that people type are `String` or `Option<String>`: the action checks them, not the parser.
    pub value: T,
    /// The same as it was typed, to show it again.
    pub typed: Typed,
}

/// A form with files (`enctype="multipart/form-data"`). The route sets its own body limit.
#[derive(Clone, Debug)]
pub struct UploadForm<T> {
    /// What it says.
    pub value: T,
    /// The same as it was typed.
    pub typed: Typed,
    /// The files, in the order of the form; a field left empty has none.
    pub files: Vec<Upload>,
}

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// Its name on the sender's machine, without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What was typed, by field, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

/// What a form shows: values, and beside them what is wrong. `form` in templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FormState {
    values: BTreeMap<String, String>,
    all: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, Vec<Message>>,
    problems: Vec<Message>,
}

impl Typed {
    /// What was typed into a field; the last one if there are several.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Everything that was typed into fields of that name.
    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Every field with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What people wrote themselves, for them to copy when no form can show it again.
    pub(super) fn written(&self) -> impl Iterator<Item = &str> {
        let written = self.iter().filter(|(name, value)| !NOT_SHOWN.contains(name) && !value.trim().is_empty());
        written.map(|(_, value)| value)
    }

    /// The form as it was typed, with nothing wrong.
    #[must_use]
    pub fn state(&self) -> FormState {
        let mut state = FormState::default();
        for (name, value) in self.iter() {
            state.put(name, value);
        }
        state
    }

    /// The form as it was typed with what the action said; an error that no typing mends is passed on.
    pub fn refused(&self, error: impl Into<Error>) -> Result<FormState, Error> {
        let error = error.into();
        if !matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Conflict) {
            return Err(error);
        }
        let mut state = self.state();
        if error.fields().is_empty() {
            state.problem(error.message().clone());
        }
        for problem in error.fields() {
            if self.get(&problem.field).is_some() {
                state.error(&problem.field, problem.message.clone());
            } else {
                state.problem(problem.message.clone());
            }
        }
        Ok(state)
    }
}

impl FormState {
    /// An empty form.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A form filled with the fields of `record`: texts, numbers and lists of them.
    pub fn of(record: &impl Serialize) -> Result<Self, Error> {
        let mut state = Self::default();
        let serde_json::Value::Object(fields) = serde_json::to_value(record).map_err(Error::internal)? else {
            return Ok(state);
        };
        for (name, value) in &fields {
            match value {
                serde_json::Value::Array(items) => items.iter().for_each(|item| state.put(name, &plain(item))),
                value => state.put(name, &plain(value)),
            }
        }
        Ok(state)
    }

    /// The value of a field; empty where it has none.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// Adds a value to a field.
    pub fn put(&mut self, field: &str, value: &str) {
        self.values.insert(field.to_owned(), value.to_owned());
        self.all.entry(field.to_owned()).or_default().push(value.to_owned());
    }

    /// Says what is wrong with a field.
    pub fn error(&mut self, field: &str, message: Message) {
        self.errors.entry(field.to_owned()).or_default().push(message);
    }

    /// The same as problems of the whole, for a page on which its fields stand several times.
    #[must_use]
    pub fn without_fields(self) -> Self {
        let problems = self.problems.into_iter().chain(self.errors.into_values().flatten()).collect();
        Self { problems, ..Self::default() }
    }

    /// Says what is wrong with the form as a whole.
    pub fn problem(&mut self, message: Message) {
        self.problems.push(message);
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let headers = parts.headers.clone();
        let bytes =
            Bytes::from_request(Request::from_parts(parts, body), state).await.map_err(|_| Error::body_too_large())?;
        let pairs: Vec<(String, String)> = serde_html_form::from_bytes(&bytes).map_err(|_| Error::bad_form(""))?;
        let typed = accept(&visit, &headers, pairs)?;
        Ok(Self { value: parse(&typed)?, typed })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for UploadForm<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let headers = parts.headers.clone();
        let mut form =
            Multipart::from_request(Request::from_parts(parts, body), state).await.map_err(|_| Error::bad_form(""))?;
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = form.next_field().await.map_err(|error| broken_upload(&error))? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(last_part);
            let bytes = part.bytes().await.map_err(|error| broken_upload(&error))?;
            match name {
                None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => files.push(Upload { field, name, bytes }),
            }
        }
        let typed = accept(&visit, &headers, pairs)?;
        Ok(Self { value: parse(&typed)?, typed, files })
    }
}

fn broken_upload(error: &axum::extract::multipart::MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Error::body_too_large()
    } else {
        Error::bad_form("")
    }
}

/// The name without the folders that some browsers send along.
fn last_part(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// Checks the token, which is not part of what was typed; line ends become those of text files.
fn accept(visit: &Visit, headers: &HeaderMap, pairs: Vec<(String, String)>) -> Result<Typed, Error> {
    let in_field = pairs.iter().find(|(name, _)| name == TOKEN).map(|(_, value)| value.as_str());
    let in_header = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    let sent = in_field.or(in_header).unwrap_or_default().to_owned();
    let typed = pairs.into_iter().filter(|(name, _)| name != TOKEN);
    let typed = Typed(typed.map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect());
    // What another site makes up is not shown as the reader's own words.
    let from_us = headers.get(SENT_FROM).is_none_or(|from| from == "same-origin");
    if from_us {
        visit.remember(&typed);
    }
    visit.check_csrf(&sent)?;
    Ok(typed)
}

fn parse<T: DeserializeOwned>(typed: &Typed) -> Result<T, Error> {
    let text = serde_html_form::to_string(&typed.0).map_err(Error::internal)?;
    let parser = serde_html_form::Deserializer::from_bytes(text.as_bytes());
    serde_path_to_error::deserialize(parser).map_err(|error| {
        let (problem, place) = (error.inner().to_string(), error.path().to_string());
        Error::bad_form(named(&problem, "missing field `").unwrap_or(&place))
    })
}

/// The query of an address as a struct; what does not parse leads to an error page, never to a page without its filter.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Error> {
        let parser = serde_html_form::Deserializer::from_bytes(parts.uri.query().unwrap_or_default().as_bytes());
        serde_path_to_error::deserialize(parser).map(Self).map_err(|error| Error::bad_query(&error.path().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_again() {
        let typed = Typed(vec![("name".into(), "甲".into()), ("tag".into(), "a".into()), ("tag".into(), "b".into())]);
        let state = serde_json::to_value(typed.state()).unwrap();
        assert_eq!(state["values"]["name"], "甲");
        assert_eq!(state["all"]["tag"], serde_json::json!(["a", "b"]));
    }

    #[test]
    fn a_record_fills_its_form() {
        #[derive(Serialize)]
        struct Customer {
            name: &'static str,
            staff: Option<u32>,
            tags: Vec<&'static str>,
        }
        let state = FormState::of(&Customer { name: "甲", staff: None, tags: vec!["a", "b"] }).unwrap();
        assert_eq!(state.values["name"], "甲");
        assert_eq!(state.values["staff"], "");
        assert_eq!(state.all["tags"], ["a", "b"]);
    }

    #[test]
    fn a_form_parses_lists_and_optional_fields() {
        #[derive(Deserialize)]
        struct Fields {
            name: String,
            #[serde(default)]
            tag: Vec<String>,
            note: Option<String>,
        }
        let typed = Typed(vec![("name".into(), "a&b=c".into()), ("tag".into(), "x".into())]);
        let fields: Fields = parse(&typed).unwrap();
        assert_eq!((fields.name.as_str(), fields.tag, fields.note), ("a&b=c", vec!["x".to_owned()], None));
    }

    #[test]
    fn a_file_name_has_no_folders() {
        assert_eq!(last_part("C:\\fakepath\\合同.pdf"), "合同.pdf");
        assert_eq!(last_part("../../etc/passwd"), "passwd");
    }
}
