//! Taking back and giving up.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::Deserialize;

use super::actor;
use super::{AbandonPath, ContractPath, EditPath, WithdrawPath};
use crate::contract::Contracts;
use crate::i18n::msg;
use crate::web::{self, Address as _, Form, LoggedIn, Note};

#[derive(Deserialize)]
struct Withdrawal {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct Abandonment {
    #[serde(default)]
    reason: String,
    version: i64,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(WithdrawPath::PATTERN, post(withdraw)).route(AbandonPath::PATTERN, post(abandon))
}

async fn withdraw(
    visit: LoggedIn,
    WithdrawPath { id }: WithdrawPath,
    State(contracts): State<Contracts>,
    form: Form<Withdrawal>,
) -> web::Result {
    contracts.withdraw(actor(&visit), id, &form.value.reason).await?;
    Ok(visit.go_with(EditPath { id }, &Note::done(visit.text(&msg!("contract.withdrawn")))))
}

async fn abandon(
    visit: LoggedIn,
    AbandonPath { id }: AbandonPath,
    State(contracts): State<Contracts>,
    form: Form<Abandonment>,
) -> web::Result {
    let Abandonment { reason, version } = &form.value;
    contracts.abandon(actor(&visit), id, *version, reason).await?;
    Ok(visit.go_with(ContractPath { id }, &Note::done(visit.text(&msg!("contract.abandoned")))))
}
