//! The whole directory at one version.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{absences, departments, former, grids, roles, users};
use crate::db::{Conn, DbError};
use crate::org::error::OrgError;
use crate::org::permission::{Authority, ProtectedKind, RoleGrants};
use crate::params;
use crate::workflow::{Absence, Department, Directory, Person, RoleTitle};

const VERSION: &str = "SELECT version FROM directory WHERE id = 1";
const RISE: &str = "UPDATE directory SET version = version + 1 WHERE id = 1 AND version = $1";

pub(super) const STATEMENTS: &[&str] = &[VERSION, RISE];

/// What a unit announces when the directory changed.
pub(in crate::org) const TOPIC: &str = "directory";

/// The version as it stands.
pub(in crate::org) async fn version(c: &mut Conn<'_>) -> Result<i64, DbError> {
    Ok(c.one::<(i64,)>(VERSION, params![]).await?.0)
}

/// The version rises from the one that was decided on; another one means that somebody was faster.
pub(in crate::org) async fn rise(c: &mut Conn<'_>, from: i64) -> Result<(), OrgError> {
    if c.exec(RISE, params![from]).await? == 0 {
        return Err(OrgError::Raced);
    }
    c.notify(TOPIC);
    Ok(())
}

/// Everybody and what they may do.
pub(in crate::org) async fn load(c: &mut Conn<'_>, kinds: Arc<[ProtectedKind]>) -> Result<Authority, DbError> {
    let version = version(c).await?;
    let roles = roles::all(c).await?;
    let departments = departments::all(c).await?;
    let closed = departments.iter().filter(|one| !one.active).map(|one| one.id).collect();
    let mut people: BTreeMap<_, Person> = users::all(c).await?.into_iter().map(|user| (user.id, user.into())).collect();
    for absence in absences::all(c).await? {
        if let Some(person) = people.get_mut(&absence.user) {
            let (from, until, deputy) = (absence.from, absence.until, absence.deputy);
            person.absences.push(Absence { from, until, deputy, workflow: absence.workflow });
        }
    }
    let grants = roles.iter().map(|role| {
        let grants: RoleGrants = role.grants.iter().map(|one| ((one.kind.clone(), one.action), one.reach)).collect();
        (role.name.clone(), grants)
    });
    let grants = grants.collect();
    let grids = grids::all(c).await?;
    let directory = Directory {
        version,
        people,
        departments: departments.into_iter().map(|one| (one.id, one.into())).collect(),
        roles: roles.into_iter().map(|role| (role.name, RoleTitle { zh: role.title_zh, en: role.title_en })).collect(),
        grids: grids.into_iter().map(|grid| (grid.name.clone(), grid)).collect(),
    };
    let former = former::all(c).await?;
    Ok(Authority::new(Arc::new(directory), grants, kinds, closed).remembering(former))
}

impl From<crate::org::User> for Person {
    fn from(user: crate::org::User) -> Self {
        Self {
            id: user.id,
            login: user.login,
            name: user.name,
            active: user.active,
            department: user.department,
            manager: user.manager,
            roles: user.roles,
            absences: Vec::new(),
        }
    }
}

impl From<crate::org::Department> for Department {
    fn from(one: crate::org::Department) -> Self {
        Self { id: one.id, code: one.code, name: one.name, parent: one.parent, head: one.head }
    }
}
