//! 100万 becomes 50万 in the authority grid: what that would do to three hundred contracts stands there before anybody confirms it, who
//! would reach nobody is mended, a second person confirms, and what runs stays as it was.

use qiyue::approval::publish;
use qiyue::kernel::CaseId;

use super::firm::Firm;
use crate::support::{Browser, Screen};

const WORKFLOW: &str = r#"
workflow("sales-contract", #{ title: "销售合同审批", subject: "contract", takes: category_is("sales") });

approve("manager", #{ title: "部门经理审批", by: manager_of(drafter()) });
approve("final",   #{ title: "授权人审批",   by: by_authority("sales-limits") });
"#;
const WORKFLOW_PAGE: &str = "/admin/workflows/sales-contract";
const GRIDS: &str = "/admin/authority-grids";

/// How many contracts of which fee were handed in.
const CONTRACTS: [(usize, &str); 3] = [(180, "30万"), (75, "80万"), (45, "120万")];

/// A row as it is typed: from, below, and who is chosen.
type Row = (&'static str, &'static str, &'static str);

#[tokio::test]
async fn a_limit_is_lowered_mended_confirmed_by_a_second_person_and_leaves_what_runs() {
    let Some(mut firm) = Firm::open("authority", "admin").await else { return };
    firm.seat("sun", Screen::Phone).await;
    the_first_version(&firm).await;
    let org = firm.company.app.org();
    publish(firm.company.app.approvals(), WORKFLOW, "sales-contract.rhai", &org.directory()).await.unwrap();
    let running = three_hundred_contracts(&firm).await;
    the_procedure_says(&firm, "（现为第 1 版）", "不满 1,000,000 元", "before").await;

    // Nobody is 分管副总裁 here.
    lower(&firm, &[("", "50万", "总经理"), ("50万", "100万", "分管副总裁"), ("100万", "", "总裁")], 2).await;
    let said = the_impact(&firm, "wrong").await;
    for shown in ["300 份单据：225 份照旧", "75 份要换一条路走", "75 份会因为找不到审批人而停住", "保持提交时的那一版"]
    {
        assert!(said.contains(shown), "{shown} in {said}");
    }
    take_back(&firm, 2).await;
    lower(&firm, &[("", "50万", "总经理"), ("50万", "", "总裁")], 3).await;
    let said = the_impact(&firm, "mended").await;
    assert!(said.contains("75 份要换一条路走") && !said.contains("找不到审批人"), "{said}");

    the_procedure_says(&firm, "（现为第 1 版）", "不满 1,000,000 元", "meanwhile").await;
    a_second_person_confirms(&firm).await;
    the_procedure_says(&firm, "（现为第 3 版）", "不满 500,000 元", "after").await;
    what_runs_stays(&firm, running).await;
}

/// Types the rows of a version and makes it; the page has a row to begin with.
async fn make(author: &Browser, rows: &[Row], note: &str) {
    for (number, (from, below, who)) in rows.iter().enumerate() {
        if author.run_in_page(&format!("return !document.querySelector(`[name='rows[{number}].from']`)")).await == true
        {
            author.press("加一行").await;
            author.wait_for(&format!("第 {} 行", number + 1)).await;
        }
        author.fill(&format!("rows[{number}].from"), from).await;
        author.fill(&format!("rows[{number}].below"), below).await;
        author.choose(&format!("rows[{number}].who"), who).await;
    }
    author.fill("note", note).await;
    author.press("检查").await;
    author.wait_for("没有发现问题，可以保存").await;
    author.assert_sound().await;
    author.press("建立版本").await;
}

async fn the_first_version(firm: &Firm) {
    let author = firm.goto("admin", GRIDS).await;
    author.press("新建授权额度表").await;
    author.fill("title", "销售合同审批权限").await;
    author.fill("name", "sales-limits").await;
    make(author, &[("", "100万", "总经理"), ("100万", "", "总裁")], "依据《合同管理办法》第 12 条").await;
    author.wait_for("等另一位管理员确认，在此之前不会生效").await;
    author.assert_sound().await;
    let second = firm.goto("sun", &format!("{GRIDS}/sales-limits")).await;
    second.press("确认这一版").await;
    second.wait_for("第 1 版已确认").await;
    second.assert_sound().await;
}

/// The cases of the first of each fee, of which the middle one is with the general manager already.
async fn three_hundred_contracts(firm: &Firm) -> [CaseId; 3] {
    let mut first = Vec::new();
    for (count, fee) in CONTRACTS {
        first.push(firm.company.case(fee).await);
        for _ in 1..count {
            firm.company.case(fee).await;
        }
    }
    firm.company.approve(first[1], "wang").await.unwrap();
    assert_eq!(firm.company.asked(first[1]).await, ["zhao"]);
    first.try_into().unwrap()
}

/// The sentence and the table of the workflow follow the version in force.
async fn the_procedure_says(firm: &Firm, sentence: &str, band: &str, shot: &str) {
    let reader = firm.goto("admin", WORKFLOW_PAGE).await;
    let said = reader.text("main").await;
    for shown in [&format!("授权额度表「销售合同审批权限」{sentence}中的人"), band] {
        assert!(said.contains(shown), "{shown} in {said}");
    }
    firm.picture("admin", &format!("procedure-{shot}")).await;
}

/// Writes the next version over the one in force; the page that follows is that of the new version.
async fn lower(firm: &Firm, rows: &[Row], number: u32) {
    let author = firm.goto("admin", &format!("{GRIDS}/sales-limits")).await;
    author.press("建立新版本").await;
    author.wait_for("检查").await;
    make(author, rows, "董事会决议：五十万以上由总裁审批").await;
    author.wait_for(&format!("第 {number} 版已建立")).await;
    let said = author.text("main").await;
    for shown in ["待确认", "等另一位管理员确认", "新增 不满 500,000 元：总经理"] {
        assert!(said.contains(shown), "{shown} in {said}");
    }
    author.assert_sound().await;
    firm.picture("admin", &format!("version-{number}")).await;
}

async fn the_impact(firm: &Firm, shot: &str) -> String {
    let author = firm.at("admin");
    author.press("看生效后的影响").await;
    author.wait_for("试走了最近提交的").await;
    let summary = author.text("#impact").await;
    author.press("逐条查看").await;
    author.assert_sound().await;
    firm.picture("admin", &format!("impact-{shot}")).await;
    let single = author.text("#impact").await;
    assert!(single.contains("授权人审批（赵总）") && single.contains("生效后是"), "{single}");
    summary
}

async fn take_back(firm: &Firm, number: u32) {
    let author = firm.goto("admin", &format!("{GRIDS}/sales-limits?number={number}")).await;
    author.press("撤回这一版").await;
    author.click("details[open] .confirm-panel button").await;
    author.wait_for(&format!("第 {number} 版已撤回")).await;
    author.assert_sound().await;
}

/// From the list, on a phone, past what changes and what it would do.
async fn a_second_person_confirms(firm: &Firm) {
    let second = firm.goto("sun", GRIDS).await;
    let list = second.text("main").await;
    assert!(list.contains("待确认") && list.contains("第 1 版"), "{list}");
    firm.picture("sun", "list").await;
    second.press("销售合同审批权限").await;
    second.press("第 3 版").await;
    second.wait_for("看过变化和影响之后再确认").await;
    firm.picture("sun", "confirm").await;
    second.press("看生效后的影响").await;
    second.wait_for("75 份要换一条路走").await;
    second.assert_sound().await;
    firm.picture("sun", "impact").await;
    firm.goto("sun", &format!("{GRIDS}/sales-limits?number=3")).await;
    second.press("确认这一版").await;
    second.wait_for("第 3 版已确认").await;
    assert!(second.text("main").await.contains("生效中"));
    second.assert_sound().await;
}

/// Rounds under way keep the version that they took, to their end; the next contract takes the new one.
async fn what_runs_stays(firm: &Firm, [small, middling, large]: [CaseId; 3]) {
    for case in [small, middling, large] {
        assert_eq!(firm.seen(case).await.state.grids["sales-limits"], 1);
    }
    assert_eq!(firm.company.asked(middling).await, ["zhao"]);
    firm.company.approve(large, "wang").await.unwrap();
    assert_eq!(firm.company.asked(large).await, ["cai"]);
    let next = firm.company.case("80万").await;
    firm.company.approve(next, "wang").await.unwrap();
    assert_eq!(firm.company.asked(next).await, ["cai"]);
    let page = firm.goto("admin", &format!("/approvals/{next}")).await;
    assert!(page.text("#path").await.contains("授权额度表「销售合同审批权限」第 3 版"), "the reason names the version");
    firm.picture("admin", "reason").await;
}
