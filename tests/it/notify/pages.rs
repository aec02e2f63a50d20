//! Messages and mail over HTTP, and the loop of a running server.

use std::sync::Arc;
use std::time::Duration;

use qiyue::app::{App, Config, Ground};
use qiyue::db::{Conn, Db, DbError};
use qiyue::deadline::{self, Hearer, Moment, NewDue, Warn};
use qiyue::i18n::Message;
use qiyue::kernel::{Clock as _, ManualClock, OfficeHours, Ref, Span, SystemRandom, Timestamp, UserId};
use qiyue::notify::{self, Fact, Headline, Link, NewMessage, Urgency};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use serde_json::json;

use crate::org::OWN;
use crate::support::{Browser, Program, Reader, Screen, Smtp, TestApp, TestDatabase, on_both_apps};

const ADMIN: UserId = UserId::new(1);

fn message(key: &str, path: &str, not_before: Timestamp) -> NewMessage {
    NewMessage {
        key: key.to_owned(),
        to: ADMIN,
        kind: "test.opened",
        about: Some(Ref::new("contract", 12)),
        headline: Headline {
            label: Message::of("notify.kind"),
            title: format!("合同{key}"),
            amount: None,
            facts: vec![Fact::Text("XX科技".into())],
        },
        lines: vec![Message::of("notify.test_text")],
        link: Link::Page(path.to_owned()),
        urgency: Urgency::Normal,
        not_before,
    }
}

async fn post_on(db: &Db, message: NewMessage) {
    let unit = async move |c: &mut Conn<'_>| notify::post(c, &message).await;
    let posted: Result<bool, DbError> = db.write(unit).await;
    assert!(posted.unwrap());
}

async fn post(app: &TestApp, key: &str, path: &str) {
    post_on(&app.db().await, message(key, path, app.clock.now())).await;
}

/// Something that expires in thirty days, warned of a week before.
async fn expires(app: &TestApp, day: &str) {
    let new = NewDue {
        subject: Ref::new("contract", 12),
        source: "expires".into(),
        title: Message::of("notify.test_subject"),
        due: Moment::On(day.parse().unwrap()),
        owner: ADMIN,
        department: None,
        warn: Warn { before: vec![Span::Days(7)], hearers: vec![Hearer::Owner], escalate_after: None },
        path: "/contracts/12".into(),
    };
    let now = app.clock.now();
    let unit = async move |c: &mut Conn<'_>| deadline::put(c, &new, now, &OfficeHours::default()).await;
    app.db().await.write(unit).await.map_err(|error: DbError| error).unwrap();
}

/// HTML with its slashes as people type them.
fn plain(html: &str) -> String {
    html.replace("&#x2f;", "/")
}

/// Waits until the page holds these words: the loop of the server works by itself.
async fn wait(reader: &Reader<'_>, path: &str, words: &str) -> String {
    for _ in 0..100 {
        let html = plain(&reader.get(path).await.text().await.unwrap());
        if html.contains(words) {
            return html;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never showed {words}");
}

#[tokio::test]
async fn a_message_appears_counts_leads_to_its_record_and_is_read() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        post(app, "a", "/payments").await;
        let html = wait(&reader, "/messages", "合同a").await;
        assert_eq!(reader.get("/messages/unread").await.text().await.unwrap(), "1");
        let (_, rest) = html.split_once(r#"class="message-subject" href=""#).unwrap();
        let opened = reader.get(rest.split('"').next().unwrap()).await;
        assert_eq!(opened.headers()[LOCATION], "/payments");
        assert_eq!(reader.get("/messages/unread").await.text().await.unwrap(), "");
        assert!(reader.get("/messages?unread=yes").await.text().await.unwrap().contains("没有未读消息"));
    })
    .await;
}

#[tokio::test]
async fn a_program_reads_messages_and_what_is_due() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        post(app, "a", "/payments").await;
        post(app, "b", "/payments").await;
        let reader = Reader::admin_again(app).await;
        wait(&reader, "/messages", "合同b").await;
        let (_, list) = program.get("/messages?unread=true").await;
        assert_eq!((list["unread"].as_i64(), &list["messages"][0]["path"]), (Some(2), &json!("/payments")));
        let id = &list["messages"][1]["id"];
        let (status, _) = program.call(reqwest::Method::POST, &format!("/messages/{id}/read"), json!({})).await;
        assert_eq!(status, StatusCode::OK);
        let until = json!({ "until": list["messages"][0]["id"] });
        assert_eq!(program.call(reqwest::Method::POST, "/messages/read", until).await.1["read"], 1);
        assert_eq!(program.get("/messages/999/read").await.0, StatusCode::METHOD_NOT_ALLOWED);

        expires(app, "2026-03-31").await;
        let (_, due) = program.get("/deadlines?when=month&about=contract/12").await;
        assert_eq!((due["count"].as_i64(), &due["deadlines"][0]["due_on"]), (Some(1), &json!("2026-03-31")));
        assert_eq!(program.get("/deadlines?when=soon").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn the_loop_notices_a_clock_that_was_moved() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        expires(app, "2026-03-31").await;
        app.clock.set("2026-03-24T09:00:00+08:00".parse().unwrap());
        let reader = {
            drop(reader);
            Reader::admin_again(app).await
        };
        wait(&reader, "/messages", "还有 7 天").await;
        assert!(reader.get("/deadlines").await.text().await.unwrap().contains("7 天内"));
    })
    .await;
}

#[tokio::test]
async fn a_test_that_moves_the_clock_by_hand_has_everything_done_that_is_due() {
    crate::support::on_both(async |db| {
        let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let folder = tempfile::tempdir().unwrap();
        let ground = Ground { db: db.clone(), clock: clock.clone(), random: Arc::new(SystemRandom) };
        let app = App::build(&Config::new(folder.path().to_owned()), &ground).await.unwrap();
        app.org().first_administrator().await.unwrap();
        let later = clock.now().plus(Duration::from_secs(10));
        post_on(&db, NewMessage { not_before: later, ..message("a", "/payments", later) }).await;
        let out = async || {
            const OUT: &str = "SELECT count(*) FROM message WHERE out_at IS NOT NULL";
            let found: Result<(i64,), DbError> = db.read(async |c| c.one(OUT, &[]).await).await;
            found.unwrap().0
        };
        app.run_due().await;
        assert_eq!(out().await, 0);
        clock.advance(Duration::from_secs(10));
        app.run_due().await;
        assert_eq!(out().await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_mail_server_stands_beside_its_field_in_both_languages() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let mut form = vec![
            ("host", "smtp.example.cn"),
            ("port", "587"),
            ("security", "starttls"),
            ("user", ""),
            ("password", ""),
            ("sender", "qiyue@example.cn"),
            ("sender_name", ""),
            ("version", "0"),
        ];
        let wrong = [
            ("host", "smtp://a", "服务器名称不对", "not the name of a server"),
            ("port", "many", "端口应为", "A port is a number"),
            ("sender", "qiyue", "发件地址格式不对", "not an address to send from"),
            ("user", "me", "请同时填写密码", "enter its password"),
        ];
        for (field, value, zh, en) in wrong {
            let place = form.iter().position(|(name, _)| *name == field).unwrap();
            let right = std::mem::replace(&mut form[place].1, value);
            for (lang, words) in [("zh", zh), ("en", en)] {
                reader.post("/language", &[("lang", lang), ("next", "/")]).await;
                let answer = reader.post("/admin/mail", &form).await;
                assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field}");
                let html = plain(&answer.text().await.unwrap());
                assert!(html.contains(words) && html.contains(value), "{field} in {lang}");
                assert!(html.contains("smtp.example.cn") || field == "host", "what was typed is kept");
            }
            form[place].1 = right;
        }
        assert_eq!(reader.post("/admin/mail", &form).await.status(), StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_tries_the_server_from_the_page_and_the_password_is_never_shown() {
    let Some(smtp) = Smtp::start() else { return };
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let port = smtp.port().to_string();
        let form = [
            ("host", "127.0.0.1"),
            ("port", port.as_str()),
            ("security", "none"),
            ("user", ""),
            ("password", "geheim-4711"),
            ("sender", "qiyue@example.cn"),
            ("sender_name", ""),
            ("version", "0"),
        ];
        assert_eq!(reader.post("/admin/mail", &form).await.status(), StatusCode::SEE_OTHER);
        assert!(!reader.get("/admin/mail").await.text().await.unwrap().contains("geheim"));
        let answer = reader.post("/admin/mail/test", &[("to", "boss@example.cn")]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        smtp.wait_for("boss@example.cn", "测试邮件").await;
        let refused = reader.post("/admin/mail/test", &[("to", "refused@example.cn")]).await.text().await.unwrap();
        assert!(refused.contains("no such person here"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn who_may_not_administer_mail_reaches_none_of_its_pages() {
    on_both_apps(async |app| {
        let admin = Reader::admin(app).await;
        let new = [("login", "zhang"), ("name", "张三"), ("password", "Anfang-2026"), ("roles", "finance")];
        admin.post("/admin/users/new", &new).await;
        let zhang = Reader::activated(app, "zhang", "Anfang-2026", "13800000002").await;
        for page in ["/admin/mail", "/admin/mail/1", "/admin/mail/1/html"] {
            assert_eq!(zhang.get(page).await.status(), StatusCode::FORBIDDEN, "{page}");
        }
        for (page, form) in [("/admin/mail/test", ("to", "a@b.cn")), ("/admin/mail/1/send", ("x", "y"))] {
            assert_eq!(zhang.post(page, &[form]).await.status(), StatusCode::FORBIDDEN, "{page}");
        }
        assert_eq!(zhang.get("/deadlines").await.status(), StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn the_pages_are_sound_on_a_desktop() {
    the_pages_are_sound(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_pages_are_sound_on_a_phone() {
    the_pages_are_sound(Screen::Phone, "phone").await;
}

async fn bell(browser: &Browser, count: &str) {
    for _ in 0..200 {
        if browser.text(".bell .count").await == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the bell never showed {count}");
}

async fn the_pages_are_sound(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database).await;
    drop(Reader::admin(&app).await);
    browser.goto(&app.url("/login")).await;
    browser.sign_in("admin", OWN).await;
    browser.goto(&app.url("/messages")).await;
    browser.wait_for("还没有消息").await;
    // The bell hears of it without a reload, and from then on the list does.
    post(&app, "a", "/payments").await;
    bell(&browser, "1").await;
    post(&app, "b", "/payments").await;
    browser.wait_for("合同b").await;
    bell(&browser, "2").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("messages-{name}")).await;
    expires(&app, "2026-03-05").await;
    for lang in ["zh", "en"] {
        for page in ["/messages", "/deadlines", "/settings/messages", "/admin/mail", "/admin/mail/1"] {
            browser.goto(&app.url(page)).await;
            browser.assert_sound().await;
            browser.screenshot(&format!("notify{}-{lang}-{name}", page.replace('/', "-"))).await;
        }
        browser.click(".top form button.tool").await;
    }
    app.stop().await;
}
