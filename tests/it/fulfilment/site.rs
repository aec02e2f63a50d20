//! The company's program as people and programs meet it: over HTTP, each with their own session or token.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_json::Value;

use super::{Company, PDF};
use crate::support::{hidden, serve};

/// The running program.
pub(crate) struct Site {
    pub(crate) address: String,
}

/// Somebody before a page.
pub(crate) struct Visitor<'a> {
    site: &'a Site,
    client: Client,
    cookie: String,
}

/// A program with somebody's token.
pub(crate) struct Program<'a> {
    site: &'a Site,
    client: Client,
    token: String,
}

impl Site {
    pub(crate) async fn of(company: &Company) -> Self {
        Self { address: serve(company.app.router.clone()).await }
    }

    pub(crate) async fn visitor(&self, company: &Company, login: &str) -> Visitor<'_> {
        self.with_session(&company.session(login).await)
    }

    pub(crate) fn with_session(&self, token: &str) -> Visitor<'_> {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Visitor { site: self, client, cookie: format!("qiyue_session={token}") }
    }

    pub(crate) async fn program(&self, company: &Company, login: &str) -> Program<'_> {
        self.program_with(company.token(login).await)
    }

    pub(crate) fn program_with(&self, token: String) -> Program<'_> {
        Program { site: self, client: Client::new(), token }
    }
}

impl Visitor<'_> {
    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.site.address));
        request.header("cookie", &self.cookie).send().await.unwrap()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    /// Reads in a language from now on.
    pub(crate) async fn reads(&self, lang: &str) {
        self.post("/language", &[("lang", lang), ("next", "/")]).await;
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.csrf().await;
        let mut form = fields.to_vec();
        form.push(("csrf", &token));
        self.request(path).form(&form).send().await.unwrap()
    }

    /// A form with files; each is a small PDF.
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[&str]) -> Response {
        let mut form = Form::new().text("csrf", self.csrf().await);
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for field in files {
            form = form.part((*field).to_owned(), Part::bytes(PDF).file_name("扫描件.pdf"));
        }
        self.request(path).multipart(form).send().await.unwrap()
    }

    /// A request of this browser that sends something.
    pub(crate) fn request(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.site.address)).header("cookie", &self.cookie)
    }

    pub(crate) async fn csrf(&self) -> String {
        let page = self.get("/nowhere").await.text().await.unwrap();
        hidden(&page, "csrf").expect("every page has the token").to_owned()
    }
}

impl Program<'_> {
    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = self.client.get(format!("{}/api/v1{path}", self.site.address)).bearer_auth(&self.token);
        answer(request.send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}/api/v1{path}", self.site.address)).bearer_auth(&self.token);
        answer(request.json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.client.put(format!("{}/api/v1{path}", self.site.address)).bearer_auth(&self.token);
        answer(request.json(&body).send().await.unwrap()).await
    }

    /// Sends the bytes of a small PDF.
    pub(crate) async fn file(&self, path: &str) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}/api/v1{path}", self.site.address)).bearer_auth(&self.token);
        answer(request.header("content-type", "application/octet-stream").body(PDF).send().await.unwrap()).await
    }
}

async fn answer(answer: Response) -> (StatusCode, Value) {
    (answer.status(), answer.json().await.unwrap_or_default())
}
