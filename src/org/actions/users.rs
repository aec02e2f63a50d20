//! What administrators do with people.

use crate::db::Conn;
use crate::kernel::{Ref, UserId};
use crate::org::permission::Authority;
use crate::org::role::{ADMINISTRATOR, Action};
use crate::org::session::Session;
use crate::org::user::UserFields;
use crate::org::{Org, OrgError, Password, ROLE, USER, store};
use crate::workflow::Person;

use super::Mark;

impl Org {
    /// A new person with an initial password, which they change at their first login. Without a given one it is made up and told once.
    pub async fn create_user(
        &self,
        by: &Session,
        fields: UserFields,
        password: Option<Password>,
    ) -> Result<(UserId, Password), OrgError> {
        let fields = fields.checked()?;
        let password = match password {
            Some(password) => {
                password.check(&[fields.login.as_str(), fields.mobile.as_str()])?;
                password
            }
            None => Password::one_time(&*self.0.random),
        };
        by.scope(&USER, Action::Create)?;
        let hash = self.hash(password.clone()).await?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        let id = self
            .change(move |authority| {
                authority.scope(by, &USER, Action::Create)?.demand(None, fields.department)?;
                if !fields.roles.is_empty() {
                    authority.scope(by, &ROLE, Action::Administer)?;
                }
                check_fields(authority, None, &fields)?;
                let (fields, hash) = (fields.clone(), hash.clone());
                Ok(async move |c: &mut Conn<'_>| {
                    let id = store::users::insert(c, &fields, &hash, mark.at).await?;
                    let new = store::users::by_id(c, id).await?.ok_or(OrgError::NotFound)?;
                    mark.write(c, &subject(id), "user.created", None, Some(&new)).await?;
                    Ok(id)
                })
            })
            .await?;
        Ok((id, password))
    }

    /// What is said of a person from now on.
    pub async fn edit_user(&self, by: &Session, id: UserId, version: i64, fields: UserFields) -> Result<(), OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            let old = person(authority, id)?;
            let scope = authority.scope(by, &USER, Action::Edit)?;
            scope.demand(Some(id), old.department)?;
            if old.department != fields.department {
                scope.demand(None, fields.department)?;
            }
            if old.roles != fields.roles {
                authority.scope(by, &ROLE, Action::Administer)?;
                keep_an_administrator(authority, id, old.active && fields.roles.contains(ADMINISTRATOR))?;
            }
            check_fields(authority, Some(id), &fields)?;
            let fields = fields.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let old = store::users::by_id(c, id).await?.ok_or(OrgError::NotFound)?;
                store::users::update(c, id, version, &fields, mark.at).await?;
                let new = store::users::by_id(c, id).await?.ok_or(OrgError::NotFound)?;
                Ok(mark.write(c, &subject(id), "user.changed", Some(&old), Some(&new)).await?)
            })
        })
        .await
    }

    /// Enables or disables a person. The sessions and tokens of a disabled person end in the same write.
    pub async fn set_user_active(&self, by: &Session, id: UserId, version: i64, active: bool) -> Result<(), OrgError> {
        if by.user_id() == id {
            return Err(OrgError::Oneself);
        }
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            guard_account(authority, by, id)?;
            let old = person(authority, id)?;
            keep_an_administrator(authority, id, active && old.roles.contains(ADMINISTRATOR))?;
            Ok(async move |c: &mut Conn<'_>| {
                store::users::set_active(c, id, version, active, mark.at).await?;
                if !active {
                    store::sessions::end_others(c, id, None).await?;
                    store::tokens::revoke_all(c, id, mark.at).await?;
                }
                let action = if active { "user.enabled" } else { "user.disabled" };
                Ok(mark.write(c, &subject(id), action, None, None::<&()>).await?)
            })
        })
        .await
    }

    /// A one-time password for somebody who forgot theirs (找回密码), told once to the administrator. Their sessions end.
    pub async fn reset_password(&self, by: &Session, id: UserId, version: i64) -> Result<Password, OrgError> {
        guard_account(&*self.refresh().await?, by.user_id(), id)?;
        let password = Password::one_time(&*self.0.random);
        let hash = self.hash(password.clone()).await?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            guard_account(authority, by, id)?;
            let login = person(authority, id)?.login.clone();
            let hash = hash.clone();
            Ok(async move |c: &mut Conn<'_>| {
                store::users::set_password(c, id, version, &hash, true, mark.at).await?;
                store::sessions::end_others(c, id, None).await?;
                store::sessions::forget_attempts(c, &login).await?;
                Ok(mark.write(c, &subject(id), "user.password_reset", None, None::<&()>).await?)
            })
        })
        .await?;
        Ok(password)
    }
}

fn subject(id: UserId) -> Ref {
    Ref::new("user", id.get())
}

pub(super) fn person(authority: &Authority, id: UserId) -> Result<&Person, OrgError> {
    authority.directory().people.get(&id).ok_or(OrgError::NotFound)
}

/// Who administers accounts may not reach, through a password, those who hand out rights, unless they hand out rights themselves.
fn guard_account(authority: &Authority, by: UserId, id: UserId) -> Result<(), OrgError> {
    let department = person(authority, id)?.department;
    authority.scope(by, &USER, Action::Administer)?.demand(Some(id), department)?;
    if authority.scope(id, &ROLE, Action::Administer).is_ok() || person(authority, id)?.roles.contains(ADMINISTRATOR) {
        authority.scope(by, &ROLE, Action::Administer)?;
    }
    Ok(())
}

/// Somebody active is left who may do everything, when `id` from now on is or is not one.
fn keep_an_administrator(authority: &Authority, id: UserId, stays: bool) -> Result<(), OrgError> {
    let others = authority.directory().with_role(ADMINISTRATOR).any(|person| person.id != id);
    if stays || others || !authority.is_administrator(id) { Ok(()) } else { Err(OrgError::LastAdministrator) }
}

fn check_fields(authority: &Authority, id: Option<UserId>, fields: &UserFields) -> Result<(), OrgError> {
    let directory = authority.directory();
    let unchanged = id.and_then(|id| directory.people.get(&id));
    if let Some(department) = fields.department
        && unchanged.is_none_or(|old| old.department != fields.department)
        && !authority.is_open(department)
    {
        return Err(OrgError::Department);
    }
    if let Some(manager) = fields.manager
        && unchanged.is_none_or(|old| old.manager != fields.manager)
        && !can_lead(authority, manager, id)
    {
        return Err(OrgError::Manager);
    }
    if fields.roles.iter().all(|role| directory.roles.contains_key(role)) { Ok(()) } else { Err(OrgError::Role) }
}

/// A manager is active and does not stand below the person.
fn can_lead(authority: &Authority, manager: UserId, person: Option<UserId>) -> bool {
    let people = &authority.directory().people;
    let mut above = Some(manager);
    for _ in 0..=people.len() {
        match above {
            None => break,
            Some(one) if Some(one) == person => return false,
            Some(one) => above = people.get(&one).and_then(|person| person.manager),
        }
    }
    people.get(&manager).is_some_and(|person| person.active)
}
