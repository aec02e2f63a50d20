//! From the inbox to the approval: signed for, asked, suggested, undone, returned, handed in again, approved.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::drafting::{CUSTOMER, submit};
use super::office::Office;

/// Longer than a decision can be undone.
const HELD_BACK: Duration = Duration::from_secs(11);

/// The whole way of the contract through its case, with everything on it that people do to each other.
pub(super) async fn decide(office: &Office<'_>, contract: &str) {
    let case = office.at("zhangwei").get(contract).await["approval_case"].clone();
    let case = format!("/approvals/{case}");
    agree_and_take_it_back(office, &case).await;
    agree(office, "limin", &case).await;
    sign_for(office, &case).await;
    ask(office, &case).await;
    suggest(office, &case, contract).await;
    send_back(office, &case, contract).await;
    approve(office, &case, &["limin", "liuyang", "wujie", "linyue"]).await;
    hear_of_it(office, &case, contract).await;
}

/// Each agrees when it is their turn, until nobody is asked any more.
pub(super) async fn approve(office: &Office<'_>, case: &str, logins: &[&str]) {
    for login in logins {
        if waiting(office, login, case).await.is_some() {
            agree(office, login, case).await;
        }
    }
    let status = office.at("zhangwei").get(case).await["status"].clone();
    assert!(status == "approved" || status == "ended", "{status}");
}

/// The line of the inbox with the task of somebody in a case.
async fn waiting(office: &Office<'_>, login: &str, case: &str) -> Option<Value> {
    let inbox = office.at(login).get("/approvals").await;
    let number: i64 = case.rsplit('/').next().unwrap().parse().unwrap();
    inbox["rows"].as_array().unwrap().iter().find(|row| row["case"] == number && row["what"] == "task").cloned()
}

/// Agrees to what stands in the inbox; the number of the decision.
async fn agree(office: &Office<'_>, login: &str, case: &str) -> Value {
    let line = waiting(office, login, case).await.unwrap_or_else(|| panic!("nothing waits for {login}"));
    let verdict = json!({"task": line["number"], "content": line["content"]});
    let done = office.at(login).post(&format!("{case}/approve"), verdict).await;
    office.app.clock.advance(HELD_BACK);
    done["decision"].clone()
}

/// The manager reads it in the inbox and in the mail, agrees, and takes it back while it can be; later it cannot.
async fn agree_and_take_it_back(office: &Office<'_>, case: &str) {
    let mail = office.mail("limin", "【待审批】软件服务合同").await;
    assert!(mail.subject.contains("¥9.60万") && mail.subject.contains(CUSTOMER), "{}", mail.subject);
    let manager = office.at("limin");
    let line = waiting(office, "limin", case).await.unwrap();
    assert_eq!((&line["title"], &line["other_party"]), (&json!("软件服务合同"), &json!(CUSTOMER)));
    assert_eq!((&line["drafter_name"], &line["node"]), (&json!("张伟"), &json!("部门经理审批")));
    assert_eq!(line["amount"], json!({"amount": "96000.0000", "currency": "CNY"}));
    let verdict = json!({"task": line["number"], "content": line["content"]});
    let done = manager.post(&format!("{case}/approve"), verdict).await;
    let undo = json!({"decision": done["decision"]});
    let undone = manager.post(&format!("{case}/undo"), undo.clone()).await;
    assert_eq!(undone["status"], "in_approval");
    office.app.clock.advance(HELD_BACK);
    let late = manager.refused(Method::POST, &format!("{case}/undo"), undo).await;
    assert_eq!(late, (409, "too_late_to_undo".to_owned()));
}

/// One of two in legal takes the task of both; the other cannot decide it any more.
async fn sign_for(office: &Office<'_>, case: &str) {
    for login in ["liuyang", "hanxue"] {
        office.mail(login, "【待审批】软件服务合同").await;
    }
    let line = waiting(office, "liuyang", case).await.unwrap();
    office.at("liuyang").post(&format!("{case}/sign-for"), json!({"task": line["number"]})).await;
    let verdict = json!({"task": line["number"], "content": line["content"]});
    let refused = office.at("hanxue").refused(Method::POST, &format!("{case}/approve"), verdict).await;
    assert_eq!(refused, (409, "claimed_by_other".to_owned()));
}

/// Legal asks the drafter, who finds the question in the inbox and answers; nobody else was kept waiting for it.
async fn ask(office: &Office<'_>, case: &str) {
    let (legal, sales) = (office.at("liuyang"), office.at("zhangwei"));
    let task = waiting(office, "liuyang", case).await.unwrap()["number"].clone();
    let question = json!({"task": task, "whom": sales.id, "text": "责任上限是客户要求的吗？"});
    legal.post(&format!("{case}/ask"), question).await;
    let inbox = sales.get("/approvals").await;
    let asked = inbox["rows"].as_array().unwrap().iter().find(|row| row["what"] == "question").unwrap();
    let answer = json!({"question": asked["number"], "text": "是，客户的采购制度要求。"});
    sales.post(&format!("{case}/answer"), answer).await;
    let seen = legal.get(case).await;
    assert_eq!(seen["questions"][0]["answer"], "是，客户的采购制度要求。");
    assert_eq!(
        (&seen["questions"][0]["asked_by_name"], &seen["questions"][0]["whom_name"]),
        (&json!("刘洋"), &json!("张伟"))
    );
}

/// Legal proposes another text, the drafter takes it: the contract has a version with it.
async fn suggest(office: &Office<'_>, case: &str, contract: &str) {
    let (legal, sales) = (office.at("liuyang"), office.at("zhangwei"));
    let task = waiting(office, "liuyang", case).await.unwrap()["number"].clone();
    let text = "甲方开具发票后乙方付款。";
    let suggestion = json!({"task": task, "path": "fields/payment_terms", "text": text, "reason": "先票后款"});
    legal.post(&format!("{case}/suggest"), suggestion).await;
    let taken = sales.post(&format!("{contract}/suggestions/1/take"), Value::Null).await;
    assert_eq!((&taken["fields"]["payment_terms"], &taken["last_version"]), (&json!(text), &json!(2)));
    let redline = sales.get(&format!("{contract}/redline?from=1&to=2")).await;
    assert!(redline.to_string().contains("甲方开具发票"), "{redline}");
}

/// Finance sends it back; the drafter takes it over, changes it and hands it in again.
async fn send_back(office: &Office<'_>, case: &str, contract: &str) {
    if waiting(office, "limin", case).await.is_some() {
        agree(office, "limin", case).await;
    }
    let line = waiting(office, "wujie", case).await.unwrap();
    let back = json!({"task": line["number"], "content": line["content"], "opinion": "请写明开票资料", "path": "clauses/special-terms"});
    let finance = office.at("wujie");
    let without = json!({"task": line["number"], "content": line["content"], "opinion": ""});
    let refused = finance.refused(Method::POST, &format!("{case}/return"), without).await;
    assert_eq!(refused, (422, "opinion_missing".to_owned()));
    assert_eq!(finance.post(&format!("{case}/return"), back).await["status"], "returned");
    office.app.clock.advance(HELD_BACK);
    office.mail("zhangwei", "软件服务合同").await;

    let sales = office.at("zhangwei");
    assert_eq!(sales.post(&format!("{case}/sign-for"), json!({})).await["status"], "signed_for");
    let draft = sales.get(contract).await;
    assert_eq!(draft["state"], "draft");
    let edit = json!({"free": {"special-terms": "开票资料见附件。"}});
    let changed = sales.patch(contract, json!({"version": draft["version"], "edit": edit})).await;
    assert_eq!(submit(office, contract, &changed["version"]).await["last_version"], 3);
}

/// The drafter hears of the approval, the accountant gets a copy, the keeper of the seal something to do; the events tell all of it.
async fn hear_of_it(office: &Office<'_>, case: &str, contract: &str) {
    office.mail("zhangwei", "【审批通过】软件服务合同").await;
    office.mail("zhengli", "【抄送】软件服务合同").await;
    office.mail("xujing", "【待用印：合同专用章】软件服务合同").await;
    let accountant = office.at("zhengli");
    assert_eq!(accountant.get("/approvals/counts").await["copied"], 1);
    assert_eq!(accountant.get("/approvals?box=copied").await["rows"][0]["title"], "软件服务合同");
    accountant.post(&format!("{case}/read-copy"), json!({"node": "finance-desk"})).await;
    assert_eq!(accountant.get("/approvals/counts").await["copied"], 0);

    let messages = accountant.get("/messages").await;
    let copy = messages["messages"].as_array().unwrap().iter().find(|one| one["subject"] != "").unwrap();
    accountant.post(&format!("/messages/{}/read", copy["id"]), Value::Null).await;
    let choice = accountant.get("/messages/settings").await;
    let choice = json!({"program": true, "email": false, "version": choice["version"]});
    assert_eq!(accountant.put("/messages/settings", choice).await["email"], false);

    let sales = office.at("zhangwei");
    sales.until(contract, |shown| shown["state"] == "sealing").await;
    let told = sales.get(&format!("{case}/events")).await.to_string();
    for event in [
        "submitted",
        "decision_withdrawn",
        "task_claimed",
        "asked",
        "answered",
        "suggest",
        "returned",
        "return_signed_for",
    ] {
        assert!(told.contains(event), "{event} in {told}");
    }
}
