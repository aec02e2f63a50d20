//! Departments and people, each with a password of their own already.

use std::collections::{BTreeMap, BTreeSet};

use super::company::Company;
use super::{PASSWORD, broken};
use crate::app::StartError;
use crate::kernel::{Actor, Channel, DepartmentId, UserId};
use crate::org::{DepartmentFields, GridFields, GridVersionFields, Org, Origin, Password, Session, SignIn, UserFields};
use crate::workflow::TypedRow;

/// The people by what they sign in with, and their departments by code.
pub(super) struct People {
    admin: Session,
    users: BTreeMap<String, UserId>,
}

impl People {
    /// The administrator at work.
    pub(super) fn administrator(&self) -> Actor {
        self.admin.actor()
    }

    /// Who signs in as `login`.
    pub(super) fn user(&self, login: &str) -> Result<UserId, StartError> {
        self.users.get(login).copied().ok_or_else(|| broken(&format!("nobody signs in as {login}")))
    }

    /// The same at work.
    pub(super) fn actor(&self, login: &str) -> Result<Actor, StartError> {
        Ok(Actor::person(self.user(login)?, Channel::Page))
    }
}

/// Hires everybody.
pub(super) async fn hire(org: &Org, company: &Company) -> Result<People, StartError> {
    let first = org.first_administrator().await?.ok_or_else(|| broken("there are people already"))?;
    activate(org, &first.login, first.password, "13800010000").await?;
    let admin = signed_in(org, &first.login, Password::typed(PASSWORD)).await?;
    let mut departments: BTreeMap<&str, DepartmentId> = BTreeMap::new();
    for one in &company.departments {
        let parent = one.parent.as_deref().and_then(|code| departments.get(code).copied());
        let fields =
            DepartmentFields { code: one.code.clone(), name: one.name.clone(), parent, head: None, active: true };
        departments.insert(&one.code, org.create_department(&admin, fields).await?);
    }
    let mut users = BTreeMap::from([(first.login, admin.user_id())]);
    for one in &company.people {
        let fields = UserFields {
            login: one.login.clone(),
            name: one.name.clone(),
            number: one.number.clone(),
            mobile: one.mobile.clone(),
            email: format!("{}@qingyun.example", one.login),
            department: departments.get(one.department.as_str()).copied(),
            manager: one.manager.as_ref().and_then(|login| users.get(login).copied()),
            roles: one.roles.iter().cloned().collect::<BTreeSet<_>>(),
        };
        let (id, password) = org.create_user(&admin, fields, None).await?;
        activate(org, &one.login, password, &one.mobile).await?;
        users.insert(one.login.clone(), id);
    }
    for one in &company.departments {
        let Some(id) = departments.get(one.code.as_str()).copied() else { continue };
        let known = org.department(id).await?;
        let head = users.get(&one.head).copied();
        let fields = DepartmentFields { code: known.code, name: known.name, parent: known.parent, head, active: true };
        org.edit_department(&admin, id, known.version, fields).await?;
    }
    authorise(org, &admin, company).await?;
    Ok(People { admin, users })
}

/// Makes the authority grids.
async fn authorise(org: &Org, admin: &Session, company: &Company) -> Result<(), StartError> {
    for grid in &company.grids {
        let rows = grid.rows.iter().map(|row| TypedRow {
            category: row.category.clone(),
            from: row.from.clone(),
            below: row.below.clone(),
            department: row.department.clone(),
            who: row.who.clone(),
        });
        let first = GridVersionFields { from: Some(org.today()), note: grid.note.clone(), rows: rows.collect() };
        org.create_grid(admin, GridFields { name: grid.name.clone(), title: grid.title.clone(), first }).await?;
    }
    Ok(())
}

/// Signs in for the first time, chooses the password of the demo and leaves again.
async fn activate(org: &Org, login: &str, one_time: Password, mobile: &str) -> Result<(), StartError> {
    let chosen = Password::typed(PASSWORD);
    let session = signed_in(org, login, one_time).await?;
    org.activate(&session, chosen.clone(), &chosen, mobile).await?;
    Ok(org.sign_out(&session).await?)
}

async fn signed_in(org: &Org, login: &str, password: Password) -> Result<Session, StartError> {
    let origin = Origin { address: "127.0.0.1".to_owned(), agent: "qiyue serve --demo".to_owned() };
    let signed = org.sign_in(SignIn { login: login.to_owned(), password, origin }).await?;
    org.by_session(&signed.token).await?.ok_or_else(|| broken(&format!("nobody signs in as {login}")))
}
