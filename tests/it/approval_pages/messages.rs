//! Who hears of what, and when.

use qiyue::approval::{Ask, publish};
use qiyue::kernel::UserId;
use qiyue::workflow::{Act, QuestionNumber};
use serde_json::json;

use super::{Company, leads_to};
use crate::support::on_both;

#[tokio::test]
async fn the_first_line_says_what_how_much_with_whom_by_whom_and_until_when() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.case("128万").await;
        let told = company.told("wang").await;
        let (kind, headline) = &told[0];
        assert_eq!((told.len(), kind.as_str()), (1, "approval.to_decide"));
        assert_eq!(headline["label"]["key"], "approval.tell.to_decide");
        assert_eq!(headline["title"], "软件服务合同");
        assert_eq!(headline["amount"], json!({"amount": "1280000.0000", "currency": "CNY"}));
        assert_eq!(headline["facts"][0], json!({"text": "晨星自动化设备（苏州）有限公司"}));
        assert_eq!(headline["facts"][1], json!({"text": "张三"}));
        assert_eq!(headline["facts"][2]["words"]["key"], "approval.tell.deviations");
        // Eight working hours from Monday 09:00.
        assert_eq!(headline["facts"][3], json!({"due": "2026-03-03T01:30:00.000000Z"}));
    })
    .await;
}

#[tokio::test]
async fn a_case_tells_everybody_concerned_on_its_way() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("20万").await;
        for login in ["wang", "li", "qian", "zhao"] {
            assert_eq!(company.kinds_told(login).await, ["approval.to_decide"], "{login}");
            company.approve(case, login).await.unwrap();
            assert!(company.kinds_told(login).await.is_empty(), "what was asked of {login} is over");
        }
        assert_eq!(company.kinds_told("kuai").await, ["approval.copied"]);
        assert_eq!(company.kinds_told("zhang").await, ["approval.approved"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_decision_tells_waits_ten_seconds_and_anything_else_leaves_at_once() {
    const NOT_BEFORE: &str = "SELECT CAST(not_before AS BIGINT) FROM message WHERE person = $1 ORDER BY id";
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let now = qiyue::kernel::Clock::now(&*company.clock).as_micros();
        for (login, at) in [("wang", now), ("zhao", now + 10_000_000)] {
            let person = company.id(login);
            let read =
                async move |c: &mut qiyue::db::Conn<'_>| c.one::<(i64,)>(NOT_BEFORE, qiyue::params![person]).await;
            let row: Result<_, qiyue::db::DbError> = company.db.read(read).await;
            assert_eq!(row.unwrap().0, at, "{login}");
            company.approve(case, login).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_answer_to_a_question_lets_the_asker_go_on_deciding() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let ask = Act::Ask { task: Some(1), whom: company.id("li"), text: "可以吗？".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("wang"), ask)).await.unwrap();
        let before = company.link("wang").await;
        let question: QuestionNumber = 1;
        let answer = Act::Answer { question, text: "可以。".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("li"), answer)).await.unwrap();
        assert_eq!(company.kinds_told("wang").await, ["approval.to_decide", "approval.answered"]);
        let link = company.link("wang").await;
        assert_ne!(link, before);
        leads_to(&company.stranger().decide(&link, "approve", &[]).await);
    })
    .await;
}

#[tokio::test]
async fn reminders_returns_withdrawals_and_urging_reach_the_right_people() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let zhang = company.reader("zhang").await;
        let path = format!("/approvals/{case}");
        leads_to(&zhang.post(&format!("{path}/urge"), &[("task", "1")]).await);
        assert_eq!(zhang.post(&format!("{path}/urge"), &[("task", "1")]).await.status(), 429);
        company.wait(6 * 3600);
        company.app.approvals().tick().await.unwrap();
        assert_eq!(company.kinds_told("wang").await, ["approval.to_decide", "approval.urged", "approval.reminded"]);
        leads_to(&zhang.post(&format!("{path}/withdraw"), &[("opinion", "金额有误")]).await);
        assert_eq!(company.kinds_told("wang").await.last().unwrap(), "approval.withdrawn");
        assert!(company.kinds_told("zhang").await.is_empty(), "nobody is told what they did themselves");
        let other = company.case("6万").await;
        let fields = [("opinion", "请改")];
        leads_to(&company.reader("wang").await.decide(&format!("/approvals/{other}"), "return", &fields).await);
        assert_eq!(company.kinds_told("zhang").await, ["approval.returned"]);
    })
    .await;
}

impl Company {
    /// The general manager is disabled: who that was, and their version before.
    async fn without_zhao(&self) -> (UserId, i64) {
        let scope = self.admin.scope(&qiyue::org::USER, qiyue::org::Action::Read).unwrap();
        let zhao = self.id("zhao");
        let version = self.app.org().user(&scope, zhao).await.unwrap().version;
        self.app.org().set_user_active(&self.admin, zhao, version, false).await.unwrap();
        (zhao, version)
    }
}

#[tokio::test]
async fn whoever_the_file_names_hears_of_a_case_that_is_stuck() {
    const TELLS_THE_HEAD: &str = "workflow(\"sales-contract\", #{ title: \"销售合同审批\", subject: \"contract\", \
        takes: category_is(\"sales\"), nobody_found: stop_and_tell(head_of(department(\"XS\"))) });\n\
        approve(\"boss\", #{ title: \"总经理\", by: role(\"general-manager\") });\n";
    on_both(async |db| {
        let company = Company::new(db).await;
        let directory = company.app.org().directory();
        publish(company.app.approvals(), TELLS_THE_HEAD, "workflows/x.rhai", &directory).await.unwrap();
        company.without_zhao().await;
        company.case("5万").await;
        assert_eq!(company.kinds_told("wang").await, ["approval.stuck"]);
        assert!(company.kinds_told("admin").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn administrators_hear_of_a_case_that_is_stuck_and_retry_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (zhao, version) = company.without_zhao().await;
        let case = company.case("5万").await;
        company.approve(case, "wang").await.unwrap();
        assert_eq!(company.kinds_told("admin").await, ["approval.stuck"]);
        let admin = company.reader("admin").await;
        let page = admin.page("/admin/stuck").await;
        assert!(page.contains("general-manager.by") && page.contains("workflows/sales-contract.rhai:"), "{page}");
        assert_eq!(company.reader("wang").await.get("/admin/stuck").await.status(), 403);
        let retry = format!("/admin/stuck/cases/{case}/retry");
        leads_to(&admin.post(&retry, &[]).await);
        assert!(company.asked(case).await.is_empty(), "nothing was mended yet");
        company.app.org().set_user_active(&company.admin, zhao, version + 1, true).await.unwrap();
        leads_to(&admin.post(&retry, &[]).await);
        assert_eq!(company.asked(case).await, ["zhao"]);
    })
    .await;
}
