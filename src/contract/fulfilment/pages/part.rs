//! 履行: what happens to a contract after approval, a part of its page.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::view::{ArchiveView, ChangeView, EventView, OriginalView, PaperView, SealView, SignatureView, Viewer};
use super::view::{event, seal_choices};
use super::{
    AskChangeSealPath, AskSealPath, BeginChangePath, ChangePath, CompletionPath, EventPath, FulfilmentPath,
    SignChangePath, SigningPath, UPLOAD, papers,
};
use crate::contract::fulfilment::performing::BY_HAND;
use crate::contract::fulfilment::store::{archive, originals, seals};
use crate::contract::fulfilment::{
    CONTRACT_CHANGE, ChangeId, Deed, Fulfilment, FulfilmentError, NewEvent, Purpose, Terms, WantedSeal,
};
use crate::contract::pages::actor;
use crate::contract::pages::choices::Choice;
use crate::contract::pages::frame::{Frame, Part};
use crate::contract::{CONTRACT, Move, State as Stage};
use crate::db::Conn;
use crate::i18n::{Message, msg};
use crate::kernel::{ContractId, Date, Ref};
use crate::org::Action;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, Query, UploadForm};

/// What is sealed and signed, for the page of a contract and of a change.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DeedPart {
    may_edit: bool,
    version: i64,
    seals: Vec<SealView>,
    /// What can be asked for; empty where that is not possible now.
    seal_choices: Vec<Choice>,
    /// Why nothing can be asked for although the document waits for its seal.
    no_seals: bool,
    ask: String,
    signatures: Vec<SignatureView>,
    /// Where the signatures are recorded, when it is time.
    sign: Option<String>,
    events: Vec<EventView>,
}

#[derive(Clone, Serialize)]
struct FulfilmentPage {
    frame: Frame,
    deed: DeedPart,
    seal_form: FormState,
    event_form: FormState,
    events: Vec<Choice>,
    record_event: String,
    originals: Vec<OriginalView>,
    archive: Vec<ArchiveView>,
    papers: Vec<PaperView>,
    changes: Vec<ChangeView>,
    begin_change: Option<String>,
    complete: Option<String>,
    still_open: Vec<Message>,
    complete_form: FormState,
    terms_on: Date,
    terms: Terms,
    terms_by: Vec<String>,
}

impl Page for FulfilmentPage {
    const TEMPLATE: &'static str = "contract/fulfilment.html";
}

#[derive(Clone, Default, Deserialize)]
struct DayQuery {
    #[serde(default)]
    on: String,
}

/// What the form that asks for a seal sends.
#[derive(Clone, Deserialize)]
pub(super) struct SealForm {
    #[serde(default)]
    seal: String,
    #[serde(default)]
    copies: String,
    #[serde(default)]
    across_pages: String,
    #[serde(default)]
    purpose: String,
}

#[derive(Clone, Deserialize)]
struct EventForm {
    #[serde(default)]
    event: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Deserialize)]
struct VersionForm {
    version: i64,
}

/// What became of a form of this page.
#[derive(Default)]
struct Refused {
    seal: Option<FormState>,
    event: Option<FormState>,
    complete: Option<FormState>,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new()
        .route(FulfilmentPath::PATTERN, get(show))
        .route(AskSealPath::PATTERN, post(ask_seal))
        .route(AskChangeSealPath::PATTERN, post(ask_change_seal))
        .route(EventPath::PATTERN, post(record).layer(DefaultBodyLimit::max(UPLOAD)))
        .route(CompletionPath::PATTERN, post(complete))
}

async fn show(
    visit: LoggedIn,
    FulfilmentPath { id }: FulfilmentPath,
    State(fulfilment): State<Fulfilment>,
    Query(query): Query<DayQuery>,
) -> web::Result {
    let day = query.on.parse().ok();
    visit.page(&page(&visit, &fulfilment, id, day, Refused::default()).await?)
}

async fn ask_seal(
    visit: LoggedIn,
    AskSealPath { id }: AskSealPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<SealForm>,
) -> web::Result {
    match ask(&visit, &fulfilment, &CONTRACT.reference(id.get()), &form.value).await {
        Ok(()) => {
            let note = Note::done(visit.text(&msg!("contract.sealing.asked")));
            Ok(visit.go_with(FulfilmentPath { id }, &note))
        }
        Err(error) => {
            let refused = Refused { seal: Some(form.typed.refused(error)?), ..Refused::default() };
            visit.page_again(&page(&visit, &fulfilment, id, None, refused).await?)
        }
    }
}

async fn ask_change_seal(
    visit: LoggedIn,
    AskChangeSealPath { id }: AskChangeSealPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<SealForm>,
) -> web::Result {
    ask(&visit, &fulfilment, &CONTRACT_CHANGE.reference(id.get()), &form.value).await?;
    let note = Note::done(visit.text(&msg!("contract.sealing.asked")));
    Ok(visit.go_with(ChangePath { id }, &note))
}

async fn ask(visit: &LoggedIn, fulfilment: &Fulfilment, subject: &Ref, form: &SealForm) -> Result<(), FulfilmentError> {
    let wanted = WantedSeal {
        seal: form.seal.clone(),
        copies: form.copies.trim().parse().map_err(|_| FulfilmentError::Copies)?,
        across_pages: !form.across_pages.is_empty(),
        purpose: form.purpose.trim().to_owned(),
    };
    fulfilment.request_seal(actor(visit), subject, wanted).await.map(drop)
}

async fn record(
    visit: LoggedIn,
    EventPath { id }: EventPath,
    State(fulfilment): State<Fulfilment>,
    form: UploadForm<EventForm>,
) -> web::Result {
    let recorded = async {
        let EventForm { event, on, note } = form.value.clone();
        let on = on.parse().map_err(|_| FulfilmentError::Needed { field: "on".to_owned() })?;
        let new = NewEvent { event, on, paper: None, note };
        let deed = fulfilment.check_event(actor(&visit), id, &new).await?;
        let purpose = Purpose::named(&new.event).unwrap_or(Purpose::Delivered);
        let paper = papers::keep(&visit, &fulfilment, &deed.subject, ("paper", purpose), &form.files).await?;
        fulfilment.record_event(actor(&visit), id, NewEvent { paper, ..new }).await
    };
    match recorded.await {
        Ok(()) => {
            let note = Note::done(visit.text(&msg!("contract.performing.recorded")));
            Ok(visit.go_with(FulfilmentPath { id }, &note))
        }
        Err(error) => {
            let refused = Refused { event: Some(form.typed.refused(error)?), ..Refused::default() };
            visit.page_again(&page(&visit, &fulfilment, id, None, refused).await?)
        }
    }
}

async fn complete(
    visit: LoggedIn,
    CompletionPath { id }: CompletionPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<VersionForm>,
) -> web::Result {
    match fulfilment.complete(actor(&visit), id, form.value.version).await {
        Ok(()) => {
            let note = Note::done(visit.text(&msg!("contract.performing.completed")));
            Ok(visit.go_with(FulfilmentPath { id }, &note))
        }
        Err(error) => {
            let refused = Refused { complete: Some(form.typed.refused(error)?), ..Refused::default() };
            visit.page_again(&page(&visit, &fulfilment, id, None, refused).await?)
        }
    }
}

async fn page(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    id: ContractId,
    day: Option<Date>,
    refused: Refused,
) -> Result<FulfilmentPage, FulfilmentError> {
    let viewer = Viewer { fulfilment, visit };
    let contract = fulfilment.contracts().get(visit.user(), id).await?;
    let subject = CONTRACT.reference(id.get());
    let deed = fulfilment.deed(visit.user(), &subject, Action::Read).await?;
    let part = deed_part(&viewer, &deed).await?;
    let read = async move |c: &mut Conn<'_>| {
        Ok::<_, FulfilmentError>((originals::of(c, id).await?, archive::of(c, id).await?))
    };
    let (originals, tasks) = fulfilment.db().read(read).await?;
    let changes = fulfilment.changes_of(visit.user(), id).await?;
    let number = contract.number.clone().unwrap_or_default();
    let today = fulfilment.contracts().today();
    let terms = fulfilment.terms_on(visit.user(), id, day.unwrap_or(today)).await?;
    let runs = matches!(contract.state, Stage::Signed | Stage::InForce);
    let may_complete = part.may_edit && contract.state.allows(Move::Complete);
    let mut event_form = FormState::empty();
    event_form.put("on", &today.to_string());
    let event_choices = BY_HAND.map(|name| Choice::new(name, visit.text(&event(name))));
    Ok(FulfilmentPage {
        frame: Frame::of(fulfilment.contracts(), visit, &contract, Part::Fulfilment),
        seal_form: refused.seal.unwrap_or_else(blank_seal),
        event_form: refused.event.unwrap_or(event_form),
        events: if part.may_edit && (runs || contract.state == Stage::Expired) {
            event_choices.to_vec()
        } else {
            Vec::new()
        },
        record_event: EventPath { id }.to_string(),
        originals: originals.iter().map(|one| viewer.original(one)).collect(),
        archive: tasks.iter().map(|one| viewer.archive(one)).collect(),
        papers: fulfilment.papers(visit.user(), id).await?.iter().map(|one| viewer.paper(one)).collect(),
        changes: changes.iter().map(|one| viewer.change(one, (&number, &contract.other_party))).collect(),
        begin_change: (part.may_edit && runs).then(|| BeginChangePath { id }.to_string()),
        complete: may_complete.then(|| CompletionPath { id }.to_string()),
        still_open: if may_complete { fulfilment.still_open(id).await? } else { Vec::new() },
        complete_form: refused.complete.unwrap_or_else(FormState::empty),
        terms_on: terms.day,
        terms: terms.terms,
        terms_by: terms.by.into_iter().filter_map(|change| change.number).collect(),
        deed: part,
    })
}

pub(super) fn blank_seal() -> FormState {
    let mut form = FormState::empty();
    form.put("copies", "2");
    form.put("across_pages", "yes");
    form
}

/// What is sealed and signed of a document.
pub(super) async fn deed_part(viewer: &Viewer<'_>, deed: &Deed) -> Result<DeedPart, FulfilmentError> {
    let Viewer { fulfilment, visit } = viewer;
    let edits = fulfilment.contracts().scope(visit.user(), Action::Edit);
    let may_edit = edits.is_ok_and(|scope| scope.covers(Some(deed.owner), deed.department));
    let subject = deed.subject.clone();
    let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(seals::of(c, &subject).await?);
    let requests = fulfilment.db().read(read).await?;
    let wants_seal = may_edit && deed.state.allows(Move::RequestSeal);
    let kinds = if wants_seal { fulfilment.seals_of(deed).await? } else { Vec::new() };
    let contract = deed.contract;
    let is_contract = deed.is_contract();
    let change = ChangeId::new(deed.subject.id);
    let sign =
        if is_contract { SigningPath { id: contract }.to_string() } else { SignChangePath { id: change }.to_string() };
    Ok(DeedPart {
        may_edit,
        version: deed.version,
        seals: requests.iter().map(|one| viewer.seal(one)).collect(),
        no_seals: wants_seal && kinds.is_empty(),
        seal_choices: seal_choices(visit, &kinds),
        ask: if is_contract {
            AskSealPath { id: contract }.to_string()
        } else {
            AskChangeSealPath { id: change }.to_string()
        },
        signatures: fulfilment
            .signatures(&deed.subject)
            .await?
            .iter()
            .map(|one| Viewer::signature(contract, one))
            .collect(),
        sign: (may_edit && deed.state.allows(Move::Sign)).then_some(sign),
        events: fulfilment.events(&deed.subject).await?.iter().map(|one| viewer.event(contract, one)).collect(),
    })
}
