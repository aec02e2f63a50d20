//! The four boxes.

use qiyue::approval::{BoxFilter, BoxKind, lists};
use qiyue::db::{Conn, DbError};
use qiyue::kernel::CaseId;
use qiyue::org::AbsenceFields;

use super::{Company, leads_to};
use crate::support::on_both;

impl Company {
    async fn in_box(&self, which: BoxKind, login: &str) -> Vec<CaseId> {
        let page = self.app.approvals().page_of(which, self.id(login), &BoxFilter::default(), None).await.unwrap();
        page.0.rows.iter().map(|row| row.case).collect()
    }
}

#[tokio::test]
async fn every_list_with_every_filter_is_understood() {
    on_both(async |db| {
        for list in lists() {
            let understood: Result<(), DbError> = db.read(async move |c: &mut Conn<'_>| list.prepare(c).await).await;
            assert_eq!(understood, Ok(()));
        }
    })
    .await;
}

#[tokio::test]
async fn a_case_moves_through_the_boxes_of_its_people() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        assert_eq!(company.in_box(BoxKind::Waiting, "wang").await, [case]);
        assert_eq!(company.in_box(BoxKind::Started, "zhang").await, [case]);
        company.approve(case, "wang").await.unwrap();
        assert!(company.in_box(BoxKind::Waiting, "wang").await.is_empty());
        assert_eq!(company.in_box(BoxKind::Handled, "wang").await, [case]);
        assert_eq!(company.in_box(BoxKind::Waiting, "zhao").await, [case]);
        company.approve(case, "zhao").await.unwrap();
        assert_eq!(company.in_box(BoxKind::Copied, "kuai").await, [case]);
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_somebody_absent_waits_for_their_deputy() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let now = qiyue::kernel::Clock::now(&*company.clock);
        let until = now.plus(std::time::Duration::from_hours(24));
        let away =
            AbsenceFields { from: now, until, deputy: company.id("kuai"), workflow: Some("sales-contract".into()) };
        company.app.org().be_absent(&company.admin, company.id("wang"), away).await.unwrap();
        assert_eq!(company.in_box(BoxKind::Waiting, "kuai").await, [case], "also where the absence began afterwards");
        assert!(company.reader("kuai").await.page("/approvals").await.contains("代 王敏"));
        leads_to(&company.reader("kuai").await.decide(&format!("/approvals/{case}"), "approve", &[]).await);
        let by = company.app.approvals().state(case).await.unwrap().decisions[&1].decided.by.unwrap();
        assert_eq!((by.user, by.on_behalf_of), (Some(company.id("kuai")), Some(company.id("wang"))));
    })
    .await;
}

#[tokio::test]
async fn filters_find_by_words_and_by_what_is_overdue() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let wang = company.reader("wang").await;
        let path = format!("/approvals/{case}");
        assert!(wang.page("/approvals?q=晨星").await.contains(&path));
        assert!(!wang.page("/approvals?q=不存在").await.contains(&path));
        assert!(!wang.page("/approvals?overdue=yes").await.contains(&path));
        company.wait(3 * 24 * 3600);
        let wang = company.reader("wang").await;
        assert!(wang.page("/approvals?overdue=yes").await.contains(&path));
    })
    .await;
}

#[tokio::test]
async fn several_are_approved_at_once_and_one_that_is_gone_is_named() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let (first, second) = (company.case("5万").await, company.case("6万").await);
        let wang = company.reader("wang").await;
        let page = wang.page("/approvals").await;
        let items: Vec<&str> =
            page.split(r#"name="item" value=""#).skip(1).map(|it| it.split('"').next().unwrap()).collect();
        assert_eq!(items.len(), 2);
        company.approve(first, "wang").await.unwrap();
        let form: Vec<_> = items.iter().map(|item| ("item", *item)).collect();
        leads_to(&wang.post("/approvals/batch", &form).await);
        assert_eq!(company.asked(second).await, ["zhao"]);
        let decided = company.app.approvals().state(first).await.unwrap().decisions.len();
        assert_eq!(decided, 1, "what was decided meanwhile is left alone");
        let stale = format!("{second}:1:{}", "0".repeat(64));
        leads_to(&wang.post("/approvals/batch", &[("item", &stale)]).await);
        assert_eq!(company.app.approvals().state(second).await.unwrap().decisions.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_copy_is_unread_until_its_reader_says_so() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        for login in ["wang", "zhao"] {
            company.approve(case, login).await.unwrap();
        }
        let kuai = company.reader("kuai").await;
        assert!(kuai.page("/approvals?box=copied").await.contains("is-unread"));
        let path = format!("/approvals/{case}");
        assert!(kuai.page(&path).await.contains("标为已读"));
        leads_to(&kuai.post(&format!("{path}/read"), &[("node", "finance-desk")]).await);
        assert!(!kuai.page("/approvals?box=copied").await.contains("is-unread"));
    })
    .await;
}

#[tokio::test]
async fn quick_phrases_are_ones_own() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = company.case("5万").await;
        let (wang, path) = (company.reader("wang").await, format!("/approvals/{case}"));
        assert!(wang.page(&path).await.contains("付款条件需要调整"), "some to begin with");
        leads_to(&wang.post("/approvals/phrases", &[("phrases", "请附报价单\n\n请附报价单\n ")]).await);
        let page = wang.page(&path).await;
        assert!(page.contains("请附报价单") && !page.contains("付款条件需要调整"));
    })
    .await;
}
