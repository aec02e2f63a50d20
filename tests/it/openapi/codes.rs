//! The document lists every code that a refusal can have.

use std::collections::BTreeSet;

use super::document::Document;
use crate::support::{TestApp, TestDatabase, sources};

/// What is refused here is read on a command line, not by programs.
const ELSEWHERE: [&str; 3] = ["src/app/", "src/cli/", "src/approval/replay/"];

#[tokio::test]
async fn the_codes_in_the_document_are_those_of_the_program() {
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    let document = Document::of(&app).await;
    let listed = document.0["components"]["schemas"]["ErrorCode"]["enum"].as_array().unwrap();
    let listed: BTreeSet<String> = listed.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    assert_eq!(
        document.0["components"]["schemas"]["Problem"]["properties"]["code"]["$ref"],
        "#/components/schemas/ErrorCode"
    );
    let answered = sources().into_iter().filter(|(name, _)| !ELSEWHERE.iter().any(|place| name.starts_with(place)));
    let known: BTreeSet<String> = answered.flat_map(|(_, source)| codes(&source)).collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&known).collect();
    assert!(missing.is_empty() && gone.is_empty(), "src/web/codes.txt misses {missing:?} and has {gone:?} too many");
    app.stop().await;
}

/// The codes in a file: in the `code` of an error, and before the sentence of a refusal that is made where it happens.
fn codes(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let bodies = source.split("fn code(&self) -> &'static str {").skip(1);
    let of_errors =
        bodies.flat_map(|body| body.split("\n    }").next().unwrap_or_default().split('"').skip(1).step_by(2));
    let line = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences = ["msg!(", "message", "problem", "Message::"];
    let of_refusals = sentences.iter().flat_map(|sentence| {
        let end = format!("\", {sentence}");
        let before =
            line.match_indices(&end).map(|(at, _)| line[..at].rsplit('"').next().unwrap_or_default().to_owned());
        before.collect::<Vec<_>>()
    });
    let is_code = |word: &String| {
        word.starts_with(|sign: char| sign.is_ascii_lowercase())
            && word.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
    };
    of_errors.map(str::to_owned).chain(of_refusals).filter(is_code).collect()
}
