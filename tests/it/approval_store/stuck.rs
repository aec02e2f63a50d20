//! What cannot go on waits for an administrator, says why, and goes on once it is mended.

use qiyue::approval::ApprovalError;
use qiyue::i18n::{Lang, text};
use qiyue::kernel::Clock as _;
use qiyue::workflow::{Act, Refusal, Status, StuckReason};

use super::desk::{Desk, WORKFLOW};
use crate::support::on_both;

#[tokio::test]
async fn a_case_whose_people_cannot_be_found_goes_on_when_there_are_some() {
    on_both(async |db| {
        let desk = Desk::with(db, &WORKFLOW.replace("general-manager", "president")).await;
        let case = desk.submit(1).await;
        desk.approve("fang", case, 1).await.unwrap();
        let stuck = desk.state(case).await.stuck;
        assert_eq!((stuck.len(), stuck[0].node.as_deref()), (1, Some("boss")));
        assert!(stuck[0].place.starts_with("paper.rhai:"), "{}", stuck[0].place);
        assert!(matches!(stuck[0].because, StuckReason::NobodyFound { .. }), "{:?}", stuck[0].because);
        desk.holds_together(case).await;

        desk.act("admin", case, Act::Retry).await.unwrap();
        assert_eq!(desk.state(case).await.stuck.len(), 1, "nothing was mended yet");
        let (president, _) = desk.house.person("president", &["president"]).await;
        desk.act("admin", case, Act::Retry).await.unwrap();
        let state = desk.state(case).await;
        assert!(state.stuck.is_empty());
        let asked: Vec<_> =
            state.tasks.values().filter(|task| task.open).flat_map(|task| &task.opened.candidates).collect();
        assert_eq!(asked.iter().map(|one| one.person).collect::<Vec<_>>(), [president]);
        let refused = desk.act("admin", case, Act::Retry).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::NotStuck))), "{refused:?}");
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn an_effect_that_fails_is_tried_again_then_waits_for_somebody_and_is_done_once() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        desk.approve("fang", case, 1).await.unwrap();
        desk.approve("wang", case, 2).await.unwrap();
        desk.break_printer().await;
        for (wait, tried) in [(10, 1), (10, 2), (60, 3), (300, 4), (1800, 5)] {
            desk.later(wait - 1);
            assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 0);
            assert!(desk.approvals.stuck_effects().await.unwrap().is_empty(), "after {tried}");
            desk.later(1);
            assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 0);
        }
        let stuck = desk.approvals.stuck_effects().await.unwrap();
        assert_eq!((stuck.len(), stuck[0].name.as_str(), stuck[0].attempts), (1, "tell", 5));
        let said = text(Lang::Zh, stuck[0].error.as_ref().unwrap());
        assert!(said.contains("程序内部出错"), "{said}");
        assert_eq!(desk.state(case).await.status, Status::Ended, "the case itself is not held up");

        desk.mend_printer().await;
        desk.approvals.retry_effect(stuck[0].id).await.unwrap();
        assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 1);
        assert_eq!((desk.told().await.len(), desk.approvals.stuck_effects().await.unwrap().len()), (1, 0));
        assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 0, "once");
        assert!(matches!(desk.approvals.retry_effect(stuck[0].id).await, Err(ApprovalError::NotStuck)));
    })
    .await;
}

#[tokio::test]
async fn two_loops_carry_an_effect_out_once() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        for id in 1..=8 {
            let case = desk.submit(id).await;
            desk.approve("fang", case, 1).await.unwrap();
            desk.approve("wang", case, 2).await.unwrap();
        }
        desk.later(10);
        let (one, other) = tokio::join!(desk.approvals.carry_out_effects(), desk.approvals.carry_out_effects());
        assert_eq!((one.unwrap() + other.unwrap(), desk.told().await.len()), (8, 8));
    })
    .await;
}

#[tokio::test]
async fn a_timer_that_cannot_fire_is_looked_at_a_minute_later_and_fires_once_its_record_is_back() {
    on_both(async |db| {
        let timed = r#"title: "审核", within: working_hours(2), overdue: [remind()],"#;
        let desk = Desk::with(db, &WORKFLOW.replace(r#"title: "审核","#, timed)).await;
        let case = desk.submit(1).await;
        let paper = desk.lose_paper(1).await;
        desk.later(14 * 24 * 3600);
        assert_eq!(desk.approvals.tick().await.unwrap(), 0);
        let next = desk.row(case).await.next_timer.unwrap();
        assert_eq!(next, desk.house.clock.now().as_micros() + 60_000_000);

        desk.write_paper(1, &paper).await;
        assert_eq!(desk.approvals.tick().await.unwrap(), 0, "it is not looked at before its time");
        desk.later(60);
        assert_eq!(desk.approvals.tick().await.unwrap(), 1);
        desk.holds_together(case).await;
    })
    .await;
}
