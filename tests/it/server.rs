//! The program as a whole: it starts empty, answers, ends in order and starts again.

use crate::support::{Browser, Screen, TestApp, TestDatabase, on_both_apps, on_both_fresh};

#[tokio::test]
async fn an_empty_installation_answers() {
    on_both_apps(async |app| {
        let health = reqwest::get(app.url("/health")).await.unwrap();
        assert_eq!((health.status().as_u16(), health.text().await.unwrap().as_str()), (200, "ok\n"));
        assert_eq!(reqwest::get(app.url("/")).await.unwrap().status(), 200);
    })
    .await;
}

#[tokio::test]
async fn it_ends_in_order_and_starts_again_on_the_same_data() {
    on_both_fresh(async |database| {
        let app = TestApp::start(database).await;
        let old = app.url("/health");
        let app = app.restart().await;
        assert!(reqwest::get(old).await.unwrap_err().is_connect(), "the first one is gone");
        assert_eq!(reqwest::get(app.url("/health")).await.unwrap().status(), 200);
        app.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_first_page_fits_a_desk() {
    the_first_page_fits(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_first_page_fits_a_phone() {
    the_first_page_fits(Screen::Phone, "phone").await;
}

async fn the_first_page_fits(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    browser.goto(&app.url("/")).await;
    browser.screenshot(&format!("first-page-zh-{name}")).await;
    browser.press("切换到英文").await;
    browser.wait_for("Contracts, from the first blank").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("first-page-en-{name}")).await;
}
