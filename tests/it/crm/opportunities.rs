//! Opportunities move through stages and are closed with a reason.

use super::{CUSTOMER, Desk, OPPORTUNITY, code, refused};
use crate::support::on_both;

async fn opportunity(desk: &Desk) -> (i64, i64) {
    let customer = desk.customer("甲公司").await;
    let text = customer.to_string();
    let fields = [("title", "办公系统"), ("customer", text.as_str()), ("amount", "50万")];
    (customer, desk.make(OPPORTUNITY, desk.seller, &fields).await.unwrap())
}

#[tokio::test]
async fn op02_a_stage_moves_by_an_act_that_the_timeline_tells() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (customer, id) = opportunity(&desk).await;
        assert_eq!(desk.get(OPPORTUNITY, id).await.values.text("stage"), "first-contact");
        desk.act(OPPORTUNITY, desk.seller, (id, "advance"), &[("stage", "proposal")]).await.unwrap();
        let same = desk.act(OPPORTUNITY, desk.seller, (id, "advance"), &[("stage", "proposal")]).await;
        assert_eq!(refused(same), [("stage".to_owned(), "same_stage")]);
        let by_form = desk.change(OPPORTUNITY, desk.seller, id, &[("stage", "negotiation")]).await;
        assert_eq!(refused(by_form), [("stage".to_owned(), "unknown_field")]);
        let whole = desk.records().whole(desk.seller, OPPORTUNITY, id).await.unwrap();
        assert_eq!(whole.changes[0].action, "opportunity.advance");
        assert_eq!(whole.changes[0].new, Some(serde_json::json!({ "stage": "proposal" })));
        let told = desk.records().whole(desk.seller, CUSTOMER, customer).await.unwrap().timeline;
        assert_eq!(told[0].head.key(), "crm.timeline.advanced");
        assert_eq!(told[0].path, format!("/opportunities/{id}"));
    })
    .await;
}

#[tokio::test]
async fn op05_closing_needs_a_reason_and_what_is_won_makes_the_customer_one_with_a_deal() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let (customer, id) = opportunity(&desk).await;
        assert_eq!(refused(desk.act(OPPORTUNITY, desk.seller, (id, "lose"), &[]).await)[0].1, "required");
        desk.act(OPPORTUNITY, desk.seller, (id, "lose"), &[("reason", "预算取消")]).await.unwrap();
        assert_eq!(desk.get(CUSTOMER, customer).await.values.text("status"), "potential");
        let twice = desk.act(OPPORTUNITY, desk.seller, (id, "win"), &[("reason", "又来了")]).await;
        assert_eq!(code(twice), "not_now");
        desk.act(OPPORTUNITY, desk.seller, (id, "reopen"), &[("reason", "预算恢复")]).await.unwrap();
        desk.act(OPPORTUNITY, desk.seller, (id, "win"), &[("reason", "价格合适")]).await.unwrap();
        let closed = desk.get(OPPORTUNITY, id).await.values;
        assert_eq!(
            (closed.text("outcome"), closed.text("close_reason"), closed.text("stage")),
            ("won", "价格合适", "won")
        );
        let whole = desk.records().whole(desk.seller, CUSTOMER, customer).await.unwrap();
        assert_eq!(whole.record.values.text("status"), "closed_deal");
        assert_eq!(whole.changes[0].old, Some(serde_json::json!({ "status": "potential" })));
    })
    .await;
}
