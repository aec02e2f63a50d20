//! Drafting in a real browser, at a desk and on a phone: the document grows while it is typed.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::firm::Firm;
use crate::org::OWN;
use crate::support::{Browser, Screen, TestApp, TestDatabase};

#[tokio::test]
async fn a_contract_is_drafted_and_submitted_at_a_desk() {
    drafted_and_submitted(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn a_contract_is_drafted_and_submitted_on_a_phone() {
    drafted_and_submitted(Screen::Phone, "phone").await;
}

async fn drafted_and_submitted(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    let firm = Firm::new(&app).await;
    signed_in(&browser, &app, "li").await;

    browser.goto(&app.url("/contracts")).await;
    browser.wait_for("还没有合同").await;
    browser.screenshot(&format!("contracts-empty-{name}")).await;
    browser.goto(&app.url("/contracts/new")).await;
    browser.screenshot(&format!("contracts-new-{name}")).await;
    browser.press("软件服务合同").await;
    browser.wait_for("开始起草").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("contracts-new-2-{name}")).await;
    browser.press("开始起草").await;
    browser.wait_for("可选择和补充的条款").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("drafting-blank-{name}")).await;

    fills_the_form(&browser, screen, name).await;
    let contract = leaves_at_once(&browser, &firm).await;

    browser.goto(&format!("{contract}/submit")).await;
    browser.wait_for("提交后由谁审批").await;
    browser.screenshot(&format!("submit-{name}")).await;
    browser.click(".action-bar .btn-primary").await;
    browser.wait_for("HT-KS-2026-0001").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("contract-{name}")).await;
    for part in ["approval", "versions", "money", "files", "log", "document.html"] {
        browser.goto(&format!("{contract}/{part}")).await;
        browser.screenshot(&format!("contract-{part}-{name}")).await;
    }
    browser.goto(&app.url("/contracts")).await;
    browser.wait_for("绍兴恒达纺织集团有限公司").await;
    browser.screenshot(&format!("contracts-{name}")).await;
    in_english(&browser, screen, &firm, &contract, name).await;
    app.stop().await;
}

/// Pictures of the same pages for who reads English, and of those that the story did not come by.
async fn in_english(browser: &Browser, screen: Screen, firm: &Firm<'_>, contract: &str, name: &str) {
    let app = firm.app;
    let product = firm.draft("product-sale").await;
    let edit = format!("/contracts/{}/edit", product["id"]);
    browser.goto(&app.url(&edit)).await;
    browser.screenshot(&format!("drafting-product-{name}")).await;
    browser.goto(&app.url(&format!("/contracts/{}/submit", product["id"]))).await;
    browser.screenshot(&format!("submit-incomplete-{name}")).await;
    browser.click("form[action='/language'] button").await;
    browser.wait_for("Submit for approval").await;
    for (page, file) in [
        (app.url("/contracts"), "contracts"),
        (app.url("/contracts/new"), "contracts-new"),
        (app.url(&format!("{edit}?check=1")), "drafting-check"),
        (app.url(&format!("/contracts/{}/submit", product["id"])), "submit"),
        (app.url(&format!("/contracts/{}/customer", product["id"])), "customer"),
        (contract.to_owned(), "contract"),
        (format!("{contract}/approval"), "contract-approval"),
        (format!("{contract}/versions"), "contract-versions"),
        (format!("{contract}/money"), "contract-money"),
        (format!("{contract}/log"), "contract-log"),
    ] {
        browser.goto(&page).await;
        browser.screenshot(&format!("{file}-en-{name}")).await;
    }
    let keeper = browser.another(screen).await;
    signed_in(&keeper, app, "admin").await;
    for (page, file) in [
        ("/admin/entities", "entities"),
        ("/admin/entities/1", "entity"),
        ("/admin/templates", "templates"),
        ("/admin/templates/software-service", "template"),
        ("/admin/templates/publish", "publish"),
    ] {
        keeper.goto(&app.url(page)).await;
        keeper.screenshot(&format!("{file}-{name}")).await;
    }
}

async fn signed_in(browser: &Browser, app: &TestApp, login: &str) {
    browser.goto(&app.url("/login")).await;
    browser.sign_in(login, OWN).await;
}

/// Types what the form asks for, one value wrong at first, and sees the document grow.
async fn fills_the_form(browser: &Browser, screen: Screen, name: &str) {
    for (field, text) in [
        ("client.name", "绍兴恒达纺织集团有限公司"),
        ("client.address", "浙江省绍兴市柯桥区轻纺城大道1688号"),
        ("software_name", "青云客户管理系统"),
        ("licensed_users", "120"),
        ("signing_place", "上海市"),
        ("install_site", "柯桥机房"),
        ("service_fee", "八万"),
    ] {
        browser.fill(field, text).await;
    }
    for (field, date) in [("install_by", "2026-04-15"), ("starts_on", "2026-03-01"), ("ends_on", "2027-02-28")] {
        browser.set(field, date).await;
    }
    browser.wait_for("已自动保存").await;
    let error = browser.text("[data-error-of=service_fee]").await;
    assert!(error.contains("不是金额"), "{error}");
    browser.screenshot(&format!("drafting-wrong-{name}")).await;
    browser.fill("service_fee", "8万").await;
    browser.wait_for("¥75,471.70").await;
    assert_eq!(browser.run_in_page("return document.querySelector('[data-error-of=service_fee]')").await, Value::Null);
    let grown =
        "return [...document.querySelectorAll('#draft-document mark')].some(it => it.textContent.includes('绍兴恒达'))";
    assert_eq!(browser.run_in_page(grown).await, json!(true), "the document grows");
    let marked = "return document.querySelector('#draft-document .is-marked')?.dataset.field";
    assert_eq!(browser.run_in_page(marked).await, "service_fee", "the blank with the focus is marked");
    if screen == Screen::Phone {
        browser.click("label[for=view-document]").await;
        browser.wait_for("绍兴恒达纺织集团有限公司").await;
        browser.assert_sound().await;
        browser.screenshot(&format!("drafting-document-{name}")).await;
        browser.click("label[for=view-form]").await;
    }
    browser.screenshot(&format!("drafting-{name}")).await;
}

/// Leaves the page while a keystroke is not kept yet, which loses nothing; the address of the contract, now with its file.
async fn leaves_at_once(browser: &Browser, firm: &Firm<'_>) -> String {
    browser.fill("signing_place", "杭州市").await;
    let contract = browser.address().await.replace("/edit", "");
    browser.goto(&contract).await;
    browser.wait_for("合同文本").await;
    let id = contract.rsplit('/').next().unwrap().to_owned();
    let kept = async || firm.drafter.api(Method::GET, &format!("/contracts/{id}"), Value::Null).await.1;
    for _ in 0..100 {
        if kept().await["fields"]["signing_place"] == "杭州市" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(kept().await["fields"]["signing_place"], "杭州市");
    let version = kept().await["version"].clone();
    let path = format!("/contracts/{id}/files/business_license?name=licence.pdf&version={version}");
    assert_eq!(firm.drafter.put_bytes(&path, b"%PDF-1.7".to_vec()).await.0, StatusCode::OK);
    contract
}
