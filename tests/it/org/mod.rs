//! People: signing in, what they may do, who acts for them.

mod api;
mod browser;
mod command;
mod departments;
mod directory;
mod grid_seconds;
mod grids;
mod pages;
mod permission;
mod sign_in;
mod tokens;
mod users;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use qiyue::db::Db;
use qiyue::kernel::{Clock, Kind, ManualClock, SystemRandom, Timestamp, UserId};
use qiyue::org::{
    Action, Org, OrgError, Origin, Password, ProtectedKind, Reach, Session, SignIn, SignInPolicy, SignedIn, USER,
    UserFields, protected_kinds,
};

/// A kind of a room above, so that grants have something to be about.
pub(crate) const CONTRACT: Kind = Kind::of("contract");

/// What everybody in these tests chooses as their own password.
pub(crate) const OWN: &str = "Liuyi-2026";

/// A company at its first start, and its administrator signed in and activated.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) org: Org,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) admin: Session,
}

impl House {
    pub(crate) async fn new(db: Db) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let org = open(&db, &clock).await;
        let first = org.first_administrator().await.unwrap().expect("an empty database has nobody yet");
        let admin = activated(&org, &first.login, first.password.reveal(), "13800000001").await;
        Self { db, org, clock, admin }
    }

    /// Another process over the same database.
    pub(crate) async fn other_process(&self) -> Org {
        open(&self.db, &self.clock).await
    }

    /// A person with roles, not signed in yet, and their one-time password.
    pub(crate) async fn person(&self, login: &str, roles: &[&str]) -> (UserId, Password) {
        self.org.create_user(&self.admin, fields(login, roles), None).await.unwrap()
    }

    /// A person with roles, signed in and activated.
    pub(crate) async fn colleague(&self, login: &str, mobile: &str, roles: &[&str]) -> Session {
        let (_, password) = self.person(login, roles).await;
        activated(&self.org, login, password.reveal(), mobile).await
    }

    /// The version of a person as a form would have read it.
    pub(crate) async fn version(&self, id: UserId) -> i64 {
        let scope = self.admin.scope(&USER, Action::Read).unwrap();
        self.org.user(&scope, id).await.unwrap().version
    }

    pub(crate) fn later(&self, minutes: u64) -> Timestamp {
        self.clock.now().plus(Duration::from_mins(minutes))
    }

    /// The latest line of the audit log about a person.
    pub(crate) async fn last_act(&self, id: UserId) -> String {
        let subject = qiyue::kernel::Ref::new("user", id.get());
        let read = async move |c: &mut qiyue::db::Conn<'_>| qiyue::db::audit_of(c, &subject, None, 1).await;
        self.db.read(read).await.unwrap().remove(0).action
    }
}

pub(crate) fn fields(login: &str, roles: &[&str]) -> UserFields {
    let roles: BTreeSet<String> = roles.iter().map(ToString::to_string).collect();
    UserFields { login: login.into(), name: format!("员工{login}"), roles, ..UserFields::default() }
}

pub(crate) async fn sign_in(org: &Org, login: &str, password: &str) -> Result<SignedIn, OrgError> {
    sign_in_from(org, login, password, "192.0.2.1").await
}

pub(crate) async fn sign_in_from(org: &Org, login: &str, password: &str, from: &str) -> Result<SignedIn, OrgError> {
    let origin = Origin { address: from.into(), agent: "test".into() };
    org.sign_in(SignIn { login: login.into(), password: Password::typed(password), origin }).await
}

/// Signs in with the one-time password and goes through the first login.
pub(crate) async fn activated(org: &Org, login: &str, one_time: &str, mobile: &str) -> Session {
    let token = sign_in(org, login, one_time).await.unwrap().token;
    let session = org.by_session(&token).await.unwrap().unwrap();
    let own = Password::typed(OWN);
    org.activate(&session, own.clone(), &own, mobile).await.unwrap();
    org.by_session(&token).await.unwrap().unwrap()
}

async fn open(db: &Db, clock: &Arc<ManualClock>) -> Org {
    let mut kinds = protected_kinds();
    kinds.push(ProtectedKind {
        kind: CONTRACT,
        title: "org.kind.user",
        actions: &[Action::Read, Action::Edit],
        first: &[("drafter", &[Action::Read, Action::Edit], Reach::Own), ("legal", &[Action::Read], Reach::All)],
    });
    let clock: Arc<dyn Clock> = clock.clone();
    Org::open(db.clone(), clock, Arc::new(SystemRandom), SignInPolicy::default(), kinds).await.unwrap()
}
