//! Links in messages: one token, one person, one task.

use qiyue::kernel::Channel;

use super::{Company, hidden, leads_to, read};
use crate::support::on_both;

#[tokio::test]
async fn opening_a_link_decides_nothing_and_writes_nothing() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.case("5万").await;
        let link = company.link("wang").await;
        let before = company.everything().await;
        let scanner = company.stranger();
        for _ in 0..2 {
            let answer = scanner.get(&link).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
            assert_eq!(answer.headers()["x-robots-tag"], "noindex, nofollow");
            assert!(read(answer).await.contains("不是可靠的电子签名"));
        }
        let head = reqwest::Client::new().head(format!("{}{link}", company.address)).send().await.unwrap();
        assert_eq!(head.status(), 200);
        assert_eq!(scanner.get(&format!("{link}/approve")).await.status(), 405);
        assert_eq!(company.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn the_button_decides_in_the_name_of_its_person_and_the_log_says_by_which_way() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let link = company.link("wang").await;
        assert_eq!(leads_to(&company.stranger().decide(&link, "approve", &[]).await), link);
        let decided = company.app.approvals().state(case).await.unwrap().decisions[&1].decided.clone();
        assert_eq!(decided.by.map(|by| (by.user, by.channel)), Some((Some(company.id("wang")), Channel::Link)));
        let log = company.reader("zhang").await.page(&format!("/approvals/{case}")).await;
        assert!(log.contains("王敏，通过 2026年3月2日 09:00 消息里的链接"));
        let again = company.stranger().page(&link).await;
        assert!(again.contains("您已经通过这个链接作出决定") && again.contains("/undo"), "and it can be undone");
    })
    .await;
}

#[tokio::test]
async fn after_undoing_the_link_lives_again() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let link = company.link("wang").await;
        leads_to(&company.stranger().decide(&link, "approve", &[]).await);
        leads_to(&company.stranger().post(&format!("{link}/undo"), &[]).await);
        assert_eq!(company.asked(case).await, ["wang"]);
        leads_to(&company.stranger().decide(&link, "approve", &[]).await);
        assert_eq!(company.asked(case).await, ["zhao"]);
        company.wait(11);
        assert!(!company.stranger().page(&link).await.contains("/undo"), "ten seconds, and no longer");
        assert_eq!(company.stranger().post(&format!("{link}/undo"), &[]).await.status(), 404);
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_when_its_task_is_decided_elsewhere_or_goes_to_somebody_else() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let (link, path) = (company.link("wang").await, format!("/approvals/{case}"));
        let kuai = company.id("kuai").to_string();
        let fields = [("person", kuai.as_str()), ("opinion", "出差")];
        leads_to(&company.reader("wang").await.decide(&path, "transfer", &fields).await);
        assert!(company.stranger().page(&link).await.contains("已经转给别人处理"));
        let theirs = company.link("kuai").await;
        leads_to(&company.reader("kuai").await.decide(&path, "approve", &[]).await);
        company.wait(11);
        let before = company.everything().await;
        let page = company.stranger().page(&theirs).await;
        assert!(page.contains("您已经通过这个链接作出决定") && !page.contains("/again"));
        let answer = company.stranger().post(&format!("{theirs}/approve"), &[]).await;
        assert_eq!(answer.status(), 409);
        assert_eq!(company.everything().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_new_link_goes_where_its_person_is_registered_and_not_too_often() {
    on_both(async |db| {
        let company = Company::new(db).await;
        // Without `overdue` the task stays where it is.
        let case = company.case("20万").await;
        company.approve(case, "wang").await.unwrap();
        let link = company.link("li").await;
        company.wait(12 * 24 * 3600);
        let page = company.stranger().page(&link).await;
        assert!(page.contains("超过 72 个工作小时") && page.contains(&format!("{link}/again")));
        let asked = company.stranger().post(&format!("{link}/again"), &[]).await;
        assert_eq!(leads_to(&asked), link);
        let fresh = company.link("li").await;
        assert_ne!(fresh, link);
        assert!(!read(asked).await.contains(&fresh), "whoever opened the old one does not see it");
        assert_eq!(company.stranger().post(&format!("{link}/again"), &[]).await.status(), 429);
        leads_to(&company.stranger().decide(&fresh, "approve", &[]).await);
    })
    .await;
}

#[tokio::test]
async fn where_the_workflow_demands_a_login_a_forwarded_link_decides_nothing() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let source = include_str!("../../../workflows/sales-contract.rhai");
        let strict =
            source.replace(r#"approve("manager", #{"#, "approve(\"manager\", #{\n    login: amount_from(\"10万\"),");
        let strict = strict.replace("on_approved([request_seal(\"合同专用章\")]);", "");
        let (strict, _) = strict.split_once("on_signed(").unwrap();
        company.app.approvals().publish(strict, "workflows/sales-contract.rhai", None).await.unwrap();
        let case = company.case("20万").await;
        let link = company.link("wang").await;
        let page = company.stranger().page(&link).await;
        assert!(page.contains("登录后处理") && !page.contains(&format!("{link}/approve")));
        let before = company.everything().await;
        let answer = company.stranger().post(&format!("{link}/approve"), &[("shown", &hidden(&page, "shown"))]).await;
        assert_eq!(leads_to(&answer), format!("/approvals/{case}"), "which asks for a login");
        let answer = company.stranger().get(&format!("/approvals/{case}")).await;
        assert_eq!(leads_to(&answer), format!("/login?next=%2Fapprovals%2F{case}"));
        assert_eq!(company.everything().await, before);
        leads_to(&company.reader("wang").await.decide(&format!("/approvals/{case}"), "approve", &[]).await);
        // Below the amount the link is enough.
        company.case("5万").await;
        leads_to(&company.stranger().decide(&company.link("wang").await, "approve", &[]).await);
    })
    .await;
}

#[tokio::test]
async fn a_link_that_does_not_exist_says_so_in_both_languages_and_guessing_is_stopped() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let unknown = format!("/a/{}", "A".repeat(43));
        let answer = company.stranger().get(&unknown).await;
        assert_eq!(answer.status(), 404);
        assert!(read(answer).await.contains("这个链接不完整或不存在"));
        let answer = company.stranger().in_english().await.get("/a/short").await;
        assert!(read(answer).await.contains("This link is incomplete or does not exist"));
        for _ in 0..30 {
            company.stranger().get(&unknown).await;
        }
        assert_eq!(company.stranger().get(&unknown).await.status(), 429);
    })
    .await;
}

#[tokio::test]
async fn a_link_does_only_what_its_task_asks() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.case("5万").await;
        let link = company.link("wang").await;
        let before = company.everything().await;
        let (person, words) = (company.id("kuai").to_string(), "代办");
        for act in ["transfer", "comment", "withdraw", "urge", "read", "take", "tick"] {
            let answer =
                company.stranger().post(&format!("{link}/{act}"), &[("person", &person), ("opinion", words)]).await;
            assert_eq!(answer.status(), 404, "{act}");
        }
        assert_eq!(company.everything().await, before);
        leads_to(&company.stranger().decide(&link, "ask", &[("person", &person), ("opinion", "付款方式对吗？")]).await);
        assert_eq!(company.kinds_told("kuai").await, ["approval.asked"]);
    })
    .await;
}
