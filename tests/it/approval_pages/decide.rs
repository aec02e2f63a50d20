//! The decision page over HTTP.

use qiyue::kernel::Channel;
use qiyue::workflow::{Choice, Status};

use super::{Company, hidden, leads_to, read};
use crate::support::on_both;

#[tokio::test]
async fn the_page_shows_what_is_asked_and_why_it_is_theirs() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("128万").await;
        let page = company.reader("wang").await.page(&format!("/approvals/{case}")).await;
        for shown in ["晨星自动化设备", "¥128.00万", "软件服务合同", "开思软件", "偏离 1 处", "三个月"]
        {
            assert!(page.contains(shown), "{shown}");
        }
        assert!(
            page.contains("销售部负责人") && page.contains("法务、财务会签"),
            "why it is theirs, and what comes then"
        );
        assert_eq!(page.matches("轮到您：").count(), 1, "the way names the others with their reason alone");
    })
    .await;
}

#[tokio::test]
async fn agreeing_needs_no_words_and_leads_to_the_next_case_with_undo() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (first, second) = (company.case("5万").await, company.case("6万").await);
        let wang = company.reader("wang").await;
        let answer = wang.decide(&format!("/approvals/{first}"), "approve", &[]).await;
        assert_eq!(leads_to(&answer), format!("/approvals/{second}"));
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("qiyue_note="), "the note that offers to undo");
        assert_eq!(company.asked(first).await, ["zhao"]);
        let answer = wang.decide(&format!("/approvals/{second}"), "approve", &[]).await;
        assert_eq!(leads_to(&answer), "/approvals", "nothing else waits");
    })
    .await;
}

#[tokio::test]
async fn returning_needs_a_reason_and_keeps_what_was_typed() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let (wang, path) = (company.reader("wang").await, format!("/approvals/{case}"));
        let before = company.everything().await;
        let fields = [("opinion", "  "), ("path", "clauses/special-terms")];
        for said in ["请写明意见。", "Say why."] {
            let reader = company.reader("wang").await;
            let reader = if said.is_ascii() { reader.in_english().await } else { reader };
            let answer = reader.decide(&path, "return", &fields).await;
            assert_eq!(answer.status(), 422);
            let page = read(answer).await;
            assert!(page.contains(said), "{said}");
            assert!(page.contains(r#"value="clauses/special-terms" selected"#), "the clause stays chosen");
        }
        assert_eq!(company.everything().await, before);
        let answer = wang.decide(&path, "return", &[("phrase", "付款条件需要调整")]).await;
        assert_eq!(leads_to(&answer), "/approvals");
        let state = company.app.approvals().state(case).await.unwrap();
        assert_eq!((state.status, state.returned.unwrap().reason.as_str()), (Status::Returned, "付款条件需要调整"));
    })
    .await;
}

#[tokio::test]
async fn a_decision_on_content_that_changed_is_refused_and_shows_what_changed() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let (wang, path) = (company.reader("wang").await, format!("/approvals/{case}"));
        let page = wang.page(&path).await;
        let (task, other) = (hidden(&page, "task"), "0".repeat(64));
        let before = company.everything().await;
        let answer = wang.post(&format!("{path}/approve"), &[("task", &task), ("shown", &other)]).await;
        assert_eq!(answer.status(), 409);
        assert!(read(answer).await.contains("您看到之后内容有改动"));
        let answer = wang.post(&format!("{path}/approve"), &[("task", &task)]).await;
        assert_eq!(answer.status(), 422, "a decision names the content that was shown");
        assert_eq!(company.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_second_decision_and_one_by_the_wrong_person_change_nothing() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let path = format!("/approvals/{case}");
        let wang = company.reader("wang").await;
        let page = wang.page(&path).await;
        let form = [("task", hidden(&page, "task")), ("shown", hidden(&page, "shown"))];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let before = company.everything().await;
        let drafter = company.reader("zhang").await.post(&format!("{path}/approve"), &form).await;
        assert_eq!(drafter.status(), 403);
        assert!(read(drafter).await.contains("这一步没有轮到您处理"));
        assert_eq!(company.everything().await, before);
        leads_to(&wang.post(&format!("{path}/approve"), &form).await);
        let before = company.everything().await;
        for said in ["这一步已经有人处理过了", "decided already"] {
            let reader = company.reader("wang").await;
            let reader = if said.is_ascii() { reader.in_english().await } else { reader };
            let answer = reader.post(&format!("{path}/approve"), &form).await;
            assert_eq!(answer.status(), 409);
            assert!(read(answer).await.contains(said), "{said}");
        }
        assert_eq!(company.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn only_people_concerned_or_who_may_read_the_record_see_a_case() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let path = format!("/approvals/{case}");
        for login in ["zhang", "wang", "li", "admin"] {
            company.reader(login).await.page(&path).await;
        }
        let outsider = company.outsider().await;
        assert_eq!(outsider.get(&path).await.status(), 404);
        assert_eq!(outsider.post(&format!("{path}/comment"), &[("opinion", "我看看")]).await.status(), 404);
        assert_eq!(outsider.get(&format!("{path}/files/{}", "0".repeat(64))).await.status(), 404);
    })
    .await;
}

#[tokio::test]
async fn somebody_is_asked_without_returning_and_answers_on_the_page() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let path = format!("/approvals/{case}");
        let wang = company.reader("wang").await;
        let li = company.id("li").to_string();
        leads_to(&wang.decide(&path, "ask", &[("person", &li), ("opinion", "驻场有风险吗？")]).await);
        let reader = company.reader("li").await;
        assert!(reader.page("/approvals").await.contains("驻场有风险吗？"), "a question counts as waiting");
        assert_eq!(reader.page("/approvals/count").await, "1");
        leads_to(&reader.post(&format!("{path}/answer"), &[("number", "1"), ("opinion", "没有。")]).await);
        assert!(wang.page(&path).await.contains("没有。"));
        assert_eq!(reader.page("/approvals/count").await, "");
    })
    .await;
}

#[tokio::test]
async fn undoing_in_time_brings_the_case_back_and_its_messages_home() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let wang = company.reader("wang").await;
        leads_to(&wang.decide(&format!("/approvals/{case}"), "approve", &[]).await);
        assert_eq!(company.kinds_told("zhao").await, ["approval.to_decide"]);
        company.wait(9);
        let undo = format!("/approvals/{case}/decisions/1/undo");
        leads_to(&wang.post(&undo, &[]).await);
        assert_eq!(company.asked(case).await, ["wang"]);
        assert!(company.kinds_told("zhao").await.is_empty(), "nobody hears of what was undone");
        leads_to(&wang.decide(&format!("/approvals/{case}"), "approve", &[]).await);
        company.wait(11);
        leads_to(&wang.post(&format!("/approvals/{case}/decisions/2/undo"), &[]).await);
        assert_eq!(company.asked(case).await, ["zhao"], "after ten seconds it stands");
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_reaches_the_drafter_who_says_why_not() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("20万").await;
        let path = format!("/approvals/{case}");
        company.approve(case, "wang").await.unwrap();
        let fields = [("path", "clauses/liability"), ("text", "违约金为千分之一。"), ("opinion", "太高")];
        leads_to(&company.reader("li").await.decide(&path, "suggest", &fields).await);
        let drafter = company.reader("zhang").await;
        assert!(drafter.page(&path).await.contains("违约金为千分之一。"));
        let answer = drafter.post(&format!("{path}/decline"), &[("number", "1"), ("opinion", "")]).await;
        assert_eq!(answer.status(), 422);
        leads_to(&drafter.post(&format!("{path}/decline"), &[("number", "1"), ("opinion", "客户坚持")]).await);
        assert!(company.reader("li").await.page(&path).await.contains("未采纳：客户坚持"));
    })
    .await;
}

#[tokio::test]
async fn the_file_of_a_contract_opens_for_whoever_decides_on_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let wang = company.reader("wang").await;
        let page = wang.page(&format!("/approvals/{case}")).await;
        let file =
            page.split_once(&format!("/approvals/{case}/files/")).unwrap().1.split('"').next().unwrap().to_owned();
        let answer = wang.get(&format!("/approvals/{case}/files/{file}")).await;
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(read(answer).await, "执照");
    })
    .await;
}

#[tokio::test]
async fn the_log_names_who_decided_for_whom_and_by_which_way() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        company.approve(case, "wang").await.unwrap();
        let state = company.app.approvals().state(case).await.unwrap();
        let decided = &state.decisions[&1].decided;
        assert_eq!((decided.choice, decided.by.unwrap().channel), (Choice::Approve, Channel::Page));
        let page = company.reader("zhang").await.page(&format!("/approvals/{case}")).await;
        assert!(page.contains("同意（部门经理审批）") && page.contains("提交（第 1 轮）"));
    })
    .await;
}
