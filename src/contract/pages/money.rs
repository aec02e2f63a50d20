//! Milestones and payments: the plan in the text, and once the contract is signed, the one that is watched.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::MoneyPath;
use super::frame::{Frame, Part};
use crate::contract::{CONTRACT, Contracts};
use crate::settlement::pages::PlanView;
use crate::web::{self, Address as _, LoggedIn, Page};

#[derive(Clone, Serialize)]
struct MoneyPage {
    frame: Frame,
    /// The plan that is watched, once it has started.
    plan: Option<PlanView>,
    /// The plan as the text has it, safe HTML; empty where it has none.
    table: String,
}

impl Page for MoneyPage {
    const TEMPLATE: &'static str = "contract/money.html";
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(MoneyPath::PATTERN, get(show))
}

async fn show(visit: LoggedIn, MoneyPath { id }: MoneyPath, State(contracts): State<Contracts>) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    let template = contracts.template_of(&contract).await?;
    let document = contract.content.clone().snapshot(&template)?.document;
    let settlements = &contracts.0.settlements;
    let plan = settlements.of(&CONTRACT.reference(id.get())).await?;
    visit.page(&MoneyPage {
        frame: Frame::of(&contracts, &visit, &contract, Part::Money)?,
        plan: plan.map(|overview| PlanView::of(settlements, &overview, &visit)),
        table: document.plan_html(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_money_of_a_draft_renders() {
        let page = MoneyPage { frame: Frame::sample(), plan: None, table: "<table></table>".into() };
        renders(MoneyPage { table: String::new(), ..page.clone() }).await;
        renders(page).await;
    }
}
