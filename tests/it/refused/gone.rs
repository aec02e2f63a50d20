//! A database that is gone or has no room: people hear it in their language, nothing is half stored, and it goes on by itself.

use std::sync::Arc;

use qiyue::app::{App, Config, Ground};
use qiyue::db::{Conn, Db, DbError};
use qiyue::kernel::{ManualClock, SystemRandom};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_LANGUAGE, RETRY_AFTER};

use crate::approval_pages::{Company, hidden, leads_to};
use crate::support::{PrivatePostgres, Reader, TestApp, TestDatabase, serve, stored};

const GONE: [(&str, &str); 2] = [
    ("zh-CN", "数据库暂时无法连接，本次操作可能没有保存。请稍候刷新页面确认；若持续如此，请联系管理员。"),
    (
        "en",
        "The database cannot be reached, and this may not have been stored. Reload in a moment to see; if it lasts, tell the administrator.",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_stopped_is_said_and_found_again_when_it_is_back() {
    let Some(mut server) = PrivatePostgres::start() else { return };
    let app = TestApp::start_at(&server.url).await;
    let reader = Reader::admin(&app).await;
    let department = |code| [("code", code), ("name", "Sales"), ("parent", ""), ("head", "")];
    assert_eq!(reader.post("/admin/departments/new", &department("A")).await.status(), StatusCode::SEE_OTHER);
    let csrf = reader.token().await;
    let before = app.stored().await;

    server.stop();
    assert_eq!(reader.get("/health").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    for (lang, sentence) in GONE {
        let page = reader.get_in("/admin/departments", lang).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        let page = page.text().await.unwrap();
        assert!(page.contains(sentence), "{lang}: {page}");
        let mut form = department("B").to_vec();
        form.push(("csrf", &csrf));
        let answer = reader.send_in("/admin/departments/new", &form, lang).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text().await.unwrap().contains(sentence), "{lang}");
    }

    server.resume();
    assert_eq!(reader.get("/health").await.status(), StatusCode::OK);
    before.is_still(&app.stored().await);
    assert_eq!(reader.get("/admin/departments").await.status(), StatusCode::OK, "the session is still known");
    assert_eq!(reader.post("/admin/departments/new", &department("B")).await.status(), StatusCode::SEE_OTHER);
    assert!(app.stored().await != before);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_meets_no_database_can_be_taken_afterwards() {
    let Some(mut server) = PrivatePostgres::start() else { return };
    let db = Db::open(&server.url).await.unwrap();
    db.migrate().await.unwrap();
    let company = Company::new(db).await;
    let case = company.case("5万").await;
    let link = company.link("wang").await;
    let shown = hidden(&company.stranger().page(&link).await, "shown");
    let form = [("shown", shown.as_str()), ("opinion", "Agreed, with the usual deposit")];
    let before = stored(&server.url).await;

    server.stop();
    for (lang, sentence) in GONE {
        let stranger = company.stranger();
        let stranger = if lang == "en" { stranger.in_english().await } else { stranger };
        let answer = stranger.post(&format!("{link}/approve"), &form).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()[RETRY_AFTER], "2");
        let page = answer.text().await.unwrap();
        assert!(page.contains(sentence) && page.contains(form[1].1), "{lang}: {page}");
    }

    server.resume();
    before.is_still(&stored(&server.url).await);
    leads_to(&company.stranger().decide(&link, "approve", &[]).await);
    assert_eq!(company.asked(case).await, ["zhao"]);
}

const FULL: [(&str, &str); 2] = [
    ("zh-CN", "没有保存成功，原有数据未变。请再试一次；若持续如此，请管理员检查磁盘空间。"),
    (
        "en",
        "It could not be stored; nothing has changed. Try again; if it lasts, ask the administrator to check the disk space.",
    ),
];

/// The file may not grow any more, as on a disk without room; or it may again.
async fn room(db: &Db, any: bool) {
    const NO: &str = "PRAGMA max_page_count = 1";
    const AS_MUCH_AS_IT_NEEDS: &str = "PRAGMA max_page_count = 1000000";
    let unit = async move |c: &mut Conn<'_>| c.exec(if any { AS_MUCH_AS_IT_NEEDS } else { NO }, &[]).await;
    db.write(unit).await.map_err(|error: DbError| error).unwrap();
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_half_stored() {
    let database = TestDatabase::sqlite();
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = Config { database: Some(database.url.clone()), ..Config::new(folder.path().to_owned()) };
    let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
    let ground = Ground { db: db.clone(), clock, random: Arc::new(SystemRandom) };
    let app = App::build(&config, &ground).await.unwrap();
    let first = app.org().first_administrator().await.unwrap().unwrap();
    let admin = crate::org::activated(app.org(), &first.login, first.password.reveal(), "13800000001").await;
    let (_, token) = app.org().create_own_token(&admin, "test", None).await.unwrap();
    let address = serve(app.router).await;
    let client = reqwest::Client::new();
    let add = async |number: usize, lang: &str| {
        let body = serde_json::json!({"code": format!("D{number}"), "name": "部".repeat(40)});
        let request = client.post(format!("{address}/api/v1/departments")).bearer_auth(token.reveal());
        request.header(ACCEPT_LANGUAGE, lang).json(&body).send().await.unwrap()
    };
    assert_eq!(add(0, "en").await.status(), StatusCode::CREATED);

    room(&db, false).await;
    // What is free in the pages there are is used up first.
    let mut number = 1;
    while add(number, "en").await.status() == StatusCode::CREATED {
        number += 1;
        assert!(number < 2000, "the file grows although it may not");
    }
    let before = stored(&database.url).await;
    for (lang, sentence) in FULL {
        let answer = add(number, lang).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!((problem["code"].as_str(), problem["message"].as_str()), (Some("not_stored"), Some(sentence)));
    }
    before.is_still(&stored(&database.url).await);

    room(&db, true).await;
    assert_eq!(add(number, "en").await.status(), StatusCode::CREATED);
}
