//! Authority grids that wait for a second administrator: who is told, what the pages offer and what the JSON answers.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Company, leads_to};
use crate::support::on_both;

const GRID: &str = "/admin/authority-grids/sales";
const VERSIONS: &str = "/authority-grids/sales/versions";

impl Company {
    /// The company with another administrator and a grid whose first version both have confirmed.
    async fn with_grid(db: qiyue::db::Db) -> Self {
        let company = Self::new(db).await;
        company.hire_as("sun", "孙二", "administrator").await;
        let rows = json!([{ "who": ["manager"] }]);
        let new = json!({ "name": "sales", "title": "销售权限", "starts_on": "2026-03-02", "rows": rows });
        let (status, made) = company.program("admin").await.call(Method::POST, "/authority-grids", new, None).await;
        assert_eq!((status, &made["versions"][0]["standing"]), (StatusCode::CREATED, &json!("proposed")), "{made}");
        company.confirm("sun", 1).await;
        company
    }

    /// The next version of the grid, which waits for another administrator and then for its day.
    async fn propose_grid(&self, login: &str, newest: u32) {
        let rows = json!([{ "who": ["role:general-manager"] }]);
        let next = json!({ "newest": newest, "starts_on": "2026-04-01", "note": "董事会决议", "rows": rows });
        let (status, made) = self.program(login).await.call(Method::POST, VERSIONS, next, None).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
    }

    async fn confirm(&self, login: &str, number: u32) {
        let path = format!("{VERSIONS}/{number}/confirm");
        let (status, confirmed) = self.program(login).await.call(Method::POST, &path, Value::Null, None).await;
        assert_eq!(status, StatusCode::OK, "{confirmed}");
    }

    async fn withdraw_grid(&self, login: &str, number: u32) -> (StatusCode, Value) {
        self.program(login).await.call(Method::DELETE, &format!("{VERSIONS}/{number}"), Value::Null, None).await
    }
}

#[tokio::test]
async fn the_others_are_told_of_a_version_that_waits_and_its_maker_of_what_became_of_it() {
    on_both(async |db| {
        let company = Company::with_grid(db).await;
        assert_eq!(company.kinds_told("admin").await, ["authority_grid.confirmed"]);
        company.propose_grid("admin", 1).await;
        let told = company.told("sun").await;
        let (kind, headline) = told.last().unwrap();
        assert_eq!((kind.as_str(), &headline["title"]), ("authority_grid.proposed", &json!("销售权限")));
        assert_eq!(headline["facts"], json!([{ "text": "系统管理员" }]));
        company.withdraw_grid("sun", 2).await;
        let kinds = company.kinds_told("admin").await;
        assert_eq!(kinds, ["authority_grid.confirmed", "authority_grid.declined"]);
    })
    .await;
}

#[tokio::test]
async fn a_message_about_a_version_leads_to_its_page_and_is_settled_with_it() {
    on_both(async |db| {
        let company = Company::with_grid(db).await;
        company.propose_grid("admin", 1).await;
        company.app.run_due().await;
        let sun = company.reader("sun").await;
        let list = sun.page("/messages").await;
        assert!(list.contains("待确认授权额度表") && list.contains("第 2 版"), "{list}");
        let page = sun.page(&format!("{GRID}?number=2")).await;
        assert!(page.contains("确认这一版") && page.contains("董事会决议"), "{page}");
        let waiting = company.program("sun").await.get("/messages?unread=true").await;
        assert_eq!(waiting["messages"].as_array().map(Vec::len), Some(1), "{waiting}");
        company.confirm("sun", 2).await;
        let waiting = company.program("sun").await.get("/messages?unread=true").await;
        assert_eq!(waiting["messages"], json!([]), "{waiting}");
    })
    .await;
}

#[tokio::test]
async fn a_program_asks_to_withdraw_a_confirmed_version_and_another_administrator_agrees() {
    on_both(async |db| {
        let company = Company::with_grid(db).await;
        company.propose_grid("admin", 1).await;
        company.confirm("sun", 2).await;
        let (status, asked) = company.withdraw_grid("sun", 2).await;
        let sun = company.id("sun").get();
        assert_eq!((status, &asked["standing"]), (StatusCode::OK, &json!("ahead")), "{asked}");
        assert_eq!(asked["withdrawal_by"], json!(sun));
        assert_eq!(company.withdraw_grid("sun", 2).await.1["code"], "grid_withdrawal_own");
        assert_eq!(company.kinds_told("admin").await.last().unwrap(), "authority_grid.withdrawal_asked");
        assert_eq!(company.withdraw_grid("admin", 2).await.0, StatusCode::OK);
        assert_eq!(company.kinds_told("sun").await.last().unwrap(), "authority_grid.withdrawn");
    })
    .await;
}

#[tokio::test]
async fn every_administrator_hears_that_a_version_on_which_two_had_agreed_is_gone() {
    on_both(async |db| {
        let company = Company::with_grid(db).await;
        company.hire_as("third", "第三位", "administrator").await;
        company.propose_grid("admin", 1).await;
        company.confirm("sun", 2).await;
        company.withdraw_grid("sun", 2).await;
        company.withdraw_grid("admin", 2).await;
        for login in ["sun", "third"] {
            assert_eq!(company.kinds_told(login).await.last().unwrap(), "authority_grid.withdrawn", "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_lets_one_administrator_ask_for_a_withdrawal_and_another_keep_the_version() {
    on_both(async |db| {
        let company = Company::with_grid(db).await;
        company.propose_grid("admin", 1).await;
        company.confirm("sun", 2).await;
        let (admin, sun) = (company.reader("admin").await, company.reader("sun").await);
        let page = format!("{GRID}?number=2");
        assert!(admin.page(&page).await.contains("提请撤回这一版"));
        let asked = admin.post(&format!("{GRID}/versions/2/withdraw"), &[]).await;
        assert_eq!(leads_to(&asked), page);
        let waits = admin.page(&page).await;
        assert!(waits.contains("系统管理员提请撤回这一版") && !waits.contains("/withdraw\""), "{waits}");
        assert!(sun.page("/admin/authority-grids").await.contains("待同意撤回 1"));
        let offered = sun.page(&page).await;
        assert!(offered.contains("同意撤回这一版") && offered.contains("不撤回，保留这一版"), "{offered}");
        assert_eq!(leads_to(&sun.post(&format!("{GRID}/versions/2/keep"), &[]).await), page);
        assert_eq!(company.kinds_told("admin").await.last().unwrap(), "authority_grid.kept");
        assert!(!sun.page(&page).await.contains("同意撤回这一版"));
        let (status, problem) = {
            let path = format!("{VERSIONS}/2/keep");
            company.program("sun").await.call(Method::POST, &path, Value::Null, None).await
        };
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("grid_withdrawal_none")));
    })
    .await;
}
