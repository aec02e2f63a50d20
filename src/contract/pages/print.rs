//! The document out of the house: HTML for printing, PDF.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{PdfPath, PrintPath, disposition};
use crate::contract::Contracts;
use crate::contract::document::{Document, html};
use crate::contract::pdf::Cover;
use crate::web::{self, Address as _, LoggedIn, Page, Query};

/// The text of a document for the printer.
#[derive(Clone, Serialize)]
pub(in crate::contract) struct PrintPage {
    title: String,
    number: Option<String>,
    version: i64,
    code: Option<String>,
    draft: bool,
    document: String,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "contract/print.html";
}

#[derive(Default, Deserialize)]
struct Which {
    /// The number of a version; what stands there now without one.
    #[serde(default)]
    version: String,
}

impl PrintPage {
    pub(in crate::contract) fn of(document: &Document, cover: &Cover) -> Self {
        Self {
            title: document.title.clone(),
            number: cover.number.clone(),
            version: i64::from(cover.version),
            code: cover.verification_code.clone(),
            draft: cover.draft,
            document: html(document),
        }
    }
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(PrintPath::PATTERN, get(page)).route(PdfPath::PATTERN, get(pdf))
}

async fn page(
    visit: LoggedIn,
    PrintPath { id }: PrintPath,
    State(contracts): State<Contracts>,
    Query(which): Query<Which>,
) -> web::Result {
    let printed = contracts.printed(visit.user(), id, which.version.parse().ok()).await?;
    visit.page(&PrintPage::of(&printed.document, &printed.cover))
}

async fn pdf(
    visit: LoggedIn,
    PdfPath { id }: PdfPath,
    State(contracts): State<Contracts>,
    Query(which): Query<Which>,
) -> web::Result {
    let (name, bytes) = contracts.pdf(visit.user(), id, which.version.parse().ok()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, disposition("inline", &name)),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_print_renders() {
        let page = PrintPage {
            title: "Service".into(),
            number: Some("HT-KS-2026-0001".into()),
            version: 2,
            code: Some("AAAA-BBBB-CCCC".into()),
            draft: true,
            document: "<article></article>".into(),
        };
        renders(PrintPage { number: None, code: None, draft: false, ..page.clone() }).await;
        renders(page).await;
    }
}
