//! Workflows that run an older version of a sub-workflow (子流程): where it is shown, and how the newest is taken.

use serde_json::{Value, json};

use super::{Company, Reader, hidden, leads_to};
use crate::support::on_both;

const LEASE_PAGE: &str = "/admin/workflows/lease";
const TAG: &str = "子流程「风险评审」有新版";

const RISK: &str = "workflow(\"risk\", #{ title: \"风险评审\", subject: \"contract\", takes: nothing() });\n\
    approve(\"look\", #{ title: \"风控审批\", by: role(\"WHO\") });\n";
const LEASE: &str = "workflow(\"lease\", #{ title: \"租赁合同审批\", subject: \"contract\", takes: category_is(\"lease\") });\n\
    run(\"risk\", \"risk\");\n";

impl Company {
    async fn publishes(&self, source: &str) {
        let file = json!({ "source": source, "alone_because": "没有别的管理员" });
        let (status, made) = self.program("admin").await.call(reqwest::Method::POST, "/workflows", file, None).await;
        assert_eq!(status, 201, "{made}");
    }

    /// A workflow for leases runs the risk workflow, which then gets a newer version.
    async fn with_outdated(db: qiyue::db::Db) -> Self {
        let company = Self::new(db).await;
        company.publishes(&RISK.replace("WHO", "legal")).await;
        company.publishes(LEASE).await;
        company.publishes(&RISK.replace("WHO", "finance")).await;
        company
    }
}

/// The runs of the lease workflow that are outdated, as programs read them.
async fn outdated(company: &Company) -> Value {
    let list = company.program("admin").await.get("/workflows").await;
    let lease = list["workflows"].as_array().unwrap().iter().find(|one| one["name"] == "lease").unwrap().clone();
    lease["outdated_runs"].clone()
}

/// The newest version of a workflow.
async fn current(reader: &Reader<'_>, name: &str) -> String {
    hidden(&reader.page(&format!("/admin/workflows/{name}")).await, "version")
}

#[tokio::test]
async fn a_workflow_that_runs_an_older_version_of_another_says_so_on_the_list_and_on_its_page() {
    on_both(async |db| {
        let company = Company::with_outdated(db).await;
        let admin = company.reader("admin").await;
        assert!(admin.page("/admin/workflows").await.contains(TAG));
        let page = admin.page(LEASE_PAGE).await;
        assert!(
            page.contains("子流程「风险评审」（risk）已有新版") && page.contains("用最新的子流程重新提请"),
            "{page}"
        );
        let runs = outdated(&company).await;
        assert_eq!((&runs[0]["workflow"], &runs[0]["newest"]), (&json!("risk"), &json!(current(&admin, "risk").await)));
    })
    .await;
}

#[tokio::test]
async fn proposing_the_same_text_again_takes_the_newest_sub_workflow() {
    on_both(async |db| {
        let company = Company::with_outdated(db).await;
        let admin = company.reader("admin").await;
        let version = current(&admin, "lease").await;
        let draft = leads_to(&admin.post(&format!("{LEASE_PAGE}/draft"), &[("version", &version)]).await).to_owned();
        let proposed = admin.write(&draft, "propose", &[("source", LEASE), ("note", "用最新的风险评审")]).await;
        let proposal = leads_to(&proposed).to_owned();
        let shown = hidden(&admin.page(&proposal).await, "version");
        let published =
            admin.post(&format!("{proposal}/publish"), &[("version", &shown), ("reason", "没有别的管理员")]).await;
        assert_eq!(leads_to(&published), LEASE_PAGE);
        assert_eq!(outdated(&company).await, json!([]));
        assert!(!admin.page("/admin/workflows").await.contains(TAG));
    })
    .await;
}
