//! Forms that cannot be accepted: each problem stands beside its field, what was typed stays, nothing is stored.

use reqwest::StatusCode;

use crate::support::{Reader, on_both_apps};

/// Field, what was typed, and what is said about it.
const WRONG: [(&str, &str, &str, &str); 4] = [
    (
        "login",
        "张 三",
        "账号应为 2 至 50 位字母、数字或 . _ - @，以字母或数字开头。",
        "A login has 2 to 50 letters, digits or . _ - @ and starts with a letter or digit.",
    ),
    ("name", "", "请填写名称，不超过 50 个字。", "Enter a name of at most 50 characters."),
    (
        "mobile",
        "123",
        "请填写 11 位手机号码，例如 13800138000。",
        "Enter a mobile number of 11 digits, such as 13800138000.",
    ),
    (
        "email",
        "zhang at example",
        "邮箱地址格式不对，例如 name@example.com。",
        "This is not an e-mail address such as name@example.com.",
    ),
];

#[tokio::test]
async fn a_field_that_is_wrong_is_said_beside_it_in_both_languages() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        for lang in ["zh", "en"] {
            reader.post("/language", &[("lang", lang), ("next", "/settings")]).await;
            let before = app.stored().await;
            for (field, typed, zh, en) in WRONG {
                let mut form =
                    vec![("login", "zhang"), ("name", "Zhang"), ("mobile", ""), ("email", ""), ("number", "")];
                for (name, value) in &mut form {
                    if *name == field {
                        *value = typed;
                    }
                }
                let answer = reader.post("/admin/users/new", &form).await;
                assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field}");
                let page = answer.text().await.unwrap();
                let sentence = if lang == "zh" { zh } else { en };
                assert_eq!(beside(&page, field), sentence, "{field} in {lang}");
                assert!(page.contains(r#"value="zhang""#) || field == "login", "what was typed stays");
                assert!(typed.is_empty() || page.contains(&format!(r#"value="{typed}""#)), "{field}: {typed} stays");
            }
            before.is_still(&app.stored().await);
        }
    })
    .await;
}

/// What the page says about a field: the text of its problem.
fn beside(page: &str, field: &str) -> String {
    let (_, rest) =
        page.split_once(&format!(r#"id="e-{field}""#)).unwrap_or_else(|| panic!("nothing is said of {field}"));
    rest.split_once("<span>").unwrap().1.split_once("</span>").unwrap().0.to_owned()
}

#[tokio::test]
async fn a_form_of_another_page_is_refused_in_both_languages() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let sentences = [
            ("zh", "页面已过期，内容没有提交。请返回上一页，刷新后再提交一次。"),
            ("en", "The page was too old, so nothing was sent. Go back, reload it and send it again."),
        ];
        for (lang, sentence) in sentences {
            reader.post("/language", &[("lang", lang), ("next", "/settings")]).await;
            let before = app.stored().await;
            let form = [("code", "XS"), ("name", "Sales"), ("parent", ""), ("head", ""), ("csrf", "made up")];
            let answer = reader.send("/admin/departments/new", &form).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN);
            assert!(answer.text().await.unwrap().contains(sentence));
            before.is_still(&app.stored().await);
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_may_do_is_refused_to_them_in_both_languages() {
    on_both_apps(async |app| {
        let admin = Reader::admin(app).await;
        let person = [("login", "zhang"), ("name", "Zhang"), ("roles", "drafter")];
        let page = admin.post("/admin/users/new", &person).await.text().await.unwrap();
        let password = page.split("<dd>").nth(2).unwrap().split("</dd>").next().unwrap().to_owned();
        let zhang = Reader::new(app);
        zhang.post("/login", &[("login", "zhang"), ("password", &password)]).await;
        let own = crate::org::OWN;
        zhang.post("/first-login", &[("password", own), ("repeat", own), ("mobile", "13800000002")]).await;
        for (lang, sentence) in [("zh", "这里不能访问"), ("en", "This is not open to you")] {
            zhang.post("/language", &[("lang", lang), ("next", "/settings")]).await;
            let before = app.stored().await;
            let role = [("name", "clerk"), ("title_zh", "文员"), ("title_en", "")];
            let answer = zhang.post("/admin/roles/new", &role).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN);
            assert!(answer.text().await.unwrap().contains(sentence));
            before.is_still(&app.stored().await);
        }
    })
    .await;
}
