//! Making, changing, handing over and deleting records: the same for every kind.
//!
//! Each of them reads the record, decides by the pure rules of its kind and stores it with its log in one unit, which compares the
//! version that was shown.

mod act;
mod change;
mod check;
mod create;
mod dictionary;
mod remove;
mod transfer;

use serde_json::{Map, Value as Json};

use super::Values;
use super::error::RecordError;
use super::kind::Kind;
use super::records::Records;
use super::store::{self, Record};
use crate::db::{self, AuditEntry, Conn, DbError};
use crate::kernel::{Actor, Timestamp, UserId};
use crate::org::{Action, Scope};

/// What somebody wishes beside the fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whose the new record shall be; without one it is theirs.
    pub owner: Option<UserId>,
    /// They have seen those that may be the same, and it is another one.
    pub anyway: bool,
    /// A field that the kind does not have is a mistake, as from a program; a form may send more than its fields.
    pub strict: bool,
}

/// Who does something when: what every line of the log begins with.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) by: Actor,
    pub(super) at: Timestamp,
}

/// The scopes with which one record is looked at and changed.
struct Scopes {
    read: Scope,
    change: Scope,
}

impl Scopes {
    fn new(records: &Records, by: &Actor, kind: &Kind, action: Action) -> Result<Self, RecordError> {
        Ok(Self { read: records.scope(by, kind, Action::Read)?, change: records.scope(by, kind, action)? })
    }

    /// The record that somebody saw in that version and may change. One that they may not even read does not exist for them.
    async fn record(
        &self,
        c: &mut Conn<'_>,
        kind: &'static Kind,
        (id, version): (i64, i64),
    ) -> Result<Record, RecordError> {
        let found = store::find(c, kind, id).await?.filter(|one| self.read.covers(one.owner, one.department));
        let record = found.ok_or(RecordError::NotFound)?;
        self.change.demand(record.owner, record.department)?;
        if record.version == version { Ok(record) } else { Err(RecordError::Changed) }
    }
}

impl Mark {
    /// Writes down which fields changed, from what to what.
    pub(super) async fn write(
        self,
        c: &mut Conn<'_>,
        (kind, id): (&Kind, i64),
        action: &'static str,
        (old, new): (Map<String, Json>, Map<String, Json>),
    ) -> Result<(), DbError> {
        let (subject, some) =
            (kind.reference(id), |map: Map<String, Json>| (!map.is_empty()).then_some(Json::Object(map)));
        let entry = AuditEntry { at: self.at, actor: self.by, subject, action, old: some(old), new: some(new) };
        db::record(c, &entry).await
    }
}

/// The fields in which two states of a record differ, before and after; an empty one is null.
pub(super) fn difference(kind: &Kind, old: &Values, new: &Values) -> (Map<String, Json>, Map<String, Json>) {
    let (mut before, mut after) = (Map::new(), Map::new());
    let json = |values: &Values, name: &str| values.get(name).map_or(Json::Null, super::Value::json);
    for field in kind.stored().filter(|field| old.get(field.name) != new.get(field.name)) {
        before.insert(field.name.to_owned(), json(old, field.name));
        after.insert(field.name.to_owned(), json(new, field.name));
    }
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::super::field::{Field, money, text};
    use super::*;

    const FIELDS: &[Field] = &[text("name", 50), text("city", 50), money("revenue")];
    static KIND: Kind = Kind::new("thing", "record", "/things", FIELDS);

    #[test]
    fn the_log_holds_what_changed_and_nothing_else() {
        let (mut old, mut new) = (Values::default(), Values::default());
        old.set("name", super::super::Value::from("甲"));
        new.set("name", super::super::Value::from("甲"));
        new.set("city", super::super::Value::from("杭州"));
        let (before, after) = difference(&KIND, &old, &new);
        assert_eq!(
            (Json::Object(before), Json::Object(after)),
            (serde_json::json!({"city": null}), serde_json::json!({"city": "杭州"}))
        );
    }
}
