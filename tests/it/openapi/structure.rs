//! It is a sound OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::{Document, Operation};
use crate::support::{TestApp, TestDatabase};

async fn document() -> Document {
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    let document = Document::of(&app).await;
    app.stop().await;
    document
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let document = document().await;
    let mut left = vec![&document.0];
    while let Some(value) = left.pop() {
        if value["$ref"].is_string() {
            assert!(!document.resolved(value).is_null(), "{value}");
        }
        match value {
            Value::Object(fields) => left.extend(fields.values()),
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_a_sentence_and_an_answer() {
    let document = document().await;
    assert!(document.0["openapi"].as_str().unwrap().starts_with("3."));
    assert!(document.0["info"]["title"].is_string() && document.0["info"]["version"].is_string());
    let mut names = BTreeSet::new();
    for operation in document.operations() {
        let Operation { method, path, says } = operation;
        let name = says["operationId"].as_str().unwrap_or_default();
        assert!(!name.is_empty() && names.insert(name), "{method} {path}: {name:?} is empty or taken");
        assert!(says["summary"].as_str().is_some_and(|words| words.len() > 3), "{method} {path} has no summary");
        assert!(says["tags"].as_array().is_some_and(|tags| !tags.is_empty()), "{method} {path} has no tag");
        let responses = says["responses"].as_object().unwrap();
        let done = responses.iter().filter(|(status, _)| status.starts_with('2')).collect::<Vec<_>>();
        assert_eq!(done.len(), 1, "{method} {path} is done in one way");
        for (status, response) in responses {
            assert!(response["description"].is_string(), "{method} {path}: {status}");
            let mut content = response["content"].as_object().into_iter().flatten();
            let described = content.any(|(_, media)| !document.resolved(&media["schema"]).is_null());
            assert!(described || status == "204", "{method} {path}: {status} has no schema");
        }
        let refused = &responses["default"]["content"]["application/json"]["schema"]["$ref"];
        assert_eq!(refused, "#/components/schemas/Problem", "{method} {path}");
    }
}

#[tokio::test]
async fn the_places_in_an_address_are_described() {
    for operation in document().await.operations() {
        let in_address = operation.path.split(['{', '}']).skip(1).step_by(2).collect::<BTreeSet<_>>();
        let described = operation.parameters().filter(|one| one["in"] == "path");
        let described = described.map(|one| {
            assert_eq!(one["required"], true, "{} {}", operation.method, operation.path);
            one["name"].as_str().unwrap()
        });
        assert_eq!(described.collect::<BTreeSet<_>>(), in_address, "{} {}", operation.method, operation.path);
    }
}

#[tokio::test]
async fn money_dates_and_instants_are_described_alike() {
    let document = document().await;
    let schemas = document.0["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas["Money"]["properties"]["amount"]["type"], "string");
    for (name, schema) in schemas {
        for (field, says) in schema["properties"].as_object().into_iter().flatten() {
            let expected = match field.as_str() {
                field if field.ends_with("_at") => "date-time",
                field if field.ends_with("_on") && name != "ChangeLine" => "date",
                _ => continue,
            };
            assert_eq!(says["format"], expected, "{name}.{field}");
        }
    }
}
