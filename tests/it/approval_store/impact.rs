//! What publishing a draft would do, tried on papers that were handed in.

use std::collections::BTreeMap;

use qiyue::approval::impact::{self, Impact, MOST, Occasion};
use qiyue::approval::{ApprovalError, Ask};
use qiyue::i18n::{Lang, text};
use qiyue::kernel::CaseId;
use qiyue::workflow::Act;
use serde_json::json;

use super::desk::{Desk, PAPER};
use crate::support::on_both;

const PUBLISHED: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total() });
approve("review", #{ title: "审核", by: [role("legal"), role("finance")] });
approve("boss",   #{ title: "总经理审批", by: role("general-manager") });
wait("printed", event("printed"), #{ title: "等待印刷", when: amount_from("100万") });
"#;

/// Small papers as before, middling ones to finance, large ones to a manager whom nobody has, the largest not at all.
const DRAFT: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total(), takes: amount_below("1000万") });
approve("review", #{ title: "审核", by: [role("legal"), role("finance")] });
by_amount("final", [
    below("10万",            approve("boss",   #{ title: "总经理审批", by: role("general-manager") })),
    between("10万", "100万", approve("money",  #{ title: "财务审批", by: role("finance") })),
    from("100万",            approve("higher", #{ title: "上级审批", by: manager_of(drafter()) })),
]);
"#;

impl Desk {
    async fn submit_of(&self, id: i64, amount: i64) -> CaseId {
        self.write_paper(id, &json!({"amount": amount, "text": "第一稿", "drafter": self.who("zhang"), "log": []}))
            .await;
        let ask = Ask::of_subject(PAPER.reference(id), self.actor("zhang"), Act::Submit { chosen: BTreeMap::new() });
        self.approvals.act(ask).await.unwrap().case
    }

    async fn impact(&self, draft: &str, last: usize) -> Result<Impact, ApprovalError> {
        impact::of_draft(&self.approvals, draft, "draft.rhai", &self.house.org.directory(), last).await
    }
}

#[tokio::test]
async fn a_draft_is_tried_on_what_was_handed_in() {
    on_both(async |db| {
        let desk = Desk::with(db, PUBLISHED).await;
        let small = desk.submit_of(1, 50_000).await;
        let middling = desk.submit_of(2, 200_000).await;
        let large = desk.submit_of(3, 2_000_000).await;
        desk.submit_of(4, 20_000_000).await;
        desk.paper(5).await;
        desk.approve("fang", large, 1).await.unwrap();
        desk.approve("wang", large, 2).await.unwrap();

        let impact = desk.impact(DRAFT, MOST).await.unwrap();
        let fates: Vec<_> = impact.records.iter().map(|record| (record.subject.id, record.fate.word())).collect();
        assert_eq!(fates, [(4, "lost"), (3, "changed"), (2, "changed"), (1, "same")], "the newest first");
        let figures = impact.figures();
        assert_eq!((figures.lost, figures.changed, figures.same, figures.nobody, figures.stuck), (1, 2, 1, 1, 0));
        assert_eq!(impact.published, Some(desk.version));

        let of = |case| impact.records.iter().find(|record| record.case == case).unwrap();
        let after = of(middling).fate.after().unwrap();
        let asked: Vec<_> = after.stops.iter().map(|stop| (stop.node.as_str(), stop.people.concat())).collect();
        let reviewers = vec![desk.who("fang"), desk.who("lu"), desk.who("cai")];
        assert_eq!(asked, [("review", reviewers), ("money", vec![desk.who("cai")])]);
        assert!(!of(small).is_remarkable() && of(large).is_remarkable());
        let stuck = of(large).fate.after().unwrap().troubles().next().unwrap().0.place.clone();
        assert_eq!(stuck, "draft.rhai:7");

        assert_eq!(impact.running, 4);
        let unmovable: Vec<_> =
            impact.unmovable.iter().map(|one| (one.case, one.hindrances[0].node.as_str())).collect();
        assert_eq!(unmovable, [(large, "printed")]);
        for case in [small, middling, large] {
            desk.holds_together(case).await;
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_records_are_tried_and_each_once() {
    on_both(async |db| {
        let desk = Desk::with(db, PUBLISHED).await;
        for id in 1..=3 {
            desk.submit_of(id, 50_000).await;
        }
        let tried = async |last| -> Vec<i64> {
            let impact = desk.impact(DRAFT, last).await.unwrap();
            impact.records.iter().map(|record| record.subject.id).collect()
        };
        assert_eq!(tried(2).await, [3, 2]);
        desk.lose_paper(2).await;
        assert_eq!(tried(3).await, [3, 1], "what is gone is passed over");
    })
    .await;
}

#[tokio::test]
async fn a_draft_with_an_error_is_not_tried() {
    on_both(async |db| {
        let desk = Desk::with(db, PUBLISHED).await;
        let refused = desk.impact(&DRAFT.replace("role(\"legal\")", "role(\"legl\")"), 10).await;
        assert!(matches!(refused, Err(ApprovalError::Faults { .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn what_a_draft_does_is_told_in_sentences() {
    on_both(async |db| {
        let desk = Desk::with(db, PUBLISHED).await;
        desk.submit_of(3, 2_000_000).await;
        let impact = desk.impact(DRAFT, 10).await.unwrap();
        let directory = desk.house.org.directory();
        let said: Vec<String> = impact::summary(&impact)
            .iter()
            .chain(&impact::record_said(&impact.records[0], &directory, Occasion::Publication))
            .map(|message| text(Lang::Zh, message))
            .collect();
        let whole = said.join("\n");
        for part in [
            "最近提交的 1 份",
            "1 份要换一条路走",
            "1 份会因为找不到审批人",
            "都能迁过来",
            "发布后是 审核（",
            "draft.rhai:7",
        ] {
            assert!(whole.contains(part), "{part} in {whole}");
        }
        let by_grid = impact::record_said(&impact.records[0], &directory, Occasion::Force);
        assert!(text(Lang::Zh, &by_grid[0]).contains("生效后是 审核（"), "a grid is not published, it takes force");
    })
    .await;
}
