//! The JSON interface of people.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Program, Reader, on_both_apps};

#[tokio::test]
async fn a_program_learns_for_whom_it_acts() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        let (status, me) = program.get("/me").await;
        assert_eq!((status, &me["login"]), (StatusCode::OK, &json!("admin")));
        assert!(me["powers"].as_array().unwrap().contains(&json!("role.administer")));
        let stranger = Program::with(app, "A".repeat(43));
        let (status, problem) = stranger.get("/me").await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthenticated")));
    })
    .await;
}

#[tokio::test]
async fn a_program_adds_and_changes_people_by_their_version() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        let (status, unit) = program.call(Method::POST, "/departments", json!({"code": "XS", "name": "销售部"})).await;
        assert_eq!(status, StatusCode::CREATED);
        let new = json!({"login": "zhang", "name": "张三", "roles": ["drafter"], "department": unit["id"]});
        let (status, made) = program.call(Method::POST, "/users", new.clone()).await;
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(made["one_time_password"].as_str().unwrap().len(), 14);
        let path = format!("/users/{}", made["user"]["id"]);

        let (status, problem) = program.call(Method::POST, "/users", new).await;
        assert_eq!((status, &problem["fields"][0]["field"]), (StatusCode::CONFLICT, &json!("login")));
        let change = |version: i64| json!({"login": "zhang", "name": "张三丰", "roles": ["legal"], "version": version});
        let (status, changed) = program.call(Method::PUT, &path, change(1)).await;
        assert_eq!((status, &changed["version"]), (StatusCode::OK, &json!(2)));
        let (status, problem) = program.call(Method::PUT, &path, change(1)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
        let (_, list) = program.get("/users?q=zhang").await;
        assert_eq!(list["users"][0]["name"], "张三丰");
        let off = json!({"active": false, "version": 2});
        assert_eq!(program.call(Method::PUT, &format!("{path}/active"), off).await.1["active"], false);
    })
    .await;
}

#[tokio::test]
async fn a_program_manages_roles_and_tokens() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        let role = json!({"name": "clerk", "title_zh": "文员",
            "grants": [{"kind": "user", "action": "read", "reach": "team"}]});
        let (status, role) = program.call(Method::POST, "/roles", role).await;
        assert_eq!((status, &role["grants"][0]["reach"]), (StatusCode::CREATED, &json!("team")));
        let gone = format!("/roles/{}?version={}", role["id"], role["version"]);
        assert_eq!(program.call(Method::DELETE, &gone, Value::Null).await.0, StatusCode::NO_CONTENT);

        let (status, made) = program.call(Method::POST, "/tokens", json!({"name": "second"})).await;
        assert_eq!(status, StatusCode::CREATED);
        let second = Program::with(app, made["token"].as_str().unwrap().to_owned());
        assert_eq!(second.get("/me").await.0, StatusCode::OK);
        program.call(Method::DELETE, &format!("/tokens/{}", made["id"]), Value::Null).await;
        assert_eq!(second.get("/me").await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(program.get("/tokens").await.1["tokens"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_document_names_the_routes() {
    on_both_apps(async |app| {
        let document: Value =
            Client::new().get(app.url("/api/openapi.json")).send().await.unwrap().json().await.unwrap();
        for path in ["/api/v1/me", "/api/v1/users/{id}", "/api/v1/departments", "/api/v1/roles", "/api/v1/tokens"] {
            assert!(document["paths"][path].is_object(), "{path}");
        }
    })
    .await;
}
