//! The door for contracts.

use qiyue::crm::{Crm, CrmError, NewEntry, Won};
use qiyue::db::{Conn, DbError};
use qiyue::i18n::Message;
use qiyue::kernel::{CustomerId, OpportunityId};

use super::{COMPLETE, CONTACT, CUSTOMER, Desk, OPPORTUNITY, actor, with};
use crate::support::on_both;

#[tokio::test]
async fn a_picker_offers_the_customers_that_somebody_may_see() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let other = desk.person("other", &["drafter"]).await;
        for name in ["张江电子", "北方重工"] {
            desk.customer(name).await;
        }
        let names = async |user, words: &str, limit| {
            let found = desk.crm.customers(user, words, limit).await.unwrap();
            found.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(names(desk.seller, "", 10).await, ["北方重工", "张江电子"]);
        assert_eq!(names(desk.seller, "zj", 10).await, ["张江电子"]);
        assert_eq!(names(desk.seller, "", 1).await, ["北方重工"]);
        assert_eq!(names(other, "", 10).await, [""; 0]);
        let stranger = desk.person("stranger", &["archivist"]).await;
        assert!(matches!(desk.crm.customers(stranger, "", 10).await, Err(CrmError::Forbidden(_))));
        assert_eq!(desk.crm.customer(stranger, CustomerId::new(1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_card_holds_what_a_contract_takes_over() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let whole = [
            ("credit_code", "91110000600037341L"),
            ("address", "文三路 90 号"),
            ("legal_representative", "李远"),
            ("bank", "工商银行杭州分行"),
            ("bank_account", "1202 0212 0990 0012 345"),
        ];
        let id = desk.make(CUSTOMER, desk.seller, &with(COMPLETE, &whole)).await.unwrap();
        let text = id.to_string();
        let second = [("name", "赵总"), ("customer", text.as_str()), ("email", "zhao@example.com")];
        let zhao = desk.make(CONTACT, desk.seller, &second).await.unwrap();
        let card = desk.crm.customer(desk.seller, CustomerId::new(id)).await.unwrap().unwrap();
        assert_eq!(card.address.as_deref(), Some("浙江省杭州市文三路 90 号"));
        assert_eq!((card.phone.as_deref(), card.bank.as_deref()), (Some("13800138000"), Some("工商银行杭州分行")));
        assert_eq!(card.contact.map(|one| one.name).as_deref(), Some("王经理"));
        desk.act(CONTACT, desk.seller, (zhao, "make_main"), &[]).await.unwrap();
        let people = desk.crm.contacts(desk.seller, CustomerId::new(id)).await.unwrap();
        assert_eq!(
            people.iter().map(|one| (one.name.as_str(), one.main)).collect::<Vec<_>>(),
            [("赵总", true), ("王经理", false)]
        );
        let other = desk.person("other", &["drafter"]).await;
        assert_eq!(desk.crm.customer(other, CustomerId::new(id)).await.unwrap(), None);
        assert!(desk.crm.contacts(other, CustomerId::new(id)).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn marks_are_read_within_a_unit() {
    on_both(async |db| {
        let desk = Desk::new(db.clone()).await;
        let id = desk.customer("关联公司").await;
        desk.act(CUSTOMER, desk.admin(), (id, "relate"), &[("reason", "同一股东")]).await.unwrap();
        let read = async move |c: &mut Conn<'_>| Crm::marks_of(c, CustomerId::new(id)).await;
        let marks = db.read(read).await.unwrap();
        assert!(marks.related_party && !marks.is_black_listed());
        assert_eq!(marks.related_party_reason.as_deref(), Some("同一股东"));
        let nobody = db.read(async |c: &mut Conn<'_>| Crm::marks_of(c, CustomerId::new(999)).await).await;
        assert_eq!(nobody.unwrap(), qiyue::crm::Marks::default());
    })
    .await;
}

#[tokio::test]
async fn a_signed_contract_wins_its_opportunity_once() {
    on_both(async |db| {
        let desk = Desk::new(db.clone()).await;
        let customer = desk.customer("甲公司").await;
        let text = customer.to_string();
        let new = [("title", "办公系统"), ("customer", text.as_str()), ("amount", "50万"), ("product", "办公软件")];
        let id = OpportunityId::new(desk.make(OPPORTUNITY, desk.seller, &new).await.unwrap());
        let card = desk.crm.opportunity(desk.seller, id).await.unwrap().unwrap();
        assert_eq!((card.customer_name.as_str(), card.open), ("甲公司", true));
        assert_eq!(card.amount.unwrap().to_string(), "¥500,000.00");
        let (by, at) = (actor(desk.seller), desk.house.later(5));
        let win = async || {
            let unit = async move |c: &mut Conn<'_>| {
                let won = Won { opportunity: id, reason: "HT-2026-0001", path: "/contracts/1", actor: &by, at };
                Crm::win(c, &won).await
            };
            let done: Result<bool, DbError> = db.write(unit).await;
            done.unwrap()
        };
        assert!(win().await);
        assert!(!win().await);
        let whole = desk.records().whole(desk.seller, OPPORTUNITY, id.get()).await.unwrap();
        assert_eq!(whole.record.values.text("close_reason"), "HT-2026-0001");
        assert_eq!(
            (whole.changes[0].action.as_str(), whole.timeline[0].path.as_str()),
            ("opportunity.win", "/contracts/1")
        );
        assert_eq!(desk.get(CUSTOMER, customer).await.values.text("status"), "closed_deal");
    })
    .await;
}

#[tokio::test]
async fn another_room_writes_onto_the_timeline_of_a_customer() {
    on_both(async |db| {
        let desk = Desk::new(db.clone()).await;
        let id = desk.customer("甲公司").await;
        let (by, at) = (actor(desk.seller), desk.house.later(5));
        let unit = async move |c: &mut Conn<'_>| {
            let (customer, head) = (CustomerId::new(id), Message::of("crm.kind.customer"));
            Crm::timeline_entry(c, NewEntry { customer, head, text: "已签订", path: "/contracts/1", actor: &by, at })
                .await
        };
        let done: Result<(), DbError> = db.write(unit).await;
        done.unwrap();
        let told = desk.records().whole(desk.seller, CUSTOMER, id).await.unwrap().timeline;
        assert_eq!(
            (told[0].text.as_str(), told[0].path.as_str(), told[0].actor),
            ("已签订", "/contracts/1", Some(desk.seller))
        );
    })
    .await;
}
