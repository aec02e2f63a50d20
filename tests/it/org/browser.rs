//! The first login in a real browser, at desktop width and on a phone.

use super::OWN;
use crate::support::{Browser, Screen, TestApp, TestDatabase};

#[tokio::test]
async fn the_first_login_on_a_desktop() {
    the_first_login(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_first_login_on_a_phone() {
    the_first_login(Screen::Phone, "phone").await;
}

async fn the_first_login(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let app = TestApp::start(&TestDatabase::sqlite()).await;
    browser.goto(&app.url("/login")).await;
    browser.screenshot(&format!("login-{name}")).await;
    browser.sign_in("admin", &app.first_password).await;
    browser.wait_for("首次登录").await;
    browser.screenshot(&format!("first-login-{name}")).await;
    browser.fill("password", OWN).await;
    browser.fill("repeat", OWN).await;
    browser.fill("mobile", "13800138000").await;
    browser.leave_by("button.btn-primary").await;
    for (page, text) in [
        ("/admin/users", "系统管理员"),
        ("/admin/users/1", "重置密码"),
        ("/admin/departments", "还没有部门"),
        ("/admin/authority-grids/new", "加一行"),
        ("/admin/roles", "总经理"),
        ("/admin/roles/2", "本人及下属的"),
        ("/settings", "登录的设备"),
        ("/settings/absences", "代理人"),
        ("/settings/tokens", "新建令牌"),
    ] {
        browser.goto(&app.url(page)).await;
        browser.wait_for(text).await;
        browser.assert_sound().await;
        browser.screenshot(&format!("org{}-{name}", page.replace('/', "-"))).await;
    }
    app.stop().await;
}
