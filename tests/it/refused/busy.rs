//! A queue that is full: whoever comes then hears it at once, in their language, and nothing of theirs is stored.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use futures_util::future::join_all;
use qiyue::app::{App, Config, Ground};
use qiyue::db::{Conn, DatabaseUrl, Db, DbError};
use qiyue::kernel::{ManualClock, SystemRandom};
use qiyue::params;
use reqwest::header::{ACCEPT_LANGUAGE, RETRY_AFTER};
use tokio::task::JoinHandle;

use crate::approval_pages::{Company, hidden, leads_to};
use crate::support::{TestDatabase, on_both_fresh, serve, stored};

const PUT: &str = "INSERT INTO setting (name, value, version) VALUES ($1, '1', 1)";
/// More than may wait on either engine.
const TOO_MANY: usize = 5000;

const BUSY: [(&str, &str); 2] = [
    ("zh-CN", "系统繁忙，本次操作没有保存。请稍候再试一次。"),
    ("en", "The system is busy and nothing was stored. Try again in a moment."),
];

/// Units that hold every thread that writes until they are told to go on.
struct Held {
    go_on: Vec<mpsc::Sender<()>>,
    units: Vec<JoinHandle<Result<(), DbError>>>,
}

impl Held {
    /// Comes back when so many run; of two that came to the same thread the second waits with the others.
    async fn new(db: &Db, threads: usize) -> Self {
        let running = Arc::new(AtomicUsize::new(0));
        let mut held = Self { go_on: Vec::new(), units: Vec::new() };
        while running.load(Ordering::SeqCst) < threads {
            let (sender, wait) = mpsc::channel::<()>();
            let (wait, running, db) = (Mutex::new(wait), Arc::clone(&running), db.clone());
            let unit = async move |_: &mut Conn<'_>| {
                running.fetch_add(1, Ordering::SeqCst);
                wait.lock().unwrap().recv().unwrap_err();
                Ok::<_, DbError>(())
            };
            held.units.push(tokio::spawn(async move { db.write(unit).await }));
            held.go_on.push(sender);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        held
    }

    async fn let_go(self) {
        drop(self.go_on);
        for unit in self.units {
            unit.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_busy_in_both_languages_and_takes_nothing() {
    on_both_fresh(async |database: &TestDatabase| {
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = Config { database: Some(database.url.clone()), ..Config::new(folder.path().to_owned()) };
        let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let ground = Ground { db: db.clone(), clock, random: Arc::new(SystemRandom) };
        let app = App::build(&config, &ground).await.unwrap();
        let address = serve(app.router).await;
        let before = stored(&database.url).await;

        let held = Held::new(&db, threads_that_write(&database.url)).await;
        let waiting = fill(&db).await;
        for (lang, sentence) in BUSY {
            let (client, csrf) = visitor(&address, lang).await;
            let form = [("login", "admin"), ("password", "Wrong-2026"), ("csrf", &csrf)];
            let request = client.post(format!("{address}/login")).header(ACCEPT_LANGUAGE, lang).form(&form);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 503);
            assert_eq!(answer.headers()[RETRY_AFTER], "2");
            assert!(answer.text().await.unwrap().contains(sentence), "{lang}");
        }
        held.let_go().await;
        let answers = join_all(waiting).await;
        let kept = answers.iter().filter(|answer| matches!(answer, Ok(Ok(1)))).count();
        let busy = answers.iter().filter(|answer| matches!(answer, Ok(Err(DbError::Busy)))).count();
        assert_eq!(kept + busy, TOO_MANY);
        let mut after = stored(&database.url).await;
        let settings = after.0.get_mut("setting").unwrap();
        settings.retain(|row| !row.contains("waiting"));
        before.is_still(&after);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_meets_a_full_queue_can_be_taken_afterwards() {
    on_both_fresh(async |database: &TestDatabase| {
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        let company = Company::new(db.clone()).await;
        let case = company.case("5万").await;
        let link = company.link("wang").await;
        let page = company.stranger().page(&link).await;
        let shown = hidden(&page, "shown");
        let form = [("shown", shown.as_str()), ("opinion", "Agreed, with the usual deposit")];
        let before = stored(&database.url).await;

        let held = Held::new(&db, threads_that_write(&database.url)).await;
        let waiting = fill(&db).await;
        for (lang, sentence) in BUSY {
            let stranger = company.stranger();
            let stranger = if lang == "en" { stranger.in_english().await } else { stranger };
            let answer = stranger.post(&format!("{link}/approve"), &form).await;
            assert_eq!(answer.status(), 503);
            assert_eq!(answer.headers()[RETRY_AFTER], "2");
            let page = answer.text().await.unwrap();
            assert!(page.contains(sentence) && page.contains(form[1].1), "{lang}: {page}");
        }
        held.let_go().await;
        join_all(waiting).await;
        let mut after = stored(&database.url).await;
        after.0.get_mut("setting").unwrap().retain(|row| !row.contains("waiting"));
        before.is_still(&after);
        leads_to(&company.stranger().decide(&link, "approve", &[]).await);
        assert_eq!(company.asked(case).await, ["zhao"]);
    })
    .await;
}

/// More units than may wait: comes back when the others have been refused.
async fn fill(db: &Db) -> Vec<JoinHandle<Result<u64, DbError>>> {
    let waiting = (0..TOO_MANY).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(async move |c: &mut Conn<'_>| c.exec(PUT, params![format!("waiting {n}")]).await).await
        })
    });
    let waiting: Vec<_> = waiting.collect();
    let full = async {
        while waiting.iter().filter(|one| one.is_finished()).count() < TOO_MANY - 4200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), full).await.expect("the queue is full");
    waiting
}

fn threads_that_write(url: &DatabaseUrl) -> usize {
    match url {
        DatabaseUrl::Sqlite(_) => 1,
        DatabaseUrl::Postgres(_) => 2,
    }
}

/// A browser on the login page, and what its form sends back. Reading needs no place in the queue of those who write.
async fn visitor(address: &str, lang: &str) -> (reqwest::Client, String) {
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let page = client.get(format!("{address}/login")).header(ACCEPT_LANGUAGE, lang).send().await.unwrap();
    let page = page.text().await.unwrap();
    let (_, rest) = page.split_once(r#"name="csrf" value=""#).expect("the form has its token");
    (client, rest.split('"').next().unwrap().to_owned())
}
