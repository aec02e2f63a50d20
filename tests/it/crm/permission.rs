//! Whose records somebody sees and changes.

use qiyue::org::UserFields;
use qiyue::record::Filter;

use super::{CONTACT, CUSTOMER, Desk, OPPORTUNITY, code};
use crate::org::fields;
use crate::support::on_both;

#[tokio::test]
async fn pl07_a_seller_sees_their_own_and_a_lead_those_of_their_team() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let lead = desk.person("lead", &["sales-manager"]).await;
        let member = desk.person_of(UserFields { manager: Some(lead), ..fields("member", &["drafter"]) }).await;
        let legal = desk.person("legal", &["legal"]).await;
        let stranger = desk.person("stranger", &["archivist"]).await;
        desk.customer("卖方的客户").await;
        let theirs = desk.customer_of(member, "组员的客户").await;
        let seen = async |user| match desk.records().list(user, CUSTOMER, &Filter::default(), None).await {
            Ok(list) => list.rows.len(),
            Err(_) => usize::MAX,
        };
        assert_eq!([seen(desk.seller).await, seen(member).await, seen(lead).await, seen(legal).await], [1, 1, 1, 2]);
        assert_eq!(seen(stranger).await, usize::MAX);
        for kind in [CUSTOMER, CONTACT, OPPORTUNITY] {
            assert!(desk.records().pick(stranger, kind, "", None).await.unwrap().is_empty());
        }
        assert_eq!(code(desk.records().whole(desk.seller, CUSTOMER, theirs).await), "record_not_found");
        assert_eq!(code(desk.change(CUSTOMER, desk.seller, theirs, &[("city", "宁波市")]).await), "record_not_found");
        desk.change(CUSTOMER, lead, theirs, &[("city", "宁波市")]).await.unwrap();
        assert_eq!(code(desk.change(CUSTOMER, legal, theirs, &[("city", "宁波市")]).await), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn r16_contacts_are_edited_by_whoever_owns_the_customer() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let other = desk.person("other", &["drafter"]).await;
        let theirs = desk.customer_of(other, "他人的客户").await.to_string();
        let new = [("name", "陈晓"), ("customer", theirs.as_str())];
        let made = desk.make(CONTACT, desk.seller, &new).await;
        assert_eq!(super::refused(made), [("customer".to_owned(), "not_a_choice")]);
        let id = desk.make(CONTACT, other, &new).await.unwrap();
        desk.change(CONTACT, other, id, &[("position", "总监")]).await.unwrap();
        assert_eq!(code(desk.change(CONTACT, desk.seller, id, &[("position", "经理")]).await), "record_not_found");
    })
    .await;
}

#[tokio::test]
async fn nobody_makes_a_record_for_somebody_beyond_their_reach() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let other = desk.person("other", &["drafter"]).await;
        let wish = qiyue::record::Wish { owner: Some(other), ..qiyue::record::Wish::default() };
        let input = super::input(super::COMPLETE);
        let made = desk.records().create(CUSTOMER, super::actor(desk.seller), &input, wish).await;
        assert_eq!(code(made), "forbidden");
        let made = desk.records().create(CUSTOMER, super::actor(desk.admin()), &input, wish).await.unwrap();
        assert_eq!(desk.get(CUSTOMER, made).await.owner, Some(other));
    })
    .await;
}

#[tokio::test]
async fn marks_are_set_by_those_who_may_with_who_and_why() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let legal = desk.person("legal", &["legal"]).await;
        let id = desk.customer("失信公司").await;
        let list = async |by| desk.act(CUSTOMER, by, (id, "black_list"), &[("reason", "两次拒付")]).await;
        assert_eq!(code(list(desk.seller).await), "forbidden");
        assert_eq!(super::refused(desk.act(CUSTOMER, legal, (id, "black_list"), &[]).await)[0].1, "required");
        list(legal).await.unwrap();
        assert_eq!(code(list(legal).await), "not_now");
        let whole = desk.records().whole(legal, CUSTOMER, id).await.unwrap();
        let values = &whole.record.values;
        assert_eq!(values.text("black_list_reason"), "两次拒付");
        assert_eq!(values.get("black_listed_by"), Some(&qiyue::record::Value::User(legal)));
        assert_eq!(
            (whole.timeline[0].head.key(), whole.timeline[0].text.as_str()),
            ("crm.timeline.black_listed", "两次拒付")
        );
        let marked = Filter { fields: [("mark".to_owned(), "black_list".to_owned())].into(), ..Filter::default() };
        assert_eq!(desk.records().list(legal, CUSTOMER, &marked, None).await.unwrap().rows.len(), 1);
        desk.act(CUSTOMER, legal, (id, "off_black_list"), &[("reason", "已付清")]).await.unwrap();
        assert!(desk.records().list(legal, CUSTOMER, &marked, None).await.unwrap().rows.is_empty());
        // The form sets no marks.
        let sneaked = desk.change(CUSTOMER, desk.seller, id, &[("related_party", "yes")]).await;
        assert_eq!(super::refused(sneaked), [("related_party".to_owned(), "unknown_field")]);
    })
    .await;
}
