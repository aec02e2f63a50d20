//! Before handing in: what is missing, who will be asked and why, what changed since the last time. And handing in.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::actor;
use super::choices::{self, Choice};
use super::versions::{ShownClause, changed};
use super::way::{self, ShownStep};
use super::{ContractPath, SubmitPath};
use crate::approval::ApprovalError;
use crate::contract::document::FieldError;
use crate::contract::template::{Party, Template};
use crate::contract::{BeforeSubmission, ContractError, Contracts, Submission};
use crate::i18n::{ErrorKind, Explain as _, Message, msg};
use crate::kernel::{ContractId, Money};
use crate::web::{self, Address as _, Form, LoggedIn, Note, Page};
use crate::workflow::Refusal;

#[derive(Clone, Serialize)]
struct SubmitPage {
    id: ContractId,
    title: String,
    number: Option<String>,
    other_party: String,
    amount: Option<Money>,
    version: i64,
    /// What keeps it from being handed in.
    stops: Vec<Message>,
    problems: Vec<Problem>,
    files: Vec<String>,
    workflow: Option<String>,
    steps: Vec<ShownStep>,
    /// When it will probably be over.
    expected: Option<Message>,
    choosers: Vec<Chooser>,
    people: Vec<Choice>,
    changes: Vec<ShownClause>,
    resubmitted: bool,
    ready: bool,
}

impl Page for SubmitPage {
    const TEMPLATE: &'static str = "contract/submit.html";
}

/// A blank that is empty or wrong.
#[derive(Clone, Serialize)]
struct Problem {
    field: String,
    /// What people call the field: of the template, or of a party.
    label: String,
    /// The name of a party's detail, where it is one.
    detail: Option<String>,
    message: Message,
}

/// A node whose people the submitter names.
#[derive(Clone, Serialize)]
struct Chooser {
    node: String,
    title: String,
}

#[derive(Deserialize)]
struct SubmitForm {
    version: i64,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(SubmitPath::PATTERN, get(show).post(submit))
}

async fn show(visit: LoggedIn, SubmitPath { id }: SubmitPath, State(contracts): State<Contracts>) -> web::Result {
    match page(&visit, &contracts, id, None).await {
        Ok(page) => visit.page(&page),
        Err(ContractError::Locked(_)) => Ok(visit.go(ContractPath { id })),
        Err(error) => Err(error.into()),
    }
}

async fn submit(
    visit: LoggedIn,
    SubmitPath { id }: SubmitPath,
    State(contracts): State<Contracts>,
    form: Form<SubmitForm>,
) -> web::Result {
    let mut chosen = BTreeMap::new();
    for (name, person) in form.typed.iter() {
        if let (Some(node), Ok(person)) = (name.strip_prefix("chosen/"), person.parse()) {
            chosen.entry(node.to_owned()).or_insert_with(Vec::new).push(person);
        }
    }
    let submission = Submission { version: form.value.version, chosen };
    match contracts.submit(actor(&visit), id, &submission).await {
        Ok(contract) => {
            let number = contract.number.unwrap_or_default();
            Ok(visit
                .go_with(ContractPath { id }, &Note::done(visit.text(&msg!("contract.submitted", number = number)))))
        }
        Err(error) => {
            let status = match (error.kind(), &error) {
                (_, ContractError::Locked(_)) => return Err(error.into()),
                (ErrorKind::Conflict, _) => StatusCode::CONFLICT,
                (ErrorKind::Invalid, _) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => return Err(error.into()),
            };
            let page = page(&visit, &contracts, id, Some(&error)).await?;
            visit.page_as(status, &page)
        }
    }
}

async fn page(
    visit: &LoggedIn,
    contracts: &Contracts,
    id: ContractId,
    refused: Option<&ContractError>,
) -> Result<SubmitPage, ContractError> {
    let BeforeSubmission { contract, problems, preview, stopped } =
        contracts.before_submission(actor(visit), id).await?;
    let template = contracts.template_of(&contract).await?;
    let directory = contracts.org().directory();
    let mut stops: Vec<Message> = stopped.iter().map(ContractError::message).collect();
    let (mut files, mut steps, mut choosers) = (Vec::new(), Vec::new(), Vec::new());
    let (mut workflow, mut expected) = (None, None);
    match &preview {
        Ok(preview) => {
            workflow = Some(preview.workflow.definition.title.clone());
            expected = preview.expected.map(|one| one.said());
            steps = way::all(&preview.steps, None, &directory);
            let asks = preview.steps.iter().filter(|step| step.chosen_by_submitter && step.on_the_way());
            choosers = asks.map(|step| Chooser { node: step.node.clone(), title: step.title.clone() }).collect();
            match &preview.refusal {
                Some(Refusal::FilesMissing { labels }) => files.clone_from(labels),
                None | Some(Refusal::PeopleNotChosen { .. }) => {}
                Some(refusal) => stops.push(ApprovalError::from(refusal.clone()).message()),
            }
        }
        Err(error) => stops.push(error.message()),
    }
    // What the submission itself said, unless the page says it anyway.
    if let Some(error) = refused
        && !matches!(error, ContractError::Incomplete(_) | ContractError::BlackListed { .. })
        && !matches!(error, ContractError::Approval(ApprovalError::Refused(Refusal::FilesMissing { .. })))
        && !stops.contains(&error.message())
    {
        stops.insert(0, error.message());
    }
    let ready = stops.is_empty() && problems.is_empty() && files.is_empty();
    Ok(SubmitPage {
        id,
        title: contract.title.clone(),
        number: contract.number.clone(),
        other_party: contract.other_party.clone(),
        amount: contract.total(),
        version: contract.version,
        stops,
        problems: problems.iter().map(|one| problem(&template, one)).collect(),
        files,
        workflow,
        steps,
        expected,
        choosers,
        people: choices::people(&directory),
        changes: changed(contracts.changes_since_submission(&contract, &template).await?.as_ref()),
        resubmitted: contract.last_version > 0,
        ready,
    })
}

fn problem(template: &Template, error: &FieldError) -> Problem {
    let party = error.field.split_once('.').and_then(|(role, detail)| {
        let slot = template.parties.iter().find(|slot| slot.role.name() == role)?;
        Party::BLANKS.iter().any(|(known, _)| *known == detail).then(|| (slot.label.clone(), detail.to_owned()))
    });
    let slot = error.field.strip_prefix("files/").and_then(|name| template.files.iter().find(|slot| slot.name == name));
    let clause = error.field.strip_prefix("clauses/").and_then(|name| template.section(name));
    let label = match (&party, template.field(&error.field), slot, clause) {
        (Some((label, _)), ..) => label.clone(),
        (_, Some(field), ..) => field.label.clone(),
        (_, _, Some(slot), _) => slot.label.clone(),
        (_, _, _, Some(section)) => section.title.clone(),
        _ => error.field.clone(),
    };
    Problem { field: error.field.clone(), label, detail: party.map(|(_, detail)| detail), message: error.message() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_page_before_submission_renders() {
        let missing = |detail: Option<&str>| Problem {
            field: "client.name".into(),
            label: "B".into(),
            detail: detail.map(str::to_owned),
            message: msg!("contract.field_missing"),
        };
        let page = SubmitPage {
            id: ContractId::new(7),
            title: "Service".into(),
            number: None,
            other_party: "Acme".into(),
            amount: None,
            version: 3,
            stops: vec![msg!("contract.error.changed")],
            problems: vec![missing(Some("name")), missing(None)],
            files: vec!["Licence".into()],
            workflow: Some("Sales".into()),
            steps: vec![way::sample()],
            expected: Some(msg!("approval.expected.today")),
            choosers: vec![Chooser { node: "manager".into(), title: "Manager".into() }],
            people: vec![Choice::new(1, "Li")],
            changes: vec![ShownClause::sample()],
            resubmitted: true,
            ready: false,
        };
        let ready = SubmitPage {
            stops: Vec::new(),
            problems: Vec::new(),
            files: Vec::new(),
            changes: Vec::new(),
            ready: true,
            ..page.clone()
        };
        renders(page).await;
        renders(ready).await;
    }
}
