//! The document as a program reads it.

use serde_json::Value;

use crate::support::TestApp;

/// `/api/openapi.json`.
pub(super) struct Document(pub(super) Value);

/// One of its operations.
#[derive(Clone, Copy)]
pub(super) struct Operation<'d> {
    /// In small letters.
    pub(super) method: &'d str,
    pub(super) path: &'d str,
    pub(super) says: &'d Value,
}

impl Document {
    pub(super) async fn of(app: &TestApp) -> Self {
        Self(reqwest::get(app.url("/api/openapi.json")).await.unwrap().json().await.unwrap())
    }

    pub(super) fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.0["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, item)| {
                let operations = item.as_object().unwrap().iter();
                operations.map(move |(method, says)| Operation { method, path, says })
            })
            .collect()
    }

    /// What stands behind a reference.
    pub(super) fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(place) => self.0.pointer(place.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => value,
        }
    }

    /// The fields that the body of an operation must have, as far as it is JSON.
    pub(super) fn needed(&self, operation: Operation<'_>) -> Vec<String> {
        let schema = &operation.says["requestBody"]["content"]["application/json"]["schema"];
        self.required(schema)
    }

    fn required(&self, schema: &Value) -> Vec<String> {
        let schema = self.resolved(schema);
        let own = schema["required"].as_array().into_iter().flatten();
        let own = own.map(|name| name.as_str().unwrap().to_owned());
        let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| self.required(part));
        own.chain(parts).collect()
    }
}

impl<'d> Operation<'d> {
    pub(super) fn parameters(self) -> impl Iterator<Item = &'d Value> {
        self.says["parameters"].as_array().into_iter().flatten()
    }

    /// The address of a record that does not exist.
    pub(super) fn address(self) -> String {
        let named = |part: &str| part.starts_with('{');
        let parts = self.path.split('/').map(|part| if named(part) { "987" } else { part });
        parts.collect::<Vec<_>>().join("/")
    }
}
