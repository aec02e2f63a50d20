//! Messages are posted once with what they tell about, can be taken back until they leave, and then reach their readers.

mod delivery;
mod mail;
mod pages;

use std::sync::Arc;
use std::time::Duration;

use qiyue::db::{Conn, Db, DbError};
use qiyue::i18n::Message;
use qiyue::jobs::{Handlers, Jobs};
use qiyue::kernel::{
    Amount, Channel, Clock, Currency, Money, OfficeHours, Ref, SeededRandom, SystemRandom, Timestamp, Token, UserId,
};
use qiyue::mail::{Account, KeyFile, Mailer};
use qiyue::notify::{self, Email, EmailFilter, Fact, Headline, Link, MAIL, NewMessage, Notify, Urgency};
use qiyue::org::{Action, Scope, UserFields};
use qiyue::params;

use crate::org::{House, fields};
use crate::support::{Smtp, on_both};

/// The address that people type.
const PUBLIC: &str = "https://qiyue.example.cn";

/// A company whose messages leave, or are kept where there is no server.
pub(crate) struct Post {
    pub(crate) house: House,
    pub(crate) notify: Notify,
    handlers: Handlers,
    jobs: Jobs,
    _folder: tempfile::TempDir,
}

impl Post {
    /// With that server, named where the program is started.
    pub(crate) async fn new(db: Db, smtp: Option<&Smtp>) -> Self {
        let server = smtp.map(|smtp| format!("smtp://127.0.0.1:{}?from=qiyue@example.cn", smtp.port()));
        Self::with(db, server.as_deref()).await
    }

    async fn with(db: Db, server: Option<&str>) -> Self {
        let house = House::new(db.clone()).await;
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = house.clock.clone();
        let fixed = server.map(|server| Account::from_url(server).unwrap());
        let key = KeyFile::in_folder(folder.path());
        let mailer = Mailer::new(db.clone(), Arc::clone(&clock), Arc::new(SystemRandom), key, fixed);
        let notify =
            Notify::new(db.clone(), Arc::clone(&clock), mailer, PUBLIC.to_owned(), OfficeHours::default(), &[7; 16]);
        let handlers = Handlers::default().with(Arc::new(notify.clone()));
        Self { handlers, jobs: Jobs::new(db, clock), house, notify, _folder: folder }
    }

    /// A person with an address, and the language of their messages.
    pub(crate) async fn person(&self, login: &str, lang: &str) -> UserId {
        let fields = UserFields { email: format!("{login}@example.cn"), ..fields(login, &[]) };
        let (id, _) = self.house.org.create_user(&self.house.admin, fields, None).await.unwrap();
        self.house.org.choose_language(id, qiyue::i18n::Lang::from_code(lang).unwrap()).await.unwrap();
        id
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.house.clock.now()
    }

    pub(crate) fn later(&self, span: Duration) {
        self.house.clock.advance(span);
    }

    /// Something to decide, until six in the evening.
    fn message(&self, key: &str, to: UserId) -> NewMessage {
        NewMessage {
            key: key.to_owned(),
            to,
            kind: "test.opened",
            about: Some(Ref::new("contract", 12)),
            headline: Headline {
                label: Message::of("notify.kind"),
                title: "软件服务合同".to_owned(),
                amount: Some(Money::new(Amount::from_units(1_280_000), Currency::CNY)),
                facts: vec![
                    Fact::Text("XX科技".to_owned()),
                    Fact::Text("张三".to_owned()),
                    Fact::Due("2026-03-02T18:00:00+08:00".parse().unwrap()),
                ],
            },
            lines: vec![Message::of("notify.test_text")],
            link: Link::Action { page: "/approvals/7".to_owned(), prefix: "/a/".to_owned(), token: token() },
            urgency: Urgency::Normal,
            not_before: self.now(),
        }
    }

    pub(crate) async fn post(&self, message: NewMessage) -> bool {
        let unit = async move |c: &mut Conn<'_>| notify::post(c, &message).await;
        let posted: Result<bool, DbError> = self.house.db.write(unit).await;
        posted.unwrap()
    }

    /// What the loop does by itself, until nothing is left.
    pub(crate) async fn run(&self) {
        for _ in 0..10 {
            let done = self.notify.deliver().await.unwrap() + self.jobs.run_due(&self.handlers).await.unwrap();
            if done == 0 {
                return;
            }
        }
        panic!("there is always something left to do");
    }

    fn administrator(&self) -> Scope {
        self.house.admin.scope(&MAIL, Action::Administer).unwrap()
    }

    /// The outbox, the newest first.
    async fn emails(&self) -> Vec<Email> {
        let lang = qiyue::i18n::Lang::Zh;
        let (emails, _) = self.notify.emails(&self.administrator(), EmailFilter::default(), lang).await.unwrap();
        emails.into_iter().map(|listed| listed.email).collect()
    }

    fn actor(&self) -> qiyue::kernel::Actor {
        qiyue::kernel::Actor::person(self.house.admin.user.id, Channel::Page)
    }

    /// How many secrets stand in the outbox.
    async fn secrets(&self) -> i64 {
        const SECRETS: &str = "SELECT count(*) FROM message WHERE action_path IS NOT NULL";
        let found: Result<(i64,), DbError> = self.house.db.read(async |c| c.one(SECRETS, params![]).await).await;
        found.unwrap().0
    }
}

/// The same in every message of these tests.
fn token() -> Token {
    Token::new(&SeededRandom::new(1))
}

async fn withdraw(db: &Db, key: &'static str) -> bool {
    let gone: Result<bool, DbError> = db.write(async move |c: &mut Conn<'_>| notify::withdraw(c, key).await).await;
    gone.unwrap()
}

#[tokio::test]
async fn a_message_is_posted_once_under_its_key() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let admin = post.house.admin.user.id;
        assert!(post.post(post.message("a", admin)).await);
        assert!(!post.post(post.message("a", admin)).await);
        assert!(post.post(post.message("b", admin)).await);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_has_not_left_is_taken_back_and_frees_its_key() {
    on_both(async |db| {
        let post = Post::new(db.clone(), None).await;
        let admin = post.house.admin.user.id;
        post.post(post.message("a", admin)).await;
        assert!(withdraw(&db, "a").await);
        assert!(!withdraw(&db, "a").await);
        assert!(post.post(post.message("a", admin)).await);
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_is_rolled_back_posts_nothing() {
    on_both(async |db| {
        let post = Post::new(db.clone(), None).await;
        let message = post.message("a", post.house.admin.user.id);
        let again = message.clone();
        let unit = async move |c: &mut Conn<'_>| {
            notify::post(c, &message).await?;
            Err(DbError::Busy)
        };
        let refused: Result<(), DbError> = db.write(unit).await;
        assert!(refused.is_err());
        assert!(post.post(again).await);
    })
    .await;
}
