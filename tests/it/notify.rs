//! Messages are posted once with what they tell about, and can be taken back until they leave.

use std::time::Duration;

use qiyue::db::{Conn, Db, DbError};
use qiyue::i18n::Message;
use qiyue::kernel::{Ref, SeededRandom, Timestamp, Token, UserId};
use qiyue::notify::{self, Fact, Headline, Link, NewMessage, Urgency};

use crate::support::on_both;

const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);

fn message(key: &str) -> NewMessage {
    NewMessage {
        key: key.to_owned(),
        to: UserId::new(3),
        kind: "test.opened",
        about: Some(Ref::new("contract", 12)),
        headline: Headline {
            label: Message::of("jobs.panicked"),
            title: "软件服务合同".to_owned(),
            amount: None,
            facts: vec![Fact::Text("张三".to_owned()), Fact::Due(NOW)],
        },
        lines: Vec::new(),
        link: Link::Action {
            page: "/approvals/7".to_owned(),
            prefix: "/a/".to_owned(),
            token: Token::new(&SeededRandom::new(1)),
        },
        urgency: Urgency::Normal,
        not_before: NOW.plus(Duration::from_secs(10)),
    }
}

async fn post(db: &Db, key: &str) -> bool {
    let message = message(key);
    let posted: Result<bool, DbError> = db.write(async move |c: &mut Conn<'_>| notify::post(c, &message).await).await;
    posted.unwrap()
}

async fn withdraw(db: &Db, key: &'static str) -> bool {
    let gone: Result<bool, DbError> = db.write(async move |c: &mut Conn<'_>| notify::withdraw(c, key).await).await;
    gone.unwrap()
}

#[tokio::test]
async fn a_message_is_posted_once_under_its_key() {
    on_both(async |db| {
        assert!(post(&db, "a").await);
        assert!(!post(&db, "a").await);
        assert!(post(&db, "b").await);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_has_not_left_is_taken_back_and_frees_its_key() {
    on_both(async |db| {
        post(&db, "a").await;
        assert!(withdraw(&db, "a").await);
        assert!(!withdraw(&db, "a").await);
        assert!(post(&db, "a").await);
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_is_rolled_back_posts_nothing() {
    on_both(async |db| {
        let refused: Result<(), DbError> = db
            .write(async |c: &mut Conn<'_>| {
                notify::post(c, &message("a")).await?;
                Err(DbError::Busy)
            })
            .await;
        assert!(refused.is_err());
        assert!(post(&db, "a").await);
    })
    .await;
}
