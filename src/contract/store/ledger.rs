//! The ledger (合同台账).

use crate::contract::State;
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{Amount, ContractId, CustomerId, Date, EntityId, Money, Timestamp, UserId};
use crate::org::Scope;
use crate::params;

/// A line of the ledger (合同台账).
#[derive(Clone, Debug, PartialEq)]
pub struct ContractSummary {
    /// Id.
    pub id: ContractId,
    /// Its number.
    pub number: Option<String>,
    /// What its text is called.
    pub title: String,
    /// The other party.
    pub other_party: String,
    /// Our entity.
    pub entity: EntityId,
    /// Gross total.
    pub gross: Option<Money>,
    /// Where it stands.
    pub state: State,
    /// When all had signed.
    pub signed_on: Option<Date>,
    /// Last day.
    pub expires_on: Option<Date>,
    /// Who looks after it.
    pub owner: UserId,
    /// When it was changed.
    pub updated_at: Timestamp,
}

impl FromRow for ContractSummary {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let currency = row.get("currency")?;
        let gross: Option<Amount> = row.get("gross")?;
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            title: row.get("title")?,
            other_party: row.get("other_party")?,
            entity: row.get("entity")?,
            gross: gross.map(|amount| Money::new(amount, currency)),
            state: row.get("state")?,
            signed_on: row.get("signed_on")?,
            expires_on: row.get("expires_on")?,
            owner: row.get("owner")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// The orders of the ledger.
const SORTS: &[Sort] = &[
    Sort { name: "newest", keys: &[Key::falling("k.updated_at"), Key::falling("k.id")] },
    Sort { name: "number", keys: &[Key::rising("COALESCE(k.number, '~')"), Key::rising("k.id")] },
    Sort { name: "amount", keys: &[Key::falling("COALESCE(k.gross, -1)"), Key::falling("k.id")] },
    Sort { name: "expires", keys: &[Key::rising("COALESCE(k.expires_on, '9999-12-31')"), Key::rising("k.id")] },
];

/// What the ledger can be narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// A part of the number, the title or the other party's name.
    pub text: String,
    /// Where they stand; none is everywhere.
    pub states: Vec<State>,
    /// `sales`, `purchase`, `other`; empty is all.
    pub category: String,
    /// Our entity.
    pub entity: Option<EntityId>,
    /// For whom they were drafted.
    pub customer: Option<CustomerId>,
    /// Who looks after them.
    pub owner: Option<UserId>,
    /// Signed on this day or later.
    pub signed_from: Option<Date>,
    /// Signed on this day or earlier.
    pub signed_to: Option<Date>,
    /// Expires on this day or earlier.
    pub expires_to: Option<Date>,
    /// The name of the order: `newest`, `number`, `amount`, `expires`.
    pub sort: String,
}

fn list(scope: &Scope, filter: &LedgerFilter) -> Query {
    let columns = "k.id, k.number, k.title, k.other_party, k.entity, k.currency, k.gross, k.state, k.signed_on, \
                   k.expires_on, k.owner, k.updated_at";
    let mut list = Query::new(columns, "contract AS k");
    scope.narrow(&mut list, "k.owner", "k.department");
    if !filter.states.is_empty() {
        list.one_of("k.state", &filter.states);
    }
    if !filter.category.is_empty() {
        list.filter("k.category = ?", params![filter.category]);
    }
    if let Some(entity) = filter.entity {
        list.filter("k.entity = ?", params![entity]);
    }
    if let Some(customer) = filter.customer {
        list.filter("k.customer = ?", params![customer]);
    }
    if let Some(owner) = filter.owner {
        list.filter("k.owner = ?", params![owner]);
    }
    if let Some(from) = filter.signed_from {
        list.filter("k.signed_on >= ?", params![from]);
    }
    if let Some(to) = filter.signed_to {
        list.filter("k.signed_on <= ?", params![to]);
    }
    if let Some(to) = filter.expires_to {
        list.filter("k.expires_on <= ?", params![to]);
    }
    let text = filter.text.trim().to_ascii_lowercase();
    if !text.is_empty() {
        let pattern = format!("%{text}%");
        let anywhere = "lower(k.number) LIKE ? OR lower(k.other_party) LIKE ? OR lower(k.title) LIKE ?";
        list.filter(anywhere, params![pattern, pattern, pattern]);
    }
    list.sort(SORTS, &filter.sort);
    list
}

/// The contracts that were changed last, by their number, title or other party.
pub(in crate::contract) async fn newest(
    c: &mut Conn<'_>,
    scope: &Scope,
    text: &str,
    limit: u32,
) -> Result<Vec<ContractSummary>, DbError> {
    let filter = LedgerFilter { text: text.to_owned(), ..LedgerFilter::default() };
    Ok(list(scope, &filter).page(c, limit, None).await?.rows)
}

/// A page of the ledger, as far as the scope reaches.
pub(in crate::contract) async fn page(
    c: &mut Conn<'_>,
    scope: &Scope,
    filter: &LedgerFilter,
    size: u32,
    after: Option<&Cursor>,
) -> Result<(Page<ContractSummary>, Count), DbError> {
    let list = list(scope, filter);
    Ok((list.page(c, size, after).await?, list.count(c, 10_000).await?))
}
