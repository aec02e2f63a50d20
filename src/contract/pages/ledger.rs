//! 合同台账.

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::choices::{self, Choice};
use super::{ContractPath, ContractsPath, NewContractPath};
use crate::contract::words::{CATEGORIES, category_said};
use crate::contract::{CONTRACT, ContractSummary, Contracts, LedgerFilter, State};
use crate::db::Cursor;
use crate::i18n::Message;
use crate::kernel::{Date, Money};
use crate::org::Action;
use crate::web::{self, Address as _, FormState, LoggedIn, Page, Query};

/// Contracts on one page of the ledger.
const A_PAGE: u32 = 50;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct LedgerQuery {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    category: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    entity: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    customer: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    owner: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    signed_from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    signed_to: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    expires_to: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Clone, Serialize)]
struct LedgerPage {
    filter: FormState,
    narrowed: bool,
    /// Whether a condition stands below the fold.
    more_open: bool,
    states: Vec<Choice>,
    categories: Vec<Choice>,
    entities: Vec<Choice>,
    people: Vec<Choice>,
    sorts: Vec<Choice>,
    rows: Vec<LedgerRow>,
    count: String,
    next: String,
    new: Option<String>,
}

impl Page for LedgerPage {
    const TEMPLATE: &'static str = "contract/ledger.html";
}

#[derive(Clone, Serialize)]
struct LedgerRow {
    path: String,
    number: Option<String>,
    title: String,
    other_party: String,
    amount: Option<Money>,
    state: Message,
    tone: &'static str,
    signed_on: Option<Date>,
    expires_on: Option<Date>,
    owner: String,
    paid: Option<Money>,
    percent: Option<i128>,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(ContractsPath::PATTERN, get(list))
}

async fn list(
    visit: LoggedIn,
    Extract(contracts): Extract<Contracts>,
    Query(query): Query<LedgerQuery>,
) -> web::Result {
    let after = query.after.parse::<Cursor>().ok();
    let (found, count) = contracts.ledger(visit.user(), filter(&query), A_PAGE, after).await?;
    let ids: Vec<i64> = found.rows.iter().map(|row| row.id.get()).collect();
    let progress = contracts.0.settlements.progress(&CONTRACT, &ids).await?;
    let directory = contracts.org().directory();
    let row = |row: ContractSummary| {
        let paid = progress.get(&row.id.get());
        LedgerRow {
            path: ContractPath { id: row.id }.to_string(),
            owner: directory.name(row.owner),
            state: row.state.label(),
            tone: row.state.tone(),
            paid: paid.and_then(|paid| Some(Money::new(paid.paid, row.gross?.currency))),
            percent: paid.map(|paid| paid.percent()),
            number: row.number,
            title: row.title,
            other_party: row.other_party,
            amount: row.gross,
            signed_on: row.signed_on,
            expires_on: row.expires_on,
        }
    };
    let next = match &found.next {
        Some(cursor) => {
            let query = LedgerQuery { after: cursor.to_string(), ..query.clone() };
            ContractsPath {}.with_query(&query).map_err(web::Error::internal)?
        }
        None => String::new(),
    };
    let words = |names: &[&str]| {
        let choice = |name: &&str| Choice::new(*name, visit.text(&Message::of(format!("contract.sort.{name}"))));
        names.iter().map(choice).collect()
    };
    let narrowed = LedgerQuery { sort: String::new(), after: String::new(), ..query.clone() };
    let narrowed =
        ContractsPath {}.with_query(&narrowed).map_err(web::Error::internal)? != ContractsPath {}.to_string();
    let new = contracts.scope(visit.user(), Action::Create).is_ok();
    visit.page(&LedgerPage {
        filter: FormState::of(&query)?,
        narrowed,
        more_open: folded(&query).iter().any(|text| !text.is_empty()),
        states: State::ALL.map(|state| Choice::new(state, visit.text(&state.label()))).to_vec(),
        categories: CATEGORIES.map(|one| Choice::new(one, visit.text(&category_said(one)))).to_vec(),
        entities: choices::entities(&contracts.entities().await?),
        people: choices::people(&directory),
        sorts: words(&["newest", "number", "amount", "expires"]),
        rows: found.rows.into_iter().map(row).collect(),
        count: count.to_string(),
        next,
        new: new.then(|| NewContractPath {}.to_string()),
    })
}

/// The conditions that are folded away until one is used.
fn folded(query: &LedgerQuery) -> [&str; 6] {
    [&query.category, &query.entity, &query.signed_from, &query.signed_to, &query.expires_to, &query.sort]
}

fn filter(query: &LedgerQuery) -> LedgerFilter {
    LedgerFilter {
        text: query.text.clone(),
        states: query.state.parse().ok().into_iter().collect(),
        category: query.category.clone(),
        entity: query.entity.parse().ok(),
        customer: query.customer.parse().ok(),
        owner: query.owner.parse().ok(),
        signed_from: query.signed_from.parse().ok(),
        signed_to: query.signed_to.parse().ok(),
        expires_to: query.expires_to.parse().ok(),
        sort: query.sort.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;
    use crate::web::testing::renders;

    #[test]
    fn a_search_leaves_the_rarer_conditions_folded() {
        let search =
            LedgerQuery { text: "x".into(), state: "draft".into(), owner: "1".into(), ..LedgerQuery::default() };
        assert_eq!(folded(&search), [""; 6]);
        let query = LedgerQuery { category: "sales".into(), sort: "amount".into(), ..search };
        assert_eq!(folded(&query).iter().filter(|text| !text.is_empty()).count(), 2);
    }

    #[tokio::test]
    async fn the_ledger_renders() {
        let row = LedgerRow {
            path: "/contracts/1".into(),
            number: None,
            title: "Service".into(),
            other_party: "Acme".into(),
            amount: Some(Money::zero(Currency::CNY)),
            state: State::Draft.label(),
            tone: "",
            signed_on: None,
            expires_on: "2027-03-01".parse().ok(),
            owner: "Zhang".into(),
            paid: Some(Money::zero(Currency::CNY)),
            percent: Some(40),
        };
        let page = LedgerPage {
            filter: FormState::empty(),
            narrowed: true,
            more_open: true,
            states: vec![Choice::word("draft")],
            categories: Vec::new(),
            entities: Vec::new(),
            people: Vec::new(),
            sorts: vec![Choice::word("newest")],
            rows: vec![row],
            count: "1".into(),
            next: "/contracts?after=x".into(),
            new: Some("/contracts/new".into()),
        };
        renders(LedgerPage { rows: Vec::new(), ..page.clone() }).await;
        renders(LedgerPage { rows: Vec::new(), narrowed: false, new: None, ..page.clone() }).await;
        renders(page).await;
    }
}
