//! Signing in and out, and who stands behind a token.

use std::time::Duration;

use crate::db::Conn;
use crate::kernel::{Actor, Channel, Ref, Timestamp, Token};
use crate::org::session::{Session, Via};
use crate::org::store::sessions::Origin;
use crate::org::{Org, OrgError, Password, SignInPolicy, store};

use super::Mark;

/// Characters of what a browser calls itself that are kept.
const AGENT_KEPT: usize = 200;

/// Somebody wants to sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// As typed.
    pub login: String,
    /// As typed.
    pub password: Password,
    /// Where from.
    pub origin: Origin,
}

/// Somebody signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// What their browser shows from now on. Only its hash is stored.
    pub token: Token,
    /// Whether they still have to set a password of their own and a mobile number.
    pub first: bool,
}

impl Org {
    /// Signs somebody in. An attempt counts before its password is looked at, so that a thousand at once are no way around the limit.
    pub async fn sign_in(&self, attempt: SignIn) -> Result<SignedIn, OrgError> {
        let login = attempt.login.trim().to_lowercase();
        let now = self.now();
        self.count_attempt(&login, &attempt.origin.address, now).await?;
        let wanted = login.clone();
        let known = self.0.db.read(async move |c| Ok::<_, OrgError>(store::users::by_login(c, &wanted).await?)).await?;
        let stored = known.as_ref().map(|known| known.password.clone());
        let right = self.matches(attempt.password, stored).await?;
        let Some(known) = known else { return Err(OrgError::WrongPassword) };
        let user = known.user;
        let mark = Mark { actor: Actor::person(user.id, Channel::Page), at: now };
        let subject = Ref::new("user", user.id.get());
        if !right {
            let refused = async move |c: &mut Conn<'_>| {
                let address = attempt.origin.address.as_str();
                Ok::<_, OrgError>(mark.write(c, &subject, "user.sign_in_refused", None, Some(&address)).await?)
            };
            self.0.db.write(refused).await?;
            return Err(OrgError::WrongPassword);
        }
        if !user.active {
            return Err(OrgError::Disabled);
        }
        let token = Token::new(&*self.0.random);
        let (hash, password) = (token.hash(), known.password);
        let expires = self.0.policy.expiry(now, now);
        let origin = Origin { agent: attempt.origin.agent.chars().take(AGENT_KEPT).collect(), ..attempt.origin };
        let first = !user.is_activated();
        let unit = async move |c: &mut Conn<'_>| {
            // The password that was right may have been changed while it was being compared.
            if store::users::password(c, user.id).await?.as_ref() != Some(&password) {
                return Err(OrgError::WrongPassword);
            }
            store::sessions::forget_attempts(c, &login).await?;
            store::sessions::insert(c, hash, user.id, &origin, now, expires).await?;
            Ok(mark.write(c, &subject, "user.signed_in", None, Some(&origin.address)).await?)
        };
        self.0.db.write(unit).await?;
        Ok(SignedIn { token, first })
    }

    /// Ends the session they are in.
    pub async fn sign_out(&self, session: &Session) -> Result<(), OrgError> {
        let Via::Browser(id) = session.via else { return Ok(()) };
        let (user, mark) = (session.user_id(), Mark { actor: session.actor(), at: self.now() });
        let unit = async move |c: &mut Conn<'_>| {
            if store::sessions::end(c, user, id).await? {
                mark.write(c, &Ref::new("user", user.get()), "user.signed_out", None, None::<&()>).await?;
            }
            Ok(())
        };
        self.0.db.write(unit).await
    }

    /// Who stands behind the token of a browser. Using a session makes it last.
    pub async fn by_session(&self, token: &Token) -> Result<Option<Session>, OrgError> {
        let (hash, now) = (token.hash(), self.now());
        let find = async move |c: &mut Conn<'_>| Ok::<_, OrgError>(store::sessions::by_token(c, hash, now).await?);
        let Some(found) = self.0.db.read(find).await? else { return Ok(None) };
        if now.since(found.seen) >= self.0.policy.noted_every {
            let (id, expires) = (found.id, self.0.policy.expiry(found.began, now));
            let seen =
                async move |c: &mut Conn<'_>| Ok::<_, OrgError>(store::sessions::seen(c, id, now, expires).await?);
            noted(self.0.db.write(seen).await);
        }
        self.session(found.user, Via::Browser(found.id), found.directory_version).await.map(Some)
    }

    /// Who stands behind the token of a program.
    pub async fn by_api_token(&self, token: &Token) -> Result<Option<Session>, OrgError> {
        let (hash, now) = (token.hash(), self.now());
        let find = async move |c: &mut Conn<'_>| Ok::<_, OrgError>(store::tokens::by_token(c, hash, now).await?);
        let Some(found) = self.0.db.read(find).await? else { return Ok(None) };
        if !found.user.is_activated() {
            return Err(OrgError::NotActivated);
        }
        if found.used.is_none_or(|used| now.since(used) >= self.0.policy.noted_every) {
            let id = found.id;
            let used = async move |c: &mut Conn<'_>| Ok::<_, OrgError>(store::tokens::used(c, id, now).await?);
            noted(self.0.db.write(used).await);
        }
        self.session(found.user, Via::Token(found.id), found.directory_version).await.map(Some)
    }

    /// Refuses an attempt beyond the limit, counts any other.
    pub(super) async fn count_attempt(&self, login: &str, address: &str, now: Timestamp) -> Result<(), OrgError> {
        let policy = self.0.policy;
        let after = now.minus(policy.window);
        let (login, address) = (login.to_owned(), address.to_owned());
        let unit = async move |c: &mut Conn<'_>| {
            let [by_login, from_address] = store::sessions::attempts(c, &login, &address, after).await?;
            for ((count, first), limit) in [(by_login, policy.per_login), (from_address, policy.per_address)] {
                if count >= limit {
                    return Err(OrgError::TooManyAttempts { minutes: minutes_left(first, now, &policy) });
                }
            }
            Ok(store::sessions::attempt(c, &login, &address, now, after).await?)
        };
        self.0.db.write(unit).await
    }

    async fn session(&self, mut user: crate::org::User, via: Via, version: i64) -> Result<Session, OrgError> {
        let authority = self.at_version(version).await?;
        if let Some(person) = authority.directory().people.get(&user.id) {
            user.roles.clone_from(&person.roles);
        }
        Ok(Session { user, via, authority })
    }
}

/// That something was used is worth a line in the log when it cannot be stored, not a refused request.
fn noted(stored: Result<(), OrgError>) {
    if let Err(error) = stored {
        tracing::warn!(%error, "the use of a session or token was not noted");
    }
}

/// When the first counted attempt falls out of the window, in minutes, rounded up.
fn minutes_left(first: Timestamp, now: Timestamp, policy: &SignInPolicy) -> u64 {
    let left: Duration = first.plus(policy.window).since(now);
    left.as_secs().div_ceil(60).max(1)
}
