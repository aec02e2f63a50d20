//! What is decided on of a record: suggestions that go into its fields, and every content as evidence.

use qiyue::approval::{Ask, check_bundle, unpack};
use qiyue::db::{Conn, DbError};
use qiyue::i18n::Explain as _;
use qiyue::kernel::CaseId;
use qiyue::record::{HoldState, Kind, SubmissionFlaw, Value, VerifiedSubmissions};
use qiyue::workflow::Act;
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::evidence::{bundle, verified};
use super::{Company, leads_to, read};
use crate::crm::{EXPENSE, PAYMENT_REQUEST};
use crate::support::on_both;

const TRIP: &[(&str, &str)] =
    &[("title", "上海出差"), ("category", "travel"), ("amount", "3000"), ("spent_on", "2026-02-27")];

const PAYMENT: &[(&str, &str)] = &[
    ("title", "设备首付款"),
    ("payee", "晨星设备"),
    ("bank", "中国银行"),
    ("bank_account", "6222"),
    ("amount", "30万"),
    ("needed_on", "2026-03-20"),
];

const BY_AMOUNT: &str = "workflow(\"payment-request\", #{ title: \"付款\", subject: \"payment_request\" });\n\
    approve(\"manager\", #{ title: \"经理\", by: manager_of(drafter()), scope: [\"fields/payee\"] });\n\
    by_amount(\"final\", [\n\
    below(\"50万\", approve(\"finance\", #{ title: \"财务\", by: role(\"finance\") })),\n\
    from(\"50万\", approve(\"general-manager\", #{ title: \"总经理\", by: role(\"general-manager\") })),\n\
    ]);\n";

impl Company {
    /// Somebody who is asked proposes another text for a field, on the page of the case.
    async fn suggest(&self, case: CaseId, login: &str, (field, text): (&str, &str)) -> reqwest::Response {
        let path = format!("fields/{field}");
        let fields = [("path", path.as_str()), ("text", text), ("opinion", "按票据")];
        self.reader(login).await.decide(&format!("/approvals/{case}"), "suggest", &fields).await
    }

    /// The drafter takes the suggestion of that number, on the page of the case.
    async fn take(&self, case: CaseId, number: &str) -> reqwest::Response {
        self.reader("zhang").await.post(&format!("/approvals/{case}/take"), &[("number", number)]).await
    }

    async fn suggested_and_taken(&self, case: CaseId, login: &str, suggestion: (&str, &str)) {
        leads_to(&self.suggest(case, login, suggestion).await);
        let number = self.app.approvals().state(case).await.unwrap().suggestions.len().to_string();
        leads_to(&self.take(case, &number).await);
    }

    /// The amount of a record as people read it.
    async fn amount(&self, kind: &'static Kind, id: i64) -> String {
        match self.record(kind, id).await.values.get("amount") {
            Some(Value::Money(money)) => money.amount.plain(),
            other => panic!("{other:?}"),
        }
    }
}

/// Whether a member of a bundle is a content in that form.
fn kept_as(member: &str, extension: &str) -> bool {
    let path = std::path::Path::new(member);
    path.starts_with("contents") && path.extension().is_some_and(|found| found == extension)
}

#[tokio::test]
async fn a_suggested_amount_goes_into_the_record_and_asks_everybody_again_whom_it_touches() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        company.approve(case, "wang").await.unwrap();
        let version = company.record(EXPENSE, id).await.version;

        company.suggested_and_taken(case, "qian", ("amount", "5.2万")).await;

        assert_eq!(company.amount(EXPENSE, id).await, "52000.0000");
        assert_eq!(company.record(EXPENSE, id).await.version, version + 1);
        assert_eq!(company.stands(EXPENSE, id).await, Some(HoldState::InApproval));
        assert_eq!(company.asked(case).await, ["wang"]);
        let shown = company.reader("wang").await.page(&format!("/approvals/{case}")).await;
        assert!(shown.contains("<del>¥3,000.00</del> <ins>¥52,000.00</ins>"), "{shown}");
        let page = company.reader("zhang").await.page(&format!("/expenses/{id}")).await;
        assert!(page.contains("采纳审批建议，修改了金额：上海出差"), "the timeline tells it: {page}");
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "qian").await.unwrap();
        assert_eq!(company.asked(case).await, ["zhao"], "from 50,000 the general manager decides");
    })
    .await;
}

#[tokio::test]
async fn a_guard_that_read_the_amount_is_asked_again_once_a_suggestion_changed_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.publish(BY_AMOUNT).await;
        let id = company.make(PAYMENT_REQUEST, PAYMENT).await;
        let case = company.hand_in(PAYMENT_REQUEST, id).await;
        company.approve(case, "wang").await.unwrap();
        assert_eq!(company.asked(case).await, ["qian"]);

        company.suggested_and_taken(case, "qian", ("amount", "60万")).await;

        let events = company.app.approvals().events(case).await.unwrap();
        assert!(events.iter().any(|event| event.body.contains(r#""event":"rerouted""#)), "{events:?}");
        assert_eq!(company.asked(case).await, ["zhao"]);
        assert_eq!(company.amount(PAYMENT_REQUEST, id).await, "600000.0000");
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_outside_the_scope_of_a_decision_leaves_it_standing() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.hire_as("jian", "财务总监", "finance-director").await;
        let id = company.make(PAYMENT_REQUEST, PAYMENT).await;
        let case = company.hand_in(PAYMENT_REQUEST, id).await;
        company.approve(case, "wang").await.unwrap();
        company.approve(case, "qian").await.unwrap();

        company.suggested_and_taken(case, "jian", ("note", "二期设备")).await;

        assert_eq!(company.record(PAYMENT_REQUEST, id).await.values.text("note"), "二期设备");
        company.approve(case, "wang").await.unwrap();
        assert_eq!(company.asked(case).await, ["jian"], "finance looked at the account and the amount alone");
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_followed_a_suggestion_is_undone_with_the_field_as_suggested() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        company.suggested_and_taken(case, "wang", ("category", "交通")).await;
        company.approve(case, "wang").await.unwrap();
        let decision = company.approve(case, "qian").await.unwrap().decision.unwrap();
        assert_eq!(company.stands(EXPENSE, id).await, Some(HoldState::Approved));

        let undo = Ask::of_case(case, company.person("qian"), Act::UndoDecision { decision });
        company.app.approvals().act(undo).await.unwrap();

        assert_eq!(company.stands(EXPENSE, id).await, Some(HoldState::InApproval));
        assert_eq!(company.record(EXPENSE, id).await.values.text("category"), "transport");
        assert_eq!(company.asked(case).await, ["qian"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_value_of_the_field_is_refused_to_whoever_suggests_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        for (field, text, said) in [
            ("amount", "三千左右", "“金额”不能改成“三千左右”："),
            ("amount", "", "“金额”不能改成“”：此项必填。"),
            ("category", "出门", "请写其中一项：差旅、"),
            ("spent_on", "上周五", "请填写日期，例如 2026-03-02。"),
            ("receipts", "很多", "请填写 0 到 999 之间的整数。"),
            ("customer", "远望科技", "只能在表单上选取"),
            ("amont", "1", "“fields/amont”不能改成“1”：没有这个字段"),
        ] {
            let answer = company.suggest(case, "wang", (field, text)).await;
            let status = answer.status();
            let page = read(answer).await;
            assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(said), "{said}: {status} {page}");
        }
        assert!(company.app.approvals().state(case).await.unwrap().suggestions.is_empty());
        let program = company.program("wang").await;
        let body = json!({ "path": "fields/amount", "text": "-1", "reason": "x" });
        let (status, problem) = program.call(Method::POST, &format!("/approvals/{case}/suggest"), body, None).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("suggestion_unfit")),
            "{problem}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_choice_that_is_not_offered_any_more_is_refused_to_whoever_takes_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.customer().await;
        let case = company.hand_in(crate::crm::CUSTOMER, id).await;
        let records = company.app.crm().records();
        let industry = company.record(crate::crm::CUSTOMER, id).await.values.text("industry").to_owned();
        let lists = records.dictionaries().await.unwrap();
        let other = lists.of("industry").iter().find(|one| one.active && one.name != industry).unwrap().clone();
        leads_to(&company.suggest(case, "wang", ("industry", &other.label_en)).await);
        let fields = qiyue::record::ChoiceFields {
            label_zh: other.label_zh.clone(),
            label_en: other.label_en.clone(),
            active: false,
            ..Default::default()
        };
        records.change_choice(company.person("admin"), (other.id, other.version), fields).await.unwrap();

        let take = Act::TakeSuggestion { suggestion: 1, edited: Vec::new() };
        let ask = Ask::of_case(case, company.person("zhang"), take);
        let refused = company.app.approvals().take_suggestion(case, 1, &ask).await.unwrap_err();

        assert_eq!(refused.code(), "subject_refused");
        let english = qiyue::i18n::text(qiyue::i18n::Lang::En, &refused.message());
        assert!(english.contains("“Industry” cannot become") && english.contains("Write one of these: "), "{english}");
        assert_eq!(company.record(crate::crm::CUSTOMER, id).await.values.text("industry"), industry);
    })
    .await;
}

#[tokio::test]
async fn the_bundle_of_a_record_holds_every_content_that_was_handed_in_or_decided_on() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        company.approve(case, "wang").await.unwrap();
        company.suggested_and_taken(case, "qian", ("amount", "3200")).await;
        company.approve(case, "wang").await.unwrap();
        company.send_back(case, "qian").await;
        company.change(EXPENSE, id, &[("note", "含打车费")]).await.unwrap();
        company.hand_in(EXPENSE, id).await;

        let whole = bundle(&company, "zhang", case).await;

        let members = unpack(&whole).unwrap();
        let checked = check_bundle(&members);
        assert_eq!((checked.flaws, checked.not_kept), (Vec::new(), 0));
        let contents = members.iter().filter(|(name, _)| kept_as(name, "json"));
        let mut contents: Vec<Json> = contents.map(|(_, bytes)| serde_json::from_slice(bytes).unwrap()).collect();
        contents.sort_by_key(|content| content["version"].as_i64());
        let reasons: Vec<_> = contents.iter().map(|one| one["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["submitted", "suggestion", "resubmitted"]);
        assert!(contents.iter().all(|one| one["author"] == json!(company.id("zhang"))), "{contents:#?}");
        let amount = |content: &Json| {
            let parts = content["parts"].as_array().unwrap();
            parts.iter().find(|part| part["path"] == "fields/amount").unwrap().to_string()
        };
        assert!(amount(&contents[0]).contains("3000.0000") && amount(&contents[1]).contains("3200.0000"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bundle.zip");
        std::fs::write(&file, &whole).unwrap();
        let (code, said) = verified(&file);
        assert!(code == Some(0) && said.contains("0 do not fit"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_content_that_comes_back_after_another_one_is_kept_as_another_version() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        for amount in ["3200", "3000"] {
            company.suggested_and_taken(case, "wang", ("amount", amount)).await;
        }
        let members = unpack(&bundle(&company, "zhang", case).await).unwrap();
        assert_eq!(check_bundle(&members).flaws, []);
        let contents = members.keys().filter(|name| kept_as(name, "txt"));
        assert_eq!(contents.count(), 2, "two contents, of which the first came twice");
        company.approve(case, "wang").await.unwrap();
        assert_eq!(company.asked(case).await, ["qian"]);
    })
    .await;
}

#[tokio::test]
async fn a_kept_content_that_was_changed_or_removed_is_found() {
    const CHANGE: &str = "UPDATE record_submission SET fields = REPLACE(fields, '3200', '9200') WHERE version = 2";
    const REMOVE: &str = "DELETE FROM record_submission WHERE version = 1";
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        company.suggested_and_taken(case, "wang", ("amount", "3200")).await;
        let sound = VerifiedSubmissions { submissions: 2, flaws: Vec::new() };
        assert_eq!(qiyue::record::verify(&company.db).await.unwrap(), sound);
        let record = EXPENSE.reference(id);
        for sql in [CHANGE, REMOVE] {
            let done: Result<u64, DbError> =
                company.db.write(async move |c: &mut Conn<'_>| c.exec(sql, &[]).await).await;
            assert_eq!(done.unwrap(), 1);
        }
        let missing = SubmissionFlaw::Missing { record: record.clone(), version: 1 };
        let altered = SubmissionFlaw::Altered { record, version: 2 };
        assert_eq!(qiyue::record::verify(&company.db).await.unwrap().flaws, [missing, altered]);
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_that_is_taken_after_a_return_is_written_into_what_the_drafter_works_on() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.make(EXPENSE, TRIP).await;
        let case = company.hand_in(EXPENSE, id).await;
        leads_to(&company.suggest(case, "wang", ("amount", "3200")).await);
        company.send_back(case, "wang").await;
        leads_to(&company.take(case, "1").await);
        assert!(company.amount(EXPENSE, id).await.starts_with("3200"));
        assert_eq!(company.stands(EXPENSE, id).await, Some(HoldState::Returned));
        assert_eq!(qiyue::record::verify(&company.db).await.unwrap().submissions, 1, "it was not handed in again yet");
        company.hand_in(EXPENSE, id).await;
        assert_eq!(company.asked(case).await, ["wang"]);
    })
    .await;
}
