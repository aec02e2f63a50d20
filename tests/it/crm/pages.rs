//! The pages of records over HTTP.

use reqwest::StatusCode;
use reqwest::header::LOCATION;

use crate::support::{Reader, chinese_in, on_both_apps};

const ACME: &[(&str, &str)] = &[
    ("name", "Acme"),
    ("category", "class-1"),
    ("contact_name", "Wang"),
    ("phone", "13800138000"),
    ("industry", "retail"),
    ("source", "website"),
    ("status", "potential"),
    ("province", "Zhejiang"),
    ("city", "Hangzhou"),
    ("annual_revenue", "120"),
    ("annual_revenue_currency", "USD"),
];

/// Sends a form and gives the status with the address that it leads to.
async fn send(reader: &Reader<'_>, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let answer = reader.post(path, fields).await;
    let to = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
    (answer.status(), to.unwrap_or_default())
}

#[tokio::test]
async fn every_page_of_every_kind_is_shown_in_both_languages() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        assert_eq!(send(&reader, "/customers/new", ACME).await, (StatusCode::SEE_OTHER, "/customers/1".into()));
        let deal = [("title", "Deal"), ("customer", "1"), ("contact", "1"), ("stage", "needs"), ("amount", "5")];
        assert_eq!(send(&reader, "/opportunities/new", &deal).await.1, "/opportunities/1");
        let visit = [
            ("subject", "Visit"),
            ("customer", "1"),
            ("channel", "visit"),
            ("priority", "high"),
            ("planned_at", "2026-03-03T10:00"),
            ("remind_minutes", "10"),
        ];
        assert_eq!(send(&reader, "/follow-ups/new", &visit).await.1, "/follow-ups/1");
        for lang in ["zh", "en"] {
            reader.post("/language", &[("lang", lang), ("next", "/customers")]).await;
            for kind in ["customers", "contacts", "opportunities", "follow-ups"] {
                for page in ["", "?words=a&letter=A&sort=title&deleted=yes", "/new", "/new?customer=1", "/1", "/1/edit"]
                {
                    let answer = reader.get(&format!("/{kind}{page}")).await;
                    assert_eq!(answer.status(), StatusCode::OK, "{kind}{page} in {lang}");
                    assert_language(lang, &answer.text().await.unwrap().replace("1类-01", ""));
                }
            }
            for page in ["/admin/dictionaries", "/records/pick/customer?words=ac"] {
                let answer = reader.get(page).await;
                assert_eq!(answer.status(), StatusCode::OK, "{page}");
                assert_language(lang, &answer.text().await.unwrap());
            }
        }
    })
    .await;
}

fn assert_language(lang: &str, html: &str) {
    let chinese = chinese_in(html);
    assert!(lang == "zh" || chinese.is_empty(), "Chinese on an English page: {chinese}");
    for key in ["crm.", "record."] {
        assert!(!html.contains(&format!(">{key}")), "an untranslated key {key}");
    }
}

#[tokio::test]
async fn a_failed_form_keeps_what_was_typed_and_says_what_is_wrong_beside_the_field() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let wrong = super::with(ACME, &[("phone", "0571-88888888"), ("city", "")]);
        let answer = reader.post("/customers/new", &wrong).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text().await.unwrap();
        for part in [
            r#"value="Acme""#,
            r#"value="0571-88888888""#,
            r#"id="e-phone""#,
            "请填写 11 位手机号码",
            r#"id="e-city""#,
            r#"<option value="USD" selected>"#,
            r#"<option value="retail" selected>"#,
        ] {
            assert!(html.contains(part), "{part}");
        }
    })
    .await;
}

#[tokio::test]
async fn r2_a_possible_duplicate_is_shown_and_saved_when_somebody_says_so() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        send(&reader, "/customers/new", ACME).await;
        let answer = reader.post("/customers/new", ACME).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text().await.unwrap();
        assert!(html.contains(r#"<a href="&#x2f;customers&#x2f;1""#) && html.contains(r#"name="anyway""#));
        let anyway = super::with(ACME, &[("anyway", "yes")]);
        assert_eq!(send(&reader, "/customers/new", &anyway).await.1, "/customers/2");
    })
    .await;
}

#[tokio::test]
async fn a_record_is_changed_acted_on_deleted_and_restored() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        send(&reader, "/customers/new", ACME).await;
        let changed = super::with(ACME, &[("city", "Ningbo"), ("version", "1")]);
        assert_eq!(send(&reader, "/customers/1/edit", &changed).await, (StatusCode::SEE_OTHER, "/customers/1".into()));
        let stale = super::with(ACME, &[("city", "Wenzhou"), ("version", "1")]);
        let answer = reader.post("/customers/1/edit", &stale).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text().await.unwrap();
        assert!(html.contains("其他人刚刚修改了这条记录") && html.contains(r#"value="Wenzhou""#));

        let empty = reader.post("/customers/1/acts/black_list", &[("version", "2")]).await;
        assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let reason = [("version", "2"), ("reason", "Never pays")];
        assert_eq!(send(&reader, "/customers/1/acts/black_list", &reason).await.0, StatusCode::SEE_OTHER);
        let html = reader.get("/customers/1").await.text().await.unwrap();
        for part in ["黑名单", "Never pays", "<del>Hangzhou</del> → <span>Ningbo</span>", "变更日志"] {
            assert!(html.contains(part), "{part}");
        }
        let refused = reader.post("/customers/1/delete", &[("version", "3")]).await;
        assert!(refused.text().await.unwrap().contains("还有 1 条记录属于它"));
        assert_eq!(send(&reader, "/contacts/1/delete", &[("version", "1")]).await.0, StatusCode::SEE_OTHER);
        assert_eq!(send(&reader, "/customers/1/delete", &[("version", "3")]).await.0, StatusCode::SEE_OTHER);
        assert!(!reader.get("/customers").await.text().await.unwrap().contains("Acme"));
        assert!(reader.get("/customers?deleted=yes").await.text().await.unwrap().contains("Acme"));
        assert_eq!(send(&reader, "/customers/1/restore", &[("version", "4")]).await.0, StatusCode::SEE_OTHER);
        assert!(reader.get("/customers").await.text().await.unwrap().contains("Acme"));
    })
    .await;
}

#[tokio::test]
async fn an_administrator_edits_the_lists_of_choices_and_the_codes() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let list = "/admin/dictionaries/opportunity_stage";
        let new = [("label_zh", "试用"), ("label_en", "Trial"), ("percent", "60")];
        assert_eq!(send(&reader, list, &new).await, (StatusCode::SEE_OTHER, list.into()));
        let html = reader.get(list).await.text().await.unwrap();
        assert!(html.contains("试用") && html.contains("60%"));
        let wrong = reader.post(list, &[("label_zh", ""), ("label_en", "Kept")]).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().await.unwrap().contains(r#"value="Kept""#));
        assert_eq!(reader.get("/admin/dictionaries/nothing").await.status(), StatusCode::NOT_FOUND);
        let pattern = [("pattern", "KH{seq:4}"), ("version", "0")];
        assert_eq!(send(&reader, "/admin/codes/customer", &pattern).await.0, StatusCode::SEE_OTHER);
        send(&reader, "/customers/new", ACME).await;
        assert!(reader.get("/customers/1").await.text().await.unwrap().contains("KH0001"));
        let refused = reader.post("/admin/codes/customer", &[("pattern", "KH"), ("version", "1")]).await;
        assert!(refused.text().await.unwrap().contains("编码规则无效"));
    })
    .await;
}

#[tokio::test]
async fn a_record_that_is_not_there_is_not_found() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        for path in ["/customers/99", "/customers/99/edit", "/customers/abc", "/records/pick/nothing"] {
            assert_eq!(reader.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        let act = reader.post("/customers/99/acts/fly", &[("version", "1")]).await;
        assert_eq!(act.status(), StatusCode::NOT_FOUND);
    })
    .await;
}
