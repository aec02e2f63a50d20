//! After approval: the seal, sent back once and asked for again; the signatures; the original that comes back; the archive.

use reqwest::Method;
use serde_json::{Value, json};

use super::office::Office;

/// The first day of the story.
pub(super) const TODAY: &str = "2026-03-02";

/// The keeper finds the contract without a copy count that fits and sends it back; the drafter asks for the seal again.
pub(super) async fn ask_again(office: &Office<'_>, contract: &str) {
    let (keeper, sales) = (office.at("xujing"), office.at("zhangwei"));
    let request = asked(office).await;
    let path = format!("/seal-requests/{}", request["id"]);
    let back = keeper.post(&format!("{path}/return"), json!({"reason": "份数应为六份"})).await;
    assert_eq!(back["state"], "cancelled");
    office.mail("zhangwei", "【用印申请退回：合同专用章】").await;
    let wanted = json!({"seal": "合同专用章", "copies": 6, "purpose": "签署"});
    let again = sales.post(&format!("{contract}/seal-requests"), wanted).await;
    assert_eq!((&again["copies"], &again["keeper_name"]), (&json!(6), &json!("徐静")));
}

/// The keeper copies the code from the paper; the ledger has it, and the owner hears of it.
pub(super) async fn seal(office: &Office<'_>, record: &str, number: &str) {
    let keeper = office.at("xujing");
    let request = asked(office).await;
    assert_eq!(request["number"], number);
    let path = format!("/seal-requests/{}", request["id"]);
    let photo = keeper.file(&format!("{record}/papers?purpose=seal_photo&name=seal.pdf")).await["id"].clone();
    let with = |code: &Value| json!({"code": code, "on": TODAY, "copies": request["copies"], "photo": photo});
    let refused = keeper.refused(Method::POST, &format!("{path}/seal"), with(&json!("AAAA-BBBB-CCCC"))).await;
    assert_eq!(refused, (422, "verification_code_wrong".to_owned()));
    let sealed = keeper.post(&format!("{path}/seal"), with(&request["verification_code"])).await;
    assert_eq!((&sealed["state"], &sealed["sealed_on"]), (&json!("sealed"), &json!(TODAY)));
    let ledger = keeper.get(&format!("/seal-requests?state=sealed&text={number}")).await;
    let line = &ledger["seal_requests"][0];
    assert_eq!((&line["ledger_number"], &line["photo"]), (&sealed["ledger_number"], &photo));
    office.mail("zhangwei", "【已用印：合同专用章】").await;
}

/// What waits for the keeper.
async fn asked(office: &Office<'_>) -> Value {
    let path = "/seal-requests?mine=true";
    let waiting = office.at("xujing").until(path, |shown| shown["seal_requests"][0]["id"].is_i64()).await;
    waiting["seal_requests"][0].clone()
}

/// The drafter adds the scan and records who signed; what came of it is the answer.
pub(super) async fn sign(office: &Office<'_>, record: &str) -> Value {
    let sales = office.at("zhangwei");
    let scan = sales.file(&format!("{record}/papers?purpose=signed&name=signed.pdf")).await["id"].clone();
    let party = |role: &str, name: &str| json!({"party": role, "signatory": name, "capacity": "representative", "signed_on": TODAY});
    let signing = |version: i64| {
        json!({"parties": [party("provider", "周明远"), party("client", "陈国栋")], "scan": scan, "copies": 6,
            "version": version})
    };
    let version = sales.until(record, |shown| shown["state"] == "waiting").await["version"].as_i64().unwrap();
    let path = format!("{record}/signing");
    let stale = sales.refused(Method::POST, &path, signing(version - 1)).await;
    assert_eq!(stale, (409, "version_conflict".to_owned()));
    let signed = sales.post(&path, signing(version)).await;
    assert_eq!(signed["state"], "in_force", "{signed}");
    signed
}

/// The original is expected until it is recorded as back.
pub(super) async fn original_comes_back(office: &Office<'_>, number: &str) {
    let sales = office.at("zhangwei");
    let out = sales.until("/originals", |shown| shown["originals"][0]["number"] == number).await;
    let original = &out["originals"][0];
    assert_eq!(original["due_on"], "2026-03-17", "15 days after the signature");
    sales.post(&format!("/originals/{}/back", original["id"]), json!({"on": TODAY, "copies": 2})).await;
    assert_eq!(sales.get("/originals").await["originals"], json!([]));
    assert_eq!(sales.get("/originals?back=true").await["originals"][0]["back_on"], TODAY);
}

/// The archivist claims the folder, ticks what is in it and puts it away.
pub(super) async fn archive(office: &Office<'_>, number: &str, archive_number: &str) {
    let archivist = office.at("xujing");
    let mine = archivist.until("/archive-tasks?mine=true", |shown| shown["archive_tasks"][0]["number"] == number).await;
    let path = format!("/archive-tasks/{}", mine["archive_tasks"][0]["id"]);
    let task = archivist.post(&format!("{path}/claim"), Value::Null).await;
    assert_eq!(task["claimed_by_name"], "徐静");
    let place = |version: &Value| json!({"box": "A-01", "shelf": "1 排 3 层", "copies": 2, "version": version});
    let early = archivist.refused(Method::POST, &format!("{path}/archive"), place(&task["version"])).await;
    assert_eq!(early, (409, "checklist_open".to_owned()));
    for item in task["items"].as_array().unwrap() {
        let tick = json!({"checked": true, "version": task["version"]});
        archivist.put(&format!("{path}/items/{}", item["position"]), tick).await;
    }
    let archived = archivist.post(&format!("{path}/archive"), place(&task["version"])).await;
    assert_eq!((&archived["archive_number"], &archived["box"]), (&json!(archive_number), &json!("A-01")));
}
