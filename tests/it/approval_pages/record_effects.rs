//! What workflows over records of declared kinds set off.

use qiyue::approval::{ApprovalError, publish};
use qiyue::db::{Conn, DbError};

use super::{Company, leads_to};
use crate::crm::{EXPENSE, PAYMENT_REQUEST};
use crate::support::on_both;

const TELLING: &str = "workflow(\"expense\", #{ title: \"费用\", subject: \"expense\" });\n\
    approve(\"manager\", #{ title: \"经理\", by: role(\"sales-manager\") });\n\
    act(\"inform\", [tell(role(\"finance\"), \"准备付款\")], #{ title: \"通知\" });\n\
    approve(\"finance\", #{ title: \"财务\", by: role(\"finance\") });\n\
    on_rejected([tell([owner(), role(\"legal\")], \"没有通过\")]);\n";

const SAID: &str = "SELECT lines, path FROM message WHERE kind = 'approval.told'";
const AGAIN: &str = "UPDATE approval_effect SET state = 'due'";

impl Company {
    /// The time to undo has passed, and what is due is carried out.
    async fn carried_out(&self) -> usize {
        self.wait(11);
        self.app.approvals().carry_out_effects().await.unwrap()
    }

    async fn told_by_a_workflow(&self, login: &str) -> Vec<String> {
        let told = self.told(login).await.into_iter().filter(|(kind, _)| kind == "approval.told");
        told.map(|(_, headline)| headline["title"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn an_approved_payment_request_tells_the_accountants_once() {
    on_both(async |db| {
        let company = Company::new(db.clone()).await;
        company.hire_as("jian", "财务总监", "finance-director").await;
        let fields = [
            ("title", "设备首付款"),
            ("payee", "晨星设备"),
            ("bank", "中国银行"),
            ("bank_account", "6222"),
            ("amount", "30万"),
            ("needed_on", "2026-03-20"),
        ];
        let id = company.make(PAYMENT_REQUEST, &fields).await;
        let case = company.hand_in(PAYMENT_REQUEST, id).await;
        for login in ["wang", "qian", "jian"] {
            company.approve(case, login).await.unwrap();
        }
        assert_eq!(company.carried_out().await, 1);
        assert_eq!(company.told_by_a_workflow("kuai").await, ["设备首付款"]);

        let again: Result<u64, DbError> = db.write(async |c: &mut Conn<'_>| c.exec(AGAIN, &[]).await).await;

        assert_eq!(again.unwrap(), 1);
        assert_eq!(company.carried_out().await, 1);
        assert_eq!(company.told_by_a_workflow("kuai").await.len(), 1, "the same effect twice tells once");
        let said: Result<(String, String), DbError> = db.read(async |c: &mut Conn<'_>| c.one(SAID, &[]).await).await;
        let (lines, path) = said.unwrap();
        assert!(lines.contains("付款申请已批准，请按申请里的账户付款"), "{lines}");
        assert_eq!(path, format!("/payment-requests/{id}"));
    })
    .await;
}

#[tokio::test]
async fn a_workflow_over_records_tells_in_the_middle_and_at_its_ends() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let directory = company.app.org().directory();
        publish(company.app.approvals(), TELLING, "workflows/expense.rhai", &directory).await.unwrap();
        let fields = [("title", "上海出差"), ("category", "travel"), ("amount", "3000"), ("spent_on", "2026-02-27")];
        let id = company.make(EXPENSE, &fields).await;
        let case = company.hand_in(EXPENSE, id).await;
        company.approve(case, "wang").await.unwrap();
        assert_eq!(company.carried_out().await, 1);
        assert_eq!(company.told_by_a_workflow("qian").await.len(), 1);
        let reader = company.reader("qian").await;
        leads_to(&reader.decide(&format!("/approvals/{case}"), "reject", &[("opinion", "没有票据")]).await);
        assert_eq!(company.carried_out().await, 1);
        for login in ["zhang", "li"] {
            assert_eq!(company.told_by_a_workflow(login).await, ["上海出差"], "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_effect_that_only_contracts_have_is_a_fault_over_records() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let source = TELLING.replace("tell(role(\"finance\"), \"准备付款\")", "request_seal(\"合同专用章\")");
        let directory = company.app.org().directory();
        let refused = publish(company.app.approvals(), &source, "workflows/expense.rhai", &directory).await;
        let ApprovalError::Faults { faults, .. } = refused.unwrap_err() else { panic!() };
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3]);
    })
    .await;
}

#[tokio::test]
async fn telling_a_role_that_nobody_has_is_refused_before_it_is_published() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let source = TELLING.replace("role(\"legal\")", "chosen_by_submitter()");
        let directory = company.app.org().directory();
        let refused = publish(company.app.approvals(), &source, "workflows/expense.rhai", &directory).await;
        assert!(matches!(refused, Err(ApprovalError::EffectRefused { effect: "tell", .. })), "{refused:?}");
    })
    .await;
}
