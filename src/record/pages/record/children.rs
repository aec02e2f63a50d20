//! What hangs on a record: the first records of every kind that names it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::i18n::{Message, msg};
use crate::org::Action;
use crate::record::FieldKind;
use crate::record::dictionary::Dictionaries;
use crate::record::kind::Kind;
use crate::record::pages::Room;
use crate::record::pages::list::{self, Table};
use crate::record::store::Record;
use crate::web::{self, LoggedIn};

/// Records of another kind that hang on this one.
#[derive(Clone, Serialize)]
pub(super) struct Child {
    heading: Message,
    new: Option<String>,
    new_label: Message,
    all: String,
    count: String,
    table: Table,
}

pub(super) async fn children(
    visit: &LoggedIn,
    room: &Room,
    record: &Record,
    lists: &Dictionaries,
) -> Result<Vec<Child>, web::Error> {
    let Room { records, kind } = room;
    let mut found = Vec::new();
    for (child, field) in naming(room) {
        let Some(listing) = records.naming(visit.user(), child, field, record.id).await? else { continue };
        let mut query = vec![(field, record.id)];
        let common = kind.parent.filter(|parent| child.parent.is_some_and(|other| other.name == parent.name));
        query.extend(common.and_then(|parent| Some((parent.name, record.values.record(parent.name)?))));
        let query = serde_html_form::to_string(&query).map_err(web::Error::internal)?;
        found.push(Child {
            heading: child.plural(),
            new: records.may(visit.user(), child, Action::Create).then(|| format!("{}/new?{query}", child.path)),
            new_label: msg!("record.page.new", what = child.singular()),
            all: format!("{}?{field}={}", child.path, record.id),
            count: listing.count.to_string(),
            table: list::table(visit, records, child, lists, &listing, false),
        });
    }
    Ok(found)
}

/// The kinds with a field that names this kind, and that field.
fn naming(room: &Room) -> Vec<(&'static Kind, &'static str)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for kind in room.records.kinds() {
        for field in kind.stored() {
            if let FieldKind::Record(of) = field.kind
                && of.name == room.kind.name
                && seen.insert(kind.name)
            {
                found.push((kind, field.name));
            }
        }
    }
    found
}

#[cfg(test)]
pub(super) fn sample(label: &Message) -> Child {
    Child {
        heading: label.clone(),
        new: Some("/parts/new?thing=1".into()),
        new_label: label.clone(),
        all: "/parts?thing=1".into(),
        count: "0".into(),
        table: Table::default(),
    }
}
