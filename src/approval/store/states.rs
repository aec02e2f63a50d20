//! States of cases: caches of their events. One is kept in so many events, the events after it are added when it is read.

use super::cases::{StoredCase, StoredEvent, events_after};
use super::column;
use crate::db::{Conn, DbError};
use crate::kernel::CaseId;
use crate::params;
use crate::workflow::{Case, STATE_FORMAT, evolve};

const GET: &str = "SELECT seq, format, state FROM approval_state WHERE case_id = $1";
const PUT: &str = "INSERT INTO approval_state (case_id, seq, format, state) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, format = excluded.format, state = excluded.state";

pub(super) const STATEMENTS: &[&str] = &[GET, PUT];

/// Events of a case for which a state is kept: reading as many costs no more than reading a state.
pub(in crate::approval) const EVERY: u64 = 32;

/// Whether the state after a command is kept: it went past a whole number of [`EVERY`].
pub(in crate::approval) fn is_kept(before: &Case, after: &Case) -> bool {
    after.seq / EVERY > before.seq / EVERY
}

/// A state as it is kept.
pub(in crate::approval) fn text(state: &Case) -> Result<String, serde_json::Error> {
    serde_json::to_string(state)
}

/// Keeps the state of a case at its event `seq`.
pub(in crate::approval) async fn put(c: &mut Conn<'_>, case: CaseId, seq: i64, state: &str) -> Result<(), DbError> {
    c.exec(PUT, params![case, seq, STATE_FORMAT, state]).await.map(drop)
}

/// Where a case stands. What another program kept in another format, or what cannot be read, is left aside: the events are the truth.
pub(in crate::approval) async fn get(c: &mut Conn<'_>, case: &StoredCase) -> Result<Case, DbError> {
    let kept: Option<(i64, u32, String)> = c.maybe(GET, params![case.id]).await?;
    let readable = |(seq, format, text): (i64, u32, String)| {
        let state: Case = (format == STATE_FORMAT).then(|| serde_json::from_str(&text).ok()).flatten()?;
        (column(state.seq) == seq).then_some(state)
    };
    let kept = kept.and_then(readable).unwrap_or_default();
    let since = events_after(c, case.id, column(kept.seq)).await?;
    go_on(kept, &since)
}

/// The state that events give after another.
fn go_on(state: Case, events: &[StoredEvent]) -> Result<Case, DbError> {
    events.iter().try_fold(state, |state, stored| Ok(evolve(state, &stored.event()?, stored.at)))
}
