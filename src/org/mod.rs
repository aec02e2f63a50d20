//! People: who can sign in, where they work, what they may do, and who acts for them while they are away.
//!
//! [`Org`] keeps one frozen [`Authority`] a directory version: the [`Directory`](crate::workflow::Directory) that approvals are asked
//! with, and the grants that every [`Scope`] comes from. The version rises in the same write as any change, and each request compares
//! it, so that a change takes effect when it is saved, in every process. Permission has one door: queries for records demand a
//! [`Scope`], and only this room makes one.

mod absence;
mod actions;
pub mod api;
mod department;
mod error;
mod grid;
mod messenger;
pub mod pages;
mod password;
mod permission;
mod queries;
mod role;
mod second;
mod session;
mod store;
mod user;

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio::sync::Semaphore;

pub use absence::{Absence, AbsenceFields};
pub use actions::{FIRST_LOGIN, FirstAdministrator, GridWithdrawal, SignIn, SignedIn};
pub use department::{Department, DepartmentFields, as_tree};
pub use error::OrgError;
pub use grid::{GridError, GridFields, GridId, GridVersionFields};
pub use messenger::{Messenger, Told};
pub use password::{Password, SHORTEST as SHORTEST_PASSWORD};
pub use permission::{Authority, Forbidden, ProtectedKind, Records, Scope};
pub use queries::{USERS_A_PAGE, UserFilter};
pub use role::{ADMINISTRATOR, Action, Grant, Reach, Role, RoleFields};
pub use second::Second;
pub use session::{AbsenceId, ApiTokenId, Session, SessionId, SignInPolicy, Via};
pub use store::STATEMENTS;
pub use store::sessions::{OpenSession, Origin};
pub use store::tokens::ApiToken;
pub use user::{Contact, Profile, User, UserFields};

use crate::db::{Change, Changes, Conn, Db, DbError};
use crate::kernel::{Clock, Date, Kind, Random, Timestamp, UserId};
use crate::workflow::Directory;

/// Users, as a kind of record that roles are granted.
pub const USER: Kind = Kind::of("user");
/// Departments, likewise.
pub const DEPARTMENT: Kind = Kind::of("department");
/// Authority grids, likewise.
pub const AUTHORITY_GRID: Kind = Kind::of("authority_grid");
/// Roles, likewise. Who may administer them can give themselves every right.
pub const ROLE: Kind = Kind::of("role");

/// Passwords that are hashed at once: each takes 19 MiB.
const HASHING_AT_ONCE: usize = 2;

/// The handle of this room; cheap to clone.
#[derive(Clone)]
pub struct Org(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    policy: SignInPolicy,
    kinds: Arc<[ProtectedKind]>,
    authority: RwLock<Arc<Authority>>,
    hashing: Semaphore,
    messenger: OnceLock<Arc<dyn Messenger>>,
}

/// What this room itself protects.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    use Action::{Administer, Create, Edit, Read};
    vec![
        ProtectedKind {
            kind: USER,
            title: "org.kind.user",
            actions: &[Read, Create, Edit, Administer],
            first: &[("auditor", &[Read], Reach::All)],
        },
        ProtectedKind {
            kind: DEPARTMENT,
            title: "org.kind.department",
            actions: &[Read, Create, Edit],
            first: &[("auditor", &[Read], Reach::All)],
        },
        ProtectedKind {
            kind: AUTHORITY_GRID,
            title: "org.kind.authority_grid",
            actions: &[Read, Administer],
            first: &[("auditor", &[Read], Reach::All)],
        },
        ProtectedKind {
            kind: ROLE,
            title: "org.kind.role",
            actions: &[Read, Administer],
            first: &[("auditor", &[Read], Reach::All)],
        },
    ]
}

impl Org {
    /// Opens the room over a migrated database: gives shipped roles what `kinds` name for them where a kind is new, and reads the
    /// directory. `kinds` are those of all rooms, [`protected_kinds`] among them.
    pub async fn open(
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        policy: SignInPolicy,
        kinds: Vec<ProtectedKind>,
    ) -> Result<Self, OrgError> {
        let kinds: Arc<[ProtectedKind]> = kinds.into();
        let changes = db.subscribe();
        let authority = actions::seed(&db, clock.now(), Arc::clone(&kinds)).await?;
        let authority = RwLock::new(Arc::new(authority));
        let hashing = Semaphore::new(HASHING_AT_ONCE);
        let org =
            Self(Arc::new(Inner { db, clock, random, policy, kinds, authority, hashing, messenger: OnceLock::new() }));
        tokio::spawn(org.follow(changes));
        Ok(org)
    }

    /// From now on people are told what waits for them; the first messenger stays.
    pub fn tell_through(&self, messenger: Arc<dyn Messenger>) {
        // Whoever puts the rooms together does it once.
        drop(self.0.messenger.set(messenger));
    }

    /// Everybody as the database has them, for a command that only reads beside a server.
    pub async fn read_directory(db: &Db) -> Result<Arc<Directory>, DbError> {
        let load = async |c: &mut Conn<'_>| store::directory::load(c, Arc::default()).await;
        Ok(Arc::clone(db.read(load).await?.directory()))
    }

    /// Everybody, as last read in this process. A write that depends on it compares [`Org::directory_version`] and, when that moved on,
    /// calls [`Org::refresh`] and decides again.
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(self.authority().directory())
    }

    /// Everybody and what they may do, as last read in this process.
    pub fn authority(&self) -> Arc<Authority> {
        Arc::clone(&self.0.authority.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The version of the directory, within a unit.
    pub async fn directory_version(c: &mut Conn<'_>) -> Result<i64, DbError> {
        store::directory::version(c).await
    }

    /// Reads the directory again if it changed.
    pub async fn refresh(&self) -> Result<Arc<Authority>, OrgError> {
        let version = self.0.db.read(async |c| Self::directory_version(c).await.map_err(OrgError::from)).await?;
        self.at_version(version).await
    }

    /// Which records of `kind` a person may do `action` with, where there is no session: for digests and reports that are sent.
    pub fn scope_of(&self, user: UserId, kind: &Kind, action: Action) -> Result<Scope, Forbidden> {
        self.authority().scope(user, kind, action)
    }

    /// Every record of `kind`, for the program's own jobs. Never for what a person asks for.
    pub fn scope_of_the_program(&self, kind: &Kind, action: Action) -> Scope {
        Scope::of_the_program(kind.clone(), action)
    }

    /// The kinds that roles can be granted.
    pub fn kinds(&self) -> &[ProtectedKind] {
        &self.0.kinds
    }

    /// The day where the company is.
    pub fn today(&self) -> Date {
        grid::day(self.now())
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The authority at `version`, read again when the one at hand is another.
    async fn at_version(&self, version: i64) -> Result<Arc<Authority>, OrgError> {
        let known = self.authority();
        if known.directory().version >= version {
            return Ok(known);
        }
        let kinds = Arc::clone(&self.0.kinds);
        let load =
            async move |c: &mut Conn<'_>| Ok::<_, OrgError>(store::directory::load(c, Arc::clone(&kinds)).await?);
        let read = Arc::new(self.0.db.read(load).await?);
        let mut held = self.0.authority.write().unwrap_or_else(PoisonError::into_inner);
        // Another task may have read a later one meanwhile.
        if held.directory().version < read.directory().version {
            *held = read;
        }
        Ok(Arc::clone(&held))
    }

    /// Reads the directory again whenever a process says that it changed, for as long as somebody holds this room.
    fn follow(&self, mut changes: Changes) -> impl Future<Output = ()> + Send + use<> {
        let inner = Arc::downgrade(&self.0);
        async move {
            while let Some(change) = changes.next().await {
                let Some(inner) = inner.upgrade() else { return };
                let ours = match &change {
                    Change::Topic(topic) => topic.as_ref() == store::directory::TOPIC,
                    Change::Unknown => true,
                };
                if ours && let Err(error) = Self(inner).refresh().await {
                    // The next request compares the version and reads again.
                    tracing::warn!(%error, "the directory could not be read again");
                }
            }
        }
    }
}
