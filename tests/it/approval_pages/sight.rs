//! Who decides on parts of a record reads those, through every door (`may_see`).

use qiyue::approval::{Ask, publish};
use qiyue::db::{Conn, DbError};
use qiyue::i18n::Explain as _;
use qiyue::kernel::CaseId;
use qiyue::params;
use qiyue::workflow::{Act, SignerPlace};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Company;
use crate::support::on_both;

/// 路人, who has no rights of their own, decides on the liability and on the name of the software.
const OF_PARTS: &str = "workflow(\"sales-contract\", #{ title: \"销售合同审批\", subject: \"contract\", \
    takes: category_is(\"sales\") });\n\
    approve(\"parts\", #{ title: \"外部顾问\", by: user(\"nobody\"), \
    allow: [transfer(), add()], may_see: [\"clauses/liability\", \"fields/software_name\"] });\n\
    approve(\"manager\", #{ title: \"经理\", by: manager_of(drafter()) });\n";

const LIABILITY: &str = "data-clause=\"liability\"";
const SCOPE: &str = "data-clause=\"scope\"";
const FILE: &str = "营业执照.txt";

impl Company {
    /// The options of the first node as they were stored with the version of a case.
    async fn published_options(&self, case: CaseId) -> Value {
        const STRUCTURE: &str = "SELECT structure FROM workflow_version \
            WHERE version = (SELECT definition FROM approval_case WHERE id = $1)";
        let read = async move |c: &mut Conn<'_>| c.one::<(String,)>(STRUCTURE, params![case]).await;
        let row: Result<_, DbError> = self.db.read(read).await;
        let structure: Value = serde_json::from_str(&row.unwrap().0).unwrap();
        structure["nodes"][0]["kind"]["options"].clone()
    }
}

async fn case_of_parts(company: &Company) -> CaseId {
    company.outsider().await;
    let directory = company.app.org().directory();
    publish(company.app.approvals(), OF_PARTS, "workflows/x.rhai", &directory).await.unwrap();
    company.case("8万").await
}

#[tokio::test]
async fn the_page_shows_those_parts_and_the_head() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        let page = company.reader("nobody").await.page(&format!("/approvals/{case}")).await;
        for seen in [LIABILITY, "启约", "晨星自动化设备（苏州）有限公司", "¥80,000.00"] {
            assert!(page.contains(seen), "{seen} is not in {page}");
        }
        for hidden in [SCOPE, FILE, "clauses/scope"] {
            assert!(!page.contains(hidden), "{hidden} is in {page}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_sees_all_of_it_otherwise_still_does() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        for login in ["zhang", "wang"] {
            let page = company.reader(login).await.page(&format!("/approvals/{case}")).await;
            assert!(page.contains(SCOPE) && page.contains(FILE), "{login}: {page}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_link_in_a_message_shows_no_more() {
    on_both(async |db| {
        let company = Company::new(db).await;
        case_of_parts(&company).await;
        let page = company.stranger().page(&company.link("nobody").await).await;
        assert!(page.contains(LIABILITY) && !page.contains(SCOPE) && !page.contains(FILE), "{page}");
    })
    .await;
}

#[tokio::test]
async fn the_evidence_bundle_and_the_contract_itself_stay_closed() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        let program = company.program("nobody").await;
        let (status, problem) =
            program.call(Method::GET, &format!("/approvals/{case}/evidence.zip"), Value::Null, None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("sees_parts_only")));
        let (status, _) = program.call(Method::GET, "/contracts/1", Value::Null, None).await;
        assert!(status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND, "{status}");
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_about_what_is_hidden_is_neither_made_nor_read() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        let suggest = |task, path: &str, text: &str| {
            let (path, text, reason) = (path.to_owned(), text.to_owned(), "因为".to_owned());
            Act::Suggest { task, path, text, reason }
        };
        let approvals = company.app.approvals();
        let theirs = Ask::of_case(case, company.person("nobody"), suggest(Some(1), "clauses/scope", "全部"));
        assert_eq!(approvals.act(theirs).await.unwrap_err().code(), "cannot_suggest_here");
        let without_task = Ask::of_case(case, company.person("nobody"), suggest(None, "clauses/scope", "全部"));
        assert_eq!(approvals.act(without_task).await.unwrap_err().code(), "cannot_suggest_here");
        let drafters = Ask::of_case(case, company.person("zhang"), suggest(None, "clauses/scope", "机密措辞"));
        approvals.act(drafters).await.unwrap();
        let program = company.program("nobody").await;
        let events = program.get(&format!("/approvals/{case}/events")).await;
        assert!(!events.to_string().contains("机密措辞"), "{events}");
        let shown = program.get(&format!("/approvals/{case}")).await;
        assert_eq!(shown["suggestions"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn they_give_no_copies_of_what_they_do_not_see() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        let copy = Act::Copy { people: vec![company.id("qian")], text: String::new() };
        let refused = company.app.approvals().act(Ask::of_case(case, company.person("nobody"), copy)).await;
        assert_eq!(refused.unwrap_err().code(), "not_allowed_here");
    })
    .await;
}

#[tokio::test]
async fn whoever_was_only_asked_something_sees_no_more_and_gives_no_copies() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        company.hire_as("guest", "外人", "archivist").await;
        let ask = Act::Ask { task: Some(1), whom: company.id("guest"), text: "责任上限合适吗".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("nobody"), ask)).await.unwrap();
        assert!(!sees_scope(&company, case, "guest").await);
        let copy = Act::Copy { people: vec![company.id("qian")], text: String::new() };
        let refused = company.app.approvals().act(Ask::of_case(case, company.person("guest"), copy)).await;
        assert_eq!(refused.unwrap_err().code(), "not_allowed_here");
    })
    .await;
}

#[tokio::test]
async fn a_change_elsewhere_leaves_their_decision_standing() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        company.approve(case, "nobody").await.unwrap();
        let path = "clauses/notice".to_owned();
        let suggest = Act::Suggest { task: None, path, text: "改为七日。".into(), reason: "短".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("zhang"), suggest)).await.unwrap();
        let contract = qiyue::kernel::ContractId::new(1);
        company.app.contracts().take_suggestion(company.person("zhang"), contract, 1).await.unwrap();
        assert_eq!(company.asked(case).await, ["wang"]);
    })
    .await;
}

/// Whether their page of the case shows a clause that the step does not.
async fn sees_scope(company: &Company, case: CaseId, login: &str) -> bool {
    company.reader(login).await.page(&format!("/approvals/{case}")).await.contains(SCOPE)
}

#[tokio::test]
async fn whoever_gave_the_task_away_sees_no_more_than_before() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        company.hire_as("guest", "外人", "archivist").await;
        let ask = Act::Ask { task: Some(1), whom: company.id("zhang"), text: "责任上限是多少".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("nobody"), ask)).await.unwrap();
        let transfer = Act::Transfer { task: 1, to: company.id("guest"), reason: "他更熟".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("nobody"), transfer)).await.unwrap();
        for login in ["nobody", "guest"] {
            assert!(!sees_scope(&company, case, login).await, "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_was_added_and_is_not_asked_yet_sees_what_the_step_shows() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        company.hire_as("guest", "外人", "archivist").await;
        let people = vec![company.id("guest")];
        let add = Act::AddSigners { task: 1, place: SignerPlace::After, people, reason: "一起看".into() };
        company.app.approvals().act(Ask::of_case(case, company.person("nobody"), add)).await.unwrap();
        assert!(!sees_scope(&company, case, "guest").await);
    })
    .await;
}

#[tokio::test]
async fn a_row_of_the_plan_is_shown_alone() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.outsider().await;
        let source = OF_PARTS.replace("\"clauses/liability\"", "\"plan/1\"");
        let directory = company.app.org().directory();
        publish(company.app.approvals(), &source, "workflows/x.rhai", &directory).await.unwrap();
        let case = company.case("8万").await;
        let page = company.reader("nobody").await.page(&format!("/approvals/{case}")).await;
        let whole = company.reader("wang").await.page(&format!("/approvals/{case}")).await;
        assert!(page.contains("首付款") && !page.contains("验收款"), "{page}");
        assert!(whole.contains("验收款"), "{whole}");
    })
    .await;
}

#[tokio::test]
async fn a_version_that_was_published_with_parts_is_read_again_as_it_was() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = case_of_parts(&company).await;
        let state = company.app.approvals().state(case).await.unwrap();
        let scope = &state.tasks.values().next().unwrap().opened.scope;
        assert_eq!(*scope, ["clauses/liability", "fields/software_name"], "they decide on what they see");
        let options = company.published_options(case).await;
        assert_eq!((&options["scope"], &options["may_see"]), (&json!([]), &json!(scope)));
    })
    .await;
}
