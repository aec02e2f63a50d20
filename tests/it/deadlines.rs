//! Warnings are raised once, move with their date, are gone with their reason, and reach whoever a rule means on that day.

use std::sync::Arc;
use std::time::Duration;

use qiyue::db::{Conn, Db, DbError};
use qiyue::deadline::{self, Deadlines, Hearer, Moment, NewDue, Warn};
use qiyue::i18n::{Lang, Message};
use qiyue::kernel::{Clock, OfficeHours, Ref, Span, Timestamp, UserId};
use qiyue::org::UserFields;

use crate::notify::Post;
use crate::org::fields;
use crate::support::on_both;

const CONTRACT: Ref = Ref::new("contract", 12);

/// A contract of 李, who works for 王, in a company with an accountant.
struct Watched {
    post: Post,
    deadlines: Deadlines,
    db: Db,
    li: UserId,
    wang: UserId,
    accountant: UserId,
}

impl Watched {
    async fn new(db: Db) -> Self {
        let post = Post::new(db.clone(), None).await;
        let (org, admin) = (&post.house.org, &post.house.admin);
        let (wang, _) = org.create_user(admin, fields("wang", &[]), None).await.unwrap();
        let li = UserFields { manager: Some(wang), ..fields("li", &[]) };
        let (li, _) = org.create_user(admin, li, None).await.unwrap();
        let (accountant, _) = org.create_user(admin, fields("zhao", &["accountant"]), None).await.unwrap();
        let clock: Arc<dyn Clock> = post.house.clock.clone();
        let deadlines = Deadlines::new(db.clone(), clock, org.clone(), OfficeHours::default());
        Self { post, deadlines, db, li, wang, accountant }
    }

    fn expires(&self, due: Moment, warn: Warn) -> NewDue {
        NewDue {
            subject: CONTRACT,
            source: "expires".into(),
            title: Message::of("notify.test_subject"),
            due,
            owner: self.li,
            department: None,
            warn,
            path: "/contracts/12".into(),
        }
    }

    async fn put(&self, due: Moment, warn: Warn) {
        let (new, now) = (self.expires(due, warn), self.post.now());
        let unit = async move |c: &mut Conn<'_>| deadline::put(c, &new, now, &OfficeHours::default()).await;
        self.db.write(unit).await.map_err(|error: DbError| error).unwrap();
    }

    async fn warn(&self, warn: Warn) -> bool {
        let now = self.post.now();
        let unit = async move |c: &mut Conn<'_>| {
            deadline::warn(c, &CONTRACT, "expires", &warn, now, &OfficeHours::default()).await
        };
        self.db.write(unit).await.map_err(|error: DbError| error).unwrap()
    }

    async fn clear(&self) -> bool {
        let now = self.post.now();
        let unit = async move |c: &mut Conn<'_>| deadline::clear(c, &CONTRACT, "expires", now).await;
        self.db.write(unit).await.map_err(|error: DbError| error).unwrap()
    }

    async fn run_at(&self, at: &str) {
        self.post.house.clock.set(format!("2026-{at}:00+08:00").parse::<Timestamp>().unwrap());
        self.deadlines.raise().await.unwrap();
        self.post.run().await;
    }

    /// What stands unread in somebody's list, the newest first.
    async fn unread(&self, person: UserId) -> Vec<String> {
        let inbox = self.post.notify.inbox(person, true, None).await.unwrap();
        let subject = |headline| self.post.notify.subject(headline, Lang::Zh);
        inbox.messages.iter().map(|message| subject(&message.headline)).collect()
    }
}

fn on(day: &str) -> Moment {
    Moment::On(format!("2026-{day}").parse().unwrap())
}

fn before(days: &[u32], hearers: &[Hearer]) -> Warn {
    let before = days.iter().map(|days| Span::Days(*days)).collect();
    Warn { before, hearers: hearers.to_vec(), escalate_after: None }
}

fn owner(days: &[u32]) -> Warn {
    before(days, &[Hearer::Owner])
}

#[tokio::test]
async fn a_warning_is_raised_once_when_its_time_comes() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[7])).await;
        watched.run_at("03-24T08:59").await;
        assert_eq!(watched.unread(watched.li).await, [""; 0]);
        watched.run_at("03-24T09:00").await;
        let said = ["【到期提醒】契约 Qiyue 测试邮件 · 员工li · 2026年3月31日（还有 7 天）"];
        assert_eq!(watched.unread(watched.li).await, said);
        watched.run_at("03-30T09:00").await;
        assert_eq!(watched.unread(watched.li).await, said);
    })
    .await;
}

#[tokio::test]
async fn several_rules_reach_several_people_each_at_its_time() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[20, 7])).await;
        let rule = before(&[7], &[Hearer::ManagerOfOwner, Hearer::Role("accountant".into())]);
        assert!(watched.warn(rule.clone()).await);
        assert!(watched.warn(rule).await, "the same rule twice counts once");
        watched.run_at("03-11T09:00").await;
        let count = async |person| watched.unread(person).await.len();
        assert_eq!((count(watched.li).await, count(watched.wang).await), (1, 0));
        watched.run_at("03-24T09:00").await;
        assert_eq!((count(watched.li).await, count(watched.wang).await, count(watched.accountant).await), (2, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn who_hears_is_found_on_the_day() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), before(&[7], &[Hearer::Role("accountant".into())])).await;
        let house = &watched.post.house;
        let version = house.version(watched.accountant).await;
        house.org.set_user_active(&house.admin, watched.accountant, version, false).await.unwrap();
        let (new, _) = house.org.create_user(&house.admin, fields("qian", &["accountant"]), None).await.unwrap();
        watched.run_at("03-24T09:00").await;
        assert_eq!((watched.unread(watched.accountant).await.len(), watched.unread(new).await.len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_warning_moves_with_its_date_and_what_was_said_of_the_old_one_is_settled() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[7])).await;
        watched.run_at("03-24T09:00").await;
        watched.put(on("06-30"), owner(&[7])).await;
        assert_eq!(watched.unread(watched.li).await, [""; 0]);
        watched.run_at("03-31T09:00").await;
        assert_eq!(watched.unread(watched.li).await, [""; 0]);
        watched.run_at("06-23T09:00").await;
        assert!(watched.unread(watched.li).await[0].contains("2026年6月30日"));
    })
    .await;
}

#[tokio::test]
async fn an_added_rule_moves_with_the_date_too() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[7])).await;
        watched.warn(before(&[7], &[Hearer::ManagerOfOwner])).await;
        watched.put(on("06-30"), owner(&[7])).await;
        watched.run_at("06-23T09:00").await;
        assert_eq!(watched.unread(watched.wang).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn saying_the_same_again_is_heard_once() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[7])).await;
        watched.run_at("03-24T09:00").await;
        watched.put(on("03-31"), owner(&[7])).await;
        watched.run_at("03-25T09:00").await;
        assert_eq!(watched.unread(watched.li).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_warning_is_gone_with_its_reason() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[7, 0])).await;
        watched.run_at("03-24T09:00").await;
        assert_eq!(watched.unread(watched.li).await.len(), 1);
        assert!(watched.clear().await);
        assert!(!watched.clear().await);
        watched.run_at("03-31T09:00").await;
        assert_eq!(watched.unread(watched.li).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn when_nobody_reacts_the_manager_hears_of_it() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        let warn = Warn { escalate_after: Some(Span::Days(3)), ..owner(&[0]) };
        watched.put(on("03-02"), warn).await;
        watched.run_at("03-05T17:59").await;
        assert_eq!(watched.unread(watched.wang).await, [""; 0]);
        watched.run_at("03-05T18:00").await;
        let said = ["【逾期未处理】契约 Qiyue 测试邮件 · 员工li · 2026年3月2日（已逾期 3 天）"];
        assert_eq!(watched.unread(watched.wang).await, said);
    })
    .await;
}

#[tokio::test]
async fn a_follow_up_at_ten_is_told_of_at_ten_to_ten() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        let warn = Warn { before: vec![Span::Minutes(10)], hearers: vec![Hearer::Owner], escalate_after: None };
        watched.put(Moment::At("2026-03-03T10:00:00+08:00".parse().unwrap()), warn).await;
        watched.run_at("03-03T09:49").await;
        assert_eq!(watched.unread(watched.li).await, [""; 0]);
        watched.run_at("03-03T09:50").await;
        assert_eq!(watched.unread(watched.li).await, ["【到期提醒】契约 Qiyue 测试邮件 · 员工li · 今天10:00前"]);
    })
    .await;
}

#[tokio::test]
async fn several_processes_raise_a_warning_once() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        watched.put(on("03-31"), owner(&[7])).await;
        watched.post.house.clock.set("2026-03-24T09:00:00+08:00".parse().unwrap());
        let processes = (0..4).map(|_| {
            let deadlines = watched.deadlines.clone();
            tokio::spawn(async move { deadlines.raise().await.unwrap() })
        });
        let mut raised = 0;
        for process in processes.collect::<Vec<_>>() {
            raised += process.await.unwrap();
        }
        watched.post.run().await;
        assert_eq!((raised, watched.unread(watched.li).await.len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_year_that_the_calendar_does_not_know_is_told_to_administrators_once_and_loses_nothing() {
    on_both(async |db| {
        let watched = Watched::new(db).await;
        let warn = Warn { before: vec![Span::WorkingDays(3)], ..owner(&[]) };
        watched.put(Moment::On("2031-03-31".parse().unwrap()), warn).await;
        assert_eq!(watched.deadlines.undated().await.unwrap(), 1);
        for _ in 0..2 {
            assert_eq!(watched.deadlines.date_undated().await.unwrap(), 0);
        }
        watched.post.later(Duration::from_mins(1));
        watched.post.run().await;
        let admin = watched.post.house.admin.user.id;
        assert_eq!(watched.unread(admin).await, ["【日历缺数据】缺少 2031 年的工作日数据"]);
    })
    .await;
}
