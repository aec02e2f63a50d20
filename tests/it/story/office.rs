//! An office that starts from nothing: the administrator hires its people and sets up mail, entity and seal, all by hand.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::org::OWN;
use crate::support::{Browser, Mail, Screen, Smtp, TestApp, TestDatabase};

/// Longer than a decision can be undone.
pub(super) const HELD_BACK: Duration = Duration::from_secs(11);

/// Login, name, what is ticked as their roles.
pub(super) const PEOPLE: [(&str, &str, &[&str]); 7] = [
    ("limin", "李敏", &["销售经理"]),
    ("zhangwei", "张伟", &["合同起草人（销售）"]),
    ("liuyang", "刘洋", &["法务"]),
    ("wujie", "吴洁", &["财务"]),
    ("linyue", "林悦", &["总经理"]),
    ("zhengli", "郑丽", &["会计"]),
    ("xujing", "徐静", &["印章保管人", "档案管理员"]),
];

/// The people at their browsers.
pub(super) struct Office {
    pub(super) app: TestApp,
    pub(super) smtp: Smtp,
    pub(super) screen: Screen,
    pub(super) name: &'static str,
    pub(super) admin: Browser,
    people: BTreeMap<&'static str, Browser>,
    papers: tempfile::TempDir,
}

impl Office {
    /// Opens the office, or skips the test where browser or mail server are missing.
    pub(super) async fn open(screen: Screen, name: &'static str) -> Option<Self> {
        let admin = Browser::start(screen).await?;
        let smtp = Smtp::start()?;
        let app = TestApp::start(&TestDatabase::sqlite()).await;
        let papers = tempfile::tempdir().unwrap();
        let mut office = Self { app, smtp, screen, name, admin, people: BTreeMap::new(), papers };
        office.first_login(&office.admin, "admin", &office.app.first_password, "13800138000").await;
        office.set_up_mail().await;
        office.hire().await;
        office.set_up_entity().await;
        Some(office)
    }

    /// The browser of a person.
    pub(super) fn at(&self, login: &str) -> &Browser {
        &self.people[login]
    }

    pub(super) async fn close(self) {
        self.app.stop().await;
    }

    /// Opens a page of the program.
    pub(super) async fn goto(&self, browser: &Browser, path: &str) {
        browser.goto(&self.app.url(path)).await;
    }

    /// Keeps a picture of what somebody sees.
    pub(super) async fn picture(&self, browser: &Browser, of: &str) {
        browser.screenshot(&format!("story-{of}-{}", self.name)).await;
    }

    /// Opens a page until it shows what somebody else, or the program itself, has brought about.
    pub(super) async fn see(&self, browser: &Browser, path: &str, text: &str) {
        for _ in 0..40 {
            self.goto(browser, path).await;
            if browser.text("main").await.contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        browser.wait_for(text).await;
    }

    /// Time passes; what was held back leaves.
    pub(super) fn wait(&self, span: Duration) {
        self.app.clock.advance(span);
    }

    /// Everybody comes back after so long that they have to sign in again.
    pub(super) async fn sign_in(&self, login: &str) -> &Browser {
        let browser = self.at(login);
        self.goto(browser, "/login").await;
        browser.sign_in(login, OWN).await;
        browser
    }

    /// Somebody decides through the link of their newest mail, on a phone that has never seen a login of ours.
    pub(super) async fn agree_by_link(&self, login: &str, subject: &str, sees: &str, shot: &str) {
        let link = self.link(&self.mail(login, subject).await);
        let phone = self.admin.another(self.screen).await;
        phone.goto(&link).await;
        phone.wait_for(sees).await;
        self.picture(&phone, shot).await;
        phone.press("同意").await;
        phone.wait_for("撤销").await;
        phone.assert_sound().await;
        self.wait(HELD_BACK);
    }

    /// Somebody finds what waits for them in the program, and agrees.
    pub(super) async fn agree_in_the_program(&self, login: &str, title: &str, shot: &str) {
        let browser = self.at(login);
        self.see(browser, "/approvals", title).await;
        browser.click("a.case-link").await;
        browser.wait_for("同意").await;
        self.picture(browser, shot).await;
        browser.press("同意").await;
        browser.wait_for("撤销").await;
        browser.assert_sound().await;
        self.wait(HELD_BACK);
    }

    /// The link in a mail with which its reader acts.
    pub(super) fn link(&self, mail: &Mail) -> String {
        let prefix = self.app.url("/a/");
        let link = mail.links().into_iter().find(|link| link.starts_with(&prefix));
        link.unwrap_or_else(|| panic!("no link in {}", mail.text)).to_owned()
    }

    /// The newest mail to a person whose subject holds these words.
    pub(super) async fn mail(&self, login: &str, subject: &str) -> Mail {
        self.smtp.wait_for(&format!("{login}@qingyun.example"), subject).await
    }

    /// A PDF file of that name.
    pub(super) fn paper(&self, name: &str) -> PathBuf {
        let file = self.papers.path().join(name);
        std::fs::write(&file, b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
            .unwrap();
        file
    }

    async fn first_login(&self, browser: &Browser, login: &str, password: &str, mobile: &str) {
        self.goto(browser, "/login").await;
        browser.sign_in_first(login, password, OWN, mobile).await;
    }

    async fn set_up_mail(&self) {
        let admin = &self.admin;
        self.goto(admin, "/admin/mail").await;
        admin.fill("host", "127.0.0.1").await;
        admin.fill("port", &self.smtp.port().to_string()).await;
        admin.run_in_page("document.querySelector('select[name=security]').value = 'none'").await;
        admin.fill("sender", "contract@qingyun.example").await;
        admin.fill("sender_name", "青云软件合同").await;
        admin.click("form[action='/admin/mail'] button.btn-primary").await;
        admin.wait_for("发送测试邮件").await;
        self.picture(admin, "mail").await;
    }

    async fn hire(&mut self) {
        let admin = &self.admin;
        self.goto(admin, "/admin/departments/new").await;
        admin.fill("name", "销售部").await;
        admin.fill("code", "XS").await;
        admin.click("form.card button.btn-primary").await;
        admin.wait_for("销售部").await;
        for (number, (login, name, roles)) in (1..).zip(PEOPLE) {
            let mobile = format!("1380001000{number}");
            self.goto(admin, "/admin/users/new").await;
            admin.fill("name", name).await;
            admin.fill("login", login).await;
            admin.fill("mobile", &mobile).await;
            admin.fill("email", &format!("{login}@qingyun.example")).await;
            admin.fill("password", "Anfang-2026").await;
            if login == "zhangwei" {
                admin.choose("department", "销售部").await;
                admin.choose("manager", "李敏 (limin)").await;
            }
            for role in roles {
                admin.press(role).await;
            }
            admin.click("form.card button.btn-primary").await;
            admin.wait_for("Anfang-2026").await;
            let browser = admin.another(self.screen).await;
            self.first_login(&browser, login, "Anfang-2026", &mobile).await;
            self.people.insert(login, browser);
        }
        self.goto(admin, "/admin/users").await;
        self.picture(admin, "users").await;
    }

    async fn set_up_entity(&self) {
        let admin = &self.admin;
        self.goto(admin, "/admin/entities/new").await;
        for (field, text) in [
            ("name", "青云软件（杭州）有限公司"),
            ("code", "QY"),
            ("credit_code", "91330106MA2CFGK217"),
            ("address", "浙江省杭州市西湖区文三路478号"),
            ("legal_representative", "周明远"),
            ("bank", "中国工商银行杭州文三路支行"),
            ("bank_account", "1202021109900123456"),
        ] {
            admin.fill(field, text).await;
        }
        admin.click("form.card button.btn-primary").await;
        admin.wait_for("添加印章").await;
        admin.choose("kind", "合同专用章").await;
        admin.choose("keeper", "徐静 (xujing)").await;
        admin.press("添加印章").await;
        admin.wait_for("徐静").await;
        self.picture(admin, "entity").await;
    }
}
