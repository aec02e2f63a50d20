//! The payment plan: dates appear with what happens, a payment is recorded, taken back, and recorded again.

use reqwest::Method;
use serde_json::{Value, json};

use super::fulfilment::TODAY;
use super::office::Office;

/// What hangs on the signature is dated by it; what hangs on the acceptance still waits. The path of the plan.
pub(super) async fn milestones_get_dates(office: &Office<'_>, contract: &str) -> String {
    let sales = office.at("zhangwei");
    let shown = sales.until(&format!("{contract}/fulfilment"), |shown| shown["plan"].is_i64()).await;
    let path = format!("/plans/{}", shown["plan"]);
    let plan = sales.get(&path).await;
    let milestones = plan["milestones"].as_array().unwrap().iter();
    let lines: Vec<_> = milestones.map(|one| json!([one["title"], one["due_on"], one["gross"]["amount"]])).collect();
    let expected = [
        json!(["首付款", "2026-03-16", "28800.0000"]),
        json!(["验收款", null, "57600.0000"]),
        json!(["尾款", "2027-03-08", "9600.0000"]),
    ];
    assert_eq!(lines, expected);
    assert_eq!(plan["awaited"], json!(["accepted"]));
    path
}

/// Finance records the first instalment wrongly, takes it back with the reason, and records it again.
pub(super) async fn pay_in_advance(office: &Office<'_>, plan: &str) {
    let finance = office.at("wujie");
    let owed = finance.get("/milestones?direction=receivable").await;
    assert_eq!(owed["milestones"][0]["due_on"], "2026-03-16", "the earliest stands first");
    let wrong = pay(office, plan, "2880").await;
    let payment = format!("/payments/{}/reversal", wrong["payments"][0]["id"]);
    finance.post(&payment, json!({"reason": "少记一位"})).await;
    let again = finance.refused(Method::POST, &payment, json!({"reason": "少记一位"})).await;
    assert_eq!(again, (409, "payment_already_reversed".to_owned()));
    let paid = pay(office, plan, "28800").await;
    assert_eq!(
        (&paid["milestones"][0]["standing"], &paid["balance"]["paid"]["amount"]),
        (&json!("paid"), &json!("28800.0000"))
    );
    let payments = paid["payments"].as_array().unwrap();
    let reversed = payments.iter().find(|one| one["reversal_reason"] == "少记一位").unwrap();
    assert_eq!((&reversed["recorded_by_name"], payments.len()), (&json!("吴洁"), 2));
}

/// The customer accepts, which dates the next instalment; it is more than was first agreed.
pub(super) async fn accept_and_pay(office: &Office<'_>, contract: &str, plan: &str) {
    let sales = office.at("zhangwei");
    let paper = sales.file(&format!("{contract}/papers?purpose=accepted&name=accepted.pdf")).await["id"].clone();
    let event = json!({"event": "accepted", "on": TODAY, "paper": paper});
    let shown = sales.post(&format!("{contract}/events"), event).await;
    assert!(shown["events"].as_array().unwrap().iter().any(|one| one["event"] == "accepted" && one["paper"] == paper));
    let dated = sales.until(plan, |shown| shown["awaited"] == json!([])).await;
    assert_eq!(dated["milestones"][1]["gross"]["amount"], "79200.0000");
    assert_eq!(pay(office, plan, "79200").await["milestones"][1]["standing"], "paid");
}

async fn pay(office: &Office<'_>, plan: &str, amount: &str) -> Value {
    let finance = office.at("wujie");
    let version = finance.get(plan).await["version"].as_i64().unwrap();
    let payment = |version: i64| {
        json!({"amount": {"amount": amount, "currency": "CNY"}, "paid_on": TODAY, "method": "bank_transfer",
            "note": "网银回单 0302", "version": version})
    };
    let path = format!("{plan}/payments");
    let stale = finance.refused(Method::POST, &path, payment(version - 1)).await;
    assert_eq!(stale, (409, "version_conflict".to_owned()));
    finance.post(&path, payment(version)).await
}
