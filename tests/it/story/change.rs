//! The customer wants more for longer: a supplement, approved by everybody whom its workflow asks, sealed, signed, in force.

use super::fulfilment;
use super::office::Office;

const TITLE: &str = "《软件服务合同》补充协议";
const NUMBER: &str = "HT-QY-2026-0001-补1";

/// 96,000 become 120,000 and the last day moves by half a year.
pub(super) async fn more_for_longer(office: &Office, contract: &str) {
    let change = write(office, contract).await;
    approve(office, &change).await;
    fulfilment::seal(office, NUMBER).await;
    fulfilment::sign(office, &change, "变更已生效").await;
    fulfilment::original_comes_back(office, NUMBER).await;
    fulfilment::archive(office, NUMBER, "DA-2026-0002").await;

    let sales = office.at("zhangwei");
    office.goto(sales, contract).await;
    let facts = sales.text(".facts").await;
    for shown in ["¥120,000.00", "2027年9月8日", "DA-2026-0001"] {
        assert!(facts.contains(shown), "{shown} in {facts}");
    }
    office.picture(sales, "changed").await;
    office.goto(sales, &format!("{contract}/fulfilment")).await;
    assert!(sales.text("#performing").await.contains(NUMBER), "the terms say by which change");
    office.picture(sales, "changed-fulfilment").await;
    office.goto(sales, &format!("{contract}/versions")).await;
    let versions = sales.text("[data-supplements]").await;
    assert!(versions.contains(NUMBER) && versions.contains("已生效"), "{versions}");
    office.picture(sales, "changed-versions").await;
}

/// Gives the path of the change.
async fn write(office: &Office, contract: &str) -> String {
    let sales = office.at("zhangwei");
    office.goto(sales, &format!("{contract}/fulfilment")).await;
    sales.press("发起变更").await;
    sales.wait_for("只填写要变更的内容").await;
    sales.fill("reason", "客户增加 30 个用户，服务延长半年").await;
    sales.fill("impact", "增加一次现场培训").await;
    sales.fill("amount", "120000").await;
    sales.set("expires_on", "2027-09-08").await;
    sales.fill("含税金额 2", "79200").await;
    sales.fill("含税金额 3", "12000").await;
    sales.set("到期日 3", "2027-09-08").await;
    sales.fill("text", "新增用户适用原合同的服务标准。").await;
    sales.upload("file", &office.paper("变更函.pdf")).await;
    sales.assert_sound().await;
    office.picture(sales, "change-edit").await;
    sales.click("form[enctype] button.btn-primary").await;
    sales.wait_for("已保存").await;
    sales.wait_for("变更函.pdf").await;
    sales.assert_sound().await;
    office.picture(sales, "change-draft").await;
    let change = sales.address().await.replace(&office.app.url(""), "");
    sales.press("提交审批").await;
    sales.wait_for("变更正在审批").await;
    sales.assert_sound().await;
    office.picture(sales, "change-submitted").await;
    change
}

/// The manager twice, in the place of the owner who wrote it and as manager; legal and finance side by side; the general manager.
async fn approve(office: &Office, change: &str) {
    office.agree_in_the_program("limin", TITLE, "change-owner").await;
    office.agree_in_the_program("limin", TITLE, "change-manager").await;
    office.agree_by_link("liuyang", &format!("【待审批】{TITLE}"), "补充协议", "change-legal").await;
    office.agree_in_the_program("wujie", TITLE, "change-finance").await;
    let mail = office.mail("linyue", &format!("【待审批】{TITLE}")).await;
    assert!(mail.subject.contains("¥12.00万"), "{}", mail.subject);
    office.agree_in_the_program("linyue", TITLE, "change-general-manager").await;
    office.mail("zhangwei", &format!("【审批通过】{TITLE}")).await;
    let sales = office.at("zhangwei");
    office.see(sales, change, NUMBER).await;
    office.picture(sales, "change-approved").await;
}
