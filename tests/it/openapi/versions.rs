//! Nobody changes what they have not read: every change names the version.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::document::{Document, Operation};
use crate::support::{Program, Reader, TestApp, TestDatabase, on_both_apps};

/// A token and a version of an authority grid are made and taken back, never changed.
const WITHOUT: [&str; 2] = ["/api/v1/tokens/{id}", "/api/v1/authority-grids/{name}/versions/{number}"];

/// What comes to be only after an approval; the story of the main job sends these with a version that is not the present one.
const IN_THE_STORY: [&str; 2] = ["/api/v1/contract-changes/{id}", "/api/v1/archive-tasks/{id}/items/{position}"];

fn changes<'d>(document: &'d Document, methods: &[&str]) -> Vec<Operation<'d>> {
    document.operations().into_iter().filter(|one| methods.contains(&one.method)).collect()
}

#[tokio::test]
async fn every_change_and_deletion_demands_the_version_that_was_read() {
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    let document = Document::of(&app).await;
    for operation in changes(&document, &["put", "patch", "delete"]) {
        let in_body = document.needed(operation).iter().any(|name| name == "version");
        let mut parameters = operation.parameters();
        let in_address =
            parameters.any(|one| one["name"] == "version" && one["in"] == "query" && one["required"] == true);
        assert!(in_body || in_address || WITHOUT.contains(&operation.path), "{} {}", operation.method, operation.path);
    }
    app.stop().await;
}

#[tokio::test]
async fn a_version_that_is_not_the_present_one_is_refused_and_changes_nothing() {
    on_both_apps(async |app| {
        let (document, program) = (Document::of(app).await, Program::of(&Reader::admin(app).await).await);
        let bodies = bodies(&program).await;
        let before = app.stored().await;
        for operation in changes(&document, &["put", "patch"]) {
            if IN_THE_STORY.contains(&operation.path) {
                continue;
            }
            let key = operation.path.trim_start_matches("/api/v1");
            let (path, body) = bodies.get(key).unwrap_or_else(|| panic!("{key} is not tried"));
            let method: Method = operation.method.to_uppercase().parse().unwrap();
            let (status, problem) = program.call(method, path, body.clone()).await;
            assert_eq!(
                (status, &problem["code"]),
                (StatusCode::CONFLICT, &json!("version_conflict")),
                "{key}: {problem}"
            );
        }
        before.is_still(&app.stored().await);
    })
    .await;
}

async fn made(program: &Program<'_>, path: &str, body: Value) -> Value {
    let (status, made) = program.call(Method::POST, path, body).await;
    assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
    made
}

/// A record of each kind that is only declared.
async fn requests(program: &Program<'_>) {
    let make = async |path: &str, body: Value| made(program, path, body).await;
    let price = json!({"amount": "45000", "currency": "CNY"});
    make("/leads", json!({"name": "李先生", "source": "website"})).await;
    make(
        "/quotes",
        json!({"title": "许可", "customer": 1, "amount": price, "valid_until": "2026-04-30", "products": "一套"}),
    )
    .await;
    make("/discounts", json!({"title": "年度框架", "customer": 1, "list_price": price, "amount": price, "percent": 10, "reason": "量大"}))
        .await;
    make("/expenses", json!({"title": "上海出差", "category": "travel", "amount": price, "spent_on": "2026-03-01"}))
        .await;
    make(
        "/payment-requests",
        json!({"title": "首付款", "payee": "晨星", "bank": "工商银行", "bank_account": "6222", "amount": price,
        "needed_on": "2026-03-10"}),
    )
    .await;
    make("/invoice-requests", json!({"title": "首付款", "customer": 1, "amount": price, "invoice_title": "远望科技"}))
        .await;
}

/// A record of each kind, and a change of it that would be taken but for its version.
async fn bodies(program: &Program<'_>) -> BTreeMap<&'static str, (String, Value)> {
    let make = async |path: &str, body: Value| made(program, path, body).await;
    let entity = json!({"code": "KS", "name": "Kaisi", "credit_code": "91110000600037341L", "address": "1398 Jinqiao Road",
        "legal_representative": "Zhou", "contact": "Li", "phone": "021-5850", "email": "", "bank": "ICBC",
        "bank_account": "1202021109900123456"});
    let customer = json!({"name": "远望科技", "contact_name": "王经理", "phone": "13800138000", "industry": "retail",
        "source": "website", "province": "浙江省", "city": "杭州市"});
    make("/departments", json!({"code": "XS", "name": "销售部"})).await;
    let user =
        make("/users", json!({"login": "zhang", "name": "张三", "roles": ["drafter"]})).await["user"]["id"].clone();
    let role = make("/roles", json!({"name": "clerk", "title_zh": "文员"})).await["id"].clone();
    make("/entities", entity.clone()).await;
    make("/entities/1/seals", json!({"kind": "合同专用章", "keeper": 1})).await;
    make("/customers", customer).await;
    make("/opportunities", json!({"title": "办公系统", "customer": 1})).await;
    make("/follow-ups", json!({"subject": "回访", "customer": 1, "planned_at": "2026-03-03T02:00:00Z"})).await;
    requests(program).await;
    make("/contracts", json!({"template": "software-service", "entity": 1})).await;
    let server = json!({"host": "127.0.0.1", "port": 25, "security": "none", "sender": "a@example.cn"});
    let licence = "/contracts/1/files/business_license?name=a.txt&version=9";
    BTreeMap::from([
        ("/departments/{id}", ("/departments/1".to_owned(), json!({"code": "XS", "name": "市场部", "version": 9}))),
        ("/users/{id}", (format!("/users/{user}"), json!({"login": "zhang", "name": "张三丰", "version": 9}))),
        ("/users/{id}/active", (format!("/users/{user}/active"), json!({"active": false, "version": 9}))),
        ("/roles/{id}", (format!("/roles/{role}"), json!({"name": "clerk", "title_zh": "职员", "version": 9}))),
        ("/entities/{id}", ("/entities/1".to_owned(), json!({"entity": entity, "active": false, "version": 9}))),
        (
            "/entities/{id}/seals/{seal}",
            ("/entities/1/seals/1".to_owned(), json!({"keeper": 1, "active": false, "version": 9})),
        ),
        ("/customers/{id}", ("/customers/1".to_owned(), json!({"city": "宁波市", "version": 9}))),
        ("/contacts/{id}", ("/contacts/1".to_owned(), json!({"name": "王总", "version": 9}))),
        ("/opportunities/{id}", ("/opportunities/1".to_owned(), json!({"title": "考勤系统", "version": 9}))),
        ("/follow-ups/{id}", ("/follow-ups/1".to_owned(), json!({"subject": "拜访", "version": 9}))),
        ("/leads/{id}", ("/leads/1".to_owned(), json!({"name": "李女士", "version": 9}))),
        ("/quotes/{id}", ("/quotes/1".to_owned(), json!({"title": "报价", "version": 9}))),
        ("/discounts/{id}", ("/discounts/1".to_owned(), json!({"percent": 20, "version": 9}))),
        ("/expenses/{id}", ("/expenses/1".to_owned(), json!({"receipts": 3, "version": 9}))),
        ("/payment-requests/{id}", ("/payment-requests/1".to_owned(), json!({"payee": "北辰", "version": 9}))),
        ("/invoice-requests/{id}", ("/invoice-requests/1".to_owned(), json!({"title": "尾款", "version": 9}))),
        (
            "/contracts/{id}",
            ("/contracts/1".to_owned(), json!({"edit": {"free": {"special-terms": "无"}}, "version": 9})),
        ),
        ("/contracts/{id}/customer", ("/contracts/1/customer".to_owned(), json!({"customer": 1, "version": 9}))),
        ("/contracts/{id}/files/{slot}", (licence.to_owned(), json!("licence"))),
        (
            "/messages/settings",
            ("/messages/settings".to_owned(), json!({"program": true, "email": false, "version": 9})),
        ),
        ("/mail-server", ("/mail-server".to_owned(), json!({"server": server, "version": 9}))),
    ])
}
