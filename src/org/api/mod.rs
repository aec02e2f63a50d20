//! People for programs: `/api/v1/me`, `/users`, `/departments`, `/roles`, `/authority-grids`, `/tokens`.

mod departments;
mod grids;
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
        .routes(routes!(grids::list, grids::create))
        .routes(routes!(grids::show))
        .routes(routes!(grids::add_version))
        .routes(routes!(grids::confirm))
        .routes(routes!(grids::version, grids::withdraw))
        .routes(routes!(grids::keep))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .with_state(org)
}
