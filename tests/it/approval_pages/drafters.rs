//! Whose record it is: who wrote it does not decide on it, and what was sent back is the drafter's to take another way.

use qiyue::approval::{ApprovalError, Ask, publish};
use qiyue::i18n::Explain as _;
use qiyue::kernel::{CaseId, ContractId};
use qiyue::record::{HoldState, Input, Raw, Wish};
use qiyue::workflow::{Act, ReturnTo, Status, SuggestionOutcome, Verdict};

use super::Company;
use crate::crm::{COMPLETE, CONTACT, CUSTOMER};
use crate::support::on_both;

/// Contacts go one way, and those of the head office another.
const BY_CITY: [&str; 2] = [
    "workflow(\"here\", #{ title: \"本地联系人\", subject: \"contact\", takes: not(field_is(\"unit\", \"总部\")) });\n\
     approve(\"wang\", #{ title: \"王敏\", by: user(\"wang\") });\n",
    "workflow(\"head-office\", #{ title: \"总部联系人\", subject: \"contact\", takes: field_is(\"unit\", \"总部\") });\n\
     approve(\"zhao\", #{ title: \"赵总\", by: user(\"zhao\") });\n",
];
const BY_ANY: &str = "workflow(\"contact\", #{ title: \"联系人\", subject: \"contact\" });\n\
     approve(\"any\", #{ title: \"任一\", by: [user(\"wang\"), user(\"qian\")] });\n";

fn typed(fields: &[(&str, &str)]) -> Input {
    fields.iter().map(|(name, text)| ((*name).to_owned(), Raw::Typed((*text).to_owned()))).collect()
}

impl Company {
    async fn takes_up(&self, source: &str) {
        let directory = self.app.org().directory();
        publish(self.app.approvals(), source, "workflows/x.rhai", &directory).await.unwrap();
    }

    /// A customer of 张三 with a contact of the department.
    async fn contact(&self) -> i64 {
        let records = self.app.crm().records();
        records.create(CUSTOMER, self.person("zhang"), &typed(COMPLETE), Wish::default()).await.unwrap();
        self.writes_contact("zhang").await
    }

    /// A contact that 王敏 sent back; those of the head office go another way.
    async fn contact_sent_back(&self) -> (i64, CaseId) {
        self.takes_up(BY_CITY[0]).await;
        self.takes_up(BY_CITY[1]).await;
        let id = self.contact().await;
        let case = self.hands_in(id).await.unwrap();
        self.returns(case, "wang").await;
        (id, case)
    }

    async fn writes_contact(&self, login: &str) -> i64 {
        let fields = typed(&[("name", "陈工"), ("customer", "1"), ("unit", "设备科"), ("position", login)]);
        self.app.crm().records().create(CONTACT, self.person(login), &fields, Wish::default()).await.unwrap()
    }

    async fn moves_contact(&self, id: i64, unit: &str) {
        let records = self.app.crm().records();
        let version = records.get(self.id("zhang"), CONTACT, id).await.unwrap().version;
        let fields = typed(&[("unit", unit)]);
        records.change(CONTACT, self.person("zhang"), (id, version), &fields, Wish::default()).await.unwrap();
    }

    async fn hands_in(&self, id: i64) -> Result<CaseId, ApprovalError> {
        let act = Act::Submit { chosen: std::collections::BTreeMap::new() };
        let ask = Ask::of_subject(CONTACT.reference(id), self.person("zhang"), act);
        self.app.approvals().act(ask).await.map(|done| done.case)
    }

    async fn acts(&self, case: CaseId, login: &str, act: Act) -> Result<Status, ApprovalError> {
        let done = self.app.approvals().act(Ask::of_case(case, self.person(login), act)).await;
        done.map(|done| done.status)
    }

    async fn returns(&self, case: CaseId, login: &str) {
        let state = self.app.approvals().state(case).await.unwrap();
        let task = state.tasks.iter().find(|(_, task)| task.open).map(|(number, _)| *number);
        let verdict = Verdict { task, shown: state.content, opinion: "请补充".into(), ..Verdict::default() };
        self.acts(case, login, Act::Return { verdict, to: ReturnTo::Drafter }).await.unwrap();
    }
}

#[tokio::test]
async fn who_wrote_a_record_for_somebody_does_not_decide_on_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.takes_up(BY_ANY).await;
        company.contact().await;
        let written = company.writes_contact("wang").await;
        let case = company.hands_in(written).await.unwrap();
        assert_eq!(company.asked(case).await, ["qian"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_back_and_now_goes_another_way_is_not_handed_in_the_old_way() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (id, _) = company.contact_sent_back().await;
        company.moves_contact(id, "总部").await;
        let refused = company.hands_in(id).await.unwrap_err();
        assert_eq!(refused.code(), "workflow_takes_no_longer");
    })
    .await;
}

#[tokio::test]
async fn taken_back_it_goes_the_other_way_in_a_case_of_its_own() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (id, case) = company.contact_sent_back().await;
        let status = company.acts(case, "zhang", Act::Withdraw { reason: "改走总部".into() }).await.unwrap();
        assert_eq!(status, Status::Withdrawn);
        company.moves_contact(id, "总部").await;
        let other = company.hands_in(id).await.unwrap();
        assert_ne!(other, case);
        assert_eq!(company.asked(other).await, ["zhao"]);
        company.approve(other, "zhao").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_and_goes_the_same_way_is_another_round_of_its_case() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.takes_up(BY_CITY[0]).await;
        let id = company.contact().await;
        let case = company.hands_in(id).await.unwrap();
        company.acts(case, "zhang", Act::Withdraw { reason: String::new() }).await.unwrap();
        company.moves_contact(id, "仓库").await;
        assert_eq!(company.hands_in(id).await.unwrap(), case);
    })
    .await;
}

#[tokio::test]
async fn a_contract_that_was_sent_back_can_be_taken_back_or_ended() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (one, other) = (company.case("8万").await, company.case("9万").await);
        company.returns(one, "wang").await;
        company.returns(other, "wang").await;
        let taken_back = company.acts(one, "zhang", Act::Withdraw { reason: String::new() }).await.unwrap();
        let ended = company.acts(other, "admin", Act::Terminate { reason: "不做了".into() }).await.unwrap();
        assert_eq!((taken_back, ended), (Status::Withdrawn, Status::Terminated));
        let contract = company.app.contracts().get(company.id("zhang"), ContractId::new(1)).await.unwrap();
        assert_eq!(contract.state, qiyue::contract::State::Draft);
    })
    .await;
}

#[tokio::test]
async fn a_suggestion_about_the_plan_is_made_and_noted_when_it_is_taken() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("8万").await;
        let (path, text) = ("plan/1".to_owned(), "首付款降到两成".to_owned());
        let suggest = Act::Suggest { task: Some(1), path, text, reason: "压力太大".into() };
        company.acts(case, "wang", suggest).await.unwrap();
        let (drafter, id) = (company.person("zhang"), ContractId::new(1));
        let before = company.app.contracts().get(company.id("zhang"), id).await.unwrap();
        let after = company.app.contracts().take_suggestion(drafter, id, 1).await.unwrap();
        assert_eq!(after.content_hash, before.content_hash);
        let state = company.app.approvals().state(case).await.unwrap();
        assert_eq!(state.suggestions[&1].outcome, SuggestionOutcome::Taken);
        assert_eq!(company.asked(case).await, ["wang"]);
    })
    .await;
}

/// A contact whose first case was taken back, and which went the other way since.
async fn gone_another_way(company: &Company) -> (i64, [CaseId; 2]) {
    let (id, first) = company.contact_sent_back().await;
    company.acts(first, "zhang", Act::Withdraw { reason: "改走总部".into() }).await.unwrap();
    company.moves_contact(id, "总部").await;
    (id, [first, company.hands_in(id).await.unwrap()])
}

#[tokio::test]
async fn words_about_a_case_that_made_way_leave_the_other_alone() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (id, [first, other]) = gone_another_way(&company).await;
        company.acts(first, "zhang", Act::Comment { text: "见总部那一份".into() }).await.unwrap();
        company.approve(other, "zhao").await.unwrap();
        company.moves_contact(id, "总部采购").await;
        company.moves_contact(id, "总部").await;
        company.acts(first, "zhang", Act::Comment { text: "仍见总部那一份".into() }).await.unwrap();
        let again = company.hands_in(id).await.unwrap();
        assert_ne!(again, other);
        assert_eq!(company.asked(again).await, ["zhao"]);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_made_way_is_not_handed_in_again() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (_, [first, _]) = gone_another_way(&company).await;
        let submit = Act::Submit { chosen: std::collections::BTreeMap::new() };
        assert_eq!(company.acts(first, "zhang", submit).await.unwrap_err().code(), "case_made_way");
    })
    .await;
}

#[tokio::test]
async fn a_record_that_was_taken_back_after_it_came_back_says_so() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (id, case) = company.contact_sent_back().await;
        company.acts(case, "zhang", Act::Withdraw { reason: String::new() }).await.unwrap();
        assert_eq!(company.stands(CONTACT, id).await, Some(HoldState::Withdrawn));
    })
    .await;
}
