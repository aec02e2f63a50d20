//! What workflows want to be warned of.

use crate::contract::fulfilment::warning::Warning;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::deadline::Hearer;
use crate::kernel::{ContractId, Span};
use crate::params;

const ADD: &str = "
    INSERT INTO contract_warning (contract, date, spans, hearers, effect) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (effect) DO NOTHING RETURNING id";
const OF: &str = "SELECT id, date, spans, hearers FROM contract_warning WHERE contract = $1 ORDER BY id";

pub(super) const STATEMENTS: &[&str] = &[ADD, OF];

impl FromRow for Warning {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            date: row.get("date")?,
            before: row.json("spans")?,
            hearers: row.json("hearers")?,
        })
    }
}

/// Whether this effect was not there yet.
pub(in crate::contract::fulfilment) async fn add(
    c: &mut Conn<'_>,
    contract: ContractId,
    (date, before): (&str, &[Span]),
    hearers: &[Hearer],
    effect: &str,
) -> Result<bool, DbError> {
    let unwritable = |error: serde_json::Error| DbError::Check(error.to_string());
    let spans = serde_json::to_string(before).map_err(unwritable)?;
    let hearers = serde_json::to_string(hearers).map_err(unwritable)?;
    let made: Option<(i64,)> = c.maybe(ADD, params![contract, date, spans, hearers, effect]).await?;
    Ok(made.is_some())
}

pub(in crate::contract::fulfilment) async fn of(
    c: &mut Conn<'_>,
    contract: ContractId,
) -> Result<Vec<Warning>, DbError> {
    c.all(OF, params![contract]).await
}
