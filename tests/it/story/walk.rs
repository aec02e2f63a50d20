//! A contract from blank to the seal: drafted from the CRM, submitted, decided from messages.

use std::time::Duration;

use super::office::Office;
use crate::support::Screen;

const CUSTOMER: &str = "绍兴恒达纺织集团有限公司";
/// Longer than a decision can be undone.
const HELD_BACK: Duration = Duration::from_secs(11);

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

/// Picks a template, fills the blanks from the CRM and by hand, adds the licence and submits. Gives the address of the contract.
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
    let contract = sales.address().await.replace("/edit", "");
    sales.upload("#slot-business_license input[type=file]", &office.paper("营业执照.pdf")).await;
    sales.click("#slot-business_license .slot-upload button").await;
    sales.wait_for("营业执照.pdf").await;
    sales.goto(&format!("{contract}/submit")).await;
    sales.wait_for("部门经理审批").await;
    office.picture(sales, "submit").await;
    sales.click(".action-bar .btn-primary").await;
    sales.wait_for("HT-QY-2026-0001").await;
    sales.assert_sound().await;
    office.picture(sales, "submitted").await;
    contract
}

/// Two people decide through the links of their mail, after a program that opened every link; then the keeper hears of the seal.
async fn decide_from_messages(office: &Office, contract: &str) {
    let mail = office.mail("limin", "【待审批】软件服务合同").await;
    assert!(
        mail.subject.contains("¥9.60万") && mail.subject.contains(CUSTOMER) && mail.subject.contains("张伟"),
        "{}",
        mail.subject
    );
    let link = link_of(office, &mail);
    for _ in 0..3 {
        let scanned = reqwest::get(&link).await.unwrap();
        assert!(scanned.status().is_success());
        reqwest::Client::new().head(&link).send().await.unwrap();
    }
    let sales = office.at("zhangwei");
    sales.goto(&format!("{contract}/approval")).await;
    sales.wait_for("部门经理审批").await;
    assert!(!sales.text("main").await.contains("已同意"), "a scanner decides nothing");

    for (login, shot) in [("limin", "link-manager"), ("linyue", "link-general-manager")] {
        let link = link_of(office, &office.mail(login, "【待审批】软件服务合同").await);
        // A phone that has never seen a login of ours.
        let phone = office.admin.another(office.screen).await;
        phone.goto(&link).await;
        phone.wait_for(CUSTOMER).await;
        office.picture(&phone, shot).await;
        phone.press("同意").await;
        phone.wait_for("撤销").await;
        phone.assert_sound().await;
        office.wait(HELD_BACK);
    }
    office.mail("xujing", "【待用印：合同专用章】软件服务合同").await;
    sales.goto(contract).await;
    sales.wait_for("用印中").await;
    sales.wait_for("HT-QY-2026-0001").await;
    office.picture(sales, "approved").await;
}

fn link_of(office: &Office, mail: &crate::support::Mail) -> String {
    let prefix = office.app.url("/a/");
    let link = mail.links().into_iter().find(|link| link.starts_with(&prefix));
    link.unwrap_or_else(|| panic!("no link in {}", mail.text)).to_owned()
}
