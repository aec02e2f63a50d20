//! Deleting records, and bringing them back.

use serde_json::Map;

use super::{Mark, Scopes};
use crate::db::Conn;
use crate::kernel::Actor;
use crate::org::Action;
use crate::record::behaviour::Stored;
use crate::record::error::RecordError;
use crate::record::hold;
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::store::{self, Record};
use crate::record::value::Values;

impl Records {
    /// Deletes a record as it was read, unless others hang on it. It goes out of lists and pickers; its page, its log and what names it
    /// stay.
    pub async fn delete(&self, kind: &'static Kind, by: Actor, read: (i64, i64)) -> Result<i64, RecordError> {
        self.set_deleted(kind, by, read, true).await
    }

    /// Brings a deleted record back.
    pub async fn restore(&self, kind: &'static Kind, by: Actor, read: (i64, i64)) -> Result<i64, RecordError> {
        self.set_deleted(kind, by, read, false).await
    }

    async fn set_deleted(
        &self,
        kind: &'static Kind,
        by: Actor,
        read: (i64, i64),
        deleted: bool,
    ) -> Result<i64, RecordError> {
        let scopes = Scopes::new(self, &by, kind, Action::Delete)?;
        let now = self.now();
        let (behaviour, records) = (self.behaviour(kind), self.clone());
        let children: Vec<&'static Kind> = self.children(kind).collect();
        let unit = async move |c: &mut Conn<'_>| {
            let old = scopes.record(c, kind, read).await?;
            if old.deleted_at.is_some() == deleted {
                return Ok(old.version);
            }
            let hold = hold::unlocked(c, kind, old.id).await?;
            let mut hanging = 0;
            for child in children.iter().filter(|_| deleted) {
                hanging += store::count_of_parent(c, child, old.id).await?;
            }
            if hanging > 0 {
                return Err(RecordError::InUse(hanging));
            }
            let at = deleted.then_some(now);
            store::set_deleted(c, kind, read, at, now).await?;
            let new = Record { deleted_at: at, version: old.version + 1, ..old.clone() };
            hold::moved(c, behaviour.as_ref(), hold, &new).await?;
            let code = if deleted { "record.deleted" } else { "record.restored" };
            Mark { by, at: now }.write(c, (kind, old.id), code, (Map::new(), Map::new())).await?;
            let (office, asked) = (&records.0.office, &Values::default());
            behaviour.stored(c, &Stored { old: Some(&old), new: &new, asked, by: &by, now, office }).await?;
            c.notify(kind.name);
            Ok(new.version)
        };
        self.0.db.write(unit).await
    }
}
