//! Numbers without gaps: taken inside the unit that uses them, so that a unit that fails gives its number back.

use super::{Conn, DbError, LockKey};
use crate::params;

pub(super) const NEXT: &str = "
    INSERT INTO counter (name, value) VALUES ($1, 1)
    ON CONFLICT (name) DO UPDATE SET value = counter.value + 1
    RETURNING value";

/// The next number of a counter, from 1. The unit runs in [`super::Db::write_locked`] with [`number_lock`] of the same counter;
/// in a plain write, many at once would lose races instead of taking turns.
pub async fn next_number(c: &mut Conn<'_>, counter: &str) -> Result<i64, DbError> {
    let (number,) = c.one(NEXT, params![counter]).await?;
    Ok(number)
}

/// The turn that units who number something take.
pub fn number_lock(counter: &str) -> LockKey {
    LockKey::new(format!("counter:{counter}"))
}
