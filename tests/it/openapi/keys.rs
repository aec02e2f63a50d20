//! Every POST can be sent again.

use reqwest::Method;
use serde_json::{Value, json};

use super::document::Document;
use crate::support::{Program, Reader, on_both_apps};

/// Commands on cases.
const COMMANDS: &str = "/api/v1/approvals/{case}/";

#[tokio::test]
async fn every_post_takes_a_key_and_answers_the_second_time_as_the_first() {
    on_both_apps(async |app| {
        let (document, program) = (Document::of(app).await, Program::of(&Reader::admin(app).await).await);
        let posts: Vec<_> = document.operations().into_iter().filter(|one| one.method == "post").collect();
        let send = async |number: usize, body: Value| {
            let path = posts[number].address().replace("/api/v1", "");
            let request = program.request(Method::POST, &path).header("idempotency-key", format!("key-{number}"));
            let answer = request.json(&body).send().await.unwrap();
            let replayed = answer.headers().contains_key("idempotency-replayed");
            (answer.status().as_u16(), replayed, answer.text().await.unwrap())
        };
        let mut first = Vec::new();
        for (number, post) in posts.iter().enumerate() {
            let described = post.parameters().any(|one| one["name"] == "Idempotency-Key" && one["in"] == "header");
            assert!(described, "{} does not say so", post.path);
            first.push(send(number, json!({})).await);
        }
        let before = app.stored().await;
        for (number, (status, _, text)) in first.into_iter().enumerate() {
            let path = &posts[number].path;
            // A command on a case keeps its key with what it stores: one that was refused stored nothing, and is judged anew.
            let kept = !path.starts_with(COMMANDS);
            assert_eq!(send(number, json!({})).await, (status, kept, text), "{path}");
            let (status, _, text) = send(number, json!({"another": 1})).await;
            assert_eq!(status == 409 && text.contains("idempotency_key_reused"), kept, "{path}: {text}");
        }
        before.is_still(&app.stored().await);
    })
    .await;
}
