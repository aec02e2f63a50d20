//! What people do about themselves: first login, settings, own password, own sessions.

use std::collections::BTreeSet;

use crate::db::Conn;
use crate::i18n::Lang;
use crate::kernel::{Ref, UserId};
use crate::org::session::{Session, SessionId, Via};
use crate::org::user::{self, Profile, User};
use crate::org::{Org, OrgError, Password, store};

use super::Mark;

impl Org {
    /// The first login (R3): a password of their own and a mobile number. Their other sessions end.
    pub async fn activate(
        &self,
        session: &Session,
        password: Password,
        repeat: &Password,
        mobile: &str,
    ) -> Result<(), OrgError> {
        let mobile = user::mobile(mobile)?;
        let hash = self.own_password(&session.user, password, repeat, Some(&mobile)).await?;
        let (id, version, kept) = (session.user_id(), session.user.version, kept(session));
        let mark = Mark { actor: session.actor(), at: self.now() };
        self.change(move |_| {
            let (hash, mobile) = (hash.clone(), mobile.clone());
            Ok(async move |c: &mut Conn<'_>| {
                store::users::activate(c, id, version, &hash, &mobile, mark.at).await?;
                store::sessions::end_others(c, id, kept).await?;
                Ok(mark.write(c, &Ref::new("user", id.get()), "user.activated", None, Some(&mobile)).await?)
            })
        })
        .await
    }

    /// Another password, which the present one allows. Their other sessions end.
    pub async fn change_own_password(
        &self,
        session: &Session,
        present: Password,
        password: Password,
        repeat: &Password,
    ) -> Result<(), OrgError> {
        let stored = self.stored_password(session.user_id()).await?;
        // A stolen session must not become a way to try passwords.
        self.count_attempt(&session.user.login, "", self.now()).await?;
        if !self.matches(present, Some(stored)).await? {
            return Err(OrgError::PresentPassword);
        }
        let hash = self.own_password(&session.user, password, repeat, None).await?;
        let (id, version, kept, login) =
            (session.user_id(), session.user.version, kept(session), session.user.login.clone());
        let mark = Mark { actor: session.actor(), at: self.now() };
        let unit = async move |c: &mut Conn<'_>| {
            store::users::set_password(c, id, version, &hash, false, mark.at).await?;
            store::sessions::forget_attempts(c, &login).await?;
            store::sessions::end_others(c, id, kept).await?;
            Ok(mark.write(c, &Ref::new("user", id.get()), "user.password_changed", None, None::<&()>).await?)
        };
        self.0.db.write(unit).await
    }

    /// What they say of themselves. A form that was filled in before something else changed is refused.
    pub async fn save_profile(&self, session: &Session, version: i64, profile: Profile) -> Result<(), OrgError> {
        let profile = profile.checked()?;
        let id = session.user_id();
        let mark = Mark { actor: session.actor(), at: self.now() };
        self.change(move |_| {
            let profile = profile.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let old = store::users::by_id(c, id).await?.ok_or(OrgError::NotFound)?;
                store::users::update_profile(c, id, version, &profile, mark.at).await?;
                let new = store::users::by_id(c, id).await?.ok_or(OrgError::NotFound)?;
                Ok(mark.write(c, &Ref::new("user", id.get()), "user.profile_changed", Some(&old), Some(&new)).await?)
            })
        })
        .await
    }

    /// The language of their pages and messages from now on.
    pub async fn choose_language(&self, user: UserId, language: Lang) -> Result<(), OrgError> {
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| Ok(store::users::set_language(c, user, language, at).await?);
        self.0.db.write(unit).await
    }

    /// Ends one of their own sessions.
    pub async fn end_session(&self, session: &Session, id: SessionId) -> Result<(), OrgError> {
        let (user, mark) = (session.user_id(), Mark { actor: session.actor(), at: self.now() });
        let unit = async move |c: &mut Conn<'_>| {
            if !store::sessions::end(c, user, id).await? {
                return Err(OrgError::NotFound);
            }
            Ok(mark.write(c, &Ref::new("user", user.get()), "user.session_ended", None, None::<&()>).await?)
        };
        self.0.db.write(unit).await
    }

    /// The stored form of a new password of their own, which is good, repeated, and another than the present one.
    async fn own_password(
        &self,
        user: &User,
        password: Password,
        repeat: &Password,
        mobile: Option<&str>,
    ) -> Result<String, OrgError> {
        let names = BTreeSet::from([
            user.login.as_str(),
            user.name.as_str(),
            user.number.as_deref().unwrap_or_default(),
            user.mobile.as_deref().unwrap_or_default(),
            mobile.unwrap_or_default(),
        ]);
        password.check(&names.into_iter().collect::<Vec<_>>())?;
        if password != *repeat {
            return Err(OrgError::PasswordRepeat);
        }
        let stored = self.stored_password(user.id).await?;
        if self.matches(password.clone(), Some(stored)).await? {
            return Err(OrgError::PasswordSame);
        }
        self.hash(password).await
    }

    async fn stored_password(&self, id: UserId) -> Result<String, OrgError> {
        let read = async move |c: &mut Conn<'_>| store::users::password(c, id).await?.ok_or(OrgError::NotFound);
        self.0.db.read(read).await
    }
}

/// The session that stays when the others end.
fn kept(session: &Session) -> Option<SessionId> {
    match session.via {
        Via::Browser(id) => Some(id),
        Via::Token(_) => None,
    }
}
