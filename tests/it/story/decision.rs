//! The general manager decides on a phone, from a message, in few enough steps for a minute.

use std::time::Duration;

use qiyue::contract::DraftEdit;
use qiyue::db::Db;
use qiyue::kernel::CaseId;

use crate::approval_pages::Company;
use crate::support::{Browser, TestDatabase};

/// A contract below 100万 that deviates twice, which only the general manager has still to decide.
async fn with_two_deviations(company: &Company) -> CaseId {
    let (contract, drafter) = (company.draft("48万").await, company.person("zhang"));
    let contracts = company.app.contracts();
    let version = contracts.draft_of(drafter, contract).await.unwrap().version;
    let choices = [("liability".to_owned(), "liability-capped".to_owned())].into();
    let edit = DraftEdit { choices, ..DraftEdit::default() };
    contracts.save_edit(drafter, contract, version, &edit).await.unwrap();
    let case = company.submit(contract).await;
    for login in ["wang", "li", "qian"] {
        company.approve(case, login).await.unwrap();
    }
    assert_eq!(company.asked(case).await, ["zhao"]);
    case
}

#[tokio::test]
async fn the_general_manager_asks_legal_and_approves_from_a_message() {
    let Some(phone) = Browser::phone().await else { return };
    let database = TestDatabase::sqlite();
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let company = Company::new(db).await;
    let case = with_two_deviations(&company).await;
    let link = format!("{}{}", company.address, company.link("zhao").await);

    // One: the link of the message. Two and three: what deviates.
    phone.goto(&link).await;
    phone.wait_for("偏离 2 处").await;
    phone.screenshot("story-decision").await;
    phone.press("违约责任").await;
    phone.press("补充条款").await;
    phone.wait_for("三个月").await;
    phone.screenshot("story-decision-deviations").await;
    // Four to seven: ask legal.
    company.wait(60);
    phone.press("问一下").await;
    phone.choose("#ask-person", "李法务 (li)").await;
    phone.fill("#ask-opinion", "责任上限能接受吗？").await;
    phone.click("details[open] .decide-sheet button.btn-primary").await;
    phone.wait_for("轮到您").await;

    let legal = phone.another(crate::support::Screen::Phone).await;
    company.sign_in(&legal, "li").await;
    legal.goto(&format!("{}/approvals/{case}", company.address)).await;
    company.wait(60);
    legal.fill("您的答复", "可以，上限为合同总价。").await;
    legal.press("答复").await;
    let asked = "return document.querySelectorAll('.decide-question').length";
    while legal.run_in_page(asked).await != 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // Eight and nine: the answer is there; agree.
    phone.goto(&link).await;
    phone.wait_for("上限为合同总价").await;
    phone.screenshot("story-decision-answered").await;
    phone.press("同意").await;
    phone.wait_for("撤销").await;
    phone.assert_sound().await;
    assert!(company.asked(case).await.is_empty());
}
