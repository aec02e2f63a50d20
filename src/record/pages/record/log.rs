//! The log of a record: what was changed from what to what.

use serde::Serialize;

use crate::db::Audited;
use crate::i18n::{Message, msg};
use crate::kernel::{Timestamp, UserId};
use crate::record::kind::Kind;
use crate::record::show::Eyes;

#[derive(Clone, Serialize)]
pub(super) struct ChangeView {
    head: Message,
    who: String,
    at: Timestamp,
    lines: Vec<ChangedField>,
}

#[derive(Clone, Serialize)]
struct ChangedField {
    label: Message,
    old: String,
    new: String,
}

/// A line of it.
pub(super) fn change(kind: &'static Kind, entry: &Audited, eyes: &Eyes<'_>) -> ChangeView {
    let side = |json: &Option<serde_json::Value>, name: &str| json.as_ref().and_then(|json| json.get(name)).cloned();
    let mut lines = Vec::new();
    for field in kind.stored() {
        let (old, new) = (side(&entry.old, field.name), side(&entry.new, field.name));
        if old.is_none() && new.is_none() {
            continue;
        }
        let text =
            |json: Option<serde_json::Value>| json.map(|json| eyes.logged(kind, field, &json)).unwrap_or_default();
        lines.push(ChangedField { label: kind.label(field.name), old: text(old), new: text(new) });
    }
    let owner = |json| side(json, "owner").and_then(|id| id.as_i64()).map(|id| eyes.directory.name(UserId::new(id)));
    if let (old, Some(new)) = (owner(&entry.old), owner(&entry.new)) {
        lines.push(ChangedField { label: msg!("record.owner"), old: old.unwrap_or_default(), new });
    }
    let head = match entry.action.split_once('.') {
        Some(("record", "created")) => msg!("record.log.created"),
        Some(("record", "transferred")) => msg!("record.log.transferred"),
        Some(("record", "deleted")) => msg!("record.log.deleted"),
        Some(("record", "restored")) => msg!("record.log.restored"),
        Some(("record", _)) => msg!("record.log.changed"),
        Some((_, act)) => kind.sentence(&format!("act.{act}")),
        None => kind.plural(),
    };
    ChangeView {
        head,
        who: entry.actor.user.map(|user| eyes.directory.name(user)).unwrap_or_default(),
        at: entry.at,
        lines,
    }
}

#[cfg(test)]
pub(super) fn sample(label: &Message, at: Timestamp) -> ChangeView {
    let line = ChangedField { label: label.clone(), old: "a".into(), new: "b".into() };
    ChangeView { head: label.clone(), who: "Li".into(), at, lines: vec![line] }
}
