//! The first start: shipped roles, first grants, and somebody who can sign in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::db::{Conn, Db};
use crate::kernel::{Actor, Ref, Timestamp};
use crate::org::permission::{Authority, ProtectedKind};
use crate::org::role::{ADMINISTRATOR, RoleFields, SHIPPED, Shipped};
use crate::org::user::UserFields;
use crate::org::{Org, OrgError, Password, store};

use super::Mark;

/// Who can sign in at the first start, with a password that is told once.
#[derive(Debug)]
pub struct FirstAdministrator {
    /// What they sign in with.
    pub login: String,
    /// Their one-time password.
    pub password: Password,
}

/// Adds shipped roles that are missing, gives them what `kinds` name for them where a kind is new, and reads everybody.
pub(in crate::org) async fn seed(db: &Db, at: Timestamp, kinds: Arc<[ProtectedKind]>) -> Result<Authority, OrgError> {
    let unit = async move |c: &mut Conn<'_>| {
        let mut changed = false;
        let known: BTreeSet<String> = store::roles::all(c).await?.into_iter().map(|role| role.name).collect();
        for Shipped(name, zh, en) in SHIPPED.iter().filter(|role| !known.contains(role.0)) {
            let (name, title_zh, title_en) = ((*name).to_owned(), (*zh).to_owned(), (*en).to_owned());
            store::roles::insert(c, &RoleFields { name, title_zh, title_en, grants: BTreeSet::new() }, true, at)
                .await?;
            changed = true;
        }
        for one in &*kinds {
            if !store::roles::first_seen(c, &one.kind, at).await? {
                continue;
            }
            changed = true;
            for (role, actions, reach) in one.first {
                for action in *actions {
                    store::roles::first_grant(c, role, &one.kind, *action, *reach).await?;
                }
            }
        }
        if changed {
            let version = store::directory::version(c).await?;
            store::directory::rise(c, version).await?;
        }
        Ok(store::directory::load(c, Arc::clone(&kinds)).await?)
    };
    db.write(unit).await
}

/// What the first administrator signs in with.
pub const FIRST_LOGIN: &str = "admin";

impl Org {
    /// Makes an administrator with a one-time password, if there is nobody yet.
    pub async fn first_administrator(&self) -> Result<Option<FirstAdministrator>, OrgError> {
        let nobody = self.0.db.read(async |c| Ok::<_, OrgError>(store::users::count(c).await? == 0)).await?;
        if !nobody {
            return Ok(None);
        }
        let password = Password::one_time(&*self.0.random);
        let hash = self.hash(password.clone()).await?;
        let fields = UserFields {
            login: FIRST_LOGIN.to_owned(),
            name: "系统管理员".to_owned(),
            roles: BTreeSet::from([ADMINISTRATOR.to_owned()]),
            ..UserFields::default()
        };
        let login = fields.login.clone();
        let mark = Mark { actor: Actor::SYSTEM, at: self.now() };
        let made = self
            .change(move |_| {
                let (fields, hash) = (fields.clone(), hash.clone());
                Ok(async move |c: &mut Conn<'_>| {
                    // Another process may have been faster.
                    if store::users::count(c).await? > 0 {
                        return Ok(false);
                    }
                    let id = store::users::insert(c, &fields, &hash, mark.at).await?;
                    mark.write(c, &Ref::new("user", id.get()), "user.created", None, Some(&fields.login)).await?;
                    Ok(true)
                })
            })
            .await?;
        Ok(made.then_some(FirstAdministrator { login, password }))
    }
}
