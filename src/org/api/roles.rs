//! Roles and what they may do.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::RoleId;
use crate::org::pages::{AdministerRoles, Permission, ReadRoles};
use crate::org::{Action, Grant, Org, OrgError, Reach, Role, RoleFields};
use crate::web::api::{Json, Path};
use crate::web::{self, Problem, Query};

/// A role.
#[derive(Serialize, ToSchema)]
#[schema(as = Role)]
pub(super) struct RoleShown {
    id: i64,
    /// As workflows write it.
    name: String,
    title_zh: String,
    title_en: String,
    /// Comes with the program.
    shipped: bool,
    grants: Vec<RoleGrant>,
    /// Comes back with a change.
    version: i64,
}

/// What a role may do.
#[derive(Deserialize, Serialize, ToSchema)]
pub(super) struct RoleGrant {
    /// The kind of record.
    #[schema(example = "contract")]
    kind: String,
    action: Action,
    reach: Reach,
}

/// The roles.
#[derive(Serialize, ToSchema)]
pub(super) struct Roles {
    roles: Vec<RoleShown>,
}

/// What is said of a role.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewRole {
    name: String,
    title_zh: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    grants: Vec<RoleGrant>,
}

/// A changed role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedRole {
    #[serde(flatten)]
    fields: NewRole,
    /// The version that was read.
    version: i64,
}

/// The version that was read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SeenRole {
    version: i64,
}

impl From<Role> for RoleShown {
    fn from(role: Role) -> Self {
        let grants = role.grants.into_iter().map(|one| RoleGrant {
            kind: one.kind.to_string(),
            action: one.action,
            reach: one.reach,
        });
        Self {
            id: role.id.get(),
            grants: grants.collect(),
            name: role.name,
            title_zh: role.title_zh,
            title_en: role.title_en,
            shipped: role.shipped,
            version: role.version,
        }
    }
}

impl TryFrom<NewRole> for RoleFields {
    type Error = OrgError;

    fn try_from(fields: NewRole) -> Result<Self, OrgError> {
        let grant = |one: RoleGrant| match one.kind.parse() {
            Ok(kind) => Ok(Grant { kind, action: one.action, reach: one.reach }),
            Err(_) => Err(OrgError::Grant { kind: one.kind, action: one.action.name().to_owned() }),
        };
        Ok(Self {
            name: fields.name,
            title_zh: fields.title_zh,
            title_en: fields.title_en,
            grants: fields.grants.into_iter().map(grant).collect::<Result<_, _>>()?,
        })
    }
}

/// The roles with what they may do.
#[utoipa::path(get, path = "/roles", tag = "people",
    responses((status = 200, body = Roles), (status = 403, body = Problem)))]
pub(super) async fn list(_caller: Permission<ReadRoles>, State(org): State<Org>) -> web::Result {
    let roles = org.roles().await?.into_iter().map(Into::into).collect();
    Ok(Json(Roles { roles }).into_response())
}

/// Adds a role.
#[utoipa::path(post, path = "/roles", tag = "people", request_body = NewRole,
    responses((status = 201, body = RoleShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create(
    caller: Permission<AdministerRoles>,
    State(org): State<Org>,
    Json(fields): Json<NewRole>,
) -> web::Result {
    let id = org.create_role(caller.session(), fields.try_into()?).await?;
    Ok((StatusCode::CREATED, Json(RoleShown::from(org.role(id).await?))).into_response())
}

/// Changes a role; it takes effect with the next request of everybody who holds it.
#[utoipa::path(put, path = "/roles/{id}", tag = "people", params(("id" = i64, Path)), request_body = ChangedRole,
    responses((status = 200, body = RoleShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change(
    caller: Permission<AdministerRoles>,
    State(org): State<Org>,
    Path(id): Path<RoleId>,
    Json(changed): Json<ChangedRole>,
) -> web::Result {
    org.edit_role(caller.session(), id, changed.version, changed.fields.try_into()?).await?;
    Ok(Json(RoleShown::from(org.role(id).await?)).into_response())
}

/// Deletes a role of their own that nobody holds.
#[utoipa::path(delete, path = "/roles/{id}", tag = "people", params(("id" = i64, Path), SeenRole),
    responses((status = 204), (status = 409, body = Problem)))]
pub(super) async fn delete(
    caller: Permission<AdministerRoles>,
    State(org): State<Org>,
    Path(id): Path<RoleId>,
    Query(seen): Query<SeenRole>,
) -> web::Result {
    org.delete_role(caller.session(), id, seen.version).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
