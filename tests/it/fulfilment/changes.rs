//! A signed contract never changes in place: a change goes its own way and replaces terms when it takes effect.

use qiyue::approval::{Reader, Subject as _};
use qiyue::contract::State;
use qiyue::contract::fulfilment::{CONTRACT_CHANGE, ChangeEdit, ChangeId, ChangeKind, ChangeSubject, FulfilmentError};
use qiyue::db::{Conn, DbError};
use qiyue::i18n::{Lang, text};
use qiyue::kernel::{Clock as _, ContractId, CustomerId, Ref};
use qiyue::params;

use super::{Company, PDF, code};
use crate::drafting::submission::CUSTOMER;
use crate::support::on_both;

fn line(name: &str, title: &str, amount: &str, due_on: &str) -> qiyue::contract::fulfilment::ChangeLine {
    let (name, title) = (name.into(), title.into());
    qiyue::contract::fulfilment::ChangeLine { name, title, amount: amount.into(), due_on: due_on.into() }
}

/// 60,000 become 90,000 and the year becomes two: half of what comes on top at once, the rest in a year.
pub(super) fn extension() -> ChangeEdit {
    ChangeEdit {
        reason: "客户增加两个厂区".into(),
        impact: "增加驻场人员一名".into(),
        amount: "9万".into(),
        expires_on: "2028-02-29".parse().ok(),
        plan: vec![
            line("prepayment", "首付款", "18000", ""),
            line("acceptance", "验收款", "36000", ""),
            line("final", "尾款", "6000", "2028-02-29"),
            line("", "扩容款", "30000", "2026-06-30"),
        ],
        text: "增加的厂区适用原合同的服务标准。".into(),
        ..ChangeEdit::default()
    }
}

pub(super) async fn drafted(company: &Company, id: ContractId, kind: ChangeKind, edit: ChangeEdit) -> ChangeId {
    let change = company.fulfilment().begin_change(company.by("drafter"), id, kind).await.unwrap();
    let edit = ChangeEdit { version: 1, ..edit };
    company.fulfilment().save_change(company.by("drafter"), change, edit).await.unwrap();
    company.fulfilment().add_evidence(company.by("drafter"), (change, 2), ("往来函件.pdf", PDF)).await.unwrap();
    change
}

pub(super) fn subject(id: ChangeId) -> Ref {
    CONTRACT_CHANGE.reference(id.get())
}

async fn state(company: &Company, id: ChangeId) -> State {
    company.fulfilment().change(company.id("drafter"), id).await.unwrap().0.state
}

#[tokio::test]
async fn an_approved_and_signed_change_moves_terms_plan_and_warnings() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let signed = company.contract(id).await;
        let change = drafted(&company, id, ChangeKind::Supplement, extension()).await;
        company.approve(&subject(change)).await;
        let (approved, _) = company.fulfilment().change(company.id("drafter"), change).await.unwrap();
        assert_eq!((approved.number.as_deref(), approved.state), (Some("HT-KS-2026-0001-补1"), State::Sealing));
        company.seal_all().await;
        assert_eq!(company.contract(id).await.gross, signed.gross, "nothing moves before it is signed");
        company.sign(&subject(change), Some("2026-04-01")).await.unwrap();
        company.set("2026-04-01");
        company.fulfilment().keep_up().await.unwrap();
        assert_eq!(state(&company, change).await, State::InForce);

        let contract = company.contract(id).await;
        assert_eq!(contract.total().unwrap().to_string(), "¥90,000.00");
        let (net, tax, gross) = (contract.net.unwrap(), contract.tax.unwrap(), contract.gross.unwrap());
        assert_eq!(net.plus(tax).unwrap(), gross);
        assert_eq!(contract.content_hash, signed.content_hash, "what was signed stays as it was");
        let milestones = company.milestones(id).await;
        let amounts: Vec<_> = milestones.iter().map(|(title, amount, _)| (title.as_str(), amount.as_str())).collect();
        assert_eq!(
            amounts,
            [("首付款", "18,000.00"), ("验收款", "36,000.00"), ("尾款", "6,000.00"), ("扩容款", "30,000.00")]
        );
        assert_eq!(milestones[3].2.as_deref(), Some("2026-06-30"));
        assert!(company.due().await.contains(&("warning/1".into(), "2028-02-29".into())));
        assert_eq!(company.warnings("warning/1").await, ["2027-12-01", "2028-01-30", "2028-02-22"]);

        let on = async |day: &str| {
            let terms = company.fulfilment().terms_on(company.id("legal"), id, day.parse().unwrap()).await.unwrap();
            (terms.terms.gross.unwrap().to_string(), terms.terms.expires_on.unwrap().to_string(), terms.by.len())
        };
        assert_eq!(on("2026-03-31").await, ("¥60,000.00".into(), "2027-02-28".into(), 0));
        assert_eq!(on("2026-04-01").await, ("¥90,000.00".into(), "2028-02-29".into(), 1));
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_stays_and_a_milestone_cannot_become_less() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        super::life::pay(&company, id, "18000").await;
        let smaller = ChangeEdit {
            amount: "50000".into(),
            plan: vec![line("prepayment", "首付款", "8000", ""), line("acceptance", "验收款", "42000", "")],
            reason: "减少服务内容".into(),
            ..ChangeEdit::default()
        };
        let change = drafted(&company, id, ChangeKind::Supplement, smaller).await;
        company.approve(&subject(change)).await;
        company.seal_all().await;
        let refused = company.sign(&subject(change), None).await;
        assert_eq!(code(refused), "milestone_paid_beyond");
        assert_eq!(company.contract(id).await.total().unwrap().to_string(), "¥60,000.00");
    })
    .await;
}

#[tokio::test]
async fn a_termination_ends_the_contract_and_settles_what_is_open() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        super::life::pay(&company, id, "20000").await;
        let end = ChangeEdit {
            reason: "客户停产".into(),
            expires_on: "2026-03-02".parse().ok(),
            plan: vec![line("", "结算款", "5000", "2026-03-31")],
            ..ChangeEdit::default()
        };
        let change = drafted(&company, id, ChangeKind::Termination, end).await;
        company.approve(&subject(change)).await;
        company.seal_all().await;
        company.sign(&subject(change), None).await.unwrap();
        let contract = company.contract(id).await;
        assert_eq!((contract.state, contract.end_reason.as_str()), (State::Terminated, "客户停产"));
        assert_eq!(contract.ended_on, "2026-03-02".parse().ok());
        let milestones = company.milestones(id).await;
        let mut amounts: Vec<_> =
            milestones.iter().map(|(title, amount, _)| (title.as_str(), amount.as_str())).collect();
        amounts.sort_unstable();
        assert_eq!(amounts, [("尾款", "2,000.00"), ("结算款", "5,000.00"), ("首付款", "18,000.00")]);
        let due = company.due().await;
        assert_eq!(due.iter().filter(|(source, _)| source.starts_with("milestone/")).count(), 1, "{due:?}");
        assert!(due.iter().all(|(source, _)| !source.starts_with("warning/")), "{due:?}");
    })
    .await;
}

#[tokio::test]
async fn a_change_is_refused_that_changes_nothing_or_does_not_add_up() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let submit = async |change| company.fulfilment().submit_change(company.by("drafter"), change, None).await;
        let nothing = ChangeEdit { reason: "无".into(), ..ChangeEdit::default() };
        assert_eq!(code(submit(drafted(&company, id, ChangeKind::Supplement, nothing).await).await), "change_empty");
        let silent = ChangeEdit { text: "改约".into(), ..ChangeEdit::default() };
        assert_eq!(code(submit(drafted(&company, id, ChangeKind::Supplement, silent).await).await), "field_required");
        let sum = ChangeEdit { amount: "90000".into(), reason: "加价".into(), ..ChangeEdit::default() };
        assert_eq!(code(submit(drafted(&company, id, ChangeKind::Supplement, sum).await).await), "plan_sum");
        let reversed =
            ChangeEdit { expires_on: "2026-02-01".parse().ok(), reason: "早".into(), ..ChangeEdit::default() };
        assert_eq!(code(submit(drafted(&company, id, ChangeKind::Supplement, reversed).await).await), "term_reversed");
        let broken = ChangeEdit { plan: vec![line("", "款", "x", "2026-03-31")], version: 1, ..extension() };
        let change =
            company.fulfilment().begin_change(company.by("drafter"), id, ChangeKind::Supplement).await.unwrap();
        assert_eq!(
            code(company.fulfilment().save_change(company.by("drafter"), change, broken).await),
            "plan_line_incomplete"
        );
    })
    .await;
}

#[tokio::test]
async fn two_changes_of_one_contract_are_not_under_way_at_once() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let (first, second) = (
            drafted(&company, id, ChangeKind::Supplement, extension()).await,
            drafted(&company, id, ChangeKind::Supplement, extension()).await,
        );
        company.approve(&subject(first)).await;
        let refused = company.fulfilment().submit_change(company.by("drafter"), second, None).await;
        assert_eq!(code(refused), "change_under_way");
        let version = company.fulfilment().change(company.id("drafter"), first).await.unwrap().0.version;
        company.fulfilment().abandon_change(company.by("drafter"), first, version).await.unwrap();
        assert!(company.waiting_seals().await.is_empty(), "nobody seals it any more");
        company.fulfilment().submit_change(company.by("drafter"), second, None).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn only_a_signed_contract_that_runs_can_be_changed() {
    const JUMP: &str =
        "UPDATE contract_change SET state = 'in_force', signed_on = '2026-03-02', effective_on = '2026-03-02'";
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.waiting().await;
        let begin = async |who: &str| -> Result<ChangeId, FulfilmentError> {
            company.fulfilment().begin_change(company.by(who), id, ChangeKind::Supplement).await
        };
        assert_eq!(code(begin("drafter").await), "contract_not_changeable");
        company.sign(&qiyue::contract::CONTRACT.reference(id.get()), None).await.unwrap();
        assert_eq!(code(begin("outsider").await), "contract_not_found");
        assert_eq!(code(begin("legal").await), "forbidden");
        begin("drafter").await.unwrap();
        assert!(matches!(company.force(JUMP).await, Err(DbError::Check(_))), "the database refuses the jump too");
    })
    .await;
}

/// One change in approval, and the drafts of another and of a termination, for looking at.
pub(super) async fn submitted(company: &Company, id: ContractId) {
    let first = drafted(company, id, ChangeKind::Supplement, extension()).await;
    company.fulfilment().submit_change(company.by("drafter"), first, None).await.unwrap();
    drafted(company, id, ChangeKind::Supplement, extension()).await;
    company.fulfilment().begin_change(company.by("drafter"), id, ChangeKind::Termination).await.unwrap();
}

#[tokio::test]
async fn what_is_known_of_the_other_party_is_known_of_a_change_too() {
    const OF_CUSTOMER: &str = "UPDATE contract SET customer = $1 WHERE id = $2";
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let change = drafted(&company, id, ChangeKind::Supplement, extension()).await;
        let (owner, at) = (company.id("drafter"), company.clock.now());
        let unit = async move |c: &mut Conn<'_>| -> Result<u64, DbError> {
            let (customer,): (CustomerId,) = c.one(CUSTOMER, params![true, None::<String>, owner, at]).await?;
            c.exec(OF_CUSTOMER, params![customer, id]).await
        };
        assert_eq!(company.db.write(unit).await.unwrap(), 1);
        let known = ChangeSubject::new(company.clock.clone());
        let (facts, brief) = {
            let read = async move |c: &mut Conn<'_>| {
                let facts = known.facts(c, change.get()).await?;
                Ok::<_, DbError>((facts, known.brief(c, change.get(), &Reader::of_all(Lang::Zh, None)).await?))
            };
            company.db.read(read).await.unwrap()
        };
        assert!(facts.unwrap().marks.contains("关联方"));
        let told: Vec<_> = brief.unwrap().red_facts.iter().map(|fact| text(Lang::Zh, fact)).collect();
        assert!(told.iter().any(|fact| fact.contains("关联方")), "{told:?}");
    })
    .await;
}
