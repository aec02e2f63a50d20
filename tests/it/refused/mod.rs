//! What is refused, through the surface where people meet it: a clear sentence in their language, and nothing stored.

mod busy;
mod commands;
mod decisions;
mod every_call;
mod every_form;
mod forms;
mod gone;
mod idempotency;
mod json;
mod mail;
mod publishing;
mod said;
mod tokens;
mod uploads;

use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use qiyue::db::{DatabaseUrl, Db};

use crate::support::{Reader, Stored, TestApp, TestDatabase, on_both_fresh, stored};

/// Where an installation keeps everything.
struct Kept(DatabaseUrl);

impl Kept {
    async fn stored(&self) -> Stored {
        stored(&self.0).await
    }
}

/// Runs a test on both engines, with what tells whether anything was stored.
async fn on_both_kept(test: impl AsyncFn(Db, &Kept)) {
    on_both_fresh(async |database: &TestDatabase| {
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        test(db, &Kept(database.url.clone())).await;
    })
    .await;
}

/// A program that acts for the administrator.
struct Program<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Program<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let program = Self { app, token: token(&Reader::admin(app).await, "").await };
        // When it was first used is written down.
        assert_eq!(program.request(Method::GET, "/me").send().await.unwrap().status(), 200);
        program
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        Client::new().request(method, self.app.url(&format!("/api/v1{path}"))).bearer_auth(&self.token)
    }

    /// The status and the body, in either language.
    async fn answers(&self, request: &RequestBuilder) -> [(u16, Value); 2] {
        let ask = async |lang: &str| {
            let request = request.try_clone().unwrap().header(ACCEPT_LANGUAGE, lang);
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, answer.json().await.unwrap_or_default())
        };
        [ask("zh-CN").await, ask("en").await]
    }

    /// A JSON body as it is written.
    async fn json(&self, method: Method, path: &str, body: &str) -> [(u16, Value); 2] {
        let request = self.request(method, path).header(CONTENT_TYPE, "application/json").body(body.to_owned());
        self.answers(&request).await
    }
}

/// Makes a token on the page of their own.
async fn token(reader: &Reader<'_>, expires: &str) -> String {
    let page = reader.post("/settings/tokens", &[("name", "test"), ("expires", expires)]).await;
    let page = page.text().await.unwrap();
    let (_, rest) = page.split_once(r#"readonly value=""#).expect("the secret is shown once");
    rest.split('"').next().unwrap().to_owned()
}
