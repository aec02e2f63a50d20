//! 合同变更: the list, and one change with what it comes to.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::part::{DeedPart, blank_seal, deed_part};
use super::view::{ChangeView, Viewer};
use super::{
    AbandonChangePath, BeginChangePath, ChangePath, ChangePdfPath, ChangePrintPath, ChangesPath, EditChangePath,
    EvidencePath, FulfilmentPath, SubmitChangePath, WithdrawChangePath, papers,
};
use crate::contract::document::html;
use crate::contract::fulfilment::{
    CONTRACT_CHANGE, ChangeFilter, ChangeId, ChangeKind, ContractChange, Fulfilment, FulfilmentError, Terms,
};
use crate::contract::pages::print::PrintPage;
use crate::contract::pages::{actor, disposition};
use crate::contract::pdf::{self, Cover};
use crate::contract::{Contract, Move, State as Stage};
use crate::db::Cursor;
use crate::i18n::{Message, msg};
use crate::kernel::{Date, Money};
use crate::org::Action;
use crate::settlement::DueRule;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, Query, Typed};

#[derive(Clone, Serialize)]
struct ChangesPage {
    rows: Vec<ChangeView>,
    filter: FormState,
    count: String,
    next: String,
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "contract/changes.html";
}

#[derive(Clone, Serialize)]
struct ChangePage {
    change: ChangeView,
    contract: String,
    reason: String,
    impact: String,
    before: Terms,
    after: Terms,
    rows: Vec<RowView>,
    text: String,
    evidence: Vec<(String, String)>,
    document: String,
    deed: DeedPart,
    seal_form: FormState,
    approval: Option<String>,
    edit: Option<String>,
    submit: Option<String>,
    withdraw: Option<String>,
    abandon: Option<String>,
    print: String,
    pdf: String,
    form: FormState,
    next: Message,
}

impl Page for ChangePage {
    const TEMPLATE: &'static str = "contract/change.html";
}

/// A line of the plan that it brings.
#[derive(Clone, Debug, Serialize)]
struct RowView {
    title: String,
    amount: Money,
    due: Option<Date>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct ChangesQuery {
    #[serde(default)]
    words: String,
    #[serde(default)]
    open: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Clone, Deserialize)]
struct KindForm {
    kind: String,
}

#[derive(Clone, Deserialize)]
struct ReasonForm {
    #[serde(default)]
    reason: String,
}

#[derive(Clone, Deserialize)]
struct VersionForm {
    version: i64,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new()
        .route(ChangesPath::PATTERN, get(list))
        .route(BeginChangePath::PATTERN, post(begin))
        .route(ChangePath::PATTERN, get(show))
        .route(EvidencePath::PATTERN, get(evidence))
        .route(SubmitChangePath::PATTERN, post(submit))
        .route(WithdrawChangePath::PATTERN, post(withdraw))
        .route(AbandonChangePath::PATTERN, post(abandon))
        .route(ChangePrintPath::PATTERN, get(print))
        .route(ChangePdfPath::PATTERN, get(as_pdf))
}

async fn list(visit: LoggedIn, State(fulfilment): State<Fulfilment>, Query(query): Query<ChangesQuery>) -> web::Result {
    let viewer = Viewer { fulfilment: &fulfilment, visit: &visit };
    let filter = ChangeFilter { contract: None, open: !query.open.is_empty(), text: query.words.clone() };
    let (page, count) = fulfilment.change_page(visit.user(), filter, query.after.parse::<Cursor>().ok()).await?;
    let next = match page.next {
        Some(cursor) => {
            let query = ChangesQuery { after: cursor.to_string(), ..query.clone() };
            ChangesPath {}.with_query(&query).map_err(web::Error::internal)?
        }
        None => String::new(),
    };
    let rows = page.rows.iter().map(|row| viewer.change(&row.change, (&row.parent_number, &row.other_party)));
    let rows = rows.collect();
    visit.page(&ChangesPage { rows, filter: FormState::of(&query)?, count: count.to_string(), next })
}

async fn begin(
    visit: LoggedIn,
    BeginChangePath { id }: BeginChangePath,
    State(fulfilment): State<Fulfilment>,
    form: Form<KindForm>,
) -> web::Result {
    let kind = ChangeKind::named(&form.value.kind).unwrap_or(ChangeKind::Supplement);
    let change = fulfilment.begin_change(actor(&visit), id, kind).await?;
    Ok(visit.go(EditChangePath { id: change }))
}

async fn show(visit: LoggedIn, ChangePath { id }: ChangePath, State(fulfilment): State<Fulfilment>) -> web::Result {
    visit.page(&page(&visit, &fulfilment, id, FormState::empty()).await?)
}

async fn evidence(
    visit: LoggedIn,
    EvidencePath { id, hash }: EvidencePath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let (name, bytes) = fulfilment.evidence(visit.user(), id, hash).await?;
    Ok(papers::file(&name, bytes))
}

async fn submit(
    visit: LoggedIn,
    SubmitChangePath { id }: SubmitChangePath,
    State(fulfilment): State<Fulfilment>,
    form: Form<()>,
) -> web::Result {
    let done = fulfilment.submit_change(actor(&visit), id, None).await;
    after(&visit, &fulfilment, id, outcome(&form.typed, done, msg!("contract.changes.submitted"))?).await
}

async fn withdraw(
    visit: LoggedIn,
    WithdrawChangePath { id }: WithdrawChangePath,
    State(fulfilment): State<Fulfilment>,
    form: Form<ReasonForm>,
) -> web::Result {
    let done = fulfilment.withdraw_change(actor(&visit), id, &form.value.reason).await;
    after(&visit, &fulfilment, id, outcome(&form.typed, done, msg!("contract.changes.withdrawn"))?).await
}

async fn abandon(
    visit: LoggedIn,
    AbandonChangePath { id }: AbandonChangePath,
    State(fulfilment): State<Fulfilment>,
    form: Form<VersionForm>,
) -> web::Result {
    let done = fulfilment.abandon_change(actor(&visit), id, form.value.version).await;
    after(&visit, &fulfilment, id, outcome(&form.typed, done, msg!("contract.changes.abandoned"))?).await
}

/// What a step came to: a sentence, or the form with what is wrong.
fn outcome(
    typed: &Typed,
    done: Result<(), FulfilmentError>,
    said: Message,
) -> Result<Result<Message, FormState>, web::Error> {
    match done {
        Ok(()) => Ok(Ok(said)),
        Err(error) => typed.refused(error).map(Err),
    }
}

async fn after(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    id: ChangeId,
    done: Result<Message, FormState>,
) -> web::Result {
    match done {
        Ok(said) => Ok(visit.go_with(ChangePath { id }, &Note::done(visit.text(&said)))),
        Err(form) => visit.page_again(&page(visit, fulfilment, id, form).await?),
    }
}

async fn print(
    visit: LoggedIn,
    ChangePrintPath { id }: ChangePrintPath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let (change, contract) = fulfilment.change(visit.user(), id).await?;
    visit.page(&PrintPage::of(&fulfilment.change_document(&change, &contract)?, &cover(&change, &contract)))
}

async fn as_pdf(
    visit: LoggedIn,
    ChangePdfPath { id }: ChangePdfPath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let (change, contract) = fulfilment.change(visit.user(), id).await?;
    let (document, cover) = (fulfilment.change_document(&change, &contract)?, cover(&change, &contract));
    let made = tokio::task::spawn_blocking(move || pdf::contract(&document, &cover)).await;
    let bytes = made.map_err(web::Error::internal)??;
    let name = format!("{}.pdf", change.number.unwrap_or(change.title));
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, disposition("inline", &name)),
    ];
    Ok((headers, bytes).into_response())
}

/// What stands around its text on paper: the code once it is approved.
fn cover(change: &ContractChange, contract: &Contract) -> Cover {
    let approved = !matches!(change.state, Stage::Draft | Stage::InApproval | Stage::Void);
    let code = change.number.as_deref().map(|number| Contract::verification_code(number, change.content_hash));
    Cover {
        number: change.number.clone().or_else(|| contract.number.clone()),
        version: 1,
        verification_code: code.filter(|_| approved),
        draft: !approved,
    }
}

async fn page(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    id: ChangeId,
    form: FormState,
) -> Result<ChangePage, FulfilmentError> {
    let viewer = Viewer { fulfilment, visit };
    let (change, contract) = fulfilment.change(visit.user(), id).await?;
    let deed = fulfilment.deed(visit.user(), &CONTRACT_CHANGE.reference(id.get()), Action::Read).await?;
    let part = deed_part(&viewer, &deed).await?;
    let may = |by: Move| fulfilment.may_edit(visit.user(), &contract) && change.state.allows(by);
    let before = change.replaced.unwrap_or_else(|| Terms::of(&contract));
    let number = contract.number.clone().unwrap_or_default();
    let milestones = fulfilment.milestones_of(contract.id).await?;
    let rows = change.content.plan.iter().flatten().map(|row| RowView {
        title: row.title.clone(),
        amount: row.amount,
        due: match &row.due {
            DueRule::On(date) => Some(*date),
            DueRule::After { .. } => {
                milestones.iter().find(|one| one.planned.name == row.name).and_then(|one| one.due_on)
            }
        },
    });
    let files = change.content.evidence.iter();
    Ok(ChangePage {
        contract: FulfilmentPath { id: contract.id }.to_string(),
        reason: change.content.reason.clone(),
        impact: change.content.impact.clone(),
        before,
        after: before.after(&change.content),
        rows: rows.collect(),
        text: change.content.text.clone(),
        evidence: files.map(|file| (file.name.clone(), EvidencePath { id, hash: file.hash }.to_string())).collect(),
        document: html(&fulfilment.change_document(&change, &contract)?),
        deed: part,
        seal_form: blank_seal(),
        approval: change.case.map(|case| format!("/approvals/{case}")),
        edit: may(Move::Submit).then(|| EditChangePath { id }.to_string()),
        submit: may(Move::Submit).then(|| SubmitChangePath { id }.to_string()),
        withdraw: (may(Move::Return) && change.state == Stage::InApproval)
            .then(|| WithdrawChangePath { id }.to_string()),
        abandon: may(Move::Abandon).then(|| AbandonChangePath { id }.to_string()),
        print: ChangePrintPath { id }.to_string(),
        pdf: ChangePdfPath { id }.to_string(),
        form,
        next: next(&change),
        change: viewer.change(&change, (&number, &contract.other_party)),
    })
}

/// Where it stands, in one sentence.
fn next(change: &ContractChange) -> Message {
    match change.state {
        Stage::Draft => msg!("contract.changes.next_draft"),
        Stage::InApproval => msg!("contract.changes.next_in_approval"),
        Stage::Approved => msg!("contract.changes.next_approved"),
        Stage::Sealing => msg!("contract.changes.next_sealing"),
        Stage::Waiting => msg!("contract.changes.next_waiting"),
        Stage::Signed => match change.effective_on {
            Some(on) => msg!("contract.changes.next_signed", on = on),
            None => msg!("contract.changes.next_waiting"),
        },
        Stage::Void => msg!("contract.changes.next_void"),
        Stage::InForce | Stage::Completed | Stage::Expired | Stage::Terminated => {
            msg!("contract.changes.next_in_force")
        }
    }
}
