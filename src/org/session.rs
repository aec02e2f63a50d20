//! Somebody who is signed in, and for how long.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::permission::{Authority, Forbidden, Scope};
use super::role::Action;
use super::user::User;
use crate::kernel::id::id;
use crate::kernel::{Actor, Channel, Kind, Timestamp, UserId};

id! {
    /// A browser where somebody is signed in.
    SessionId,
    /// A token by which a program acts for a person.
    ApiTokenId,
    /// A time when somebody is away.
    AbsenceId,
}

/// How long sessions last and how many wrong passwords are borne.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInPolicy {
    /// A session ends after so long without a request.
    pub idle: Duration,
    /// A session ends after so long in any case.
    pub longest: Duration,
    /// How often a session or token writes down that it was used.
    pub noted_every: Duration,
    /// Wrong passwords are counted over so long.
    pub window: Duration,
    /// Wrong passwords of one login within the window.
    pub per_login: i64,
    /// Wrong passwords from one address within the window; a whole office may share one.
    pub per_address: i64,
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self {
            idle: Duration::from_hours(24),
            longest: Duration::from_hours(30 * 24),
            noted_every: Duration::from_mins(5),
            window: Duration::from_mins(15),
            per_login: 8,
            per_address: 60,
        }
    }
}

impl SignInPolicy {
    /// When a session that began at `began` and is used at `now` ends, if it is not used again.
    pub fn expiry(&self, began: Timestamp, now: Timestamp) -> Timestamp {
        now.plus(self.idle).min(began.plus(self.longest))
    }
}

/// By which way somebody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A browser.
    Browser(SessionId),
    /// A program with a token.
    Token(ApiTokenId),
}

/// Somebody who is signed in, with what they may do as it stood when their request began.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub user: User,
    /// By which way.
    pub via: Via,
    /// People and permissions of this request.
    pub(super) authority: Arc<Authority>,
}

impl Session {
    /// Their id.
    pub fn user_id(&self) -> UserId {
        self.user.id
    }

    /// What an action writes down about who did it.
    pub fn actor(&self) -> Actor {
        let channel = match self.via {
            Via::Browser(_) => Channel::Page,
            Via::Token(_) => Channel::Api,
        };
        Actor::person(self.user.id, channel)
    }

    /// Which records of `kind` they may do `action` with.
    pub fn scope(&self, kind: &Kind, action: Action) -> Result<Scope, Forbidden> {
        self.authority.scope(self.user.id, kind, action)
    }

    /// Whether they may do `action` with some records of `kind`; for what a page offers.
    pub fn may(&self, kind: &Kind, action: Action) -> bool {
        self.scope(kind, action).is_ok()
    }

    /// Everything they may do with some record of a kind, as `kind.action`.
    pub fn powers(&self) -> BTreeSet<String> {
        self.authority.powers(self.user.id)
    }

    /// People and permissions of this request.
    pub fn authority(&self) -> &Arc<Authority> {
        &self.authority
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("user", &self.user.id).field("via", &self.via).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_slides_but_not_for_ever() {
        let policy = SignInPolicy::default();
        let began = Timestamp::from_micros(0);
        let later = began.plus(Duration::from_hours(1));
        assert_eq!(policy.expiry(began, later), later.plus(policy.idle));
        let at_the_end = began.plus(policy.longest);
        assert_eq!(policy.expiry(began, at_the_end), at_the_end);
    }
}
