//! Commands on many cases: what somebody held who leaves, and cases that move to another version of their workflow.

use qiyue::approval::{ApprovalError, Moved, verify};
use qiyue::kernel::CaseId;
use qiyue::workflow::{Act, Refusal, Status};

use super::desk::{Desk, WORKFLOW};
use crate::support::on_both;

/// The same with the finance department between the two.
const LONGER: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total() });

approve("review", #{ title: "审核", by: [role("legal"), role("finance")] });
approve("money",  #{ title: "财务", by: role("finance") });
approve("boss",   #{ title: "总经理审批", by: role("general-manager") });

on_approved([tell(drafter(), "通过")]);
"#;

fn asked(desk: &Desk, moved: &Moved) -> Vec<(String, bool)> {
    let people = moved.outcome.as_ref().map(|asked| asked.people.clone()).unwrap_or_default();
    people.into_iter().map(|(node, person)| (node, person == desk.who("cai"))).collect()
}

#[tokio::test]
async fn everything_of_who_leaves_goes_to_one_person_in_every_running_case() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (one, two, over) = (desk.submit(1).await, desk.submit(2).await, desk.submit(3).await);
        desk.act("fang", two, Act::SignFor { task: Some(1) }).await.unwrap();
        desk.approve("fang", over, 1).await.unwrap();
        desk.approve("wang", over, 2).await.unwrap();
        let (from, to) = (desk.who("fang"), desk.who("admin"));

        let moved = desk.approvals.take_over(desk.actor("admin"), (from, to), "离职").await.unwrap();

        assert_eq!(moved.iter().map(|one| one.case).collect::<Vec<_>>(), [one, two], "the case that is over is not");
        for case in [one, two] {
            assert!(matches!(desk.approve("fang", case, 1).await, Err(ApprovalError::Refused(_))));
            desk.approve("admin", case, 1).await.unwrap();
            desk.holds_together(case).await;
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_person_or_an_administrator_hands_over() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let people = (desk.who("fang"), desk.who("lu"));
        let moved = desk.approvals.take_over(desk.actor("wang"), people, "离职").await.unwrap();
        let refused = |one: &Moved| matches!(one.outcome, Err(ApprovalError::Refused(Refusal::NotEntitled { .. })));
        assert!(moved.iter().all(refused) && moved.len() == 1);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_who_would_be_asked_and_changes_nothing() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        desk.approve("fang", case, 1).await.unwrap();
        let before = desk.row(case).await.head;
        let version = desk.approvals.publish(LONGER, "paper.rhai", None).await.unwrap();
        let cases = desk.approvals.cases_on_other_versions("paper", version).await.unwrap();
        assert_eq!(cases, [case]);

        let moved = desk.approvals.migrate(desk.actor("admin"), (&cases, version), "更严", true).await.unwrap();

        assert_eq!(asked(&desk, &moved[0]), [("财务".to_owned(), true)]);
        assert_eq!(desk.row(case).await.head, before);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_moved_runs_on_the_other_version_and_its_chain_is_whole() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        desk.approve("fang", case, 1).await.unwrap();
        let version = desk.approvals.publish(LONGER, "paper.rhai", None).await.unwrap();

        let moved = desk.approvals.migrate(desk.actor("admin"), (&[case], version), "更严", false).await.unwrap();

        assert_eq!(asked(&desk, &moved[0]), [("财务".to_owned(), true)]);
        assert_eq!(desk.row(case).await.definition, version);
        desk.holds_together(case).await;
        desk.approve("cai", case, 3).await.unwrap();
        desk.approve("wang", case, 2).await.unwrap();
        assert_eq!(desk.state(case).await.status, Status::Ended);
        assert_eq!(&*verify(&desk.db, None).await.unwrap().flaws, &[][..]);
        assert!(desk.approvals.cases_on_other_versions("paper", version).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_case_stays_with_its_workflow() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let move_to = async |version| {
            let moved = desk.approvals.migrate(desk.actor("admin"), (&[case], version), "更严", false).await;
            moved.unwrap().remove(0).outcome.err()
        };
        assert!(matches!(move_to(desk.version).await, Some(ApprovalError::SameVersion)));
        let unknown = qiyue::kernel::Hash::of(b"nothing");
        assert!(matches!(move_to(unknown).await, Some(ApprovalError::NoVersion(_))));
        let other = WORKFLOW.replace("\"paper\", #{", "\"other\", #{ takes: amount_from(\"900万\"),");
        let mended = WORKFLOW.replace("\"paper\", #{", "\"paper\", #{ takes: amount_below(\"900万\"),");
        desk.approvals.publish(&mended, "paper.rhai", None).await.unwrap();
        let other = desk.approvals.publish(&other, "other.rhai", None).await.unwrap();
        assert!(matches!(move_to(other).await, Some(ApprovalError::OtherWorkflow { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_case_that_was_ended_lets_its_record_be_submitted_again() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        desk.act("admin", case, Act::Terminate { reason: "客户取消".into() }).await.unwrap();
        assert_eq!(desk.state(case).await.status, Status::Terminated);
        desk.holds_together(case).await;
        let again: CaseId = desk.submit(1).await;
        assert_ne!(again, case);
    })
    .await;
}
