//! The shell around every page before a real browser: both widths, both languages, nothing from elsewhere.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use qiyue::db::Db;
use qiyue::i18n::{Lang, Message};
use qiyue::kernel::{SeededRandom, SystemClock, Token, UserId, time::zone};
use qiyue::web::{Error, Events, Kit, NavEntry, NavGroup, People, Person, Settings, session};

use crate::support::{Browser, Screen, TestDatabase, chinese_in, serve};

#[tokio::test]
async fn the_shell_fits_a_desk_in_both_languages() {
    the_shell_fits(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_shell_fits_a_phone_in_both_languages() {
    the_shell_fits(Screen::Phone, "phone").await;
}

async fn the_shell_fits(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let database = TestDatabase::sqlite();
    let db = Db::open(&database.url).await.unwrap();
    let page = format!("{}/nowhere", serve(kit(db).wrap(Router::new())).await);
    browser.goto_refused(&page, 404).await;
    assert!(browser.text("main").await.contains("没有找到这个页面"));
    browser.screenshot(&format!("shell-visitor-{name}")).await;

    let token = Token::new(&SeededRandom::new(2));
    browser.run_in_page(&format!("document.cookie = '{}={}'", session::SESSION, token.reveal())).await;
    browser.goto_refused(&page, 404).await;
    browser.screenshot(&format!("shell-zh-{name}")).await;
    browser.click("button[name=lang]").await;
    browser.wait_for("There is no such page").await;
    browser.screenshot(&format!("shell-en-{name}")).await;

    assert_eq!(browser.misfit().await, None);
    assert_eq!(chinese_in(&browser.text("body").await), "", "on the English page");
}

/// A kit that takes every token for the same person, who may do everything.
fn kit(db: Db) -> Kit {
    let entry = |group, key: &'static str, path| NavEntry::new(group, Message::of(key), "search", path);
    Kit::new(Settings {
        db,
        clock: Arc::new(SystemClock),
        random: Arc::new(SeededRandom::new(1)),
        people: Arc::new(Somebody),
        nav: vec![
            entry(NavGroup::Work, "web.pages", "/work").primary(),
            entry(NavGroup::Contracts, "web.nav_contracts", "/contracts").primary(),
            entry(NavGroup::Customers, "web.nav_customers", "/customers").primary(),
            entry(NavGroup::Admin, "web.nav_admin", "/admin"),
        ],
        bell: None,
        menu: Vec::new(),
        search: Some("/search".to_owned()),
        zone: zone("Asia/Shanghai"),
        secure: false,
        events: Events::default(),
    })
    .unwrap()
}

struct Somebody;

#[async_trait]
impl People for Somebody {
    async fn by_session(&self, _: &Token) -> Result<Option<Person>, Error> {
        Ok(Some(Person {
            user: UserId::new(1),
            name: "Zhang San".to_owned(),
            note: "Sales".to_owned(),
            lang: None,
            powers: ["admin".to_owned()].into(),
            first: None,
            proof: Arc::new(()),
        }))
    }

    async fn by_api_token(&self, _: &Token) -> Result<Option<Person>, Error> {
        Ok(None)
    }

    async fn choose_language(&self, _: &Person, _: Lang) -> Result<(), Error> {
        Ok(())
    }
}
