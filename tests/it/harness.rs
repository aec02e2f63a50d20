//! The supports themselves hold: a browser, a mail server and the material are what they claim to be.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Query};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use lettre::message::MultiPart;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::support::{Browser, Screen, Smtp, material, serve};

#[test]
fn material_is_a_folder_that_exists() {
    let Some(folder) = material("amounts-money") else { return };
    assert!(folder.join("rmb_uppercase.json").is_file());
}

#[tokio::test]
async fn a_person_fills_a_form_at_a_desk() {
    fill_a_form(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn a_person_fills_a_form_on_a_phone() {
    fill_a_form(Screen::Phone, "phone").await;
}

async fn fill_a_form(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let site = serve_a_form().await;
    let file = tempfile::Builder::new().prefix("scan").suffix(".txt").tempfile().unwrap();
    std::fs::write(&file, "签字盖章").unwrap();

    browser.goto(&site).await;
    browser.fill("客户名称", "云帆科技").await;
    browser.set("签订日期", "2026-03-01").await;
    browser.choose("类型", "采购合同").await;
    browser.upload("扫描件", file.path()).await;
    browser.screenshot(&format!("harness-form-{name}")).await;
    browser.press("提交").await;

    browser.wait_for("已收到").await;
    assert_eq!(browser.text("#name").await, "name=云帆科技");
    assert_eq!(browser.text("#date").await, "date=2026-03-01");
    assert_eq!(browser.text("#kind").await, "kind=purchase");
    assert_eq!(browser.text("#scan").await, "scan=签字盖章");
    assert!(browser.address().await.ends_with("/take"));
    browser.click("a").await;
    browser.wait_for("客户名称").await;
    browser.assert_sound().await;
}

#[tokio::test]
async fn two_people_have_cookies_of_their_own() {
    let Some(desk) = Browser::desktop().await else { return };
    let phone = desk.another(Screen::Phone).await;
    let site = serve_a_form().await;

    desk.goto(&format!("{site}/page?body=<script>document.cookie='a=1';document.write(document.cookie)</script>"))
        .await;
    phone.goto(&format!("{site}/page?body=<script>document.write('cookies:'%2Bdocument.cookie)</script>")).await;

    assert_eq!(desk.text("body").await, "a=1");
    assert_eq!(phone.text("body").await, "cookies:");
}

#[tokio::test]
async fn a_page_that_scrolls_sideways_or_complains_is_found_out() {
    let Some(phone) = Browser::phone().await else { return };
    let site = serve_a_form().await;

    phone.goto_refused(&format!("{site}/missing"), 404).await;
    phone.goto(&format!("{site}/page?body=<p>narrow</p>")).await;
    assert_eq!(phone.misfit().await, None);

    phone.run_in_page("document.body.innerHTML = '<div style=\"width:400px\">wide</div>'").await;
    assert!(phone.misfit().await.is_some_and(|it| it.contains("wide")));

    phone.run_in_page("console.error('broken')").await;
    assert!(phone.console_errors().await[0].contains("broken"));
    phone.run_in_page("fetch('http://example.com/').catch(() => document.body.append('cut off'))").await;
    phone.wait_for("cut off").await;
    assert!(phone.console_errors().await.iter().any(|it| it.contains("example.com")));
}

/// A site with a form, the page that took it, and `/page?body=…`.
async fn serve_a_form() -> String {
    fn page(body: &str) -> Html<String> {
        let head = "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><link rel=icon href='data:,'>";
        Html(format!("{head}<body>{body}"))
    }
    async fn take(mut form: Multipart) -> Html<String> {
        let mut lines = Vec::new();
        while let Some(field) = form.next_field().await.unwrap() {
            let name = field.name().unwrap().to_owned();
            lines.push(format!("<p id={name}>{name}={}</p>", field.text().await.unwrap()));
        }
        page(&format!("<h1>已收到</h1>{}<a href=/>again</a>", lines.concat()))
    }
    let form = "<form method=post action=/take enctype=multipart/form-data>
        <p><label for=name>客户名称 *</label> <input id=name name=name value=old>
        <p><label>签订日期 <input type=date name=date></label>
        <p><label for=kind>类型</label> <select id=kind name=kind><option value=sales>销售合同<option value=purchase>采购合同</select>
        <p><label>扫描件<input type=file name=scan></label>
        <p><button>提交</button></form>";
    let site = axum::Router::new()
        .route("/", get(move || async move { page(form) }))
        .route("/take", post(take))
        .route("/page", get(|Query(query): Query<BTreeMap<String, String>>| async move { page(&query["body"]) }))
        .fallback(|| async { (StatusCode::NOT_FOUND, page("nothing here")) });
    serve(site).await
}

#[tokio::test]
async fn mail_is_read_as_a_person_reads_it() {
    let Some(smtp) = Smtp::start() else { return };

    send(&smtp, "boss@example.cn").await.unwrap();

    let mail = smtp.wait_for("boss@example.cn", "待审批").await;
    assert_eq!(mail.from, "qiyue@example.cn");
    assert_eq!(mail.to, ["boss@example.cn"]);
    assert_eq!(mail.subject, "【待审批】软件服务合同 ¥128.00万");
    assert_eq!(mail.links(), ["http://127.0.0.1:8080/d/abc"]);
    assert!(mail.html.contains("<b>请决定</b>"));
    assert!(mail.headers.contains_key("message-id"));
    assert_eq!(smtp.mails().len(), 1);
}

#[tokio::test]
async fn a_mail_server_refuses_for_good_and_for_now() {
    let Some(smtp) = Smtp::start() else { return };
    assert!(send(&smtp, "refused@example.cn").await.unwrap_err().is_permanent());
    assert!(send(&smtp, "busy@example.cn").await.unwrap_err().is_transient());
    assert!(smtp.mails().is_empty());
}

#[tokio::test]
async fn a_mail_server_comes_back_on_its_port() {
    let Some(smtp) = Smtp::start() else { return };
    let port = smtp.port();
    drop(smtp);
    let Some(smtp) = Smtp::start_at(port) else { return };
    send(&smtp, "boss@example.cn").await.unwrap();
    smtp.wait_for("boss@example.cn", "软件服务合同").await;
}

async fn send(smtp: &Smtp, to: &str) -> Result<(), lettre::transport::smtp::Error> {
    let body = MultiPart::alternative_plain_html(
        "请决定：http://127.0.0.1:8080/d/abc（72小时内有效）".to_owned(),
        "<p><b>请决定</b></p>".to_owned(),
    );
    let message = Message::builder()
        .from("契约 <qiyue@example.cn>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("【待审批】软件服务合同 ¥128.00万")
        .message_id(None)
        .multipart(body)
        .unwrap();
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(smtp.port()).build();
    transport.send(message).await.map(drop)
}
