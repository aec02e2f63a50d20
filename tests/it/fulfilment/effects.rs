//! Every effect of the sample does what it says, once.

use std::sync::Arc;

use qiyue::approval::{CaseAt, EffectAt, EffectHandler as _};
use qiyue::contract::CONTRACT;
use qiyue::contract::fulfilment::{Archived, ContractEffects};
use qiyue::db::Conn;
use qiyue::kernel::{CaseId, ContractId, Span};
use qiyue::workflow::{Effect, Who};

use super::{Company, code};
use crate::support::on_both;

/// Carries an effect out under a key, as often as it is called.
async fn effect(company: &Company, id: ContractId, key: &str, effect: Effect) -> Result<(), String> {
    let contract = company.contract(id).await;
    let at = EffectAt {
        case: CaseAt {
            case: CaseId::new(1),
            subject: CONTRACT.reference(id.get()),
            round: 1,
            actor: company.by("drafter"),
            at: qiyue::kernel::Clock::now(&*company.clock),
            version: contract.version,
            content: contract.content_hash,
        },
        workflow: "sales-contract".into(),
        amount: None,
        key: key.to_owned(),
    };
    let directory = company.app.org().directory();
    let effect = Arc::new(effect);
    let unit = async move |c: &mut Conn<'_>| {
        ContractEffects::of_contracts().apply(c, &at, &effect, &directory).await.map_err(|refusal| match refusal {
            qiyue::approval::SubjectRefusal::Refused(message) => {
                Refused(qiyue::i18n::text(qiyue::i18n::Lang::Zh, &message))
            }
            other => Refused(other.to_string()),
        })
    };
    company.db.write(unit).await.map_err(|Refused(text)| text)
}

struct Refused(String);

impl From<qiyue::db::DbError> for Refused {
    fn from(error: qiyue::db::DbError) -> Self {
        Self(error.to_string())
    }
}

#[tokio::test]
async fn the_effects_of_the_signing_stand_on_their_lists() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.signed().await;
        let originals = company.originals().await;
        assert_eq!(originals.len(), 1);
        assert_eq!(
            (originals[0].number.as_str(), originals[0].due_on.to_string().as_str()),
            ("HT-KS-2026-0001", "2026-03-17")
        );
        let tasks = company.archive_tasks().await;
        let list: Vec<_> = tasks[0].items.iter().map(|item| item.label.as_str()).collect();
        assert_eq!(list, ["双方盖章原件", "审批单", "授权委托书"]);
        assert_eq!(company.messages("archivist", "archive/").await.len(), 1);
        let due = company.due().await;
        assert!(due.contains(&("warning/1".into(), "2027-02-28".into())), "{due:?}");
        assert_eq!(company.warnings("warning/1").await, ["2026-11-30", "2027-01-29", "2027-02-21"]);
    })
    .await;
}

#[tokio::test]
async fn the_same_effect_twice_does_nothing_the_second_time() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let before = (company.due().await, company.archive_tasks().await, company.originals().await);
        let role = || Who::Role { role: "archivist".into() };
        let warn = || Effect::WarnBefore { date: "expires".into(), before: vec![Span::Days(5)], to: vec![Who::Owner] };
        effect(&company, id, "again/1", Effect::ExpectOriginalBack { within: Span::Days(15) }).await.unwrap();
        let archive = Effect::ArchiveBy { who: role(), checklist: vec!["审批单".into()] };
        effect(&company, id, "again/2", archive).await.unwrap();
        let plan = Effect::PaymentPlanFromContract { on: "signed".into() };
        effect(&company, id, "again/3", plan).await.unwrap();
        let tell = || Effect::Tell { to: vec![role()], text: "请留意".into() };
        effect(&company, id, "again/4", tell()).await.unwrap();
        effect(&company, id, "again/4", tell()).await.unwrap();
        assert_eq!(company.messages("archivist", "again/4").await.len(), 1);
        assert_eq!((company.due().await, company.archive_tasks().await, company.originals().await), before);
        effect(&company, id, "again/5", warn()).await.unwrap();
        effect(&company, id, "again/5", warn()).await.unwrap();
        assert_eq!(company.due().await.len(), before.0.len() + 1, "another rule is another warning, once");
    })
    .await;
}

#[tokio::test]
async fn a_contract_without_an_end_is_not_warned_of() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let none =
            Effect::WarnBefore { date: "delivery_date".into(), before: vec![Span::Days(5)], to: vec![Who::Owner] };
        let before = company.due().await;
        effect(&company, id, "none", none).await.unwrap();
        assert_eq!(company.due().await, before);
    })
    .await;
}

#[tokio::test]
async fn an_effect_for_nobody_says_so() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let nobody =
            Effect::ArchiveBy { who: Who::Role { role: "nobody".into() }, checklist: vec!["审批单".into()] };
        let directory = company.app.org().directory();
        let checked = ContractEffects::of_contracts().check(&nobody, &directory).unwrap_err();
        assert!(qiyue::i18n::text(qiyue::i18n::Lang::En, &checked).contains("Nobody who works here has the role"));
        let refused = effect(&company, id, "nobody", nobody).await.unwrap_err();
        assert!(refused.contains("没有在职者"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn an_original_is_due_until_it_is_recorded_as_back() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.signed().await;
        let original = company.originals().await.remove(0);
        let due = ("original/1".to_owned(), "2026-03-17".to_owned());
        assert!(company.due().await.contains(&due));
        company.set("2026-03-09");
        let on = "2026-03-09".parse().unwrap();
        let back =
            async |who: &str, on| company.fulfilment().original_back(company.by(who), original.id, (on, 2)).await;
        assert_eq!(code(back("legal", on).await), "forbidden");
        assert_eq!(code(back("drafter", "2026-03-10".parse().unwrap()).await), "date_in_future");
        assert_eq!(code(back("drafter", "2026-03-01".parse().unwrap()).await), "date_too_early");
        back("archivist", on).await.unwrap();
        assert!(company.originals().await.is_empty() && !company.due().await.contains(&due));
        assert_eq!(code(back("drafter", on).await), "original_back_already");
    })
    .await;
}

#[tokio::test]
async fn a_folder_is_archived_once_its_list_is_ticked_off() {
    const ARCHIVE: &str = "
        UPDATE archive_task SET state = 'archived', archive_number = 'X', archived_on = '2026-03-02', archived_by = 1";
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.signed().await;
        let (archivist, fulfilment) = (company.by("archivist"), company.fulfilment());
        let task = company.archive_tasks().await.remove(0);
        let archived =
            |version| Archived { number: String::new(), box_name: "A-3".into(), shelf: "2".into(), copies: 2, version };
        let refused = fulfilment.claim_archive_task(company.by("drafter"), task.id, true).await;
        assert_eq!(code(refused), "not_a_claimer");
        assert_eq!(code(fulfilment.archive(archivist, task.id, archived(task.version)).await), "not_claimed");
        fulfilment.claim_archive_task(archivist, task.id, true).await.unwrap();
        let version = company.archive_tasks().await.remove(0).version;
        assert_eq!(code(fulfilment.archive(archivist, task.id, archived(version)).await), "checklist_open");
        assert!(company.force(ARCHIVE).await.is_err(), "the database counts too");
        for item in &task.items {
            fulfilment.check_archive_item(archivist, (task.id, None), item.position, true).await.unwrap();
        }
        let number = fulfilment.archive(archivist, task.id, archived(version)).await.unwrap();
        assert_eq!(number, "DA-2026-0001");
        assert_eq!(company.contract(id).await.archive_number.as_deref(), Some("DA-2026-0001"));
        assert_eq!(company.archived().await[0].shelf, "2");
        assert_eq!(code(fulfilment.archive(archivist, task.id, archived(version + 1)).await), "archived_already");
    })
    .await;
}
