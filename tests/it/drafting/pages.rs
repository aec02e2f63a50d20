//! The pages of drafting over HTTP: nothing that was typed is lost, and what is wrong is said beside its field.

use reqwest::header::LOCATION;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::firm::{Firm, Person, shown};
use crate::support::{TestApp, chinese_in, hidden, on_both_apps, without_documents};

/// Publishes a template without a Chinese word, so that every Chinese letter on an English page is a sentence of ours.
async fn publish_english(admin: &Person<'_>) {
    let (definition, body) = (include_str!("english/template.toml"), include_str!("english/body.md"));
    let folder = json!({"name": "maintenance", "definition": definition, "body": body});
    let (status, made) = admin.api(Method::POST, "/templates", folder).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
}

fn chinese(html: &str) -> String {
    chinese_in(&without_documents(html))
}

fn version(html: &str) -> &str {
    hidden(html, "version").unwrap()
}

fn editor(html: &str) -> &str {
    hidden(html, "editor").unwrap()
}

/// Begins a contract through the page; the path of its drafting page.
async fn begun(firm: &Firm<'_>, template: &str) -> String {
    let entity = firm.entity.to_string();
    let answer = firm.drafter.post("/contracts/new", &[("template", template), ("entity", &entity)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_page_of_contracts_is_shown_in_both_languages() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        publish_english(&firm.admin).await;
        firm.drafter.reads("en").await;
        for page in ["/contracts", "/contracts?text=nothing"] {
            let html = firm.drafter.html(page).await;
            assert_eq!(chinese(&html), "", "{page}");
        }
        let edit = begun(&firm, "maintenance").await;
        let of = |part: &str| edit.replace("/edit", part);
        // The page before submission tells the way, whose titles are written in the workflow.
        let pages = [
            edit.clone(),
            of("/edit?check=1"),
            of(""),
            of("/versions"),
            of("/money"),
            of("/files"),
            of("/log"),
            of("/customer"),
            of("/document.html"),
        ];
        for lang in ["zh", "en"] {
            firm.drafter.reads(lang).await;
            for page in pages.iter().map(String::as_str).chain(["/contracts", "/contracts/new?template=maintenance"]) {
                let html = firm.drafter.html(page).await;
                assert!(lang == "zh" || chinese(&html).is_empty(), "{page}: {}", chinese(&html));
            }
            firm.admin.reads(lang).await;
            for page in ["/admin/entities", "/admin/entities/1", "/admin/entities/new", "/admin/templates/publish"] {
                let html = firm.admin.html(page).await;
                // The words for seals stand in workflows and are sent as they are.
                let shown = html.replace("value=\"公章\"", "").replace("value=\"合同专用章\"", "");
                let shown = shown.replace("value=\"财务专用章\"", "").replace("value=\"法定代表人章\"", "");
                assert!(lang == "zh" || chinese(&shown).is_empty(), "{page}: {}", chinese(&shown));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_with_its_message_beside_the_field() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let edit = begun(&firm, "software-service").await;
        for (lang, said) in [("zh", "不是金额"), ("en", "is not an amount")] {
            firm.drafter.reads(lang).await;
            let page = firm.drafter.html(&edit).await;
            let form = [
                ("version", version(&page)),
                ("editor", editor(&page)),
                ("service_fee", "十二万元整"),
                ("software_name", "Qiyue"),
            ];
            let kept = firm.drafter.post(&edit.replace("/edit", "/draft"), &form).await;
            assert_eq!(kept.status(), StatusCode::OK);
            let parts = shown(kept).await;
            let (_, error) = parts.split_once(r#"data-error-of="service_fee""#).expect("the message names its field");
            assert!(error.split("</p>").next().unwrap().contains(said), "{error}");
            assert!(parts.contains("Qiyue</mark>"), "the document grows");
            let page = firm.drafter.html(&edit).await;
            assert!(
                page.contains(r#"value="十二万元整""#) && page.contains(r#"id="e-service_fee""#),
                "nothing is lost"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_page_is_told_kindly_and_the_own_page_may_save_over_itself() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let edit = begun(&firm, "software-service").await;
        let (one, other) = (firm.drafter.html(&edit).await, firm.drafter.html(&edit).await);
        let draft = edit.replace("/edit", "/draft");
        let save = async |page: &str, name: &str| {
            let form = [("version", version(page)), ("editor", editor(page)), ("software_name", name)];
            firm.drafter.post(&draft, &form).await
        };
        assert_eq!(save(&one, "first").await.status(), StatusCode::OK);
        assert_eq!(save(&one, "second").await.status(), StatusCode::OK, "the page before the answer came");
        let refused = save(&other, "third").await;
        assert_eq!(refused.status(), StatusCode::CONFLICT);
        assert!(shown(refused).await.contains("刚刚在别处被修改"));
        assert!(firm.drafter.html(&edit).await.contains(r#"value="second""#));
        let form =
            [("version", version(&other)), ("editor", editor(&other)), ("software_name", "third"), ("do", "save")];
        let whole = firm.drafter.post(&edit, &form).await;
        assert_eq!(whole.status(), StatusCode::CONFLICT);
        let page = shown(whole).await;
        assert!(page.contains(r#"value="third""#), "what was typed is shown again");
        let form = [("version", version(&page)), ("editor", editor(&page)), ("software_name", "third"), ("do", "save")];
        assert_eq!(
            firm.drafter.post(&edit, &form).await.status(),
            StatusCode::SEE_OTHER,
            "and can be saved deliberately"
        );
    })
    .await;
}

#[tokio::test]
async fn rows_and_plans_are_written_without_javascript() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        publish_english(&firm.admin).await;
        let edit = begun(&firm, "maintenance").await;
        let send = async |fields: &[(&str, &str)]| {
            let page = firm.drafter.html(&edit).await;
            let mut form = vec![("version", version(&page)), ("editor", editor(&page))];
            form.extend(fields);
            firm.drafter.post(&edit, &form).await
        };
        let line = [
            ("parts.name", "Motor"),
            ("parts.model", ""),
            ("parts.specification", ""),
            ("parts.unit", "pc"),
            ("parts.quantity", "3"),
            ("parts.price", "33333.33"),
            ("parts.tax_rate", "13"),
            ("parts.delivery", ""),
        ];
        let added = send(&[&line[..], &[("do", "add:parts")]].concat()).await;
        assert_eq!(added.headers()[LOCATION], format!("{edit}#table-parts"));
        let page = firm.drafter.html(&edit).await;
        assert_eq!(page.matches(r#"name="parts.name""#).count(), 2);
        assert!(page.contains("¥99,999.99") && page.contains("¥69,999.99"), "shares of the total, to the fen");
        send(&[&line[..], &[("do", "plan:own")]].concat()).await;
        let page = firm.drafter.html(&edit).await;
        assert_eq!(page.matches(r#"name="milestones.title""#).count(), 2);
        let mut plan = line.to_vec();
        for (name, part) in [("first", "40%"), ("rest", "")] {
            plan.extend([
                ("milestones.name", name),
                ("milestones.title", name),
                ("milestones.part", part),
                ("milestones.event", "signed"),
                ("milestones.count", "5"),
                ("milestones.unit", "days"),
                ("milestones.date", ""),
                ("milestones.retention", ""),
            ]);
        }
        send(&plan).await;
        let page = firm.drafter.html(&edit).await;
        assert!(page.contains("¥40,000.00") && page.contains("¥59,999.99"), "40 % and the rest");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_what_its_name_says_is_refused_beside_its_place() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let edit = begun(&firm, "software-service").await;
        let place = edit.replace("/edit", "/slots/business_license");
        for (lang, said) in [("zh", "不是 PDF 文件"), ("en", "does not hold a PDF file")] {
            firm.drafter.reads(lang).await;
            let refused = firm.drafter.upload(&place, "licence.pdf", b"MZ\x90\x00").await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let page = shown(refused).await;
            let (_, slot) = page.split_once(r#"id="slot-business_license""#).unwrap();
            let slot = slot.split("slot-upload").next().unwrap();
            assert!(slot.contains("form-error") && slot.contains(said), "{slot}");
        }
        assert_eq!(firm.drafter.upload(&place, "licence.pdf", b"%PDF-1.7 x").await.status(), StatusCode::SEE_OTHER);
        let page = firm.drafter.html(&edit).await;
        let (_, file) = page.split_once(r#"class="slot-file"><a href=""#).unwrap();
        let file = file.split('"').next().unwrap().to_owned();
        assert_eq!(firm.drafter.get(&file).await.text().await.unwrap(), "%PDF-1.7 x");
        assert_eq!(firm.manager.get(&file).await.status(), StatusCode::OK, "the manager reads what the team drafts");
        let stranger = firm.admin.hires("yang", "13800000009", json!({"name": "Yang", "roles": ["drafter"]})).await;
        assert_eq!(stranger.get(&file).await.status(), StatusCode::NOT_FOUND, "another drafter does not");
    })
    .await;
}

#[tokio::test]
async fn the_page_before_submission_says_what_is_missing_and_who_will_be_asked() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let edit = begun(&firm, "software-service").await;
        let submit = edit.replace("/edit", "/submit");
        let page = firm.drafter.html(&submit).await;
        assert!(
            page.contains("data-problems-list") && page.contains("授权使用人数") && page.contains("data-missing-files")
        );
        let refused = firm.drafter.post(&submit, &[("version", version(&page))]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(firm.drafter.html(&edit.replace("/edit", "")).await.contains("草稿"), "nothing happened");

        let ready = firm.complete().await;
        let submit = format!("/contracts/{}/submit", ready["id"]);
        let page = firm.drafter.html(&submit).await;
        assert!(page.contains("Wang") && page.contains("部门经理审批") && !page.contains(" disabled"), "{page}");
        let handed_in = firm.drafter.post(&submit, &[("version", version(&page))]).await;
        assert_eq!(handed_in.status(), StatusCode::SEE_OTHER);
        let path = format!("/contracts/{}", ready["id"]);
        let page = firm.drafter.html(&path).await;
        assert!(page.contains("HT-KS-2026-0001") && page.contains("审批中"));
        assert!(firm.drafter.html(&format!("{path}/approval")).await.contains("Wang"));
        let again = firm.drafter.post(&submit, &[("version", "9")]).await;
        assert_eq!(again.status(), StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn the_ledger_is_narrowed_by_its_address() {
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        let ready = firm.complete().await;
        firm.draft("product-sale").await;
        let path = format!("/contracts/{}/submit", ready["id"]);
        firm.drafter.api(Method::POST, &path, json!({"version": ready["version"]})).await;
        let rows = async |query: &str| {
            let page = firm.drafter.html(&format!("/contracts?{query}")).await;
            page.matches("lead-cell").count()
        };
        assert_eq!(rows("").await, 2);
        for (query, found) in [
            ("text=hengda", 1),
            ("text=ht-ks", 1),
            ("state=draft", 1),
            ("category=sales", 2),
            ("category=purchase", 0),
            ("entity=1", 2),
            ("entity=9", 0),
            ("expires_to=2027-03-01", 1),
            ("signed_from=2026-01-01", 0),
            ("sort=amount", 2),
            ("sort=number", 2),
            ("sort=expires", 2),
        ] {
            assert_eq!(rows(query).await, found, "{query}");
        }
        assert_eq!(rows(&format!("owner={}", firm.manager.id)).await, 0);
        let (_, other) = firm.manager.api(Method::GET, "/contracts", Value::Null).await;
        assert_eq!(other["contracts"].as_array().unwrap().len(), 2, "a manager sees the team's");
    })
    .await;
}

#[tokio::test]
async fn a_template_with_faults_is_shown_with_them_in_place() {
    on_both_apps(async |app: &TestApp| {
        let firm = Firm::new(app).await;
        assert_eq!(firm.drafter.get("/admin/templates").await.status(), StatusCode::FORBIDDEN);
        let definition = include_str!("english/template.toml").replace("type = \"money\"", "type = \"monney\"");
        let body = include_str!("english/body.md");
        for (lang, said) in [("zh", "没有“monney”这种字段类型"), ("en", "There is no field type “monney”")]
        {
            firm.admin.reads(lang).await;
            let form = [("name", "maintenance"), ("definition", definition.as_str()), ("body", body)];
            let refused = firm.admin.publish(&form).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let page = shown(refused).await;
            assert!(page.contains("maintenance/template.toml:") && page.contains(said), "{page}");
            assert!(page.contains("monney&quot;"), "what was sent is shown again");
        }
        let form = [("name", "maintenance"), ("definition", include_str!("english/template.toml")), ("body", body)];
        assert_eq!(firm.admin.publish(&form).await.status(), StatusCode::SEE_OTHER);
        let page = firm.admin.html("/admin/templates/maintenance").await;
        assert!(page.contains("Maintenance agreement"));
    })
    .await;
}

#[tokio::test]
async fn the_document_leaves_the_house_as_html_and_as_pdf() {
    on_both_apps(async |app: &TestApp| {
        let firm = Firm::new(app).await;
        let ready = firm.complete().await;
        let path = format!("/contracts/{}", ready["id"]);
        firm.drafter.api(Method::POST, &format!("{path}/submit"), json!({"version": ready["version"]})).await;
        let page = firm.drafter.html(&format!("{path}/document.html")).await;
        assert!(page.contains("HT-KS-2026-0001") && page.contains("校验码") && page.contains("未经批准"), "{page}");
        let pdf = firm.drafter.get(&format!("{path}/document.pdf")).await;
        if cfg!(feature = "pdf") {
            assert!(pdf.bytes().await.unwrap().starts_with(b"%PDF-"));
        } else {
            assert_eq!(pdf.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert!(pdf.text().await.unwrap().contains("没有包含 PDF 功能"));
        }
    })
    .await;
}
