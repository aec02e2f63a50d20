//! The customer wants more for longer: a supplement through its own workflow, sealed, signed, in force.

use reqwest::Method;
use serde_json::json;

use super::office::Office;
use super::{decision, fulfilment};

const NUMBER: &str = "HT-QY-2026-0001-补1";

/// 96,000 become 120,000 and the last day moves by half a year.
pub(super) async fn more_for_longer(office: &Office<'_>, contract: &str) {
    let change = write(office, contract).await;
    let sales = office.at("zhangwei");
    let shown = sales.get(&change).await;
    let case = format!("/approvals/{}", shown["approval_case"]);
    decision::approve(office, &case, &["limin", "limin", "liuyang", "wujie", "linyue"]).await;
    let numbered = sales.until(&change, |shown| shown["number"] == NUMBER).await;
    assert_eq!(numbered["title"], "《软件服务合同》补充协议");
    fulfilment::seal(office, &change, NUMBER).await;
    fulfilment::sign(office, &change).await;
    fulfilment::original_comes_back(office, NUMBER).await;
    fulfilment::archive(office, NUMBER, "DA-2026-0002").await;

    let changed = sales.get(contract).await;
    assert_eq!((&changed["amount"]["amount"], &changed["expires_on"]), (&json!("120000.0000"), &json!("2027-09-08")));
    assert_eq!(changed["archive_number"], "DA-2026-0001");
    let before = sales.get(&format!("{contract}/terms?on=2026-03-01")).await;
    assert_eq!(before["terms"]["gross"]["amount"], "96000.0000", "what applied the day before");
}

/// The path of the change, handed in.
async fn write(office: &Office<'_>, contract: &str) -> String {
    let sales = office.at("zhangwei");
    let begun = sales.post(&format!("{contract}/changes"), json!({"kind": "supplement"})).await;
    let path = format!("/contract-changes/{}", begun["id"]);
    let line = |name: &str, title: &str, amount: &str, due_on: &str| json!({"name": name, "title": title, "amount": amount, "due_on": due_on});
    let edit = json!({
        "reason": "客户增加 30 个用户，服务延长半年", "impact": "增加一次现场培训", "amount": "120000", "expires_on": "2027-09-08",
        "plan": [
            line("prepayment", "首付款", "28800", ""),
            line("acceptance", "验收款", "79200", ""),
            line("final", "尾款", "12000", "2027-09-08"),
        ],
        "text": "新增用户适用原合同的服务标准。", "version": begun["version"],
    });
    let written = sales.put(&path, edit).await;
    let complete = sales.file(&format!("{path}/evidence?name=letter.pdf&version={}", written["version"])).await;
    let (submit, version) = (format!("{path}/submit"), complete["version"].as_i64().unwrap());
    let stale = sales.refused(Method::POST, &submit, json!({"version": version - 1})).await;
    assert_eq!(stale, (409, "version_conflict".to_owned()));
    assert_eq!(sales.post(&submit, json!({"version": version})).await["state"], "in_approval");
    path
}
