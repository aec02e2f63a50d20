//! The payment plan of the contract: dates appear with its events, payments move it forward.

use super::office::Office;
use super::walk::CUSTOMER;

/// What hangs on the signature is dated by it; what hangs on the acceptance still waits.
pub(super) async fn milestones_get_dates(office: &Office, contract: &str) {
    let sales = office.at("zhangwei");
    office.see(sales, &format!("{contract}/money"), "已完成 0%").await;
    let plan = sales.text("[data-milestones]").await;
    for shown in ["首付款", "2026年3月16日", "¥28,800.00", "验收款", "待触发", "¥57,600.00", "尾款", "2027年3月8日"]
    {
        assert!(plan.contains(shown), "{shown} in {plan}");
    }
    office.picture(sales, "money").await;
}

/// Finance finds the first instalment in its list and records that it came.
pub(super) async fn pay_in_advance(office: &Office, contract: &str) {
    let finance = office.at("wujie");
    office.goto(finance, "/payments").await;
    finance.wait_for(CUSTOMER).await;
    office.picture(finance, "payments").await;
    finance.press("首付款").await;
    pay(office, "28800", "已完成 30%").await;
    office.picture(finance, "payment").await;
    let sales = office.at("zhangwei");
    office.see(sales, &format!("{contract}/money"), "已结清").await;
    office.goto(sales, "/contracts").await;
    assert!(sales.text("[data-ledger]").await.contains("30%"), "the ledger shows how much came");
    office.picture(sales, "ledger").await;
}

/// The customer accepts, which dates the next instalment; finance records it. It is more than was first agreed.
pub(super) async fn accept_and_pay(office: &Office, contract: &str) {
    let sales = office.at("zhangwei");
    office.goto(sales, &format!("{contract}/fulfilment")).await;
    sales.press("登记履约事件").await;
    sales.choose("event", "验收合格").await;
    sales.set("#performing form[enctype] [name=on]", "2026-03-02").await;
    sales.upload("paper", &office.paper("验收单.pdf")).await;
    office.picture(sales, "acceptance").await;
    sales.click("#performing form[enctype] button.btn-primary").await;
    sales.wait_for("已登记").await;
    sales.assert_sound().await;
    office.see(sales, &format!("{contract}/money"), "¥79,200.00").await;
    assert!(!sales.text("[data-milestones]").await.contains("待触发"), "every instalment has its date");
    let finance = office.at("wujie");
    office.goto(finance, "/payments").await;
    finance.press("验收款").await;
    pay(office, "79200", "已完成 90%").await;
    office.picture(finance, "payment-accepted").await;
}

async fn pay(office: &Office, amount: &str, progress: &str) {
    let finance = office.at("wujie");
    finance.wait_for("登记收付款").await;
    finance.fill("金额", amount).await;
    finance.set("收付日期", "2026-03-02").await;
    finance.choose("方式", "银行转账（银汇）").await;
    finance.fill("备注", "网银回单 0302").await;
    finance.assert_sound().await;
    finance.click("form.form-grid:has([name=amount]) button.btn-primary").await;
    finance.wait_for(progress).await;
    finance.assert_sound().await;
}
