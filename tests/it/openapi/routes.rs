//! What is served is described, and what is described is served.

use reqwest::{Client, Method};
use serde_json::Value;

use super::document::Document;
use crate::support::{TestApp, TestDatabase, sources};

#[tokio::test]
async fn every_address_answers_the_methods_that_are_described_and_no_other() {
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    let (document, client) = (Document::of(&app).await, Client::new());
    let operations = document.operations();
    for one in &operations {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let word = method.as_str().to_lowercase();
            let described = operations.iter().any(|other| other.path == one.path && other.method == word);
            let answer = client.request(method, app.url(&one.address())).send().await.unwrap();
            let problem: Value = answer.json().await.unwrap();
            let expected = if described { "unauthenticated" } else { "method_not_allowed" };
            assert_eq!(problem["code"], expected, "{word} {}", one.path);
        }
    }
    app.stop().await;
}

/// A route that is added to a router in another way than with its description would be served without one.
#[test]
fn no_room_serves_json_past_the_document() {
    let is_api = |name: &str| name.contains("/api/") || name.ends_with("/api.rs");
    for (name, source) in sources().into_iter().filter(|(name, _)| is_api(name) && !name.starts_with("src/web/")) {
        for way in [".route(", ".nest(", ".fallback(", "Router::new().merge"] {
            let past = source.lines().any(|line| line.contains(way) && !line.contains("OpenApiRouter"));
            assert!(!past, "{name} uses {way}");
        }
    }
}
