//! What the OpenAPI document says of all routes alike, so that no room has to say it: names of operations, the header under which a POST
//! is sent again, how a request is refused, and every code that a refusal can have.

use std::borrow::Cow;
use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Components, Content, ContentBuilder, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

/// Every code of a refusal, one a line. A code that stands here keeps its meaning.
const CODES: &str = include_str!("codes.txt");

/// A code of a refusal, which stays the same when its sentence is rewritten.
pub(super) struct ErrorCode;

impl ToSchema for ErrorCode {
    fn name() -> Cow<'static, str> {
        "ErrorCode".into()
    }
}

impl PartialSchema for ErrorCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(CODES.lines())).into()
    }
}

/// Says of every operation what holds for all.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::default);
    components.schemas.insert(ErrorCode::name().into_owned(), ErrorCode::schema());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            if method == "post" {
                operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
            }
            let refused = ResponseBuilder::new().description("Refused").content("application/json", problem());
            operation.responses.responses.insert("default".to_owned(), RefOr::T(refused.build()));
            describe(operation);
        }
    }
}

fn operations(item: &mut PathItem) -> BTreeMap<&'static str, &mut Operation> {
    let PathItem { get, put, post, patch, delete, .. } = item;
    let all = [("get", get), ("put", put), ("post", post), ("patch", patch), ("delete", delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}

/// An answer without a description is no answer to a reader of OpenAPI 3.1.
fn describe(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            let said = if status.starts_with('2') { "Done" } else { "Refused" };
            said.clone_into(&mut response.description);
        }
    }
}

/// `post_contracts_id_submit`, out of the address, which is unique already.
fn name(method: &str, path: &str) -> String {
    let place = path.strip_prefix(super::api::PREFIX).unwrap_or(path);
    let words = place.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn idempotency_key() -> Parameter {
    let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A word of the caller's own. Sent again with it, the request is answered as before and not done twice. A command on a \
             case that was refused stored nothing: it is judged anew.",
        ))
        .schema(Some(key))
        .build()
}

fn problem() -> Content {
    ContentBuilder::new().schema(Some(RefOr::<Schema>::Ref(Ref::from_schema_name("Problem")))).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_by_its_address() {
        assert_eq!(name("post", "/api/v1/contracts/{id}/seal-requests"), "post_contracts_id_seal_requests");
        assert_eq!(name("get", "/api/v1/contracts/{id}/document.pdf"), "get_contracts_id_document_pdf");
    }

    #[test]
    fn codes_stand_in_their_order_and_once() {
        let codes: Vec<_> = CODES.lines().collect();
        assert!(codes.is_sorted_by(|one, next| one < next));
    }
}
