//! How approvals go: who sees whose figures, what is overdue, the workbook, and when a case will probably be over.

use qiyue::kernel::{CaseId, Clock as _, DepartmentId, Timestamp};
use qiyue::org::{DepartmentFields, UserFields};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Company;
use crate::org::activated;
use crate::support::on_both;

const MINUTE: u64 = 60;

impl Company {
    /// A small contract that the manager approves after an hour and the general manager half an hour later.
    async fn decided(&self) -> CaseId {
        let case = self.case("5万").await;
        self.wait(60 * MINUTE);
        self.approve(case, "wang").await.unwrap();
        self.wait(30 * MINUTE);
        self.approve(case, "zhao").await.unwrap();
        case
    }

    fn sales(&self) -> DepartmentId {
        let directory = self.app.org().directory();
        directory.departments.values().find(|one| one.code == "XS").unwrap().id
    }

    /// From now on somebody new heads the department, who may read no contract but their own.
    async fn new_head(&self) {
        let org = self.app.org();
        let fields = UserFields { login: "lao".into(), name: "老总监".into(), ..UserFields::default() };
        let roles = ["purchaser".to_owned()].into();
        let (_, password) = org.create_user(&self.admin, UserFields { roles, ..fields }, None).await.unwrap();
        activated(org, "lao", password.reveal(), "13800000019").await;
        let head = Some(self.id("lao"));
        let fields =
            DepartmentFields { code: "XS".into(), name: "销售部".into(), active: true, head, ..Default::default() };
        org.edit_department(&self.admin, self.sales(), 2, fields).await.unwrap();
    }
}

/// One field of every line.
fn each(lines: &Value, field: &str) -> Value {
    lines.as_array().unwrap().iter().map(|line| line[field].clone()).collect()
}

#[tokio::test]
async fn a_head_sees_the_figures_of_their_department_and_the_bottleneck_of_its_workflows() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.decided().await;
        let seen = company.program("wang").await.get("/approvals/figures").await;
        let steps = &seen["steps"];
        assert_eq!(each(steps, "node"), json!(["manager", "general-manager"]));
        assert_eq!((each(steps, "share"), each(steps, "bottleneck")), (json!([67, 33]), json!([true, false])));
        let manager = &steps[0];
        assert_eq!(manager["working"], json!({ "count": 1, "median": 60, "ninetieth": 60, "total": 60 }));
        assert_eq!((&manager["with_due"], &manager["late"]), (&json!(1), &json!(0)));
        assert_eq!(each(&seen["people"], "name"), json!(["王敏", "赵总"]));
        assert_eq!(
            (each(&seen["departments"], "name"), each(&seen["kinds"], "kind")),
            (json!(["销售部"]), json!(["contract"]))
        );
        let workflow = &seen["workflows"][0];
        assert_eq!(
            (&workflow["cases"], &workflow["reworked"], &workflow["working"]["median"]),
            (&json!(1), &json!(0), &json!(90))
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_leads_nobody_sees_their_own_figures_only_and_an_administrator_all() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.decided().await;
        let own = company.program("zhao").await.get("/approvals/figures").await;
        assert_eq!(
            (each(&own["people"], "name"), each(&own["steps"], "node")),
            (json!(["赵总"]), json!(["general-manager"]))
        );
        assert_eq!(own["workflows"], json!([]), "the case is another's");
        let stranger = company.program("nobody").await.get("/approvals/figures").await;
        for part in ["steps", "people", "departments", "kinds", "workflows", "returns"] {
            assert_eq!(stranger[part], json!([]), "{part}");
        }
        let page = company.reader("nobody").await.page("/approvals/figures").await;
        assert!(page.contains("这段时间没有办过审批") && !page.contains("王敏"));
        let all = company.program("admin").await.get("/approvals/figures").await;
        assert_eq!(each(&all["people"], "name"), json!(["王敏", "赵总"]));
    })
    .await;
}

#[tokio::test]
async fn figures_are_narrowed_by_period_workflow_and_department() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.decided().await;
        let wang = company.program("wang").await;
        let sales = company.sales();
        for (query, steps) in [
            ("from=2026-03-02&to=2026-03-02".to_owned(), 2),
            ("from=2026-03-03&to=2026-04-30".to_owned(), 0),
            ("workflow=sales-contract".to_owned(), 2),
            ("workflow=purchase-contract".to_owned(), 0),
            (format!("department={sales}"), 2),
            ("department=999".to_owned(), 0),
        ] {
            let seen = wang.get(&format!("/approvals/figures?{query}")).await;
            assert_eq!(seen["steps"].as_array().unwrap().len(), steps, "{query}");
        }
        let (status, problem) = wang.call(Method::GET, "/approvals/figures?from=soon", Value::Null, None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("query_invalid")));
    })
    .await;
}

#[tokio::test]
async fn what_is_overdue_is_listed_with_who_has_it_and_named_only_to_whom_it_is_open() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        assert_eq!(company.program("wang").await.get("/approvals/figures/overdue").await["tasks"], json!([]));
        // Eight working hours from Monday 9:00 end on Tuesday at 9:30.
        company.wait(3 * 24 * 60 * MINUTE);
        let tasks = company.program("wang").await.get("/approvals/figures/overdue").await["tasks"].clone();
        assert_eq!(
            (&tasks[0]["case"], &tasks[0]["node"], &tasks[0]["late_minutes"]),
            (&json!(case.get()), &json!("manager"), &json!(870))
        );
        assert_eq!(each(&tasks[0]["people"], "name"), json!(["王敏"]));
        let page = company.reader("wang").await.page("/approvals/figures").await;
        assert!(page.contains("现在超时") && page.contains(&format!("href=\"/approvals/{case}\"")));

        assert_eq!(company.program("zhao").await.get("/approvals/figures/overdue").await["tasks"], json!([]));
        company.new_head().await;
        let tasks = company.program("lao").await.get("/approvals/figures/overdue").await["tasks"].clone();
        assert_eq!(each(&tasks[0]["people"], "name"), json!(["王敏"]));
        assert_eq!((&tasks[0]["case"], &tasks[0]["title"]), (&Value::Null, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn the_page_shows_the_bottleneck_and_leads_to_a_workbook() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.decided().await;
        let wang = company.reader("wang").await;
        let page = wang.page("/approvals/figures").await;
        for said in ["瓶颈", "部门经理审批", "1.0 小时", "67%", "/approvals/figures.xlsx?from=2025-12-02"] {
            assert!(page.contains(said), "{said}");
        }
        let book = wang.get("/approvals/figures.xlsx?from=2026-03-01&to=2026-03-31").await;
        let disposition = book.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert_eq!(disposition, "attachment; filename=\"approvals-2026-03-01-2026-03-31.xlsx\"");
        assert!(book.bytes().await.unwrap().starts_with(b"PK"));
    })
    .await;
}

#[tokio::test]
async fn a_draft_says_when_its_approval_will_probably_be_over() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let draft = company.draft("5万").await;
        let zhang = company.program("zhang").await;
        let preview = format!("/contracts/{draft}/preview");
        assert_eq!(zhang.get(&preview).await["expected"], Value::Null, "nothing is known yet");
        for pause in [0, 0, 90] {
            company.wait(pause * MINUTE);
            company.decided().await;
        }
        let expected = zhang.get(&preview).await["expected"].clone();
        assert_eq!((&expected["working_minutes"], &expected["working_days"]), (&json!(90), &json!(0)));
        assert_eq!((&expected["passes"], &expected["by_limit"]), (&json!(3), &json!(0)));
        let page = company.reader("zhang").await.page(&format!("/contracts/{draft}/submit")).await;
        assert!(page.contains("预计今天办完（按最近 3 件）"));
    })
    .await;
}

#[tokio::test]
async fn a_running_case_says_when_it_will_probably_be_over_from_where_it_stands() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let first = company.case("5万").await;
        let path = |case: CaseId| format!("/approvals/{case}");
        let unsaid = "「总经理审批」以前只办过 0 次，还说不出预计何时办完。";
        assert!(company.reader("wang").await.page(&path(first)).await.contains(unsaid), "too little is known");
        let wang = company.program("wang").await;
        let expected = wang.get(&path(first)).await["expected"].clone();
        assert_eq!(expected, json!({ "at": null, "working_days": null, "said": unsaid }));
        for pause in [0, 0, 90] {
            company.wait(pause * MINUTE);
            company.decided().await;
        }
        let case = company.case("5万").await;
        company.wait(20 * MINUTE);
        company.approve(case, "wang").await.unwrap();
        company.wait(10 * MINUTE);
        let expected = wang.get(&path(case)).await["expected"].clone();
        let at: Timestamp = expected["at"].as_str().unwrap().parse().unwrap();
        assert_eq!(
            at,
            company.clock.now().plus(std::time::Duration::from_secs(20 * MINUTE)),
            "twenty of thirty are left"
        );
        assert_eq!(expected["working_days"], json!(0));
        assert!(company.reader("zhang").await.page(&path(case)).await.contains("预计今天办完（按最近 3 件）"));
    })
    .await;
}
