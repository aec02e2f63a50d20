//! Follow-ups are planned, fall due, remind, and are told on the timeline when they are done.

use std::time::Duration;

use qiyue::db::{Conn, DbError};
use qiyue::kernel::Timestamp;
use qiyue::record::Filter;

use super::{CUSTOMER, Desk, FOLLOW_UP, OPPORTUNITY, actor, refused};
use crate::support::on_both;

/// Tomorrow at ten in the morning in Shanghai.
const PLANNED: &str = "2026-03-03T10:00";

fn planned() -> Timestamp {
    "2026-03-03T02:00:00Z".parse().unwrap()
}

async fn follow_up(desk: &Desk, other: &[(&str, &str)]) -> (i64, i64) {
    let customer = desk.customer("甲公司").await;
    let text = customer.to_string();
    let fields = [("subject", "电话回访"), ("customer", text.as_str()), ("planned_at", PLANNED), ("content", "问需求")];
    (customer, desk.make(FOLLOW_UP, desk.seller, &super::with(&fields, other)).await.unwrap())
}

async fn warnings(desk: &Desk) -> Vec<Timestamp> {
    const OPEN: &str = "
        SELECT w.at FROM due_warning AS w JOIN due_item AS i ON i.id = w.item WHERE i.cleared_at IS NULL ORDER BY w.at";
    let read: Result<Vec<(Timestamp,)>, DbError> =
        desk.house.db.read(async |c: &mut Conn<'_>| c.all(OPEN, &[]).await).await;
    read.unwrap().into_iter().map(|(at,)| at).collect()
}

#[tokio::test]
async fn r4_a_plan_at_ten_reminds_ten_minutes_before() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (customer, id) = follow_up(&desk, &[]).await;
        assert_eq!(desk.due().await, [(id, planned())]);
        assert_eq!(warnings(&desk).await, [planned().minus(Duration::from_mins(10))]);
        let told = desk.records().whole(desk.seller, CUSTOMER, customer).await.unwrap().timeline;
        assert_eq!((told[0].head.key(), told[0].text.as_str()), ("crm.timeline.planned", "问需求"));
        desk.change(FOLLOW_UP, desk.seller, id, &[("remind_minutes", "30")]).await.unwrap();
        desk.change(FOLLOW_UP, desk.seller, id, &[("planned_at", "2026-03-04T10:00")]).await.unwrap();
        let moved = planned().plus(Duration::from_hours(24));
        assert_eq!(desk.due().await, [(id, moved)]);
        assert_eq!(warnings(&desk).await, [moved.minus(Duration::from_mins(30))]);
    })
    .await;
}

#[tokio::test]
async fn another_reminder_at_the_same_time_is_planned_anew() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (_, id) = follow_up(&desk, &[]).await;
        desk.change(FOLLOW_UP, desk.seller, id, &[("remind_minutes", "60")]).await.unwrap();
        assert_eq!(warnings(&desk).await, [planned().minus(Duration::from_hours(1))]);
        desk.change(FOLLOW_UP, desk.seller, id, &[("remind_minutes", "")]).await.unwrap();
        assert_eq!((warnings(&desk).await, desk.due().await.len()), (vec![], 1));
    })
    .await;
}

#[tokio::test]
async fn r17_a_finished_follow_up_is_told_on_the_timeline_and_is_due_no_more() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (customer, id) = follow_up(&desk, &[]).await;
        desk.act(FOLLOW_UP, desk.seller, (id, "start"), &[]).await.unwrap();
        assert_eq!(refused(desk.act(FOLLOW_UP, desk.seller, (id, "finish"), &[]).await)[0].1, "required");
        let done = [("result", "同意报价"), ("next_step", "寄样品")];
        desk.act(FOLLOW_UP, desk.seller, (id, "finish"), &done).await.unwrap();
        let told = desk.records().whole(desk.seller, CUSTOMER, customer).await.unwrap().timeline;
        assert_eq!((told[0].head.key(), told[0].text.as_str()), ("crm.timeline.followed_up", "同意报价\n→ 寄样品"));
        assert_eq!((desk.due().await, warnings(&desk).await), (vec![], vec![]));
        let emptied = desk.change(FOLLOW_UP, desk.seller, id, &[("result", "")]).await;
        assert_eq!(refused(emptied), [("result".to_owned(), "required")]);
    })
    .await;
}

#[tokio::test]
async fn what_is_recorded_with_its_result_is_never_due() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (customer, _) = follow_up(&desk, &[("result", "当场签单"), ("planned_at", "2026-03-01T10:00")]).await;
        assert!(desk.due().await.is_empty());
        let told = desk.records().whole(desk.seller, CUSTOMER, customer).await.unwrap().timeline;
        assert_eq!(told[0].head.key(), "crm.timeline.followed_up");
    })
    .await;
}

#[tokio::test]
async fn a_follow_up_of_an_opportunity_is_told_there_too() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let customer = desk.customer("甲公司").await.to_string();
        let new = [("title", "办公系统"), ("customer", customer.as_str())];
        let opportunity = desk.make(OPPORTUNITY, desk.seller, &new).await.unwrap().to_string();
        let fields = [
            ("subject", "演示"),
            ("customer", customer.as_str()),
            ("opportunity", opportunity.as_str()),
            ("planned_at", PLANNED),
        ];
        desk.make(FOLLOW_UP, desk.seller, &fields).await.unwrap();
        let whole = desk.records().whole(desk.seller, OPPORTUNITY, opportunity.parse().unwrap()).await.unwrap();
        assert_eq!(whole.timeline[0].head.key(), "crm.timeline.planned");
    })
    .await;
}

#[tokio::test]
async fn fu06_overdue_is_computed_and_can_be_filtered() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (_, id) = follow_up(&desk, &[]).await;
        let standing = async |word: &str| {
            let filter = Filter { fields: [("standing".to_owned(), word.to_owned())].into(), ..Filter::default() };
            desk.records().list(desk.seller, FOLLOW_UP, &filter, None).await.unwrap().rows.len()
        };
        assert_eq!([standing("pending").await, standing("started").await, standing("overdue").await], [1, 0, 0]);
        desk.act(FOLLOW_UP, desk.seller, (id, "start"), &[]).await.unwrap();
        assert_eq!([standing("pending").await, standing("started").await, standing("overdue").await], [0, 1, 0]);
        desk.house.clock.set(planned());
        assert_eq!([standing("started").await, standing("overdue").await, standing("open").await], [0, 1, 1]);
        desk.act(FOLLOW_UP, desk.seller, (id, "finish"), &[("result", "已联系")]).await.unwrap();
        assert_eq!([standing("overdue").await, standing("done").await, standing("open").await], [0, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_follow_up_is_not_due_until_it_comes_back() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (_, id) = follow_up(&desk, &[]).await;
        desk.records().delete(FOLLOW_UP, actor(desk.seller), (id, 1)).await.unwrap();
        assert!(desk.due().await.is_empty());
        desk.records().restore(FOLLOW_UP, actor(desk.seller), (id, 2)).await.unwrap();
        assert_eq!(desk.due().await, [(id, planned())]);
    })
    .await;
}
