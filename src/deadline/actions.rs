//! Keeping due items, in the write that changes the fact they come from.

use std::sync::Arc;

use crate::db::{Conn, Db, DbError};
use crate::kernel::{Clock, OfficeHours, Ref, Timestamp, WorkCalendar};
use crate::notify;
use crate::org::Org;

use super::TOPIC;
use super::model::{DueItemId, Moment, NewDue, Warn, plan};
use super::store::{self, Known};

/// The handle of this room; cheap to clone.
#[derive(Clone)]
pub struct Deadlines {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) org: Org,
    pub(super) office: OfficeHours,
}

impl Deadlines {
    /// The room over its database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, org: Org, office: OfficeHours) -> Self {
        Self { db, clock, org, office }
    }
}

/// Says that something is due, or that it moved. Warnings are planned anew when the date is another one; saying the same again
/// changes nothing that people hear. A warning that cannot be dated, because the calendar does not know a year yet, is kept and dated
/// when it does.
pub async fn put(c: &mut Conn<'_>, new: &NewDue, now: Timestamp, office: &OfficeHours) -> Result<(), DbError> {
    let due = (new.due.date(office), new.due.end(office));
    let known = store::find(c, &new.subject, &new.source).await?;
    let mut rules = vec![new.warn.clone()];
    rules.extend(known.iter().flat_map(|known| known.warn.iter().skip(1).cloned()));
    let item = store::put(c, new, &rules, due, now).await?;
    let planner = Planner { item, due: new.due, now, office };
    match known {
        Some(known) if known.due_at == due.1 => {
            if known.warn.first() != Some(&new.warn) {
                // Other warnings for the same date: what was heard was heard, so only those still to come are planned.
                store::forget_unraised(c, item, 0).await?;
                planner.add(c, 0, &new.warn, true).await?;
            }
        }
        _ => {
            store::forget_warnings(c, item).await?;
            notify::over_all(c, &messages_of(item), now).await?;
            for (rule, warn) in (0..).zip(&rules) {
                planner.add(c, rule, warn, false).await?;
            }
        }
    }
    Ok(())
}

/// Adds a rule to an open item, from a workflow say: it stays with the item and moves with its date. The same rule twice counts once.
/// False: there is no such open item.
pub async fn warn(
    c: &mut Conn<'_>,
    subject: &Ref,
    source: &str,
    warn: &Warn,
    now: Timestamp,
    office: &OfficeHours,
) -> Result<bool, DbError> {
    let Some(Known { id, due_on, due_at, warn: mut rules }) = store::find(c, subject, source).await? else {
        return Ok(false);
    };
    if !rules.contains(warn) {
        let rule = i64::try_from(rules.len()).unwrap_or(i64::MAX);
        rules.push(warn.clone());
        store::set_rules(c, id, &rules).await?;
        let due = Moment::stored(due_on, due_at, office);
        Planner { item: id, due, now, office }.add(c, rule, warn, false).await?;
    }
    Ok(true)
}

/// The reason is gone: it was paid, signed, recorded. False: there was no such open item.
pub async fn clear(c: &mut Conn<'_>, subject: &Ref, source: &str, now: Timestamp) -> Result<bool, DbError> {
    let Some(Known { id, .. }) = store::find(c, subject, source).await? else { return Ok(false) };
    clear_item(c, id, now).await.map(|()| true)
}

/// Everything of a record is settled: it was terminated, or deleted. How many items there were.
pub async fn clear_all(c: &mut Conn<'_>, subject: &Ref, now: Timestamp) -> Result<u64, DbError> {
    let open = store::open_of(c, subject).await?;
    for item in &open {
        clear_item(c, *item, now).await?;
    }
    Ok(open.len() as u64)
}

async fn clear_item(c: &mut Conn<'_>, item: DueItemId, now: Timestamp) -> Result<(), DbError> {
    store::clear(c, item, now).await?;
    notify::over_all(c, &messages_of(item), now).await?;
    c.notify(TOPIC);
    Ok(())
}

/// The rules of an item, about to be planned.
struct Planner<'a> {
    item: DueItemId,
    due: Moment,
    now: Timestamp,
    office: &'a OfficeHours,
}

impl Planner<'_> {
    /// Adds the warnings of one rule; `to_come` leaves out those whose time has passed.
    async fn add(&self, c: &mut Conn<'_>, rule: i64, warn: &Warn, to_come: bool) -> Result<(), DbError> {
        for warning in plan(self.due, warn, self.now, WorkCalendar::mainland(), self.office) {
            if !to_come || warning.at.is_none_or(|at| at > self.now) {
                store::add_warning(c, self.item, rule, &warning).await?;
            }
        }
        c.notify(TOPIC);
        Ok(())
    }
}

/// What the keys of an item's messages begin with.
pub(super) fn messages_of(item: DueItemId) -> String {
    format!("deadline/{item}/")
}
