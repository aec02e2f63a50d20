//! The first page.

use axum::Router;
use axum::routing::get;
use serde::Serialize;

use crate::web::{self, Address as _, Page, Visit};

crate::paths! {
    /// The first page.
    pub(super) HomePath = "/" {}
}

#[derive(Clone, Serialize)]
struct WelcomePage {}

impl Page for WelcomePage {
    const TEMPLATE: &'static str = "app/welcome.html";
}

pub(super) fn routes() -> Router {
    Router::new().route(HomePath::PATTERN, get(home))
}

async fn home(visit: Visit) -> web::Result {
    visit.page(&WelcomePage {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_page_renders() {
        crate::web::testing::renders(WelcomePage {}).await;
    }
}
