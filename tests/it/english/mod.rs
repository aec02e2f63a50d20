//! No Chinese letter stands on an English page outside data. Everything in this company has Latin names, so what is Chinese is ours.
//!
//! Each of its people follows every link that they are shown, and at the end every page that the program declares was seen.

pub(crate) mod company;
pub(crate) mod crawl;
pub(crate) mod declared;

use company::EnglishCompany;
use crawl::Crawl;
use declared::{DeclaredPage, declared_pages};

use crate::support::TestDatabase;

/// What is asked for by scripts or programs, and is no page that somebody is led to.
const NO_PAGES: [&str; 4] = ["/health", "/records/pick/{kind}", "/approvals/count", "/messages/unread"];

#[tokio::test]
async fn every_page_is_english_for_an_english_reader() {
    let database = TestDatabase::sqlite();
    let db = qiyue::db::Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let company = EnglishCompany::found(db).await;
    let declared = declared_pages();
    let mut crawl = Crawl::new(&declared);
    for login in ["admin", "drafter", "manager", "legal", "finance", "keeper", "archivist"] {
        let reader = company.reader(login).await;
        let buttons = if login == "drafter" { company.behind_buttons().await } else { Vec::new() };
        crawl.follow_every_link(&reader, buttons).await;
    }
    crawl.see_as_a_stranger(&company).await;

    assert_eq!(crawl.chinese(), "", "on English pages");
    assert_eq!(crawl.broken(), "", "links that lead nowhere");
    let led_to = |page: &&DeclaredPage| !NO_PAGES.contains(&page.pattern.as_str());
    let unseen: Vec<_> = declared.iter().filter(led_to).filter(|page| !crawl.saw(page)).collect();
    assert!(unseen.is_empty(), "no link leads to {unseen:#?}");
}
