//! The CRM against lists that were made elsewhere.

use std::collections::BTreeMap;

use qiyue::record::{Filter, RecordError, Wish};

use super::{CUSTOMER, Desk, OPPORTUNITY, actor, input};
use crate::support::{json, material, on_both};

#[tokio::test]
async fn four_hundred_customers_are_entered_and_repeated_names_are_noticed() {
    let Some(folder) = material("crm-customers-zh") else { return };
    let expected = json(&folder.join("expected.json"));
    let mut rows = csv::Reader::from_path(folder.join("customers.utf8.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let mut noticed: BTreeMap<String, u64> = BTreeMap::new();
        for row in &rows {
            let fields = [
                ("name", &row[0]),
                ("contact_name", &row[1]),
                ("phone", &row[2]),
                ("address", &row[3]),
                ("email", &row[5]),
                ("industry", "other"),
                ("source", "other"),
                ("province", &row[3].chars().take(3).collect::<String>()),
                ("city", "不详"),
            ];
            let fields = fields.map(|(name, value): (&str, &str)| (name, value));
            let made = desk.records().create(CUSTOMER, actor(desk.seller), &input(&fields), Wish::default()).await;
            if let Err(RecordError::Duplicates(twins)) = &made {
                assert_eq!(twins[0].title, row[0], "only names repeat");
                *noticed.entry(row[0].to_owned()).or_insert(1) += 1;
                let anyway = Wish { anyway: true, ..Wish::default() };
                desk.records().create(CUSTOMER, actor(desk.seller), &input(&fields), anyway).await.unwrap();
            } else {
                made.unwrap();
            }
        }
        let repeated: BTreeMap<String, u64> =
            serde_json::from_value(expected["names_that_occur_more_than_once"].clone()).unwrap();
        assert_eq!(noticed, repeated);
        let list = desk.records().list(desk.seller, CUSTOMER, &Filter::default(), None).await.unwrap();
        assert_eq!(Some(list.count.counted), expected["rows"].as_i64());
        assert_eq!(list.rows[0].code.as_deref(), Some("1类-400"));
    })
    .await;
}

#[tokio::test]
async fn deals_of_a_pipeline_add_up_by_stage_and_outcome() {
    let Some(folder) = material("crm-opportunities") else { return };
    let mut rows = csv::Reader::from_path(folder.join("sales_pipeline.csv")).unwrap();
    let rows: Vec<csv::StringRecord> =
        rows.records().map(Result::unwrap).filter(|row| !row[3].is_empty()).take(120).collect();
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let mut customers: BTreeMap<String, i64> = BTreeMap::new();
        let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &rows {
            let customer = match customers.get(&row[3]) {
                Some(id) => *id,
                None => desk.customer(&row[3]).await,
            };
            customers.insert(row[3].to_owned(), customer);
            let customer = customer.to_string();
            let fields = [
                ("title", &row[0]),
                ("customer", customer.as_str()),
                ("product", &row[2]),
                ("amount", &row[7]),
                ("expected_on", &row[6]),
            ];
            let id = desk.make(OPPORTUNITY, desk.seller, &fields).await.unwrap();
            let act = match &row[4] {
                "Won" => "win",
                "Lost" => "lose",
                _ => continue,
            };
            desk.act(OPPORTUNITY, desk.seller, (id, act), &[("reason", "as recorded")]).await.unwrap();
            *expected.entry(if act == "win" { "won" } else { "lost" }).or_default() += 1;
        }
        for (outcome, count) in expected {
            let filter = Filter { fields: [("outcome".to_owned(), outcome.to_owned())].into(), ..Filter::default() };
            let list = desk.records().list(desk.seller, OPPORTUNITY, &filter, None).await.unwrap();
            assert_eq!(list.count.counted, count, "{outcome}");
        }
    })
    .await;
}
