//! After approval: the keeper's seal, the signatures, the original that comes back, the archive.

use super::office::{HELD_BACK, Office};

/// The keeper copies the code from the paper; the ledger has it, and the owner hears of it.
pub(super) async fn seal(office: &Office, number: &str) {
    let keeper = office.at("xujing");
    office.see(keeper, "/seals", number).await;
    office.picture(keeper, "seals-waiting").await;
    keeper.click("[data-waiting] a").await;
    keeper.wait_for("抄录纸质文件页脚的校验码").await;
    let request = keeper.address().await;
    keeper.press("查看文件").await;
    keeper.wait_for("校验码").await;
    assert!(keeper.text(".print-head").await.contains(number), "the print names its number");
    let code = keeper.text(".print-line > span:last-child .mono").await;
    keeper.assert_sound().await;
    office.picture(keeper, "print").await;

    keeper.goto(&request).await;
    keeper.fill("code", "AAAA-BBBB-CCCC").await;
    keeper.click("form[enctype] button.btn-primary").await;
    keeper.wait_for("校验码与批准的版本不一致").await;
    keeper.assert_refused(422).await;
    keeper.fill("code", &code).await;
    keeper.upload("photo", &office.paper("用印照片.pdf")).await;
    office.picture(keeper, "seal").await;
    keeper.click("form[enctype] button.btn-primary").await;
    keeper.wait_for("已登记用印，台账编号").await;
    let ledger = keeper.text("[data-ledger]").await;
    assert!(ledger.contains(number) && ledger.contains(&code), "{ledger}");
    keeper.assert_sound().await;
    office.picture(keeper, "seal-ledger").await;
    office.mail("zhangwei", "【已用印：合同专用章】").await;
}

/// The drafter records who signed, with the scan; the page then says what came of it.
pub(super) async fn sign(office: &Office, page: &str, came_of_it: &str) {
    let sales = office.at("zhangwei");
    office.see(sales, page, "登记签署").await;
    sales.press("登记签署").await;
    sales.wait_for("签署后的文件").await;
    let known = "return [...document.querySelectorAll('[name^=\"signatory.\"]')].map(it => it.value).join()";
    assert_eq!(sales.run_in_page(known).await, "周明远,陈国栋", "the program knows who represents whom");
    sales.set("signed_on.provider", "2026-03-02").await;
    sales.set("signed_on.client", "2026-03-02").await;
    sales.upload("scan", &office.paper("双方签署版.pdf")).await;
    sales.fill("copies", "4").await;
    sales.assert_sound().await;
    office.picture(sales, "signing").await;
    sales.click("form[enctype] button.btn-primary").await;
    sales.wait_for("已登记签署").await;
    sales.assert_sound().await;
    office.wait(HELD_BACK);
    office.see(sales, page, came_of_it).await;
    office.picture(sales, "signed").await;
}

/// The original is expected until it is recorded as back.
pub(super) async fn original_comes_back(office: &Office, number: &str) {
    let sales = office.at("zhangwei");
    office.see(sales, "/originals", number).await;
    assert!(sales.text("[data-originals]").await.contains("2026年3月17日"), "15 days after the signature");
    office.picture(sales, "originals").await;
    sales.press("登记收回").await;
    sales.set("[data-originals] [name=on]", "2026-03-02").await;
    office.picture(sales, "original-back").await;
    sales.click("[data-originals] details[open] .btn-primary").await;
    sales.wait_for("已登记收回").await;
    sales.wait_for("没有在外的原件").await;
    sales.assert_sound().await;
}

/// The archivist claims the folder, ticks what is in it and puts it away.
pub(super) async fn archive(office: &Office, number: &str, archive_number: &str) {
    let archivist = office.at("xujing");
    office.see(archivist, "/archive", number).await;
    office.picture(archivist, "archive").await;
    archivist.press(number).await;
    archivist.press("领取任务").await;
    archivist.wait_for("还有 3 项没有核对").await;
    office.picture(archivist, "archive-claimed").await;
    for left in ["还有 2 项没有核对", "还有 1 项没有核对", "1 排 3 层"] {
        archivist.click("[data-items] button[aria-pressed=false]").await;
        if left.starts_with("还有") {
            archivist.wait_for(left).await;
        }
    }
    archivist.fill("盒号", "A-01").await;
    archivist.fill("架位", "1 排 3 层").await;
    archivist.assert_sound().await;
    office.picture(archivist, "archive-ticked").await;
    archivist.click("form:has([name=box]) button.btn-primary").await;
    archivist.wait_for(&format!("已归档，档案号 {archive_number}")).await;
    archivist.assert_sound().await;
    office.goto(archivist, "/archive?archived=yes").await;
    let ledger = archivist.text("[data-archived]").await;
    assert!(
        ledger.contains(number) && ledger.contains(archive_number) && ledger.contains("A-01 / 1 排 3 层"),
        "{ledger}"
    );
    office.picture(archivist, "archived").await;
}
