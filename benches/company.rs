//! A company with contracts under approval, written through the actions of the rooms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use qiyue::app::{App, Config, Ground};
use qiyue::approval::{ApprovalError, Ask};
use qiyue::contract::{CONTRACT, EntityFields, NewContract, Seen};
use qiyue::db::{Db, DbError};
use qiyue::kernel::{Actor, CaseId, Channel, EntityId, Hash, SystemClock, SystemRandom, UserId};
use qiyue::org::{DepartmentFields, Org, Origin, Password, Session, SignIn, UserFields};
use qiyue::workflow::{Act, TaskNumber, Verdict};

use crate::places::Place;

/// Who decides, on which task of a contract, in their order.
pub(crate) const WAY: [(&str, TaskNumber); 4] = [("shen", 1), ("fang", 2), ("cai", 3), ("wang", 4)];

/// Login, role, mobile number.
const STAFF: [(&str, &str, &str); 5] = [
    ("shen", "sales-manager", "13800010001"),
    ("zhang", "drafter", "13800010002"),
    ("fang", "legal", "13800010003"),
    ("cai", "finance", "13800010004"),
    ("wang", "general-manager", "13800010005"),
];

/// How many contracts are written at once; more lose races over the counter of their numbers on PostgreSQL.
const WRITERS: usize = 8;

/// A running installation without a server.
pub(crate) struct Company {
    pub(crate) app: App,
    pub(crate) db: Db,
    people: BTreeMap<&'static str, UserId>,
    entity: EntityId,
}

/// A contract that waits for its first decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) case: CaseId,
    /// The content that every approver sees.
    pub(crate) shown: Hash,
}

impl Company {
    pub(crate) async fn found(place: &Place) -> Self {
        let db = Db::open(&place.url).await.unwrap();
        db.migrate().await.unwrap();
        let config = Config { database: Some(place.url.clone()), ..Config::new(place.folder().to_owned()) };
        let ground = Ground { db: db.clone(), clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
        let app = App::build(&config, &ground).await.unwrap();
        let org = app.org();
        let first = org.first_administrator().await.unwrap().expect("an empty database has nobody yet");
        let admin = activated(org, &first.login, first.password, "13800010000").await;
        let people = hire(org, &admin).await;
        app.approvals().publish(&workflow(), "sales-contract.rhai", None).await.unwrap();
        let entity = EntityFields {
            code: "KS".into(),
            name: "开思软件（上海）有限公司".into(),
            credit_code: "91110000600037341L".into(),
            address: "上海市浦东新区金桥路1398号5幢".into(),
            ..EntityFields::default()
        };
        let entity = app.contracts().add_entity(admin.actor(), entity).await.unwrap();
        Self { app, db, people, entity }
    }

    pub(crate) fn actor(&self, login: &str) -> Actor {
        Actor::person(self.people[login], Channel::Page)
    }

    /// The decision of one of those who are asked.
    pub(crate) fn ask(&self, waiting: Waiting, (login, task): (&str, TaskNumber)) -> Ask {
        let verdict = Verdict { task: Some(task), shown: Some(waiting.shown), ..Verdict::default() };
        Ask::of_case(waiting.case, self.actor(login), Act::Approve(verdict))
    }

    /// A token by which a program decides for somebody.
    pub(crate) async fn token(&self, login: &str) -> String {
        let (_, token) = self.app.org().create_token_for(login, "bench", None).await.unwrap();
        token.reveal()
    }

    /// Drafts contracts and hands them in.
    pub(crate) async fn waiting(&self, count: usize) -> Vec<Waiting> {
        stream::iter(0..count).map(|_| self.submitted()).buffer_unordered(WRITERS).collect().await
    }

    async fn submitted(&self) -> Waiting {
        let (contracts, drafter) = (self.app.contracts(), self.actor("zhang"));
        let new = NewContract {
            template: "software-service".into(),
            entity: self.entity,
            our_role: None,
            customer: None,
            opportunity: None,
        };
        let id = contracts.begin(drafter, new).await.unwrap();
        let written =
            [("service_fee", "50万"), ("client.name", "晨星自动化设备有限公司"), ("software_name", "开思 ERP 8.0")];
        let written = written.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let version = contracts.get(self.people["zhang"], id).await.unwrap().version;
        let contract = contracts.save_form(drafter, id, &Seen::version(version), &written).await.unwrap();
        let ask = Ask::of_subject(CONTRACT.reference(id.get()), drafter, Act::Submit { chosen: BTreeMap::new() });
        loop {
            match self.app.approvals().act(ask.clone()).await {
                Ok(done) => return Waiting { case: done.case, shown: contract.content_hash },
                Err(ApprovalError::LostRace | ApprovalError::Db(DbError::Busy)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// The shipped workflow without the files that it needs: a decision does not read them.
fn workflow() -> String {
    let shipped = qiyue::workflow::shipped();
    let shipped = shipped.iter().find(|one| one.file.contains("sales-contract")).expect("it ships");
    let lines = shipped.source.lines().filter(|line| !line.trim_start().starts_with("needs:"));
    lines.collect::<Vec<_>>().join("\n")
}

async fn hire(org: &Org, admin: &Session) -> BTreeMap<&'static str, UserId> {
    let sales =
        DepartmentFields { code: "XS".into(), name: "销售部".into(), parent: None, head: None, active: true };
    let department = org.create_department(admin, sales.clone()).await.unwrap();
    let mut people = BTreeMap::new();
    for (login, role, mobile) in STAFF {
        let fields = UserFields {
            login: login.into(),
            name: format!("员工{login}"),
            mobile: mobile.into(),
            department: (login == "zhang").then_some(department),
            manager: (login == "zhang").then(|| people["shen"]),
            roles: BTreeSet::from([role.to_owned()]),
            ..UserFields::default()
        };
        let (id, password) = org.create_user(admin, fields, None).await.unwrap();
        activated(org, login, password, mobile).await;
        people.insert(login, id);
    }
    people
}

async fn activated(org: &Org, login: &str, one_time: Password, mobile: &str) -> Session {
    let chosen = Password::typed("Liuyi-2026");
    let session = signed_in(org, login, one_time).await;
    org.activate(&session, chosen.clone(), &chosen, mobile).await.unwrap();
    signed_in(org, login, chosen).await
}

async fn signed_in(org: &Org, login: &str, password: Password) -> Session {
    let origin = Origin { address: "127.0.0.1".into(), agent: "bench".into() };
    let signed = org.sign_in(SignIn { login: login.into(), password, origin }).await.unwrap();
    org.by_session(&signed.token).await.unwrap().unwrap()
}
