//! The approval sheet: what is printed of a case, and where.

use std::collections::BTreeMap;

use qiyue::approval::{Entry, Sheet, SheetStep, Viewer};
use qiyue::i18n::{Lang, Message, text};
use qiyue::kernel::CaseId;
use qiyue::org::{AbsenceFields, GridFields, GridVersionFields};
use qiyue::workflow::{Act, ReturnTo, SignerPlace, TypedRow, Verdict};
use serde_json::json;

use super::desk::Desk;
use crate::support::on_both;

const WORKFLOW: &str = r#"
workflow("paper", #{ title: "报告审批", subject: "paper", amount: own_total(),
    same_person_again: skip_if_next_to_each_other() });

approve("review", #{ title: "审核", by: role("legal"), signature: true, may_suggest: ["clauses/text"],
    allow: [transfer(), delegate(), add(), remove(), withdraw()] });
approve("again", #{ title: "复核", by: role("legal") });
approve("boss", #{ title: "总经理审批", by: by_authority("papers") });
copy_to("copies", #{ title: "抄送", to: role("finance") });
"#;

async fn desk(db: qiyue::db::Db) -> Desk {
    let desk = Desk::with(db, WORKFLOW).await;
    let row = TypedRow { who: vec!["user:wang".into()], ..TypedRow::default() };
    let first = GridVersionFields { from: "2026-03-02".parse().ok(), note: String::new(), rows: vec![row] };
    let fields = GridFields { name: "papers".into(), title: "报告权限".into(), first };
    desk.house.org.create_grid(&desk.house.admin, fields).await.unwrap();
    desk
}

async fn sheet(desk: &Desk, case: CaseId) -> Sheet {
    let viewer = Viewer { person: desk.who("zhang"), authority: desk.house.org.authority() };
    desk.approvals.look(case, &viewer, Lang::Zh, None).await.unwrap().sheet()
}

/// In Chinese, people by their logins.
fn zh(message: &Message) -> String {
    text(Lang::Zh, message).replace("员工", "")
}

fn step<'a>(sheet: &'a Sheet, title: &str) -> &'a SheetStep {
    let found = sheet.steps.iter().find(|step| zh(&step.title) == title);
    found.unwrap_or_else(|| panic!("{title} in {sheet:#?}"))
}

/// What and whose, entry by entry.
fn told(step: &SheetStep) -> Vec<(String, String, String)> {
    let words = |message: &Option<Message>| message.as_ref().map(zh).unwrap_or_default();
    step.entries.iter().map(|one| (zh(&one.what), words(&one.who), words(&one.text))).collect()
}

fn said(what: &str, who: &str, text: &str) -> (String, String, String) {
    (what.to_owned(), who.to_owned(), text.to_owned())
}

async fn decide(desk: &Desk, login: &str, case: CaseId, opinion: &str) {
    let state = desk.state(case).await;
    let person = desk.who(login);
    let mut open = state.tasks.iter().filter(|(_, task)| task.open);
    let (task, _) = open.find(|(_, task)| task.opened.candidates.iter().any(|one| one.person == person)).unwrap();
    let verdict = Verdict { opinion: opinion.into(), ..desk.verdict(case, *task).await };
    desk.act(login, case, Act::Approve(verdict)).await.unwrap();
}

#[tokio::test]
async fn a_step_has_who_decided_what_with_their_words_and_that_they_signed() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        decide(&desk, "fang", case, "金额无误").await;
        let sheet = sheet(&desk, case).await;
        let review = step(&sheet, "审核");
        assert_eq!(told(review), [said("同意（审核）", "fang", "金额无误")]);
        let Entry { signed, content, at, round, void, .. } = &review.entries[0];
        assert_eq!(signed.as_ref().map(zh).as_deref(), Some("已登录签署"));
        assert_eq!((*content, *round, void), (desk.state(case).await.content, 1, &None));
        assert_eq!(*at, "2026-03-02T01:00:00Z".parse().unwrap());
    })
    .await;
}

#[tokio::test]
async fn somebody_who_passed_by_themselves_stands_there_with_the_reason() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        decide(&desk, "fang", case, "").await;
        let again = told(step(&sheet(&desk, case).await, "复核"));
        assert_eq!(again, [said("“复核”没有再请人审批", "", "自动通过：fang已在“审核”同意")]);
    })
    .await;
}

#[tokio::test]
async fn the_head_names_the_version_of_the_workflow_and_of_each_grid_that_was_asked() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        let sheet = sheet(&desk, case).await;
        let facts: Vec<_> = sheet.facts.iter().map(|(label, value)| (zh(label), zh(value))).collect();
        let version = format!("报告审批（版本 {}）", desk.version.short());
        for (label, value) in [("审批流程", version.as_str()), ("授权额度表", "报告权限 第 1 版"), ("提交人", "zhang")]
        {
            assert!(facts.contains(&(label.to_owned(), value.to_owned())), "{label} in {facts:?}");
        }
        let waits = step(&sheet, "审核").waits_for.as_ref().map(zh);
        assert_eq!(waits.as_deref(), Some("待审批：fang和lu"));
        assert_eq!(sheet.proof.head, desk.row(case).await.head);
    })
    .await;
}

#[tokio::test]
async fn deputies_advice_and_added_signers_stand_at_their_step() {
    on_both(async |db| {
        let desk = desk(db).await;
        let now = "2026-03-02T00:00:00Z".parse().unwrap();
        let until = "2026-03-20T00:00:00Z".parse().unwrap();
        let away = AbsenceFields { from: now, until, deputy: desk.who("cai"), workflow: None };
        desk.house.org.be_absent(&desk.house.admin, desk.who("wang"), away).await.unwrap();
        let case = desk.submit(1).await;
        let cai = desk.who("cai");
        desk.act("fang", case, Act::Delegate { task: 1, to: cai, reason: "请看税率".into() }).await.unwrap();
        decide(&desk, "cai", case, "税率对").await;
        let place = SignerPlace::Before;
        desk.act("fang", case, Act::AddSigners { task: 1, people: vec![cai], place, reason: "一起看".into() })
            .await
            .unwrap();
        decide(&desk, "cai", case, "同意").await;
        decide(&desk, "fang", case, "").await;
        decide(&desk, "cai", case, "代签").await;
        let sheet = sheet(&desk, case).await;
        assert_eq!(
            told(step(&sheet, "审核")),
            [
                said("委派给cai提意见", "fang", "请看税率"),
                said("建议同意", "cai", "税率对"),
                said("前加签：cai", "fang", "一起看"),
                said("同意（审核）", "cai", "同意"),
                said("同意（审核）", "fang", ""),
            ]
        );
        assert_eq!(told(step(&sheet, "总经理审批")), [said("同意（总经理审批）", "cai（代wang）", "代签")]);
        assert_eq!(told(step(&sheet, "抄送")), [said("抄送cai", "", "")]);
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_no_longer_counts_is_struck_with_the_reason() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        decide(&desk, "fang", case, "").await;
        let back = Verdict { opinion: "请改".into(), ..desk.verdict(case, 2).await };
        desk.act("wang", case, Act::Return { verdict: back, to: ReturnTo::Drafter }).await.unwrap();
        let mut paper = desk.read_paper(1).await;
        paper["text"] = json!("第二稿");
        desk.write_paper(1, &paper).await;
        desk.act("zhang", case, Act::Submit { chosen: BTreeMap::new() }).await.unwrap();
        let sheet = sheet(&desk, case).await;
        let voids = |title: &str| -> Vec<Option<String>> {
            step(&sheet, title).entries.iter().map(|one| one.void.as_ref().map(zh)).collect()
        };
        assert_eq!(voids("审核"), [Some("内容重新提交过".to_owned())]);
        let boss = step(&sheet, "总经理审批");
        assert_eq!(boss.entries[0].void, None, "what sent it back is not struck");
        assert!(sheet.rounds);
    })
    .await;
}

#[tokio::test]
async fn what_a_decision_did_that_was_undone_is_struck_and_what_it_had_voided_stands_again() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        decide(&desk, "fang", case, "").await;
        let back = Verdict { opinion: "再看看".into(), ..desk.verdict(case, 2).await };
        let to = ReturnTo::Node { node: "review".into() };
        desk.act("wang", case, Act::Return { verdict: back, to }).await.unwrap();
        desk.act("wang", case, Act::UndoDecision { decision: 2 }).await.unwrap();

        let sheet = sheet(&desk, case).await;

        let entries = &step(&sheet, "审核").entries;
        assert!(entries.iter().all(|one| one.void.is_none()), "{entries:#?}");
        let boss = &step(&sheet, "总经理审批").entries;
        assert!(!boss.is_empty() && boss.iter().all(|one| one.void.is_some()), "{boss:#?}");
    })
    .await;
}

#[tokio::test]
async fn suggestions_have_the_answer_of_the_drafter_and_questions_theirs() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        let suggest = |text: &str| Act::Suggest {
            task: Some(1),
            path: "clauses/text".into(),
            text: text.into(),
            reason: "更清楚".into(),
        };
        desk.act("fang", case, suggest("改一")).await.unwrap();
        desk.act("fang", case, suggest("改二")).await.unwrap();
        desk.act("zhang", case, Act::DeclineSuggestion { suggestion: 1, reason: "客户不同意".into() }).await.unwrap();
        desk.act("fang", case, Act::Ask { task: Some(1), whom: desk.who("zhang"), text: "为何？".into() })
            .await
            .unwrap();
        desk.act("zhang", case, Act::Answer { question: 1, text: "惯例".into() }).await.unwrap();
        let sheet = sheet(&desk, case).await;
        let suggested: Vec<_> =
            sheet.suggestions.iter().map(|one| (one.text.as_str(), one.outcome.as_ref().map(zh))).collect();
        assert_eq!(suggested, [("改一", Some("未采纳：客户不同意".to_owned())), ("改二", None)]);
        assert_eq!(told(step(&sheet, "审核")), [said("问zhang", "fang", "为何？"), said("答复", "zhang", "惯例")]);
    })
    .await;
}

#[tokio::test]
async fn what_an_administrator_did_past_the_workflow_is_marked() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        let mut paper = desk.read_paper(1).await;
        paper["text"] = json!("第二稿");
        desk.write_paper(1, &paper).await;
        desk.act("admin", case, Act::ContentEdited { paths: vec!["clauses/text".into()] }).await.unwrap();
        desk.act("admin", case, Act::Jump { to: "boss".into(), reason: "今天到期".into() }).await.unwrap();
        let sheet = sheet(&desk, case).await;
        let marked =
            sheet.steps.iter().flat_map(|step| &step.entries).filter(|one| one.overridden).map(|one| zh(&one.what));
        assert_eq!(
            marked.collect::<Vec<_>>(),
            ["审批中修改：clauses/text", "管理员跳转到“总经理审批”", "“审核”没有再请人审批", "“复核”没有再请人审批"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_sheet_reads_in_both_languages() {
    on_both(async |db| {
        let desk = desk(db).await;
        let case = desk.submit(1).await;
        decide(&desk, "fang", case, "金额无误").await;
        let sheet = sheet(&desk, case).await;
        let english = serde_json::to_string(&sheet.shown(Lang::En)).unwrap().replace("员工", "");
        for expected in
            ["Approval sheet", "Signed with a login", "passed by itself: fang approved at “审核”", "Head of the chain"]
        {
            assert!(english.contains(expected), "{expected} in {english}");
        }
        assert!(!english.contains("approval."), "every sentence is written: {english}");
    })
    .await;
}
