//! Signing records who signed and starts what the contract agrees on.

use qiyue::contract::fulfilment::{Capacity, NewEvent, Purpose};
use qiyue::contract::{CONTRACT, State};
use qiyue::workflow::Status;

use super::{Company, PDF, code};
use crate::support::on_both;

#[tokio::test]
async fn signing_starts_the_plan_with_its_dates_and_the_case_hears_of_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.waiting().await;
        let subject = CONTRACT.reference(id.get());
        company.sign(&subject, None).await.unwrap();
        let contract = company.contract(id).await;
        let day = "2026-03-02".parse().ok();
        assert_eq!((contract.state, contract.signed_on, contract.effective_on), (State::InForce, day, day));
        let expected = [
            ("首付款", "18,000.00", Some("2026-03-16")),
            ("验收款", "36,000.00", None),
            ("尾款", "6,000.00", Some("2027-02-28")),
        ];
        let found = company.milestones(id).await;
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_deref())).collect();
        assert_eq!(found, expected);
        let signatures = company.fulfilment().signatures(&subject).await.unwrap();
        assert_eq!(signatures.iter().map(|one| one.signatory.as_str()).collect::<Vec<_>>(), ["周明远", "陈国栋"]);
        let state = company.approvals().state(contract.case.unwrap()).await.unwrap();
        assert!(state.outside.contains("signed") && matches!(state.status, Status::Approved | Status::Ended));

        let accepted = NewEvent {
            event: "accepted".into(),
            on: "2026-03-02".parse().unwrap(),
            paper: Some(company.paper(&subject, Purpose::Accepted).await),
            note: "验收单".into(),
        };
        company.fulfilment().record_event(company.by("drafter"), id, accepted).await.unwrap();
        assert_eq!(company.milestones(id).await[1].2.as_deref(), Some("2026-03-16"));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_signed_without_a_scan_an_authorisation_or_the_permission() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.waiting().await;
        let subject = CONTRACT.reference(id.get());
        let sound = company.signing(&subject, None).await;
        let sign = async |who: &str, signing| company.fulfilment().sign(company.by(who), &subject, signing).await;
        let mut agent = sound.clone();
        agent.parties[1].capacity = Capacity::Agent;
        assert_eq!(code(sign("drafter", agent).await), "authorisation_missing");
        let mut future = sound.clone();
        future.parties[0].signed_on = "2026-03-03".parse().unwrap();
        assert_eq!(code(sign("drafter", future).await), "date_in_future");
        let mut bare = sound.clone();
        bare.scan = None;
        assert_eq!(code(sign("drafter", bare).await), "scan_missing");
        let mut stale = sound.clone();
        stale.version -= 1;
        assert_eq!(code(sign("drafter", stale).await), "version_conflict");
        assert_eq!(code(sign("legal", sound.clone()).await), "forbidden");
        assert_eq!(code(sign("outsider", sound.clone()).await), "contract_not_found");
        assert_eq!(company.contract(id).await.state, State::Waiting);
        assert!(company.fulfilment().signatures(&subject).await.unwrap().is_empty());
        sign("drafter", sound.clone()).await.unwrap();
        assert_eq!(code(sign("drafter", sound).await), "move_not_possible");
    })
    .await;
}

#[tokio::test]
async fn a_scan_of_another_contract_is_refused() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (one, other) = (company.waiting().await, company.waiting().await);
        let mut signing = company.signing(&CONTRACT.reference(one.get()), None).await;
        signing.scan = Some(company.paper(&CONTRACT.reference(other.get()), Purpose::Signed).await);
        let refused = company.fulfilment().sign(company.by("drafter"), &CONTRACT.reference(one.get()), signing).await;
        assert_eq!(code(refused), "paper_not_found");
        assert_eq!(company.contract(one).await.state, State::Waiting);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_pdf_is_refused_whatever_it_is_called() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let subject = CONTRACT.reference(company.waiting().await.get());
        let kept = company
            .fulfilment()
            .keep_paper(company.by("drafter"), &subject, Purpose::Signed, ("签署.pdf", b"MZ\x90\0not a scan"))
            .await;
        assert_eq!(code(kept), "file_wrong_content");
        let kept =
            company.fulfilment().keep_paper(company.by("outsider"), &subject, Purpose::Signed, ("a.pdf", PDF)).await;
        assert_eq!(code(kept), "contract_not_found");
    })
    .await;
}

#[tokio::test]
async fn an_approved_contract_is_not_signed_before_it_is_sealed() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.approved().await;
        let subject = CONTRACT.reference(id.get());
        assert_eq!(code(company.sign(&subject, None).await), "move_not_possible");
        assert_eq!(company.contract(id).await.state, State::Sealing);
    })
    .await;
}
