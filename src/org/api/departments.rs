//! Departments.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{DepartmentId, UserId};
use crate::org::pages::{CreateDepartments, EditDepartments, Permission, ReadDepartments};
use crate::org::{Department, DepartmentFields, Org};
use crate::web::api::{Json, Path};
use crate::web::{self, Problem};

/// A department.
#[derive(Serialize, ToSchema)]
#[schema(as = Department)]
pub(super) struct DepartmentShown {
    id: i64,
    /// As workflows write it.
    code: String,
    name: String,
    parent: Option<i64>,
    head: Option<i64>,
    active: bool,
    /// Comes back with a change.
    version: i64,
}

/// The departments, each after the one it is part of.
#[derive(Serialize, ToSchema)]
pub(super) struct Departments {
    departments: Vec<DepartmentShown>,
}

/// What is said of a department.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewDepartment)]
pub(super) struct DepartmentBody {
    code: String,
    name: String,
    parent: Option<i64>,
    head: Option<i64>,
    #[serde(default = "open")]
    active: bool,
}

/// A changed department.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedDepartment {
    #[serde(flatten)]
    fields: DepartmentBody,
    /// The version that was read.
    version: i64,
}

fn open() -> bool {
    true
}

impl From<Department> for DepartmentShown {
    fn from(one: Department) -> Self {
        Self {
            id: one.id.get(),
            code: one.code,
            name: one.name,
            parent: one.parent.map(DepartmentId::get),
            head: one.head.map(UserId::get),
            active: one.active,
            version: one.version,
        }
    }
}

impl From<DepartmentBody> for DepartmentFields {
    fn from(fields: DepartmentBody) -> Self {
        Self {
            code: fields.code,
            name: fields.name,
            parent: fields.parent.map(DepartmentId::new),
            head: fields.head.map(UserId::new),
            active: fields.active,
        }
    }
}

/// The departments.
#[utoipa::path(get, path = "/departments", tag = "people",
    responses((status = 200, body = Departments), (status = 403, body = Problem)))]
pub(super) async fn list(_caller: Permission<ReadDepartments>, State(org): State<Org>) -> web::Result {
    let departments = org.departments().await?.into_iter().map(|(_, one)| one.into()).collect();
    Ok(Json(Departments { departments }).into_response())
}

/// Adds a department.
#[utoipa::path(post, path = "/departments", tag = "people", request_body = DepartmentBody,
    responses((status = 201, body = DepartmentShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create(
    caller: Permission<CreateDepartments>,
    State(org): State<Org>,
    Json(fields): Json<DepartmentBody>,
) -> web::Result {
    let id = org.create_department(caller.session(), fields.into()).await?;
    Ok((StatusCode::CREATED, Json(DepartmentShown::from(org.department(id).await?))).into_response())
}

/// Changes a department.
#[utoipa::path(put, path = "/departments/{id}", tag = "people", params(("id" = i64, Path)), request_body = ChangedDepartment,
    responses((status = 200, body = DepartmentShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change(
    caller: Permission<EditDepartments>,
    State(org): State<Org>,
    Path(id): Path<DepartmentId>,
    Json(changed): Json<ChangedDepartment>,
) -> web::Result {
    org.edit_department(caller.session(), id, changed.version, changed.fields.into()).await?;
    Ok(Json(DepartmentShown::from(org.department(id).await?)).into_response())
}
