//! The decision page before a real browser: on a phone everything that a decision needs stands on the first screen.

use super::Company;
use crate::support::{Browser, Screen, TestDatabase};
use qiyue::db::Db;

async fn company() -> Company {
    let database = TestDatabase::sqlite();
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let company = Company::new(db).await;
    // The folder of the database stays until the process ends.
    std::mem::forget(database);
    company
}

#[tokio::test]
async fn the_first_screen_of_a_phone_holds_everything_without_scrolling() {
    let Some(browser) = Browser::phone().await else { return };
    let company = company().await;
    let case = company.case("128万").await;
    company.approve(case, "wang").await.unwrap();
    company.sign_in(&browser, "li").await;
    let page = format!("{}/approvals/{case}", company.address);
    browser.goto(&page).await;
    browser.screenshot("decide-zh-phone").await;
    let script = "const first = document.querySelector('[data-first]').getBoundingClientRect();
        const bar = document.querySelector('.decide-bar').getBoundingClientRect();
        return [innerWidth, innerHeight, Math.ceil(first.bottom), Math.floor(bar.top), Math.ceil(bar.bottom)].join(' ');";
    let measured = browser.run_in_page(script).await;
    let numbers: Vec<i64> = measured.as_str().unwrap().split(' ').map(|it| it.parse().unwrap()).collect();
    let [width, height, first, bar, end] = numbers[..] else { panic!("{measured}") };
    assert_eq!((width, height, end), (375, 667, 667));
    assert!(first <= bar, "the first screen ends at {first}, the bar begins at {bar}");
    browser.assert_sound().await;
}

#[tokio::test]
async fn a_return_with_a_reason_works_by_hand_on_a_phone() {
    decide_by_hand(Screen::Phone, "phone").await;
}

#[tokio::test]
async fn a_return_with_a_reason_works_by_hand_at_a_desk() {
    decide_by_hand(Screen::Desktop, "desktop").await;
}

async fn decide_by_hand(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let company = company().await;
    let case = company.case("128万").await;
    company.case("5万").await;
    company.sign_in(&browser, "wang").await;
    browser.goto(&format!("{}/approvals", company.address)).await;
    browser.screenshot(&format!("boxes-zh-{name}")).await;
    browser.goto(&format!("{}/approvals/{case}", company.address)).await;
    browser.press("补充条款").await;
    browser.wait_for("三个月").await;
    browser.screenshot(&format!("decide-redline-{name}")).await;
    browser.press("更多").await;
    browser.screenshot(&format!("decide-more-{name}")).await;
    browser.assert_sound().await;
    browser.press("退回修改").await;
    browser.fill("请修改什么", "请补比价").await;
    browser.screenshot(&format!("decide-return-{name}")).await;
    browser.click("details[open] .decide-sheet button.btn-primary").await;
    browser.wait_for("已退回").await;
    browser.press("撤销").await;
    browser.wait_for("已撤销，请重新决定").await;
    assert!(browser.address().await.ends_with(&format!("/approvals/{case}")));
    browser.assert_sound().await;
    assert_eq!(company.asked(case).await, ["wang"]);
}

#[tokio::test]
async fn a_link_decides_on_a_phone_without_a_login() {
    let Some(browser) = Browser::phone().await else { return };
    let company = company().await;
    let case = company.case("5万").await;
    let link = format!("{}{}", company.address, company.link("wang").await);
    browser.goto(&link).await;
    browser.screenshot("link-zh-phone").await;
    browser.press("同意").await;
    browser.wait_for("您已经通过这个链接作出决定").await;
    browser.screenshot("link-used-phone").await;
    browser.assert_sound().await;
    assert_eq!(company.asked(case).await, ["zhao"]);
}

#[tokio::test]
async fn the_pages_fit_both_widths_in_both_languages() {
    let Some(phone) = Browser::phone().await else { return };
    let company = company().await;
    let case = company.case("128万").await;
    company.approve(case, "wang").await.unwrap();
    let desk = phone.another(Screen::Desktop).await;
    for (browser, name) in [(&phone, "phone"), (&desk, "desktop")] {
        company.sign_in(browser, "admin").await;
        for lang in ["zh", "en"] {
            for (page, shot) in [
                ("/approvals".to_owned(), "boxes"),
                (format!("/approvals/{case}"), "case"),
                ("/approvals/phrases".to_owned(), "phrases"),
                ("/admin/stuck".to_owned(), "stuck"),
                ("/admin/workflows".to_owned(), "workflows"),
                ("/admin/workflows/sales-contract".to_owned(), "workflow"),
                ("/admin/workflow-drafts/new".to_owned(), "hand-in"),
            ] {
                browser.goto(&format!("{}{page}", company.address)).await;
                browser.screenshot(&format!("approval-{shot}-{lang}-{name}")).await;
            }
            browser.click("button[name=lang]").await;
            browser.wait_for(if lang == "zh" { "Workflow file" } else { "流程文件" }).await;
        }
    }
}

#[tokio::test]
async fn the_bar_of_a_share_stays_in_its_column() {
    let Some(browser) = Browser::desktop().await else { return };
    let company = company().await;
    let case = company.case("5万").await;
    company.wait(3600);
    company.approve(case, "wang").await.unwrap();
    company.sign_in(&browser, "admin").await;
    browser.goto(&format!("{}/approvals/figures", company.address)).await;
    browser.screenshot("figures-zh-desktop").await;
    let astray = "return [...document.querySelectorAll('td progress')].map(bar =>
        bar.getBoundingClientRect().right - bar.closest('td').getBoundingClientRect().right).filter(beyond => beyond > 0).length";
    assert_eq!(browser.run_in_page(astray).await, 0);
    let bars = browser.run_in_page("return document.querySelectorAll('td progress').length").await;
    assert!(bars.as_u64().unwrap() > 0);
}
