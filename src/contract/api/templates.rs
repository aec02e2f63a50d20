//! Templates.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contract::pages::actor;
use crate::contract::template::{ClauseKind, Folder, Template};
use crate::contract::{ContractError, Contracts};
use crate::i18n::msg;
use crate::org::Action;
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem};

/// The templates that new contracts are drafted from.
#[derive(Serialize, ToSchema)]
pub(super) struct Templates {
    templates: Vec<TemplateShown>,
}

/// A template with its blanks and clauses.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractTemplate)]
pub(super) struct TemplateShown {
    name: String,
    title: String,
    summary: String,
    /// Which version of it is published.
    version: String,
    /// The roles that our entity can have.
    our_roles: Vec<String>,
    fields: Vec<FieldShown>,
    clauses: Vec<ClauseShown>,
    /// Places for files, by name.
    files: Vec<PlaceShown>,
}

/// A blank.
#[derive(Serialize, ToSchema)]
#[schema(as = TemplateField)]
pub(super) struct FieldShown {
    name: String,
    label: String,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
}

/// A clause.
#[derive(Serialize, ToSchema)]
#[schema(as = TemplateClause)]
pub(super) struct ClauseShown {
    name: String,
    /// `locked`, `alternatives`, `free`.
    kind: String,
    /// The sections to choose from.
    alternatives: Vec<String>,
}

/// A place for files.
#[derive(Serialize, ToSchema)]
#[schema(as = TemplatePlace)]
pub(super) struct PlaceShown {
    name: String,
    label: String,
    required: bool,
}

/// A folder to publish.
#[derive(Deserialize, ToSchema)]
pub(super) struct FolderBody {
    /// Lower-case letters, digits and hyphens.
    name: String,
    /// `template.toml`.
    definition: String,
    /// `body.md`.
    body: String,
    /// `sample.toml`.
    sample: Option<String>,
}

impl From<&Template> for TemplateShown {
    fn from(template: &Template) -> Self {
        let field = |field: &crate::contract::template::Field| FieldShown {
            name: field.name.clone(),
            label: field.label.clone(),
            kind: field.kind.name().to_owned(),
            required: field.required,
        };
        let clause = |clause: &crate::contract::template::Clause| {
            let (kind, alternatives) = match &clause.kind {
                ClauseKind::Locked => ("locked", Vec::new()),
                ClauseKind::Alternatives(all) => {
                    ("alternatives", all.iter().map(|alternative| alternative.section.clone()).collect())
                }
                ClauseKind::Free => ("free", Vec::new()),
            };
            ClauseShown { name: clause.name.clone(), kind: kind.to_owned(), alternatives }
        };
        let place = |slot: &crate::contract::template::FileSlot| PlaceShown {
            name: slot.name.clone(),
            label: slot.label.clone(),
            required: slot.required,
        };
        Self {
            name: template.name.clone(),
            title: template.title.clone(),
            summary: template.summary.clone(),
            version: template.version.to_string(),
            our_roles: template.our_roles.iter().map(|role| role.name().to_owned()).collect(),
            fields: template.fields.iter().map(field).collect(),
            clauses: template.clauses.iter().map(clause).collect(),
            files: template.files.iter().map(place).collect(),
        }
    }
}

/// The templates; everybody who drafts may read them.
#[utoipa::path(get, path = "/templates", tag = "contracts",
    responses((status = 200, body = Templates), (status = 403, body = Problem)))]
pub(super) async fn list(visit: LoggedIn, State(contracts): State<Contracts>) -> web::Result {
    contracts.scope(visit.user(), Action::Read)?;
    let templates = contracts.library().current().await?;
    let templates = templates.iter().map(|template| TemplateShown::from(&**template)).collect();
    Ok(Json(Templates { templates }).into_response())
}

/// One template.
#[utoipa::path(get, path = "/templates/{name}", tag = "contracts", params(("name" = String, Path)),
    responses((status = 200, body = TemplateShown), (status = 422, body = Problem)))]
pub(super) async fn show(visit: LoggedIn, State(contracts): State<Contracts>, Path(name): Path<String>) -> web::Result {
    contracts.scope(visit.user(), Action::Read)?;
    Ok(Json(TemplateShown::from(&*contracts.library().named(&name).await?)).into_response())
}

/// Publishes a folder as the version that new contracts are drafted from. Faults are told place by place.
#[utoipa::path(post, path = "/templates", tag = "contracts", request_body = FolderBody,
    responses((status = 201, body = TemplateShown), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn publish(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Json(body): Json<FolderBody>,
) -> web::Result {
    let FolderBody { name, definition, body, sample } = body;
    let folder = Folder::new(&name, &definition, &body, sample.as_deref());
    contracts.publish_template(actor(&visit), folder).await.map_err(faulty)?;
    let template = contracts.library().named(&name).await?;
    Ok((StatusCode::CREATED, Json(TemplateShown::from(&*template))).into_response())
}

/// Every fault of a folder as a field: its place in its file.
fn faulty(error: ContractError) -> web::Error {
    let ContractError::Faults { faults, .. } = &error else { return error.into() };
    let fields = faults.iter().map(|fault| {
        let (what, hint) = fault.problem.explanation();
        let message = msg!("approval.fault_with_hint", fault = what, hint = hint);
        web::FieldError { field: fault.place.to_string(), code: "template_fault".to_owned(), message }
    });
    let fields = fields.collect();
    web::Error::from(error).with_fields(fields)
}
