//! A decision is taken back within ten seconds, with everything that followed from it; after that it stands.

use qiyue::approval::{ApprovalError, Done};
use qiyue::kernel::CaseId;
use qiyue::workflow::{Act, Refusal, Status};

use super::desk::Desk;
use crate::support::on_both;

const EFFECTS: &str = "SELECT CAST(count(*) AS BIGINT) FROM approval_effect";

async fn approved(desk: &Desk) -> (CaseId, Done) {
    let case = desk.submit(1).await;
    desk.approve("fang", case, 1).await.unwrap();
    let done = desk.approve("wang", case, 2).await.unwrap();
    (case, done)
}

async fn undo(desk: &Desk, login: &str, case: CaseId, done: &Done) -> Result<Done, ApprovalError> {
    desk.act(login, case, Act::UndoDecision { decision: done.decision.unwrap() }).await
}

#[tokio::test]
async fn within_ten_seconds_the_case_stands_as_before_and_its_effects_are_gone() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (case, done) = approved(&desk).await;
        assert_eq!((done.status, desk.count(EFFECTS).await), (Status::Ended, 1));
        desk.later(9);
        assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 0, "not yet");

        undo(&desk, "wang", case, &done).await.unwrap();

        let state = desk.state(case).await;
        assert_eq!((state.status, state.tasks[&2].open), (Status::InApproval, true));
        assert!(state.decisions[&2].void && !state.decisions[&1].void);
        assert_eq!(desk.count(EFFECTS).await, 0);
        assert_eq!(desk.log(1).await, ["Locked", "Approved", "Ended", "Reopened"]);
        desk.later(60);
        assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 0);
        assert_eq!(desk.told().await, Vec::<String>::new());
        desk.holds_together(case).await;

        desk.approve("wang", case, 2).await.unwrap();
        assert_eq!(desk.state(case).await.status, Status::Ended);
        desk.later(10);
        assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 1);
        assert_eq!(desk.told().await.len(), 1);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn after_ten_seconds_the_decision_stands() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (case, done) = approved(&desk).await;
        let head = desk.row(case).await.head;
        desk.later(11);
        let refused = undo(&desk, "wang", case, &done).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::TooLateToUndo))), "{refused:?}");
        assert_eq!((desk.row(case).await.head, desk.count(EFFECTS).await), (head, 1));
        assert_eq!(desk.approvals.carry_out_effects().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn in_the_tenth_second_either_the_effect_or_the_undo_is_first_and_never_both() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (case, done) = approved(&desk).await;
        desk.later(10);
        let (carried, undone) = tokio::join!(desk.approvals.carry_out_effects(), undo(&desk, "wang", case, &done));
        let told = desk.told().await.len();
        match &undone {
            Ok(_) => assert_eq!((told, desk.state(case).await.status), (0, Status::InApproval)),
            Err(ApprovalError::Refused(Refusal::TooLateToUndo)) => assert_eq!((carried.unwrap(), told), (1, 1)),
            Err(other) => panic!("{other:?}"),
        }
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn an_effect_that_was_carried_out_holds_its_decision() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (case, done) = approved(&desk).await;
        desk.later(10);
        desk.approvals.carry_out_effects().await.unwrap();
        let refused = undo(&desk, "wang", case, &done).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::TooLateToUndo))), "{refused:?}");
        assert_eq!(desk.state(case).await.status, Status::Ended);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn only_the_last_decision_and_only_its_decider_can_undo_it() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let first = desk.approve("fang", case, 1).await.unwrap();
        let refused = undo(&desk, "wang", case, &first).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::NotEntitled { .. }))), "{refused:?}");
        desk.approve("wang", case, 2).await.unwrap();
        let refused = undo(&desk, "fang", case, &first).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::TooLateToUndo))), "{refused:?}");
        desk.holds_together(case).await;
    })
    .await;
}
