//! The chain of a case, and a state that another program wrote.

use std::collections::BTreeSet;

use qiyue::db::{Conn, DbError};
use qiyue::kernel::Hash;
use qiyue::params;
use qiyue::workflow::{Act, Status};

use super::desk::Desk;
use crate::support::on_both;

#[tokio::test]
async fn a_state_of_another_format_is_computed_again_from_the_events() {
    const AGE: &str = "INSERT INTO approval_state (case_id, seq, format, state) \
        VALUES ($1, 1, 999, '{\"written\":\"by another program\"}')";
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        desk.approve("fang", case, 1).await.unwrap();
        let known = desk.state(case).await;
        desk.db
            .write(async move |c: &mut Conn<'_>| c.exec(AGE, params![case]).await)
            .await
            .map_err(|e: DbError| e)
            .unwrap();
        assert_eq!(desk.state(case).await, known);
        desk.approve("wang", case, 2).await.unwrap();
        assert_eq!(desk.state(case).await.status, Status::Ended);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn a_long_case_keeps_a_state_now_and_then_and_stands_where_its_events_lead() {
    const KEPT: &str = "SELECT seq FROM approval_state";
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        for number in 0..40 {
            desk.act("fang", case, Act::Comment { text: number.to_string() }).await.unwrap();
        }
        let (kept, last) = (desk.count(KEPT).await, desk.row(case).await.seq);
        assert!(kept >= 32 && kept < last, "a state of event {kept} is kept of {last} events");
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn a_case_keeps_the_version_of_its_workflow_when_another_is_published() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let old = desk.submit(1).await;
        let shorter =
            super::desk::WORKFLOW.lines().filter(|line| !line.contains("boss")).collect::<Vec<_>>().join("\n");
        let newer = desk.approvals.publish(&shorter, "paper.rhai", None).await.unwrap();
        let new = desk.submit(2).await;
        desk.approve("fang", old, 1).await.unwrap();
        desk.approve("fang", new, 1).await.unwrap();
        assert_eq!((desk.state(old).await.status, desk.row(old).await.definition), (Status::InApproval, desk.version));
        assert_eq!((desk.state(new).await.status, desk.row(new).await.definition), (Status::Ended, newer));
        desk.holds_together(old).await;
        desk.holds_together(new).await;
    })
    .await;
}

#[tokio::test]
async fn the_root_of_a_day_is_over_every_head_and_stays() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let mut heads = Vec::new();
        for id in 1..=3 {
            let case = desk.submit(id).await;
            heads.push(desk.row(case).await.head);
        }
        // Everything happened the day before.
        let day = "2026-03-03".parse().unwrap();
        desk.approvals.store_root(day).await.unwrap();
        let leaf = |head: &Hash| Hash::of_parts(&[&[0], head.as_bytes()]);
        let node = |one: Hash, other: Hash| Hash::of_parts(&[&[1], one.as_bytes(), other.as_bytes()]);
        let root = node(node(leaf(&heads[0]), leaf(&heads[1])), leaf(&heads[2]));
        assert_eq!(desk.approvals.root(day).await.unwrap(), Some((root, 3)));
        desk.submit(4).await;
        desk.approvals.store_root(day).await.unwrap();
        assert_eq!(desk.approvals.root(day).await.unwrap(), Some((root, 3)));
    })
    .await;
}

#[tokio::test]
async fn every_chain_begins_elsewhere() {
    const FIRST: &str = "SELECT hash FROM approval_event WHERE seq = $1";
    on_both(async |db| {
        let desk = Desk::new(db).await;
        for id in 1..=3 {
            desk.submit(id).await;
        }
        let read = async |c: &mut Conn<'_>| c.all(FIRST, params![1_i64]).await;
        let hashes: Result<Vec<(Hash,)>, DbError> = desk.db.read(read).await;
        let hashes: BTreeSet<_> = hashes.unwrap().into_iter().map(|(hash,)| hash.to_string()).collect();
        assert_eq!(hashes.len(), 3, "the same event in three cases has three hashes");
    })
    .await;
}
