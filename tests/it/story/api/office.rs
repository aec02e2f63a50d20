//! An office that starts from nothing: the program of the administrator hires its people and sets up mail, entity and seal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::Desk;
use crate::support::{Mail, Program, Reader, Smtp, TestApp};

/// Login, name, roles.
const PEOPLE: [(&str, &str, &[&str]); 8] = [
    ("limin", "李敏", &["sales-manager"]),
    ("zhangwei", "张伟", &["drafter"]),
    ("liuyang", "刘洋", &["legal"]),
    ("hanxue", "韩雪", &["legal"]),
    ("wujie", "吴洁", &["finance"]),
    ("linyue", "林悦", &["general-manager"]),
    ("zhengli", "郑丽", &["accountant"]),
    ("xujing", "徐静", &["seal-keeper", "archivist"]),
];

/// The people with their programs.
pub(super) struct Office<'a> {
    pub(super) app: &'a TestApp,
    pub(super) smtp: Smtp,
    pub(super) admin: Desk<'a>,
    pub(super) entity: i64,
    people: BTreeMap<&'static str, Desk<'a>>,
    codes: Arc<BTreeSet<String>>,
}

impl<'a> Office<'a> {
    /// Opens the office; without a mail server the test is skipped.
    pub(super) async fn open(app: &'a TestApp) -> Option<Self> {
        let smtp = Smtp::start()?;
        let document: Value = reqwest::get(app.url("/api/openapi.json")).await.unwrap().json().await.unwrap();
        let listed = document["components"]["schemas"]["ErrorCode"]["enum"].as_array().unwrap();
        let codes: BTreeSet<String> = listed.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        let codes = Arc::new(codes);
        let admin = Desk::of(Program::of(&Reader::admin(app).await).await, Arc::clone(&codes)).await;
        let mut office = Self { app, smtp, admin, entity: 0, people: BTreeMap::new(), codes };
        office.set_up_mail().await;
        office.hire().await;
        office.set_up_entity().await;
        Some(office)
    }

    /// The program of a person.
    pub(super) fn at(&self, login: &str) -> &Desk<'a> {
        &self.people[login]
    }

    /// The newest mail to a person whose subject holds these words.
    pub(super) async fn mail(&self, login: &str, subject: &str) -> Mail {
        self.smtp.wait_for(&format!("{login}@qingyun.example"), subject).await
    }

    /// The server is set, tried and changed.
    async fn set_up_mail(&self) {
        let server = |name: &str| {
            json!({"host": "127.0.0.1", "port": self.smtp.port(), "security": "none",
                "sender": "contract@qingyun.example", "sender_name": name})
        };
        let none = self.admin.get("/mail-server").await;
        assert_eq!((&none["server"], &none["version"]), (&Value::Null, &json!(0)));
        let set = self.admin.put("/mail-server", json!({"server": server("青云"), "version": 0})).await;
        let wish = json!({"server": server("青云软件合同"), "version": set["version"]});
        assert_eq!(self.admin.put("/mail-server", wish).await["server"]["sender_name"], "青云软件合同");
        self.admin.post("/mail-server/test", json!({"to": "admin@qingyun.example"})).await;
        let mail = self.mail("admin", "").await;
        assert_eq!(mail.from, "contract@qingyun.example");
    }

    async fn hire(&mut self) {
        let department = self.admin.post("/departments", json!({"code": "XS", "name": "销售"})).await;
        let path = format!("/departments/{}", department["id"]);
        let named = json!({"code": "XS", "name": "销售部", "version": department["version"]});
        assert_eq!(self.admin.put(&path, named).await["name"], "销售部");
        for (number, (login, name, roles)) in (1..).zip(PEOPLE) {
            let mobile = format!("1380001000{number}");
            let mut new = json!({"login": login, "name": name, "roles": roles, "mobile": mobile,
                "email": format!("{login}@qingyun.example")});
            if login == "zhangwei" {
                new["department"] = department["id"].clone();
                new["manager"] = json!(self.at("limin").id);
            }
            let made = self.admin.post("/users", new).await;
            let reader = Reader::activated(self.app, login, made["one_time_password"].as_str().unwrap(), &mobile).await;
            let desk = Desk::of(Program::of(&reader).await, Arc::clone(&self.codes)).await;
            self.people.insert(login, desk);
        }
    }

    async fn set_up_entity(&mut self) {
        let mut fields = json!({"name": "青云软件（杭州）有限公司", "code": "QY", "credit_code": "91330106MA2CFGK217",
            "address": "浙江省杭州市西湖区文三路478号", "legal_representative": "周明远", "contact": "", "phone": "",
            "email": "", "bank": "中国工商银行杭州文三路支行", "bank_account": "1202021109900123456"});
        let entity = self.admin.post("/entities", fields.clone()).await;
        self.entity = entity["id"].as_i64().unwrap();
        let path = format!("/entities/{}", self.entity);
        fields["phone"] = json!("0571-88001234");
        let changed = json!({"version": entity["version"], "active": true, "entity": fields});
        assert_eq!(self.admin.put(&path, changed).await["phone"], "0571-88001234");
        let keeper = |login: &str| self.at(login).id;
        let seal = json!({"kind": "合同专用章", "keeper": keeper("limin")});
        let with_seal = self.admin.post(&format!("{path}/seals"), seal).await;
        let seal = &with_seal["seals"][0];
        let given = json!({"keeper": keeper("xujing"), "active": true, "version": seal["version"]});
        let given = self.admin.put(&format!("{path}/seals/{}", seal["id"]), given).await;
        assert_eq!(given["seals"][0]["keeper"], keeper("xujing"));
    }
}
