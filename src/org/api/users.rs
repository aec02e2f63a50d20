//! Users.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::{DepartmentId, UserId};
use crate::org::pages::{AdministerUsers, CreateUsers, CurrentUser, EditUsers, Permission, ReadUsers};
use crate::org::{Org, Password, User, UserFields, UserFilter};
use crate::web::api::{Json, Path};
use crate::web::{self, Problem, Query};

/// A person.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserShown {
    id: i64,
    login: String,
    name: String,
    /// Employee number.
    number: Option<String>,
    /// 11 digits.
    mobile: Option<String>,
    email: Option<String>,
    department: Option<i64>,
    manager: Option<i64>,
    active: bool,
    /// Whether they set a password of their own and a mobile number.
    activated: bool,
    /// Names of their roles.
    roles: BTreeSet<String>,
    /// Comes back with a change.
    version: i64,
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    #[serde(flatten)]
    person: UserShown,
    /// What they may do with some record of a kind, as `kind.action`.
    powers: BTreeSet<String>,
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub(super) struct Users {
    users: Vec<UserShown>,
    /// The `after` of the next page.
    next: Option<String>,
}

/// Which people.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Part of a login, name, number or mobile number.
    q: String,
    /// Only this department.
    department: Option<i64>,
    /// Only those with this role.
    role: Option<String>,
    /// Only active ones, or only disabled ones.
    active: Option<bool>,
    /// Where the page begins.
    after: Option<String>,
}

/// What is said of a person.
#[derive(Deserialize, ToSchema)]
pub(super) struct UserBody {
    login: String,
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    mobile: String,
    #[serde(default)]
    email: String,
    department: Option<i64>,
    manager: Option<i64>,
    #[serde(default)]
    roles: BTreeSet<String>,
}

/// A new person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    #[serde(flatten)]
    fields: UserBody,
    /// Without one, a one-time password is made and told in the answer.
    #[schema(value_type = Option<String>)]
    password: Option<Password>,
}

/// A changed person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedUser {
    #[serde(flatten)]
    fields: UserBody,
    /// The version that was read.
    version: i64,
}

/// Enables or disables.
#[derive(Deserialize, ToSchema)]
pub(super) struct UserActivity {
    active: bool,
    /// The version that was read.
    version: i64,
}

/// The version that was read.
#[derive(Deserialize, ToSchema)]
pub(super) struct SeenUser {
    version: i64,
}

/// A person, and the password to be told to them.
#[derive(Serialize, ToSchema)]
pub(super) struct UserWithPassword {
    user: UserShown,
    /// Shown once.
    one_time_password: String,
}

impl From<User> for UserShown {
    fn from(user: User) -> Self {
        Self {
            id: user.id.get(),
            activated: user.is_activated(),
            login: user.login,
            name: user.name,
            number: user.number,
            mobile: user.mobile,
            email: user.email,
            department: user.department.map(DepartmentId::get),
            manager: user.manager.map(UserId::get),
            active: user.active,
            roles: user.roles,
            version: user.version,
        }
    }
}

impl From<UserBody> for UserFields {
    fn from(fields: UserBody) -> Self {
        Self {
            login: fields.login,
            name: fields.name,
            number: fields.number,
            mobile: fields.mobile,
            email: fields.email,
            department: fields.department.map(DepartmentId::new),
            manager: fields.manager.map(UserId::new),
            roles: fields.roles,
        }
    }
}

/// Who asks, and what they may do.
#[utoipa::path(get, path = "/me", tag = "people", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub(super) async fn me(caller: CurrentUser, State(org): State<Org>) -> web::Result {
    let person = org.oneself(caller.session()).await?.into();
    Ok(Json(Me { person, powers: caller.session().powers() }).into_response())
}

/// Users, by login, 50 a page.
#[utoipa::path(get, path = "/users", tag = "people", params(Filter),
    responses((status = 200, body = Users), (status = 403, body = Problem)))]
pub(super) async fn list(
    caller: Permission<ReadUsers>,
    State(org): State<Org>,
    Query(filter): Query<Filter>,
) -> web::Result {
    let Filter { q: text, department, role, active, after } = filter;
    let filter = UserFilter { text, department: department.map(DepartmentId::new), role, active, after };
    let (users, more) = org.users(&caller.scope, &filter).await?;
    let next = users.last().filter(|_| more).map(|last| last.login.clone());
    Ok(Json(Users { users: users.into_iter().map(Into::into).collect(), next }).into_response())
}

/// One person.
#[utoipa::path(get, path = "/users/{id}", tag = "people", params(("id" = i64, Path)),
    responses((status = 200, body = UserShown), (status = 404, body = Problem)))]
pub(super) async fn show(caller: Permission<ReadUsers>, State(org): State<Org>, Path(id): Path<UserId>) -> web::Result {
    Ok(Json(UserShown::from(org.user(&caller.scope, id).await?)).into_response())
}

/// Adds a person.
#[utoipa::path(post, path = "/users", tag = "people", request_body = NewUser,
    responses((status = 201, body = UserWithPassword), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create(
    caller: Permission<CreateUsers>,
    State(org): State<Org>,
    Json(new): Json<NewUser>,
) -> web::Result {
    let (id, password) = org.create_user(caller.session(), new.fields.into(), new.password).await?;
    let user = org.user(&caller.scope, id).await?.into();
    let made = UserWithPassword { user, one_time_password: password.reveal().to_owned() };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Changes a person.
#[utoipa::path(put, path = "/users/{id}", tag = "people", params(("id" = i64, Path)), request_body = ChangedUser,
    responses((status = 200, body = UserShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change(
    caller: Permission<EditUsers>,
    State(org): State<Org>,
    Path(id): Path<UserId>,
    Json(changed): Json<ChangedUser>,
) -> web::Result {
    org.edit_user(caller.session(), id, changed.version, changed.fields.into()).await?;
    Ok(Json(UserShown::from(org.user(&caller.scope, id).await?)).into_response())
}

/// Enables or disables a person; the sessions and tokens of a disabled one end.
#[utoipa::path(put, path = "/users/{id}/active", tag = "people", params(("id" = i64, Path)), request_body = UserActivity,
    responses((status = 200, body = UserShown), (status = 409, body = Problem)))]
pub(super) async fn set_active(
    caller: Permission<AdministerUsers>,
    State(org): State<Org>,
    Path(id): Path<UserId>,
    Json(wanted): Json<UserActivity>,
) -> web::Result {
    org.set_user_active(caller.session(), id, wanted.version, wanted.active).await?;
    Ok(Json(UserShown::from(org.user(&caller.scope, id).await?)).into_response())
}

/// Gives a person a one-time password.
#[utoipa::path(post, path = "/users/{id}/password", tag = "people", params(("id" = i64, Path)), request_body = SeenUser,
    responses((status = 200, body = UserWithPassword), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn reset_password(
    caller: Permission<AdministerUsers>,
    State(org): State<Org>,
    Path(id): Path<UserId>,
    Json(seen): Json<SeenUser>,
) -> web::Result {
    let password = org.reset_password(caller.session(), id, seen.version).await?;
    let user = org.user(&caller.scope, id).await?.into();
    Ok(Json(UserWithPassword { user, one_time_password: password.reveal().to_owned() }).into_response())
}
