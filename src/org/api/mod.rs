//! People for programs: `/api/v1/me`, `/users`, `/departments`, `/roles`, `/tokens`.

mod departments;
mod roles;
mod tokens;
mod users;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Org;

/// Every JSON route of this room.
pub fn routes(org: Org) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(users::me))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::show, users::change))
        .routes(routes!(users::set_active))
        .routes(routes!(users::reset_password))
        .routes(routes!(departments::list, departments::create))
        .routes(routes!(departments::change))
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::change, roles::delete))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .with_state(org)
}
