//! What was submitted, and what differs between any two of it.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::VersionsPath;
use super::choices::Choice;
use super::frame::{Frame, Part};
use crate::contract::Contracts;
use crate::contract::document::{Redline, redline_html};
use crate::contract::fulfilment::change::label;
use crate::contract::fulfilment::pages::ChangePath;
use crate::i18n::{Message, msg};
use crate::kernel::{Date, Timestamp};
use crate::web::{self, Address as _, FormState, LoggedIn, Page, Query};

#[derive(Clone, Serialize)]
struct VersionsPage {
    frame: Frame,
    versions: Vec<ShownVersion>,
    choice_form: FormState,
    numbers: Vec<Choice>,
    compared: bool,
    changes: Vec<ShownClause>,
    supplements: Vec<Supplement>,
}

/// A change that was handed in: what replaces terms of the signed version.
#[derive(Clone, Serialize)]
struct Supplement {
    path: String,
    number: String,
    kind: Message,
    state: Message,
    tone: &'static str,
    effective_on: Option<Date>,
    hash: String,
}

impl Page for VersionsPage {
    const TEMPLATE: &'static str = "contract/versions.html";
}

#[derive(Clone, Serialize)]
struct ShownVersion {
    no: i64,
    author: String,
    at: Timestamp,
    reason: Message,
    hash: String,
    approved: bool,
}

/// A clause with what changed in it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownClause {
    title: String,
    added: bool,
    removed: bool,
    /// Safe HTML.
    redline: String,
}

#[derive(Default, Serialize, Deserialize)]
struct Compared {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(VersionsPath::PATTERN, get(show))
}

async fn show(
    visit: LoggedIn,
    VersionsPath { id }: VersionsPath,
    State(contracts): State<Contracts>,
    Query(mut query): Query<Compared>,
) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    let versions = contracts.versions(visit.user(), id).await?;
    let directory = contracts.org().directory();
    if query.from.is_empty() && versions.len() > 1 {
        (query.from, query.to) = (versions[1].no.to_string(), versions[0].no.to_string());
    }
    let redline = match query.from.parse::<i64>() {
        Ok(from) => Some(contracts.redline(visit.user(), id, from, query.to.parse().ok()).await?),
        Err(_) => None,
    };
    let number = |no: i64| Choice::new(no, visit.text(&msg!("contract.version.number", number = no.to_string())));
    let mut numbers: Vec<Choice> = versions.iter().map(|one| number(one.no)).collect();
    numbers.push(Choice::new("now", visit.text(&msg!("contract.version.now"))));
    let shown = versions.iter().map(|one| ShownVersion {
        no: one.no,
        author: one.author.map(|user| directory.name(user)).unwrap_or_default(),
        at: one.at,
        reason: reason(&one.reason),
        hash: one.content_hash.short(),
        approved: contract.approved_version == Some(one.no),
    });
    let supplements = contracts.supplements(id).await?.into_iter().filter_map(|change| {
        Some(Supplement {
            path: ChangePath { id: change.id }.to_string(),
            number: change.number.clone()?,
            kind: label(change.kind),
            state: change.state_label(),
            tone: change.state.tone(),
            effective_on: change.effective_on,
            hash: change.content_hash.short(),
        })
    });
    visit.page(&VersionsPage {
        supplements: supplements.collect(),
        frame: Frame::of(&contracts, &visit, &contract, Part::Versions),
        versions: shown.collect(),
        choice_form: FormState::of(&query)?,
        numbers,
        compared: redline.is_some(),
        changes: changed(redline.as_ref()),
    })
}

/// The clauses that changed, as a page shows them.
pub(super) fn changed(redline: Option<&Redline>) -> Vec<ShownClause> {
    let changed = redline.into_iter().flat_map(Redline::changed);
    let shown = changed.map(|clause| ShownClause {
        title: clause.title.clone(),
        added: clause.added,
        removed: clause.removed,
        redline: redline_html(clause),
    });
    shown.collect()
}

/// Why there is another version.
pub(super) fn reason(word: &str) -> Message {
    match word {
        "submitted" => msg!("contract.version.submitted"),
        "suggestion" => msg!("contract.version.suggestion"),
        _ => msg!("contract.version.resubmitted"),
    }
}

#[cfg(test)]
impl ShownClause {
    pub(super) fn sample() -> Self {
        Self { title: "Liability".into(), added: true, removed: false, redline: "<p><ins>a</ins></p>".into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::State as Stage;
    use crate::contract::fulfilment::ChangeKind;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn versions_render() {
        let version = ShownVersion {
            no: 2,
            author: "Zhang".into(),
            at: Timestamp::from_micros(0),
            reason: reason("suggestion"),
            hash: "a1b2c3".into(),
            approved: true,
        };
        let page = VersionsPage {
            frame: Frame::sample(),
            versions: vec![version],
            choice_form: FormState::empty(),
            numbers: vec![Choice::new(1, "1")],
            compared: true,
            changes: vec![ShownClause::sample()],
            supplements: vec![Supplement {
                path: "/contract-changes/1".into(),
                number: "HT-KS-2026-0001-1".into(),
                kind: label(ChangeKind::Supplement),
                state: Stage::InForce.label(),
                tone: "good",
                effective_on: "2026-04-01".parse().ok(),
                hash: "d4e5f6".into(),
            }],
        };
        let empty = VersionsPage { versions: Vec::new(), compared: false, changes: Vec::new(), ..page.clone() };
        renders(VersionsPage { supplements: Vec::new(), ..empty }).await;
        renders(VersionsPage { changes: Vec::new(), ..page.clone() }).await;
        renders(page).await;
    }
}
