//! The way of a contract after approval through its pages, and what they say when something is wrong.

use qiyue::contract::State;
use reqwest::StatusCode;

use super::Company;
use super::site::Site;
use crate::support::{Browser, Screen, TestDatabase, chinese_in, hidden, on_both};

#[tokio::test]
async fn the_pages_carry_a_contract_from_the_keeper_to_the_archive() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.approved().await;
        let site = Site::of(&company).await;
        let (keeper, drafter) = (site.visitor(&company, "keeper").await, site.visitor(&company, "drafter").await);
        assert!(keeper.text("/seals").await.contains("HT-KS-2026-0001"));
        let wrong = keeper.upload("/seals/1", &[("code", "AAAA"), ("on", "2026-03-02"), ("copies", "4")], &[]).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = wrong.text().await.unwrap();
        assert!(page.contains("校验码与批准的版本不一致") && page.contains(r#"value="AAAA""#), "what was typed stays");
        let code = company.waiting_seals().await[0].code();
        let fields = [("code", code.as_str()), ("on", "2026-03-02"), ("copies", "4"), ("note", "含骑缝")];
        let sealed = keeper.upload("/seals/1", &fields, &["photo"]).await;
        assert_eq!(sealed.status(), StatusCode::SEE_OTHER);
        assert!(keeper.text("/seals").await.contains("YZ-2026-0001"));

        let form = drafter.text("/contracts/1/signing").await;
        assert!(form.contains("周明远"), "our representative is known");
        let version = company.contract(id).await.version.to_string();
        let fields = [
            ("version", version.as_str()),
            ("signatory.provider", "周明远"),
            ("capacity.provider", "representative"),
            ("signed_on.provider", "2026-03-02"),
            ("signatory.client", "王海燕"),
            ("capacity.client", "agent"),
            ("signed_on.client", "2026-03-02"),
            ("copies", "4"),
            ("effective_on", "2026-03-02"),
        ];
        let refused = drafter.upload("/contracts/1/signing", &fields, &["scan"]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text().await.unwrap();
        assert!(page.contains("由代理人签署，请上传授权委托书") && page.contains("王海燕"), "{page}");
        let kept = hidden(&page, "scan_kept").expect("the scan is kept for the next try");
        let fields = [&fields[..], &[("scan_kept", kept)]].concat();
        let signed = drafter.upload("/contracts/1/signing", &fields, &["authorisation.client"]).await;
        assert_eq!(signed.status(), StatusCode::SEE_OTHER);
        assert_eq!(company.contract(id).await.state, State::InForce);
        company.effects().await;

        let fields = [("event", "accepted"), ("on", "2026-03-02"), ("note", "")];
        let recorded = drafter.upload("/contracts/1/events", &fields, &["paper"]).await;
        assert_eq!(recorded.status(), StatusCode::SEE_OTHER);
        let part = drafter.text("/contracts/1/fulfilment").await;
        for shown in ["王海燕", "授权代理人", "验收合格", "应收回日期", "扫描件.pdf"] {
            assert!(part.contains(shown), "{shown}");
        }
        let back = drafter.post("/originals/1/back", &[("on", "2026-03-02"), ("copies", "2")]).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER);

        let archivist = site.visitor(&company, "archivist").await;
        assert_eq!(archivist.post("/archive/1/claim", &[]).await.status(), StatusCode::SEE_OTHER);
        let early = [("version", "2"), ("copies", "2"), ("box", "A-3"), ("shelf", "2"), ("number", "")];
        let refused = archivist.post("/archive/1", &early).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().await.unwrap().contains("清单还有 3 项没有核对"));
        for position in 1..=3 {
            archivist.post(&format!("/archive/1/items/{position}"), &[("checked", "yes")]).await;
        }
        assert_eq!(archivist.post("/archive/1", &early).await.status(), StatusCode::SEE_OTHER);
        assert!(archivist.text("/archive?archived=yes").await.contains("DA-2026-0001"));
    })
    .await;
}

#[tokio::test]
async fn finance_records_a_payment_for_one_milestone_or_for_the_earliest() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.signed().await;
        let site = Site::of(&company).await;
        let finance = site.visitor(&company, "finance").await;
        let payment = async |on: &'static str, milestone: &'static str| {
            let page = finance.text("/payments/1").await;
            let version = hidden(&page, "version").expect("the form names what it was read at");
            let amount = if milestone.is_empty() { "18000" } else { "1000" };
            let fields = [("amount", amount), ("paid_on", on), ("method", "bank_transfer"), ("note", "")];
            let fields = [&fields[..], &[("milestone", milestone), ("version", version)]].concat();
            finance.post("/payments/1", &fields).await
        };
        let nothing = payment("", "").await;
        assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = nothing.text().await.unwrap();
        assert!(page.contains(r#"value="18000""#) && page.contains("请填写此项"), "{page}");
        let earliest = payment("2026-03-02", "").await;
        assert_eq!(earliest.status(), StatusCode::SEE_OTHER);
        assert!(finance.text("/payments/1").await.contains("已完成 30%"));
        let one = payment("2026-03-02", "2").await;
        assert_eq!(one.status(), StatusCode::SEE_OTHER);
        assert!(finance.text("/payments/1").await.contains("¥1,000.00"));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_language_of_the_reader() {
    on_both(async |db| {
        let company = Company::new(db).await;
        company.approved().await;
        let site = Site::of(&company).await;
        let keeper = site.visitor(&company, "keeper").await;
        keeper.reads("en").await;
        let wrong = keeper.upload("/seals/1", &[("code", "AAAA"), ("on", "2026-03-03"), ("copies", "4")], &[]).await;
        assert!(wrong.text().await.unwrap().contains("The date cannot be after today"));
        let wrong = keeper.upload("/seals/1", &[("code", "AAAA"), ("on", "2026-03-02"), ("copies", "4")], &[]).await;
        assert!(wrong.text().await.unwrap().contains("Compare the code at the foot of every page"));
        let nothing = keeper.post("/seals/1/return", &[("reason", "")]).await;
        assert!(nothing.text().await.unwrap().contains("Fill this in"));
    })
    .await;
}

#[tokio::test]
async fn a_seal_is_called_what_the_reader_calls_it() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let id = company.approved().await;
        let site = Site::of(&company).await;
        let keeper = site.visitor(&company, "keeper").await;
        assert!(keeper.text("/seals").await.contains("合同专用章"));
        keeper.reads("en").await;
        for path in ["/seals".to_owned(), "/seals/1".to_owned(), format!("/contracts/{id}/fulfilment")] {
            let page = keeper.text(&path).await;
            assert!(page.contains("Contract seal") && !page.contains("合同专用章"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn empty_lists_are_all_english_for_an_english_reader() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let site = Site::of(&company).await;
        let drafter = site.visitor(&company, "drafter").await;
        drafter.reads("en").await;
        for path in ["/seals", "/originals", "/archive", "/archive?archived=yes", "/contract-changes", "/payments"] {
            let page = drafter.text(path).await;
            // The name of the reader, its initial and their department are data.
            let data = ["员工drafter", "销售部", "员"];
            let page = data.iter().fold(page, |page, known| page.replace(known, ""));
            assert_eq!(chinese_in(&page), "", "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_pages_fit_a_desktop() {
    look(Screen::Desktop, "desktop").await;
}

#[tokio::test]
async fn the_pages_fit_a_phone() {
    look(Screen::Phone, "phone").await;
}

/// Opens every page with data on it, in both languages, and keeps a picture of each.
async fn look(screen: Screen, name: &str) {
    let Some(browser) = Browser::start(screen).await else { return };
    let database = TestDatabase::sqlite();
    let db = qiyue::db::Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let company = Company::new(db).await;
    company.signed().await;
    company.waiting().await;
    let third = company.approved().await;
    assert_eq!(company.contract(third).await.state, State::Sealing);
    super::changes::submitted(&company, qiyue::kernel::ContractId::new(1)).await;
    let site = Site::of(&company).await;
    for (login, pages) in [
        (
            "drafter",
            &[
                "/contracts/1/fulfilment",
                "/contracts/2/signing",
                "/contracts/3/fulfilment",
                "/contract-changes",
                "/contract-changes/1",
                "/contract-changes/2/edit",
                "/contract-changes/3/edit",
                "/originals",
                "/payments",
                "/payments/1",
            ][..],
        ),
        ("keeper", &["/seals", "/seals/1", "/seals/3"]),
        ("archivist", &["/archive", "/archive/1", "/archive?archived=yes"]),
        ("finance", &["/payments/1"]),
    ] {
        let token = company.session(login).await;
        let visitor = site.visitor(&company, login).await;
        for lang in ["zh", "en"] {
            visitor.reads(lang).await;
            browser.goto(&format!("{}/login", site.address)).await;
            browser.run_in_page(&format!("document.cookie = 'qiyue_session={token}; path=/'")).await;
            for page in pages {
                browser.goto(&format!("{}{page}", site.address)).await;
                browser.assert_sound().await;
                let file = page.replace(['/', '?', '='], "-");
                browser.screenshot(&format!("after{file}-{login}-{lang}-{name}")).await;
            }
        }
    }
}
