//! What approvers suggest, beside the clause that it is about.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::{Deserialize, Serialize};

use super::actor;
use super::{ContractPath, DeclineSuggestionPath, TakeSuggestionPath};
use crate::contract::document::{Document, compare_texts, redline_html};
use crate::contract::template::value_text;
use crate::contract::{Contract, ContractError, Contracts};
use crate::i18n::msg;
use crate::kernel::Timestamp;
use crate::web::{self, Address as _, Form, LoggedIn, Note};
use crate::workflow::{Suggestion, SuggestionOutcome};

/// A suggestion that waits for the drafter.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Suggested {
    by: String,
    at: Timestamp,
    /// `clauses/NAME` or `fields/NAME`.
    path: String,
    title: String,
    reason: String,
    /// What would change, safe HTML.
    redline: String,
    /// Where the suggestion stands with its form.
    page: String,
    take: String,
    decline: String,
}

/// Whatever form it was pressed in.
#[derive(Deserialize)]
struct Taking {}

#[derive(Deserialize)]
struct Declining {
    #[serde(default)]
    reason: String,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(TakeSuggestionPath::PATTERN, post(take)).route(DeclineSuggestionPath::PATTERN, post(decline))
}

/// The suggestions that wait, in the order in which they came.
pub(super) async fn of(
    contracts: &Contracts,
    contract: &Contract,
    document: &Document,
) -> Result<Vec<Suggested>, ContractError> {
    let Some(case) = contract.case else { return Ok(Vec::new()) };
    let state = contracts.approvals().state(case).await?;
    let template = contracts.template_of(contract).await?;
    let directory = contracts.org().directory();
    let id = contract.id;
    let open = state.suggestions.iter().filter(|(_, one)| one.outcome == SuggestionOutcome::Open);
    let shown = open.map(|(number, one)| {
        let (title, redline) = difference(one, document, &template);
        Suggested {
            by: one.by.in_the_name_of().map(|user| directory.name(user)).unwrap_or_default(),
            at: one.at,
            path: one.path.clone(),
            title,
            reason: one.reason.clone(),
            redline,
            page: ContractPath { id }.to_string(),
            take: TakeSuggestionPath { id, suggestion: *number }.to_string(),
            decline: DeclineSuggestionPath { id, suggestion: *number }.to_string(),
        }
    });
    Ok(shown.collect())
}

/// What people call the part, and what would change in it.
fn difference(
    one: &Suggestion,
    document: &Document,
    template: &crate::contract::template::Template,
) -> (String, String) {
    let (title, now) = match one.path.split_once('/') {
        Some(("clauses", name)) => match document.clause(name) {
            Some(clause) => (clause.title.clone(), clause.text()),
            None => (name.to_owned(), String::new()),
        },
        Some((_, name)) => {
            let label = template.field(name).map_or(name, |field| &field.label);
            (label.to_owned(), document.values.get(name).map(value_text).unwrap_or_default())
        }
        None => (one.path.clone(), String::new()),
    };
    let texts = |text: &str| [(one.path.clone(), text.to_owned())];
    let redline = compare_texts(&texts(&now), &texts(&one.text));
    (title, redline.clauses.iter().map(redline_html).collect())
}

async fn take(
    visit: LoggedIn,
    TakeSuggestionPath { id, suggestion }: TakeSuggestionPath,
    State(contracts): State<Contracts>,
    _form: Form<Taking>,
) -> web::Result {
    contracts.take_suggestion(actor(&visit), id, suggestion).await?;
    Ok(visit.go_with(ContractPath { id }, &Note::done(visit.text(&msg!("contract.suggestion.taken")))))
}

async fn decline(
    visit: LoggedIn,
    DeclineSuggestionPath { id, suggestion }: DeclineSuggestionPath,
    State(contracts): State<Contracts>,
    form: Form<Declining>,
) -> web::Result {
    contracts.decline_suggestion(actor(&visit), id, suggestion, &form.value.reason).await?;
    Ok(visit.go_with(ContractPath { id }, &Note::done(visit.text(&msg!("contract.suggestion.declined")))))
}

#[cfg(test)]
pub(super) fn sample() -> Suggested {
    Suggested {
        by: "Li".into(),
        at: Timestamp::from_micros(0),
        path: "clauses/liability".into(),
        title: "Liability".into(),
        reason: "Too high".into(),
        redline: "<p><del>a</del></p>".into(),
        page: "/contracts/7".into(),
        take: "/contracts/7/suggestions/1/take".into(),
        decline: "/contracts/7/suggestions/1/decline".into(),
    }
}
