//! A sales person at work in a real browser, at desktop width and on a phone.

use crate::org::OWN;
use crate::support::{Browser, Reader, Screen, TestApp, TestDatabase};

#[tokio::test]
async fn a_sales_person_at_a_desk() {
    a_sales_person(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn a_sales_person_on_a_phone() {
    a_sales_person(Screen::Phone, "phone").await;
}

async fn a_sales_person(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    let password = sales_person(&app).await;
    sign_in(&browser, &app, &password).await;

    browser.goto(&app.url("/customers")).await;
    browser.wait_for("先录入一个客户").await;
    browser.screenshot(&format!("crm-empty-{name}")).await;
    browser.goto(&app.url("/customers/new")).await;
    browser.screenshot(&format!("crm-new-customer-{name}")).await;
    for (field, text) in [
        ("name", "远望科技有限公司"),
        ("contact_name", "王经理"),
        ("phone", "13800138000"),
        ("province", "浙江省"),
        ("city", "杭州市"),
        ("credit_code", "91110000600037341L"),
    ] {
        browser.fill(field, text).await;
    }
    browser.choose("industry", "信息技术服务业").await;
    browser.choose("source", "客户转介绍").await;
    send(&browser, "main > form button.btn-primary").await;
    browser.wait_for("1类-01").await;
    browser.assert_sound().await;

    send(&browser, r#"a[href^="/opportunities/new"]"#).await;
    browser.wait_for("商机名称").await;
    browser.fill("title", "办公自动化系统").await;
    browser.fill("amount", "50万").await;
    browser.choose("contact", "王经理").await;
    send(&browser, "main > form button.btn-primary").await;
    browser.wait_for("初次接触").await;
    send(&browser, ".acts .act > summary").await;
    browser.choose("stage", "方案提供").await;
    send(&browser, ".act[open] button.btn-primary").await;
    browser.wait_for("商机推进阶段").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("crm-opportunity-{name}")).await;

    send(&browser, r#"a[href^="/follow-ups/new"]"#).await;
    browser.wait_for("跟进主题").await;
    browser.fill("subject", "电话确认需求").await;
    browser.set("planned_at", "2026-03-03T10:00").await;
    browser.screenshot(&format!("crm-new-follow-up-{name}")).await;
    send(&browser, "main > form button.btn-primary").await;
    browser.wait_for("计划跟进").await;
    send(&browser, ".acts .act > summary").await;
    browser.fill("result", "同意先做试点").await;
    send(&browser, ".act[open] button.btn-primary").await;
    browser.wait_for("已完成").await;

    browser.goto(&app.url("/customers/1")).await;
    browser.wait_for("已跟进：电话确认需求").await;
    browser.screenshot(&format!("crm-customer-{name}")).await;
    pages(&browser, &app, name).await;
    app.stop().await;
}

/// Clicks once, wherever it stands: a click that is tried again would land on the page behind it, and on a phone the driver scrolls
/// no further than under the bar at the foot.
async fn send(browser: &Browser, button: &str) {
    browser.run_in_page(&format!("document.querySelector('{button}').click()")).await;
}

/// Every main page in both languages.
async fn pages(browser: &Browser, app: &TestApp, name: &str) {
    for lang in ["zh", "en"] {
        for page in [
            "customers",
            "customers?words=nobody",
            "customers/1",
            "customers/1/edit",
            "contacts",
            "contacts/1",
            "opportunities",
            "opportunities/1",
            "follow-ups",
            "follow-ups/new?customer=1",
        ] {
            browser.goto(&app.url(&format!("/{page}"))).await;
            let file = page.replace(['/', '?', '='], "-");
            browser.screenshot(&format!("crm-{lang}-{file}-{name}")).await;
        }
        if lang == "zh" {
            browser.click("button[name=lang]").await;
            browser.wait_for("New follow-up").await;
        }
    }
}

/// The administrator makes a sales person; their one-time password.
async fn sales_person(app: &TestApp) -> String {
    let reader = Reader::admin(app).await;
    let form = [("login", "zhang"), ("name", "张三"), ("roles", "drafter")];
    let page = reader.post("/admin/users/new", &form).await.text().await.unwrap();
    let (_, rest) = page.rsplit_once("<dd>").expect("the password is shown once");
    rest.split('<').next().unwrap().to_owned()
}

async fn sign_in(browser: &Browser, app: &TestApp, password: &str) {
    browser.goto(&app.url("/login")).await;
    browser.sign_in_first("zhang", password, OWN, "13900139000").await;
}
