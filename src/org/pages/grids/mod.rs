//! Authority grids (授权额度表), for administrators. They stand here and not beside the workflows, because what they name are the
//! roles, people and departments of this room, whose directory they are part of.

mod edit;
mod show;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::{Permission, ReadGrids};
use crate::kernel::Date;
use crate::org::{AUTHORITY_GRID, Action, Org};
use crate::web::{self, Address as _, Page};
use crate::workflow::{Grid, GridStanding, GridVersion};

crate::paths! {
    /// Authority grids.
    pub(super) GridsPath = "/admin/authority-grids" {}
    /// A new grid.
    pub(super) NewGridPath = "/admin/authority-grids/new" {}
    /// One grid with its versions.
    pub GridPath = "/admin/authority-grids/{name}" { name: String }
    /// A new version of a grid.
    pub(super) NewGridVersionPath = "/admin/authority-grids/{name}/versions/new" { name: String }
    /// What a version would do: a page of approvals, which stand above.
    pub GridImpactPath = "/admin/authority-grids/{name}/versions/{number}/impact" { name: String, number: u32 }
    /// Lets a version take force.
    pub(super) ConfirmGridVersionPath = "/admin/authority-grids/{name}/versions/{number}/confirm" { name: String, number: u32 }
    /// Takes a version back.
    pub(super) WithdrawGridVersionPath = "/admin/authority-grids/{name}/versions/{number}/withdraw" { name: String, number: u32 }
    /// A version stays that somebody asks to take back.
    pub(super) KeepGridVersionPath = "/admin/authority-grids/{name}/versions/{number}/keep" { name: String, number: u32 }
}

#[derive(Clone, Serialize)]
struct GridsPage {
    grids: Vec<ListedGrid>,
    new: Option<String>,
}

impl Page for GridsPage {
    const TEMPLATE: &'static str = "org/grids.html";
}

#[derive(Clone, Serialize)]
struct ListedGrid {
    title: String,
    name: String,
    path: String,
    /// Number of the version in force and its day.
    in_force: Option<(u32, Date)>,
    /// Versions that wait for a second person.
    proposed: usize,
    /// Versions whose day has not come.
    ahead: usize,
    /// Versions that somebody asks to take back.
    withdrawals: usize,
}

pub(super) fn routes() -> Router<Org> {
    Router::new().route(GridsPath::PATTERN, get(list)).merge(edit::routes()).merge(show::routes())
}

async fn list(user: Permission<ReadGrids>, State(org): State<Org>) -> web::Result {
    let (directory, today) = (org.directory(), org.today());
    let count =
        |grid: &Grid, standing| grid.versions.iter().filter(|one| grid.standing(one, today) == standing).count();
    let asked = |grid: &Grid, one: &GridVersion| {
        one.withdrawal_by.is_some() && grid.standing(one, today) == GridStanding::Ahead
    };
    let withdrawals = |grid: &Grid| grid.versions.iter().filter(|one| asked(grid, one)).count();
    let grids = directory.grids.values().map(|grid| ListedGrid {
        title: grid.title.clone(),
        name: grid.name.clone(),
        path: GridPath { name: grid.name.clone() }.to_string(),
        in_force: grid.in_force(today).map(|version| (version.number, version.from)),
        proposed: count(grid, GridStanding::Proposed),
        ahead: count(grid, GridStanding::Ahead),
        withdrawals: withdrawals(grid),
    });
    let new = user.session().may(&AUTHORITY_GRID, Action::Administer).then(|| NewGridPath {}.to_string());
    user.page(&GridsPage { grids: grids.collect(), new })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_list_renders() {
        let path = "/admin/authority-grids/sales".to_owned();
        let (title, name) = ("Sales".to_owned(), "sales".to_owned());
        let listed = ListedGrid {
            title,
            name,
            path: path.clone(),
            in_force: Some((2, Date::constant(2026, 3, 1))),
            proposed: 1,
            ahead: 1,
            withdrawals: 1,
        };
        let later = ListedGrid { in_force: None, proposed: 0, ahead: 0, withdrawals: 0, ..listed.clone() };
        renders(GridsPage { grids: vec![listed, later], new: Some(path) }).await;
        renders(GridsPage { grids: Vec::new(), new: None }).await;
    }
}
