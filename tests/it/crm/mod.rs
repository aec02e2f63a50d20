//! Records and the CRM on top of them, on both databases.

mod api;
mod browser;
mod door;
mod follow_ups;
mod lists;
mod material;
mod opportunities;
mod pages;
mod permission;
mod records;

use std::sync::Arc;

use qiyue::crm::{self, Crm};
use qiyue::db::Db;
use qiyue::deadline::{Deadlines, DueFilter};
use qiyue::i18n::Explain as _;
use qiyue::kernel::{Actor, Channel, Clock, OfficeHours, SystemRandom, Timestamp, UserId};
use qiyue::org::{self, Org, SignInPolicy, UserFields};
use qiyue::record::{Input, Kind, Raw, Record, RecordError, Records, Wish};

use crate::org::{House, fields};

pub(crate) const CUSTOMER: &Kind = crm::DECLARED[0];
pub(crate) const CONTACT: &Kind = crm::DECLARED[1];
pub(crate) const OPPORTUNITY: &Kind = crm::DECLARED[2];
pub(crate) const FOLLOW_UP: &Kind = crm::DECLARED[3];
pub(crate) const DISCOUNT: &Kind = crm::DECLARED[6];
pub(crate) const EXPENSE: &Kind = crm::DECLARED[7];
pub(crate) const PAYMENT_REQUEST: &Kind = crm::DECLARED[8];

/// A company that sells: an administrator, and the CRM over its people.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(crate) org: Org,
    pub(crate) crm: Crm,
    pub(crate) seller: UserId,
}

impl Desk {
    pub(crate) async fn new(db: Db) -> Self {
        let house = House::new(db.clone()).await;
        let clock: Arc<dyn Clock> = house.clock.clone();
        let kinds = [org::protected_kinds(), qiyue::record::protected_kinds(), crm::protected_kinds()].concat();
        let random = Arc::new(SystemRandom);
        let org = Org::open(db.clone(), clock.clone(), random, SignInPolicy::default(), kinds).await.unwrap();
        let crm = Crm::new(db, clock, org.clone());
        let mut desk = Self { house, org, crm, seller: UserId::new(0) };
        desk.seller = desk.person("seller", &["drafter"]).await;
        desk
    }

    /// A person with roles.
    pub(crate) async fn person(&self, login: &str, roles: &[&str]) -> UserId {
        self.person_of(fields(login, roles)).await
    }

    pub(crate) async fn person_of(&self, fields: UserFields) -> UserId {
        let (id, _) = self.house.org.create_user(&self.house.admin, fields, None).await.unwrap();
        self.org.refresh().await.unwrap();
        id
    }

    pub(crate) fn records(&self) -> &Records {
        self.crm.records()
    }

    pub(crate) fn admin(&self) -> UserId {
        self.house.admin.user.id
    }

    pub(crate) async fn make(
        &self,
        kind: &'static Kind,
        by: UserId,
        fields: &[(&str, &str)],
    ) -> Result<i64, RecordError> {
        let wish = Wish { strict: true, ..Wish::default() };
        self.records().create(kind, actor(by), &input(fields), wish).await
    }

    /// A customer of the seller, with another phone number for each name.
    pub(crate) async fn customer(&self, name: &str) -> i64 {
        self.customer_of(self.seller, name).await
    }

    pub(crate) async fn customer_of(&self, owner: UserId, name: &str) -> i64 {
        let phone =
            format!("138{:08}", name.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 100_000_000));
        self.make(CUSTOMER, owner, &with(COMPLETE, &[("name", name), ("phone", &phone)])).await.unwrap()
    }

    pub(crate) async fn get(&self, kind: &'static Kind, id: i64) -> Record {
        self.records().get(self.admin(), kind, id).await.unwrap()
    }

    pub(crate) async fn change(
        &self,
        kind: &'static Kind,
        by: UserId,
        id: i64,
        fields: &[(&str, &str)],
    ) -> Result<i64, RecordError> {
        let version = self.get(kind, id).await.version;
        let wish = Wish { strict: true, ..Wish::default() };
        self.records().change(kind, actor(by), (id, version), &input(fields), wish).await
    }

    pub(crate) async fn act(
        &self,
        kind: &'static Kind,
        by: UserId,
        (id, name): (i64, &str),
        fields: &[(&str, &str)],
    ) -> Result<i64, RecordError> {
        let version = self.get(kind, id).await.version;
        let act = self.records().act_named(kind, name).unwrap();
        self.records().act(kind, act, actor(by), (id, version), &input(fields)).await
    }

    /// What is due, by source and instant.
    pub(crate) async fn due(&self) -> Vec<(i64, Timestamp)> {
        let scope = self.org.scope_of_the_program(&crm::FOLLOW_UP, org::Action::Read);
        let (db, clock): (Db, Arc<dyn Clock>) = (self.house.db.clone(), self.house.clock.clone());
        let deadlines = Deadlines::new(db, clock, self.org.clone(), OfficeHours::default());
        let (page, _) = deadlines.due(&scope, &DueFilter::default(), None).await.unwrap();
        page.rows.into_iter().map(|row| (row.subject.id, row.due_at)).collect()
    }
}

/// Everything that a customer needs.
pub(crate) const COMPLETE: &[(&str, &str)] = &[
    ("name", "远望科技有限公司"),
    ("contact_name", "王经理"),
    ("phone", "13800138000"),
    ("industry", "information-services"),
    ("source", "website"),
    ("province", "浙江省"),
    ("city", "杭州市"),
];

/// The same with other values in some fields, or more fields.
pub(crate) fn with<'a>(base: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = base.iter().filter(|(name, _)| other.iter().all(|(changed, _)| changed != name));
    kept.chain(other).copied().collect()
}

pub(crate) fn input(fields: &[(&str, &str)]) -> Input {
    fields.iter().map(|(name, value)| ((*name).to_owned(), Raw::Typed((*value).to_owned()))).collect()
}

pub(crate) fn actor(user: UserId) -> Actor {
    Actor::person(user, Channel::Page)
}

/// The fields that were refused, each with its code.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, RecordError>) -> Vec<(String, &'static str)> {
    let error = result.unwrap_err();
    error.parts().iter().map(|one| (one.field().unwrap_or_default().to_owned(), one.code())).collect()
}

/// The code of what was refused as a whole.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, RecordError>) -> &'static str {
    result.unwrap_err().code()
}
