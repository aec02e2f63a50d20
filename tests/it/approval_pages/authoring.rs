//! Writing workflow files: drafts, proposals that a second person publishes, history, trying a file out.

use qiyue::db::{Conn, DbError};
use qiyue::org::{Action, USER};
use qiyue::params;
use qiyue::workflow::shipped_scenarios;

use super::workflows::LEASES;
use super::{Company, Reader, hidden, leads_to, read};
use crate::support::on_both;

const SALES: &str = "/admin/workflows/sales-contract";

/// The company with one administrator.
async fn alone(db: qiyue::db::Db) -> Company {
    let company = Company::new(db).await;
    company.complete().await;
    company
}

/// The company with another administrator.
async fn company(db: qiyue::db::Db) -> Company {
    let company = alone(db).await;
    company.hire_as("sun", "孙二", "administrator").await;
    company
}

/// The current text of the sales workflow.
async fn sales(company: &Company) -> String {
    let current = company.app.approvals().current_workflows().await.unwrap();
    current.into_iter().find(|one| one.name == "sales-contract").unwrap().source
}

impl Reader<'_> {
    /// A draft of the version of the sales workflow that is shown at `page`.
    async fn begin(&self, page: &str) -> String {
        let version = hidden(&self.page(page).await, "version");
        leads_to(&self.post(&format!("{SALES}/draft"), &[("version", &version)]).await).to_owned()
    }

    /// Proposes this text; the page of the proposal.
    async fn propose(&self, draft: &str, source: &str) -> String {
        let answer = self.write(draft, "propose", &[("source", source), ("note", "按新办法")]).await;
        leads_to(&answer).to_owned()
    }

    /// Answers a proposal.
    async fn answer(&self, proposal: &str, act: &str, reason: &str) -> reqwest::Response {
        let version = hidden(&self.page(proposal).await, "version");
        self.post(&format!("{proposal}/{act}"), &[("version", &version), ("reason", reason)]).await
    }
}

#[tokio::test]
async fn a_proposal_is_published_by_a_second_person_who_reads_what_differs() {
    on_both(async |db| {
        let company = company(db).await;
        let (admin, sun) = (company.reader("admin").await, company.reader("sun").await);
        let source = sales(&company).await.replace("销售合同审批", "销售审批");
        let draft = admin.begin(SALES).await;
        let scenarios = shipped_scenarios("sales-contract").unwrap();
        let fields = [("source", source.as_str()), ("scenarios", scenarios.as_str()), ("note", "按新办法")];
        let proposal = leads_to(&admin.write(&draft, "propose", &fields).await).to_owned();
        assert_eq!(company.kinds_told("sun").await, ["workflow.proposed"]);
        let page = sun.page(&proposal).await;
        assert!(page.contains("<ins>") && page.contains("<del>") && page.contains("按新办法"), "{page}");
        assert!(page.contains("个符合预期，0 个不符合"), "the scenarios that came with it ran: {page}");
        assert_eq!(leads_to(&sun.answer(&proposal, "publish", "").await), SALES);
        assert_eq!(company.kinds_told("admin").await, ["workflow.published"]);
        assert_eq!(sales(&company).await, source);
        let history = admin.page(SALES).await;
        assert!(history.contains("系统管理员提请，孙二发布") && history.contains("按新办法"), "{history}");
    })
    .await;
}

#[tokio::test]
async fn nobody_publishes_their_own_proposal_while_somebody_else_could() {
    on_both(async |db| {
        let company = company(db).await;
        let admin = company.reader("admin").await;
        let before = sales(&company).await;
        let proposal = admin.propose(&admin.begin(SALES).await, &before.replace("销售合同审批", "销售审批")).await;
        let page = admin.page(&proposal).await;
        assert!(page.contains("等另一位管理员发布或退回") && !page.contains("/publish\""), "{page}");
        let refused = admin.answer(&proposal, "publish", "着急").await;
        assert_eq!(refused.status(), 422);
        assert!(read(refused).await.contains("自己提请的流程要由另一位管理员处理"));
        assert_eq!(sales(&company).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_author_reads_why_a_proposal_was_declined_and_goes_on_writing() {
    on_both(async |db| {
        let company = company(db).await;
        let (admin, sun) = (company.reader("admin").await, company.reader("sun").await);
        let source = sales(&company).await.replace("销售合同审批", "销售审批");
        let draft = admin.begin(SALES).await;
        let proposal = admin.propose(&draft, &source).await;
        let unsaid = sun.answer(&proposal, "decline", " ").await;
        assert_eq!(unsaid.status(), 422);
        assert!(read(unsaid).await.contains("请写明理由"));
        leads_to(&sun.answer(&proposal, "decline", "名称不合规定").await);
        assert_eq!(company.kinds_told("admin").await, ["workflow.declined"]);
        let page = admin.page(&draft).await;
        assert!(page.contains("孙二没有发布：名称不合规定") && page.contains("销售审批"), "{page}");
        assert_eq!(sun.get(&draft).await.status(), 404, "a draft is its author's alone");
    })
    .await;
}

#[tokio::test]
async fn whoever_disables_the_only_other_administrator_publishes_nothing_alone_for_a_week() {
    on_both(async |db| {
        let company = company(db).await;
        let admin = company.reader("admin").await;
        let proposal = admin.propose(&admin.begin(SALES).await, &sales(&company).await.replace("审批", "批准")).await;
        let sun = company.id("sun");
        let org = company.app.org();
        let scope = company.admin.scope(&USER, Action::Read).unwrap();
        let version = org.user(&scope, sun).await.unwrap().version;
        org.set_user_active(&company.admin, sun, version, false).await.unwrap();
        let refused = admin.answer(&proposal, "publish", "没有别的管理员").await;
        assert_eq!(refused.status(), 422);
        company.wait(7 * 24 * 60 * 60);
        let later = company.reader("admin").await;
        assert_eq!(leads_to(&later.answer(&proposal, "publish", "没有别的管理员").await), SALES);
    })
    .await;
}

#[tokio::test]
async fn an_author_who_is_alone_publishes_with_a_reason_that_is_written_down() {
    on_both(async |db| {
        let company = alone(db).await;
        let admin = company.reader("admin").await;
        let draft = leads_to(&admin.hand_in(LEASES, None).await).to_owned();
        let proposal = admin.propose(&draft, LEASES).await;
        let unsaid = admin.answer(&proposal, "publish", "").await;
        assert_eq!(unsaid.status(), 422);
        assert!(read(unsaid).await.contains("请写明理由"));
        leads_to(&admin.answer(&proposal, "publish", "只有一位管理员").await);
        assert!(admin.page("/admin/workflows/lease").await.contains("独自发布，理由：只有一位管理员"));
        assert!(company.audited("workflow.published_alone").await[0].contains("只有一位管理员"));
    })
    .await;
}

#[tokio::test]
async fn nobody_publishes_alone_a_workflow_that_takes_a_running_case_of_their_own() {
    on_both(async |db| {
        let company = alone(db).await;
        let admin = company.reader("admin").await;
        let case = company.case("5万").await;
        let before = sales(&company).await;
        let proposal = admin.propose(&admin.begin(SALES).await, &before.replace("销售合同审批", "销售审批")).await;
        let own = company.id("admin");
        let hand_in = async move |c: &mut Conn<'_>| {
            c.exec("UPDATE approval_case SET submitter = $1 WHERE id = $2", params![own, case]).await
        };
        let changed: Result<_, DbError> = company.db.write(hand_in).await;
        assert_eq!(changed, Ok(1));
        let refused = admin.answer(&proposal, "publish", "只有一位管理员").await;
        assert_eq!(refused.status(), 422);
        assert!(read(refused).await.contains("您有正在审批的记录适用这个流程"));
        assert_eq!(sales(&company).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_draft_begun_before_another_version_was_published_shows_both() {
    on_both(async |db| {
        let company = company(db).await;
        let (admin, sun) = (company.reader("admin").await, company.reader("sun").await);
        let before = sales(&company).await;
        let (one, other) = (before.replace("销售合同审批", "甲审批"), before.replace("销售合同审批", "乙审批"));
        let (mine, theirs) = (admin.begin(SALES).await, sun.begin(SALES).await);
        assert!(admin.page(&mine).await.contains("孙二也在改这个流程"));
        let proposal = sun.propose(&theirs, &other).await;
        leads_to(&admin.answer(&proposal, "publish", "").await);
        let refused = admin.write(&mine, "propose", &[("source", &one)]).await;
        assert_eq!(refused.status(), 409);
        let page = read(refused).await;
        assert!(page.contains("有新发布的版本") && page.contains("乙审批") && page.contains("甲审批"), "{page}");
        assert_eq!(leads_to(&admin.write(&mine, "rebase", &[("source", &one)]).await), mine);
        let proposal = admin.propose(&mine, &one).await;
        leads_to(&sun.answer(&proposal, "publish", "").await);
        assert_eq!(sales(&company).await, one);
    })
    .await;
}

#[tokio::test]
async fn a_draft_that_was_changed_in_another_window_shows_both_texts() {
    on_both(async |db| {
        let company = alone(db).await;
        let admin = company.reader("admin").await;
        let draft = leads_to(&admin.hand_in(LEASES, None).await).to_owned();
        let seen = hidden(&admin.page(&draft).await, "version");
        let (first, second) = (LEASES.replace("经理审批", "甲"), LEASES.replace("经理审批", "乙"));
        leads_to(&admin.post(&draft, &[("version", &seen), ("source", &first)]).await);
        let refused = admin.post(&draft, &[("version", &seen), ("source", &second)]).await;
        assert_eq!(refused.status(), 409);
        let page = read(refused).await;
        assert!(page.contains("另一个窗口里有改动") && page.contains("<del>") && page.contains("<ins>"), "{page}");
        let version = hidden(&page, "version");
        leads_to(&admin.post(&draft, &[("version", &version), ("source", &second)]).await);
        assert!(admin.page(&draft).await.contains("乙"));
    })
    .await;
}

#[tokio::test]
async fn returning_to_an_older_version_goes_through_a_second_person_too() {
    on_both(async |db| {
        let company = company(db).await;
        let (admin, sun) = (company.reader("admin").await, company.reader("sun").await);
        let first = sales(&company).await;
        let proposal = admin.propose(&admin.begin(SALES).await, &first.replace("销售合同审批", "销售审批")).await;
        leads_to(&sun.answer(&proposal, "publish", "").await);
        let older = admin.page(SALES).await;
        let older = older.split("sales-contract?version=").nth(2).unwrap().split('"').next().unwrap().to_owned();
        let draft = admin.begin(&format!("{SALES}?version={older}")).await;
        assert!(admin.page(&draft).await.contains("退回到版本"));
        let proposal = admin.propose(&draft, &first).await;
        assert_ne!(sales(&company).await, first);
        leads_to(&sun.answer(&proposal, "publish", "").await);
        assert_eq!(sales(&company).await, first);
        let history = admin.page(SALES).await;
        assert_eq!(history.matches("sales-contract?version=").count(), 3, "an older version is published again");
        let changes = admin.page(&format!("{SALES}/changes")).await;
        assert!(changes.contains("<del>") && changes.contains("销售审批"), "{changes}");
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_kept_and_checked() {
    on_both(async |db| {
        let company = alone(db).await;
        let admin = company.reader("admin").await;
        let draft = leads_to(&admin.hand_in(LEASES, None).await).to_owned();
        let (seen, broken) = (hidden(&admin.page(&draft).await, "version"), LEASES.replace("by:", "wihtin："));
        let kept = admin.post(&format!("{draft}/keep"), &[("version", &seen), ("source", &broken)]).await;
        assert_eq!(kept.status(), 200);
        let part = read(kept).await;
        assert!(
            !part.contains("<html") && part.contains("data-line=\"2\"") && part.contains("一键改成半角标点"),
            "{part}"
        );
        assert_ne!(hidden(&part, "version"), seen);
        let late = admin.post(&format!("{draft}/keep"), &[("version", &seen), ("source", LEASES)]).await;
        assert_eq!(late.status(), 409);
        assert_eq!(leads_to(&admin.write(&draft, "mend", &[("source", &broken)]).await), draft);
        let page = admin.page(&draft).await;
        assert!(page.contains("wihtin: role(") && !page.contains("一键改成半角标点"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_real_contract_is_tried_on_a_draft_and_scenarios_run() {
    on_both(async |db| {
        let company = alone(db).await;
        let contract = company.draft("20万").await;
        let admin = company.reader("admin").await;
        let source = sales(&company).await;
        let draft = admin.begin(SALES).await;
        assert!(admin.page(&draft).await.contains(&format!("#{contract}\"")), "the newest records are offered");
        let fields = [("source", source.as_str()), ("record", "软件")];
        let shown = leads_to(&admin.write(&draft, "simulate", &fields).await).to_owned();
        let page = admin.page(shown.split('#').next().unwrap()).await;
        assert!(page.contains("王敏") && page.contains("赵总") && page.contains("is-taken"), "{page}");
        let unknown = [("source", source.as_str()), ("record", "#999")];
        let shown = leads_to(&admin.write(&draft, "simulate", &unknown).await).to_owned();
        assert!(admin.page(shown.split('#').next().unwrap()).await.contains("没有找到您可以查看的这条记录"));
        let scenarios = "person(\"a\", #{ roles: [\"sales-manager\"] });\nrecord(#{ drafter: \"a\" });\n\
            scenario(\"错的\", || {\n    submit(\"a\");\n    expect_status(\"approved\");\n});";
        let fields = [("source", source.as_str()), ("scenarios", scenarios)];
        let shown = leads_to(&admin.write(&draft, "test", &fields).await).to_owned();
        let page = admin.page(shown.split('#').next().unwrap()).await;
        assert!(page.contains("0 个符合预期，1 个不符合") && page.contains("data-field-of=\"f-scenarios\""), "{page}");
    })
    .await;
}

impl Company {
    /// What was written into the audit log for an act, as JSON.
    async fn audited(&self, action: &'static str) -> Vec<String> {
        const AUDITED: &str = "SELECT new FROM audit WHERE action = $1 ORDER BY id";
        let read = async move |c: &mut Conn<'_>| c.all::<(String,)>(AUDITED, params![action]).await;
        let rows: Result<_, DbError> = self.db.read(read).await;
        rows.unwrap().into_iter().map(|(new,)| new).collect()
    }
}
