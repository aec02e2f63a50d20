//! Writing a change, its text on paper, and what the contract says of it.

use reqwest::StatusCode;

use super::Company;
use super::changes::{drafted, extension, subject};
use super::site::Site;
use crate::support::{hidden, on_both};

#[tokio::test]
async fn the_pages_write_and_submit_a_change() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let site = Site::of(&company).await;
        let drafter = site.visitor(&company, "drafter").await;
        let begun = drafter.post("/contracts/1/changes", &[("kind", "supplement")]).await;
        assert_eq!(begun.headers()["location"], "/contract-changes/1/edit");
        let form = drafter.text("/contract-changes/1/edit").await;
        assert!(form.contains("首付款") && form.contains("18,000.00"), "the plan as it is");
        let plan = |amount: &'static str| {
            [
                ("version", "1"),
                ("reason", "客户增加两个厂区"),
                ("amount", "90000"),
                ("line.name", "prepayment"),
                ("line.title", "首付款"),
                ("line.amount", "18000"),
                ("line.due_on", ""),
                ("line.name", "acceptance"),
                ("line.title", "验收款"),
                ("line.amount", amount),
                ("line.due_on", ""),
                ("line.name", ""),
                ("line.title", "扩容款"),
                ("line.amount", "30000"),
                ("line.due_on", "2026-06-30"),
            ]
        };
        let broken = drafter.upload("/contract-changes/1/edit", &plan("四万二"), &[]).await;
        assert_eq!(broken.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = broken.text().await.unwrap();
        assert!(page.contains("付款计划第 2 行不完整") && page.contains("四万二"), "{page}");
        let saved = drafter.upload("/contract-changes/1/edit", &plan("42000"), &[]).await;
        assert_eq!(saved.status(), StatusCode::SEE_OTHER);
        let refused = drafter.post("/contract-changes/1/submit", &[]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "the workflow wants a file");
        let again = [&plan("42000")[1..], &[("version", "2")]].concat();
        let added = drafter.upload("/contract-changes/1/edit", &again, &["file"]).await;
        assert_eq!(added.status(), StatusCode::SEE_OTHER);
        assert_eq!(drafter.post("/contract-changes/1/submit", &[]).await.status(), StatusCode::SEE_OTHER);
        let page = drafter.text("/contract-changes/1").await;
        for shown in ["补充协议", "审批中", "¥90,000.00", "扩容款", "玖万元整", "扫描件.pdf"] {
            assert!(page.contains(shown), "{shown}");
        }
        let manager = site.visitor(&company, "manager").await;
        let asked = manager.text("/approvals/2").await;
        assert!(asked.contains("改动 1 处"), "what it changes");
        assert!(!asked.contains("标准文本") && !asked.contains("偏离"), "a supplement has no standard text");
        let finance = site.visitor(&company, "finance").await;
        assert!(
            finance.text("/approvals/2").await.contains("扩容款"),
            "whoever reads the contract reads what was decided on its change"
        );
        let outsider = site.visitor(&company, "outsider").await;
        assert_eq!(outsider.get("/contract-changes/1").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(outsider.get("/approvals/2").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(outsider.get("/contracts/1/papers/1").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(company.contract(id).await.total().unwrap().to_string(), "¥60,000.00");
    })
    .await;
}

#[tokio::test]
async fn a_change_is_kept_with_its_files_or_not_at_all() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.signed().await;
        let site = Site::of(&company).await;
        let drafter = site.visitor(&company, "drafter").await;
        drafter.post("/contracts/1/changes", &[("kind", "supplement")]).await;
        let first = [("version", "1"), ("reason", "增加厂区")];
        let kept = drafter.upload("/contract-changes/1/edit", &first, &["file"]).await;
        assert_eq!(kept.status(), StatusCode::SEE_OTHER);

        let second = [("version", "2"), ("reason", "减少厂区")];
        let refused = drafter.upload("/contract-changes/1/edit", &second, &["file"]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "a file of that name is there");
        assert!(refused.text().await.unwrap().contains("减少厂区"), "what was typed stays");
        let form = drafter.text("/contract-changes/1/edit").await;
        assert!(form.contains("增加厂区") && !form.contains("减少厂区"));

        let hash = hidden(&form, "remove").expect("the file can be taken out");
        let third = [&second[..], &[("remove", hash)]].concat();
        let replaced = drafter.upload("/contract-changes/1/edit", &third, &["file"]).await;
        assert_eq!(replaced.status(), StatusCode::SEE_OTHER, "the new file takes the place of the old one");
        let form = drafter.text("/contract-changes/1/edit").await;
        assert!(form.contains("减少厂区") && form.matches("扫描件.pdf").count() == 1);
    })
    .await;
}

#[tokio::test]
async fn the_print_of_an_approved_change_carries_the_code_that_its_keeper_compares() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let change = drafted(&company, id, qiyue::contract::fulfilment::ChangeKind::Supplement, extension()).await;
        let site = Site::of(&company).await;
        let keeper = site.visitor(&company, "keeper").await;
        assert!(keeper.text("/contract-changes/1/document.html").await.contains("未经批准"));
        company.approve(&subject(change)).await;
        let request = company.waiting_seals().await.remove(0);
        let page = keeper.text(&format!("/seals/{}", request.id)).await.replace("&#x2f;", "/");
        assert!(page.contains(r#"href="/contract-changes/1/document.html""#), "{page}");
        let print = keeper.text("/contract-changes/1/document.html").await;
        assert!(print.contains(&request.code()) && print.contains("HT-KS-2026-0001-补1"), "{print}");
    })
    .await;
}

#[tokio::test]
async fn the_versions_of_a_contract_name_the_changes_that_replace_its_terms() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let change = drafted(&company, id, qiyue::contract::fulfilment::ChangeKind::Supplement, extension()).await;
        let site = Site::of(&company).await;
        let drafter = site.visitor(&company, "drafter").await;
        assert!(!drafter.text("/contracts/1/versions").await.contains("变更与补充协议"), "a draft replaces nothing");
        company.approve(&subject(change)).await;
        company.seal_all().await;
        company.sign(&subject(change), None).await.unwrap();
        let page = drafter.text("/contracts/1/versions").await;
        for shown in ["变更与补充协议", "HT-KS-2026-0001-补1", "已生效"] {
            assert!(page.contains(shown), "{shown}");
        }
    })
    .await;
}
