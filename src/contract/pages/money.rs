//! Milestones and payments: the plan in the text, and once the contract is signed, the one that is watched.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::MoneyPath;
use super::choices::Choice;
use super::frame::{Frame, Part};
use crate::contract::{CONTRACT, Contracts};
use crate::kernel::Date;
use crate::org::Action;
use crate::settlement::Method;
use crate::settlement::pages::PlanView;
use crate::web::{self, Address as _, LoggedIn, Page};

#[derive(Clone, Serialize)]
struct MoneyPage {
    frame: Frame,
    /// The plan that is watched, once it has started.
    plan: Option<PlanView>,
    /// Whether the reader may open it among all plans.
    may_open: bool,
    /// Whether the reader may record payments for it.
    may_record: bool,
    today: Date,
    methods: Vec<Choice>,
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
    let may = |action| {
        plan.as_ref().is_some_and(|overview| {
            let scope = settlements.scope(visit.user(), action);
            scope.is_ok_and(|scope| scope.covers(Some(overview.plan.owner), overview.plan.department))
        })
    };
    visit.page(&MoneyPage {
        may_open: may(Action::Read),
        may_record: may(Action::Edit),
        today: contracts.today(),
        methods: Method::ALL.map(|one| Choice::new(one.name(), visit.text(&one.label()))).to_vec(),
        frame: Frame::of(&contracts, &visit, &contract, Part::Money),
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
        let page = MoneyPage {
            frame: Frame::sample(),
            plan: None,
            may_open: false,
            may_record: false,
            today: "2026-03-02".parse().unwrap(),
            methods: vec![Choice::new("cash", "Cash")],
            table: "<table></table>".into(),
        };
        renders(MoneyPage { table: String::new(), ..page.clone() }).await;
        renders(page).await;
    }
}
