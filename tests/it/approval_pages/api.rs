//! Approvals for programs.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::Company;
use crate::support::on_both;

/// A program that acts for somebody.
pub(super) struct Program<'a> {
    company: &'a Company,
    token: String,
}

impl Company {
    pub(super) async fn program(&self, login: &str) -> Program<'_> {
        let (_, token) = self.app.org().create_token_for(login, "test", None).await.unwrap();
        Program { company: self, token: token.reveal() }
    }
}

impl Program<'_> {
    pub(super) async fn call(&self, method: Method, path: &str, body: Value, key: Option<&str>) -> (StatusCode, Value) {
        let address = format!("{}/api/v1{path}", self.company.address);
        let mut request = Client::new().request(method, address).bearer_auth(&self.token);
        if !body.is_null() {
            request = request.json(&body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, Value::Null, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, body, None).await
    }
}

#[tokio::test]
async fn a_case_goes_its_way_through_the_interface() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("20万").await;
        let path = format!("/approvals/{case}");
        for (login, status) in
            [("wang", "in_approval"), ("li", "in_approval"), ("qian", "in_approval"), ("zhao", "approved")]
        {
            let program = company.program(login).await;
            assert_eq!(program.get("/approvals/counts").await["waiting"], 1);
            let line = program.get("/approvals").await["rows"][0].clone();
            assert_eq!((&line["case"], &line["what"]), (&json!(case.get()), &json!("task")));
            let body = json!({ "task": line["number"], "content": line["content"] });
            let (answered, outcome) = program.post(&format!("{path}/approve"), body).await;
            assert_eq!(answered, StatusCode::OK, "{outcome}");
            let reached = outcome["status"].as_str().unwrap();
            assert!(reached == status || (status == "approved" && reached == "ended"), "{outcome}");
        }
        let program = company.program("kuai").await;
        assert_eq!(program.get("/approvals/counts").await["copied"], 1);
        let (status, _) = program.post(&format!("{path}/read-copy"), json!({ "node": "finance-desk" })).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(program.get("/approvals/counts").await["copied"], 0);
        let events = program.get(&format!("{path}/events")).await;
        assert_eq!(events["events"][0]["event"]["event"], "submitted");
    })
    .await;
}

#[tokio::test]
async fn refusals_have_stable_codes_and_change_nothing() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let path = format!("/approvals/{case}");
        let (wang, qian) = (company.program("wang").await, company.program("qian").await);
        let seen = wang.get(&path).await;
        let (task, content, version) = (&seen["tasks"][0]["task"], &seen["content"], seen["version"].as_i64().unwrap());
        let good = json!({ "task": task, "content": content });
        let before = company.everything().await;
        for (program, act, body, status, code) in [
            (&wang, "approve", json!({ "task": task, "content": "0".repeat(64) }), 409, "content_changed"),
            (&wang, "approve", json!({ "task": task, "content": "xyz" }), 422, "content_invalid"),
            (&wang, "approve", json!({ "task": 9, "content": content }), 404, "task_not_found"),
            (
                &wang,
                "approve",
                json!({ "task": task, "content": content, "version": version - 1 }),
                409,
                "version_conflict",
            ),
            (&wang, "approve", json!({ "task": task, "content": content, "colour": 1 }), 422, "json_unknown"),
            (&wang, "reject", good.clone(), 422, "opinion_missing"),
            (
                &wang,
                "abstain",
                json!({ "task": task, "content": content, "opinion": "不评价" }),
                403,
                "not_allowed_here",
            ),
            (&wang, "undo", json!({ "decision": 1 }), 409, "too_late_to_undo"),
            (&wang, "transfer", json!({ "task": task, "to": 999, "reason": "出差" }), 422, "person_unavailable"),
            (&wang, "answer", json!({ "question": 1, "text": "是" }), 404, "question_not_found"),
            (&wang, "withdraw", json!({}), 403, "not_entitled"),
            (&qian, "approve", good.clone(), 403, "not_entitled"),
            (&wang, "take-suggestion", json!({ "suggestion": 1 }), 403, "not_entitled"),
        ] {
            let (answered, problem) = program.post(&format!("{path}/{act}"), body.clone()).await;
            assert_eq!((answered.as_u16(), problem["code"].as_str()), (status, Some(code)), "{act} {body}: {problem}");
        }
        assert_eq!(company.everything().await, before);
        let (status, _) = wang.post("/approvals/999/approve", good).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_is_sent_twice_counts_once() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let path = format!("/approvals/{case}");
        let wang = company.program("wang").await;
        let seen = wang.get(&path).await;
        let body = json!({ "task": seen["tasks"][0]["task"], "content": seen["content"], "version": seen["version"] });
        let first = wang.call(Method::POST, &format!("{path}/approve"), body.clone(), Some("once")).await;
        assert_eq!(first.0, StatusCode::OK);
        let before = company.everything().await;
        assert_eq!(wang.call(Method::POST, &format!("{path}/approve"), body, Some("once")).await, first);
        assert_eq!(company.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn taking_a_suggestion_writes_it_voids_what_it_touches_and_asks_again() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("20万").await;
        let path = format!("/approvals/{case}");
        for login in ["wang", "qian"] {
            company.approve(case, login).await.unwrap();
        }
        let li = company.program("li").await;
        let before = li.get(&path).await;
        let task = before["tasks"].as_array().unwrap().iter().find(|task| task["mine"] == true).unwrap()["task"].clone();
        let suggestion = json!({ "task": task, "path": "clauses/liability", "text": "违约金为合同总额的千分之一。", "reason": "太高" });
        assert_eq!(li.post(&format!("{path}/suggest"), suggestion).await.0, StatusCode::OK);
        let zhang = company.program("zhang").await;
        let (status, outcome) = zhang.post(&format!("{path}/take-suggestion"), json!({ "suggestion": 1 })).await;
        assert_eq!(status, StatusCode::OK, "{outcome}");
        let after = li.get(&path).await;
        assert_ne!(after["content"], before["content"]);
        assert_eq!(after["suggestions"][0]["outcome"], "taken");
        assert!(after["deviations"].as_array().unwrap().contains(&json!("clauses/liability")));
        let state = company.app.approvals().state(case).await.unwrap();
        assert!(state.decisions.values().all(|decision| decision.void), "both covered the whole document");
        assert_eq!(company.asked(case).await, ["wang"], "and are asked again");
        let page = company.reader("wang").await.page(&path).await;
        assert!(page.contains("改动 1 处") && page.contains("千分之一"), "what changed since they decided");
    })
    .await;
}

#[tokio::test]
async fn workflows_are_published_through_the_interface_or_refused_line_by_line() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.program("admin").await;
        assert!(admin.get("/workflows").await["workflows"].as_array().unwrap().len() >= 3);
        let broken = json!({ "source": "workflow(\"x\", #{ title: \"X\", subject: \"contract\" });\napprove(\"a\", #{ by: role(\"legl\") });" });
        let (status, problem) = admin.post("/workflows", broken).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let place = problem["fields"][0]["field"].as_str().unwrap();
        assert!(place.starts_with("workflows/x.rhai:2:"), "{problem}");
        let good = json!({ "source": "workflow(\"lease\", #{ title: \"租赁\", subject: \"contract\", takes: category_is(\"lease\") });\napprove(\"a\", #{ title: \"法务\", by: role(\"legal\") });" });
        let (status, problem) = admin.post("/workflows", with(&good, "alone_because", " ")).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason_missing")));
        let (status, shown) = admin.post("/workflows", with(&good, "alone_because", "没有别的管理员")).await;
        assert_eq!((status, &shown["state"]), (StatusCode::CREATED, &json!("published")), "{shown}");
        let version = shown["hash"].as_str().unwrap();
        assert!(admin.get(&format!("/workflows/{version}")).await["sentences"].as_array().unwrap().len() > 1);
        let (status, _) = company.program("wang").await.post("/workflows", good).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    })
    .await;
}

fn with(body: &Value, name: &str, value: &str) -> Value {
    let mut body = body.clone();
    body[name] = json!(value);
    body
}

#[tokio::test]
async fn a_program_proposes_and_another_person_publishes_what_they_read() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.hire_as("sun", "孙二", "administrator").await;
        let (admin, sun) = (company.program("admin").await, company.program("sun").await);
        let source = "workflow(\"lease\", #{ title: \"租赁\", subject: \"contract\", takes: category_is(\"lease\") });\napprove(\"a\", #{ title: \"法务\", by: role(\"legal\") });";
        let file = json!({ "source": source, "note": "租赁也要审批" });
        let (status, problem) = admin.post("/workflows", with(&file, "alone_because", "着急")).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("second_person_needed")), "{problem}");
        let (status, proposal) = admin.post("/workflows", file).await;
        assert_eq!((status, &proposal["state"]), (StatusCode::CREATED, &json!("proposed")), "{proposal}");
        let path = format!("/workflow-proposals/{}", proposal["id"]);
        let seen = json!({ "version": proposal["version"] });
        let (status, problem) = admin.post(&format!("{path}/publish"), seen.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("second_person_needed")));
        assert_eq!(sun.get("/workflow-proposals").await["proposals"][0]["note"], "租赁也要审批");
        let (status, _) = sun.post(&format!("{path}/decline"), json!({ "version": proposal["version"], "reason": "缺财务" })).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        let (status, problem) = sun.post(&format!("{path}/publish"), seen).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("workflow_draft_not_found")));
    })
    .await;
}

const DRAFT: &str = r#"
workflow("sales-contract", #{ title: "销售合同审批", subject: "contract", takes: category_is("sales") });
approve("manager", #{ title: "部门经理审批", by: manager_of(drafter()) });
by_amount("final", [
    below("10万", approve("general-manager", #{ title: "总经理审批", by: role("general-manager") })),
    from("10万",  approve("president",       #{ title: "总裁审批", by: manager_of(drafter(), 2) })),
]);
"#;

#[tokio::test]
async fn what_publishing_would_do_is_told_before_it_is_done() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (small, large) = (company.case("5万").await, company.case("20万").await);
        company.approve(large, "wang").await.unwrap();
        let admin = company.program("admin").await;
        let before = company.everything().await;
        let (status, impact) = admin.post("/workflows/impact", json!({ "source": DRAFT, "last": 10 })).await;
        assert_eq!(status, StatusCode::OK, "{impact}");
        let figures = &impact["figures"];
        assert_eq!((&figures["records"], &figures["changed"], &figures["nobody"]), (&json!(2), &json!(2), &json!(1)));
        let records = impact["records"].as_array().unwrap();
        let cases: Vec<_> = records.iter().map(|record| record["case"].as_i64().unwrap()).collect();
        assert_eq!(cases, [large.get(), small.get()]);
        let stuck = &records[0]["after"]["nodes"][1];
        assert_eq!((&stuck["node"], &stuck["place"]), (&json!("president"), &json!("workflows/sales-contract.rhai:6")));
        assert!(stuck["stuck"].is_string() && records[1]["after"]["nodes"][1]["people"][0][0]["name"] == "赵总");
        assert_eq!(impact["unmovable"][0]["case"], large.get());
        assert_eq!(impact["unmovable"][0]["nodes"][0]["node"], "review");
        assert_eq!(company.everything().await, before);

        let (status, problem) = admin.post("/workflows/impact", json!({ "source": DRAFT, "last": 0 })).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("last_out_of_range")));
        let broken = json!({ "source": DRAFT.replace("by: role", "by: rolle") });
        let (status, problem) = admin.post("/workflows/impact", broken).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(problem["fields"][0]["field"].as_str().unwrap().starts_with("workflows/sales-contract.rhai:5:"));
        let (status, _) = company.program("wang").await.post("/workflows/impact", json!({ "source": DRAFT })).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_key_counts_once_and_answers_as_the_first_time_however_the_case_went_on() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("20万").await;
        let (wang, li) = (company.program("wang").await, company.program("li").await);
        let content = wang.get("/approvals").await["rows"][0]["content"].clone();
        let path = format!("/approvals/{case}");
        let approve = json!({ "task": 1, "content": content });
        let first = wang.call(Method::POST, &format!("{path}/approve"), approve.clone(), Some("key-1")).await;
        assert_eq!(first.0, StatusCode::OK, "{}", first.1);
        let (status, _) = li.post(&format!("{path}/comment"), json!({ "text": "看过了" })).await;
        assert_eq!(status, StatusCode::OK);
        let events = wang.get(&format!("{path}/events")).await;
        assert_eq!(wang.call(Method::POST, &format!("{path}/approve"), approve.clone(), Some("key-1")).await, first);
        // The keys of others are others.
        let (status, answer) = li.call(Method::POST, &format!("{path}/approve"), approve, Some("key-1")).await;
        assert!(status != StatusCode::OK && answer["code"] != "idempotency_key_reused", "{answer}");
        let other = json!({ "text": "别的" });
        let (status, answer) = wang.call(Method::POST, &format!("{path}/comment"), other, Some("key-1")).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("idempotency_key_reused")));
        assert_eq!(wang.get(&format!("{path}/events")).await, events);
    })
    .await;
}
