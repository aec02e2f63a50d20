//! A company in the middle of its life, for stories that need people, rights and contracts to be there: everybody who plays a part sits
//! at a browser of their own. What came before the story was done through the actions of the rooms; no row was written by hand.

use std::collections::BTreeMap;

use qiyue::approval::{Look, Viewer};
use qiyue::db::Db;
use qiyue::i18n::Lang;
use qiyue::kernel::CaseId;
use qiyue::workflow::{Decision, Event};

use super::office::HELD_BACK;
use crate::approval_pages::Company;
use crate::support::{Browser, Screen, TestDatabase};

/// The company and its people at their browsers.
pub(super) struct Firm {
    pub(super) company: Company,
    name: &'static str,
    people: BTreeMap<&'static str, Browser>,
    _database: TestDatabase,
}

impl Firm {
    /// Opens the company with a first person at a desk, or skips the test where there is no browser.
    pub(super) async fn open(name: &'static str, first: &'static str) -> Option<Self> {
        let browser = Browser::desktop().await?;
        let database = TestDatabase::sqlite();
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        let company = Company::new(db).await;
        company.complete().await;
        company.hire_as("sun", "孙二", "administrator").await;
        company.sign_in(&browser, first).await;
        Some(Self { company, name, people: [(first, browser)].into(), _database: database })
    }

    /// Somebody else sits down, or turns to the phone.
    pub(super) async fn seat(&mut self, login: &'static str, screen: Screen) {
        let anybody = self.people.values().next().expect("somebody opened the company");
        let browser = anybody.another(screen).await;
        self.company.sign_in(&browser, login).await;
        self.people.insert(login, browser);
    }

    /// The browser of a person.
    pub(super) fn at(&self, login: &str) -> &Browser {
        &self.people[login]
    }

    pub(super) async fn goto(&self, login: &str, path: &str) -> &Browser {
        let browser = self.at(login);
        browser.goto(&format!("{}{path}", self.company.address)).await;
        browser
    }

    /// Keeps a picture of what somebody sees.
    pub(super) async fn picture(&self, login: &str, of: &str) {
        self.at(login).screenshot(&format!("story-{}-{of}", self.name)).await;
    }

    /// Somebody opens a case and agrees; what was held back leaves.
    pub(super) async fn agree(&self, login: &str, case: CaseId) {
        let browser = self.goto(login, &format!("/approvals/{case}")).await;
        browser.press("同意").await;
        browser.wait_for("撤销").await;
        browser.assert_sound().await;
        self.company.clock.advance(HELD_BACK);
    }

    /// Somebody opens a case and sends it back to who drafted it.
    pub(super) async fn send_back(&self, login: &str, case: CaseId, reason: &str) {
        let browser = self.goto(login, &format!("/approvals/{case}")).await;
        browser.press("退回修改").await;
        browser.fill("请修改什么", reason).await;
        browser.click("details[open] .decide-sheet button.btn-primary").await;
        browser.wait_for("已退回").await;
        browser.assert_sound().await;
        self.company.clock.advance(HELD_BACK);
    }

    /// Somebody proposes the draft that stands before them; the page of the proposal, for others.
    pub(super) async fn propose(&self, login: &str, note: &str) -> String {
        let author = self.at(login);
        author.fill("note", note).await;
        author.press("提请发布").await;
        author.wait_for("已提请，等另一位管理员发布").await;
        author.assert_sound().await;
        author.address().await.replace(&self.company.address, "")
    }

    /// Decisions that count, oldest first, as node and login.
    pub(super) async fn standing(&self, case: CaseId) -> Vec<(String, String)> {
        let state = self.company.app.approvals().state(case).await.unwrap();
        let directory = self.company.app.org().directory();
        let login =
            |one: &Decision| one.decided.by.and_then(|by| by.user).map(|user| directory.people[&user].login.clone());
        let counting = state.decisions.values().filter(|one| !one.void);
        counting.map(|one| (one.decided.node.clone(), login(one).unwrap_or_default())).collect()
    }

    /// A case as an administrator may see it.
    pub(super) async fn seen(&self, case: CaseId) -> Look {
        let viewer = Viewer { person: self.company.id("admin"), authority: self.company.app.org().authority() };
        self.company.app.approvals().look(case, &viewer, Lang::Zh, None).await.unwrap()
    }

    /// Everything that happened to a case.
    pub(super) async fn events(&self, case: CaseId) -> Vec<Event> {
        let stored = self.company.app.approvals().events(case).await.unwrap();
        stored.iter().map(|one| one.event().unwrap()).collect()
    }
}
