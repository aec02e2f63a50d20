//! A round that runs by an authority grid keeps the version that it took, whatever takes force meanwhile.

use qiyue::approval::impact;
use qiyue::kernel::{CaseId, Date};
use qiyue::org::{GridFields, GridVersionFields};
use qiyue::workflow::{Act, Event, ReasonStep, Status, StuckReason, TypedRow};
use serde_json::json;

use super::desk::Desk;
use crate::support::on_both;

const WORKFLOW: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total() });

approve("final", #{ title: "授权人审批", by: by_authority("papers") });
"#;

/// Below sixty thousand `low` approves, from there `high`.
fn version(from: &str, low: &str, high: &str) -> GridVersionFields {
    let row = |from: &str, below: &str, who: &str| TypedRow {
        from: from.into(),
        below: below.into(),
        who: vec![who.into()],
        ..TypedRow::default()
    };
    let rows = vec![row("", "6万", low), row("6万", "", high)];
    GridVersionFields { from: from.parse::<Date>().ok(), note: String::new(), rows }
}

async fn desk(db: qiyue::db::Db, first: GridVersionFields) -> Desk {
    let desk = Desk::with(db, WORKFLOW).await;
    let fields = GridFields { name: "papers".into(), title: "报告权限".into(), first };
    desk.house.org.create_grid(&desk.house.admin, fields).await.unwrap();
    desk
}

async fn add(desk: &Desk, newest: u32, version: GridVersionFields) {
    desk.house.org.add_grid_version(&desk.house.admin, "papers", newest, version).await.unwrap();
}

/// Who is asked, and by which version of the grid.
async fn asked(desk: &Desk, case: CaseId) -> Vec<(i64, u32)> {
    let state = desk.state(case).await;
    let open = state.tasks.values().filter(|task| task.open).flat_map(|task| task.opened.candidates.clone());
    let by = |steps: &[ReasonStep]| match steps.first() {
        Some(ReasonStep::Authority { version, grid, .. }) if grid == "报告权限" => *version,
        other => panic!("{other:?}"),
    };
    open.map(|one| (one.person.get(), by(&one.because.steps))).collect()
}

/// The administrator writes another amount into a paper under approval.
async fn amount(desk: &Desk, case: CaseId, id: i64, amount: i64) {
    let mut paper = desk.read_paper(id).await;
    paper["amount"] = json!(amount);
    desk.write_paper(id, &paper).await;
    desk.act("admin", case, Act::ContentEdited { paths: vec!["fields/amount".into()] }).await.unwrap();
}

#[tokio::test]
async fn a_round_keeps_the_version_of_its_submission_while_another_takes_force() {
    on_both(async |db| {
        let desk = desk(db, version("2026-03-02", "user:fang", "user:wang")).await;
        let case = desk.submit(1).await;
        assert_eq!(asked(&desk, case).await, [(desk.who("fang").get(), 1)]);
        add(&desk, 1, version("2026-03-03", "user:cai", "user:lu")).await;
        desk.later(24 * 3600);
        amount(&desk, case, 1, 55_000).await;
        assert_eq!(asked(&desk, case).await, [(desk.who("fang").get(), 1)], "the band is the same");
        amount(&desk, case, 1, 80_000).await;
        assert_eq!(asked(&desk, case).await, [(desk.who("wang").get(), 1)], "the band of the version that was taken");
        desk.holds_together(case).await;

        let next = desk.submit(2).await;
        assert_eq!(asked(&desk, next).await, [(desk.who("cai").get(), 2)], "a later round takes the later version");
        let events = desk.approvals.events(case).await.unwrap();
        let first: Event = serde_json::from_str(&events[0].body).unwrap();
        let Event::Submitted { grids, .. } = first else { panic!("{first:?}") };
        assert_eq!(grids.into_iter().collect::<Vec<_>>(), [("papers".to_owned(), 1)]);
        desk.holds_together(next).await;
    })
    .await;
}

#[tokio::test]
async fn a_version_that_is_not_in_force_is_tried_on_what_was_handed_in() {
    on_both(async |db| {
        let desk = desk(db, version("2026-03-02", "user:fang", "user:wang")).await;
        let case = desk.submit(1).await;
        desk.submit(2).await;
        amount(&desk, case, 1, 80_000).await;
        add(&desk, 1, version("2026-04-01", "user:fang", "role:vice-president")).await;
        let directory = desk.house.org.directory();
        let tried = impact::of_grid(&desk.approvals, &directory, ("papers", 2), 10).await.unwrap().unwrap();
        let figures = tried.figures();
        assert_eq!((figures.same, figures.changed, figures.nobody), (1, 1, 1));
        assert_eq!(tried.changed().map(|record| record.case).collect::<Vec<_>>(), [case]);
        assert_eq!(desk.state(case).await.grids["papers"], 1, "it only reads");
        assert_eq!(impact::of_grid(&desk.approvals, &directory, ("papers", 3), 10).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_case_without_a_grid_in_force_says_so_and_goes_on_in_the_first_that_is() {
    on_both(async |db| {
        let desk = desk(db, version("2026-03-03", "user:fang", "user:wang")).await;
        let case = desk.submit(1).await;
        let stuck = desk.state(case).await.stuck.remove(0).because;
        let StuckReason::OutsideGrid { grid, version, .. } = stuck else { panic!("{stuck:?}") };
        assert_eq!((grid.as_str(), version), ("报告权限", None));
        desk.later(24 * 3600);
        desk.act("admin", case, Act::Retry).await.unwrap();
        assert_eq!(asked(&desk, case).await, [(desk.who("fang").get(), 1)]);
        assert_eq!(desk.state(case).await.status, Status::InApproval);
        desk.holds_together(case).await;
    })
    .await;
}
