//! Decisions that cannot count: a second one, one by the wrong person, one on a case that was taken back, one through a link that is
//! used, over or made up.

use std::time::Duration;

use qiyue::kernel::CaseId;
use reqwest::Client;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use super::said::said;
use super::{Kept, on_both_kept};
use crate::approval_pages::{Company, hidden, leads_to};
use crate::support::without_documents;

/// What was typed before it was refused.
const OPINION: &str = "Agreed, with the usual deposit";

const DECIDED: [&str; 2] = [
    "这一步已经有人处理过了，您的操作没有生效。请刷新查看结果。",
    "This step has been decided already; nothing of yours was stored. Reload to see the outcome.",
];
const NOT_THEIRS: [&str; 2] = [
    "这一步没有轮到您处理，您的操作没有生效。请刷新查看现在由谁办理。",
    "You are not asked here, so nothing was stored. Reload to see whose turn it is.",
];
const OVER: [&str; 2] = [
    "这一步已经结束，您的操作没有生效。请刷新查看结果。",
    "This step is over; nothing of yours was stored. Reload to see where the case stands.",
];
const NO_CASE: [&str; 2] = [
    "没有这个审批。请检查地址；它也可能不对您开放。",
    "There is no such case, or it is not open to you. Check the address.",
];
const LINK_USED: [&str; 2] = ["您已经通过这个链接作出决定。", "You have decided through this link."];
const LINK_SETTLED: [&str; 2] =
    ["这一步已经处理完毕，不需要您再决定。", "This step is settled; nothing is asked of you any more."];
const LINK_OVER: [&str; 2] =
    ["链接已超过 72 个工作小时，不再有效。", "The link is older than 72 working hours and no longer valid."];
const NO_LINK: [&str; 2] = [
    "这个链接不完整或不存在。请从消息里重新打开，或登录后在“审批”里处理。",
    "This link is incomplete or does not exist. Open it from the message again, or log in and find the case under Approvals.",
];

/// A company, and what it has stored.
struct Scene<'a> {
    company: Company,
    kept: &'a Kept,
}

impl Scene<'_> {
    /// The page of a case as 王敏 sees it while she is asked: its task and its content.
    async fn shown(&self, case: CaseId) -> (String, String) {
        let page = self.company.reader("wang").await.page(&format!("/approvals/{case}")).await;
        (hidden(&page, "task"), hidden(&page, "shown"))
    }

    /// Agrees at an address, with somebody's session or without one, in both languages.
    async fn refused(
        &self,
        who: Option<&str>,
        path: &str,
        shown: &(String, String),
        status: u16,
        sentences: [&str; 2],
    ) {
        let form = [("task", shown.0.as_str()), ("shown", shown.1.as_str()), ("opinion", OPINION)];
        for (lang, sentence) in ["zh", "en"].into_iter().zip(sentences) {
            let reader = match who {
                Some(login) => self.company.reader(login).await,
                None => self.company.stranger(),
            };
            let reader = if lang == "en" { reader.in_english().await } else { reader };
            let before = self.kept.stored().await;
            let answer = reader.post(&format!("{path}/approve"), &form).await;
            assert_eq!(answer.status(), status, "{path}");
            let page = without_documents(&answer.text().await.unwrap());
            assert!(said(&page).contains(&sentence.to_owned()), "{path}: {:?}, not {sentence}", said(&page));
            assert!(page.contains(OPINION), "{path}: what was typed is gone");
            before.is_still(&self.kept.stored().await);
            reader.post("/language", &[("lang", "zh"), ("next", "/")]).await;
        }
    }

    /// The same by a program.
    async fn refused_to_programs(
        &self,
        login: &str,
        case: CaseId,
        shown: &(String, String),
        status: u16,
        said: (&str, [&str; 2]),
    ) {
        let (_, token) = self.company.app.org().create_token_for(login, "test", None).await.unwrap();
        let address = format!("{}/api/v1/approvals/{case}/approve", self.company.address);
        let body = json!({ "task": shown.0.parse::<i64>().unwrap(), "content": shown.1, "opinion": OPINION });
        let ask = async |lang: &str| {
            let request = Client::new().post(&address).bearer_auth(token.reveal()).header(ACCEPT_LANGUAGE, lang);
            let answer = request.json(&body).send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        };
        // When the token was first used is written down.
        ask("en").await;
        let before = self.kept.stored().await;
        for (lang, sentence) in ["zh", "en"].into_iter().zip(said.1) {
            let (answered, problem) = ask(lang).await;
            assert_eq!((answered, problem["code"].as_str()), (status, Some(said.0)), "{problem}");
            assert_eq!(problem["message"], sentence);
        }
        before.is_still(&self.kept.stored().await);
    }
}

#[tokio::test]
async fn a_second_decision_is_refused_whichever_way_it_comes() {
    on_both_kept(async |db, kept| {
        let scene = Scene { company: Company::new(db).await, kept };
        let case = scene.company.case("5万").await;
        let (shown, link) = (scene.shown(case).await, scene.company.link("wang").await);
        leads_to(&scene.company.stranger().decide(&link, "approve", &[]).await);
        scene.company.wait(11);
        scene.refused(Some("wang"), &format!("/approvals/{case}"), &shown, 409, DECIDED).await;
        scene.refused_to_programs("wang", case, &shown, 409, ("already_decided", DECIDED)).await;
        scene.refused(None, &link, &shown, 409, LINK_USED).await;
    })
    .await;
}

#[tokio::test]
async fn a_decision_by_the_wrong_person_is_refused() {
    on_both_kept(async |db, kept| {
        let scene = Scene { company: Company::new(db).await, kept };
        let case = scene.company.case("5万").await;
        let (shown, path) = (scene.shown(case).await, format!("/approvals/{case}"));
        scene.refused(Some("zhang"), &path, &shown, 403, NOT_THEIRS).await;
        scene.refused_to_programs("zhang", case, &shown, 403, ("not_entitled", NOT_THEIRS)).await;
        scene.refused(Some("wang"), "/approvals/999", &shown, 404, NO_CASE).await;
    })
    .await;
}

#[tokio::test]
async fn a_case_that_was_taken_back_takes_no_decision() {
    on_both_kept(async |db, kept| {
        let scene = Scene { company: Company::new(db).await, kept };
        let case = scene.company.case("5万").await;
        let (shown, link, path) =
            (scene.shown(case).await, scene.company.link("wang").await, format!("/approvals/{case}"));
        leads_to(&scene.company.reader("zhang").await.post(&format!("{path}/withdraw"), &[("opinion", "改价")]).await);
        scene.refused(Some("wang"), &path, &shown, 409, OVER).await;
        scene.refused_to_programs("wang", case, &shown, 409, ("already_decided", OVER)).await;
        scene.refused(None, &link, &shown, 409, LINK_SETTLED).await;
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_over_or_was_never_one_decides_nothing() {
    on_both_kept(async |db, kept| {
        let scene = Scene { company: Company::new(db).await, kept };
        // From here on nobody else is asked when time runs out.
        let case = scene.company.case("20万").await;
        let shown = scene.shown(case).await;
        scene.company.approve(case, "wang").await.unwrap();
        let link = scene.company.link("li").await;
        for made_up in [format!("/a/{}", "A".repeat(43)), "/a/short".to_owned(), link[..link.len() - 1].to_owned()] {
            scene.refused(None, &made_up, &shown, 404, NO_LINK).await;
        }
        scene.company.clock.advance(Duration::from_hours(24 * 12));
        scene.refused(None, &link, &shown, 409, LINK_OVER).await;
    })
    .await;
}
