//! The main job as programs live it, on both databases.

mod change;
mod decision;
mod desk;
mod drafting;
mod fulfilment;
mod money;
mod office;
mod warning;

use office::Office;

use crate::support::on_both_apps;

#[tokio::test]
async fn the_main_job_through_the_interface() {
    on_both_apps(async |app| {
        let Some(office) = Office::open(app).await else { return };
        let opportunity = drafting::meet_the_customer(&office).await;
        let contract = drafting::draft(&office, &opportunity).await;
        decision::decide(&office, &contract).await;
        fulfilment::ask_again(&office, &contract).await;
        fulfilment::seal(&office, &contract, "HT-QY-2026-0001").await;
        fulfilment::sign(&office, &contract).await;
        warning::is_planned(&office, "2027-03-08").await;
        let plan = money::milestones_get_dates(&office, &contract).await;
        money::pay_in_advance(&office, &plan).await;
        fulfilment::original_comes_back(&office, "HT-QY-2026-0001").await;
        fulfilment::archive(&office, "HT-QY-2026-0001", "DA-2026-0001").await;
        change::more_for_longer(&office, &contract).await;
        warning::is_planned(&office, "2027-09-08").await;
        money::accept_and_pay(&office, &contract, &plan).await;
        warning::before_the_end(&office).await;
        warning::everything_is_told(&office, &contract).await;
    })
    .await;
}
