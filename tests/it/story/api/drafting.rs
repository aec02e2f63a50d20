//! From the customer to the submission: what the CRM knows stands in the draft, and who will be asked is known before.

use reqwest::Method;
use serde_json::{Value, json};

use super::office::Office;

pub(super) const CUSTOMER: &str = "绍兴恒达纺织集团有限公司";

/// A customer with a contact and an opportunity; the number of the opportunity.
pub(super) async fn meet_the_customer(office: &Office<'_>) -> Value {
    let sales = office.at("zhangwei");
    let customer = json!({"name": CUSTOMER, "contact_name": "王海燕", "phone": "13857512345", "province": "浙江省",
        "city": "绍兴市", "address": "绍兴市柯桥区轻纺城大道1688号", "legal_representative": "陈国栋",
        "industry": "manufacturing", "source": "referral"});
    let customer = sales.post("/customers", customer).await;
    let path = format!("/customers/{}", customer["id"]);
    sales.patch(&path, json!({"version": customer["version"], "level": "a"})).await;
    let contact = json!({"customer": customer["id"], "name": "陈建平", "mobile": "13957598765"});
    let contact = sales.post("/contacts", contact).await;
    let opportunity = json!({"title": "客户管理系统", "customer": customer["id"], "contact": contact["id"],
        "product": "青云客户管理系统 V5.2", "amount": {"amount": "96000", "currency": "CNY"}, "expected_on": "2026-03-31"});
    let opportunity = sales.post("/opportunities", opportunity).await;
    let on = json!({"version": opportunity["version"], "stage": "proposal"});
    sales.post(&format!("/opportunities/{}/acts/advance", opportunity["id"]), on).await;
    opportunity["id"].clone()
}

/// A draft with everything in it but the file, which the forecast misses; then the file, the forecast and the submission.
pub(super) async fn draft(office: &Office<'_>, opportunity: &Value) -> String {
    let sales = office.at("zhangwei");
    let new = json!({"template": "software-service", "entity": office.entity, "opportunity": opportunity});
    let draft = sales.post("/contracts", new).await;
    assert_eq!(draft["parties"]["client"]["name"], CUSTOMER, "the CRM knew it");
    assert_eq!(draft["fields"]["software_name"], "青云客户管理系统 V5.2", "the opportunity knew it");
    assert_eq!(draft["amount"], json!({"amount": "96000.0000", "currency": "CNY"}));
    let path = format!("/contracts/{}", draft["id"]);
    let picked = json!({"customer": draft["customer"], "version": draft["version"]});
    let draft = sales.put(&format!("{path}/customer"), picked).await;
    let edit = json!({
        "fields": {"licensed_users": "120", "signing_place": "浙江省杭州市西湖区", "install_by": "2026-04-15",
            "starts_on": "2026-03-09", "ends_on": "2027-03-08"},
        "choices": {"liability": "liability-capped"},
    });
    let filled = sales.patch(&path, json!({"version": draft["version"], "edit": edit})).await;
    assert_eq!(filled["problems"], json!([]));
    let missing = sales.get(&format!("{path}/preview")).await;
    assert_eq!((&missing["ready"], &missing["missing_files"]), (&json!(false), &json!(["对方营业执照"])));
    let place = format!("{path}/files/business_license?name=licence.pdf");
    let complete = sales.put_file(&place, &filled["version"]).await;
    forecast(office, &path).await;
    submit(office, &path, &complete["version"]).await;
    path
}

/// Who will be asked, by name, and why.
async fn forecast(office: &Office<'_>, path: &str) {
    let preview = office.at("zhangwei").get(&format!("{path}/preview")).await;
    assert_eq!((&preview["ready"], &preview["workflow"]), (&json!(true), &json!("sales-contract")), "{preview}");
    let asks = |step: &&Value| step["on_the_way"] == true && step["people"] != json!([]);
    let asked = preview["steps"].as_array().unwrap().iter().filter(asks);
    let steps: Vec<_> = asked.map(|step| (step["node"].as_str().unwrap(), &step["people"][0][0]["name"])).collect();
    let names = ["李敏", "刘洋", "林悦", "郑丽"].map(|name| json!(name));
    let expected: Vec<_> = ["manager", "review", "general-manager", "finance-desk"].into_iter().zip(&names).collect();
    assert_eq!(steps, expected);
    let english = office.at("zhangwei").get_in_english(&format!("{path}/preview")).await;
    assert_ne!(english["steps"][0]["people"][0][0]["because"], preview["steps"][0]["people"][0][0]["because"]);
}

/// Hands it in, as often as it is ready; a version that is not the present one is refused.
pub(super) async fn submit(office: &Office<'_>, path: &str, version: &Value) -> Value {
    let (sales, submit) = (office.at("zhangwei"), format!("{path}/submit"));
    let stale = json!({"version": version.as_i64().unwrap() - 1});
    assert_eq!(sales.refused(Method::POST, &submit, stale).await, (409, "version_conflict".to_owned()));
    let submitted = sales.post(&submit, json!({"version": version})).await;
    assert_eq!((&submitted["number"], &submitted["state"]), (&json!("HT-QY-2026-0001"), &json!("in_approval")));
    submitted
}
