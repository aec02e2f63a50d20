//! JSON that does not fit the interface.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use super::program;
use crate::support::on_both_apps;

/// Body, status, code, field, sentences.
type Wrong = (&'static str, u16, &'static str, &'static str, &'static str, &'static str);

const WRONG: [Wrong; 7] = [
    (
        r#"{"code": "XS", "name": "#,
        400,
        "json_syntax",
        "",
        "请求正文不是有效的 JSON：第 1 行第 23 列。",
        "The body is not JSON: line 1, column 23.",
    ),
    (
        r#"{"code": "XS", "name": "销售部"} again"#,
        400,
        "json_syntax",
        "",
        "请求正文不是有效的 JSON：第 1 行第 37 列。",
        "The body is not JSON: line 1, column 37.",
    ),
    (
        r#"{"code": 7, "name": "销售部"}"#,
        422,
        "json_data",
        "code",
        "字段“code”与接口不符：这里应为文字，收到的是“7”（第 1 行第 10 列）。",
        "The field “code” does not fit: this takes a text, not “7” (line 1, column 10).",
    ),
    (
        r#"{"code": "XS", "name": "销售部", "head": "wang"}"#,
        422,
        "json_data",
        "head",
        "字段“head”与接口不符：这里应为整数，收到的是“wang”（第 1 行第 50 列）。",
        "The field “head” does not fit: this takes a whole number, not “wang” (line 1, column 50).",
    ),
    (r#"{"code": "XS"}"#, 422, "json_missing", "name", "缺少字段“name”。", "The field “name” is missing."),
    (
        r#"{"code": "XS", "name": "销售部", "haed": 1}"#,
        422,
        "json_unknown",
        "haed",
        "没有“haed”这个字段。请检查拼写，或去掉它。",
        "There is no field “haed”. Check its spelling or leave it out.",
    ),
    (
        "[]",
        422,
        "json_data",
        "",
        "请求正文与接口不符：这里应为对象，收到的是数组（第 1 行第 2 列）。",
        "The body does not fit: this takes an object, not a list (line 1, column 2).",
    ),
];

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_with_the_place_of_the_mistake() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let before = app.stored().await;
        for (body, status, code, field, zh, en) in WRONG {
            let answers = program.json(Method::POST, "/departments", body).await;
            for ((answered, problem), sentence) in answers.into_iter().zip([zh, en]) {
                assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{body}");
                assert_eq!(problem["message"], sentence, "{body}");
                let named = problem["fields"][0]["field"].as_str().unwrap_or_default();
                assert_eq!(named, field, "{body}");
            }
        }
        before.is_still(&app.stored().await);
    })
    .await;
}

#[tokio::test]
async fn a_change_with_an_unknown_field_changes_nothing() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let made = program.json(Method::POST, "/departments", r#"{"code": "XS", "name": "销售部"}"#).await;
        assert_eq!((made[0].0, made[1].1["code"].as_str()), (201, Some("department_code_taken")));
        let before = app.stored().await;
        let body = r#"{"code": "XS", "name": "销售一部", "version": 1, "actve": false}"#;
        for (status, problem) in program.json(Method::PUT, "/departments/1", body).await {
            assert_eq!((status, problem["code"].as_str()), (422, Some("json_unknown")));
            assert_eq!(problem["fields"][0]["field"], "actve");
        }
        before.is_still(&app.stored().await);
    })
    .await;
}

#[tokio::test]
async fn a_body_of_another_kind_or_without_end_is_refused() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let before = app.stored().await;
        let text = program.request(Method::POST, "/departments").header(CONTENT_TYPE, "text/plain").body("XS");
        let answers = program.answers(&text).await;
        let sentences =
            ["请把请求头 Content-Type 设为 application/json。", "Set the header Content-Type to application/json."];
        for ((status, problem), sentence) in answers.into_iter().zip(sentences) {
            assert_eq!((status, problem["message"].as_str()), (415, Some(sentence)));
        }
        let endless = format!(r#"{{"code": "XS", "name": "{}"}}"#, "长".repeat(1_000_000));
        let sentences = [
            "提交的内容超过了大小限制。请减小文件后重试。",
            "What was sent is larger than allowed. Send a smaller file.",
        ];
        let answers = program.json(Method::POST, "/departments", &endless).await;
        for ((status, problem), sentence) in answers.into_iter().zip(sentences) {
            assert_eq!((status, problem["message"].as_str()), (413, Some(sentence)));
        }
        before.is_still(&app.stored().await);
    })
    .await;
}

#[tokio::test]
async fn a_version_that_is_no_longer_the_newest_is_refused() {
    on_both_apps(async |app| {
        let program = program(app).await;
        program.json(Method::POST, "/departments", r#"{"code": "XS", "name": "销售部"}"#).await;
        let before = app.stored().await;
        let body = r#"{"code": "XS", "name": "销售一部", "version": 7}"#;
        for (status, problem) in program.json(Method::PUT, "/departments/1", body).await {
            assert_eq!((status, problem["code"].as_str()), (409, Some("version_conflict")));
        }
        before.is_still(&app.stored().await);
    })
    .await;
}
