//! The drafting page: the form on one side, the document growing on the other.
//!
//! The form is kept a moment after each keystroke (`POST …/draft`), and the answer holds what changed beside it: the document, computed
//! amounts, what is wrong. Without JavaScript the same form is sent whole.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::actor;
use super::choices::Choice;
use super::controls::DraftForm;
use super::drafting::Wish;
use super::form::{self, Source};
use super::suggestions::{self, Suggested};
use super::{ContractPath, DraftPath, EditPath, SubmitPath};
use crate::contract::document::{FieldError, html};
use crate::contract::template::FieldProblem;
use crate::contract::{Contract, ContractError, Contracts, Seen};
use crate::i18n::{ErrorKind, Explain as _, msg};
use crate::kernel::{ContractId, Money};
use crate::web::{self, Address as _, Form, LoggedIn, Note, Page, Query};

#[derive(Clone, Serialize)]
struct EditPage {
    id: ContractId,
    title: String,
    number: Option<String>,
    template: String,
    version: i64,
    editor: String,
    draft: DraftForm,
    units: Vec<Choice>,
    document: String,
    missing: usize,
    wrong: usize,
    total: Option<Money>,
    suggested: Vec<Suggested>,
    conflict: bool,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "contract/edit.html";
}

/// What changed beside the form, after it was kept.
#[derive(Clone, Serialize)]
struct SavedPart(EditPage);

impl Page for SavedPart {
    const TEMPLATE: &'static str = "contract/saved.html";
}

/// Says that somebody else was faster.
#[derive(Clone, Serialize)]
struct ConflictPart {
    id: ContractId,
}

impl Page for ConflictPart {
    const TEMPLATE: &'static str = "contract/conflict.html";
}

#[derive(Default, Deserialize)]
struct EditQuery {
    /// Shows what is missing too.
    #[serde(default)]
    check: String,
}

#[derive(Deserialize)]
struct DraftHead {
    version: i64,
    #[serde(default)]
    editor: String,
    #[serde(default, rename = "do")]
    wish: String,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(EditPath::PATTERN, get(show).post(save)).route(DraftPath::PATTERN, post(keep))
}

async fn show(
    visit: LoggedIn,
    EditPath { id }: EditPath,
    State(contracts): State<Contracts>,
    Query(query): Query<EditQuery>,
) -> web::Result {
    let contract = match contracts.draft_of(actor(&visit), id).await {
        // What cannot be written in can still be read.
        Err(ContractError::Locked(_)) => return Ok(visit.go(ContractPath { id })),
        found => found?,
    };
    let page = page(&visit, &contracts, &contract, !query.check.is_empty()).await?;
    visit.page(&page)
}

/// Keeps what was typed so far; the answer holds the parts of the page that follow from it.
async fn keep(
    visit: LoggedIn,
    DraftPath { id }: DraftPath,
    State(contracts): State<Contracts>,
    form: Form<DraftHead>,
) -> web::Result {
    let sent: Vec<(String, String)> = pairs(&form);
    match contracts.save_form(actor(&visit), id, &seen(&form.value), &sent).await {
        Ok(contract) => visit.page(&SavedPart(page(&visit, &contracts, &contract, false).await?)),
        Err(ContractError::Changed) => visit.page_as(StatusCode::CONFLICT, &ConflictPart { id }),
        Err(error) => Err(error.into()),
    }
}

/// The whole form, sent by one of its buttons.
async fn save(
    visit: LoggedIn,
    EditPath { id }: EditPath,
    State(contracts): State<Contracts>,
    form: Form<DraftHead>,
) -> web::Result {
    let wish = Wish::of(&form.value.wish);
    let contract = contracts.draft_of(actor(&visit), id).await?;
    let template = contracts.template_of(&contract).await?;
    let mut sent = pairs(&form);
    wish.apply(&template, &mut sent);
    match contracts.save_form(actor(&visit), id, &seen(&form.value), &sent).await {
        Ok(_) => {}
        Err(ContractError::Changed) => return conflict(&visit, &contracts, contract, &sent).await,
        Err(error) => return Err(error.into()),
    }
    if let Wish::OwnPlan(own) = wish {
        contracts.own_plan(actor(&visit), id, own).await?;
    }
    Ok(match (&wish, wish.table(&template)) {
        (Wish::Submit, _) => visit.go(SubmitPath { id }),
        (Wish::Pick, _) => visit.go(super::CustomerPath { id }),
        (_, Some(table)) => visit.go(format!("{}#table-{table}", EditPath { id })),
        _ => visit.go_with(EditPath { id }, &Note::done(visit.text(&msg!("contract.saved")))),
    })
}

/// The page again with what was typed over what somebody else saved: nothing of either is lost until the reader decides.
async fn conflict(
    visit: &LoggedIn,
    contracts: &Contracts,
    mut contract: Contract,
    sent: &[(String, String)],
) -> web::Result {
    let template = contracts.template_of(&contract).await?;
    contract.content = crate::contract::drafting::read_form(&template, &contract.content, sent)?;
    let page = EditPage { conflict: true, ..page(visit, contracts, &contract, false).await? };
    visit.page_as(StatusCode::CONFLICT, &page)
}

/// The page again with what is wrong with an uploaded file, beside its place.
pub(super) async fn refused_upload(
    visit: &LoggedIn,
    contracts: &Contracts,
    id: ContractId,
    slot: &str,
    error: ContractError,
) -> web::Result {
    let contract = contracts.draft_of(actor(visit), id).await?;
    let mut page = page(visit, contracts, &contract, false).await?;
    match page.draft.slots.iter_mut().find(|place| place.is(slot)) {
        Some(place) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Conflict) => {
            place.refuse(error.message());
        }
        _ => return Err(error.into()),
    }
    visit.page_again(&page)
}

fn pairs(form: &Form<DraftHead>) -> Vec<(String, String)> {
    form.typed.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

fn seen(head: &DraftHead) -> Seen {
    Seen::Page { version: head.version, editor: head.editor.clone() }
}

async fn page(
    visit: &LoggedIn,
    contracts: &Contracts,
    contract: &Contract,
    check: bool,
) -> Result<EditPage, ContractError> {
    let template = contracts.template_of(contract).await?;
    let problems = contracts.problems(contract, &template)?;
    let document = contract.content.clone().snapshot(&template)?.document;
    let is_missing = |one: &FieldError| matches!(one.problem, FieldProblem::Missing);
    let missing = problems.iter().filter(|one| is_missing(one)).count();
    let wrong = problems.len() - missing;
    let shown: Vec<FieldError> = problems.into_iter().filter(|one| check || !is_missing(one)).collect();
    let directory = contracts.org().directory();
    let source =
        Source { visit, directory: &directory, template: &template, contract, document: &document, problems: &shown };
    Ok(EditPage {
        id: contract.id,
        title: contract.title.clone(),
        number: contract.number.clone(),
        template: template.name.clone(),
        version: contract.version,
        editor: contracts.page_word(),
        draft: source.form(),
        units: form::units(visit),
        document: html(&document),
        missing,
        wrong,
        total: contract.total(),
        suggested: suggestions::of(contracts, contract, &document).await?,
        conflict: false,
    })
}
