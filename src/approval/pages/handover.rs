//! 离职交接: everything that somebody who leaves holds in running cases goes to somebody else, in one action.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::case::actor;
use super::{AdministerApprovals, CasePath, Choice, HandoverPath};
use crate::approval::{Desk, Moved};
use crate::i18n::{Explain as _, Message, msg};
use crate::kernel::UserId;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, FormState, Page};

#[derive(Clone, Serialize)]
struct HandoverPage {
    form: FormState,
    people: Vec<Choice>,
    heirs: Vec<Choice>,
    /// What became of each case, once it was done.
    done: Option<Vec<MovedShown>>,
}

impl Page for HandoverPage {
    const TEMPLATE: &'static str = "approval/handover.html";
}

/// A case that was moved, or why it was not.
#[derive(Clone, Serialize)]
pub(super) struct MovedShown {
    case: i64,
    path: String,
    /// With the number of the case: many are called the same.
    title: Message,
    /// Who is asked now that was not asked before.
    asked: Option<Message>,
    problem: Option<Message>,
}

impl MovedShown {
    pub(super) fn of(moved: Moved, desk: &Desk) -> Self {
        let directory = desk.directory();
        let (asked, problem) = match moved.outcome {
            Err(error) => (None, Some(error.message())),
            Ok(asked) => (Some(asked.said(&directory)), None),
        };
        let path = CasePath { case: moved.case }.to_string();
        let title = msg!("approval.case_titled", case = moved.case.get().to_string(), title = moved.title);
        Self { case: moved.case.get(), path, title, asked, problem }
    }

    #[cfg(test)]
    pub(super) fn example() -> Self {
        let (path, title) = ("/approvals/1".to_owned(), msg!("approval.no_case"));
        Self { case: 1, path, title, asked: Some(msg!("approval.nobody_new")), problem: None }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HandoverForm {
    from: String,
    to: String,
    reason: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(HandoverPath::PATTERN, get(blank).post(hand_over))
}

async fn blank(user: Permission<AdministerApprovals>, State(desk): State<Desk>) -> web::Result {
    user.page(&page(&desk, FormState::empty(), None))
}

async fn hand_over(
    user: Permission<AdministerApprovals>,
    State(desk): State<Desk>,
    form: Form<HandoverForm>,
) -> web::Result {
    let person = |text: &str| text.parse().ok().map(UserId::new);
    let refused = match (person(&form.value.from), person(&form.value.to)) {
        (None, _) => Some(web::Error::field("from", "person_missing", msg!("approval.person_missing"))),
        (_, None) => Some(web::Error::field("to", "person_missing", msg!("approval.person_missing"))),
        (Some(from), Some(to)) if from == to => {
            Some(web::Error::field("to", "person_unavailable", msg!("approval.somebody_else")))
        }
        _ if form.value.reason.trim().is_empty() => {
            Some(web::Error::field("reason", "opinion_missing", msg!("approval.opinion_missing")))
        }
        _ => None,
    };
    if let Some(error) = refused {
        let (status, state) = (error.status(), form.typed.refused(error)?);
        return user.page_as(status, &page(&desk, state, None));
    }
    let (Some(from), Some(to)) = (person(&form.value.from), person(&form.value.to)) else {
        return Err(web::Error::bad_form("from"));
    };
    let moved = desk.approvals().take_over(actor(&user), (from, to), &form.value.reason).await?;
    let done = moved.into_iter().map(|one| MovedShown::of(one, &desk)).collect();
    user.page(&page(&desk, FormState::empty(), Some(done)))
}

fn page(desk: &Desk, form: FormState, done: Option<Vec<MovedShown>>) -> HandoverPage {
    let directory = desk.directory();
    let people = directory.by_name();
    let choice = |one: &&crate::workflow::Person| Choice::new(one.id, one.label());
    let heirs = people.iter().filter(|one| one.active).map(choice).collect();
    HandoverPage { form, people: people.iter().map(choice).collect(), heirs, done }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn handing_over_renders_before_and_after() {
        let (people, heirs) = (vec![Choice::new(1, "Zhang (zhang)")], vec![Choice::new(2, "Li (li)")]);
        let blank = HandoverPage { form: FormState::empty(), people, heirs, done: None };
        renders(blank.clone()).await;
        let asked = MovedShown::example();
        let refused = MovedShown { asked: None, problem: Some(msg!("approval.no_case")), ..asked.clone() };
        renders(HandoverPage { done: Some(vec![asked, refused]), ..blank.clone() }).await;
        renders(HandoverPage { done: Some(Vec::new()), ..blank }).await;
    }
}
