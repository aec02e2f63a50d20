//! The same key twice counts once, and hears what the first one heard.

use qiyue::approval::{ApprovalError, Ask};
use qiyue::workflow::Act;

use super::desk::Desk;
use crate::support::on_both;

#[tokio::test]
async fn the_same_key_gets_the_first_answer_even_when_the_case_went_on() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let verdict = desk.verdict(case, 1).await;
        let ask = Ask::of_case(case, desk.actor("fang"), Act::Approve(verdict)).once("phone/1");
        let first = desk.approvals.act(ask.clone()).await.unwrap();
        desk.approve("wang", case, 2).await.unwrap();
        let again = desk.approvals.act(ask).await.unwrap();
        assert_eq!((again.first, again.last, again.decision), (first.first, first.last, Some(1)));
        assert_eq!((again.repeated, again.status), (true, first.status));
        assert_eq!(desk.state(case).await.decisions.len(), 2);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_key_twice_at_once_is_stored_once() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let say = || {
            let act = Act::Comment { text: "一次".into() };
            desk.approvals.act(Ask::of_case(case, desk.actor("fang"), act).once("comment/1"))
        };
        let (one, other) = tokio::join!(say(), say());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.first, one.last), (other.first, other.last));
        assert_ne!(one.repeated, other.repeated);
        let events = desk.approvals.events(case).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.body.contains("commented")).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_key_of_one_case_is_refused_for_another() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (one, other) = (desk.submit(1).await, desk.submit(2).await);
        let say = |case| {
            let act = Act::Comment { text: "一次".into() };
            desk.approvals.act(Ask::of_case(case, desk.actor("fang"), act).once("comment/1"))
        };
        say(one).await.unwrap();
        let before = desk.row(other).await.head;
        assert!(matches!(say(other).await, Err(ApprovalError::KeyUsed(key)) if key == "comment/1"));
        assert_eq!(desk.row(other).await.head, before);
    })
    .await;
}

#[tokio::test]
async fn a_refused_command_leaves_its_key_free() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let verdict = desk.verdict(case, 1).await;
        let ask = |login| Ask::of_case(case, desk.actor(login), Act::Approve(verdict.clone())).once("phone/1");
        assert!(matches!(desk.approvals.act(ask("zhang")).await, Err(ApprovalError::Refused(_))));
        let done = desk.approvals.act(ask("fang")).await.unwrap();
        assert!(!done.repeated);
    })
    .await;
}
