//! The decision page: what is asked, what differs, what others said, and the bar to decide.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;

use super::acts::{ActForm, act_of, decides};
use super::shown::Shown;
use super::{ActPath, BoxesPath, CaseFilePath, CasePath, UndoPath};
use crate::approval::{ApprovalError, Ask, Desk, Done, Look};
use crate::files::FileKind;
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, CaseId, Hash};
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, download};
use crate::workflow::{Act, Refusal};

#[derive(Clone, Serialize)]
struct CasePage {
    it: Shown,
    form: FormState,
    /// The form that stands open: the one that was refused.
    open: String,
}

impl Page for CasePage {
    const TEMPLATE: &'static str = "approval/case.html";
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(CasePath::PATTERN, get(show))
        .route(ActPath::PATTERN, post(act))
        .route(UndoPath::PATTERN, post(undo))
        .route(CaseFilePath::PATTERN, get(file))
}

async fn show(visit: LoggedIn, CasePath { case }: CasePath, State(desk): State<Desk>) -> web::Result {
    visit.page(&page(&visit, &desk, case, None).await?)
}

async fn page(visit: &LoggedIn, desk: &Desk, case: CaseId, since: Option<Hash>) -> Result<CasePage, ApprovalError> {
    let viewer = desk.viewer(visit.user());
    let look = desk.approvals().look(case, &viewer, visit.lang(), since).await?;
    let phrases = desk.approvals().phrases(visit.user(), visit.lang()).await?;
    let outlook = desk.approvals().outlook(&look).await?;
    let expected = outlook.and_then(|outlook| outlook.map_or_else(|unsaid| unsaid.said(), |one| Some(one.said())));
    let mut it = Shown::of(&look, &CasePath { case }.to_string(), None, phrases);
    it.expected = expected;
    Ok(CasePage { it, form: FormState::empty(), open: String::new() })
}

async fn act(
    visit: LoggedIn,
    ActPath { case, act: word }: ActPath,
    State(desk): State<Desk>,
    form: Form<ActForm>,
) -> web::Result {
    let Some(act) = act_of(&word, &form.value) else { return Err(web::Error::not_found()) };
    match desk.act(Ask::of_case(case, actor(&visit), act)).await {
        Ok(done) => Ok(after(&visit, &desk, &word, done).await?),
        Err(error) => {
            let since = shown_before(&error);
            let error = web::Error::from(error);
            let (status, state) = (error.status(), form.typed.refused(error)?);
            let page = page(&visit, &desk, case, since).await?;
            visit.page_as(status, &CasePage { form: state, open: word, ..page })
        }
    }
}

/// What the person had before them when the content changed under it.
pub(super) fn shown_before(error: &ApprovalError) -> Option<Hash> {
    match error {
        ApprovalError::Refused(Refusal::ContentChanged { shown, .. }) => Some(*shown),
        _ => None,
    }
}

/// After a decision the next case follows, with ten seconds to undo; after anything else the same case.
async fn after(visit: &LoggedIn, desk: &Desk, word: &str, done: Done) -> Result<Response, ApprovalError> {
    let note = Note::done(visit.text(&done_text(word)));
    if !decides(word) {
        return Ok(visit.go_with(CasePath { case: done.case }, &note));
    }
    let note = match done.decision {
        Some(decision) => {
            let seconds = desk.approvals().undo_seconds();
            note.with_undo(&UndoPath { case: done.case, decision }, seconds)
        }
        None => note,
    };
    Ok(match desk.approvals().next_of(visit.user(), done.case).await? {
        Some(next) => visit.go_with(CasePath { case: next.case }, &note),
        None => visit.go_with(BoxesPath {}, &note),
    })
}

/// What was done, in a line.
pub(super) fn done_text(word: &str) -> Message {
    match word {
        "approve" => msg!("approval.done.approve"),
        "reject" => msg!("approval.done.reject"),
        "abstain" => msg!("approval.done.abstain"),
        "return" => msg!("approval.done.return"),
        "ask" => msg!("approval.done.ask"),
        "answer" => msg!("approval.done.answer"),
        "transfer" => msg!("approval.done.transfer"),
        "delegate" => msg!("approval.done.delegate"),
        "add" => msg!("approval.done.add"),
        "revoke" => msg!("approval.done.revoke"),
        "copy" => msg!("approval.done.copy"),
        "jump" => msg!("approval.done.jump"),
        "terminate" => msg!("approval.done.terminate"),
        "suggest" => msg!("approval.done.suggest"),
        "urge" => msg!("approval.done.urge"),
        "withdraw" => msg!("approval.done.withdraw"),
        _ => msg!("approval.done.other"),
    }
}

async fn undo(
    visit: LoggedIn,
    UndoPath { case, decision }: UndoPath,
    State(desk): State<Desk>,
    _form: Form<()>,
) -> web::Result {
    let undone = desk.act(Ask::of_case(case, actor(&visit), Act::UndoDecision { decision })).await;
    let note = match undone {
        Ok(_) => Note::done(visit.text(&msg!("approval.done.undo"))),
        Err(ApprovalError::Refused(refusal @ Refusal::TooLateToUndo)) => {
            Note::failed(visit.text(&crate::i18n::Explain::message(&refusal)))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(visit.go_with(CasePath { case }, &note))
}

async fn file(visit: LoggedIn, CaseFilePath { case, hash }: CaseFilePath, State(desk): State<Desk>) -> web::Result {
    let look = desk.look(case, visit.user(), visit.lang()).await?;
    answer_file(&desk, &look, hash).await
}

/// A file of the record: whoever may see the case may open it.
pub(super) async fn answer_file(desk: &Desk, look: &Look, hash: Hash) -> web::Result {
    let files = look.brief.iter().flat_map(|brief| &brief.files);
    let Some(file) = files.clone().find(|file| file.hash == hash) else { return Err(web::Error::not_found()) };
    let bytes = desk.files().read(hash).await?;
    let kind = FileKind::of_name(&file.name).map_or("application/octet-stream", FileKind::media_type);
    Ok(download(kind, "inline", &file.name, bytes))
}

/// Who acts, by which way.
pub(super) fn actor(visit: &LoggedIn) -> Actor {
    Actor::person(visit.user(), visit.channel())
}

/// An [`Ask`] of somebody who administers approvals, who need not have to do with the case.
pub(super) fn retry(case: CaseId, visit: &LoggedIn) -> Ask {
    Ask::of_case(case, actor(visit), Act::Retry)
}
