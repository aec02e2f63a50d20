//! Thirty days before its last day the contract is heard of; and at the end, who did what.

use std::time::Duration;

use qiyue::kernel::Timestamp;
use serde_json::Value;

use super::office::Office;

/// Reminders of one person wait for each other so long.
const MERGED: Duration = Duration::from_mins(6);
const TITLE: &str = "合同到期：HT-QY-2026-0001";

/// The list of what is due has the last day of the contract, in the language of whoever reads it.
pub(super) async fn is_planned(office: &Office<'_>, last_day: &str) {
    let sales = office.at("zhangwei");
    let of_it = |one: &Value| one["title"].as_str().unwrap().starts_with(TITLE) && one["due_on"] == last_day;
    let expiry = |shown: &Value| shown["deadlines"].as_array().unwrap().iter().position(of_it);
    let due = sales.until("/deadlines", |shown| expiry(shown).is_some()).await;
    let place = expiry(&due).unwrap();
    let english = sales.get_in_english("/deadlines").await["deadlines"][place]["title"].clone();
    assert!(english.as_str().unwrap().starts_with("Contract expires: HT-QY-2026-0001"), "{english}");
    assert!(due["deadlines"][place]["due_at"].as_str().unwrap().parse::<Timestamp>().is_ok(), "RFC 3339");
}

/// The messages and the mail name it.
pub(super) async fn before_the_end(office: &Office<'_>) {
    office.app.clock.set("2027-08-09T01:00:00Z".parse::<Timestamp>().unwrap());
    let subject = format!("【到期提醒】{TITLE}");
    let told = |shown: &Value| {
        let messages = shown["messages"].as_array().unwrap();
        messages.iter().any(|one| one["subject"].as_str().unwrap().starts_with(&subject))
    };
    office.at("zhangwei").until("/messages", told).await;
    office.app.clock.advance(MERGED);
    for login in ["zhangwei", "liuyang"] {
        let mail = office.mail(login, &subject).await;
        assert!(mail.subject.contains("2027年9月8日（还有 30 天）"), "{}", mail.subject);
    }
}

/// The log of the contract has every act with who did it, in the language of whoever reads it.
pub(super) async fn everything_is_told(office: &Office<'_>, contract: &str) {
    let sales = office.at("zhangwei");
    let log = sales.get(&format!("{contract}/log")).await;
    let acts = log["acts"].as_array().unwrap();
    let did = |action: &str| acts.iter().find(|act| act["action"] == action);
    for (action, name) in [("contract.begun", "张伟"), ("contract.signed", "张伟"), ("contract.archived", "徐静")]
    {
        let act = did(action).unwrap_or_else(|| panic!("{action} in {log}"));
        assert_eq!((act["actor_name"].as_str(), act["channel"].as_str()), (Some(name), Some("api")), "{act}");
    }
    let english = sales.get_in_english(&format!("{contract}/log")).await;
    assert_ne!(english["acts"][0]["said"], acts[0]["said"]);
}
