//! From the outbox to the list and the mail server.

use std::time::Duration;

use qiyue::db::{Conn, DbError, audit_of};
use qiyue::kernel::Ref;
use qiyue::mail::ServerFields;
use qiyue::notify::{self, Choice, EmailState, NewMessage, NotifyError, Urgency};

use super::{Post, token};
use crate::support::{Smtp, on_both};

fn night() -> Duration {
    // From nine in the morning to eleven at night.
    Duration::from_hours(14)
}

#[tokio::test]
async fn a_message_is_read_from_the_mail_server_with_its_link() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let before = smtp.mails().len();
        let post = Post::new(db, Some(&smtp)).await;
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        let mail = smtp.wait_for("li@example.cn", "软件服务合同").await;
        assert_eq!(mail.subject, "【邮件】软件服务合同 ¥128.00万 · XX科技 · 张三 · 今天18:00前");
        assert_eq!(mail.links()[0], format!("https://qiyue.example.cn/a/{}", token().reveal()));
        assert!(mail.html.contains(&token().reveal()) && mail.headers["auto-submitted"] == "auto-generated");
        assert_eq!(smtp.mails().len(), before + 1);
        let inbox = post.notify.inbox(li, false, None).await.unwrap();
        assert_eq!((inbox.unread, inbox.messages[0].path.as_deref()), (1, Some("/approvals/7")));
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_written_in_the_language_of_its_reader() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let post = Post::new(db, Some(&smtp)).await;
        let ada = post.person("ada", "en").await;
        post.post(post.message("a", ada)).await;
        post.run().await;
        let mail = smtp.wait_for("ada@example.cn", "[Mail]").await;
        assert!(mail.subject.ends_with("· by 18:00 today"), "{}", mail.subject);
        assert!(mail.text.contains("Open: https://"), "{}", mail.text);
    })
    .await;
}

#[tokio::test]
async fn the_secret_is_blanked_when_the_server_has_taken_the_mail() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let post = Post::new(db, Some(&smtp)).await;
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        assert_eq!(post.secrets().await, 1);
        post.run().await;
        assert_eq!(post.secrets().await, 0);
        assert_eq!(post.emails().await[0].state, EmailState::Sent);
    })
    .await;
}

#[tokio::test]
async fn the_secret_is_blanked_at_once_where_no_mail_will_go() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let (nobody, _) = post.house.person("without-address", &[]).await;
        let silent = post.person("silent", "zh").await;
        post.notify.choose(silent, Choice { program: true, email: false, version: 0 }).await.unwrap();
        post.post(post.message("a", nobody)).await;
        post.post(post.message("b", silent)).await;
        post.run().await;
        assert_eq!(post.secrets().await, 0);
        assert_eq!(post.emails().await, []);
        assert_eq!(post.notify.unread(silent).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_outage_of_the_server_loses_nothing_and_the_mail_arrives_once() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let down = Smtp::start().unwrap();
        let port = down.port();
        let post = Post::new(db, Some(&down)).await;
        drop(down);
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        let waiting = post.emails().await.remove(0);
        assert_eq!((waiting.state, waiting.attempts), (EmailState::Waiting, 1));
        assert_eq!(waiting.reason.unwrap().key(), "mail.error.undelivered");
        assert_eq!(post.secrets().await, 1);

        let up = Smtp::start_at(port).unwrap();
        post.later(Duration::from_secs(10));
        post.run().await;
        post.later(Duration::from_hours(100));
        post.run().await;
        assert_eq!(up.wait_for("li@example.cn", "软件服务合同").await.links()[0].len(), 27 + 43);
        assert_eq!(up.mails().len(), 1);
        assert_eq!((post.emails().await[0].state, post.secrets().await), (EmailState::Sent, 0));
    })
    .await;
    drop(smtp);
}

#[tokio::test]
async fn what_the_server_refuses_for_good_stands_in_the_list_until_somebody_sends_it_again() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let before = smtp.mails().len();
        let post = Post::new(db, Some(&smtp)).await;
        let id = post.person("refused", "zh").await;
        post.post(post.message("a", id)).await;
        post.run().await;
        let failed = post.emails().await.remove(0);
        assert_eq!((failed.state, failed.attempts), (EmailState::Failed, 1));
        let said = qiyue::i18n::text(qiyue::i18n::Lang::En, &failed.reason.unwrap());
        assert!(
            said.starts_with("The mail has not left. The server said:") && said.contains("no such person here"),
            "{said}"
        );

        let fields = qiyue::org::UserFields { email: "found@example.cn".into(), ..crate::org::fields("refused", &[]) };
        let version = post.house.version(id).await;
        post.house.org.edit_user(&post.house.admin, id, version, fields).await.unwrap();
        post.notify.send_again(&post.administrator(), post.actor(), failed.id).await.unwrap();
        post.run().await;
        smtp.wait_for("found@example.cn", "软件服务合同").await;
        assert_eq!(smtp.mails().len(), before + 1);
        let again = post.notify.send_again(&post.administrator(), post.actor(), failed.id).await;
        assert!(matches!(again, Err(NotifyError::NotWaiting)));
    })
    .await;
}

#[tokio::test]
async fn when_the_server_was_mended_what_waits_leaves_at_once() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let before = smtp.mails().len();
        let post = Post::new(db, None).await;
        let server = |port: u16| ServerFields {
            host: "127.0.0.1".into(),
            port: port.to_string(),
            security: "none".into(),
            sender: "qiyue@example.cn".into(),
            ..ServerFields::default()
        };
        post.notify.mailer().save(post.actor(), &server(1), 0).await.unwrap();
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        post.notify.mailer().save(post.actor(), &server(smtp.port()), 1).await.unwrap();
        assert_eq!(post.notify.send_unsent(&post.administrator(), post.actor()).await.unwrap(), 1);
        post.run().await;
        post.later(Duration::from_hours(100));
        post.run().await;
        smtp.wait_for("li@example.cn", "软件服务合同").await;
        assert_eq!(smtp.mails().len(), before + 1);
    })
    .await;
}

#[tokio::test]
async fn after_the_last_attempt_a_mail_is_given_up_and_listed() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let post = Post::new(db, Some(&smtp)).await;
        let busy = post.person("busy", "zh").await;
        post.post(post.message("a", busy)).await;
        post.run().await;
        for wait in qiyue::jobs::BACKOFF {
            assert_eq!(post.emails().await[0].state, EmailState::Waiting);
            post.later(Duration::from_secs(wait));
            post.run().await;
        }
        let given_up = post.emails().await.remove(0);
        assert_eq!((given_up.state, given_up.attempts), (EmailState::Failed, 10));
    })
    .await;
}

#[tokio::test]
async fn without_a_server_a_mail_is_kept_and_shown_with_its_link() {
    on_both(async |db| {
        let post = Post::new(db.clone(), None).await;
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        let kept = post.emails().await.remove(0);
        assert_eq!(kept.state, EmailState::Kept);
        let opened = post.notify.open_email(&post.administrator(), post.actor(), kept.id).await.unwrap();
        assert!(opened.secret && opened.text.contains(&token().reveal()) && opened.html.contains(&token().reveal()));
        let subject = Ref::new("email", kept.id.get());
        let read = async move |c: &mut Conn<'_>| audit_of(c, &subject, None, 5).await;
        let audit = db.read(read).await.unwrap();
        assert_eq!((audit[0].action.as_str(), audit[0].actor), ("mail.opened", post.actor()));
    })
    .await;
}

#[tokio::test]
async fn with_a_server_nobody_reads_the_link_of_another_and_what_was_kept_can_be_sent() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let before = smtp.mails().len();
        let post = Post::new(db, None).await;
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        let kept = post.emails().await.remove(0).id;
        let refused = post.notify.send_again(&post.administrator(), post.actor(), kept).await;
        assert!(refused.is_err(), "there is no server yet");

        let fields = ServerFields {
            host: "127.0.0.1".into(),
            port: smtp.port().to_string(),
            security: "none".into(),
            sender: "qiyue@example.cn".into(),
            ..ServerFields::default()
        };
        post.notify.mailer().save(post.actor(), &fields, 0).await.unwrap();
        let opened = post.notify.open_email(&post.administrator(), post.actor(), kept).await.unwrap();
        assert!(!opened.secret && !opened.text.contains(&token().reveal()) && !opened.html.contains(&token().reveal()));
        assert_eq!(post.notify.send_unsent(&post.administrator(), post.actor()).await.unwrap(), 1);
        post.run().await;
        let mail = smtp.wait_for("li@example.cn", "软件服务合同").await;
        assert!(mail.text.contains(&token().reveal()));
        assert_eq!((smtp.mails().len(), post.secrets().await), (before + 1, 0));
    })
    .await;
}

#[tokio::test]
async fn what_was_withdrawn_before_its_time_reaches_nobody() {
    on_both(async |db| {
        let post = Post::new(db.clone(), None).await;
        let li = post.person("li", "zh").await;
        let undo = post.now().plus(Duration::from_secs(10));
        post.post(NewMessage { not_before: undo, ..post.message("a", li) }).await;
        post.run().await;
        assert_eq!(post.notify.inbox(li, false, None).await.unwrap().messages, []);
        assert!(super::withdraw(&db, "a").await);
        post.later(Duration::from_secs(10));
        post.run().await;
        assert_eq!(post.notify.inbox(li, false, None).await.unwrap().messages, []);
        assert_eq!(post.emails().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_is_settled_before_its_mail_leaves_is_read_and_needs_none() {
    on_both(async |db| {
        let post = Post::new(db.clone(), None).await;
        let li = post.person("li", "zh").await;
        post.later(night());
        post.post(post.message("task/1/a", li)).await;
        post.run().await;
        assert_eq!(post.notify.unread(li).await.unwrap(), 1);
        let now = post.now();
        let unit = async move |c: &mut Conn<'_>| notify::over_all(c, "task/1/", now).await;
        let settled: Result<u64, DbError> = db.write(unit).await;
        assert_eq!(settled, Ok(1));
        assert_eq!((post.notify.unread(li).await.unwrap(), post.secrets().await), (0, 0));
        post.later(night());
        post.run().await;
        assert_eq!(post.emails().await, []);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_waits_for_the_server_is_dropped_when_what_it_tells_is_settled() {
    on_both(async |db| {
        let post = Post::with(db.clone(), Some("smtp://127.0.0.1:1?from=qiyue@example.cn")).await;
        let li = post.person("li", "zh").await;
        post.post(post.message("a", li)).await;
        post.run().await;
        let now = post.now();
        let unit = async move |c: &mut Conn<'_>| notify::over(c, "a", now).await;
        let settled: Result<bool, DbError> = db.write(unit).await;
        assert_eq!(settled, Ok(true));
        post.later(Duration::from_secs(10));
        post.run().await;
        assert_eq!(post.emails().await[0].state, EmailState::Dropped);
    })
    .await;
}

#[tokio::test]
async fn reminders_of_one_person_make_one_mail() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let before = smtp.mails().len();
        let post = Post::new(db, Some(&smtp)).await;
        let (li, wang) = (post.person("li", "zh").await, post.person("wang", "zh").await);
        for (key, to) in [("a", li), ("b", li), ("c", wang)] {
            post.post(NewMessage { urgency: Urgency::Reminder, ..post.message(key, to) }).await;
            post.run().await;
            post.later(Duration::from_mins(1));
        }
        assert_eq!(smtp.mails().len(), before);
        post.later(Duration::from_mins(5));
        post.run().await;
        let mail = smtp.wait_for("li@example.cn", "2 条提醒").await;
        assert_eq!(mail.text.matches("软件服务合同").count(), 2);
        smtp.wait_for("wang@example.cn", "【邮件】").await;
        assert_eq!(smtp.mails().len(), before + 2);
    })
    .await;
}

#[tokio::test]
async fn a_reminder_that_was_read_in_the_program_needs_no_mail() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let li = post.person("li", "zh").await;
        for key in ["a", "b"] {
            post.post(NewMessage { urgency: Urgency::Reminder, ..post.message(key, li) }).await;
        }
        post.run().await;
        post.later(Duration::from_mins(1));
        for message in post.notify.inbox(li, true, None).await.unwrap().messages {
            post.notify.read_message(li, message.id).await.unwrap();
        }
        post.later(Duration::from_mins(10));
        post.run().await;
        assert_eq!((post.emails().await, post.secrets().await), (vec![], 0));
    })
    .await;
}

#[tokio::test]
async fn at_night_only_what_is_urgent_leaves() {
    let Some(smtp) = Smtp::start() else { return };
    on_both(async |db| {
        let before = smtp.mails().len();
        let post = Post::new(db, Some(&smtp)).await;
        let (li, wang) = (post.person("li", "zh").await, post.person("wang", "zh").await);
        post.later(night());
        post.post(post.message("a", li)).await;
        post.post(NewMessage { urgency: Urgency::Urgent, ..post.message("b", wang) }).await;
        post.run().await;
        smtp.wait_for("wang@example.cn", "软件服务合同").await;
        assert_eq!((smtp.mails().len(), post.notify.unread(li).await.unwrap()), (before + 1, 1));
        post.later(Duration::from_hours(9));
        post.run().await;
        smtp.wait_for("li@example.cn", "软件服务合同").await;
        assert_eq!(smtp.mails().len(), before + 2);
    })
    .await;
}

#[tokio::test]
async fn several_processes_hand_a_message_out_once() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let li = post.person("li", "zh").await;
        for key in ["a", "b", "c", "d", "e", "f"] {
            post.post(post.message(key, li)).await;
        }
        let processes = (0..4).map(|_| {
            let notify = post.notify.clone();
            tokio::spawn(async move { notify.deliver().await.unwrap() })
        });
        for process in processes.collect::<Vec<_>>() {
            process.await.unwrap();
        }
        post.run().await;
        assert_eq!(post.notify.inbox(li, false, None).await.unwrap().messages.len(), 6);
        assert_eq!(post.emails().await.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn who_wants_no_mark_finds_messages_read_and_one_way_has_to_be_left() {
    on_both(async |db| {
        let post = Post::new(db, None).await;
        let li = post.person("li", "zh").await;
        let choose = async |program, email, version| post.notify.choose(li, Choice { program, email, version }).await;
        assert!(matches!(choose(false, false, 0).await, Err(NotifyError::NoWay)));
        choose(false, true, 0).await.unwrap();
        assert!(matches!(choose(true, true, 0).await, Err(NotifyError::Changed)));
        post.post(post.message("a", li)).await;
        post.run().await;
        let inbox = post.notify.inbox(li, false, None).await.unwrap();
        assert_eq!((inbox.messages.len(), inbox.unread, post.emails().await.len()), (1, 0, 1));
    })
    .await;
}
