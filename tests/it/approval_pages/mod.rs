//! Approvals as people meet them: boxes, the decision page, links in messages, stuck cases, workflows, the JSON interface.

mod api;
mod authoring;
mod boxes;
mod browser;
mod command;
mod decide;
mod drafters;
mod evidence;
mod figures;
mod grids;
mod links;
mod messages;
mod outdated;
mod record_content;
mod record_effects;
mod records;
mod sight;
mod workflows;

use std::sync::Arc;
use std::time::Duration;

use qiyue::app::{App, Config, Ground};
use qiyue::approval::{ApprovalError, Ask, Done};
use qiyue::contract::{CONTRACT, EntityFields, NewContract, SealFields, SealKind, Seen};
use qiyue::db::{Conn, Db, DbError};
use qiyue::kernel::{Actor, CaseId, Channel, ContractId, ManualClock, SystemRandom, UserId};
use qiyue::org::{DepartmentFields, Origin, Password, Session, SignIn, UserFields};
use qiyue::params;
use qiyue::workflow::{Act, Verdict};
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION};
use reqwest::{Client, Response, redirect};

use crate::org::{OWN, activated};
use crate::support::{self, Browser, serve};

/// A company with a drafter, a manager, legal, finance, a general manager and an accountant, on a server of its own.
pub(crate) struct Company {
    pub(crate) app: App,
    pub(crate) db: Db,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) address: String,
    admin: Session,
    entity: qiyue::kernel::EntityId,
    _folder: tempfile::TempDir,
}

/// Login, name, roles.
const PEOPLE: [(&str, &str, &str); 7] = [
    ("zhang", "张三", "drafter"),
    ("wang", "王敏", "sales-manager"),
    ("li", "李法务", "legal"),
    ("qian", "钱财务", "finance"),
    ("zhao", "赵总", "general-manager"),
    ("kuai", "会计小周", "accountant"),
    ("nobody", "路人", "archivist"),
];

impl Company {
    pub(crate) async fn new(db: Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let ground = Ground { db: db.clone(), clock: clock.clone(), random: Arc::new(SystemRandom) };
        let app = App::build(&Config::new(folder.path().to_owned()), &ground).await.unwrap();
        let first = app.org().first_administrator().await.unwrap().expect("an empty database has nobody yet");
        let admin = activated(app.org(), &first.login, first.password.reveal(), "13800000001").await;
        let address = serve(app.router.clone()).await;
        let entity = EntityFields {
            code: "KS".into(),
            name: "开思软件（上海）有限公司".into(),
            credit_code: "91110000600037341L".into(),
            address: "上海市浦东新区金桥路1398号5幢".into(),
            ..EntityFields::default()
        };
        let entity = app.contracts().add_entity(Actor::person(admin.user_id(), Channel::Page), entity).await.unwrap();
        let company = Self { app, db, clock, address, admin, entity, _folder: folder };
        company.hire().await;
        company
    }

    async fn hire(&self) {
        let org = self.app.org();
        let unit = DepartmentFields { code: "XS".into(), name: "销售部".into(), active: true, ..Default::default() };
        let sales = org.create_department(&self.admin, unit.clone()).await.unwrap();
        for (number, (login, name, role)) in (2..).zip(PEOPLE) {
            let fields = UserFields {
                login: login.into(),
                name: name.into(),
                department: Some(sales),
                roles: [role.to_owned()].into(),
                ..UserFields::default()
            };
            let (_, password) = org.create_user(&self.admin, fields, None).await.unwrap();
            activated(org, login, password.reveal(), &format!("1380000000{number}")).await;
        }
        let head = Some(self.id("wang"));
        org.edit_department(&self.admin, sales, 1, DepartmentFields { head, ..unit }).await.unwrap();
    }

    /// Somebody else with a role.
    pub(crate) async fn hire_as(&self, login: &str, name: &str, role: &str) {
        let (login_name, roles) = (login.to_owned(), [role.to_owned()].into());
        let fields = UserFields { login: login_name, name: name.into(), roles, ..UserFields::default() };
        let org = self.app.org();
        let (id, password) = org.create_user(&self.admin, fields, None).await.unwrap();
        activated(org, login, password.reveal(), &format!("139{id:0>8}")).await;
        org.refresh().await.unwrap();
    }

    /// A president and a seal, so that the workflows that come with the program have no errors here.
    pub(crate) async fn complete(&self) {
        self.hire_as("cai", "总裁老蔡", "president").await;
        let seal = SealFields { kind: SealKind::Contract, keeper: self.id("kuai"), active: true };
        self.app.contracts().add_seal(self.person("admin"), self.entity, seal).await.unwrap();
    }

    pub(crate) fn id(&self, login: &str) -> UserId {
        self.app.org().directory().by_login(login).unwrap().id
    }

    pub(crate) fn person(&self, login: &str) -> Actor {
        Actor::person(self.id(login), Channel::Page)
    }

    /// 软件服务合同 of 张三 with that fee, not submitted yet; from 10万 up with a clause of its own.
    pub(crate) async fn draft(&self, fee: &str) -> ContractId {
        let (template, entity) = ("software-service".to_owned(), self.entity);
        let new = NewContract { template, entity, our_role: None, customer: None, opportunity: None };
        let (contracts, drafter) = (self.app.contracts(), self.person("zhang"));
        let id = contracts.begin(drafter, new).await.unwrap();
        let version = contracts.get(drafter.user.unwrap(), id).await.unwrap().version;
        let large = fee.chars().filter(char::is_ascii_digit).count() > 1;
        let special = if large { "乙方免费驻场三个月。" } else { "" };
        let sent = [
            ("service_fee", fee),
            ("client.name", "晨星自动化设备（苏州）有限公司"),
            ("software_name", "启约"),
            ("clauses/special-terms", special),
        ];
        let sent = sent.map(|(name, text)| (name.to_owned(), text.to_owned()));
        contracts.save_form(drafter, id, &Seen::Version(version), &sent).await.unwrap();
        contracts
            .attach(drafter, (id, &Seen::Anything), "business_license", ("营业执照.txt", "执照".as_bytes()))
            .await
            .unwrap();
        contracts
            .attach(drafter, (id, &Seen::Anything), "bid_documents", ("比价.txt", "三家报价".as_bytes()))
            .await
            .unwrap();
        id
    }

    pub(crate) async fn submit(&self, contract: ContractId) -> CaseId {
        let act = Act::Submit { chosen: std::collections::BTreeMap::new() };
        let ask = Ask::of_subject(CONTRACT.reference(contract.get()), self.person("zhang"), act);
        self.app.approvals().act(ask).await.unwrap().case
    }

    /// A submitted contract; 王敏 is asked first.
    pub(crate) async fn case(&self, fee: &str) -> CaseId {
        self.submit(self.draft(fee).await).await
    }

    /// Somebody approves their open task, as the API would.
    pub(crate) async fn approve(&self, case: CaseId, login: &str) -> Result<Done, ApprovalError> {
        let state = self.app.approvals().state(case).await.unwrap();
        let person = self.id(login);
        let mut open = state.tasks.iter().filter(|(_, task)| task.open);
        let task = open.find(|(_, task)| task.opened.candidates.iter().any(|one| one.person == person));
        let verdict = Verdict { task: task.map(|(number, _)| *number), shown: state.content, ..Verdict::default() };
        self.app.approvals().act(Ask::of_case(case, self.person(login), Act::Approve(verdict))).await
    }

    /// Who is asked now, by login.
    pub(crate) async fn asked(&self, case: CaseId) -> Vec<String> {
        let state = self.app.approvals().state(case).await.unwrap();
        let directory = self.app.org().directory();
        let open = state.tasks.values().filter(|task| task.open).flat_map(|task| &task.opened.candidates);
        open.map(|one| directory.people[&one.person].login.clone()).collect()
    }

    /// Kind and headline of everything posted to somebody, oldest first.
    pub(crate) async fn told(&self, login: &str) -> Vec<(String, serde_json::Value)> {
        const TOLD: &str = "SELECT kind, headline FROM message WHERE person = $1 ORDER BY id";
        let person = self.id(login);
        let read = async move |c: &mut Conn<'_>| c.all::<(String, String)>(TOLD, params![person]).await;
        let rows: Result<_, DbError> = self.db.read(read).await;
        rows.unwrap().into_iter().map(|(kind, headline)| (kind, serde_json::from_str(&headline).unwrap())).collect()
    }

    pub(crate) async fn kinds_told(&self, login: &str) -> Vec<String> {
        self.told(login).await.into_iter().map(|(kind, _)| kind).collect()
    }

    /// The address of the newest link that somebody got: `/a/TOKEN`.
    pub(crate) async fn link(&self, login: &str) -> String {
        const LINK: &str =
            "SELECT action_path FROM message WHERE person = $1 AND action_path IS NOT NULL ORDER BY id DESC LIMIT 1";
        let person = self.id(login);
        let read = async move |c: &mut Conn<'_>| c.one::<(String,)>(LINK, params![person]).await;
        let row: Result<_, DbError> = self.db.read(read).await;
        row.unwrap().0
    }

    /// Everything of this room as text, to see that nothing changed.
    pub(crate) async fn everything(&self) -> String {
        const CASES: &str = "SELECT id, seq, status, updated_at FROM approval_case ORDER BY id";
        const LINKS: &str = "SELECT case_id, task, ended_at, ended_because FROM approval_link ORDER BY token";
        const MESSAGES: &str = "SELECT id, key, not_before FROM message ORDER BY id";
        const COPIES: &str = "SELECT case_id, node, read_at FROM approval_copy ORDER BY case_id, node, person";
        let read = async |c: &mut Conn<'_>| {
            let cases: Vec<(i64, i64, String, i64)> = c.all(CASES, &[]).await?;
            let links: Vec<(i64, i64, Option<i64>, Option<String>)> = c.all(LINKS, &[]).await?;
            let messages: Vec<(i64, String, i64)> = c.all(MESSAGES, &[]).await?;
            let copies: Vec<(i64, String, Option<i64>)> = c.all(COPIES, &[]).await?;
            Ok::<_, DbError>(format!("{cases:?}\n{links:?}\n{messages:?}\n{copies:?}"))
        };
        self.db.read(read).await.unwrap()
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The cookie of a new session of somebody.
    pub(crate) async fn session(&self, login: &str) -> String {
        let origin = Origin { address: "192.0.2.1".into(), agent: "test".into() };
        let password = Password::typed(OWN);
        let signed_in = self.app.org().sign_in(SignIn { login: login.into(), password, origin }).await.unwrap();
        signed_in.token.reveal()
    }

    /// Somebody with a browser without pictures, reading Chinese.
    pub(crate) async fn reader(&self, login: &str) -> Reader<'_> {
        Reader { company: self, cookie: Some(format!("qiyue_session={}", self.session(login).await)), lang: "zh" }
    }

    /// Somebody with a login and no rights.
    pub(crate) async fn outsider(&self) -> Reader<'_> {
        let roles = self.app.org().roles().await.unwrap();
        let archivist = roles.iter().find(|role| role.name == "archivist").unwrap();
        let fields = qiyue::org::RoleFields {
            name: archivist.name.clone(),
            title_zh: archivist.title_zh.clone(),
            title_en: archivist.title_en.clone(),
            grants: std::collections::BTreeSet::new(),
        };
        self.app.org().edit_role(&self.admin, archivist.id, archivist.version, fields).await.unwrap();
        self.reader("nobody").await
    }

    /// Whoever opens a link: no session, no cookies but those of the site itself.
    pub(crate) fn stranger(&self) -> Reader<'_> {
        Reader { company: self, cookie: None, lang: "zh" }
    }

    /// Signs a real browser in.
    pub(crate) async fn sign_in(&self, browser: &Browser, login: &str) {
        browser.goto(&format!("{}/login", self.address)).await;
        let token = self.session(login).await;
        browser.run_in_page(&format!("document.cookie = 'qiyue_session={token}; path=/'")).await;
    }
}

/// Somebody who reads pages and sends forms over HTTP.
pub(crate) struct Reader<'a> {
    company: &'a Company,
    cookie: Option<String>,
    lang: &'static str,
}

impl Reader<'_> {
    /// The same person, reading English from now on.
    pub(crate) async fn in_english(self) -> Self {
        if self.cookie.is_some() {
            self.post("/language", &[("lang", "en"), ("next", "/")]).await;
        }
        Self { lang: "en", ..self }
    }

    fn client() -> Client {
        Client::builder().redirect(redirect::Policy::none()).build().unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = Self::client().get(format!("{}{path}", self.company.address)).header(ACCEPT_LANGUAGE, self.lang);
        self.with_cookie(request).send().await.unwrap()
    }

    pub(crate) async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        read(response).await
    }

    fn with_cookie(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    /// Sends a form; a stranger first takes the cookie that forms are bound to.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let shown = self.get("/nowhere").await;
        let seed =
            shown.headers().get("set-cookie").map(|it| it.to_str().unwrap().split(';').next().unwrap().to_owned());
        let page = shown.text().await.unwrap();
        let csrf = page.split_once(r#"name="csrf" value=""#).unwrap().1.split('"').next().unwrap().to_owned();
        let mut form = fields.to_vec();
        form.push(("csrf", &csrf));
        let request = Self::client().post(format!("{}{path}", self.company.address)).header(ACCEPT_LANGUAGE, self.lang);
        let request = match (&self.cookie, seed) {
            (None, Some(seed)) => request.header(COOKIE, seed),
            _ => self.with_cookie(request),
        };
        request.form(&form).send().await.unwrap()
    }

    /// Presses a button of the page at `path` whose forms post below `base`, with the task and the content that it shows.
    pub(crate) async fn decide(&self, base: &str, act: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.page(base).await;
        let (task, shown) = (hidden(&page, "task"), hidden(&page, "shown"));
        let mut form = fields.to_vec();
        form.extend([("task", task.as_str()), ("shown", shown.as_str())]);
        self.post(&format!("{base}/{act}"), &form).await
    }
}

/// The text of an answer, slashes as people write them.
pub(crate) async fn read(response: Response) -> String {
    response.text().await.unwrap().replace("&#x2f;", "/")
}

/// What a hidden field of a page holds; nothing where there is none.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    support::hidden(page, name).unwrap_or_default().to_owned()
}

pub(crate) fn leads_to(response: &Response) -> &str {
    assert_eq!(response.status(), 303);
    response.headers()[LOCATION].to_str().unwrap()
}
