//! What is written and read beside the records themselves.

pub(super) mod door;

use crate::db::{self, Conn, DbError};
use crate::params;

const ONLY_MAIN: &str = "
    UPDATE contact SET main = $3, version = version + 1 WHERE customer = $1 AND id <> $2 AND main <> $3";

/// Every fixed statement of this room that is not a kind's.
pub const STATEMENTS: &[&str] = &db::joined::<{ db::counted(PARTS) }>(PARTS);
const PARTS: &[&[&str]] = &[door::STATEMENTS, &[ONLY_MAIN]];

/// No other contact of the customer is the main one.
pub(super) async fn only_main(c: &mut Conn<'_>, customer: i64, contact: i64) -> Result<(), DbError> {
    c.exec(ONLY_MAIN, params![customer, contact, false]).await.map(drop)
}
