//! A program with the token of one person, and what it may rely on whatever it asks for.
//!
//! A POST is sent twice with its `Idempotency-Key`: the second time it gets the first answer. A change is sent with another version
//! than the present one first, which is refused. The code of a refusal stands in the document.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::fulfilment::PDF;
use crate::support::Program;

pub(super) struct Desk<'a> {
    program: Program<'a>,
    codes: Arc<BTreeSet<String>>,
    sent: AtomicU32,
    /// Of the person.
    pub(super) id: i64,
}

impl<'a> Desk<'a> {
    /// `codes` are those that the document lists.
    pub(super) async fn of(program: Program<'a>, codes: Arc<BTreeSet<String>>) -> Self {
        let id = program.get("/me").await.1["id"].as_i64().unwrap();
        Self { program, codes, sent: AtomicU32::new(0), id }
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.answer(self.program.request(Method::GET, path)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// The same, read in English.
    pub(super) async fn get_in_english(&self, path: &str) -> Value {
        let request = self.program.request(Method::GET, path).header("accept-language", "en");
        self.answer(request).await.1
    }

    /// Reads until it shows what somebody else, or the program itself, has brought about.
    pub(super) async fn until(&self, path: &str, shown: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..80 {
            let body = self.get(path).await;
            if shown(&body) {
                return body;
            }
            tokio::time::sleep(Duration::from_millis(125)).await;
        }
        panic!("{path} shows only {}", self.get(path).await);
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        self.twice(path, |request| request.json(&body)).await
    }

    /// Adds a file; its bytes are the body.
    pub(super) async fn file(&self, path: &str) -> Value {
        self.twice(path, |request| request.header("content-type", "application/octet-stream").body(PDF)).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Value {
        self.change(Method::PUT, path, body).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Value {
        self.change(Method::PATCH, path, body).await
    }

    /// Puts a file into its place; the version that was read goes into the address.
    pub(super) async fn put_file(&self, path: &str, version: &Value) -> Value {
        let send = async |version: i64| {
            let request = self.program.request(Method::PUT, &format!("{path}&version={version}"));
            self.answer(request.body(PDF)).await
        };
        let version = version.as_i64().unwrap();
        assert_stale(path, &send(version - 1).await);
        let (status, body) = send(version).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// What is refused: the status and the code.
    pub(super) async fn refused(&self, method: Method, path: &str, body: Value) -> (u16, String) {
        let (status, problem) = self.answer(self.program.request(method, path).json(&body)).await;
        (status.as_u16(), problem["code"].as_str().unwrap_or_else(|| panic!("{path}: {problem}")).to_owned())
    }

    async fn change(&self, method: Method, path: &str, body: Value) -> Value {
        let version = body["version"].as_i64().expect("a change names the version that was read");
        let mut stale = body.clone();
        stale["version"] = json!(version - 1);
        assert_stale(path, &self.answer(self.program.request(method.clone(), path).json(&stale)).await);
        let (status, body) = self.answer(self.program.request(method, path).json(&body)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn twice(&self, path: &str, with: impl Fn(RequestBuilder) -> RequestBuilder) -> Value {
        let key = format!("{}-{}", self.id, self.sent.fetch_add(1, Ordering::Relaxed));
        let send = async || {
            let request = with(self.program.request(Method::POST, path).header("idempotency-key", &key));
            self.answer_with_headers(request).await
        };
        let (status, _, first) = send().await;
        assert!(status.is_success(), "{path}: {first}");
        let (again, headers, second) = send().await;
        assert_eq!((again, &second), (status, &first), "{path} sent again");
        assert!(headers.contains_key("idempotency-replayed"), "{path} was not done twice");
        first
    }

    async fn answer(&self, request: RequestBuilder) -> (StatusCode, Value) {
        let (status, _, body) = self.answer_with_headers(request).await;
        (status, body)
    }

    async fn answer_with_headers(&self, request: RequestBuilder) -> (StatusCode, HeaderMap, Value) {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body: Value = answer.json().await.unwrap_or_default();
        if !status.is_success() {
            let code = body["code"].as_str().unwrap_or_default();
            assert!(self.codes.contains(code), "the document does not list {code:?}: {body}");
        }
        (status, headers, body)
    }
}

fn assert_stale(path: &str, (status, problem): &(StatusCode, Value)) {
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("version_conflict")), "{path}: {problem}");
}
