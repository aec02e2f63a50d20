//! Cases and effects that cannot go on, for administrators: which line of which file, why, and to try again.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::Serialize;

use super::case::retry;
use super::{CasePath, RetryCasePath, RetryEffectPath, StuckPath};
use crate::approval::{APPROVAL, Desk};
use crate::i18n::{Message, msg};
use crate::kernel::Timestamp;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, Note, Page};
use crate::workflow::explain::stuck_said;

crate::permits! {
    /// Mending what is stuck.
    pub(in crate::approval) AdministerApprovals = APPROVAL, Administer;
}

#[derive(Clone, Serialize)]
struct StuckPage {
    cases: Vec<StuckShown>,
    effects: Vec<EffectShown>,
}

impl Page for StuckPage {
    const TEMPLATE: &'static str = "approval/stuck.html";
}

#[derive(Clone, Serialize)]
struct StuckShown {
    title: String,
    path: String,
    place: String,
    line: String,
    reason: Message,
    since: Timestamp,
    retry: String,
}

#[derive(Clone, Serialize)]
struct EffectShown {
    name: String,
    path: String,
    case: i64,
    reason: String,
    attempts: u32,
    retry: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(StuckPath::PATTERN, get(list))
        .route(RetryCasePath::PATTERN, post(retry_case))
        .route(RetryEffectPath::PATTERN, post(retry_effect))
}

async fn list(user: Permission<AdministerApprovals>, State(desk): State<Desk>) -> web::Result {
    let mut cases = Vec::new();
    for stuck in desk.approvals().stuck_cases().await? {
        for mark in &stuck.marks {
            cases.push(StuckShown {
                title: stuck.title.clone(),
                path: CasePath { case: stuck.case }.to_string(),
                line: stuck.line(&mark.place),
                place: mark.place.clone(),
                reason: stuck_said(&mark.because),
                since: mark.at,
                retry: RetryCasePath { case: stuck.case }.to_string(),
            });
        }
    }
    let effects = desk.approvals().stuck_effects().await?.into_iter().map(|effect| EffectShown {
        path: CasePath { case: effect.case }.to_string(),
        case: effect.case.get(),
        reason: effect.error.map(|error| user.text(&error)).unwrap_or_default(),
        attempts: effect.attempts,
        retry: RetryEffectPath { effect: effect.id }.to_string(),
        name: effect.name,
    });
    let effects = effects.collect();
    user.page(&StuckPage { cases, effects })
}

async fn retry_case(
    user: Permission<AdministerApprovals>,
    RetryCasePath { case }: RetryCasePath,
    State(desk): State<Desk>,
    _form: Form<()>,
) -> web::Result {
    desk.approvals().act(retry(case, &user)).await?;
    let still = !desk.approvals().state(case).await?.stuck.is_empty();
    let note = if still {
        Note::failed(user.text(&msg!("approval.still_stuck")))
    } else {
        Note::done(user.text(&msg!("approval.goes_on")))
    };
    Ok(user.go_with(StuckPath {}, &note))
}

async fn retry_effect(
    user: Permission<AdministerApprovals>,
    RetryEffectPath { effect }: RetryEffectPath,
    State(desk): State<Desk>,
    _form: Form<()>,
) -> web::Result {
    desk.approvals().retry_effect(effect).await?;
    Ok(user.go_with(StuckPath {}, &Note::done(user.text(&msg!("approval.tried_again")))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;
    use crate::workflow::StuckReason;

    #[tokio::test]
    async fn what_is_stuck_renders() {
        renders(StuckPage { cases: Vec::new(), effects: Vec::new() }).await;
        let (path, retry) = ("/approvals/1".to_owned(), "/admin/stuck/cases/1/retry".to_owned());
        let case = StuckShown {
            title: "Service contract".into(),
            path: path.clone(),
            place: "sales.rhai:16".into(),
            line: "approve(\"manager\", #{".into(),
            reason: stuck_said(&StuckReason::NoWay),
            since: Timestamp::from_micros(0),
            retry: retry.clone(),
        };
        let (name, reason) = ("request_seal".to_owned(), "nobody keeps it".to_owned());
        let effect = EffectShown { name, path, case: 1, reason, attempts: 5, retry };
        renders(StuckPage { cases: vec![case], effects: vec![effect] }).await;
    }
}
