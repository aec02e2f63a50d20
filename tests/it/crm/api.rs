//! The JSON interface of records.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Program, Reader, on_both_apps};

fn acme() -> Value {
    json!({
        "name": "远望科技有限公司", "contact_name": "王经理", "phone": "13800138000", "industry": "retail", "source": "website",
        "province": "浙江省", "city": "杭州市", "annual_revenue": {"amount": "1280000.0000", "currency": "CNY"}, "staff": 120,
    })
}

fn and(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[tokio::test]
async fn a_program_makes_changes_and_deletes_a_customer_by_its_version() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        let (status, made) = program.call(Method::POST, "/customers", acme()).await;
        assert_eq!((status, &made["code"]), (StatusCode::CREATED, &json!("1类-01")));
        assert_eq!(made["annual_revenue"], json!({"amount": "1280000.0000", "currency": "CNY"}));
        assert_eq!((&made["version"], &made["level"]), (&json!(1), &Value::Null));
        let (status, changed) =
            program.call(Method::PATCH, "/customers/1", json!({"version": 1, "level": "a", "staff": null})).await;
        assert_eq!((status, &changed["level"], &changed["staff"]), (StatusCode::OK, &json!("a"), &Value::Null));
        let (status, problem) = program.call(Method::PATCH, "/customers/1", json!({"version": 1, "level": "b"})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
        let (status, problem) = program.call(Method::PATCH, "/customers/1", json!({"level": "b"})).await;
        assert_eq!((status, &problem["fields"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("version")));
        let (_, log) = program.get("/customers/1/changes").await;
        assert_eq!(log["changes"][0]["new"], json!({"level": "a", "staff": null}));
        let (status, problem) = program.call(Method::DELETE, "/customers/1?version=2", Value::Null).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("record_in_use")));
        assert_eq!(program.call(Method::DELETE, "/contacts/1?version=1", Value::Null).await.0, StatusCode::NO_CONTENT);
        assert_eq!(program.call(Method::DELETE, "/customers/1?version=2", Value::Null).await.0, StatusCode::NO_CONTENT);
        let (status, back) = program.call(Method::POST, "/customers/1/restore", json!({"version": 3})).await;
        assert_eq!((status, &back["deleted_at"]), (StatusCode::OK, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_named_by_field_and_code() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        let wrong = and(and(acme(), "phone", json!("123")), "colour", json!("red"));
        let (status, problem) = program.call(Method::POST, "/customers", and(wrong, "city", json!([]))).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
        let fields: Vec<_> =
            problem["fields"].as_array().unwrap().iter().map(|one| (&one["field"], &one["code"])).collect();
        let expected = [("phone", "mobile"), ("city", "value_not_plain"), ("colour", "unknown_field")];
        assert_eq!(
            fields,
            expected.map(|(field, code)| (json!(field), json!(code))).iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
        );
    })
    .await;
}

#[tokio::test]
async fn a_possible_duplicate_is_a_conflict_until_it_is_allowed() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        program.call(Method::POST, "/customers", acme()).await;
        let (status, problem) = program.call(Method::POST, "/customers", acme()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("possible_duplicate")));
        let allowed = and(acme(), "allow_duplicates", json!(true));
        assert_eq!(program.call(Method::POST, "/customers", allowed).await.0, StatusCode::CREATED);
    })
    .await;
}

#[tokio::test]
async fn a_program_lists_with_filters_and_walks_through_an_opportunity() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        program.call(Method::POST, "/customers", acme()).await;
        let deal = json!({"title": "办公系统", "customer": 1, "amount": {"amount": "500000", "currency": "CNY"}, "expected_on": "2026-06-30"});
        let (status, made) = program.call(Method::POST, "/opportunities", deal).await;
        assert_eq!((status, &made["outcome"], &made["stage"]), (StatusCode::CREATED, &json!("open"), &json!("first-contact")));
        let (_, list) = program.get("/opportunities?amount_from=400000&stage=first-contact&customer=1").await;
        assert_eq!((&list["count"]["counted"], &list["records"][0]["title"]), (&json!(1), &json!("办公系统")));
        assert_eq!(program.get("/opportunities?outcome=won").await.1["records"], json!([]));
        let (status, moved) = program.call(Method::POST, "/opportunities/1/acts/advance", json!({"version": 1, "stage": "proposal"})).await;
        assert_eq!((status, &moved["stage"]), (StatusCode::OK, &json!("proposal")));
        let (status, problem) = program.call(Method::POST, "/opportunities/1/acts/win", json!({"version": 2})).await;
        assert_eq!((status, &problem["fields"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
        program.call(Method::POST, "/opportunities/1/acts/win", json!({"version": 2, "reason": "价格合适"})).await;
        let (_, told) = program.get("/customers/1/timeline").await;
        assert_eq!(told["timeline"][0]["head"], json!("商机成交：办公系统"));
        assert_eq!(program.get("/customers?status=closed_deal").await.1["count"]["counted"], json!(1));
        let follow_up = json!({"subject": "回访", "customer": 1, "planned_at": "2026-03-03T02:00:00Z"});
        let (status, planned) = program.call(Method::POST, "/follow-ups", follow_up).await;
        assert_eq!((status, &planned["planned_at"]), (StatusCode::CREATED, &json!("2026-03-03T02:00:00.000000Z")));
        assert_eq!(planned["remind_minutes"], json!(10));
        let (_, lists) = program.get("/dictionaries").await;
        assert_eq!(lists["dictionaries"]["priority"][0]["label_en"], json!("High"));
    })
    .await;
}

#[tokio::test]
async fn the_document_describes_every_kind_by_its_declaration() {
    on_both_apps(async |app| {
        let document: Value = reqwest::get(app.url("/api/openapi.json")).await.unwrap().json().await.unwrap();
        for path in [
            "/api/v1/customers",
            "/api/v1/contacts/{id}",
            "/api/v1/opportunities/{id}/acts/win",
            "/api/v1/follow-ups/{id}/timeline",
            "/api/v1/customers/{id}/transfer",
            "/api/v1/dictionaries",
        ] {
            assert!(document["paths"][path].is_object(), "{path}");
        }
        let new =
            &document["paths"]["/api/v1/customers"]["post"]["requestBody"]["content"]["application/json"]["schema"];
        let required: Vec<_> = new["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(required, ["name", "contact_name", "phone", "industry", "source", "province", "city"]);
        assert!(document["components"]["schemas"]["FollowUp"]["properties"]["planned_at"].is_object());
    })
    .await;
}
