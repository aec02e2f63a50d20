//! Authority grids: who may approve what, by category, amount and department.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Amount, Date, Timestamp, UserId};
use crate::org::pages::{AdministerGrids, Permission, ReadGrids};
use crate::org::{GridError, GridFields, GridVersionFields, Org, OrgError};
use crate::web::api::{Json, Path};
use crate::web::{self, FieldError, Problem};
use crate::workflow::{Grid, GridRow, GridStanding, GridVersion, TypedRow};

/// A grid in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct AuthorityGrid {
    /// As workflows write it.
    #[schema(example = "sales-contract")]
    name: String,
    title: String,
    /// Comes back with a new version.
    newest: u32,
    /// The version that a round takes which is submitted today.
    in_force: Option<u32>,
}

/// The grids.
#[derive(Serialize, ToSchema)]
pub(super) struct AuthorityGrids {
    grids: Vec<AuthorityGrid>,
}

/// A grid with its versions, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct AuthorityGridShown {
    #[serde(flatten)]
    grid: AuthorityGrid,
    versions: Vec<AuthorityVersion>,
}

/// A version; its rows never change.
#[derive(Serialize, ToSchema)]
pub(super) struct AuthorityVersion {
    number: u32,
    /// `proposed`, `ahead`, `in_force`, `replaced` or `withdrawn`.
    #[schema(value_type = String)]
    standing: GridStanding,
    /// Rounds that are submitted from this day on take it.
    starts_on: Date,
    note: String,
    made_by: Option<i64>,
    made_at: Timestamp,
    /// The second person.
    confirmed_by: Option<i64>,
    /// Who asks to take it back; another administrator agrees or keeps it.
    withdrawal_by: Option<i64>,
    rows: Vec<AuthorityRow>,
}

/// A row. Rows of the record's own category stand before those of every one, then those of the nearest department; the bands of one
/// category and department cover every amount once.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorityRow {
    /// Code of a category; without it every one.
    category: Option<String>,
    /// The lowest approval amount in the base currency, included; without it from nothing.
    #[schema(example = "1000000.0000")]
    from: Option<String>,
    /// Where the band ends, excluded; without it there is no end.
    below: Option<String>,
    /// Code of a department, which those below it share; without it every one.
    department: Option<String>,
    /// Any one of these: `role:ROLE`, `role_in_department:ROLE`, `head_of_department`, `manager`, `managers_up_to:ROLE`,
    /// `user:LOGIN`. Departments are those of the record's owner, managers those of the drafter.
    #[schema(example = json!(["role:general-manager"]))]
    who: Vec<String>,
}

/// A new grid with its first version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAuthorityGrid {
    name: String,
    title: String,
    /// Today or later.
    starts_on: Date,
    #[serde(default)]
    note: String,
    rows: Vec<AuthorityRow>,
}

/// A new version of a grid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAuthorityVersion {
    /// The newest version that was read.
    newest: u32,
    /// Today or later.
    starts_on: Date,
    #[serde(default)]
    note: String,
    rows: Vec<AuthorityRow>,
}

impl AuthorityGrid {
    fn of(grid: &Grid, today: Date) -> Self {
        Self {
            name: grid.name.clone(),
            title: grid.title.clone(),
            newest: grid.newest(),
            in_force: grid.in_force(today).map(|version| version.number),
        }
    }
}

impl AuthorityVersion {
    fn of(grid: &Grid, version: &GridVersion, today: Date) -> Self {
        Self {
            number: version.number,
            standing: grid.standing(version, today),
            starts_on: version.from,
            note: version.note.clone(),
            made_by: version.made_by.map(UserId::get),
            made_at: version.made_at,
            confirmed_by: version.confirmed_by.map(UserId::get),
            withdrawal_by: version.withdrawal_by.map(UserId::get),
            rows: version.rows.iter().map(Into::into).collect(),
        }
    }
}

impl From<&GridRow> for AuthorityRow {
    fn from(row: &GridRow) -> Self {
        Self {
            category: row.scope.category.clone(),
            from: row.scope.band.from.map(Amount::plain),
            below: row.scope.band.below.map(Amount::plain),
            department: row.scope.department.clone(),
            who: row.who.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<AuthorityRow> for TypedRow {
    fn from(row: AuthorityRow) -> Self {
        let AuthorityRow { category, from, below, department, who } = row;
        let typed = Option::unwrap_or_default;
        Self { category: typed(category), from: typed(from), below: typed(below), department: typed(department), who }
    }
}

fn version_fields(starts_on: Date, note: String, rows: Vec<AuthorityRow>) -> GridVersionFields {
    GridVersionFields { from: Some(starts_on), note, rows: rows.into_iter().map(Into::into).collect() }
}

/// Every fault of the rows as a field.
fn refused(error: OrgError) -> web::Error {
    let OrgError::Grid(GridError::Faults(faults)) = &error else { return error.into() };
    let fields = faults.iter().map(|fault| {
        let code = fault.problem.code().to_owned();
        FieldError { field: fault.place(), code, message: fault.message() }
    });
    web::Error::invalid(fields.collect())
}

fn shown(org: &Org, name: &str) -> Result<AuthorityGridShown, web::Error> {
    let (directory, today) = (org.directory(), org.today());
    let grid = directory.grids.get(name).ok_or_else(web::Error::not_found)?;
    let versions = grid.versions.iter().rev().map(|version| AuthorityVersion::of(grid, version, today)).collect();
    Ok(AuthorityGridShown { grid: AuthorityGrid::of(grid, today), versions })
}

fn shown_version(org: &Org, name: &str, number: u32) -> Result<AuthorityVersion, web::Error> {
    let directory = org.directory();
    let grid = directory.grids.get(name).ok_or_else(web::Error::not_found)?;
    let version = grid.version(number).ok_or_else(web::Error::not_found)?;
    Ok(AuthorityVersion::of(grid, version, org.today()))
}

/// The authority grids.
#[utoipa::path(get, path = "/authority-grids", tag = "people", responses((status = 200, body = AuthorityGrids)))]
pub(super) async fn list(_caller: Permission<ReadGrids>, State(org): State<Org>) -> web::Result {
    let (directory, today) = (org.directory(), org.today());
    let grids = directory.grids.values().map(|grid| AuthorityGrid::of(grid, today)).collect();
    Ok(Json(AuthorityGrids { grids }).into_response())
}

/// A grid with its versions.
#[utoipa::path(get, path = "/authority-grids/{name}", tag = "people", params(("name" = String, Path)),
    responses((status = 200, body = AuthorityGridShown), (status = 404, body = Problem)))]
pub(super) async fn show(
    _caller: Permission<ReadGrids>,
    State(org): State<Org>,
    Path(name): Path<String>,
) -> web::Result {
    Ok(Json(shown(&org, &name)?).into_response())
}

/// A version of a grid.
#[utoipa::path(get, path = "/authority-grids/{name}/versions/{number}", tag = "people",
    params(("name" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = AuthorityVersion), (status = 404, body = Problem)))]
pub(super) async fn version(
    _caller: Permission<ReadGrids>,
    State(org): State<Org>,
    Path((name, number)): Path<(String, u32)>,
) -> web::Result {
    Ok(Json(shown_version(&org, &name, number)?).into_response())
}

/// Makes a grid with its first version. Rows that cannot be asked answer 422, each fault with its row.
#[utoipa::path(post, path = "/authority-grids", tag = "people", request_body = NewAuthorityGrid,
    responses((status = 201, body = AuthorityGridShown), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create(
    caller: Permission<AdministerGrids>,
    State(org): State<Org>,
    Json(new): Json<NewAuthorityGrid>,
) -> web::Result {
    let first = version_fields(new.starts_on, new.note, new.rows);
    let fields = GridFields { name: new.name, title: new.title, first };
    let name = org.create_grid(caller.session(), fields).await.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(shown(&org, &name)?)).into_response())
}

/// Adds a version to a grid. Where somebody else could confirm it, it waits for them. Rounds under way keep the version that they took.
#[utoipa::path(post, path = "/authority-grids/{name}/versions", tag = "people", params(("name" = String, Path)),
    request_body = NewAuthorityVersion,
    responses((status = 201, body = AuthorityVersion), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn add_version(
    caller: Permission<AdministerGrids>,
    State(org): State<Org>,
    Path(name): Path<String>,
    Json(new): Json<NewAuthorityVersion>,
) -> web::Result {
    let fields = version_fields(new.starts_on, new.note, new.rows);
    let number = org.add_grid_version(caller.session(), &name, new.newest, fields).await.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(shown_version(&org, &name, number)?)).into_response())
}

/// Lets a version take force that somebody else made: on its day, or at once where it has come.
#[utoipa::path(post, path = "/authority-grids/{name}/versions/{number}/confirm", tag = "people",
    params(("name" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = AuthorityVersion), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn confirm(
    caller: Permission<AdministerGrids>,
    State(org): State<Org>,
    Path((name, number)): Path<(String, u32)>,
) -> web::Result {
    org.confirm_grid_version(caller.session(), &name, number, None).await?;
    Ok(Json(shown_version(&org, &name, number)?).into_response())
}

/// Takes a version back that waits for a second person; it stays in the history. One that was confirmed and whose day has not come is
/// taken back by two: the first call asks for it, as `withdrawal_by` of the answer says, and that of another administrator does it.
#[utoipa::path(delete, path = "/authority-grids/{name}/versions/{number}", tag = "people",
    params(("name" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = AuthorityVersion), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn withdraw(
    caller: Permission<AdministerGrids>,
    State(org): State<Org>,
    Path((name, number)): Path<(String, u32)>,
) -> web::Result {
    org.withdraw_grid_version(caller.session(), &name, number).await?;
    Ok(Json(shown_version(&org, &name, number)?).into_response())
}

/// Keeps a version that somebody asks to take back: they no longer wish it, or another administrator does not agree.
#[utoipa::path(post, path = "/authority-grids/{name}/versions/{number}/keep", tag = "people",
    params(("name" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = AuthorityVersion), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn keep(
    caller: Permission<AdministerGrids>,
    State(org): State<Org>,
    Path((name, number)): Path<(String, u32)>,
) -> web::Result {
    org.keep_grid_version(caller.session(), &name, number).await?;
    Ok(Json(shown_version(&org, &name, number)?).into_response())
}
