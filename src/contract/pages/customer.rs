//! Picking the customer that a draft is for.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::actor;
use super::{CustomerPath, EditPath};
use crate::contract::{Contracts, Seen};
use crate::crm::CustomerChoice;
use crate::i18n::msg;
use crate::kernel::{ContractId, CustomerId};
use crate::web::{self, Address as _, Form, LoggedIn, Note, Page, Query};

#[derive(Clone, Serialize)]
struct PickPage {
    id: ContractId,
    title: String,
    words: String,
    customers: Vec<CustomerChoice>,
}

impl Page for PickPage {
    const TEMPLATE: &'static str = "contract/customer.html";
}

#[derive(Default, Deserialize)]
struct Words {
    #[serde(default)]
    words: String,
}

#[derive(Deserialize)]
struct Picked {
    customer: CustomerId,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(CustomerPath::PATTERN, get(list).post(pick))
}

async fn list(
    visit: LoggedIn,
    CustomerPath { id }: CustomerPath,
    State(contracts): State<Contracts>,
    Query(Words { words }): Query<Words>,
) -> web::Result {
    let contract = contracts.draft_of(actor(&visit), id).await?;
    let customers = contracts.customers(visit.user(), &words).await?;
    visit.page(&PickPage { id, title: contract.title, words, customers })
}

async fn pick(
    visit: LoggedIn,
    CustomerPath { id }: CustomerPath,
    State(contracts): State<Contracts>,
    form: Form<Picked>,
) -> web::Result {
    let contract = contracts.pick_customer(actor(&visit), (id, &Seen::Anything), form.value.customer).await?;
    let note = Note::done(visit.text(&msg!("contract.customer_picked", name = &contract.other_party)));
    Ok(visit.go_with(EditPath { id }, &note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_picker_renders() {
        let one = CustomerChoice {
            id: CustomerId::new(3),
            code: "1-01".into(),
            name: "Acme".into(),
            credit_code: Some("91110000600037341L".into()),
            black_listed: true,
        };
        let page =
            PickPage { id: ContractId::new(7), title: "Service".into(), words: "a".into(), customers: vec![one] };
        renders(PickPage { customers: Vec::new(), ..page.clone() }).await;
        renders(page).await;
    }
}
