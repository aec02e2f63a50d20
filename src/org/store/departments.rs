//! Departments.

use super::users::changed;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{DepartmentId, Timestamp};
use crate::org::department::{Department, DepartmentFields};
use crate::org::error::OrgError;
use crate::params;

const ALL: &str = "SELECT id, code, name, parent, head, active, version FROM departments ORDER BY id";
const INSERT: &str = "INSERT INTO departments (code, name, parent, head, active, version, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, 1, $6, $6) RETURNING id";
const UPDATE: &str = "UPDATE departments SET code = $3, name = $4, parent = $5, head = $6, active = $7, \
    version = version + 1, updated_at = $8 WHERE id = $1 AND version = $2";

pub(super) const STATEMENTS: &[&str] = &[ALL, INSERT, UPDATE];

impl FromRow for Department {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            parent: row.get("parent")?,
            head: row.get("head")?,
            active: row.get("active")?,
            version: row.get("version")?,
        })
    }
}

/// All of them, closed ones too.
pub(in crate::org) async fn all(c: &mut Conn<'_>) -> Result<Vec<Department>, DbError> {
    c.all(ALL, params![]).await
}

/// A new department.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    fields: &DepartmentFields,
    at: Timestamp,
) -> Result<DepartmentId, DbError> {
    let values = params![fields.code, fields.name, fields.parent, fields.head, fields.active, at];
    Ok(c.one::<(DepartmentId,)>(INSERT, values).await?.0)
}

/// What is said of a department now.
pub(in crate::org) async fn update(
    c: &mut Conn<'_>,
    id: DepartmentId,
    version: i64,
    fields: &DepartmentFields,
    at: Timestamp,
) -> Result<(), OrgError> {
    let values = params![id, version, fields.code, fields.name, fields.parent, fields.head, fields.active, at];
    changed(c.exec(UPDATE, values).await?)
}
