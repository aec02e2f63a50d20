//! What a picker offers while somebody writes: the options of its list.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::Choice;
use crate::record::error::RecordError;
use crate::record::records::Records;
use crate::web::{self, LoggedIn, Page, Query};

#[derive(Clone, Serialize)]
struct Picks {
    options: Vec<Choice>,
    chosen: String,
}

impl Page for Picks {
    const TEMPLATE: &'static str = "record/pick.html";
}

#[derive(Deserialize)]
struct OfKind {
    kind: String,
}

impl<S: Send + Sync> FromRequestParts<S> for OfKind {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, web::Error> {
        web::paths::extract(parts, state, "/{kind}").await
    }
}

pub(super) fn routes(records: Records) -> Router {
    Router::new().route("/records/pick/{kind}", get(pick)).with_state(records)
}

async fn pick(
    visit: LoggedIn,
    path: OfKind,
    State(records): State<Records>,
    Query(query): Query<Vec<(String, String)>>,
) -> web::Result {
    let kind = records.kind(&path.kind).ok_or(RecordError::NotFound)?;
    let query: BTreeMap<String, String> = query.into_iter().collect();
    let words = query.get("words").map(String::as_str).unwrap_or_default();
    let parent = kind.parent.and_then(|parent| query.get(parent.name)).and_then(|id| id.parse().ok());
    let found = records.pick(visit.user(), kind, words, parent).await?;
    let options: Vec<Choice> = found.into_iter().map(|one| Choice::new(one.id, one.title)).collect();
    let chosen = match options.as_slice() {
        [only] if !words.is_empty() => only.value.clone(),
        _ => query.get(kind.name).cloned().unwrap_or_default(),
    };
    visit.page(&Picks { options, chosen })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn choices_render() {
        renders(Picks { options: vec![Choice::new(1, "Acme")], chosen: "1".into() }).await;
    }
}
