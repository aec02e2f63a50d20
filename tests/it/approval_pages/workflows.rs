//! The page of workflows: what they say, and publishing.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, redirect};

use super::{Company, Reader, leads_to, read};
use crate::support::on_both;

impl Reader<'_> {
    /// Sends the form to publish.
    async fn publish(&self, source: &str, file: Option<&str>) -> Response {
        let page = self.page("/admin/workflows/publish").await;
        let mut form = Form::new().text("csrf", super::hidden(&page, "csrf")).text("source", source.to_owned());
        if let Some(file) = file {
            form = form.part("file", Part::bytes(file.as_bytes().to_vec()).file_name("a.rhai"));
        }
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let request = client.post(format!("{}/admin/workflows/publish", self.company.address)).multipart(form);
        let request = request.header("accept-language", self.lang);
        self.with_cookie(request).send().await.unwrap()
    }
}

const LEASES: &str = "workflow(\"lease\", #{ title: \"租赁合同审批\", subject: \"contract\", takes: category_is(\"lease\") });\n\
    approve(\"manager\", #{ title: \"经理审批\", by: role(\"sales-manager\") });\n";

#[tokio::test]
async fn a_published_workflow_is_explained_in_sentences_and_a_table() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let list = admin.page("/admin/workflows").await;
        assert!(list.contains("销售合同审批") && list.contains("采购合同审批"));
        let page = admin.page("/admin/workflows/sales-contract").await;
        for shown in ["总经理", "100", "manager_of(drafter())", "什么情况由谁审批"] {
            assert!(page.contains(shown), "{shown}");
        }
        assert_eq!(company.reader("wang").await.get("/admin/workflows").await.status(), 403);
    })
    .await;
}

#[tokio::test]
async fn faults_stand_below_their_lines_and_nothing_is_lost() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let broken = LEASES.replace("by:", "wihtin:");
        let answer = admin.publish(&broken, None).await;
        assert_eq!(answer.status(), 422);
        let page = read(answer).await;
        assert!(page.contains("within") && page.contains("has-fault") && page.contains("wihtin: role("), "{page}");
        assert!(!admin.page("/admin/workflows").await.contains("租赁合同审批"));
        let english = read(admin.in_english().await.publish(&broken, None).await).await;
        assert!(english.contains("errors and"), "{english}");
    })
    .await;
}

#[tokio::test]
async fn a_file_without_errors_is_published_with_its_version() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let answer = admin.publish("", Some(LEASES)).await;
        assert_eq!(leads_to(&answer), "/admin/workflows/lease");
        assert!(admin.page("/admin/workflows/lease").await.contains("系统管理员"), "who published it");
        let second = LEASES.replace("租赁合同审批", "租赁审批");
        leads_to(&admin.publish(&second, None).await);
        let page = admin.page("/admin/workflows/lease").await;
        assert_eq!(page.matches("/admin/workflows/lease?version=").count(), 2, "both versions are listed");
    })
    .await;
}

#[tokio::test]
async fn two_workflows_that_could_take_the_same_contract_are_not_published_together() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let answer = admin.publish(&LEASES.replace("\"lease\")", "\"sales\")"), None).await;
        assert_eq!(answer.status(), 422);
        assert!(read(answer).await.contains("不能同时发布"));
    })
    .await;
}
