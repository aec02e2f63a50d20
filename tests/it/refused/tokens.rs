//! Tokens that open nothing: made up, cut off, over, revoked, of somebody who is no longer here.

use std::time::Duration;

use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION, WWW_AUTHENTICATE};
use reqwest::{Client, Method};
use serde_json::Value;

use super::program;
use crate::support::{Reader, TestApp, on_both_apps};

const SENTENCES: [(&str, &str); 2] = [
    ("zh-CN", "需要登录后才能继续。程序访问请带上有效的 API 令牌。"),
    ("en", "Log in to go on. Programs need a valid API token."),
];

/// Nobody is known by this header, in either language; and a change that comes with it is not made.
async fn opens_nothing(app: &TestApp, authorization: Option<&str>) {
    let before = app.stored().await;
    for (language, sentence) in SENTENCES {
        for (method, path) in [(Method::GET, "/api/v1/me"), (Method::POST, "/api/v1/departments")] {
            let mut request = Client::new().request(method, app.url(path)).header(ACCEPT_LANGUAGE, language);
            if let Some(authorization) = authorization {
                request = request.header(AUTHORIZATION, authorization);
            }
            let answer = request.json(&serde_json::json!({"code": "XS", "name": "销售部"})).send().await.unwrap();
            assert_eq!(answer.status(), 401, "{authorization:?}");
            assert_eq!(answer.headers()[WWW_AUTHENTICATE], "Bearer");
            let problem: Value = answer.json().await.unwrap();
            assert_eq!((&problem["code"], &problem["message"]), (&"unauthenticated".into(), &sentence.into()));
        }
    }
    before.is_still(&app.stored().await);
}

#[tokio::test]
async fn what_was_never_a_token_opens_nothing() {
    on_both_apps(async |app| {
        let secret = Reader::admin(app).await.api_token("").await;
        let cut = &secret[..secret.len() - 1];
        let made_up = "A".repeat(43);
        for token in [cut, made_up.as_str(), "", "*", "' OR 1 = 1 --"] {
            opens_nothing(app, Some(&format!("Bearer {token}"))).await;
        }
        opens_nothing(app, Some(&format!("Basic {secret}"))).await;
        opens_nothing(app, Some(&secret)).await;
        opens_nothing(app, None).await;
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let (made, _) = program.json(Method::POST, "/tokens", r#"{"name": "second"}"#).await.into();
        let (id, secret) = (made.1["id"].as_i64().unwrap(), made.1["token"].as_str().unwrap());
        let bearer = format!("Bearer {secret}");
        let me = Client::new().get(app.url("/api/v1/me")).header(AUTHORIZATION, &bearer).send().await.unwrap();
        assert_eq!(me.status(), 200);
        let revoked = program.request(Method::DELETE, &format!("/tokens/{id}")).send().await.unwrap();
        assert_eq!(revoked.status(), 204);
        opens_nothing(app, Some(&bearer)).await;
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_over_opens_nothing() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let secret = reader.api_token("2026-03-03").await;
        let bearer = format!("Bearer {secret}");
        let me = Client::new().get(app.url("/api/v1/me")).header(AUTHORIZATION, &bearer).send().await.unwrap();
        assert_eq!(me.status(), 200);
        app.clock.advance(Duration::from_hours(48));
        opens_nothing(app, Some(&bearer)).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_of_a_browser_opens_nothing_to_programs() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        assert_eq!(reader.get("/settings").await.status(), 200);
        assert_eq!(reader.get("/api/v1/me").await.status(), 401);
    })
    .await;
}
