//! Cases from before figures were counted: their events are read once, a few cases with each turn of the loop.

use super::tally::Tally;
use super::written::{Setting, Written};
use crate::approval::store::cases::StoredEvent;
use crate::approval::{ApprovalError, Approvals, store};
use crate::db::{Conn, DbError};
use crate::kernel::CaseId;

/// How many cases one turn takes at most.
const A_TURN: i64 = 200;

impl Approvals {
    /// Counts earlier cases; how many. Where people worked then is not known any more: they count where they work now.
    pub async fn count_earlier(&self) -> Result<usize, ApprovalError> {
        let cases = self.0.db.read(async |c| store::figures::uncounted(c, A_TURN).await).await?;
        if cases.is_empty() {
            return Ok(0);
        }
        let (directory, counted) = (self.directory().await?, cases.len());
        for (case, workflow, kind, drafter) in cases {
            let (directory, practice) = (directory.clone(), self.0.practice.clone());
            let unit = async move |c: &mut Conn<'_>| {
                store::figures::hold(c, case).await?;
                let events = store::cases::events(c, case).await?;
                let setting = Setting {
                    workflow: &workflow,
                    kind: &kind,
                    drafter,
                    directory: &directory,
                    office: practice.office(),
                };
                if let Some(written) = of_log(case, &events, &setting) {
                    store::figures::save(c, case, &written).await?;
                }
                store::figures::counted(c, case).await
            };
            self.0.db.write(unit).await?;
        }
        Ok(counted)
    }
}

/// What the whole log of a case leaves; nothing of a log that cannot be read, which is left out rather than tried for ever.
fn of_log(case: CaseId, events: &[StoredEvent], setting: &Setting<'_>) -> Option<Written> {
    let mut tally = Tally::default();
    for (seq, stored) in (1..).zip(events) {
        match stored.event() {
            Ok(event) => tally.read(&event, seq, stored.at),
            Err(error) => {
                let error: DbError = error;
                tracing::warn!(%case, %error, "the figures of a case cannot be counted");
                return None;
            }
        }
    }
    // What commands wrote meanwhile was written without knowing what was before.
    Some(Written { undone: Some(0), ..tally.found().written(setting) })
}
