//! What can be done with people: read, decide, store.

mod absences;
mod departments;
mod grid_news;
mod grid_withdrawal;
mod grids;
mod roles;
mod sign_in;
mod start;
mod themselves;
mod tokens;
mod users;

pub use grid_withdrawal::GridWithdrawal;
pub use sign_in::{SignIn, SignedIn};
pub(super) use start::seed;
pub use start::{FIRST_LOGIN, FirstAdministrator};

use std::sync::Arc;

use serde::Serialize;

use super::{Authority, Org, OrgError, Password, store};
use crate::db::{AuditEntry, Conn, DbError, record};
use crate::kernel::{Actor, Ref, Timestamp};

/// How often an action decides again when others change the directory at the same time.
const TRIES: usize = 5;

/// Who changes something, and when: what every line of the audit log begins with.
#[derive(Clone, Copy)]
struct Mark {
    actor: Actor,
    at: Timestamp,
}

impl Mark {
    /// Writes down what became of what, in the write that does it.
    async fn write<T: Serialize>(
        self,
        c: &mut Conn<'_>,
        subject: &Ref,
        action: &'static str,
        old: Option<&T>,
        new: Option<&T>,
    ) -> Result<(), DbError> {
        let json = |value: Option<&T>| value.map(serde_json::to_value).transpose();
        let unwritable = |error: serde_json::Error| DbError::Check(error.to_string());
        let (old, new) = (json(old).map_err(unwritable)?, json(new).map_err(unwritable)?);
        let Self { actor, at } = self;
        record(c, &AuditEntry { at, actor, subject: subject.clone(), action, old, new }).await
    }
}

impl Org {
    /// Decides on the directory as it stands and stores in one write, in which its version rises; again when somebody was faster.
    /// Whoever loses the right to administer something by it is remembered.
    async fn change<T, D, W>(&self, decide: D) -> Result<T, OrgError>
    where
        T: Send + 'static,
        D: Fn(&Authority) -> Result<W, OrgError>,
        W: AsyncFn(&mut Conn<'_>) -> Result<T, OrgError> + Send + Sync + 'static,
    {
        let mut tries = 0;
        loop {
            let authority = self.refresh().await?;
            let version = authority.directory().version;
            let write = decide(&authority)?;
            let (kinds, at) = (Arc::clone(&self.0.kinds), self.now());
            let unit = async move |c: &mut Conn<'_>| {
                store::directory::rise(c, version).await?;
                let done = write(c).await?;
                let after = store::directory::load(c, Arc::clone(&kinds)).await?;
                store::former::keep(c, &authority, &after, at).await?;
                Ok(done)
            };
            tries += 1;
            match self.0.db.write(unit).await {
                Err(OrgError::Raced) if tries < TRIES => {}
                done => {
                    self.refresh().await?;
                    return done;
                }
            }
        }
    }

    /// The stored form of a password, made off the async threads, few at once.
    async fn hash(&self, password: Password) -> Result<String, OrgError> {
        let random = Arc::clone(&self.0.random);
        self.off_threads(move || password.hash(&*random)).await?
    }

    /// Whether `stored` was made of the password; the same work without a stored one.
    async fn matches(&self, password: Password, stored: Option<String>) -> Result<bool, OrgError> {
        self.off_threads(move || password.matches(stored.as_deref())).await
    }

    async fn off_threads<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, OrgError> {
        let failed = |error: &dyn std::error::Error| OrgError::Hashing(error.to_string());
        let _turn = self.0.hashing.acquire().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))
    }
}
