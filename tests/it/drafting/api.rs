//! The same loop for programs.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::firm::{Firm, filled};
use crate::support::on_both_apps;

#[tokio::test]
async fn a_program_takes_a_contract_from_blank_to_submission() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let ready = firm.complete().await;
        let path = format!("/contracts/{}", ready["id"]);
        assert_eq!((&ready["problems"], &ready["number"]), (&json!([]), &Value::Null));
        assert_eq!(ready["fields"]["net_fee"], json!({"amount": "75471.7000", "currency": "CNY"}), "computed");

        let (_, preview) = firm.drafter.api(Method::GET, &format!("{path}/preview"), Value::Null).await;
        assert_eq!((&preview["ready"], &preview["workflow"]), (&json!(true), &json!("sales-contract")), "{preview}");
        assert_eq!(preview["steps"][0]["people"][0][0]["user"], firm.manager.id);

        let hand_in = json!({"version": ready["version"]});
        let (status, submitted) = firm.drafter.api(Method::POST, &format!("{path}/submit"), hand_in.clone()).await;
        assert_eq!(status, StatusCode::OK, "{submitted}");
        assert_eq!((&submitted["number"], &submitted["state"]), (&json!("HT-KS-2026-0001"), &json!("in_approval")));

        let (status, again) = firm.drafter.api(Method::POST, &format!("{path}/submit"), hand_in).await;
        assert_eq!((status, &again["code"]), (StatusCode::CONFLICT, &json!("contract_locked")));
        let (status, back) = firm.drafter.api(Method::POST, &format!("{path}/withdraw"), json!({})).await;
        assert_eq!((status, &back["state"]), (StatusCode::OK, &json!("draft")), "{back}");
        let edit = json!({"version": back["version"], "edit": {"free": {"special-terms": "Two free visits."}}});
        let (_, changed) = firm.drafter.api(Method::PATCH, &path, edit).await;
        let hand_in = json!({"version": changed["version"]});
        let (_, second) = firm.drafter.api(Method::POST, &format!("{path}/submit"), hand_in).await;
        assert_eq!((&second["number"], &second["last_version"]), (&json!("HT-KS-2026-0001"), &json!(2)), "{second}");

        let (_, redline) = firm.drafter.api(Method::GET, &format!("{path}/redline?from=1&to=2"), Value::Null).await;
        let inserted = redline.to_string().contains(r#"{"inserted":"#);
        assert!(inserted && redline.to_string().contains("Two free visits."), "{redline}");
    })
    .await;
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_stored() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let draft = firm.draft("software-service").await;
        let path = format!("/contracts/{}", draft["id"]);
        let edit = json!({"fields": {"service_fee": "x", "starts_on": "2026-02-30", "software_name": "Qiyue"}});
        let (status, problem) = firm.drafter.api(Method::PATCH, &path, json!({"version": 1, "edit": edit})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("draft_incomplete")));
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
        assert_eq!(fields, ["service_fee", "starts_on"]);
        assert_eq!(firm.drafter.api(Method::GET, &path, Value::Null).await.1, draft);

        let locked = json!({"version": 1, "edit": {"free": {"confidentiality": "none"}}});
        let (_, problem) = firm.drafter.api(Method::PATCH, &path, locked).await;
        assert_eq!(problem["code"], "clause_locked");
        let (_, problem) = firm.drafter.api(Method::POST, &format!("{path}/submit"), json!({"version": 1})).await;
        assert_eq!(problem["code"], "draft_incomplete");
        assert!(problem["fields"].as_array().unwrap().len() > 5, "{problem}");
        let name = format!("{path}/files/business_license?name=a.pdf&version=1");
        let (status, problem) = firm.drafter.put_bytes(&name, b"MZ".to_vec()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("file_wrong_content")));
        assert_eq!(firm.drafter.api(Method::GET, &path, Value::Null).await.1, draft);
    })
    .await;
}

#[tokio::test]
async fn a_contract_without_its_files_is_refused_with_the_list_of_them() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let draft = firm.draft("software-service").await;
        let path = format!("/contracts/{}", draft["id"]);
        let (_, saved) = firm.drafter.api(Method::PATCH, &path, json!({"version": 1, "edit": filled()})).await;
        let (_, preview) = firm.drafter.api(Method::GET, &format!("{path}/preview"), Value::Null).await;
        assert_eq!((&preview["ready"], &preview["missing_files"]), (&json!(false), &json!(["对方营业执照"])));
        let hand_in = json!({"version": saved["version"]});
        let (status, problem) = firm.drafter.api(Method::POST, &format!("{path}/submit"), hand_in).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("files_missing")));
        assert!(problem["message"].as_str().unwrap().contains("对方营业执照"), "{problem}");
        assert_eq!(firm.drafter.api(Method::GET, &path, Value::Null).await.1, saved);
    })
    .await;
}

#[tokio::test]
async fn a_contract_given_up_keeps_its_number_and_stays_listed() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let ready = firm.complete().await;
        let path = format!("/contracts/{}", ready["id"]);
        firm.drafter.api(Method::POST, &format!("{path}/submit"), json!({"version": ready["version"]})).await;
        let (_, back) = firm.drafter.api(Method::POST, &format!("{path}/withdraw"), json!({"reason": "later"})).await;
        let give_up = |reason: &str| json!({"version": back["version"], "reason": reason});
        let (status, problem) = firm.drafter.api(Method::POST, &format!("{path}/abandon"), give_up(" ")).await;
        assert_eq!((status, &problem["fields"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
        let (_, void) = firm.drafter.api(Method::POST, &format!("{path}/abandon"), give_up("cancelled")).await;
        assert_eq!((&void["state"], &void["number"]), (&json!("void"), &json!("HT-KS-2026-0001")), "{void}");
        let (_, ledger) = firm.drafter.api(Method::GET, "/contracts?state=void", Value::Null).await;
        assert_eq!(ledger["contracts"][0]["number"], "HT-KS-2026-0001");
    })
    .await;
}

#[tokio::test]
async fn sixty_four_submissions_at_once_get_sixty_four_consecutive_numbers() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let drafts = futures_util::future::join_all((0..64).map(|_| firm.complete())).await;
        let submit = async |draft: &Value| {
            let path = app.url(&format!("/api/v1/contracts/{}/submit", draft["id"]));
            let body = json!({"version": draft["version"]});
            let answer = Client::new().post(path).bearer_auth(&firm.drafter.token).json(&body).send().await.unwrap();
            (answer.status(), answer.json::<Value>().await.unwrap())
        };
        let answers = futures_util::future::join_all(drafts.iter().map(submit)).await;
        let failed: Vec<_> = answers.iter().filter(|(status, _)| *status != StatusCode::OK).collect();
        assert!(failed.is_empty(), "{failed:?}");
        let mut numbers: Vec<_> = answers.iter().map(|(_, one)| one["number"].as_str().unwrap()).collect();
        numbers.sort_unstable();
        let expected: Vec<_> = (1..=64).map(|number| format!("HT-KS-2026-{number:04}")).collect();
        assert_eq!(numbers, expected);
    })
    .await;
}

#[tokio::test]
async fn entities_and_templates_are_kept_by_whoever_may() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let path = format!("/entities/{}", firm.entity);
        let (status, problem) =
            firm.drafter.api(Method::POST, &format!("{path}/seals"), json!({"kind": "公章", "keeper": 1})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
        let seal = json!({"kind": "合同专用章", "keeper": firm.manager.id});
        let (status, entity) = firm.admin.api(Method::POST, &format!("{path}/seals"), seal.clone()).await;
        assert_eq!((status, &entity["seals"][0]["kind"]), (StatusCode::CREATED, &json!("合同专用章")), "{entity}");
        let (status, problem) = firm.admin.api(Method::POST, &format!("{path}/seals"), seal).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("seal_taken")));

        let broken = json!({"name": "broken", "definition": "title = ", "body": ""});
        let (status, problem) = firm.admin.api(Method::POST, "/templates", broken).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("template_faults")));
        let (_, templates) = firm.drafter.api(Method::GET, "/templates", Value::Null).await;
        let names: Vec<_> = templates["templates"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["car-sale", "product-sale", "software-service"]);
    })
    .await;
}

#[tokio::test]
async fn the_document_names_the_routes_of_contracts() {
    on_both_apps(async |app| {
        let document: Value =
            Client::new().get(app.url("/api/openapi.json")).send().await.unwrap().json().await.unwrap();
        for path in ["/contracts", "/contracts/{id}/submit", "/contracts/{id}/redline", "/templates", "/entities/{id}"]
        {
            assert!(document["paths"][format!("/api/v1{path}")].is_object(), "{path}");
        }
    })
    .await;
}
