//! The pages of people over HTTP.

use reqwest::header::{ACCEPT_LANGUAGE, LOCATION};
use reqwest::{Client, Response, StatusCode};

use super::OWN;
use crate::support::{Reader, chinese_in, on_both_apps};

const PAGES: [&str; 13] = [
    "/settings",
    "/settings/tokens",
    "/settings/absences",
    "/admin/users",
    "/admin/users/new",
    "/admin/users/1",
    "/admin/departments",
    "/admin/departments/new",
    "/admin/authority-grids",
    "/admin/authority-grids/new",
    "/admin/roles",
    "/admin/roles/1",
    "/admin/roles/new",
];

#[tokio::test]
async fn every_page_of_people_is_shown_in_both_languages() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        for lang in ["zh", "en"] {
            reader.post("/language", &[("lang", lang), ("next", "/settings")]).await;
            for page in PAGES.iter().chain(&["/admin/tokens", "/admin/roles/2"]) {
                let answer = reader.get(page).await;
                assert_eq!(answer.status(), StatusCode::OK, "{page} in {lang}");
                let html = answer.text().await.unwrap();
                let chinese = chinese_in(&html);
                // The one page with a Chinese title to edit.
                let expected = lang == "zh" || page.starts_with("/admin/roles/");
                assert!(expected || chinese.is_empty(), "{page}: {chinese}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_not_activated_reaches_no_other_page() {
    on_both_apps(async |app| {
        let reader = Reader::new(app);
        let signed_in = reader.post("/login", &[("login", "admin"), ("password", &app.first_password)]).await;
        assert_eq!(signed_in.headers()[LOCATION], "/first-login");
        for page in PAGES {
            assert_eq!(reader.get(page).await.headers()[LOCATION], "/first-login", "{page}");
        }
        let refused = [("password", OWN), ("repeat", OWN), ("mobile", "123")];
        let answer = reader.post("/first-login", &refused).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().await.unwrap().contains("请填写 11 位手机号码"));
        assert_eq!(reader.get("/settings").await.headers()[LOCATION], "/first-login");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_says_so_in_both_languages_and_opens_no_session() {
    on_both_apps(async |app| {
        let reader = Reader::new(app);
        let answer = reader.post("/login", &[("login", "admin"), ("password", "wrong")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().await.unwrap().contains("账号或密码不正确"));
        let english = Client::new().get(app.url("/login")).header(ACCEPT_LANGUAGE, "en").send().await.unwrap();
        assert!(english.text().await.unwrap().contains("Ask the administrator"));
        assert_eq!(reader.get("/settings").await.headers()[LOCATION], "/login?next=%2Fsettings");
        for _ in 0..7 {
            reader.post("/login", &[("login", "admin"), ("password", "wrong")]).await;
        }
        let shut = reader.post("/login", &[("login", "admin"), ("password", &app.first_password)]).await;
        assert_eq!(shut.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(shut.text().await.unwrap().contains("请 15 分钟后再试"));
    })
    .await;
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        for token in ["", "0000"] {
            let form = [
                ("name", "Eve"),
                ("mobile", "13800000001"),
                ("email", ""),
                ("language", "zh"),
                ("version", "3"),
                ("csrf", token),
            ];
            assert_eq!(reader.send("/settings", &form).await.status(), StatusCode::FORBIDDEN);
        }
        assert!(!reader.get("/settings").await.text().await.unwrap().contains("Eve"));
    })
    .await;
}

#[tokio::test]
async fn an_administrator_walks_through_department_role_and_person() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let seen = async |answer: Response| {
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
        };
        seen(
            reader
                .post("/admin/departments/new", &[("code", "XS"), ("name", "销售部"), ("parent", ""), ("head", "1")])
                .await,
        )
        .await;
        let role = [
            ("name", "clerk"),
            ("title_zh", "文员"),
            ("title_en", ""),
            ("grant.user.read", "own"),
            ("grant.role.read", ""),
        ];
        seen(reader.post("/admin/roles/new", &role).await).await;
        let person = [
            ("login", "zhang"),
            ("name", "张三"),
            ("number", "A-1"),
            ("department", "1"),
            ("roles", "clerk"),
            ("roles", "drafter"),
        ];
        let made = reader.post("/admin/users/new", &person).await;
        assert_eq!(made.status(), StatusCode::OK);
        let page = made.text().await.unwrap();
        let password = page.split("<dd>").nth(2).unwrap().split("</dd>").next().unwrap().to_owned();
        let list = reader.get("/admin/users?q=zhang").await.text().await.unwrap();
        for shown in ["张三", "A-1", "销售部", "文员", "未激活"] {
            assert!(list.contains(shown), "{shown}");
        }
        let zhang = Reader::new(app);
        let signed_in = zhang.post("/login", &[("login", "zhang"), ("password", &password)]).await;
        assert_eq!(signed_in.headers()[LOCATION], "/first-login");
        zhang.post("/first-login", &[("password", OWN), ("repeat", OWN), ("mobile", "13800000002")]).await;
        assert_eq!(zhang.get("/admin/users/2").await.status(), StatusCode::OK);
        assert_eq!(zhang.get("/admin/users/1").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(zhang.get("/admin/roles").await.status(), StatusCode::FORBIDDEN);

        let again = reader.post("/admin/users/new", &[("login", "zhang"), ("name", "张三")]).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let again = again.text().await.unwrap();
        assert!(again.contains("该账号已有人使用") && again.contains("value=\"张三\""), "what was typed stays");
        seen(reader.post("/admin/users/2/active", &[("version", "2"), ("active", "")]).await).await;
        assert_eq!(zhang.get("/settings").await.headers()[LOCATION], "/login?next=%2Fsettings");
    })
    .await;
}
