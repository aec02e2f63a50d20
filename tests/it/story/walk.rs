//! A contract from blank to the warning before its end: drafted from the CRM, submitted, decided from messages, and on.

use super::office::Office;
use super::{change, fulfilment, money, warning};
use crate::support::Screen;

pub(super) const CUSTOMER: &str = "绍兴恒达纺织集团有限公司";

#[tokio::test]
async fn the_main_job_at_a_desk() {
    the_main_job(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_main_job_on_a_phone() {
    the_main_job(Screen::Phone, "phone").await;
}

async fn the_main_job(screen: Screen, name: &'static str) {
    let Some(office) = Office::open(screen, name).await else { return };
    meet_the_customer(&office).await;
    let contract = draft(&office).await;
    decide_from_messages(&office, &contract).await;
    fulfilment::seal(&office, "HT-QY-2026-0001").await;
    fulfilment::sign(&office, &format!("{contract}/fulfilment"), "应收回日期").await;
    warning::is_planned(&office, "2027年3月8日").await;
    money::milestones_get_dates(&office, &contract).await;
    money::pay_in_advance(&office, &contract).await;
    fulfilment::original_comes_back(&office, "HT-QY-2026-0001").await;
    fulfilment::archive(&office, "HT-QY-2026-0001", "DA-2026-0001").await;
    change::more_for_longer(&office, &contract).await;
    warning::is_planned(&office, "2027年9月8日").await;
    money::accept_and_pay(&office, &contract).await;
    warning::before_the_end(&office).await;
    office.close().await;
}

async fn meet_the_customer(office: &Office) {
    let sales = office.at("zhangwei");
    office.goto(sales, "/customers/new").await;
    for (field, text) in [
        ("name", CUSTOMER),
        ("contact_name", "王海燕"),
        ("phone", "13857512345"),
        ("province", "浙江省"),
        ("city", "绍兴市"),
        ("address", "绍兴市柯桥区轻纺城大道1688号"),
        ("credit_code", ""),
        ("legal_representative", "陈国栋"),
    ] {
        sales.fill(field, text).await;
    }
    sales.choose("industry", "制造业").await;
    sales.choose("source", "客户转介绍").await;
    sales.click("form button.btn-primary").await;
    sales.wait_for("时间轴").await;
    sales.assert_sound().await;
    office.picture(sales, "customer").await;
}

/// Picks a template, fills the blanks from the CRM and by hand, adds the licence and submits. Gives the path of the contract.
async fn draft(office: &Office) -> String {
    let sales = office.at("zhangwei");
    office.goto(sales, "/contracts/new").await;
    sales.press("软件服务合同").await;
    sales.wait_for("开始起草").await;
    sales.press(CUSTOMER).await;
    sales.wait_for("换一个客户").await;
    sales.choose("entity", "青云软件（杭州）有限公司 (QY)").await;
    sales.press("开始起草").await;
    sales.wait_for("可选择和补充的条款").await;
    let filled = "return document.querySelector('[name=\"client.name\"]').value";
    assert_eq!(sales.run_in_page(filled).await, CUSTOMER, "the CRM knew it");
    for (field, text) in [
        ("software_name", "青云客户管理系统 V5.2"),
        ("licensed_users", "120"),
        ("signing_place", "浙江省杭州市西湖区"),
        ("service_fee", "96000"),
    ] {
        sales.fill(field, text).await;
    }
    for (field, date) in [("install_by", "2026-04-15"), ("starts_on", "2026-03-09"), ("ends_on", "2027-03-08")] {
        sales.set(field, date).await;
    }
    sales.wait_for("已自动保存").await;
    sales.assert_sound().await;
    office.picture(sales, "drafting").await;
    let contract = sales.address().await.replace("/edit", "").replace(&office.app.url(""), "");
    sales.upload("#slot-business_license input[type=file]", &office.paper("营业执照.pdf")).await;
    sales.click("#slot-business_license .slot-upload button").await;
    sales.wait_for("营业执照.pdf").await;
    office.goto(sales, &format!("{contract}/submit")).await;
    sales.wait_for("部门经理审批").await;
    office.picture(sales, "submit").await;
    sales.click(".action-bar .btn-primary").await;
    sales.wait_for("HT-QY-2026-0001").await;
    sales.assert_sound().await;
    office.picture(sales, "submitted").await;
    contract
}

/// Two people decide through the links of their mail, after a program that opened every link; then the drafter hears of it, whose
/// page was open all the while, and the keeper of the seal that waits.
async fn decide_from_messages(office: &Office, contract: &str) {
    let mail = office.mail("limin", "【待审批】软件服务合同").await;
    assert!(
        mail.subject.contains("¥9.60万") && mail.subject.contains(CUSTOMER) && mail.subject.contains("张伟"),
        "{}",
        mail.subject
    );
    let link = office.link(&mail);
    for _ in 0..3 {
        let scanned = reqwest::get(&link).await.unwrap();
        assert!(scanned.status().is_success());
        reqwest::Client::new().head(&link).send().await.unwrap();
    }
    let sales = office.at("zhangwei");
    office.goto(sales, &format!("{contract}/approval")).await;
    sales.wait_for("部门经理审批").await;
    assert!(!sales.text("main").await.contains("已同意"), "a scanner decides nothing");

    for (login, shot) in [("limin", "link-manager"), ("linyue", "link-general-manager")] {
        office.agree_by_link(login, "【待审批】软件服务合同", CUSTOMER, shot).await;
    }
    office.mail("zhangwei", "【审批通过】软件服务合同").await;
    office.mail("zhengli", "【抄送】软件服务合同").await;
    office.mail("xujing", "【待用印：合同专用章】软件服务合同").await;
    office.goto(sales, contract).await;
    sales.wait_for("用印中").await;
    sales.wait_for("HT-QY-2026-0001").await;
    office.picture(sales, "approved").await;
}
