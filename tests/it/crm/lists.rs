//! Lists: filters that work together, words, letters, orders, pages.

use std::collections::BTreeMap;

use qiyue::record::Filter;

use super::{COMPLETE, CONTACT, CUSTOMER, Desk, OPPORTUNITY, with};
use crate::support::on_both;

fn by(fields: &[(&str, &str)]) -> Filter {
    let fields: BTreeMap<String, String> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Filter { fields, ..Filter::default() }
}

async fn names(desk: &Desk, filter: &Filter) -> Vec<String> {
    let list = desk.records().list(desk.seller, CUSTOMER, filter, None).await.unwrap();
    list.rows.iter().map(|row| row.title(CUSTOMER).to_owned()).collect()
}

#[tokio::test]
async fn cu02_the_eleven_criteria_work_together() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let whole = [
            ("name", "Acme_远望科技"),
            ("short_name", "远望"),
            ("address", "文三路 90 号"),
            ("ownership", "private"),
            ("sales_mode", "direct"),
            ("description", "做仓储软件"),
            ("level", "a"),
        ];
        desk.make(CUSTOMER, desk.seller, &with(COMPLETE, &whole)).await.unwrap();
        desk.customer("无关公司").await;
        let all = [
            ("name", "acme_"),
            ("short_name", "远"),
            ("city", "杭州"),
            ("address", "文三路"),
            ("source", "website"),
            ("category", "class-1,class-2"),
            ("sales_mode", "direct"),
            ("industry", "information-services"),
            ("ownership", "private"),
            ("description", "仓储"),
        ];
        assert_eq!(names(&desk, &Filter { words: "1类-01".into(), ..by(&all) }).await, ["Acme_远望科技"]);
        for (name, _) in all {
            let other = with(&all, &[(name, "zz")]);
            assert_eq!(names(&desk, &by(&other)).await, [""; 0], "{name}");
        }
        // Neither % nor _ stands for anything but itself.
        assert_eq!(names(&desk, &by(&[("name", "%")])).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn pl12_the_letter_z_lists_zhang_and_words_find_initials_and_phone_numbers() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        for name in ["张江电子", "北方重工", "ABC 贸易", "中海物流", "３６５在线"] {
            desk.customer(name).await;
        }
        let letter = |letter: &str| Filter { letter: letter.into(), sort: "title".into(), ..Filter::default() };
        assert_eq!(names(&desk, &letter("Z")).await, ["张江电子", "中海物流"]);
        assert_eq!(names(&desk, &letter("A")).await, ["ABC 贸易"]);
        assert_eq!(names(&desk, &letter("#")).await, ["３６５在线"]);
        let words = |words: &str| Filter { words: words.into(), ..Filter::default() };
        assert_eq!(names(&desk, &words("bfzg")).await, ["北方重工"]);
        assert_eq!(names(&desk, &words("365")).await, ["３６５在线"]);
        assert_eq!(names(&desk, &words("海物")).await, ["中海物流"]);
        assert_eq!(names(&desk, &words("%")).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_and_the_count_is_of_all() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        for n in 0..53 {
            desk.customer(&format!("客户{n:02}")).await;
        }
        let filter = Filter { sort: "title".into(), ..Filter::default() };
        let first = desk.records().list(desk.seller, CUSTOMER, &filter, None).await.unwrap();
        assert_eq!((first.rows.len(), first.count.to_string().as_str()), (50, "53"));
        let second = desk.records().list(desk.seller, CUSTOMER, &filter, first.next).await.unwrap();
        assert_eq!(
            second.rows.iter().map(|row| row.title(CUSTOMER)).collect::<Vec<_>>(),
            ["客户50", "客户51", "客户52"]
        );
        assert_eq!(second.next, None);
    })
    .await;
}

#[tokio::test]
async fn amounts_and_dates_are_found_between_two_ends_and_nonsense_finds_nothing() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let customer = desk.customer("甲公司").await.to_string();
        for (title, amount, on) in [("小单", "5万", "2026-04-01"), ("大单", "500000", "2026-06-30"), ("未定", "", "")]
        {
            let fields = [("title", title), ("customer", customer.as_str()), ("amount", amount), ("expected_on", on)];
            desk.make(OPPORTUNITY, desk.seller, &fields).await.unwrap();
        }
        let titles = async |fields: &[(&str, &str)], sort: &str| {
            let filter = Filter { sort: sort.into(), ..by(fields) };
            let list = desk.records().list(desk.seller, OPPORTUNITY, &filter, None).await.unwrap();
            list.rows.iter().map(|row| row.title(OPPORTUNITY).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(titles(&[("amount_from", "10万")], "").await, ["大单"]);
        assert_eq!(titles(&[("amount_until", "10万"), ("expected_on_until", "2026-04-01")], "").await, ["小单"]);
        assert_eq!(titles(&[("amount_from", "很多")], "").await, [""; 0]);
        assert_eq!(titles(&[], "expected").await, ["小单", "大单", "未定"]);
        assert_eq!(titles(&[], "amount").await, ["大单", "小单", "未定"]);
    })
    .await;
}

#[tokio::test]
async fn ct02_contacts_are_found_by_their_customer_and_by_themselves() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let id = desk.customer("甲公司").await.to_string();
        desk.customer("乙公司").await;
        let chen = [
            ("name", "陈晓"),
            ("customer", id.as_str()),
            ("gender", "female"),
            ("hobby", "登山"),
            ("address", "西湖区"),
        ];
        desk.make(CONTACT, desk.seller, &chen).await.unwrap();
        let found = async |filter: &Filter| {
            let list = desk.records().list(desk.seller, CONTACT, filter, None).await.unwrap();
            list.rows.iter().map(|row| (row.title(CONTACT).to_owned(), row.parent_title.clone())).collect::<Vec<_>>()
        };
        let pair = |name: &str, customer: &str| (name.to_owned(), customer.to_owned());
        let of_customer = Filter { words: "甲公司".into(), ..Filter::default() };
        assert_eq!(found(&of_customer).await, [pair("陈晓", "甲公司"), pair("王经理", "甲公司")]);
        let all =
            [("name", "陈"), ("gender", "female"), ("hobby", "登山"), ("address", "西湖"), ("customer", id.as_str())];
        assert_eq!(found(&Filter { words: "甲公司".into(), ..by(&all) }).await, [pair("陈晓", "甲公司")]);
    })
    .await;
}
