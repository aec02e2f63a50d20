//! The mail server is set up by an administrator or where the program is started; its password stays where it is.

use qiyue::db::{DbError, setting};
use qiyue::i18n::Explain as _;
use qiyue::mail::{MailError, ServerFields};
use qiyue::notify::NotifyError;

use super::Post;
use crate::support::{Smtp, on_both};

fn typed(port: u16) -> ServerFields {
    ServerFields {
        host: "127.0.0.1".into(),
        port: port.to_string(),
        security: "none".into(),
        user: "qiyue".into(),
        password: "geheim-4711".into(),
        sender: "qiyue@example.cn".into(),
        sender_name: "契约".into(),
    }
}

#[tokio::test]
async fn the_password_is_stored_sealed_and_kept_when_none_is_typed() {
    on_both(async |db| {
        let post = Post::new(db.clone(), None).await;
        let mailer = post.notify.mailer();
        mailer.save(post.actor(), &typed(25), 0).await.unwrap();
        let stored: Result<_, DbError> = db.read(async |c| setting(c, "mail").await).await;
        let stored = stored.unwrap().unwrap().value;
        assert!(stored.contains("127.0.0.1") && !stored.contains("geheim"), "{stored}");
        let renamed = ServerFields { password: String::new(), sender_name: "合同".into(), ..typed(25) };
        mailer.save(post.actor(), &renamed, 1).await.unwrap();
        let current = mailer.current().await.unwrap();
        assert!(current.has_password && current.server.unwrap().sender_name == "合同");
    })
    .await;
}

#[tokio::test]
async fn a_kept_password_is_not_sent_to_another_server() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let mailer = post.notify.mailer();
        let without = |port| ServerFields { password: String::new(), ..typed(port) };
        assert_eq!(mailer.save(post.actor(), &without(25), 0).await, Err(MailError::PasswordMissing));
        mailer.save(post.actor(), &typed(25), 0).await.unwrap();
        assert_eq!(mailer.save(post.actor(), &without(26), 1).await, Err(MailError::PasswordAgain));
        let elsewhere = ServerFields { host: "evil.example.cn".into(), ..without(25) };
        assert_eq!(mailer.save(post.actor(), &elsewhere, 1).await, Err(MailError::PasswordAgain));
        assert_eq!(mailer.save(post.actor(), &typed(26), 0).await, Err(MailError::Changed));
    })
    .await;
}

#[tokio::test]
async fn a_server_named_at_the_start_rules() {
    on_both(async |db| {
        let post = Post::with(db, Some("smtp://127.0.0.1:2525?from=qiyue@example.cn")).await;
        let current = post.notify.mailer().current().await.unwrap();
        assert!(current.fixed && current.server.unwrap().port == 2525);
        assert_eq!(post.notify.mailer().save(post.actor(), &typed(25), 0).await, Err(MailError::FixedAtStart));
        assert_eq!(post.notify.mailer().remove(post.actor(), 0).await, Err(MailError::FixedAtStart));
    })
    .await;
}

#[tokio::test]
async fn a_test_mail_says_what_the_server_answered() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let post = Post::new(db, Some(&smtp)).await;
        let lang = qiyue::i18n::Lang::En;
        let test = async |to| post.notify.send_test(&post.administrator(), to, lang).await;
        test("boss@example.cn").await.unwrap();
        smtp.wait_for("boss@example.cn", "Test mail").await;
        assert!(matches!(test("nobody").await, Err(NotifyError::Address)));
        let refused = test("refused@example.cn").await.unwrap_err();
        assert!(qiyue::i18n::text(lang, &refused.message()).contains("550"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_was_taken_away_keeps_mails_from_then_on() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let fields = ServerFields { user: String::new(), password: String::new(), ..typed(1) };
        post.notify.mailer().save(post.actor(), &fields, 0).await.unwrap();
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        post.notify.mailer().remove(post.actor(), 1).await.unwrap();
        post.later(std::time::Duration::from_secs(10));
        post.run().await;
        assert_eq!(post.emails().await[0].state, qiyue::notify::EmailState::Kept);
    })
    .await;
}
