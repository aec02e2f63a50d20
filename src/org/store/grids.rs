//! Authority grids, their versions and rows.

use std::collections::BTreeMap;

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Timestamp, UserId};
use crate::org::grid::GridId;
use crate::params;
use crate::workflow::{Band, Grid, GridRow, GridScope, GridVersion};

const GRIDS: &str = "SELECT id, name, title FROM authority_grids ORDER BY id";
const VERSIONS: &str = "SELECT grid, number, starts_on, note, made_by, made_at, confirmed_by, confirmed_at, \
    withdrawal_by, withdrawn_at \
    FROM authority_versions \
    ORDER BY grid, number";
// A department is kept by its id, so that its rows stay its own when its code changes.
const ROWS: &str = "SELECT r.grid, r.number, r.category, r.from_base, r.below_base, d.code AS department, r.who \
    FROM authority_rows r LEFT JOIN departments d ON d.id = r.department ORDER BY r.grid, r.number, r.place";
const BY_NAME: &str = "SELECT id FROM authority_grids WHERE name = $1";
const INSERT: &str = "INSERT INTO authority_grids (name, title, created_at) VALUES ($1, $2, $3) RETURNING id";
const INSERT_VERSION: &str = "INSERT INTO authority_versions (grid, number, starts_on, note, made_by, made_at, confirmed_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const INSERT_ROW: &str = "INSERT INTO authority_rows \
    (grid, number, place, category, from_base, below_base, department, who) \
    VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM departments WHERE code = $7), $8)";
const CONFIRM: &str =
    "UPDATE authority_versions SET confirmed_by = $3, confirmed_at = $4 WHERE grid = $1 AND number = $2";
const ASK_WITHDRAWAL: &str = "UPDATE authority_versions SET withdrawal_by = $3 WHERE grid = $1 AND number = $2";
const WITHDRAW: &str = "UPDATE authority_versions SET withdrawn_at = $3 WHERE grid = $1 AND number = $2";

pub(super) const STATEMENTS: &[&str] =
    &[GRIDS, VERSIONS, ROWS, BY_NAME, INSERT, INSERT_VERSION, INSERT_ROW, CONFIRM, ASK_WITHDRAWAL, WITHDRAW];

/// A version of a grid, still without its rows.
struct StoredVersion {
    grid: GridId,
    version: GridVersion,
}

impl FromRow for StoredVersion {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let grid = row.get("grid")?;
        let version = GridVersion {
            number: row.get("number")?,
            from: row.get("starts_on")?,
            note: row.get("note")?,
            made_by: row.get("made_by")?,
            made_at: row.get("made_at")?,
            proposed: row.get::<Option<Timestamp>>("confirmed_at")?.is_none(),
            confirmed_by: row.get("confirmed_by")?,
            withdrawal_by: row.get("withdrawal_by")?,
            withdrawn: row.get::<Option<Timestamp>>("withdrawn_at")?.is_some(),
            rows: Vec::new(),
        };
        Ok(Self { grid, version })
    }
}

/// A row with where it belongs.
struct StoredRow {
    version: (GridId, u32),
    row: GridRow,
}

impl FromRow for StoredRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let version = (row.get("grid")?, row.get("number")?);
        let category = row.get("category")?;
        let band = Band { from: row.get("from_base")?, below: row.get("below_base")? };
        let scope = GridScope { category, band, department: row.get("department")? };
        Ok(Self { version, row: GridRow { scope, who: row.json("who")? } })
    }
}

/// All of them with everything they ever said.
pub(in crate::org) async fn all(c: &mut Conn<'_>) -> Result<Vec<Grid>, DbError> {
    let mut rows: BTreeMap<(GridId, u32), Vec<GridRow>> = BTreeMap::new();
    for StoredRow { version, row } in c.all(ROWS, params![]).await? {
        rows.entry(version).or_default().push(row);
    }
    let mut versions: BTreeMap<GridId, Vec<GridVersion>> = BTreeMap::new();
    for StoredVersion { grid, mut version } in c.all(VERSIONS, params![]).await? {
        version.rows = rows.remove(&(grid, version.number)).unwrap_or_default();
        versions.entry(grid).or_default().push(version);
    }
    let grids: Vec<(GridId, String, String)> = c.all(GRIDS, params![]).await?;
    let grid = |(id, name, title)| Grid { name, title, versions: versions.remove(&id).unwrap_or_default() };
    Ok(grids.into_iter().map(grid).collect())
}

/// The id of the grid of that name.
pub(in crate::org) async fn by_name(c: &mut Conn<'_>, name: &str) -> Result<GridId, DbError> {
    Ok(c.one::<(GridId,)>(BY_NAME, params![name]).await?.0)
}

/// A new grid, without a version yet.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    name: &str,
    title: &str,
    at: Timestamp,
) -> Result<GridId, DbError> {
    Ok(c.one::<(GridId,)>(INSERT, params![name, title, at]).await?.0)
}

/// A new version with its rows.
pub(in crate::org) async fn insert_version(c: &mut Conn<'_>, id: GridId, version: &GridVersion) -> Result<(), DbError> {
    let GridVersion { number, from, note, made_by, made_at, .. } = version;
    let confirmed_at = (!version.proposed).then_some(*made_at);
    c.exec(INSERT_VERSION, params![id, number, from, note, made_by, made_at, confirmed_at]).await?;
    for (place, row) in (0_u32..).zip(&version.rows) {
        let GridScope { category, band, department } = &row.scope;
        let who = serde_json::to_string(&row.who).map_err(|error| DbError::Check(error.to_string()))?;
        let values = params![id, number, place, category, band.from, band.below, department, who];
        c.exec(INSERT_ROW, values).await?;
    }
    Ok(())
}

/// A second person has confirmed a version.
pub(in crate::org) async fn confirm(
    c: &mut Conn<'_>,
    (id, number): (GridId, u32),
    by: UserId,
    at: Timestamp,
) -> Result<(), DbError> {
    c.exec(CONFIRM, params![id, number, by, at]).await.map(drop)
}

/// Somebody asks to take a version back, or nobody any more.
pub(in crate::org) async fn ask_withdrawal(
    c: &mut Conn<'_>,
    id: GridId,
    number: u32,
    by: Option<UserId>,
) -> Result<(), DbError> {
    c.exec(ASK_WITHDRAWAL, params![id, number, by]).await.map(drop)
}

/// A version is taken back.
pub(in crate::org) async fn withdraw(c: &mut Conn<'_>, id: GridId, number: u32, at: Timestamp) -> Result<(), DbError> {
    c.exec(WITHDRAW, params![id, number, at]).await.map(drop)
}
