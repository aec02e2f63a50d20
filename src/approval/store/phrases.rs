//! What people often write.

use crate::db::{Conn, DbError};
use crate::kernel::UserId;
use crate::params;

const OF: &str = "SELECT text FROM approval_phrase WHERE person = $1 ORDER BY place";
const FORGET: &str = "DELETE FROM approval_phrase WHERE person = $1";
const PUT: &str = "INSERT INTO approval_phrase (person, place, text) VALUES ($1, $2, $3)";

pub(super) const STATEMENTS: &[&str] = &[OF, FORGET, PUT];

pub(in crate::approval) async fn of(c: &mut Conn<'_>, person: UserId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = c.all(OF, params![person]).await?;
    Ok(rows.into_iter().map(|(text,)| text).collect())
}

/// Keeps these instead of those that there were.
pub(in crate::approval) async fn put(c: &mut Conn<'_>, person: UserId, phrases: &[String]) -> Result<(), DbError> {
    c.exec(FORGET, params![person]).await?;
    for (place, text) in (0_i64..).zip(phrases) {
        c.exec(PUT, params![person, place, text]).await?;
    }
    Ok(())
}
