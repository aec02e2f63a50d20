//! The link in a message: the decision page with a thin shell, for one person and one task. Opening it decides nothing and writes
//! nothing, however often and by whomever it is opened; only the button posts.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;

use super::acts::{ActForm, act_of, through_link};
use super::case::{answer_file, done_text, shown_before};
use super::shown::Shown;
use super::{CasePath, LinkActPath, LinkFilePath, LinkPath};
use crate::approval::{ApprovalError, Ask, Desk, LinkSeen};
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, Channel, Hash};
use crate::org::pages::Origin;
use crate::web::{self, Address as _, Form, FormState, Note, Page, Visit};
use crate::workflow::{Act, Refusal};

#[derive(Clone, Serialize)]
struct LinkPage {
    it: Shown,
    person: String,
    form: FormState,
    open: String,
    /// The page after a login.
    login: String,
}

/// A link that no longer lets anybody decide.
#[derive(Clone, Serialize)]
struct EndedPage {
    base: String,
    title: String,
    because: Message,
    good: bool,
    undo: bool,
    again: bool,
    login: String,
    seconds: u32,
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "approval/link.html";
}

impl Page for EndedPage {
    const TEMPLATE: &'static str = "approval/link_ended.html";
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(LinkPath::PATTERN, get(show))
        .route(LinkActPath::PATTERN, post(act))
        .route(LinkFilePath::PATTERN, get(file))
}

async fn show(
    visit: Visit,
    LinkPath { token }: LinkPath,
    State(desk): State<Desk>,
    Origin(origin): Origin,
) -> web::Result {
    let (_, seen) = desk.link(&token, &origin.address).await?;
    if seen.end.is_some() {
        return Ok(secret(visit.page(&ended(&desk, &token, &seen).await?)?));
    }
    Ok(secret(visit.page(&page(&visit, &desk, &token, &seen, None).await?)?))
}

async fn page(
    visit: &Visit,
    desk: &Desk,
    token: &str,
    seen: &LinkSeen,
    since: Option<Hash>,
) -> Result<LinkPage, ApprovalError> {
    let look = desk.approvals().look(seen.case, &desk.viewer(seen.person), visit.lang(), since).await?;
    let phrases = desk.approvals().phrases(seen.person, visit.lang()).await?;
    let base = LinkPath { token: token.to_owned() }.to_string();
    let mut it = Shown::of(&look, &base, Some(seen.task), phrases);
    // Whoever holds the link sees what the decision needs, and nothing about other people.
    it.log.clear();
    let (person, login) = (desk.directory().name(seen.person), CasePath { case: seen.case }.to_string());
    Ok(LinkPage { it, person, form: FormState::empty(), open: String::new(), login })
}

async fn ended(desk: &Desk, token: &str, seen: &LinkSeen) -> Result<EndedPage, ApprovalError> {
    let end = seen.end.unwrap_or(crate::approval::LinkEnd::Settled);
    Ok(EndedPage {
        base: LinkPath { token: token.to_owned() }.to_string(),
        title: desk.approvals().title(seen.case).await?,
        because: end.message(),
        good: end == crate::approval::LinkEnd::Used,
        undo: seen.undo.is_some(),
        again: seen.asked,
        login: CasePath { case: seen.case }.to_string(),
        seconds: desk.approvals().undo_seconds(),
    })
}

async fn act(
    visit: Visit,
    LinkActPath { token, act: word }: LinkActPath,
    State(desk): State<Desk>,
    Origin(origin): Origin,
    form: Form<ActForm>,
) -> web::Result {
    let (secret_token, seen) = desk.link(&token, &origin.address).await?;
    let back = LinkPath { token: token.clone() };
    if word == "again" {
        desk.approvals().link_again(&secret_token).await?;
        return Ok(secret(visit.go_with(back, &Note::done(visit.text(&msg!("approval.link.sent"))))));
    }
    let Some(act) = command(&word, &form.value, &seen) else { return Err(web::Error::not_found()) };
    if seen.end.is_some() && word != "undo" {
        return Ok(secret(visit.page_as(axum::http::StatusCode::CONFLICT, &ended(&desk, &token, &seen).await?)?));
    }
    let actor = Actor::person(seen.person, Channel::Link);
    match desk.approvals().act(Ask::of_case(seen.case, actor, act)).await {
        Ok(_) if word == "undo" => {
            Ok(secret(visit.go_with(back, &Note::done(visit.text(&msg!("approval.done.undo"))))))
        }
        Ok(_) => Ok(secret(visit.go_with(back, &Note::done(visit.text(&done_text(&word)))))),
        Err(ApprovalError::Refused(Refusal::LoginNeeded { .. })) => Ok(visit.go(CasePath { case: seen.case })),
        Err(error) => {
            let since = shown_before(&error);
            let error = web::Error::from(error);
            let (status, state) = (error.status(), form.typed.refused(error)?);
            let page = page(&visit, &desk, &token, &seen, since).await?;
            Ok(secret(visit.page_as(status, &LinkPage { form: state, open: word, ..page })?))
        }
    }
}

/// The command of a link is about its own task, whatever the form says.
fn command(word: &str, form: &ActForm, seen: &LinkSeen) -> Option<Act> {
    match word {
        "undo" => seen.undo.map(|decision| Act::UndoDecision { decision }),
        word if through_link(word) => act_of(word, &ActForm { task: seen.task.to_string(), ..form.clone() }),
        _ => None,
    }
}

async fn file(
    visit: Visit,
    LinkFilePath { token, hash }: LinkFilePath,
    State(desk): State<Desk>,
    Origin(origin): Origin,
) -> web::Result {
    let (_, seen) = desk.link(&token, &origin.address).await?;
    if let Some(end) = seen.end {
        return Err(ApprovalError::LinkEnded(end).into());
    }
    let look = desk.look(seen.case, seen.person, visit.lang()).await?;
    Ok(secret(answer_file(&desk, &look, hash).await?))
}

/// The address is a secret: it goes nowhere from here, and no search engine keeps it.
fn secret(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn an_ended_link_renders() {
        for (undo, again, good) in [(true, false, true), (false, true, false), (false, false, false)] {
            let (base, login) = ("/a/token".to_owned(), "/approvals/1".to_owned());
            let (title, because) = ("Service contract".to_owned(), crate::approval::LinkEnd::Expired.message());
            renders(EndedPage { base, title, because, good, undo, again, login, seconds: 10 }).await;
        }
    }
}
