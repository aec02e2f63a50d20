//! Keeping due items, in the write that changes the fact they come from.

use crate::db::{Conn, Db, DbError};
use crate::kernel::{OfficeHours, Ref, Timestamp, WorkCalendar};

use super::model::{NewDue, plan};
use super::store;

/// The handle of this room; cheap to clone.
#[derive(Clone)]
pub struct Deadlines {
    pub(super) db: Db,
}

impl Deadlines {
    /// The room over its database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

/// Says that something is due, or that it moved. Warnings are planned anew when the date is another one; saying the same again
/// changes nothing that people hear. A warning that cannot be dated, because the calendar does not know a year yet, is left out and the
/// item stays in the list.
pub async fn put(c: &mut Conn<'_>, new: &NewDue, now: Timestamp, office: &OfficeHours) -> Result<(), DbError> {
    let due = (new.due.date(office), new.due.end(office));
    let stays = store::due_at(c, &new.subject, &new.source).await? == Some(due.1);
    let item = store::put(c, new, due, now).await?;
    if !stays {
        let warnings = plan(new.due, &new.warn, now, WorkCalendar::mainland(), office);
        let warnings = warnings.unwrap_or_else(|unknown| {
            tracing::warn!(subject = %new.subject, %unknown, "no warnings: fill in the calendar");
            Vec::new()
        });
        store::warn(c, item, &warnings).await?;
        c.notify(TOPIC);
    }
    Ok(())
}

/// The reason is gone: it was paid, signed, recorded. False: there was no such open item.
pub async fn clear(c: &mut Conn<'_>, subject: &Ref, source: &str, now: Timestamp) -> Result<bool, DbError> {
    store::clear(c, subject, source, now).await
}

/// Everything of a record is settled: it was terminated, or deleted. How many items there were.
pub async fn clear_all(c: &mut Conn<'_>, subject: &Ref, now: Timestamp) -> Result<u64, DbError> {
    store::clear_all(c, subject, now).await
}

/// The topic that wakes the loop.
pub(super) const TOPIC: &str = "deadlines";
