//! What a version of an authority grid would do. The grid is kept beside the people; what follows from it is seen from here.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::workflows::weighing::{ImpactShown, of_grid};
use crate::approval::Desk;
use crate::org::pages::{GridImpactPath, GridPath, Permission, ReadGrids};
use crate::web::{self, Address as _, Page};

#[derive(Clone, Serialize)]
struct GridImpactPage {
    grid: String,
    path: String,
    number: u32,
    impact: ImpactShown,
}

impl Page for GridImpactPage {
    const TEMPLATE: &'static str = "approval/grid_impact.html";
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(GridImpactPath::PATTERN, get(show))
}

async fn show(
    user: Permission<ReadGrids>,
    GridImpactPath { name, number }: GridImpactPath,
    State(desk): State<Desk>,
) -> web::Result {
    let found = of_grid(&desk, (&name, number), user.user.user()).await?;
    let (grid, impact) = found.ok_or_else(web::Error::not_found)?;
    let path = GridPath { name }.to_string();
    user.page(&GridImpactPage { grid, path, number, impact })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::pages::workflows::weighing;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn what_a_grid_would_do_renders() {
        let path = "/admin/authority-grids/sales".to_owned();
        renders(GridImpactPage { grid: "Sales".into(), path, number: 2, impact: weighing::sample() }).await;
    }
}
