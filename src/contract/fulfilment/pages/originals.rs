//! Originals that are out, and recording one as back.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::view::{OriginalView, Viewer};
use super::{OriginalBackPath, OriginalsPath};
use crate::contract::fulfilment::{Fulfilment, FulfilmentError, OriginalFilter};
use crate::contract::pages::actor;
use crate::db::Cursor;
use crate::i18n::msg;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, Query};

#[derive(Clone, Serialize)]
struct OriginalsPage {
    rows: Vec<OriginalView>,
    filter: FormState,
    /// What was typed to record one, with what is wrong.
    form: FormState,
    count: String,
    next: String,
    today: String,
}

impl Page for OriginalsPage {
    const TEMPLATE: &'static str = "contract/originals.html";
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct OriginalsQuery {
    #[serde(default)]
    words: String,
    #[serde(default)]
    back: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Clone, Deserialize)]
struct BackForm {
    #[serde(default)]
    on: String,
    #[serde(default)]
    copies: String,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new().route(OriginalsPath::PATTERN, get(list)).route(OriginalBackPath::PATTERN, post(back))
}

async fn list(
    visit: LoggedIn,
    State(fulfilment): State<Fulfilment>,
    Query(query): Query<OriginalsQuery>,
) -> web::Result {
    visit.page(&page(&visit, &fulfilment, &query, FormState::empty()).await?)
}

async fn back(
    visit: LoggedIn,
    OriginalBackPath { id }: OriginalBackPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<BackForm>,
) -> web::Result {
    let recorded = async {
        let on = form.value.on.parse().map_err(|_| FulfilmentError::Needed { field: "on".to_owned() })?;
        let copies = form.value.copies.trim().parse().map_err(|_| FulfilmentError::Copies)?;
        fulfilment.original_back(actor(&visit), id, (on, copies)).await
    };
    match recorded.await {
        Ok(()) => {
            let note = Note::done(visit.text(&msg!("contract.originals.recorded")));
            Ok(visit.go_with(OriginalsPath {}, &note))
        }
        Err(error) => {
            let state = form.typed.refused(error)?;
            visit.page_again(&page(&visit, &fulfilment, &OriginalsQuery::default(), state).await?)
        }
    }
}

async fn page(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    query: &OriginalsQuery,
    form: FormState,
) -> Result<OriginalsPage, web::Error> {
    let viewer = Viewer { fulfilment, visit };
    let filter = OriginalFilter { back: !query.back.is_empty(), text: query.words.clone() };
    let (page, count) = fulfilment.originals(visit.user(), filter, query.after.parse::<Cursor>().ok()).await?;
    let next = match page.next {
        Some(cursor) => {
            let query = OriginalsQuery { after: cursor.to_string(), ..query.clone() };
            OriginalsPath {}.with_query(&query).map_err(web::Error::internal)?
        }
        None => String::new(),
    };
    Ok(OriginalsPage {
        rows: page.rows.iter().map(|one| viewer.original(one)).collect(),
        filter: FormState::of(query)?,
        form,
        count: count.to_string(),
        next,
        today: fulfilment.contracts().today().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn originals_render() {
        let out = OriginalView {
            number: "HT-1".into(),
            title: "Service".into(),
            other_party: "Acme".into(),
            owner: "Li".into(),
            record: "/contracts/7/fulfilment".into(),
            due_on: "2026-03-17".parse().unwrap(),
            late: true,
            back_on: None,
            copies: None,
            back: "/originals/1/back".into(),
        };
        let returned = OriginalView { back_on: "2026-03-09".parse().ok(), copies: Some(2), late: false, ..out.clone() };
        let page = OriginalsPage {
            rows: vec![out, returned],
            filter: FormState::empty(),
            form: FormState::empty(),
            count: "2".into(),
            next: String::new(),
            today: "2026-03-02".into(),
        };
        renders(OriginalsPage { rows: Vec::new(), ..page.clone() }).await;
        renders(page).await;
    }
}
