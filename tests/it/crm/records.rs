//! Making, changing, handing over and deleting records: what holds for every kind, seen on customers and contacts.

use qiyue::db::{Conn, DbError};
use qiyue::record::{ChoiceFields, RecordError, Wish, statements};

use super::{COMPLETE, CONTACT, CUSTOMER, Desk, actor, code, input, refused, with};
use crate::support::on_both;

#[tokio::test]
async fn every_statement_and_every_list_of_every_kind_is_understood() {
    on_both(async |db| {
        let desk = Desk::new(db.clone()).await;
        for kind in desk.records().kinds() {
            for sql in statements(kind) {
                let understood: Result<(), DbError> = db.read(async |c: &mut Conn<'_>| c.prepare(sql).await).await;
                assert_eq!(understood, Ok(()), "{}", kind.name());
            }
            for list in desk.records().every_list(kind) {
                let understood: Result<(), DbError> =
                    db.read(async move |c: &mut Conn<'_>| list.prepare(c).await).await;
                assert_eq!(understood, Ok(()), "{}", kind.name());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_made_with_a_code_and_its_first_contact() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let id = desk.make(CUSTOMER, desk.seller, COMPLETE).await.unwrap();
        let made = desk.get(CUSTOMER, id).await;
        assert_eq!((made.code.as_deref(), made.owner, made.version), (Some("1类-01"), Some(desk.seller), 1));
        assert_eq!((made.values.text("status"), made.values.text("city")), ("potential", "杭州市"));
        let contacts = desk.records().naming(desk.seller, CONTACT, "customer", id).await.unwrap().unwrap();
        let first = &contacts.rows[0];
        assert_eq!((first.title(CONTACT), first.values.text("mobile")), ("王经理", "13800138000"));
        assert!(first.values.yes("main") && first.owner == Some(desk.seller));
    })
    .await;
}

#[tokio::test]
async fn r10_codes_follow_the_pattern_that_the_administrator_wrote() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let of_class_2 = with(COMPLETE, &[("name", "乙公司"), ("phone", "13800138002"), ("category", "class-2")]);
        desk.customer("甲公司").await;
        let second = desk.make(CUSTOMER, desk.seller, &of_class_2).await.unwrap();
        assert_eq!(desk.get(CUSTOMER, second).await.code.as_deref(), Some("2类-02"));
        let set = async |pattern, version| {
            desk.records().set_code_pattern(actor(desk.admin()), CUSTOMER, pattern, version).await
        };
        assert_eq!(code(set("KH", 0).await), "code_pattern");
        set("KH{year}{seq:3}", 0).await.unwrap();
        assert_eq!(code(set("{seq}", 0).await), "version_conflict");
        let third = desk.customer("丙公司").await;
        assert_eq!(desk.get(CUSTOMER, third).await.code.as_deref(), Some("KH2026001"));
        let by_seller = desk.records().set_code_pattern(actor(desk.seller), CUSTOMER, "{seq}", 1).await;
        assert_eq!(code(by_seller), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_code_that_exists_already_is_passed_over() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let set = async |pattern, version| {
            desk.records().set_code_pattern(actor(desk.admin()), CUSTOMER, pattern, version).await.unwrap();
        };
        set("K2026{seq}", 0).await;
        desk.customer("甲公司").await;
        set("K{year}{seq}", 1).await;
        let second = desk.customer("乙公司").await;
        assert_eq!(desk.get(CUSTOMER, second).await.code.as_deref(), Some("K20262"));
    })
    .await;
}

#[tokio::test]
async fn r6_and_pl21_what_is_empty_or_wrong_is_said_beside_its_field() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let empty = refused(desk.make(CUSTOMER, desk.seller, &[]).await);
        let fields: Vec<&str> = empty.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["name", "contact_name", "phone", "industry", "source", "province", "city"]);
        assert!(empty.iter().all(|(_, code)| *code == "required"));
        let wrong = [
            ("phone", "0571-88888888"),
            ("industry", "盗版"),
            ("credit_code", "91110000600037314L"),
            ("email", "nobody"),
            ("annual_revenue", "-5"),
            ("colour", "red"),
        ];
        let problems = refused(desk.make(CUSTOMER, desk.seller, &with(COMPLETE, &wrong)).await);
        let expected = [
            ("phone", "mobile"),
            ("email", "email"),
            ("industry", "not_a_choice"),
            ("credit_code", "code_check_digit"),
            ("annual_revenue", "amount_negative"),
            ("colour", "unknown_field"),
        ];
        assert_eq!(problems, expected.map(|(field, code)| (field.to_owned(), code)));
    })
    .await;
}

#[tokio::test]
async fn r2_a_second_one_of_the_same_is_shown_the_first_and_can_go_on() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let first = with(COMPLETE, &[("credit_code", "91110000600037341L")]);
        let id = desk.make(CUSTOMER, desk.seller, &first).await.unwrap();
        let other = [("name", "另一家公司"), ("phone", "13900139000"), ("credit_code", "")];
        for (field, value) in
            [("name", "远望 科技（有限公司）"), ("phone", "138 0013 8000"), ("credit_code", "91110000600037341l")]
        {
            let second = with(&with(COMPLETE, &other), &[(field, value)]);
            let Err(RecordError::Duplicates(twins)) = desk.make(CUSTOMER, desk.seller, &second).await else {
                panic!("{field} is the same");
            };
            assert_eq!((twins.len(), twins[0].id, twins[0].field, twins[0].visible), (1, id, field, true));
            assert_eq!(twins[0].owner, "员工seller");
        }
        let wish = Wish { anyway: true, ..Wish::default() };
        let again = desk.records().create(CUSTOMER, actor(desk.seller), &input(&first), wish).await.unwrap();
        assert_eq!(desk.get(CUSTOMER, again).await.code.as_deref(), Some("1类-02"));
    })
    .await;
}

#[tokio::test]
async fn cu10_a_customer_of_somebody_else_is_told_without_being_shown() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let other = desk.person("other", &["drafter"]).await;
        desk.make(CUSTOMER, other, COMPLETE).await.unwrap();
        let Err(RecordError::Duplicates(twins)) = desk.make(CUSTOMER, desk.seller, COMPLETE).await else {
            panic!("it is the same customer");
        };
        assert_eq!((twins[0].owner.as_str(), twins[0].visible), ("员工other", false));
    })
    .await;
}

#[tokio::test]
async fn r11_editing_a_phone_number_writes_one_line_that_stands_on_the_record() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let id = desk.make(CUSTOMER, desk.seller, COMPLETE).await.unwrap();
        desk.change(CUSTOMER, desk.seller, id, &[("phone", "13900139000")]).await.unwrap();
        let whole = desk.records().whole(desk.seller, CUSTOMER, id).await.unwrap();
        let lines: Vec<_> = whole.changes.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(lines, ["record.changed", "record.created"]);
        let line = &whole.changes[0];
        assert_eq!(line.old, Some(serde_json::json!({ "phone": "13800138000" })));
        assert_eq!(line.new, Some(serde_json::json!({ "phone": "13900139000" })));
        assert_eq!(line.actor.user, Some(desk.seller));
    })
    .await;
}

#[tokio::test]
async fn a_change_of_nothing_writes_nothing_and_a_stale_one_is_refused() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let id = desk.make(CUSTOMER, desk.seller, COMPLETE).await.unwrap();
        assert_eq!(desk.change(CUSTOMER, desk.seller, id, &[("city", "杭州市")]).await.unwrap(), 1);
        assert_eq!(desk.change(CUSTOMER, desk.seller, id, &[("city", "宁波市")]).await.unwrap(), 2);
        let stale = input(&[("city", "温州市")]);
        let late = desk.records().change(CUSTOMER, actor(desk.seller), (id, 1), &stale, Wish::default()).await;
        assert_eq!(code(late), "version_conflict");
        assert_eq!(desk.get(CUSTOMER, id).await.values.text("city"), "宁波市");
    })
    .await;
}

#[tokio::test]
async fn r7_and_r9_a_related_record_is_one_that_exists_and_belongs_to_the_same_customer() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (one, two) = (desk.customer("甲公司").await, desk.customer("乙公司").await);
        let contacts = desk.records().naming(desk.seller, CONTACT, "customer", two).await.unwrap().unwrap();
        let (one, of_two) = (one.to_string(), contacts.rows[0].id.to_string());
        let new = |customer: &str, contact: &str| {
            let fields = [("title", "采购系统"), ("customer", customer), ("contact", contact)];
            fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let make = async |fields: [(String, String); 3]| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            desk.make(super::OPPORTUNITY, desk.seller, &fields).await
        };
        assert_eq!(refused(make(new("999", "")).await), [("customer".to_owned(), "not_a_choice")]);
        assert_eq!(refused(make(new("甲公司", "")).await), [("customer".to_owned(), "not_a_choice")]);
        assert_eq!(refused(make(new(&one, &of_two)).await), [("contact".to_owned(), "other_parent")]);
        make(new(&two.to_string(), &of_two)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_gets_a_customer_gets_its_contacts() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (lead, other) = (desk.person("lead", &["sales-manager"]).await, desk.person("other", &["drafter"]).await);
        let id = desk.customer_of(lead, "甲公司").await;
        desk.records().transfer(CUSTOMER, actor(lead), (id, 1), other).await.unwrap();
        let contacts = desk.records().naming(other, CONTACT, "customer", id).await.unwrap().unwrap();
        assert_eq!(contacts.rows.len(), 1);
        assert_eq!(code(desk.records().get(lead, CUSTOMER, id).await), "record_not_found");
        let whole = desk.records().whole(other, CUSTOMER, id).await.unwrap();
        assert_eq!(whole.changes[0].action, "record.transferred");
        assert_eq!(whole.timeline[0].head.key(), "record.timeline.transferred");
        let back = desk.records().transfer(CUSTOMER, actor(other), (id, 2), lead).await;
        assert_eq!(code(back), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_given_to_somebody_who_left() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let lead = desk.person("lead", &["sales-manager"]).await;
        let id = desk.customer_of(lead, "甲公司").await;
        let nobody = qiyue::kernel::UserId::new(999);
        assert_eq!(code(desk.records().transfer(CUSTOMER, actor(lead), (id, 1), nobody).await), "owner_unknown");
    })
    .await;
}

#[tokio::test]
async fn what_others_hang_on_is_not_deleted_and_what_is_deleted_can_come_back() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let lead = desk.person("lead", &["sales-manager"]).await;
        let id = desk.customer_of(lead, "甲公司").await;
        assert_eq!(code(desk.records().delete(CUSTOMER, actor(lead), (id, 1)).await), "record_in_use");
        let contacts = desk.records().naming(lead, CONTACT, "customer", id).await.unwrap().unwrap();
        desk.records().delete(CONTACT, actor(lead), (contacts.rows[0].id, 1)).await.unwrap();
        desk.records().delete(CUSTOMER, actor(lead), (id, 1)).await.unwrap();
        let list = desk.records().list(lead, CUSTOMER, &qiyue::record::Filter::default(), None).await.unwrap();
        assert!(list.rows.is_empty());
        assert_eq!(code(desk.change(CUSTOMER, lead, id, &[("city", "宁波市")]).await), "record_deleted");
        desk.records().restore(CUSTOMER, actor(lead), (id, 2)).await.unwrap();
        let list = desk.records().list(lead, CUSTOMER, &qiyue::record::Filter::default(), None).await.unwrap();
        assert_eq!((list.rows.len(), list.rows[0].version), (1, 3));
        let deleted = qiyue::record::Filter { deleted: true, ..qiyue::record::Filter::default() };
        assert!(desk.records().list(lead, CUSTOMER, &deleted, None).await.unwrap().rows.is_empty());
    })
    .await;
}

#[tokio::test]
async fn pl08_a_disabled_choice_stays_where_it_is_and_is_offered_no_more() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let admin = actor(desk.admin());
        let id = desk.customer("甲公司").await;
        let lists = desk.records().dictionaries().await.unwrap();
        let website = lists.choice("source", "website").unwrap().clone();
        let off = ChoiceFields { label_zh: website.label_zh, label_en: website.label_en, ..ChoiceFields::default() };
        desk.records().change_choice(admin, (website.id, 1), off.clone()).await.unwrap();
        assert_eq!(code(desk.records().change_choice(admin, (website.id, 1), off.clone()).await), "version_conflict");
        desk.change(CUSTOMER, desk.seller, id, &[("source", "website"), ("city", "宁波市")]).await.unwrap();
        let second = with(COMPLETE, &[("name", "乙公司"), ("phone", "13900139000")]);
        assert_eq!(refused(desk.make(CUSTOMER, desk.seller, &second).await), [("source".to_owned(), "not_a_choice")]);

        let new = ChoiceFields { label_zh: "短视频".into(), active: true, ..ChoiceFields::default() };
        let added = desk.records().add_choice(admin, "source", new.clone()).await.unwrap();
        desk.make(CUSTOMER, desk.seller, &with(&second, &[("source", "duanshipin")])).await.unwrap();
        desk.records().move_choice(admin, added, true).await.unwrap();
        let lists = desk.records().dictionaries().await.unwrap();
        let order: Vec<&str> = lists.of("source").iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(order[4..], ["tender", "duanshipin", "other"]);
        assert_eq!(code(desk.records().add_choice(actor(desk.seller), "source", new.clone()).await), "forbidden");
        assert_eq!(code(desk.records().add_choice(admin, "nothing", new).await), "dictionary_not_found");
    })
    .await;
}
