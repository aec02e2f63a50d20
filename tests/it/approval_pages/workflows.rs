//! The page of workflows: what they say, and how a file gets there.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, redirect};

use super::{Company, Reader, hidden, leads_to, read};
use crate::support::on_both;

impl Reader<'_> {
    /// Hands a file in, pasted or uploaded.
    pub(super) async fn hand_in(&self, source: &str, file: Option<&str>) -> Response {
        let page = self.page("/admin/workflow-drafts/new").await;
        let mut form = Form::new().text("csrf", hidden(&page, "csrf")).text("source", source.to_owned());
        if let Some(file) = file {
            form = form.part("file", Part::bytes(file.as_bytes().to_vec()).file_name("a.rhai"));
        }
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let request = client.post(format!("{}/admin/workflow-drafts/new", self.company.address)).multipart(form);
        let request = request.header("accept-language", self.lang);
        self.with_cookie(request).send().await.unwrap()
    }

    /// Presses a button of a draft with this text in it.
    pub(super) async fn write(&self, draft: &str, act: &str, fields: &[(&str, &str)]) -> Response {
        let version = hidden(&self.page(draft).await, "version");
        let mut form = vec![("version", version.as_str()), ("act", act)];
        form.extend(fields);
        self.post(draft, &form).await
    }
}

pub(super) const LEASES: &str = "workflow(\"lease\", #{ title: \"租赁合同审批\", subject: \"contract\", takes: category_is(\"lease\") });\n\
    approve(\"manager\", #{ title: \"经理审批\", by: role(\"sales-manager\") });\n";

#[tokio::test]
async fn a_published_workflow_is_explained_in_a_picture_in_sentences_and_a_table() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let list = admin.page("/admin/workflows").await;
        assert!(list.contains("销售合同审批") && list.contains("采购合同审批"));
        let page = admin.page("/admin/workflows/sales-contract").await;
        for shown in ["总经理", "100", "manager_of(drafter())", "什么情况由谁审批", "<svg class=\"drawing\""]
        {
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
        let draft = leads_to(&admin.hand_in(LEASES, None).await).to_owned();
        let broken = LEASES.replace("by:", "wihtin:");
        let answer = admin.write(&draft, "propose", &[("source", &broken)]).await;
        assert_eq!(answer.status(), 422);
        let page = read(answer).await;
        let mut below = page.split("data-line=\"2\"").skip(1);
        assert!(below.any(|fault| fault.contains("`within`")) && page.contains("wihtin: role("), "{page}");
        assert!(!admin.page("/admin/workflows").await.contains("租赁合同审批"));
        let english = read(admin.in_english().await.write(&draft, "propose", &[("source", &broken)]).await).await;
        assert!(english.contains("The file has errors"), "{english}");
    })
    .await;
}

#[tokio::test]
async fn an_uploaded_file_becomes_a_draft_of_the_workflow_that_it_names() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let draft = leads_to(&admin.hand_in("", Some(LEASES)).await).to_owned();
        assert!(admin.page(&draft).await.contains("租赁合同审批"));
        let unnamed = admin.hand_in("approve(\"a\", #{});", None).await;
        assert_eq!(unnamed.status(), 422);
        assert!(read(unnamed).await.contains("看不出这是哪个流程的文件"));
        let twice = admin.hand_in(LEASES, None).await;
        assert_eq!(twice.status(), 422);
        assert!(read(twice).await.contains("您已经有一份“lease”的草稿"));
    })
    .await;
}

#[tokio::test]
async fn two_workflows_that_could_take_the_same_contract_are_not_proposed_together() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let draft = leads_to(&admin.hand_in(LEASES, None).await).to_owned();
        let source = LEASES.replace("\"lease\")", "\"sales\")");
        let answer = admin.write(&draft, "propose", &[("source", &source)]).await;
        assert_eq!(answer.status(), 422);
        assert!(read(answer).await.contains("不能同时发布"));
    })
    .await;
}

const DRAWN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:test">
<bpmn:process id="lease" name="租赁合同审批" isExecutable="true">
<bpmn:startEvent id="s"/><bpmn:userTask id="manager" name="经理审批" camunda:candidateGroups="sales-manager" camunda:formKey="f"/>
<bpmn:endEvent id="e"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="manager"/><bpmn:sequenceFlow id="f2" sourceRef="manager" targetRef="e"/>
</bpmn:process></bpmn:definitions>"#;

#[tokio::test]
async fn a_process_that_was_drawn_elsewhere_becomes_a_draft_that_says_what_was_left_out() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let begun = admin.hand_in("", Some(DRAWN)).await;
        let draft = leads_to(&begun);
        let page = admin.page(draft).await;
        assert!(page.contains("经理审批") && page.contains("role(&quot;sales-manager&quot;)"), "{page}");
        assert!(page.contains("formKey 没有转换"), "{page}");
        let broken = read(admin.hand_in("<bpmn:definitions", None).await).await;
        assert!(broken.contains("不是合格的 XML") && broken.contains("&lt;bpmn:definitions"), "{broken}");
    })
    .await;
}

#[tokio::test]
async fn a_version_is_fetched_for_other_tools() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let admin = company.reader("admin").await;
        let page = admin.page("/admin/workflows/sales-contract").await;
        for (format, inside) in [("bpmn", "userTask"), ("mermaid", "flowchart")] {
            let wanted = format!("format={format}");
            let mut links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let link = links.find(|link| link.contains(&wanted)).unwrap_or_else(|| panic!("{page}"));
            let file = admin.page(&link.replace("&amp;", "&")).await;
            assert!(file.contains(inside) && file.contains("部门经理审批"), "{file}");
        }
    })
    .await;
}
