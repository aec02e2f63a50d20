//! What people see of people: signing in, their own settings, and the part for administrators.
//!
//! Other rooms take [`CurrentUser`] for who asks, or [`Permission`] where a page needs a right; both work for pages and the API.

mod absences;
mod choices;
mod departments;
mod first_login;
mod grids;
mod people;
mod permission;
mod roles;
mod settings;
mod sign_in;
mod tokens;
mod users;

use axum::Router;

pub use grids::{GridImpactPath, GridPath};
pub use people::{CurrentUser, Origin, people};
pub use permission::{
    AdministerGrids, AdministerRoles, AdministerUsers, CreateDepartments, CreateUsers, EditDepartments, EditUsers,
    Permission, Permit, ReadDepartments, ReadGrids, ReadRoles, ReadUsers,
};

use super::Org;
use crate::i18n::msg;
use crate::kernel::{DepartmentId, RoleId, UserId};
use crate::org::{AbsenceId, ApiTokenId, SessionId};
use crate::web::{NavEntry, NavGroup};

crate::paths! {
    /// Signing in.
    pub LoginPath = "/login" {}
    /// Signing out.
    pub LogoutPath = "/logout" {}
    /// The first login: a password of their own and a mobile number.
    pub FirstLoginPath = "/first-login" {}
    /// Their own settings.
    pub SettingsPath = "/settings" {}
    /// Another password.
    pub OwnPasswordPath = "/settings/password" {}
    /// Ends one of their sessions.
    pub EndSessionPath = "/settings/sessions/{id}/end" { id: SessionId }
    /// Their tokens.
    pub OwnTokensPath = "/settings/tokens" {}
    /// Revokes one of their tokens.
    pub RevokeTokenPath = "/settings/tokens/{id}/revoke" { id: ApiTokenId }
    /// When they are away.
    pub AbsencesPath = "/settings/absences" {}
    /// Ends one of their absences.
    pub EndAbsencePath = "/settings/absences/{id}/end" { id: AbsenceId }
    /// People.
    pub UsersPath = "/admin/users" {}
    /// A new person.
    pub NewUserPath = "/admin/users/new" {}
    /// One person.
    pub UserPath = "/admin/users/{id}" { id: UserId }
    /// Enables or disables a person.
    pub UserActivePath = "/admin/users/{id}/active" { id: UserId }
    /// A one-time password for a person.
    pub UserPasswordPath = "/admin/users/{id}/password" { id: UserId }
    /// When a person is away.
    pub UserAbsencesPath = "/admin/users/{id}/absences" { id: UserId }
    /// Ends an absence of somebody.
    pub EndUserAbsencePath = "/admin/users/{user}/absences/{id}/end" { user: UserId, id: AbsenceId }
    /// Departments.
    pub DepartmentsPath = "/admin/departments" {}
    /// A new department.
    pub NewDepartmentPath = "/admin/departments/new" {}
    /// One department.
    pub DepartmentPath = "/admin/departments/{id}" { id: DepartmentId }
    /// Roles.
    pub RolesPath = "/admin/roles" {}
    /// A new role.
    pub NewRolePath = "/admin/roles/new" {}
    /// One role.
    pub RolePath = "/admin/roles/{id}" { id: RoleId }
    /// Deletes a role.
    pub DeleteRolePath = "/admin/roles/{id}/delete" { id: RoleId }
    /// Everybody's tokens.
    pub TokensPath = "/admin/tokens" {}
    /// Revokes somebody's token.
    pub RevokeAnyTokenPath = "/admin/tokens/{id}/revoke" { id: ApiTokenId }
}

/// Every page of this room.
pub fn routes(org: Org) -> Router {
    Router::new()
        .merge(sign_in::routes())
        .merge(first_login::routes())
        .merge(settings::routes())
        .merge(absences::routes())
        .merge(tokens::routes())
        .merge(users::routes())
        .merge(departments::routes())
        .merge(roles::routes())
        .merge(grids::routes())
        .with_state(org)
}

/// The lines of the navigation, for administrators.
pub fn nav() -> Vec<NavEntry> {
    let entry =
        |label, icon, path: &dyn std::fmt::Display| NavEntry::new(NavGroup::Admin, label, icon, &path.to_string());
    vec![
        entry(msg!("org.users"), "users", &UsersPath {}).needs("user.read"),
        entry(msg!("org.departments"), "sitemap", &DepartmentsPath {}).needs("department.read"),
        entry(msg!("org.roles"), "shield-check", &RolesPath {}).needs("role.read"),
        entry(msg!("org.grids"), "adjustments", &grids::GridsPath {}).needs("authority_grid.read"),
        entry(msg!("org.tokens"), "api", &TokensPath {}).needs("user.administer"),
    ]
}

/// The lines of the menu under a person's name.
pub fn menu() -> Vec<NavEntry> {
    let entry =
        |label, icon, path: &dyn std::fmt::Display| NavEntry::new(NavGroup::Work, label, icon, &path.to_string());
    vec![
        entry(msg!("org.settings"), "settings", &SettingsPath {}),
        entry(msg!("org.absences"), "umbrella", &AbsencesPath {}),
        entry(msg!("org.own_tokens"), "key", &OwnTokensPath {}),
    ]
}
