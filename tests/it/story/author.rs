//! An administrator's day: a workflow with three mistakes is mended by what the page says, tried on a real contract and on everything
//! that was handed in, published by a second person, carried into running cases, and taken back in the evening.

use qiyue::kernel::{CaseId, Hash};

use super::firm::Firm;
use crate::support::{Browser, Screen};

const WORKFLOW: &str = "/admin/workflows/sales-contract";

/// Contracts in approval: with the manager, with legal and finance, with the general manager.
struct Running {
    small: CaseId,
    middling: CaseId,
    large: CaseId,
}

impl Running {
    async fn begin(firm: &Firm) -> Self {
        let company = &firm.company;
        let (small, middling, large) =
            (company.case("5万").await, company.case("20万").await, company.case("60万").await);
        for (case, logins) in [(middling, &["wang"][..]), (large, &["wang", "li", "qian"])] {
            for login in logins {
                company.approve(case, login).await.unwrap();
            }
        }
        Self { small, middling, large }
    }
}

impl Firm {
    /// Versions of the workflow that were published, the newest first.
    async fn published(&self) -> Vec<Hash> {
        let publications = self.company.app.approvals().publications("sales-contract").await.unwrap();
        publications.into_iter().map(|one| one.version).collect()
    }

    /// The workflow versions that cases run on.
    async fn versions_of(&self, running: &Running) -> [Hash; 3] {
        let mut versions = Vec::new();
        for case in [running.small, running.middling, running.large] {
            versions.push(self.seen(case).await.workflow.definition.version);
        }
        versions.try_into().unwrap()
    }
}

#[tokio::test]
async fn an_administrator_writes_tries_publishes_migrates_and_rolls_back() {
    let Some(mut firm) = Firm::open("author", "admin").await else { return };
    firm.seat("sun", Screen::Phone).await;
    let running = Running::begin(&firm).await;
    let [before] = firm.published().await[..] else { panic!("it comes with the program") };

    begin(&firm).await;
    three_mistakes_are_mended(&firm).await;
    a_contract_is_tried(&firm, running.large).await;
    the_impact_is_weighed(&firm).await;
    let proposal = firm.propose("admin", "五十万以上由总裁审批").await;
    a_second_person_publishes(&firm, &proposal, "发布后是").await;
    let after = firm.published().await[0];
    assert_eq!(firm.versions_of(&running).await, [before; 3], "cases under way stay as they were");

    two_of_three_cases_move(&firm, &running).await;
    assert_eq!(firm.versions_of(&running).await, [before, after, after]);
    assert_eq!(firm.company.asked(running.large).await, ["cai"]);
    assert_eq!(firm.company.asked(running.middling).await, ["li", "qian"]);

    let proposal = roll_back(&firm).await;
    a_second_person_publishes(&firm, &proposal, "退回到版本").await;
    assert_eq!(firm.published().await, [before, after, before]);
    assert_eq!(firm.versions_of(&running).await, [before, after, after], "nor does a return move them");
    the_history_tells_it(&firm).await;
}

/// From the page of the workflow to a draft of its current version.
async fn begin(firm: &Firm) {
    let author = firm.goto("admin", "/admin/workflows").await;
    author.press("销售合同审批").await;
    author.wait_for("流程说明").await;
    firm.picture("admin", "workflow").await;
    author.press("改一个新版本").await;
    author.wait_for("没有错误，").await;
}

/// Replaces a piece of the text in the editor, as if somebody typed it.
async fn retype(author: &Browser, from: &str, to: &str) {
    let script = format!(
        "const text = document.getElementById('f-source'); text.value = text.value.replace({from:?}, {to:?});
         text.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    );
    author.run_in_page(&script).await;
}

/// A full-width comma, an option that there is not and a role that there is not: each stands below its line.
async fn three_mistakes_are_mended(firm: &Firm) {
    let author = firm.at("admin");
    for (from, to) in [
        ("below(\"100万\"", "below(\"50万\""),
        ("from(\"100万\", ", "from(\"50万\"，"),
        ("overdue:", "overdeu:"),
        ("role(\"legal\")", "role(\"legl\")"),
    ] {
        retype(author, from, to).await;
    }
    author.wait_for("3 处错误").await;
    let marked = "return document.querySelectorAll('.code-numbers .is-bad').length";
    assert!(author.run_in_page(marked).await.as_u64().unwrap() >= 2, "the lines are marked beside the text");
    let said = author.text("#draft-faults").await;
    for shown in ["全角", "`overdue`", "`legal`"] {
        assert!(said.contains(shown), "{shown} in {said}");
    }
    firm.picture("admin", "faults").await;
    on_a_phone(firm, "faults-phone").await;
    author.click("#draft-faults a[data-jump]").await;
    let focus = "return [document.activeElement.id, document.activeElement.selectionStart > 0].join(' ')";
    assert_eq!(author.run_in_page(focus).await, "f-source true", "its place in the text is one click away");

    author.press("一键改成半角标点").await;
    author.wait_for("2 处错误").await;
    retype(author, "overdeu:", "overdue:").await;
    author.wait_for("1 处错误").await;
    retype(author, "role(\"legl\")", "role(\"legal\")").await;
    author.wait_for("没有错误，").await;
    assert!(author.text("#draft-sentences").await.contains("500,000 元以上"), "the sentences follow the text");
    author.assert_sound().await;
}

/// The same page of the same person fits a phone.
async fn on_a_phone(firm: &Firm, shot: &str) {
    let author = firm.at("admin");
    let phone = author.another(Screen::Phone).await;
    firm.company.sign_in(&phone, "admin").await;
    phone.goto(&author.address().await).await;
    phone.screenshot(&format!("story-author-{shot}")).await;
}

async fn a_contract_is_tried(firm: &Firm, case: CaseId) {
    let author = firm.at("admin");
    author.fill("record", &format!("#{}", firm.seen(case).await.subject.id)).await;
    author.press("用真实记录试算").await;
    author.wait_for("总裁老蔡").await;
    let way = author.text("#simulation .way").await;
    assert!(way.contains("总裁审批") && way.contains("王敏"), "{way}");
    let taken = "return document.querySelectorAll('.drawing .is-taken').length";
    assert!(author.run_in_page(taken).await.as_u64().unwrap() >= 3, "its way is marked in the picture");
    author.assert_sound().await;
    firm.picture("admin", "tried").await;
}

async fn the_impact_is_weighed(firm: &Firm) {
    let author = firm.at("admin");
    author.press("用最近的记录试算影响").await;
    author.wait_for("试走了最近提交的 3 份单据：2 份照旧").await;
    let said = author.text("#impact").await;
    for shown in ["1 份要换一条路走，或换人审批", "正在进行的 3 个审批都能迁过来"] {
        assert!(said.contains(shown), "{shown} in {said}");
    }
    author.press("逐条查看").await;
    let said = author.text("#impact").await;
    assert!(said.contains("总经理审批（赵总）") && said.contains("总裁审批（总裁老蔡）"), "{said}");
    author.assert_sound().await;
    firm.picture("admin", "impact").await;
    on_a_phone(firm, "impact-phone").await;
}

/// On a phone, from the list where the proposal waits.
async fn a_second_person_publishes(firm: &Firm, proposal: &str, sees: &str) {
    let second = firm.goto("sun", "/admin/workflows").await;
    assert!(second.text("#proposals").await.contains("系统管理员"));
    second.click("#proposals a").await;
    second.wait_for("看过改动、说明和情景结果之后再发布").await;
    assert!(second.address().await.ends_with(proposal));
    assert!(second.text("#difference").await.contains("50万"), "what differs stands first");
    let page = "return document.querySelector('main').textContent";
    assert!(second.run_in_page(page).await.as_str().unwrap().contains(sees), "{sees}");
    second.assert_sound().await;
    firm.picture("sun", if sees.starts_with("退回") { "proposal-back" } else { "proposal" }).await;
    second.click("#answer form[action$='/publish'] button").await;
    second.wait_for("已发布版本").await;
    second.assert_sound().await;
}

/// What a move would do to each case stands beside it; one is left as it is.
async fn two_of_three_cases_move(firm: &Firm, running: &Running) {
    let author = firm.goto("admin", WORKFLOW).await;
    author.press("迁移进行中的审批").await;
    author.wait_for("先看迁移后会怎样").await;
    let said = author.text("form.card").await;
    assert!(said.contains("接下来由 总裁审批（总裁老蔡） 处理"), "{said}");
    author.assert_sound().await;
    firm.picture("admin", "migration").await;
    on_a_phone(firm, "migration-phone").await;
    author.click(&format!("#case-{}", running.small)).await;
    author.fill("reason", "新办法已经生效").await;
    author.press("迁移勾选的审批").await;
    author.wait_for("已处理 2 个审批").await;
    author.assert_sound().await;
    firm.picture("admin", "migrated").await;
}

/// The page of the older version offers to return to it.
async fn roll_back(firm: &Firm) -> String {
    let author = firm.goto("admin", WORKFLOW).await;
    author.leave_by(".history li:last-child > div > a.mono").await;
    author.press("退回到这个版本").await;
    author.wait_for("没有错误，").await;
    firm.picture("admin", "back").await;
    let note = author.run_in_page("return document.querySelector('[name=note]').value").await;
    firm.propose("admin", &format!("{}：总裁出差", note.as_str().unwrap())).await
}

async fn the_history_tells_it(firm: &Firm) {
    let author = firm.goto("admin", WORKFLOW).await;
    let history = author.text(".history").await;
    assert_eq!(history.matches("系统管理员提请，孙二发布").count(), 2, "{history}");
    for shown in ["五十万以上由总裁审批", "总裁出差"] {
        assert!(history.contains(shown), "{shown} in {history}");
    }
    firm.picture("admin", "history").await;
    let newest = firm.company.case("60万").await;
    for login in ["wang", "li", "qian"] {
        firm.company.approve(newest, login).await.unwrap();
    }
    assert_eq!(firm.company.asked(newest).await, ["zhao"], "new contracts go the old way again");
}
