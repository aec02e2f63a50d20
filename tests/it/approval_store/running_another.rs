//! Workflows that run another (子流程): each case keeps the version that it was submitted on, of both.

use qiyue::approval::verify;
use qiyue::workflow::{Act, NodeKind};

use super::desk::Desk;
use crate::support::on_both;

const RISK: &str = r#"
workflow("risk", #{ title: "风险评审", subject: "paper", amount: own_total(), takes: nothing() });

approve("look", #{ title: "风控", by: WHO });
"#;

const PAPER: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total() });

run("risk", "risk");
approve("boss", #{ title: "总经理审批", by: role("general-manager") });
"#;

async fn publish_risk(desk: &Desk, who: &str) {
    desk.approvals.publish(&RISK.replace("WHO", who), "risk.rhai", None).await.unwrap();
}

async fn published(desk: &Desk) {
    publish_risk(desk, "role(\"legal\")").await;
    desk.approvals.publish(PAPER, "paper.rhai", None).await.unwrap();
}

#[tokio::test]
async fn the_people_of_the_other_workflow_are_asked_in_its_place() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        published(&desk).await;
        let case = desk.submit(1).await;
        desk.approve("fang", case, 1).await.unwrap();
        desk.approve("wang", case, 2).await.unwrap();
        desk.holds_together(case).await;
        assert_eq!(verify(&desk.db, None).await.unwrap().flaws, []);
    })
    .await;
}

#[tokio::test]
async fn a_new_version_of_the_other_workflow_changes_nothing_until_this_one_is_published_again() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        published(&desk).await;
        publish_risk(&desk, "role(\"finance\")").await;
        let before = desk.submit(1).await;
        desk.approve("fang", before, 1).await.unwrap();

        desk.approvals.publish(PAPER, "paper.rhai", None).await.unwrap();

        let after = desk.submit(2).await;
        assert!(desk.approve("fang", after, 1).await.is_err());
        desk.approve("cai", after, 1).await.unwrap();
        desk.approve("wang", before, 2).await.unwrap();
        desk.holds_together(before).await;
    })
    .await;
}

#[tokio::test]
async fn a_version_is_read_again_with_the_versions_that_it_runs() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        published(&desk).await;
        let case = desk.submit(1).await;
        publish_risk(&desk, "role(\"finance\")").await;
        let version = desk.row(case).await.definition;

        let again = desk.reopened().await.workflow(version).await.unwrap();

        let NodeKind::Run { nodes, .. } = &again.definition.nodes[0].kind else { panic!("{:?}", again.definition) };
        assert_eq!(nodes[0].name, "risk/look");
        assert!(format!("{nodes:?}").contains("legal"));
    })
    .await;
}

#[tokio::test]
async fn cases_move_to_the_version_that_runs_the_newer_one() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        published(&desk).await;
        let case = desk.submit(1).await;
        publish_risk(&desk, "role(\"finance\")").await;
        let version = desk.approvals.publish(PAPER, "paper.rhai", None).await.unwrap();

        desk.approvals.migrate(desk.actor("admin"), (&[case], version), "新版风控", false).await.unwrap();

        desk.act("cai", case, Act::SignFor { task: Some(2) }).await.unwrap();
        desk.holds_together(case).await;
    })
    .await;
}
