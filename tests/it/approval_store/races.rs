//! Two at once: one is stored, the other decides anew on what is there then.

use qiyue::approval::{ApprovalError, Ask, Ready};
use qiyue::workflow::{Act, Refusal, Status, Verdict};
use serde_json::json;

use super::desk::{Desk, PAPER, write_paper};
use crate::support::on_both;

/// As many as the figures of `make bench` are taken with.
const CALLERS: i64 = 64;

fn comment(text: &str) -> Act {
    Act::Comment { text: text.to_owned() }
}

#[tokio::test]
async fn of_two_who_approve_at_once_one_decides_and_the_other_hears_it() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let (fang, cai) = tokio::join!(desk.approve("fang", case, 1), desk.approve("cai", case, 1));
        let (won, lost) = if fang.is_ok() { (fang, cai) } else { (cai, fang) };
        assert_eq!(won.unwrap().decision, Some(1));
        let state = desk.state(case).await;
        let winner = state.decisions[&1].decided.by.unwrap().user;
        let heard = matches!(&lost, Err(ApprovalError::Refused(Refusal::NodeClosed { by, .. })) if *by == winner);
        assert!(heard, "{lost:?}");
        assert_eq!(state.decisions.len(), 1);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn a_command_that_lost_a_race_is_decided_anew_and_stored() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let (approvals, lu) = (desk.approvals.clone(), desk.actor("lu"));
        desk.meanwhile.then(async move {
            approvals.act(Ask::of_case(case, lu, comment("faster"))).await.unwrap();
        });
        let done = desk.act("fang", case, comment("slower")).await.unwrap();
        let events = desk.approvals.events(case).await.unwrap();
        let words: Vec<_> = events.iter().filter(|one| one.body.contains("commented")).map(|one| one.seq).collect();
        assert_eq!(words, [done.first - 1, done.first]);
        assert!(events.last().unwrap().body.contains("slower"));
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_on_an_older_state_is_not_stored() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let Ready::ToStore(stale) =
            desk.approvals.prepare(&Ask::of_case(case, desk.actor("fang"), comment("old"))).await.unwrap()
        else {
            panic!("a comment is stored")
        };
        desk.act("cai", case, comment("new")).await.unwrap();
        let before = desk.row(case).await.head;
        let refused = desk.db.write(async move |c: &mut qiyue::db::Conn<'_>| stale.store(c).await).await;
        assert!(matches!(refused, Err(ApprovalError::LostRace)), "{refused:?}");
        assert_eq!(desk.row(case).await.head, before);
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn who_lost_their_role_meanwhile_no_longer_decides() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let verdict = desk.verdict(case, 1).await;
        let (org, admin, cai) = (desk.house.org.clone(), desk.house.admin.clone(), desk.who("cai"));
        let version = desk.house.version(cai).await;
        desk.meanwhile.then(async move { org.set_user_active(&admin, cai, version, false).await.unwrap() });
        let refused = desk.act("cai", case, Act::Approve(verdict)).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::CannotBeAsked { person } | Refusal::NotEntitled { person })) if person == cai), "{refused:?}");
        assert!(desk.state(case).await.decisions.is_empty());
    })
    .await;
}

#[tokio::test]
async fn whoever_came_meanwhile_is_asked_too() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        desk.paper(1).await;
        let (org, admin) = (desk.house.org.clone(), desk.house.admin.clone());
        desk.meanwhile.then(async move {
            org.create_user(&admin, crate::org::fields("new", &["legal"]), None).await.unwrap();
        });
        let submit = Act::Submit { chosen: std::collections::BTreeMap::new() };
        let ask = Ask::of_subject(PAPER.reference(1), desk.actor("zhang"), submit);
        let case = desk.approvals.act(ask).await.unwrap().case;
        assert_eq!(desk.state(case).await.tasks[&1].opened.candidates.len(), 4, "fang, lu, cai and the new one");
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn a_decision_on_content_that_changed_meanwhile_is_refused() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        let verdict = desk.verdict(case, 1).await;
        let mut paper = desk.read_paper(1).await;
        paper["text"] = json!("第二稿");
        let db = desk.db.clone();
        desk.meanwhile.then(async move { write_paper(&db, 1, &paper).await });
        let refused = desk.act("fang", case, Act::Approve(verdict)).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::ContentChanged { .. }))), "{refused:?}");
        let nothing = Verdict { task: Some(1), ..Verdict::default() };
        let refused = desk.act("fang", case, Act::Approve(nothing)).await;
        assert!(matches!(refused, Err(ApprovalError::Refused(Refusal::NothingShown))), "{refused:?}");
        assert!(desk.state(case).await.decisions.is_empty());
        desk.holds_together(case).await;
    })
    .await;
}

#[tokio::test]
async fn a_record_that_is_handed_in_twice_at_once_has_one_case() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        desk.paper(1).await;
        let submit = || {
            let act = Act::Submit { chosen: std::collections::BTreeMap::new() };
            desk.approvals.act(Ask::of_subject(PAPER.reference(1), desk.actor("zhang"), act))
        };
        let (one, other) = tokio::join!(submit(), submit());
        let (stored, refused) = if one.is_ok() { (one, other) } else { (other, one) };
        let wrong =
            matches!(&refused, Err(ApprovalError::Refused(Refusal::WrongState { status: Status::InApproval, .. })));
        assert!(wrong, "{refused:?}");
        assert_eq!(desk.count("SELECT CAST(count(*) AS BIGINT) FROM approval_case").await, 1);
        assert_eq!(desk.log(1).await, ["Locked"]);
        desk.holds_together(stored.unwrap().case).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_act_on_many_cases_at_once_all_get_through() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let mut cases = Vec::new();
        for id in 1..=CALLERS {
            cases.push(desk.submit(id).await);
        }
        let decided = futures_util::future::join_all(cases.iter().map(|case| desk.approve("fang", *case, 1))).await;
        assert!(decided.iter().all(Result::is_ok), "{:?}", decided.iter().find(|one| one.is_err()));
        let ended = futures_util::future::join_all(cases.iter().map(|case| desk.approve("wang", *case, 2))).await;
        assert!(ended.iter().all(Result::is_ok), "{:?}", ended.iter().find(|one| one.is_err()));
        for case in cases {
            assert_eq!(desk.state(case).await.status, Status::Ended);
            desk.holds_together(case).await;
        }
    })
    .await;
}
