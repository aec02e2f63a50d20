//! The third round: only the terms of payment changed, so only those are asked again whose part it is.

use qiyue::approval::publish;
use qiyue::contract::{DraftEdit, NewContract};
use qiyue::kernel::{CaseId, ContractId};
use qiyue::workflow::{Event, Status};
use serde_json::json;

use super::firm::Firm;
use crate::support::{Browser, Screen};

/// The manager answers for the whole contract, legal for what can be sued for, finance for the money.
const WORKFLOW: &str = r#"
workflow("sales-contract", #{ title: "销售合同审批", subject: "contract", takes: category_is("sales") });

approve("manager", #{ title: "部门经理审批", by: manager_of(drafter()) });

parallel("review", [
    [approve("legal", #{
        title: "法务审批",
        by:    role("legal"),
        scope: ["clauses/intellectual-property", "clauses/confidentiality", "clauses/liability", "clauses/dispute"],
    })],
    [approve("finance", #{
        title: "财务审批",
        by:    role("finance"),
        scope: ["clauses/payment", "fields/service_fee", "fields/payment_terms", "plan"],
    })],
]);
"#;

/// Everything that a contract needs before a person can hand it in.
fn filled() -> DraftEdit {
    let fields = json!({
        "software_name": "启约", "licensed_users": "120", "service_fee": "480000", "signing_place": "上海市浦东新区",
        "install_site": "苏州工业园区星湖街328号", "install_by": "2026-04-15", "starts_on": "2026-03-09", "ends_on": "2027-03-08",
    });
    let client = [
        ("name", "晨星自动化设备（苏州）有限公司"),
        ("credit_code", "91110000600037341L"),
        ("address", "苏州工业园区星湖街328号"),
        ("legal_representative", "陈国栋"),
        ("contact", "王海燕"),
        ("phone", "13857512345"),
    ];
    let client = client.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    DraftEdit {
        fields: serde_json::from_value(fields).unwrap(),
        parties: [("client".to_owned(), client)].into(),
        ..DraftEdit::default()
    }
}

#[tokio::test]
async fn in_round_three_only_finance_and_the_manager_are_asked_again() {
    let Some(mut firm) = Firm::open("scope", "zhang").await else { return };
    for login in ["wang", "li", "qian"] {
        firm.seat(login, Screen::Desktop).await;
    }
    let org = firm.company.app.org();
    publish(firm.company.app.approvals(), WORKFLOW, "sales-contract.rhai", &org.directory()).await.unwrap();
    let contract = draft(&firm).await;

    let case = hand_in(&firm, contract).await;
    firm.agree("wang", case).await;
    firm.send_back("li", case, "赔偿要有上限").await;
    cap_the_liability(&firm, contract).await;
    firm.agree("wang", case).await;
    firm.agree("li", case).await;
    firm.send_back("qian", case, "首付款提高到一半").await;
    let before = firm.company.kinds_told("li").await.len();
    change_the_terms_of_payment(&firm, contract).await;

    the_manager_sees_only_the_payment(&firm, case).await;
    finance_sees_only_the_payment(&firm, case).await;
    legal_was_left_in_peace(&firm, case, before).await;
}

async fn draft(firm: &Firm) -> ContractId {
    let (contracts, drafter) = (firm.company.app.contracts(), firm.company.person("zhang"));
    let (template, entity) = ("software-service".to_owned(), contracts.entities().await.unwrap()[0].id);
    let new = NewContract { template, entity, our_role: None, customer: None, opportunity: None };
    let contract = contracts.begin(drafter, new).await.unwrap();
    let version = contracts.draft_of(drafter, contract).await.unwrap().version;
    contracts.save_edit(drafter, contract, version, &filled()).await.unwrap();
    contract
}

/// The drafter hands in what stands before them.
async fn hand_in(firm: &Firm, contract: ContractId) -> CaseId {
    let drafter = firm.goto("zhang", &format!("/contracts/{contract}/submit")).await;
    drafter.wait_for("提交后由谁审批").await;
    drafter.click(".action-bar .btn-primary").await;
    drafter.wait_for("已提交审批，合同编号").await;
    drafter.assert_sound().await;
    let contracts = firm.company.app.contracts();
    contracts.get(firm.company.id("zhang"), contract).await.unwrap().case.expect("it was handed in")
}

async fn cap_the_liability(firm: &Firm, contract: ContractId) {
    let drafter = firm.goto("zhang", &format!("/contracts/{contract}/edit")).await;
    drafter.press("赔偿总额设上限").await;
    drafter.wait_for("已自动保存").await;
    hand_in(firm, contract).await;
}

/// Half in advance, and what is to be said about it; the form says before it is sent what changed and who is asked.
async fn change_the_terms_of_payment(firm: &Firm, contract: ContractId) {
    let drafter = firm.goto("zhang", &format!("/contracts/{contract}/edit")).await;
    drafter.press("调整付款计划").await;
    drafter.wait_for("各期合计必须等于合同总价").await;
    for (row, part) in [(2, "50%"), (3, "40%")] {
        drafter.fill(&format!("#table-payment_plan .row-card:nth-child({row}) [name='payment_plan.part']"), part).await;
    }
    drafter.fill("payment_terms", "首付款到账后启动实施。").await;
    // The document beside the form has it once it is kept.
    drafter.wait_for("首付款到账后启动实施").await;
    firm.picture("zhang", "edit").await;
    firm.goto("zhang", &format!("/contracts/{contract}/submit")).await;
    drafter.wait_for("与上次提交相比的修改").await;
    let changed = drafter.text("main").await;
    assert!(changed.contains("首付款到账后启动实施") && !changed.contains("违约责任"), "{changed}");
    assert_eq!(changed.matches("之前的决定继续有效，不再询问").count(), 1, "legal is not announced: {changed}");
    firm.picture("zhang", "submit").await;
    hand_in(firm, contract).await;
}

/// The page says that one place changed since they decided, and shows how; nothing else is called changed.
async fn sees_the_payment(browser: &Browser) {
    browser.wait_for("您看过之后改动 1 处").await;
    let changed = ".decide-row:has(.redline ins)";
    browser.click(&format!("{changed} summary")).await;
    let said = browser.text(changed).await;
    for shown in ["费用与支付方式", "首付款到账后启动实施"] {
        assert!(said.contains(shown), "{shown} in {said}");
    }
    let gone =
        "return [...document.querySelector('.redline').querySelectorAll('del')].map(it => it.innerText).join('')";
    assert_ne!(browser.run_in_page(gone).await, "", "and what stood there before");
    browser.assert_sound().await;
}

async fn the_manager_sees_only_the_payment(firm: &Firm, case: CaseId) {
    assert_eq!(firm.company.asked(case).await, ["wang"]);
    let manager = firm.goto("wang", &format!("/approvals/{case}")).await;
    sees_the_payment(manager).await;
    firm.picture("wang", "manager").await;
    firm.agree("wang", case).await;
}

/// At the desk and then, from the message, on a phone.
async fn finance_sees_only_the_payment(firm: &Firm, case: CaseId) {
    assert_eq!(firm.company.asked(case).await, ["qian"], "legal is not asked again");
    let finance = firm.goto("qian", &format!("/approvals/{case}")).await;
    sees_the_payment(finance).await;
    let said = finance.text("#path").await;
    assert!(said.contains("法务审批") && said.contains("之前的决定继续有效"), "{said}");
    firm.picture("qian", "finance").await;

    let phone = finance.another(Screen::Phone).await;
    phone.goto(&format!("{}{}", firm.company.address, firm.company.link("qian").await)).await;
    sees_the_payment(&phone).await;
    phone.screenshot("story-scope-finance-phone").await;
    phone.press("同意").await;
    phone.wait_for("撤销").await;
    phone.assert_sound().await;
}

/// One decision of legal counts, that of round two; nobody wrote to them about round three.
async fn legal_was_left_in_peace(firm: &Firm, case: CaseId, told_before: usize) {
    let legal = firm.goto("li", "/approvals").await;
    legal.wait_for("没有等您处理的审批").await;
    firm.picture("li", "legal").await;
    assert_eq!(firm.company.kinds_told("li").await.len(), told_before);

    let state = firm.company.app.approvals().state(case).await.unwrap();
    assert_eq!((state.status, state.round), (Status::Ended, 3));
    let counts = [("legal", "li"), ("manager", "wang"), ("finance", "qian")];
    assert_eq!(firm.standing(case).await, counts.map(|(node, login)| (node.to_owned(), login.to_owned())));
    let kept = firm.events(case).await.into_iter().filter_map(|event| match event {
        Event::DecisionKept { node, .. } => Some(node),
        _ => None,
    });
    assert_eq!(kept.collect::<Vec<_>>(), ["legal"]);
}
