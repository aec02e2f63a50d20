//! A person or a program that talks to a running installation over HTTP.

use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect};
use serde_json::Value;

use super::{TestApp, hidden};
use crate::org::OWN;

/// A browser without pictures: cookies, no following of redirects, and the token of the page it is on.
pub(crate) struct Reader<'a> {
    app: &'a TestApp,
    client: Client,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        let client = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap();
        Self { app, client }
    }

    /// The administrator after the first login.
    pub(crate) async fn admin(app: &'a TestApp) -> Self {
        let reader = Self::activated(app, "admin", &app.first_password, "13800000001").await;
        let email = "ada@example.cn";
        let profile =
            [("name", "Ada"), ("mobile", "13800000001"), ("email", email), ("language", "zh"), ("version", "2")];
        assert_eq!(reader.post("/settings", &profile).await.status(), StatusCode::SEE_OTHER);
        reader
    }

    /// The administrator in another browser.
    pub(crate) async fn admin_again(app: &'a TestApp) -> Self {
        let reader = Self::new(app);
        reader.post("/login", &[("login", "admin"), ("password", OWN)]).await;
        reader
    }

    /// Somebody with a one-time password after their first login.
    pub(crate) async fn activated(app: &'a TestApp, login: &str, one_time: &str, mobile: &str) -> Self {
        let reader = Self::new(app);
        reader.post("/login", &[("login", login), ("password", one_time)]).await;
        let form = [("password", OWN), ("repeat", OWN), ("mobile", mobile)];
        assert_eq!(reader.post("/first-login", &form).await.status(), StatusCode::SEE_OTHER);
        reader
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.app.url(path)).send().await.unwrap()
    }

    /// The same, read in a language.
    pub(crate) async fn get_in(&self, path: &str, lang: &str) -> Response {
        self.client.get(self.app.url(path)).header(ACCEPT_LANGUAGE, lang).send().await.unwrap()
    }

    /// Sends a form with the token that the login page or any other has for this browser.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.token().await;
        let mut form = fields.to_vec();
        form.push(("csrf", &token));
        self.send(path, &form).await
    }

    /// Sends a form as it is, without the token of this browser.
    pub(crate) async fn send(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client.post(self.app.url(path)).form(form).send().await.unwrap()
    }

    /// The same, answered in a language.
    pub(crate) async fn send_in(&self, path: &str, form: &[(&str, &str)], lang: &str) -> Response {
        self.client.post(self.app.url(path)).header(ACCEPT_LANGUAGE, lang).form(form).send().await.unwrap()
    }

    /// A form with files, as it is.
    pub(crate) async fn send_parts(&self, path: &str, form: reqwest::multipart::Form) -> Response {
        self.client.post(self.app.url(path)).multipart(form).send().await.unwrap()
    }

    /// What a form of this browser sends back.
    pub(crate) async fn token(&self) -> String {
        let page = self.get("/nowhere").await.text().await.unwrap();
        hidden(&page, "csrf").expect("every page has the token").to_owned()
    }

    /// Makes a token for programs on the page of their own; it ends on that day, or never.
    pub(crate) async fn api_token(&self, expires: &str) -> String {
        let page = self.post("/settings/tokens", &[("name", "test"), ("expires", expires)]).await.text().await.unwrap();
        secret_on(&page)
    }
}

/// The token for programs that a page shows once.
pub(crate) fn secret_on(page: &str) -> String {
    let (_, rest) = page.split_once(r#"readonly value=""#).expect("the secret is shown once");
    rest.split('"').next().unwrap().to_owned()
}

/// A program that acts for somebody by an API token.
pub(crate) struct Program<'a> {
    pub(crate) app: &'a TestApp,
    client: Client,
    token: String,
}

impl<'a> Program<'a> {
    /// With a token that this person makes on the settings page.
    pub(crate) async fn of(reader: &Reader<'a>) -> Self {
        Self::with(reader.app, reader.api_token("").await)
    }

    /// With that token.
    pub(crate) fn with(app: &'a TestApp, token: String) -> Self {
        Self { app, client: Client::new(), token }
    }

    /// A request of it, to which headers and a body can be added.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.app.url(&format!("/api/v1{path}"))).bearer_auth(&self.token)
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.request(method, path);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, Value::Null).await
    }

    /// The status and the body of what a request answers, in Chinese and in English.
    pub(crate) async fn answers(&self, request: &RequestBuilder) -> [(u16, Value); 2] {
        let ask = async |lang: &str| {
            let request = request.try_clone().unwrap().header(ACCEPT_LANGUAGE, lang);
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, answer.json().await.unwrap_or_default())
        };
        [ask("zh-CN").await, ask("en").await]
    }

    /// The same for a JSON body as it is written.
    pub(crate) async fn json(&self, method: Method, path: &str, body: &str) -> [(u16, Value); 2] {
        let request = self.request(method, path).header(CONTENT_TYPE, "application/json").body(body.to_owned());
        self.answers(&request).await
    }
}
