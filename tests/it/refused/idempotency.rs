//! `Idempotency-Key` where it cannot be taken.

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::program;
use crate::support::on_both_apps;

const KEY: &str = "idempotency-key";
const SALES: &str = r#"{"code": "XS", "name": "销售部"}"#;

#[tokio::test]
async fn a_key_is_taken_for_one_request_alone() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let post = |path: &str, body: &'static str| {
            let request = program.request(Method::POST, path).header(KEY, "one");
            request.header("content-type", "application/json").body(body)
        };
        assert_eq!(post("/departments", SALES).send().await.unwrap().status(), 201);
        let before = app.stored().await;
        let sentences = [
            "这个 Idempotency-Key 已用于另一个请求。请为新的请求换一个。",
            "This Idempotency-Key was used for another request. Take a new one for a new request.",
        ];
        let other = r#"{"code": "CW", "name": "财务部"}"#;
        for request in [post("/departments", other), post("/tokens", SALES)] {
            refused(program.answers(&request).await, (409, "idempotency_key_reused"), sentences);
        }
        before.is_still(&app.stored().await);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let before = app.stored().await;
        let sentences = [
            "Idempotency-Key 应为 1 到 200 个可见的 ASCII 字符。",
            "Idempotency-Key takes 1 to 200 visible ASCII characters.",
        ];
        let long = "k".repeat(201);
        for key in ["".as_bytes(), b"two words", long.as_bytes(), "键".as_bytes()] {
            let key = HeaderValue::from_bytes(key).unwrap();
            let request = program.request(Method::POST, "/departments").header(KEY, key.clone());
            let request = request.header("content-type", "application/json").body(SALES);
            refused(program.answers(&request).await, (400, "idempotency_key_invalid"), sentences);
        }
        before.is_still(&app.stored().await);
    })
    .await;
}

/// In Chinese and in English.
fn refused(answers: [(u16, Value); 2], (status, code): (u16, &str), sentences: [&str; 2]) {
    for ((answered, problem), sentence) in answers.into_iter().zip(sentences) {
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(problem["message"], sentence);
    }
}
