//! Handing in and what can stop it; what approvers suggest while the case runs.

use qiyue::approval::{Ask, Reader, Viewer};
use qiyue::contract::{Contract, ContractError, Seen, State, Submission};
use qiyue::db::{Conn, DbError};
use qiyue::i18n::{Explain as _, Lang, text};
use qiyue::kernel::{ContractId, CustomerId};
use qiyue::params;
use qiyue::workflow::{Act, Verdict};

use crate::contracts::{Office, code};
use crate::support::on_both;

pub(crate) const CUSTOMER: &str = "
    INSERT INTO customer (code, name, category, status, industry, source, phone, address, related_party, black_list_reason,
        black_listed_by, black_listed_at, owner, title_key, title_sort, search_text, created_at, updated_at, version)
    VALUES ('1类-01', '恒达纺织', 'a', 'b', 'c', 'd', '1', '绍兴市柯桥区', $1, $2, $3, $4, $3, 'x', 'x', 'x', 0, 0, 1) RETURNING id";

/// Everything that the software service contract asks for, as the form sends it.
const FILLED: [(&str, &str); 10] = [
    ("client.name", "恒达纺织"),
    ("client.address", "绍兴市柯桥区"),
    ("software_name", "启约"),
    ("licensed_users", "120"),
    ("signing_place", "上海"),
    ("install_site", "柯桥"),
    ("install_by", "2026-04-15"),
    ("service_fee", "8万"),
    ("starts_on", "2026-03-01"),
    ("ends_on", "2027-02-28"),
];

/// A contract that can be handed in.
async fn complete(office: &Office) -> Contract {
    complete_with(office, FILLED[0].1).await
}

/// The same with another party.
async fn complete_with(office: &Office, party: &str) -> Contract {
    let id = office.begin().await;
    // The form always sends all of its fields: the defaults stand beside what is filled in.
    let edit = serde_json::json!({
        "parties": {"client": {"name": party, "address": FILLED[1].1}},
        "fields": FILLED[2..].iter().map(|(name, text)| ((*name).to_owned(), match *name {
            "service_fee" => "80000.00".into(),
            _ => serde_json::Value::from(*text),
        })).collect::<serde_json::Map<_, _>>(),
    });
    let edit = serde_json::from_value(edit).unwrap();
    let version = office.read(id).await.version;
    office.contracts.save_edit(office.drafter, id, version, &edit).await.unwrap();
    let seen = Seen::version(office.read(id).await.version);
    office.contracts.attach(office.drafter, (id, &seen), "business_license", ("a.pdf", b"%PDF-1.7")).await.unwrap()
}

async fn submit(office: &Office, id: ContractId) -> Result<Contract, ContractError> {
    let version = office.read(id).await.version;
    office.contracts.submit(office.drafter, id, &Submission { version, ..Submission::default() }).await
}

/// A customer of the drafter with these marks.
async fn customer(office: &Office, related: bool, black_list_reason: Option<&'static str>) -> CustomerId {
    let (owner, at) = (office.drafter.user, office.house.later(0));
    let unit = async move |c: &mut Conn<'_>| -> Result<(CustomerId,), DbError> {
        c.one(CUSTOMER, params![related, black_list_reason.map(str::to_owned), owner, at]).await
    };
    office.db.write(unit).await.unwrap().0
}

#[tokio::test]
async fn a_black_listed_party_stops_the_submission_with_who_when_and_why() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = complete(&office).await.id;
        let customer = customer(&office, false, Some("三次拖欠")).await;
        office.contracts.pick_customer(office.drafter, (id, &Seen::Anything), customer).await.unwrap();
        let before = office.read(id).await;
        let refused = submit(&office, id).await.unwrap_err();
        assert_eq!(refused.code(), "customer_black_listed");
        let said = text(Lang::Zh, &refused.message());
        assert!(said.contains("三次拖欠") && said.contains("员工drafter") && said.contains("2026年3月2日"), "{said}");
        assert!(text(Lang::En, &refused.message()).contains("2 March 2026"));
        assert_eq!(office.read(id).await, before, "nothing of it is stored");
    })
    .await;
}

#[tokio::test]
async fn a_related_party_brings_the_review_onto_the_way_and_a_red_fact_before_the_approver() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = complete(&office).await.id;
        let on_the_way = async || {
            let before = office.contracts.before_submission(office.drafter, id).await.unwrap();
            assert_eq!(before.problems, []);
            let steps = before.preview.unwrap().steps;
            steps.into_iter().filter(qiyue::workflow::Step::on_the_way).map(|step| step.node).collect::<Vec<_>>()
        };
        assert!(!on_the_way().await.contains(&"review".to_owned()));
        let related = customer(&office, true, None).await;
        let picked = office.contracts.pick_customer(office.drafter, (id, &Seen::Anything), related).await.unwrap();
        assert_eq!((picked.other_party.as_str(), picked.customer), ("恒达纺织", Some(related)));
        assert!(on_the_way().await.contains(&"review".to_owned()));
        let registry = office.contracts.approvals().registry().clone();
        let read = async move |c: &mut Conn<'_>| {
            let subject = registry.subject(&qiyue::contract::CONTRACT).unwrap();
            subject.brief(c, id.get(), &Reader::of_all(Lang::Zh, None)).await
        };
        let brief = office.db.read(read).await.unwrap().unwrap();
        assert!(text(Lang::Zh, &brief.red_facts[0]).contains("关联方"), "{:?}", brief.red_facts);
    })
    .await;
}

/// The red facts before the manager who decides on a contract that was handed in.
async fn red_facts(office: &Office, contract: &Contract) -> String {
    let person = office.boss.user.unwrap();
    let viewer = Viewer { person, authority: office.house.org.authority() };
    let look = office.contracts.approvals().look(contract.case.unwrap(), &viewer, Lang::Zh, None).await.unwrap();
    look.brief.unwrap().red_facts.iter().map(|fact| text(Lang::Zh, fact)).collect()
}

#[tokio::test]
async fn two_contracts_that_reach_a_band_only_together_are_shown_as_possibly_split() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let (one, other) = (complete(&office).await.id, complete(&office).await.id);
        let one = submit(&office, one).await.unwrap();
        assert_eq!(red_facts(&office, &one).await, "", "the other one is a draft");

        let other = submit(&office, other).await.unwrap();

        let said = red_facts(&office, &other).await;
        assert!(said.contains("疑似拆分") && said.contains(&one.number.unwrap()) && said.contains("100,000"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn contracts_of_another_party_are_no_part_of_a_deal() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let (one, other) = (complete(&office).await.id, complete_with(&office, "另一家公司").await.id);
        submit(&office, one).await.unwrap();
        let other = submit(&office, other).await.unwrap();
        assert_eq!(red_facts(&office, &other).await, "");
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_that_is_taken_changes_the_text_under_approval_and_makes_a_version() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = complete(&office).await.id;
        let submitted = submit(&office, id).await.unwrap();
        let (case, approvals) = (submitted.case.unwrap(), office.contracts.approvals());
        let suggest = |text: &str| Act::Suggest {
            task: Some(1),
            path: "clauses/notice".into(),
            text: text.into(),
            reason: "太短".into(),
        };
        approvals.act(Ask::of_case(case, office.boss, suggest("三日改为五日。"))).await.unwrap();
        approvals.act(Ask::of_case(case, office.boss, suggest("或者七日。"))).await.unwrap();
        assert_eq!(code(office.contracts.take_suggestion(office.drafter, id, 9).await), "suggestion_not_found");

        let taken = office.contracts.take_suggestion(office.drafter, id, 1).await.unwrap();
        assert_eq!((taken.state, taken.last_version), (State::InApproval, 2));
        let changes = office.contracts.redline(office.drafter.user.unwrap(), id, 1, Some(2)).await.unwrap();
        let names: Vec<_> = changes.changed().map(|clause| clause.name.as_str()).collect();
        assert_eq!(names, ["notice"]);
        office.contracts.decline_suggestion(office.drafter, id, 2, "够了").await.unwrap();

        let approve = |shown| Act::Approve(Verdict { task: Some(1), shown: Some(shown), ..Verdict::default() });
        let stale = approvals.act(Ask::of_case(case, office.boss, approve(submitted.content_hash))).await;
        assert_eq!(stale.unwrap_err().code(), "content_changed");
        approvals.act(Ask::of_case(case, office.boss, approve(taken.content_hash))).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_about_a_blank_is_taken_with_the_clause_that_shows_it() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = complete(&office).await.id;
        let case = submit(&office, id).await.unwrap().case.unwrap();
        let suggestion = Act::Suggest {
            task: Some(1),
            path: "fields/payment_terms".into(),
            text: "先票后款。".into(),
            reason: "没有约定".into(),
        };
        office.contracts.approvals().act(Ask::of_case(case, office.boss, suggestion)).await.unwrap();
        office.contracts.take_suggestion(office.drafter, id, 1).await.unwrap();
        let changes = office.contracts.redline(office.drafter.user.unwrap(), id, 1, Some(2)).await.unwrap();
        let names: Vec<_> = changes.changed().map(|clause| clause.name.as_str()).collect();
        assert_eq!(names, ["payment"]);
    })
    .await;
}

#[tokio::test]
async fn handing_in_again_keeps_the_number_and_shows_what_changed() {
    on_both(async |db| {
        let office = Office::new(db).await;
        let id = complete(&office).await.id;
        submit(&office, id).await.unwrap();
        let back = office.contracts.withdraw(office.drafter, id, "再看看").await.unwrap();
        assert_eq!((back.state, back.number.as_deref()), (State::Draft, Some("HT-KS-2026-0001")));
        office.contracts.own_plan(office.drafter, id, true).await.unwrap();
        let edit = serde_json::from_str(r#"{"free": {"special-terms": "每月回访一次。"}}"#).unwrap();
        let version = office.read(id).await.version;
        let changed = office.contracts.save_edit(office.drafter, id, version, &edit).await.unwrap();
        let template = office.contracts.template_of(&changed).await.unwrap();
        let redline = office.contracts.changes_since_submission(&changed, &template).await.unwrap().unwrap();
        let names: Vec<_> = redline.changed().map(|clause| clause.name.as_str()).collect();
        assert_eq!(names, ["special-terms"], "the plan is the same in words");
        let again = submit(&office, id).await.unwrap();
        assert_eq!((again.number.as_deref(), again.last_version), (Some("HT-KS-2026-0001"), 2));
    })
    .await;
}
