//! The keeper compares the paper with the approved version, records the seal, and the ledger is written.

use qiyue::contract::fulfilment::{SealState, WantedSeal};
use qiyue::contract::{CONTRACT, SealFields, SealKind, State};
use qiyue::db::DbError;

use super::{Company, code, stuck};
use crate::support::on_both;

fn wanted(seal: &str) -> WantedSeal {
    WantedSeal { seal: seal.into(), copies: 4, across_pages: true, purpose: "签订".into() }
}

#[tokio::test]
async fn approval_brings_the_contract_to_the_keeper_and_the_seal_to_the_other_side() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.approved().await;
        assert_eq!(company.contract(id).await.state, State::Sealing);
        let requests = company.waiting_seals().await;
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!((request.number.as_str(), request.document_version), ("HT-KS-2026-0001", 1));
        assert_eq!(company.messages("keeper", "seal/").await, [format!("seal/{}/asked", request.id)]);

        let number = company.fulfilment().seal(company.by("keeper"), request.id, company.sealed(&request.code())).await;
        assert_eq!(number.unwrap(), "YZ-2026-0001");
        assert_eq!(company.contract(id).await.state, State::Waiting);
        let ledger = company.seal_ledger().await;
        assert_eq!((ledger[0].ledger_number.as_deref(), ledger[0].copies), (Some("YZ-2026-0001"), 4));
        assert_eq!(ledger[0].sealed_by, Some(company.id("keeper")));
    })
    .await;
}

#[tokio::test]
async fn only_the_keeper_seals_and_only_with_the_code_of_the_approved_version() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.approved().await;
        let request = company.waiting_seals().await.remove(0);
        let seal = async |who: &str, typed: &str| {
            company.fulfilment().seal(company.by(who), request.id, company.sealed(typed)).await
        };
        assert_eq!(code(seal("drafter", &request.code()).await), "not_the_keeper");
        assert_eq!(code(seal("outsider", &request.code()).await), "contract_not_found");
        assert_eq!(code(seal("keeper", "AAAA-BBBB-CCCC").await), "verification_code_wrong");
        let tomorrow = qiyue::contract::fulfilment::Sealed {
            on: "2026-03-03".parse().unwrap(),
            ..company.sealed(&request.code())
        };
        let refused = company.fulfilment().seal(company.by("keeper"), request.id, tomorrow).await;
        assert_eq!(code(refused), "date_in_future");
        assert!(company.seal_ledger().await.is_empty());
        assert_eq!(company.contract(id).await.state, State::Sealing);

        let typed = request.code().to_lowercase().replace('-', " ");
        seal("keeper", &typed).await.unwrap();
        assert_eq!(code(seal("keeper", &request.code()).await), "seal_request_closed");
    })
    .await;
}

#[tokio::test]
async fn every_seal_that_was_asked_for_must_be_on_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let seal = SealFields { kind: SealKind::Company, keeper: company.id("keeper"), active: true };
        company.contracts().add_seal(company.administrator(), company.entity, seal).await.unwrap();
        let id = company.approved().await;
        let subject = CONTRACT.reference(id.get());
        company.fulfilment().request_seal(company.by("drafter"), &subject, wanted("公章")).await.unwrap();
        let again = company.fulfilment().request_seal(company.by("drafter"), &subject, wanted("公章")).await;
        assert_eq!(code(again), "seal_asked_already");
        let unknown = company.fulfilment().request_seal(company.by("drafter"), &subject, wanted("私章")).await;
        assert_eq!(code(unknown), "seal_unknown");
        let requests = company.waiting_seals().await;
        company
            .fulfilment()
            .seal(company.by("keeper"), requests[0].id, company.sealed(&requests[0].code()))
            .await
            .unwrap();
        assert_eq!(company.contract(id).await.state, State::Sealing, "one seal is missing");
        company.fulfilment().cancel_seal(company.by("keeper"), requests[1].id, "法定代表人出差").await.unwrap();
        assert_eq!(company.contract(id).await.state, State::Waiting);
    })
    .await;
}

#[tokio::test]
async fn a_seal_that_nobody_keeps_leaves_the_effect_stuck_with_the_reason_until_it_is_mended() {
    on_both(async |db| {
        let company = Company::without_seal(db).await;
        let id = company.approved().await;
        let reasons = stuck(&company).await;
        assert!(reasons[0].contains("没有启用的“合同专用章”"), "{reasons:?}");
        assert_eq!(company.contract(id).await.state, State::Approved);

        let seal = SealFields { kind: SealKind::Contract, keeper: company.id("keeper"), active: true };
        company.contracts().add_seal(company.administrator(), company.entity, seal).await.unwrap();
        let effect = company.approvals().stuck_effects().await.unwrap().remove(0);
        company.approvals().retry_effect(effect.id).await.unwrap();
        company.effects().await;
        assert_eq!(company.contract(id).await.state, State::Sealing);
    })
    .await;
}

#[tokio::test]
async fn the_database_seals_nothing_but_the_approved_version_and_never_twice() {
    const SEAL_OTHER: &str = "
        UPDATE seal_request SET document_version = 2, state = 'sealed', ledger_number = 'X', sealed_on = '2026-03-02',
            sealed_by = 1";
    const UNDO: &str = "UPDATE seal_request SET state = 'requested'";
    on_both(async |db| {
        let company = Company::new(db).await;
        company.approved().await;
        assert!(matches!(company.force(SEAL_OTHER).await, Err(DbError::Check(_))));
        company.seal_all().await;
        assert!(matches!(company.force(UNDO).await, Err(DbError::Check(_))));
    })
    .await;
}

#[tokio::test]
async fn a_contract_that_is_given_up_is_not_sealed_any_more() {
    const VOID: &str = "UPDATE contract SET state = 'void'";
    on_both(async |db| {
        let company = Company::new(db).await;
        company.approved().await;
        let request = company.waiting_seals().await.remove(0);
        company.force(VOID).await.unwrap();
        let refused =
            company.fulfilment().seal(company.by("keeper"), request.id, company.sealed(&request.code())).await;
        assert_eq!(code(refused), "version_not_approved");
        let still = company.fulfilment().seal_request(company.id("keeper"), request.id).await.unwrap();
        assert_eq!(still.state, SealState::Requested);
    })
    .await;
}
