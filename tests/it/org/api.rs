//! The JSON interface of people.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::pages::Reader;
use crate::support::{TestApp, on_both_apps};

struct Program<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Program<'a> {
    /// A program with a token that the administrator made on the settings page.
    async fn of_the_administrator(app: &'a TestApp) -> Self {
        let reader = Reader::admin(app).await;
        let page = reader.post("/settings/tokens", &[("name", "test"), ("expires", "")]).await.text().await.unwrap();
        let (_, rest) = page.split_once(r#"readonly value=""#).expect("the secret is shown once");
        Self { app, token: rest.split('"').next().unwrap().to_owned() }
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Client::new().request(method, self.app.url(&format!("/api/v1{path}"))).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, Value::Null).await
    }
}

#[tokio::test]
async fn a_program_learns_for_whom_it_acts() {
    on_both_apps(async |app| {
        let program = Program::of_the_administrator(app).await;
        let (status, me) = program.get("/me").await;
        assert_eq!((status, &me["login"]), (StatusCode::OK, &json!("admin")));
        assert!(me["powers"].as_array().unwrap().contains(&json!("role.administer")));
        let stranger = Program { app, token: "A".repeat(43) };
        let (status, problem) = stranger.get("/me").await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthenticated")));
    })
    .await;
}

#[tokio::test]
async fn a_program_adds_and_changes_people_by_their_version() {
    on_both_apps(async |app| {
        let program = Program::of_the_administrator(app).await;
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
        let program = Program::of_the_administrator(app).await;
        let role = json!({"name": "clerk", "title_zh": "文员",
            "grants": [{"kind": "user", "action": "read", "reach": "team"}]});
        let (status, role) = program.call(Method::POST, "/roles", role).await;
        assert_eq!((status, &role["grants"][0]["reach"]), (StatusCode::CREATED, &json!("team")));
        let gone = format!("/roles/{}?version={}", role["id"], role["version"]);
        assert_eq!(program.call(Method::DELETE, &gone, Value::Null).await.0, StatusCode::NO_CONTENT);

        let (status, made) = program.call(Method::POST, "/tokens", json!({"name": "second"})).await;
        assert_eq!(status, StatusCode::CREATED);
        let second = Program { app, token: made["token"].as_str().unwrap().to_owned() };
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
