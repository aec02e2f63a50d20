//! Roles and their grants.

use std::collections::{BTreeMap, BTreeSet};

use super::users::changed;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Kind, RoleId, Timestamp};
use crate::org::error::OrgError;
use crate::org::role::{Action, Grant, Reach, Role, RoleFields};
use crate::params;

const ALL: &str = "SELECT id, name, title_zh, title_en, shipped, version FROM roles ORDER BY id";
const GRANTS: &str = "SELECT role, kind, action, reach FROM grants ORDER BY role, kind, action";
const HOLDERS: &str = "SELECT count(*) FROM user_roles WHERE role = $1";
const INSERT: &str = "INSERT INTO roles (name, title_zh, title_en, shipped, version, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, 1, $5, $5) RETURNING id";
const UPDATE: &str = "UPDATE roles SET name = $3, title_zh = $4, title_en = $5, version = version + 1, updated_at = $6 \
    WHERE id = $1 AND version = $2";
const DELETE: &str = "DELETE FROM roles WHERE id = $1 AND version = $2";
const CLEAR_GRANTS: &str = "DELETE FROM grants WHERE role = $1";
const GRANT: &str = "INSERT INTO grants (role, kind, action, reach) VALUES ($1, $2, $3, $4)";
const FIRST_GRANT: &str = "INSERT INTO grants (role, kind, action, reach) SELECT r.id, $2, $3, $4 FROM roles r \
    WHERE r.name = $1 ON CONFLICT (role, kind, action) DO NOTHING";
const FIRST_SEEN: &str = "INSERT INTO granted_kinds (kind, granted_at) VALUES ($1, $2) ON CONFLICT (kind) DO NOTHING";

pub(super) const STATEMENTS: &[&str] =
    &[ALL, GRANTS, HOLDERS, INSERT, UPDATE, DELETE, CLEAR_GRANTS, GRANT, FIRST_GRANT, FIRST_SEEN];

impl FromRow for Role {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            title_zh: row.get("title_zh")?,
            title_en: row.get("title_en")?,
            shipped: row.get("shipped")?,
            grants: BTreeSet::new(),
            version: row.get("version")?,
        })
    }
}

/// All of them with their grants. A grant of an action that this program does not know is left out.
pub(in crate::org) async fn all(c: &mut Conn<'_>) -> Result<Vec<Role>, DbError> {
    let mut grants: BTreeMap<RoleId, BTreeSet<Grant>> = BTreeMap::new();
    for (role, kind, action, reach) in c.all::<(i64, String, String, String)>(GRANTS, params![]).await? {
        if let (Ok(kind), Some(action), Some(reach)) = (kind.parse(), Action::named(&action), Reach::named(&reach)) {
            grants.entry(RoleId::new(role)).or_default().insert(Grant { kind, action, reach });
        }
    }
    let mut roles: Vec<Role> = c.all(ALL, params![]).await?;
    for role in &mut roles {
        role.grants = grants.remove(&role.id).unwrap_or_default();
    }
    Ok(roles)
}

/// How many people hold a role.
pub(in crate::org) async fn holders(c: &mut Conn<'_>, id: RoleId) -> Result<u64, DbError> {
    let (holders,) = c.one::<(i64,)>(HOLDERS, params![id]).await?;
    Ok(holders.unsigned_abs())
}

/// A new role with its grants.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    fields: &RoleFields,
    shipped: bool,
    at: Timestamp,
) -> Result<RoleId, DbError> {
    let values = params![fields.name, fields.title_zh, fields.title_en, shipped, at];
    let id = c.one::<(RoleId,)>(INSERT, values).await?.0;
    grant(c, id, &fields.grants).await?;
    Ok(id)
}

/// What is said of a role now, with its grants.
pub(in crate::org) async fn update(
    c: &mut Conn<'_>,
    id: RoleId,
    version: i64,
    fields: &RoleFields,
    at: Timestamp,
) -> Result<(), OrgError> {
    let values = params![id, version, fields.name, fields.title_zh, fields.title_en, at];
    changed(c.exec(UPDATE, values).await?)?;
    c.exec(CLEAR_GRANTS, params![id]).await?;
    Ok(grant(c, id, &fields.grants).await?)
}

/// A role nobody holds goes, with its grants.
pub(in crate::org) async fn delete(c: &mut Conn<'_>, id: RoleId, version: i64) -> Result<(), OrgError> {
    changed(c.exec(DELETE, params![id, version]).await?)
}

/// Whether the kind was never seen before; from now on it was.
pub(in crate::org) async fn first_seen(c: &mut Conn<'_>, kind: &Kind, at: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(FIRST_SEEN, params![kind, at]).await? == 1)
}

/// What a shipped role gets when a kind is seen for the first time.
pub(in crate::org) async fn first_grant(
    c: &mut Conn<'_>,
    role: &str,
    kind: &Kind,
    action: Action,
    reach: Reach,
) -> Result<(), DbError> {
    c.exec(FIRST_GRANT, params![role, kind, action.name(), reach.name()]).await.map(drop)
}

async fn grant(c: &mut Conn<'_>, id: RoleId, grants: &BTreeSet<Grant>) -> Result<(), DbError> {
    for one in grants {
        c.exec(GRANT, params![id, one.kind, one.action.name(), one.reach.name()]).await?;
    }
    Ok(())
}
