//! What a day brings: contracts take effect, expire and are completed.

use qiyue::contract::fulfilment::KeptUp;
use qiyue::contract::{CONTRACT, State};
use qiyue::kernel::{ContractId, Currency, Money};
use qiyue::org::Action;
use qiyue::settlement::{Method, NewPayment};

use super::{Company, code};
use crate::support::on_both;

/// Finance records that everything was paid.
pub(super) async fn pay(company: &Company, id: ContractId, amount: &str) {
    let settlements = company.fulfilment().settlements();
    let plan = settlements.of(&CONTRACT.reference(id.get())).await.unwrap().unwrap().plan;
    let scope = settlements.scope(company.id("finance"), Action::Edit).unwrap();
    let new = NewPayment {
        amount: Money::parse(amount, Currency::CNY).unwrap(),
        paid_on: company.contracts().today(),
        method: Method::BankTransfer,
        milestone: None,
        note: String::new(),
        version: plan.version,
    };
    settlements.pay(&scope, plan.id, new, company.by("finance")).await.unwrap();
}

async fn everything_else_done(company: &Company) {
    for original in company.originals().await {
        let back = (company.contracts().today(), 2);
        company.fulfilment().original_back(company.by("drafter"), original.id, back).await.unwrap();
    }
    for task in company.archive_tasks().await {
        let archivist = company.by("archivist");
        company.fulfilment().claim_archive_task(archivist, task.id, true).await.unwrap();
        for item in &task.items {
            company.fulfilment().check_archive_item(archivist, (task.id, None), item.position, true).await.unwrap();
        }
        let archived = serde_json::json!({ "copies": 2, "version": task.version + 1 });
        let archived = serde_json::from_value(archived).unwrap();
        company.fulfilment().archive(archivist, task.id, archived).await.unwrap();
    }
}

#[tokio::test]
async fn a_contract_takes_effect_on_its_day_and_expires_after_its_last() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.waiting().await;
        company.sign(&CONTRACT.reference(id.get()), Some("2026-04-01")).await.unwrap();
        assert_eq!(company.contract(id).await.state, State::Signed);
        assert_eq!(company.fulfilment().keep_up().await.unwrap(), KeptUp::default());
        company.set("2026-04-01");
        assert_eq!(company.fulfilment().keep_up().await.unwrap().in_force, 1);
        assert_eq!(company.contract(id).await.state, State::InForce);
        company.set("2027-02-28");
        assert_eq!(company.fulfilment().keep_up().await.unwrap().expired, 0, "its last day is still its own");
        company.set("2027-03-01");
        assert_eq!(company.fulfilment().keep_up().await.unwrap().expired, 1);
        assert_eq!(company.contract(id).await.state, State::Expired);
        assert_eq!(company.fulfilment().keep_up().await.unwrap(), KeptUp::default());
    })
    .await;
}

#[tokio::test]
async fn a_contract_is_completed_when_its_time_is_over_and_nothing_is_open() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let version = company.contract(id).await.version;
        let refused = company.fulfilment().complete(company.by("drafter"), id, version).await;
        assert_eq!(code(refused), "contract_still_open");
        everything_else_done(&company).await;
        company.set("2027-03-01");
        assert_eq!(company.fulfilment().keep_up().await.unwrap(), KeptUp { expired: 1, ..KeptUp::default() });
        pay(&company, id, "60000").await;
        assert_eq!(company.fulfilment().keep_up().await.unwrap().completed, 1);
        assert_eq!(company.contract(id).await.state, State::Completed);
        assert!(company.due().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn its_owner_can_complete_it_before_its_time_once_nothing_is_open() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        everything_else_done(&company).await;
        pay(&company, id, "60000").await;
        assert_eq!(company.fulfilment().keep_up().await.unwrap().completed, 0, "it runs until its last day");
        let version = company.contract(id).await.version;
        company.fulfilment().complete(company.by("drafter"), id, version).await.unwrap();
        assert_eq!(company.contract(id).await.state, State::Completed);
    })
    .await;
}
