//! Every call of the JSON interface that takes a body, with bodies that cannot be read: programs are told so by code and sentence.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use super::program;
use crate::support::{Program, on_both_apps};

/// A call as the program itself describes it.
struct Call {
    method: Method,
    path: String,
}

/// What is sent as what, status, code, sentence in Chinese and English.
type Wrong = (&'static str, &'static str, &'static [u8], u16, &'static str, [&'static str; 2]);

const WRONG: [Wrong; 4] = [
    (
        "text",
        "text/plain",
        b"{}",
        415,
        "json_expected",
        ["请把请求头 Content-Type 设为 application/json。", "Set the header Content-Type to application/json."],
    ),
    (
        "a form",
        "application/x-www-form-urlencoded",
        b"name=a",
        415,
        "json_expected",
        ["请把请求头 Content-Type 设为 application/json。", "Set the header Content-Type to application/json."],
    ),
    (
        "half of it",
        "application/json",
        b"{",
        400,
        "json_syntax",
        ["请求正文不是有效的 JSON：第 1 行第 1 列。", "The body is not JSON: line 1, column 1."],
    ),
    (
        "no UTF-8",
        "application/json",
        b"{\"\xff\": 1}",
        400,
        "json_syntax",
        ["请求正文不是有效的 JSON：第 1 行第 3 列。", "The body is not JSON: line 1, column 3."],
    ),
];
const TOO_LARGE: [&str; 2] =
    ["提交的内容超过了大小限制。请减小文件后重试。", "What was sent is larger than allowed. Send a smaller file."];
const NOT_FOUND: [&str; 2] = [
    "页面不存在，或者你没有查看它的权限。请检查地址，或从首页重新进入。",
    "The page does not exist, or you may not see it. Check the address or start from the home page.",
];

/// Those that take JSON, with their requests.
async fn calls(program: &Program<'_>) -> Vec<(Call, Value)> {
    let document: Value = reqwest::get(program.app.url("/api/openapi.json")).await.unwrap().json().await.unwrap();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let schema = &call["requestBody"]["content"]["application/json"]["schema"];
            if !schema.is_null() {
                let method = method.to_uppercase().parse().unwrap();
                let path = path.trim_start_matches("/api/v1").to_owned();
                calls.push((Call { method, path }, resolved(&document, schema)));
            }
        }
    }
    assert!(calls.len() > 60, "{} calls are described", calls.len());
    calls
}

fn resolved(document: &Value, schema: &Value) -> Value {
    let Some(name) = schema["$ref"].as_str() else { return schema.clone() };
    document["components"]["schemas"][name.rsplit('/').next().unwrap()].clone()
}

/// The path with this in place of everything that varies.
fn at(path: &str, value: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_by_every_call() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let before = app.stored().await;
        let large = format!("{{\"note\": \"{}\"}}", "x".repeat(2 * 1024 * 1024));
        let mut wrong = Vec::new();
        for (Call { method, path }, _) in calls(&program).await {
            let path = at(&path, "1");
            let sent =
                WRONG.iter().map(|(how, kind, body, status, code, said)| (*how, *kind, *body, *status, *code, *said));
            let large = ("too much", "application/json", large.as_bytes(), 413, "body_too_large", TOO_LARGE);
            for (how, kind, body, status, code, said) in sent.chain([large]) {
                let request = program.request(method.clone(), &path).header(CONTENT_TYPE, kind).body(body.to_vec());
                for ((answered, problem), sentence) in program.answers(&request).await.into_iter().zip(said) {
                    if (answered, problem["code"].as_str(), problem["message"].as_str())
                        != (status, Some(code), Some(sentence))
                    {
                        wrong.push(format!("{method} {path}, {how}: {answered} {problem}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        before.is_still(&app.stored().await);
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_none_leads_nowhere_in_words() {
    on_both_apps(async |app| {
        let program = program(app).await;
        for (Call { method, path }, _) in calls(&program).await {
            if !path.contains("{id}") {
                continue;
            }
            let path = at(&path, "seven");
            for ((status, problem), sentence) in
                program.json(method.clone(), &path, "{}").await.into_iter().zip(NOT_FOUND)
            {
                assert_eq!((status, problem["message"].as_str()), (404, Some(sentence)), "{method} {path}: {problem}");
            }
        }
    })
    .await;
}

/// A change that says nothing of the version that was read would write over somebody else's.
#[tokio::test]
async fn every_call_that_changes_a_record_demands_its_version() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let calls = calls(&program).await;
        let changes = calls.iter().filter(|(call, _)| call.method == Method::PUT || call.method == Method::PATCH);
        let demands = |schema: &Value| schema.to_string().contains("\"version\"");
        let without = changes.filter(|(_, schema)| !demands(schema));
        let without: Vec<_> = without.map(|(call, _)| format!("{} {}", call.method, call.path)).collect();
        assert!(without.is_empty(), "{without:?}");
    })
    .await;
}
