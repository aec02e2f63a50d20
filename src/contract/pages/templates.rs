//! Templates, for whoever keeps them: what is published, what stands in it, publishing another version.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::actor;
use super::choices::role;
use super::{PublishTemplatePath, TemplatePath, TemplatesPath};
use crate::contract::document::{Draft, fill, html};
use crate::contract::template::{ClauseKind, Fault, Field, Folder, Role, Template};
use crate::contract::words::category_said;
use crate::contract::{ContractError, Contracts};
use crate::i18n::{Explain as _, Message, msg};
use crate::kernel::Timestamp;
use crate::org::Action;
use crate::web::{self, Address as _, FormState, LoggedIn, Note, Page, UploadForm};

#[derive(Clone, Serialize)]
struct TemplatesPage {
    templates: Vec<Listed>,
    may_publish: bool,
}

impl Page for TemplatesPage {
    const TEMPLATE: &'static str = "contract/templates.html";
}

#[derive(Clone, Serialize)]
struct Listed {
    path: String,
    title: String,
    name: String,
    summary: String,
    version: String,
    fields: usize,
    clauses: usize,
}

#[derive(Clone, Serialize)]
struct TemplatePage {
    title: String,
    name: String,
    summary: String,
    number: String,
    version: String,
    roles: Vec<Message>,
    categories: Vec<Message>,
    fields: Vec<ShownField>,
    clauses: Vec<ShownClause>,
    files: Vec<String>,
    archive: Vec<String>,
    history: Vec<ShownVersion>,
    document: String,
    may_draft: bool,
    may_publish: bool,
}

impl Page for TemplatePage {
    const TEMPLATE: &'static str = "contract/template.html";
}

#[derive(Clone, Serialize)]
struct ShownField {
    name: String,
    label: String,
    group: String,
    kind: Message,
    required: bool,
    from: String,
}

#[derive(Clone, Serialize)]
struct ShownClause {
    name: String,
    title: String,
    kind: Message,
    covers: Vec<Message>,
}

#[derive(Clone, Serialize)]
struct ShownVersion {
    version: String,
    current: bool,
    by: String,
    at: Timestamp,
}

#[derive(Clone, Serialize)]
struct PublishPage {
    form: FormState,
    faults: Vec<ShownFault>,
}

impl Page for PublishPage {
    const TEMPLATE: &'static str = "contract/publish.html";
}

/// A fault in its place.
#[derive(Clone, Serialize)]
struct ShownFault {
    place: String,
    line: String,
    what: Message,
    hint: Message,
}

/// What the publishing form sends: files, or the texts themselves.
#[derive(Deserialize)]
struct PublishForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    body: String,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new()
        .route(TemplatesPath::PATTERN, get(list))
        .route(PublishTemplatePath::PATTERN, get(blank).post(publish))
        .route(TemplatePath::PATTERN, get(show))
}

async fn list(visit: LoggedIn, State(contracts): State<Contracts>) -> web::Result {
    contracts.demand_templates(actor(&visit), Action::Read)?;
    let current = contracts.library().current().await?;
    let templates = current.iter().map(|one| Listed {
        path: TemplatePath { name: one.name.clone() }.to_string(),
        title: one.title.clone(),
        name: one.name.clone(),
        summary: one.summary.clone(),
        version: one.version.short(),
        fields: one.fields.len(),
        clauses: one.clauses.len(),
    });
    let templates = templates.collect();
    let may_publish = contracts.demand_templates(actor(&visit), Action::Administer).is_ok();
    visit.page(&TemplatesPage { templates, may_publish })
}

async fn show(visit: LoggedIn, TemplatePath { name }: TemplatePath, State(contracts): State<Contracts>) -> web::Result {
    contracts.demand_templates(actor(&visit), Action::Read)?;
    let template = contracts.library().named(&name).await?;
    let directory = contracts.org().directory();
    let history = contracts.template_history(&name).await?.into_iter().map(|one| ShownVersion {
        version: one.version.short(),
        current: one.current,
        by: one.by.map_or_else(|| visit.text(&msg!("contract.template.shipped")), |user| directory.name(user)),
        at: one.at,
    });
    let history = history.collect();
    let blank = Draft::new(&template, template.our_roles.first().copied().unwrap_or(Role::Other));
    let document = fill(&template, &blank).map_err(ContractError::from)?;
    visit.page(&TemplatePage {
        title: template.title.clone(),
        name: template.name.clone(),
        summary: template.summary.clone(),
        number: template.number.to_string(),
        version: template.version.to_string(),
        roles: template.our_roles.iter().map(|one| role(*one)).collect(),
        categories: template.our_roles.iter().map(|one| category_said(template.category(*one))).collect(),
        fields: template.fields.iter().map(field).collect(),
        clauses: clauses(&template),
        files: template.files.iter().map(|slot| slot.label.clone()).collect(),
        archive: template.archive.clone(),
        history,
        document: html(&document),
        may_draft: contracts.scope(visit.user(), Action::Create).is_ok(),
        may_publish: contracts.demand_templates(actor(&visit), Action::Administer).is_ok(),
    })
}

fn field(field: &Field) -> ShownField {
    ShownField {
        name: field.name.clone(),
        label: field.label.clone(),
        group: field.group.clone(),
        kind: Message::of(format!("contract.field_type.{}", field.kind.name().replace([' ', '/'], "_"))),
        required: field.required,
        from: field.from.clone().unwrap_or_default(),
    }
}

fn clauses(template: &Template) -> Vec<ShownClause> {
    let shown = template.clauses.iter().map(|clause| ShownClause {
        name: clause.name.clone(),
        title: template.section(clause.section(None)).map(|section| section.title.clone()).unwrap_or_default(),
        kind: match &clause.kind {
            ClauseKind::Locked => msg!("contract.template.locked"),
            ClauseKind::Alternatives(all) => msg!("contract.template.alternatives", count = all.len()),
            ClauseKind::Free => msg!("contract.template.free"),
        },
        covers: clause.covers.iter().map(|item| item.label()).collect(),
    });
    shown.collect()
}

async fn blank(visit: LoggedIn, State(contracts): State<Contracts>) -> web::Result {
    contracts.demand_templates(actor(&visit), Action::Administer)?;
    visit.page(&PublishPage { form: FormState::empty(), faults: Vec::new() })
}

async fn publish(visit: LoggedIn, State(contracts): State<Contracts>, form: UploadForm<PublishForm>) -> web::Result {
    let mut state = form.typed.state();
    let folder = match folder(&form) {
        Ok(folder) => folder,
        Err(not_text) => {
            state.problem(msg!("contract.template.not_text", name = not_text));
            return visit.page_again(&PublishPage { form: state, faults: Vec::new() });
        }
    };
    // What was uploaded is shown, so that it can be mended in place.
    for (field, text) in [("definition", &folder.template), ("body", &folder.body)] {
        state.put(field, text);
    }
    let name = folder.name.clone();
    match contracts.publish_template(actor(&visit), folder).await {
        Ok(version) => {
            let note = Note::done(visit.text(&msg!("contract.template.published", version = version.short())));
            Ok(visit.go_with(TemplatePath { name }, &note))
        }
        Err(ContractError::Faults { faults, name }) => {
            state.problem(msg!("contract.error.faults", name = &name, count = faults.len()));
            visit.page_again(&PublishPage { form: state, faults: faults.iter().map(shown).collect() })
        }
        Err(error @ (ContractError::TemplateName | ContractError::TemplateKnown(_))) => {
            state.error("name", error.message());
            visit.page_again(&PublishPage { form: state, faults: Vec::new() })
        }
        Err(error) => Err(error.into()),
    }
}

/// The folder out of the form: uploaded files go before typed text. Otherwise the name of a file that is no text.
fn folder(form: &UploadForm<PublishForm>) -> Result<Folder, &str> {
    let file = |name: &str| {
        let found = form.files.iter().find(|file| file.name.ends_with(name));
        found.map(|file| String::from_utf8(file.bytes.to_vec()).map_err(|_| file.name.as_str())).transpose()
    };
    let definition = file("template.toml")?.unwrap_or_else(|| form.value.definition.clone());
    let body = file("body.md")?.unwrap_or_else(|| form.value.body.clone());
    Ok(Folder::new(form.value.name.trim(), &definition, &body, file("sample.toml")?.as_deref()))
}

fn shown(fault: &Fault) -> ShownFault {
    let (what, hint) = fault.problem.explanation();
    ShownFault { place: fault.place.to_string(), line: fault.place.text.clone(), what, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn templates_render() {
        let listed = Listed {
            path: "/admin/templates/service".into(),
            title: "Service".into(),
            name: "service".into(),
            summary: "Software".into(),
            version: "a1b2".into(),
            fields: 3,
            clauses: 4,
        };
        renders(TemplatesPage { templates: vec![listed], may_publish: true }).await;
        let version =
            ShownVersion { version: "a1".into(), current: true, by: "Li".into(), at: Timestamp::from_micros(0) };
        renders(TemplatePage {
            title: "Service".into(),
            name: "service".into(),
            summary: "Software".into(),
            number: "HT-{seq:4}".into(),
            version: "a1b2".into(),
            roles: vec![role(Role::Seller)],
            categories: vec![category_said("sales")],
            fields: vec![ShownField {
                name: "price".into(),
                label: "Price".into(),
                group: "Money".into(),
                kind: Message::of("contract.field_type.money"),
                required: true,
                from: "opportunity.amount".into(),
            }],
            clauses: vec![ShownClause {
                name: "scope".into(),
                title: "Scope".into(),
                kind: msg!("contract.template.alternatives", count = 2_usize),
                covers: vec![msg!("contract.item_subject")],
            }],
            files: vec!["Licence".into()],
            archive: vec!["Original".into()],
            history: vec![version],
            document: "<article></article>".into(),
            may_draft: true,
            may_publish: true,
        })
        .await;
        let (what, hint) = (msg!("contract.fault_toml", detail = "x"), msg!("contract.hint_toml"));
        let fault = ShownFault { place: "a/template.toml:1:1".into(), line: "title = ".into(), what, hint };
        renders(PublishPage { form: FormState::empty(), faults: vec![fault] }).await;
    }

    #[test]
    fn every_type_of_field_has_a_name() {
        for name in crate::contract::template::FieldKind::NAMES {
            let key = format!("contract.field_type.{}", name.replace([' ', '/'], "_"));
            assert!(crate::i18n::knows(&key), "{key}");
        }
    }
}
