//! States of cases: caches of their events. One is kept in so many events, the events after it are added when it is read.

use super::cases::{StoredCase, events_after};
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
const EVERY: u64 = 32;

/// The state after a command as it is kept, where it went past a whole number of [`EVERY`].
pub(in crate::approval) fn kept(before: &Case, after: &Case) -> Result<Option<String>, serde_json::Error> {
    (after.seq / EVERY > before.seq / EVERY).then(|| serde_json::to_string(after)).transpose()
}

/// Keeps the state of a case at its event `seq`.
pub(in crate::approval) async fn put(c: &mut Conn<'_>, case: CaseId, seq: i64, state: &str) -> Result<(), DbError> {
    c.exec(PUT, params![case, seq, STATE_FORMAT, state]).await.map(drop)
}

/// A state as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::approval) struct KeptState {
    /// The event after which it was.
    pub(in crate::approval) seq: i64,
    format: u32,
    text: String,
}

impl KeptState {
    /// Whether another program kept it, in a format that this one leaves aside.
    pub(in crate::approval) fn is_foreign(&self) -> bool {
        self.format != STATE_FORMAT
    }

    /// The state, where this program can read it.
    pub(in crate::approval) fn read(&self) -> Option<Case> {
        let state: Case = (!self.is_foreign()).then(|| serde_json::from_str(&self.text).ok()).flatten()?;
        (column(state.seq) == self.seq).then_some(state)
    }
}

/// What is kept of a case.
pub(in crate::approval) async fn kept_of(c: &mut Conn<'_>, case: CaseId) -> Result<Option<KeptState>, DbError> {
    let found: Option<(i64, u32, String)> = c.maybe(GET, params![case]).await?;
    Ok(found.map(|(seq, format, text)| KeptState { seq, format, text }))
}

/// Where a case stands. What another program kept in another format, or what cannot be read, is left aside: the events are the truth.
pub(in crate::approval) async fn get(c: &mut Conn<'_>, case: &StoredCase) -> Result<Case, DbError> {
    let kept = kept_of(c, case.id).await?.and_then(|kept| kept.read()).unwrap_or_default();
    let since = events_after(c, case.id, column(kept.seq)).await?;
    since.iter().try_fold(kept, |state, stored| Ok(evolve(state, &stored.event()?, stored.at)))
}
