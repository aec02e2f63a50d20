//! What becomes of the row of a contract after it was approved.

use crate::contract::fulfilment::{ChangeId, Terms};
use crate::db::{Conn, DbError};
use crate::kernel::{Amount, ContractId, Date, Timestamp};
use crate::params;

const SIGNED: &str = "UPDATE contract SET signed_on = $1, effective_on = $2 WHERE id = $3 AND signed_on IS NULL";
const ENDED: &str = "UPDATE contract SET ended_on = $1, end_reason = $2 WHERE id = $3";
const TERMS: &str = "
    UPDATE contract SET gross = $1, net = $2, tax = $3, starts_on = $4, expires_on = $5, updated_at = $6,
        version = version + 1
    WHERE id = $7";
const ARCHIVED: &str = "
    UPDATE contract SET archive_number = $1, updated_at = $2, version = version + 1 WHERE id = $3";
const TO_TAKE_EFFECT: &str = "
    SELECT id FROM contract WHERE state = 'signed' AND effective_on <= $1 ORDER BY id LIMIT $2";
const TO_EXPIRE: &str = "
    SELECT id FROM contract WHERE state = 'in_force' AND expires_on < $1 ORDER BY expires_on, id LIMIT $2";
/// What has run its time, or has none, may have been performed.
const TO_COMPLETE: &str = "
    SELECT id FROM contract
    WHERE (state = 'expired' OR (state = 'in_force' AND expires_on IS NULL)) AND id > $1 ORDER BY id LIMIT $2";
const CHANGES_TO_TAKE_EFFECT: &str = "
    SELECT id FROM contract_change WHERE state = 'signed' AND effective_on <= $1 ORDER BY effective_on, id LIMIT $2";

pub(super) const STATEMENTS: &[&str] =
    &[SIGNED, ENDED, TERMS, ARCHIVED, TO_TAKE_EFFECT, TO_EXPIRE, TO_COMPLETE, CHANGES_TO_TAKE_EFFECT];

pub(in crate::contract::fulfilment) async fn signed(
    c: &mut Conn<'_>,
    id: ContractId,
    on: Date,
    effective: Date,
) -> Result<(), DbError> {
    c.exec(SIGNED, params![on, effective, id]).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn ended(
    c: &mut Conn<'_>,
    id: ContractId,
    on: Date,
    why: &str,
) -> Result<(), DbError> {
    c.exec(ENDED, params![on, why, id]).await.map(drop)
}

/// The terms in force from now on; what was signed stays in the content.
pub(in crate::contract::fulfilment) async fn terms(
    c: &mut Conn<'_>,
    id: ContractId,
    terms: &Terms,
    (net, tax): (Option<Amount>, Option<Amount>),
    at: Timestamp,
) -> Result<(), DbError> {
    let gross = terms.gross.map(|money| money.amount);
    c.exec(TERMS, params![gross, net, tax, terms.starts_on, terms.expires_on, at, id]).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn archived(
    c: &mut Conn<'_>,
    id: ContractId,
    number: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    c.exec(ARCHIVED, params![number, at, id]).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn to_take_effect(
    c: &mut Conn<'_>,
    today: Date,
    limit: i64,
) -> Result<Vec<ContractId>, DbError> {
    ids(c.all(TO_TAKE_EFFECT, params![today, limit]).await)
}

pub(in crate::contract::fulfilment) async fn to_expire(
    c: &mut Conn<'_>,
    today: Date,
    limit: i64,
) -> Result<Vec<ContractId>, DbError> {
    ids(c.all(TO_EXPIRE, params![today, limit]).await)
}

pub(in crate::contract::fulfilment) async fn to_complete(
    c: &mut Conn<'_>,
    after: ContractId,
    limit: i64,
) -> Result<Vec<ContractId>, DbError> {
    ids(c.all(TO_COMPLETE, params![after, limit]).await)
}

pub(in crate::contract::fulfilment) async fn changes_to_take_effect(
    c: &mut Conn<'_>,
    today: Date,
    limit: i64,
) -> Result<Vec<ChangeId>, DbError> {
    ids(c.all(CHANGES_TO_TAKE_EFFECT, params![today, limit]).await)
}

fn ids<T>(rows: Result<Vec<(T,)>, DbError>) -> Result<Vec<T>, DbError> {
    Ok(rows?.into_iter().map(|(id,)| id).collect())
}
