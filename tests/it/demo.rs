//! The demo company as a newcomer starts it: the command says who can sign in with what, and whoever signs in finds a company that has
//! worked for months, which can prove what was decided in it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use qiyue::app::DEMO_PASSWORD;
use qiyue::db::{Conn, DatabaseUrl, Db, DbError};
use reqwest::StatusCode;
use reqwest::redirect::Policy;

use crate::support::{TestDatabase, decoded, hidden, on_both_fresh};

/// States of contracts in which the company has some.
const STATES: [&str; 9] =
    ["draft", "in_approval", "sealing", "waiting", "in_force", "completed", "expired", "terminated", "void"];

/// `qiyue serve --demo`, and what it said when it was ready.
struct Served {
    process: Child,
    address: String,
    /// Logins, as they are told.
    people: Vec<String>,
    data: tempfile::TempDir,
}

impl Served {
    fn start(database: &TestDatabase) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_qiyue"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--language", "en", "--data"])
            .arg(data.path())
            .arg("--database")
            .arg(address(&database.url))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let ready = lines.find(|line| line.contains("http://")).expect("it says where it is");
        let address = ready.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        let told = lines.find(|line| line.contains(DEMO_PASSWORD)).expect("it says with what one signs in");
        assert!(told.ends_with(':'), "{told}");
        let people = lines.take(18).map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
        Self { process, address, people, data }
    }

    /// The status of the first page and its text, as somebody sees it after signing in.
    async fn first_page(&self, login: &str) -> (StatusCode, String) {
        let client = reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        let page = client.get(format!("{}/login", self.address)).send().await.unwrap().text().await.unwrap();
        let csrf = hidden(&page, "csrf").unwrap();
        let form = [("login", login), ("password", DEMO_PASSWORD), ("csrf", csrf)];
        let signed_in = client.post(format!("{}/login", self.address)).form(&form).send().await.unwrap();
        assert_eq!(signed_in.status(), StatusCode::SEE_OTHER, "{login}");
        let page = client.get(&self.address).send().await.unwrap();
        (page.status(), decoded(&page.text().await.unwrap()))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn address(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseUrl::Postgres(address) => address.clone(),
    }
}

/// What `qiyue verify` says, and whether nothing was wrong.
fn verified(database: &TestDatabase) -> (bool, String) {
    said(Command::new(env!("CARGO_BIN_EXE_qiyue")).args(["verify", "--database"]).arg(address(&database.url)))
}

fn said(command: &mut Command) -> (bool, String) {
    let output = command.args(["--language", "en"]).env("RUST_LOG", "off").output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

async fn change(db: &Db, sql: &'static str) {
    let done: Result<u64, DbError> = db.write(async move |c: &mut Conn<'_>| c.exec(sql, &[]).await).await;
    done.unwrap();
}

async fn contracts_by_state(db: &Db) -> BTreeMap<String, i64> {
    let read = async |c: &mut Conn<'_>| {
        c.all::<(String, i64)>("SELECT state, CAST(count(*) AS BIGINT) FROM contract GROUP BY state", &[]).await
    };
    let found: Result<_, DbError> = db.read(read).await;
    found.unwrap().into_iter().collect()
}

#[tokio::test]
async fn the_demo_says_who_can_sign_in_and_has_contracts_at_every_stage() {
    on_both_fresh(async |database| {
        let served = Served::start(database);
        assert_eq!((served.people.len(), served.people[0].as_str()), (18, "admin"), "{:?}", served.people);
        for login in &served.people {
            let (status, page) = served.first_page(login).await;
            assert_eq!(status, StatusCode::OK, "{login}");
            assert!(page.contains("href=\"/approvals\""), "{login} is in: {page}");
        }
        let db = Db::open(&database.url).await.unwrap();
        let found = contracts_by_state(&db).await;
        let missing: Vec<_> = STATES.iter().filter(|state| !found.contains_key(**state)).collect();
        assert!(missing.is_empty(), "no contract is {missing:?}: {found:?}");
    })
    .await;
}

#[tokio::test]
async fn a_case_leaves_the_house_as_a_bundle_while_the_server_runs() {
    on_both_fresh(async |database| {
        let served = Served::start(database);
        let file = served.data.path().join("case.zip");
        let bundle = |case: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
            command.args(["bundle", case]).arg(&file).arg("--data").arg(served.data.path());
            said(command.arg("--database").arg(address(&database.url)))
        };
        let (done, words) = bundle("1");
        assert!(done && words.contains("qiyue verify"), "{words}");
        let (done, words) = said(Command::new(env!("CARGO_BIN_EXE_qiyue")).arg("verify").arg(&file));
        assert!(done && words.contains("0 do not fit"), "{words}");
        let (done, words) = bundle("100000");
        assert!(!done && words.contains("no such"), "{words}");
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_is_proved_while_the_server_runs() {
    on_both_fresh(async |database| {
        let _served = Served::start(database);
        let (done, said) = verified(database);
        assert!(done && said.contains("0 do not fit"), "{said}");
        let db = Db::open(&database.url).await.unwrap();
        change(&db, "UPDATE contract_version SET clauses = REPLACE(clauses, '壹拾万', '壹佰万')").await;
        let (done, said) = verified(database);
        assert!(!done && said.contains("its content does not fit its hash"), "{said}");
    })
    .await;
}
