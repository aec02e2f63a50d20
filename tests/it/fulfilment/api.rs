//! The same way through the JSON interface.

use qiyue::contract::fulfilment::ChangeId;
use reqwest::StatusCode;
use serde_json::json;

use super::Company;
use super::site::Site;
use crate::support::on_both;

#[tokio::test]
async fn a_program_carries_a_contract_from_the_seal_to_its_last_payment() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.approved().await;
        let site = Site::of(&company).await;
        let keeper = site.program(&company, "keeper").await;
        let (_, waiting) = keeper.get("/seal-requests?mine=true").await;
        let code = waiting["seal_requests"][0]["verification_code"].as_str().unwrap().to_owned();
        let wrong = json!({ "code": "AAAA", "on": "2026-03-02", "copies": 4 });
        let (status, problem) = keeper.post("/seal-requests/1/seal", wrong).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("verification_code_wrong")));
        assert_eq!(problem["fields"][0]["field"], "code");
        let right = json!({ "code": code, "on": "2026-03-02", "copies": 4 });
        let (status, sealed) = keeper.post("/seal-requests/1/seal", right).await;
        assert_eq!((status, &sealed["ledger_number"]), (StatusCode::OK, &json!("YZ-2026-0001")));

        let drafter = site.program(&company, "drafter").await;
        let (status, scan) = drafter.file("/contracts/1/papers?purpose=signed&name=scan.pdf").await;
        assert_eq!(status, StatusCode::CREATED, "{scan}");
        let (_, shown) = drafter.get("/contracts/1/fulfilment").await;
        let party = |role: &str, name: &str| {
            json!({ "party": role, "signatory": name, "capacity": "representative", "signed_on": "2026-03-02" })
        };
        let signing = json!({
            "parties": [party("provider", "周明远"), party("client", "陈国栋")],
            "scan": scan["id"], "copies": 4, "version": shown["version"],
        });
        let (status, signed) = drafter.post("/contracts/1/signing", signing.clone()).await;
        assert_eq!((status, &signed["state"]), (StatusCode::OK, &json!("in_force")), "{signed}");
        let (status, again) = drafter.post("/contracts/1/signing", signing).await;
        assert_eq!((status, &again["code"]), (StatusCode::CONFLICT, &json!("move_not_possible")));
        company.effects().await;

        let finance = site.program(&company, "finance").await;
        let (_, plan) = finance.get(&format!("/plans/{}", signed["plan"])).await;
        assert_eq!(plan["milestones"][0]["due_on"], "2026-03-16");
        let payment = json!({
            "amount": { "amount": "18000.00", "currency": "CNY" }, "paid_on": "2026-03-02", "method": "bank_transfer",
            "version": plan["version"],
        });
        let (status, paid) = finance.post("/plans/1/payments", payment.clone()).await;
        assert_eq!((status, &paid["milestones"][0]["standing"]), (StatusCode::CREATED, &json!("paid")), "{paid}");
        let (status, stale) = finance.post("/plans/1/payments", payment).await;
        assert_eq!((status, &stale["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
        assert_eq!(drafter.post("/payments/1/reversal", json!({ "reason": "x" })).await.0, StatusCode::FORBIDDEN);
        assert_eq!(finance.post("/payments/1/reversal", json!({ "reason": "误记" })).await.0, StatusCode::NO_CONTENT);
        let (_, listed) = finance.get("/milestones?direction=receivable").await;
        assert_eq!(listed["milestones"].as_array().unwrap().len(), 3);

        let archivist = site.program(&company, "archivist").await;
        assert_eq!(archivist.post("/archive-tasks/1/claim", json!({})).await.0, StatusCode::OK);
        let (_, task) = archivist.get("/archive-tasks/1").await;
        for position in 1..=3 {
            let tick = json!({ "checked": true, "version": task["version"] });
            let ticked = archivist.put(&format!("/archive-tasks/1/items/{position}"), tick).await;
            assert_eq!(ticked.0, StatusCode::OK);
        }
        let put = json!({ "box": "A-3", "shelf": "2", "copies": 2, "version": task["version"] });
        let (status, archived) = archivist.post("/archive-tasks/1/archive", put).await;
        assert_eq!((status, &archived["archive_number"]), (StatusCode::OK, &json!("DA-2026-0001")), "{archived}");
        let back = archivist.post("/originals/1/back", json!({ "on": "2026-03-02", "copies": 2 })).await;
        assert_eq!(back.0, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn a_program_changes_a_signed_contract() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.signed().await;
        let site = Site::of(&company).await;
        let drafter = site.program(&company, "drafter").await;
        let (status, change) = drafter.post("/contracts/1/changes", json!({ "kind": "supplement" })).await;
        assert_eq!(status, StatusCode::CREATED, "{change}");
        let edit = json!({ "reason": "延长一年", "expires_on": "2028-02-29", "version": 1 });
        let (status, saved) = drafter.put("/contract-changes/1", edit.clone()).await;
        assert_eq!((status, &saved["content"]["expires_on"]), (StatusCode::OK, &json!("2028-02-29")), "{saved}");
        let (status, stale) = drafter.put("/contract-changes/1", edit).await;
        assert_eq!((status, &stale["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
        let letter = format!("/contract-changes/1/evidence?name=letter.pdf&version={}", saved["version"]);
        assert_eq!(drafter.file(&letter).await.0, StatusCode::OK);
        let subject = qiyue::contract::fulfilment::CONTRACT_CHANGE.reference(ChangeId::new(1).get());
        company.approve(&subject).await;
        company.seal_all().await;
        let scan = drafter.file("/contract-changes/1/papers?purpose=signed&name=scan.pdf").await.1;
        let (_, shown) = drafter.get("/contract-changes/1").await;
        assert_eq!(shown["number"], "HT-KS-2026-0001-补1");
        let party = |role: &str| {
            json!({ "party": role, "signatory": "周明远", "capacity": "representative", "signed_on": "2026-03-02" })
        };
        let signing = json!({
            "parties": [party("provider"), party("client")], "scan": scan["id"], "copies": 4, "version": shown["version"],
        });
        let (status, signed) = drafter.post("/contract-changes/1/signing", signing).await;
        assert_eq!((status, &signed["state"]), (StatusCode::OK, &json!("in_force")), "{signed}");
        let (_, terms) = drafter.get("/contracts/1/terms?on=2026-03-02").await;
        assert_eq!((&terms["terms"]["expires_on"], &terms["changes"]), (&json!("2028-02-29"), &json!([1])));
        let (_, before) = drafter.get("/contracts/1/terms?on=2026-03-01").await;
        assert_eq!(before["terms"]["expires_on"], "2027-02-28");
        let outsider = site.program(&company, "outsider").await;
        assert_eq!(outsider.get("/contract-changes/1").await.0, StatusCode::NOT_FOUND);
    })
    .await;
}
