//! What the JSON interface says of itself, out of the declarations.

use axum::routing::MethodRouter;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItemBuilder, Paths};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder, Schema};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::i18n::{Lang, text};
use crate::record::behaviour::Act;
use crate::record::field::{Field, FieldKind, Use};
use crate::record::kind::Kind;
use crate::record::records::Records;

const JSON: &str = "application/json";
const DATE_TIME: SchemaFormat = SchemaFormat::KnownFormat(KnownFormat::DateTime);

pub(super) fn list(kind: &'static Kind, records: &Records, routes: MethodRouter) -> UtoipaMethodRouter {
    let mut all = operation(kind, format!("Lists {}", plural(kind)));
    for name in ["words", "letter", "owner", "sort", "deleted", "after"] {
        all = all.parameter(query(name));
    }
    for field in kind.stored() {
        let bounds: &[&str] = match field.kind {
            FieldKind::Money | FieldKind::Number { .. } | FieldKind::Date | FieldKind::Instant => &["_from", "_until"],
            _ => &[""],
        };
        for bound in bounds {
            all = all.parameter(query(&format!("{}{bound}", field.name)));
        }
    }
    for own in records.behaviour(kind).filters() {
        all = all.parameter(query(own.name));
    }
    let page = ObjectBuilder::new()
        .property("records", ArrayBuilder::new().items(RefOr::Ref(Ref::from_schema_name(title(kind)))))
        .property("next", nullable(Type::String))
        .property("count", Object::with_type(Type::Object));
    let all = responses(all, "200", Some(page.into()));
    let new = operation(kind, format!("Makes a {}", singular(kind))).request_body(Some(body(new_schema(kind))));
    let new = responses(new, "201", Some(named(kind)));
    let schemas = vec![(title(kind), schema(kind))];
    route(schemas, kind.path.to_owned(), vec![(HttpMethod::Get, all), (HttpMethod::Post, new)], routes)
}

pub(super) fn one(kind: &'static Kind, routes: MethodRouter) -> UtoipaMethodRouter {
    let show = responses(on_one(kind, "Shows"), "200", Some(named(kind)));
    let change = on_one(kind, "Changes the fields that are sent of").request_body(Some(body(changed_schema(kind))));
    let change = responses(change, "200", Some(named(kind)));
    let version = ParameterBuilder::new()
        .name("version")
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .schema(Some(Object::with_type(Type::Integer)));
    let delete = responses(on_one(kind, "Deletes").parameter(version), "204", None);
    let operations = vec![(HttpMethod::Get, show), (HttpMethod::Patch, change), (HttpMethod::Delete, delete)];
    route(Vec::new(), format!("{}/{{id}}", kind.path), operations, routes)
}

pub(super) fn restore(kind: &'static Kind, routes: MethodRouter) -> UtoipaMethodRouter {
    let done = on_one(kind, "Brings back").request_body(Some(body(versioned().into())));
    below(kind, "restore", HttpMethod::Post, responses(done, "200", Some(named(kind))), routes)
}

pub(super) fn transfer(kind: &'static Kind, routes: MethodRouter) -> UtoipaMethodRouter {
    let sent = versioned().property("owner", Object::with_type(Type::Integer)).required("owner");
    let done = on_one(kind, "Gives to somebody else").request_body(Some(body(sent.into())));
    below(kind, "transfer", HttpMethod::Post, responses(done, "200", Some(named(kind))), routes)
}

pub(super) fn timeline(kind: &'static Kind, routes: MethodRouter) -> UtoipaMethodRouter {
    let entry = ObjectBuilder::new()
        .property("at", instant())
        .property("actor", nullable(Type::Integer))
        .property("actor_name", nullable(Type::String))
        .property("head", Object::with_type(Type::String))
        .property("text", Object::with_type(Type::String))
        .property("path", Object::with_type(Type::String));
    let entries = ObjectBuilder::new().property("timeline", ArrayBuilder::new().items(RefOr::<Schema>::from(entry)));
    let told = responses(on_one(kind, "What happened to"), "200", Some(entries.into()));
    below(kind, "timeline", HttpMethod::Get, told, routes)
}

pub(super) fn changes(kind: &'static Kind, routes: MethodRouter) -> UtoipaMethodRouter {
    let entry = ObjectBuilder::new()
        .property("at", instant())
        .property("actor", nullable(Type::Integer))
        .property("actor_name", nullable(Type::String))
        .property("action", Object::with_type(Type::String))
        .property("old", nullable(Type::Object))
        .property("new", nullable(Type::Object));
    let entries = ObjectBuilder::new().property("changes", ArrayBuilder::new().items(RefOr::<Schema>::from(entry)));
    let told = responses(on_one(kind, "What was changed in"), "200", Some(entries.into()));
    below(kind, "changes", HttpMethod::Get, told, routes)
}

pub(super) fn act(kind: &'static Kind, act: &'static Act, routes: MethodRouter) -> UtoipaMethodRouter {
    let mut sent = versioned();
    for field in act.fields {
        sent = sent.property(field.name, field_schema(kind, field));
        if field.is_required() {
            sent = sent.required(field.name);
        }
    }
    let does = text(Lang::En, &kind.sentence(&format!("act.{}", act.name)));
    let summary = format!("{}: {does}", singular(kind));
    let done = operation(kind, summary).parameter(id()).request_body(Some(body(sent.into())));
    below(kind, &format!("acts/{}", act.name), HttpMethod::Post, responses(done, "200", Some(named(kind))), routes)
}

pub(super) fn dictionaries(routes: MethodRouter) -> UtoipaMethodRouter {
    let lists = ObjectBuilder::new().property("dictionaries", Object::with_type(Type::Object));
    let all =
        OperationBuilder::new().tag("records").summary(Some("Lists of choices by name, each choice with its labels"));
    let all = responses(all, "200", Some(lists.into()));
    route(Vec::new(), "/dictionaries".to_owned(), vec![(HttpMethod::Get, all)], routes)
}

fn route(
    schemas: Vec<(String, RefOr<Schema>)>,
    path: String,
    operations: Vec<(HttpMethod, OperationBuilder)>,
    routes: MethodRouter,
) -> UtoipaMethodRouter {
    let mut item = PathItemBuilder::new();
    for (method, operation) in operations {
        item = item.operation(method, operation);
    }
    let mut paths = Paths::new();
    paths.paths.insert(path, item.build());
    (schemas, paths, routes)
}

fn below(
    kind: &Kind,
    name: &str,
    method: HttpMethod,
    operation: OperationBuilder,
    routes: MethodRouter,
) -> UtoipaMethodRouter {
    route(Vec::new(), format!("{}/{{id}}/{name}", kind.path), vec![(method, operation)], routes)
}

fn operation(kind: &Kind, summary: String) -> OperationBuilder {
    OperationBuilder::new().tag(kind.name).summary(Some(summary))
}

fn on_one(kind: &Kind, says: &str) -> OperationBuilder {
    operation(kind, format!("{says} a {}", singular(kind))).parameter(id())
}

fn id() -> ParameterBuilder {
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(Object::with_type(Type::Integer)))
}

fn query(name: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .schema(Some(Object::with_type(Type::String)))
}

fn body(schema: RefOr<Schema>) -> RequestBody {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    RequestBodyBuilder::new().content(JSON, content).required(Some(Required::True)).build()
}

fn responses(operation: OperationBuilder, status: &str, schema: Option<RefOr<Schema>>) -> OperationBuilder {
    let mut done = ResponseBuilder::new().description("Done");
    if let Some(schema) = schema {
        done = done.content(JSON, ContentBuilder::new().schema(Some(schema)).build());
    }
    let problem = || {
        let schema = RefOr::<Schema>::Ref(Ref::from_schema_name("Problem"));
        ResponseBuilder::new()
            .description("Refused")
            .content(JSON, ContentBuilder::new().schema(Some(schema)).build())
            .build()
    };
    let mut operation = operation.response(status, done.build());
    for refusal in ["401", "403", "404", "409", "422"] {
        operation = operation.response(refusal, problem());
    }
    operation
}

fn title(kind: &Kind) -> String {
    let words = kind.name.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect()
}

fn singular(kind: &Kind) -> String {
    text(Lang::En, &kind.singular())
}

fn plural(kind: &Kind) -> String {
    text(Lang::En, &kind.plural()).to_lowercase()
}

fn named(kind: &Kind) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(title(kind)))
}

fn nullable(of: Type) -> Object {
    Object::with_type(SchemaType::Array(vec![of, Type::Null]))
}

fn instant() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).format(Some(DATE_TIME))
}

fn versioned() -> ObjectBuilder {
    ObjectBuilder::new().property("version", Object::with_type(Type::Integer)).required("version")
}

/// A record as it is shown.
fn schema(kind: &'static Kind) -> RefOr<Schema> {
    let mut shown = ObjectBuilder::new().property("id", Object::with_type(Type::Integer));
    if kind.code.is_some() {
        shown = shown.property("code", Object::with_type(Type::String));
    }
    for field in kind.stored() {
        shown = shown.property(field.name, field_schema(kind, field));
    }
    for name in ["owner", "department", "created_by"] {
        shown = shown.property(name, nullable(Type::Integer));
    }
    for name in ["owner_name", "created_by_name"] {
        shown = shown.property(name, nullable(Type::String));
    }
    shown = shown.property("version", Object::with_type(Type::Integer));
    for name in ["created_at", "updated_at"] {
        shown = shown.property(name, instant());
    }
    let deleted = ObjectBuilder::new().schema_type(SchemaType::Array(vec![Type::String, Type::Null]));
    shown.property("deleted_at", deleted.format(Some(DATE_TIME))).into()
}

/// What makes a record.
fn new_schema(kind: &'static Kind) -> RefOr<Schema> {
    let mut new = ObjectBuilder::new()
        .property("owner", nullable(Type::Integer))
        .property("allow_duplicates", Object::with_type(Type::Boolean));
    for field in kind.in_form(true) {
        new = new.property(field.name, field_schema(kind, field));
        if field.is_required() && field.default.is_empty() {
            new = new.required(field.name);
        }
    }
    new.into()
}

/// What changes a record.
fn changed_schema(kind: &'static Kind) -> RefOr<Schema> {
    let mut changed = versioned().property("allow_duplicates", Object::with_type(Type::Boolean));
    for field in kind.in_form(false).filter(|field| field.use_ == Use::Form) {
        changed = changed.property(field.name, field_schema(kind, field));
    }
    changed.into()
}

fn field_schema(kind: &Kind, field: &Field) -> RefOr<Schema> {
    let of = match field.kind {
        FieldKind::Money => Type::Object,
        FieldKind::Number { .. } | FieldKind::Record(_) | FieldKind::User => Type::Integer,
        FieldKind::YesNo => Type::Boolean,
        _ => Type::String,
    };
    let mut schema = ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![of, Type::Null]))
        .description(Some(text(Lang::En, &kind.label(field.name))));
    schema = match field.kind {
        FieldKind::Text { max } => schema.max_length(Some(max)),
        FieldKind::Word(words) => schema.enum_values(Some(words.iter().copied())),
        FieldKind::Date => schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        FieldKind::Instant => schema.format(Some(DATE_TIME)),
        FieldKind::Money => schema
            .property("amount", Object::with_type(Type::String))
            .property("currency", Object::with_type(Type::String)),
        _ => schema,
    };
    schema.into()
}
