//! Records of any declared kind in approval: the lock, the way there and back, stage gates, the page of the record.

use qiyue::approval::{ApprovalError, Ask, publish};
use qiyue::crm::{Crm, Won};
use qiyue::db::{Conn, Db, DbError};
use qiyue::i18n::Explain as _;
use qiyue::kernel::{CaseId, OpportunityId, Timestamp};
use qiyue::record::{HoldState, Input, Kind, Raw, Record, RecordError, Wish};
use qiyue::workflow::{Act, ReturnTo, Verdict};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Company, leads_to, read};
use crate::crm::{COMPLETE, CONTACT, CUSTOMER, DISCOUNT, OPPORTUNITY, with};
use crate::support::{Browser, Screen, TestDatabase, on_both};

const GATE: &str = include_str!("../../../workflows/examples/opportunity-stage.rhai");

const OF_CONTACTS: &str = "workflow(\"contact\", #{ title: \"联系人\", subject: \"contact\" });\n\
    approve(\"finance\", #{ title: \"财务\", by: role(\"finance\") });\n";

/// A gate before which large opportunities alone stand.
const OF_LARGE_ONES: &str = "workflow(\"large\", #{ title: \"大额商机\", subject: \"opportunity\", \
    takes: all_of([field_is(\"stage\", \"negotiation\"), amount_from(\"100万\")]) });\n\
    approve(\"finance\", #{ title: \"财务\", by: role(\"finance\") });\n";

impl Company {
    pub(super) async fn make(&self, kind: &'static Kind, fields: &[(&str, &str)]) -> i64 {
        self.try_to_make(kind, fields).await.unwrap()
    }

    pub(super) async fn try_to_make(&self, kind: &'static Kind, fields: &[(&str, &str)]) -> Result<i64, RecordError> {
        self.app.crm().records().create(kind, self.person("zhang"), &typed(fields), Wish::default()).await
    }

    pub(super) async fn customer(&self) -> i64 {
        self.make(CUSTOMER, COMPLETE).await
    }

    pub(super) async fn record(&self, kind: &'static Kind, id: i64) -> Record {
        self.app.crm().records().get(self.id("admin"), kind, id).await.unwrap()
    }

    pub(super) async fn change(
        &self,
        kind: &'static Kind,
        id: i64,
        fields: &[(&str, &str)],
    ) -> Result<i64, RecordError> {
        let read = (id, self.record(kind, id).await.version);
        self.app.crm().records().change(kind, self.person("zhang"), read, &typed(fields), Wish::default()).await
    }

    pub(super) async fn act_on(&self, id: i64, act: &str, fields: &[(&str, &str)]) -> Result<i64, RecordError> {
        let records = self.app.crm().records();
        let (act, read) = (records.act_named(OPPORTUNITY, act).unwrap(), self.record(OPPORTUNITY, id).await.version);
        records.act(OPPORTUNITY, act, self.person("zhang"), (id, read), &typed(fields)).await
    }

    pub(super) async fn stands(&self, kind: &'static Kind, id: i64) -> Option<HoldState> {
        self.app.crm().records().hold(kind, id).await.unwrap().map(|hold| hold.state)
    }

    /// Hands a record in on its page, as 张三.
    pub(super) async fn hand_in(&self, kind: &'static Kind, id: i64) -> CaseId {
        let version = self.record(kind, id).await.version.to_string();
        let path = format!("/approvals/of/{}/{id}", kind.name());
        let answer = self.reader("zhang").await.post(&path, &[("version", &version)]).await;
        assert_eq!(leads_to(&answer), kind.page_of(id));
        self.app.crm().records().hold(kind, id).await.unwrap().unwrap().case
    }

    pub(super) async fn send_back(&self, case: CaseId, login: &str) {
        let state = self.app.approvals().state(case).await.unwrap();
        let task = state.tasks.iter().find(|(_, task)| task.open).map(|(number, _)| *number);
        let verdict = Verdict { task, shown: state.content, opinion: "请补充".into(), ..Verdict::default() };
        let act = Act::Return { verdict, to: ReturnTo::Drafter };
        self.app.approvals().act(Ask::of_case(case, self.person(login), act)).await.unwrap();
    }

    /// The stage gate of the examples is published.
    pub(super) async fn with_gate(&self) {
        self.publish(GATE).await;
    }

    pub(super) async fn publish(&self, source: &str) {
        let directory = self.app.org().directory();
        publish(self.app.approvals(), source, "workflows/x.rhai", &directory).await.unwrap();
    }

    /// A contract of an opportunity is signed.
    pub(super) async fn sign_for(&self, db: &Db, id: i64) -> bool {
        let by = self.person("zhang");
        let unit = async move |c: &mut Conn<'_>| {
            let (opportunity, at) = (OpportunityId::new(id), Timestamp::from_micros(1_800_000_000_000_000));
            Crm::win(c, &Won { opportunity, reason: "HT-2026-0001", path: "/contracts/1", actor: &by, at }).await
        };
        let done: Result<bool, DbError> = db.write(unit).await;
        done.unwrap()
    }

    pub(super) async fn opportunity(&self) -> i64 {
        let customer = self.customer().await.to_string();
        let fields = [("title", "办公系统"), ("customer", customer.as_str()), ("amount", "50万")];
        self.make(OPPORTUNITY, &fields).await
    }
}

/// The same gate before the stage of won deals.
fn gate_before_winning() -> String {
    GATE.replace("\"opportunity-stage\"", "\"opportunity-won\"").replace("\"negotiation\"", "\"won\"")
}

pub(super) fn typed(fields: &[(&str, &str)]) -> Input {
    fields.iter().map(|(name, value)| ((*name).to_owned(), Raw::Typed((*value).to_owned()))).collect()
}

#[tokio::test]
async fn a_record_in_approval_is_locked_through_its_pages() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.customer().await;
        let case = company.hand_in(CUSTOMER, id).await;
        let version = company.record(CUSTOMER, id).await.version.to_string();
        let reader = company.reader("zhang").await;
        let page = reader.page("/customers/1").await;
        assert!(page.contains("审批期间内容已锁定") && page.contains(&format!("/approvals/{case}")), "{page}");
        for gone in ["/customers/1/edit\"", "/customers/1/delete\"", "/customers/1/transfer\""] {
            assert!(!page.contains(gone), "{gone}");
        }
        assert_eq!(reader.get("/customers/1/edit").await.status(), StatusCode::CONFLICT);
        let changed = with(COMPLETE, &[("city", "宁波市"), ("version", &version)]);
        let answer = reader.post("/customers/1/edit", &changed).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(read(answer).await.contains(&format!("正在审批（审批单 {case}）")));
        let manager = company.reader("wang").await;
        for (path, fields) in [
            ("/customers/1/delete", vec![("version", version.as_str())]),
            ("/customers/1/transfer", vec![("version", version.as_str()), ("to", "3")]),
        ] {
            let answer = manager.post(path, &fields).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(read(answer).await.contains("正在审批"), "{path}");
        }
        assert_eq!(company.record(CUSTOMER, id).await.values.text("city"), "杭州市");
    })
    .await;
}

#[tokio::test]
async fn a_record_in_approval_is_locked_for_programs_but_for_its_marks() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.customer().await;
        let program = company.program("zhang").await;
        let body = json!({ "version": 1 });
        let (status, stands) = program.call(Method::POST, "/records/customer/1/submit", body, None).await;
        assert_eq!(
            (status, &stands["state"], &stands["locked"]),
            (StatusCode::OK, &json!("in_approval"), &json!(true))
        );
        let version = &stands["version"];
        let manager = company.program("wang").await;
        let transfer = json!({ "version": version, "owner": 3 });
        for (program, method, path, body) in [
            (&program, Method::PATCH, "/customers/1".to_owned(), json!({ "version": version, "city": "宁波市" })),
            (&program, Method::POST, "/records/customer/1/submit".to_owned(), json!({ "version": version })),
            (&manager, Method::POST, "/customers/1/transfer".to_owned(), transfer),
            (&manager, Method::DELETE, format!("/customers/1?version={version}"), Value::Null),
        ] {
            let (status, problem) = program.call(method, &path, body, None).await;
            let found = (status, &problem["code"]);
            assert_eq!(found, (StatusCode::CONFLICT, &json!("record_in_approval")), "{path}: {problem}");
            assert!(problem["message"].as_str().unwrap().contains(&stands["case"].to_string()), "{problem}");
        }
        let legal = company.program("li").await;
        let mark = json!({ "version": version, "reason": "同一实际控制人" });
        let (status, marked) = legal.call(Method::POST, "/customers/1/acts/relate", mark, None).await;
        assert_eq!((status, &marked["related_party"]), (StatusCode::OK, &json!(true)));
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::InApproval));
    })
    .await;
}

#[tokio::test]
async fn who_agreed_last_sets_the_record_free_and_a_change_lifts_the_approval() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.customer().await;
        let case = company.hand_in(CUSTOMER, id).await;
        assert_eq!(company.asked(case).await, ["wang"]);
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "li").await.unwrap();
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::Approved));
        let page = company.reader("zhang").await.page("/customers/1").await;
        assert!(page.contains("审批通过") && !page.contains("/approvals/of/customer/1"), "{page}");
        let body = json!({ "version": company.record(CUSTOMER, id).await.version });
        let program = company.program("zhang").await;
        let (status, problem) = program.call(Method::POST, "/records/customer/1/submit", body, None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_now")), "nothing is left to decide");
        company.change(CUSTOMER, id, &[("status", "intending")]).await.ok();
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::Approved), "a state is nothing to approve");
        company.change(CUSTOMER, id, &[("city", "宁波市")]).await.unwrap();
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::Changed));
        let again = company.hand_in(CUSTOMER, id).await;
        assert_ne!(again, case);
    })
    .await;
}

#[tokio::test]
async fn a_record_that_came_back_is_changed_and_asks_only_those_whom_it_touches() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.customer().await;
        let relate = company.app.crm().records().act_named(CUSTOMER, "relate").unwrap();
        let reason = typed(&[("reason", "同一实际控制人")]);
        company.app.crm().records().act(CUSTOMER, relate, company.person("li"), (id, 1), &reason).await.unwrap();
        let case = company.hand_in(CUSTOMER, id).await;
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "li").await.unwrap();
        company.send_back(case, "zhao").await;
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::Returned));
        company.change(CUSTOMER, id, &[("city", "宁波市")]).await.unwrap();
        let before = company.reader("zhang").await.page("/approvals/of/customer/1").await;
        assert!(before.contains("<del>杭州市</del> <ins>宁波市</ins>"), "{before}");
        assert_eq!(company.hand_in(CUSTOMER, id).await, case);
        // Legal looks at the name alone, and the general manager sent it back.
        assert_eq!(company.asked(case).await, ["wang"]);
        let shown = company.reader("wang").await.page(&format!("/approvals/{case}")).await;
        assert!(shown.contains("<del>杭州市</del> <ins>宁波市</ins>"), "{shown}");
        company.approve(case, "wang").await.unwrap();
        assert_eq!(company.asked(case).await, ["zhao"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_or_rejected_can_be_changed_again() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.customer().await;
        let case = company.hand_in(CUSTOMER, id).await;
        let withdraw = Act::Withdraw { reason: "再想想".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("zhang"), withdraw)).await.unwrap();
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::Withdrawn));
        company.change(CUSTOMER, id, &[("city", "宁波市")]).await.unwrap();
        assert_eq!(company.hand_in(CUSTOMER, id).await, case);
        let reader = company.reader("wang").await;
        leads_to(&reader.decide(&format!("/approvals/{case}"), "reject", &[("opinion", "不做这家")]).await);
        assert_eq!(company.stands(CUSTOMER, id).await, Some(HoldState::Rejected));
        company.change(CUSTOMER, id, &[("city", "绍兴市")]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_stage_that_a_workflow_takes_is_entered_with_its_approval() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.with_gate().await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "proposal")]).await.unwrap();
        assert_eq!(company.record(OPPORTUNITY, id).await.values.text("stage"), "proposal", "nothing takes that");
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        let asked = company.record(OPPORTUNITY, id).await.values;
        assert_eq!((asked.text("stage"), asked.text("target_stage")), ("proposal", "negotiation"));
        let case = company.hand_in(OPPORTUNITY, id).await;
        let shown = company.reader("wang").await.page(&format!("/approvals/{case}")).await;
        assert!(shown.contains("<del>方案提供</del> <ins>商务谈判</ins>"), "{shown}");
        let locked = company.act_on(id, "advance", &[("stage", "needs")]).await;
        assert_eq!(locked.unwrap_err().code(), "record_in_approval");
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "qian").await.unwrap();
        let entered = company.record(OPPORTUNITY, id).await.values;
        assert_eq!((entered.text("stage"), entered.text("target_stage")), ("negotiation", ""));
        assert_eq!(company.stands(OPPORTUNITY, id).await, Some(HoldState::Approved));
    })
    .await;
}

#[tokio::test]
async fn who_passed_one_gate_has_not_passed_the_next() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.with_gate().await;
        company.publish(&gate_before_winning()).await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        let case = company.hand_in(OPPORTUNITY, id).await;
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "qian").await.unwrap();
        let refused = company.act_on(id, "win", &[("reason", "价格合适")]).await.unwrap_err();
        assert_eq!(refused.code(), "not_now");
        company.act_on(id, "advance", &[("stage", "won")]).await.unwrap();
        let asked = company.record(OPPORTUNITY, id).await.values;
        assert_eq!((asked.text("stage"), asked.text("target_stage")), ("negotiation", "won"));
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_is_undone_in_time_leaves_the_stage_again() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.with_gate().await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        let case = company.hand_in(OPPORTUNITY, id).await;
        company.approve(case, "wang").await.unwrap();
        let decision = company.approve(case, "qian").await.unwrap().decision.unwrap();
        let undo = Ask::of_case(case, company.person("qian"), Act::UndoDecision { decision });
        company.app.approvals().act(undo).await.unwrap();
        let back = company.record(OPPORTUNITY, id).await.values;
        assert_eq!((back.text("stage"), back.text("target_stage")), ("first-contact", "negotiation"));
        assert_eq!(company.stands(OPPORTUNITY, id).await, Some(HoldState::InApproval));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_asked_for_any_more_once_a_signed_contract_has_won_it() {
    on_both(async |db| {
        let company = Company::new(db.clone()).await;
        company.with_gate().await;
        company.publish(&gate_before_winning()).await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        assert!(company.sign_for(&db, id).await);
        let won = company.record(OPPORTUNITY, id).await.values;
        assert_eq!((won.text("outcome"), won.text("stage"), won.text("target_stage")), ("won", "won", ""));
        let page = company.reader("zhang").await.page(&format!("/opportunities/{id}")).await;
        assert!(!page.contains("/approvals/of/"), "{page}");
        let version = company.record(OPPORTUNITY, id).await.version;
        let body = json!({ "version": version });
        let program = company.program("zhang").await;
        let (status, problem) = program.call(Method::POST, "/records/opportunity/1/submit", body, None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_now")));
    })
    .await;
}

#[tokio::test]
async fn a_field_that_a_gate_reads_does_not_carry_the_record_past_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.publish(OF_LARGE_ONES).await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        let refused = company.change(OPPORTUNITY, id, &[("amount", "500万"), ("note", "扩容")]).await.unwrap_err();
        let problems: Vec<_> =
            refused.parts().iter().map(|one| (one.field().unwrap().to_owned(), one.code())).collect();
        assert_eq!(problems, [("amount".to_owned(), "approval_first")]);
        company.change(OPPORTUNITY, id, &[("amount", "60万"), ("note", "扩容")]).await.unwrap();
        company.act_on(id, "advance", &[("stage", "needs")]).await.unwrap();
        company.change(OPPORTUNITY, id, &[("amount", "500万")]).await.unwrap();
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        assert_eq!(company.record(OPPORTUNITY, id).await.values.text("target_stage"), "negotiation");
    })
    .await;
}

#[tokio::test]
async fn nobody_undoes_the_approval_of_a_stage_in_which_the_deal_was_won_meanwhile() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.publish(&gate_before_winning()).await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "won")]).await.unwrap();
        let case = company.hand_in(OPPORTUNITY, id).await;
        company.approve(case, "wang").await.unwrap();
        let decision = company.approve(case, "qian").await.unwrap().decision.unwrap();
        company.act_on(id, "win", &[("reason", "价格合适")]).await.unwrap();
        assert_eq!(company.stands(OPPORTUNITY, id).await, Some(HoldState::Approved));
        let undo = Ask::of_case(case, company.person("qian"), Act::UndoDecision { decision });
        let refused = company.app.approvals().act(undo).await.unwrap_err();
        assert_eq!(refused.code(), "subject_refused");
        let won = company.record(OPPORTUNITY, id).await.values;
        assert_eq!((won.text("outcome"), won.text("stage")), ("won", "won"));
    })
    .await;
}

#[tokio::test]
async fn a_signed_contract_lifts_the_approval_of_an_earlier_stage() {
    on_both(async |db| {
        let company = Company::new(db.clone()).await;
        company.with_gate().await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        let case = company.hand_in(OPPORTUNITY, id).await;
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "qian").await.unwrap();
        company.sign_for(&db, id).await;
        assert_eq!(company.stands(OPPORTUNITY, id).await, Some(HoldState::Changed));
    })
    .await;
}

#[tokio::test]
async fn a_contract_that_is_signed_during_the_approval_of_its_opportunity_is_told_there() {
    on_both(async |db| {
        let company = Company::new(db.clone()).await;
        company.with_gate().await;
        let id = company.opportunity().await;
        company.act_on(id, "advance", &[("stage", "negotiation")]).await.unwrap();
        company.hand_in(OPPORTUNITY, id).await;
        assert!(!company.sign_for(&db, id).await);
        assert_eq!(company.record(OPPORTUNITY, id).await.values.text("outcome"), "open");
        let page = company.reader("zhang").await.page(&format!("/opportunities/{id}")).await;
        assert!(page.contains("审批结束后请登记赢单") && page.contains("/contracts/1"), "{page}");
        assert_eq!(company.kinds_told("zhang").await, ["opportunity.signed"]);
        assert_eq!(company.record(CUSTOMER, 1).await.values.text("status"), "closed_deal");
    })
    .await;
}

#[tokio::test]
async fn an_opportunity_cannot_begin_behind_a_gate() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.with_gate().await;
        let customer = company.customer().await.to_string();
        let fields =
            [("title", "办公系统"), ("customer", customer.as_str()), ("stage", "negotiation"), ("amount", "5万")];
        let refused = company.try_to_make(OPPORTUNITY, &fields).await.unwrap_err();
        assert_eq!(refused.parts()[0].code(), "stage_needs_approval");
        company.make(OPPORTUNITY, &with(&fields, &[("stage", "needs")])).await;
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_not_handed_over_while_somebody_decides_on_one_of_its_contacts() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.publish(OF_CONTACTS).await;
        let id = company.customer().await;
        let case = company.hand_in(CONTACT, 1).await;
        let (by, read) = (company.person("wang"), (id, company.record(CUSTOMER, id).await.version));
        let refused = company.app.crm().records().transfer(CUSTOMER, by, read, company.id("li")).await.unwrap_err();
        assert!(matches!(refused, RecordError::InApproval { case: held } if held == case), "{refused:?}");
        assert_eq!(company.record(CONTACT, 1).await.owner, Some(company.id("zhang")));
    })
    .await;
}

#[tokio::test]
async fn a_record_that_no_workflow_takes_cannot_be_handed_in() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.opportunity().await;
        let page = company.reader("zhang").await.page(&format!("/opportunities/{id}")).await;
        assert!(!page.contains("/approvals/of/"), "{page}");
        let program = company.program("zhang").await;
        let (status, problem) =
            program.call(Method::POST, "/records/opportunity/1/submit", json!({ "version": 1 }), None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("no_workflow")));
        let preview = program.get("/records/customer/1/preview").await;
        assert_eq!((&preview["ready"], &preview["workflow"]), (&json!(true), &json!("customer-admission")));
    })
    .await;
}

#[tokio::test]
async fn a_workflow_that_names_a_field_which_the_kind_does_not_have_is_a_fault_with_its_line() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let source = "workflow(\"x\", #{ title: \"X\", subject: \"opportunity\" });\n\n\
            approve(\"a\", #{ title: \"A\", by: role(\"finance\"), when: field_is(\"stagee\", \"won\") });\n";
        let directory = company.app.org().directory();
        let refused = publish(company.app.approvals(), source, "workflows/x.rhai", &directory).await.unwrap_err();
        let ApprovalError::Faults { faults, .. } = refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3]);
    })
    .await;
}

#[tokio::test]
async fn the_page_of_a_record_shows_its_approval_at_a_desk() {
    on_its_page(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_page_of_a_record_shows_its_approval_on_a_phone() {
    on_its_page(Screen::Phone, "phone").await;
}

async fn on_its_page(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let database = TestDatabase::sqlite();
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let company = Company::new(db).await;
    let id = company.customer().await;
    company.sign_in(&browser, "zhang").await;
    browser.goto(&format!("{}/customers/{id}", company.address)).await;
    browser.press("提交审批").await;
    browser.wait_for("提交后由谁审批").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("record-hand-in-{name}")).await;
    browser.click("main form button.btn-primary").await;
    browser.wait_for("审批期间内容已锁定").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("record-locked-{name}")).await;
    browser.press("打开审批单").await;
    browser.wait_for("王敏").await;
    browser.assert_sound().await;
    browser.screenshot(&format!("record-case-{name}")).await;
}

#[tokio::test]
async fn what_people_ask_for_goes_by_its_amount_and_its_fields() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let customer = company.customer().await.to_string();
        let fields = [
            ("title", "年度框架折扣"),
            ("customer", customer.as_str()),
            ("list_price", "60万"),
            ("amount", "45万"),
            ("percent", "25"),
            ("reason", "量大"),
        ];
        let id = company.make(DISCOUNT, &fields).await;
        let case = company.hand_in(DISCOUNT, id).await;
        company.approve(case, "wang").await.unwrap();
        let shown = company.reader("qian").await.page(&format!("/approvals/{case}")).await;
        for part in ["年度框架折扣", "¥450,000.00", "远望科技有限公司", "量大"] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
        company.approve(case, "qian").await.unwrap();
        assert_eq!(company.asked(case).await, ["zhao"]);
        company.approve(case, "zhao").await.unwrap();
        assert_eq!(company.stands(DISCOUNT, id).await, Some(HoldState::Approved));
    })
    .await;
}
