//! A company on a running installation: its people sign in, its programs hold tokens.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use serde_json::{Value, json};

use crate::org::OWN;
use crate::support::{TestApp, hidden, secret_on};

/// Somebody with a browser without pictures, and a token for programs.
pub(crate) struct Person<'a> {
    app: &'a TestApp,
    client: Client,
    pub(crate) id: i64,
    pub(crate) token: String,
}

/// The administrator, a drafter with a manager, and everybody whom the sales workflow asks.
pub(crate) struct Firm<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) admin: Person<'a>,
    pub(crate) drafter: Person<'a>,
    pub(crate) manager: Person<'a>,
    pub(crate) entity: i64,
}

impl<'a> Firm<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let admin = Person::first(app, "admin", &app.first_password, "13800000001").await;
        let profile = [("name", "Ada"), ("mobile", "13800000001"), ("email", ""), ("language", "zh"), ("version", "2")];
        assert_eq!(admin.post("/settings", &profile).await.status(), StatusCode::SEE_OTHER);
        let manager = admin.hires("wang", "13800000002", json!({"name": "Wang", "roles": ["sales-manager"]})).await;
        let of_manager = json!({"name": "Li", "roles": ["drafter"], "manager": manager.id});
        let drafter = admin.hires("li", "13800000003", of_manager).await;
        for (login, role) in [("fa", "legal"), ("cai", "finance"), ("zong", "general-manager"), ("tai", "accountant")] {
            let new = json!({"login": login, "name": login, "roles": [role]});
            assert_eq!(admin.api(Method::POST, "/users", new).await.0, StatusCode::CREATED);
        }
        let entity = json!({"code": "KS", "name": "Kaisi Software", "credit_code": "91110000600037341L",
            "address": "1398 Jinqiao Road, Shanghai", "legal_representative": "Zhou", "contact": "Li", "phone": "021-5850",
            "email": "", "bank": "ICBC Shanghai", "bank_account": "1202021109900123456"});
        let (status, entity) = admin.api(Method::POST, "/entities", entity).await;
        assert_eq!(status, StatusCode::CREATED, "{entity}");
        Self { app, admin, drafter, manager, entity: entity["id"].as_i64().unwrap() }
    }

    /// A new draft of the drafter, as JSON.
    pub(crate) async fn draft(&self, template: &str) -> Value {
        let new = json!({"template": template, "entity": self.entity});
        let (status, made) = self.drafter.api(Method::POST, "/contracts", new).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }

    /// A software service contract with everything in it, ready to be handed in.
    pub(crate) async fn complete(&self) -> Value {
        let draft = self.draft("software-service").await;
        let path = format!("/contracts/{}", draft["id"]);
        let (status, saved) =
            self.drafter.api(Method::PATCH, &path, json!({"version": draft["version"], "edit": filled()})).await;
        assert_eq!(status, StatusCode::OK, "{saved}");
        let name = format!("{path}/files/business_license?name=licence.pdf&version={}", saved["version"]);
        let (status, saved) = self.drafter.put_bytes(&name, b"%PDF-1.7\nlicence".to_vec()).await;
        assert_eq!(status, StatusCode::OK, "{saved}");
        saved
    }
}

/// Everything that the shipped software service contract asks for.
pub(crate) fn filled() -> Value {
    json!({
        "parties": {"client": {"name": "Hengda Textile", "address": "1688 Qingfang Avenue, Shaoxing"}},
        "fields": {
            "software_name": "Qiyue CRM 5.2", "licensed_users": "120", "signing_place": "Shanghai",
            "install_site": "Shaoxing", "install_by": "2026-04-15", "service_fee": {"amount": "80000.00", "currency": "CNY"},
            "starts_on": "2026-03-01", "ends_on": "2027-02-28",
        },
    })
}

/// A page with the slashes of its addresses as they are.
pub(crate) async fn shown(answer: Response) -> String {
    answer.text().await.unwrap().replace("&#x2f;", "/")
}

impl<'a> Person<'a> {
    /// Signs in with a one-time password, goes through the first login and makes a token.
    async fn first(app: &'a TestApp, login: &str, one_time: &str, mobile: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap();
        let mut person = Self { app, client, id: 0, token: String::new() };
        person.post("/login", &[("login", login), ("password", one_time)]).await;
        let own = [("password", OWN), ("repeat", OWN), ("mobile", mobile)];
        assert_eq!(person.post("/first-login", &own).await.status(), StatusCode::SEE_OTHER, "{login}");
        let page = person.post("/settings/tokens", &[("name", "test"), ("expires", "")]).await.text().await.unwrap();
        person.token = secret_on(&page);
        person.id = person.api(Method::GET, "/me", Value::Null).await.1["id"].as_i64().unwrap();
        person
    }

    /// The administrator takes somebody on, who signs in at once.
    pub(crate) async fn hires(&self, login: &str, mobile: &str, mut new: Value) -> Person<'a> {
        new["login"] = login.into();
        let (status, made) = self.api(Method::POST, "/users", new).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        Person::first(self.app, login, made["one_time_password"].as_str().unwrap(), mobile).await
    }

    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Client::new().request(method, self.app.url(&format!("/api/v1{path}"))).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn put_bytes(&self, path: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
        let request = Client::new().put(self.app.url(&format!("/api/v1{path}"))).bearer_auth(&self.token);
        let answer = request.body(bytes).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.app.url(path)).send().await.unwrap()
    }

    pub(crate) async fn html(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        shown(answer).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.csrf().await;
        let mut form = fields.to_vec();
        form.push(("csrf", &token));
        self.client.post(self.app.url(path)).form(&form).send().await.unwrap()
    }

    pub(crate) async fn upload(&self, path: &str, name: &str, bytes: &'static [u8]) -> Response {
        let form =
            Form::new().text("csrf", self.csrf().await).part("file", Part::bytes(bytes).file_name(name.to_owned()));
        self.client.post(self.app.url(path)).multipart(form).send().await.unwrap()
    }

    /// Sends the form that publishes a template.
    pub(crate) async fn publish(&self, fields: &[(&'static str, &str)]) -> Response {
        let mut form = Form::new().text("csrf", self.csrf().await);
        for (name, text) in fields {
            form = form.text(*name, (*text).to_owned());
        }
        self.client.post(self.app.url("/admin/templates/publish")).multipart(form).send().await.unwrap()
    }

    /// Reads pages in this language from now on.
    pub(crate) async fn reads(&self, lang: &str) {
        self.post("/language", &[("lang", lang), ("next", "/settings")]).await;
    }

    async fn csrf(&self) -> String {
        let page = self.get("/nowhere").await.text().await.unwrap();
        hidden(&page, "csrf").expect("every page has the token").to_owned()
    }
}
