//! 迁移: running cases of a workflow that run on another version than the current one, what a move would do to each, and the move.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{AdministerWorkflows, MigrationPath};
use crate::approval::Desk;
use crate::approval::pages::case::actor;
use crate::approval::pages::handover::MovedShown;
use crate::i18n::msg;
use crate::kernel::{CaseId, Hash};
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, FormState, Page};

/// What a dry run gives as its reason; nothing of it is stored.
const TRIAL: &str = "-";

#[derive(Clone, Serialize)]
struct MigrationPage {
    name: String,
    title: String,
    version: String,
    path: String,
    form: FormState,
    cases: Vec<MovedShown>,
    /// Whether the cases have moved, or would.
    done: bool,
}

impl Page for MigrationPage {
    const TEMPLATE: &'static str = "approval/migration.html";
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MigrationForm {
    case: Vec<i64>,
    /// The version that the page showed as the current one.
    version: String,
    reason: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(MigrationPath::PATTERN, get(trial).post(migrate))
}

/// The current version of a workflow, with its title.
async fn current(desk: &Desk, name: &str) -> Result<(Hash, String), web::Error> {
    let current = desk.approvals().current_workflows().await?.into_iter().find(|one| one.name == name);
    current.map(|one| (one.version, one.title)).ok_or_else(web::Error::not_found)
}

async fn trial(
    user: Permission<AdministerWorkflows>,
    MigrationPath { name }: MigrationPath,
    State(desk): State<Desk>,
) -> web::Result {
    user.page(&page(&user, &desk, name, FormState::empty()).await?)
}

async fn page(
    user: &Permission<AdministerWorkflows>,
    desk: &Desk,
    name: String,
    form: FormState,
) -> Result<MigrationPage, web::Error> {
    let (version, title) = current(desk, &name).await?;
    let cases = desk.approvals().cases_on_other_versions(&name, version).await?;
    let trial = desk.approvals().migrate(actor(user), (&cases, version), TRIAL, true).await?;
    let cases = trial.into_iter().map(|one| MovedShown::of(one, desk)).collect();
    let path = MigrationPath { name: name.clone() }.to_string();
    Ok(MigrationPage { name, title, version: version.to_string(), path, form, cases, done: false })
}

async fn migrate(
    user: Permission<AdministerWorkflows>,
    MigrationPath { name }: MigrationPath,
    State(desk): State<Desk>,
    form: Form<MigrationForm>,
) -> web::Result {
    let (version, title) = current(&desk, &name).await?;
    let MigrationForm { case, version: shown, reason } = &form.value;
    let refused = if *shown != version.to_string() {
        Some(msg!("approval.moved"))
    } else if case.is_empty() {
        Some(msg!("approval.cases_missing"))
    } else if reason.trim().is_empty() {
        Some(msg!("approval.opinion_missing"))
    } else {
        None
    };
    if let Some(message) = refused {
        let mut state = FormState::empty();
        state.put("reason", reason);
        state.problem(message);
        return user.page_again(&page(&user, &desk, name, state).await?);
    }
    let cases: Vec<CaseId> = case.iter().map(|case| CaseId::new(*case)).collect();
    let moved = desk.approvals().migrate(actor(&user), (&cases, version), reason, false).await?;
    let cases = moved.into_iter().map(|one| MovedShown::of(one, &desk)).collect();
    let path = MigrationPath { name: name.clone() }.to_string();
    let form = FormState::empty();
    user.page(&MigrationPage { name, title, version: version.to_string(), path, form, cases, done: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn moving_cases_renders_before_and_after() {
        let page = MigrationPage {
            name: "sales-contract".into(),
            title: "Sales contracts".into(),
            version: "0a1b".into(),
            path: "/admin/workflows/sales-contract/cases".into(),
            form: FormState::empty(),
            cases: Vec::new(),
            done: false,
        };
        renders(page.clone()).await;
        let cases = vec![MovedShown::example()];
        renders(MigrationPage { cases: cases.clone(), ..page.clone() }).await;
        renders(MigrationPage { cases, done: true, ..page }).await;
    }
}
