//! The evidence bundle (证据包): one ZIP with everything that proves a case, to be checked on any machine without a database.
//!
//! [`Approvals::bundle`](super::Approvals::bundle) makes it, [`check`] reads it. Members are stored without compression, in the order
//! of their names and without times, so that the same case gives the same bytes. `SHA256SUMS` lists every other member as `sha256sum`
//! reads it; what the events name — workflow versions, contents, files — stands under its hash.

mod anchor;
mod check;
mod flaw;
mod gather;
mod zip;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store::cases::StoredEvent;
use crate::kernel::manifest::PartOf;
use crate::kernel::{Hash, Kind, Timestamp, UserId};

pub use check::{Anchored, CheckedBundle, check};
pub use flaw::BundleFlaw;
pub use zip::{Members, pack, unpack};

/// The form of the bundle, which its cover names.
const FORMAT: &str = "qiyue.bundle.1";

const COVER: &str = "bundle.json";
const EVENTS: &str = "events.jsonl";
const ANCHOR: &str = "anchor.json";
const PEOPLE: &str = "people.json";
const README: &str = "README.txt";
const SUMS: &str = "SHA256SUMS";

/// What the bundle is about, and what the events must lead to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Cover {
    format: String,
    /// The installation, 16 bytes in hexadecimal: the chain begins with it.
    installation: String,
    case: i64,
    kind: Kind,
    record: i64,
    number: Option<String>,
    title: String,
    workflow: String,
    /// The version on which the case began, with which the chain begins, and the one on which it runs.
    began: Hash,
    definition: Hash,
    status: String,
    round: u32,
    content: Option<Hash>,
    events: u64,
    head: Hash,
    /// Contents that events name and that the record did not keep: what was handed in stays, what was only saved does not.
    not_kept: Vec<Hash>,
}

/// A line of the events: `body` holds the bytes that are hashed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct EventLine {
    seq: i64,
    /// Microseconds since 1970, UTC.
    at: i64,
    hash: Hash,
    body: String,
}

impl From<&StoredEvent> for EventLine {
    fn from(event: &StoredEvent) -> Self {
        Self { seq: event.seq, at: event.at.as_micros(), hash: event.hash, body: event.body.clone() }
    }
}

impl From<EventLine> for StoredEvent {
    fn from(line: EventLine) -> Self {
        Self { seq: line.seq, at: Timestamp::from_micros(line.at), body: line.body, hash: line.hash }
    }
}

/// A content that was decided on, with what its lines are over as far as it can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ContentParts {
    version: i64,
    author: Option<UserId>,
    at: Timestamp,
    reason: String,
    previous: Option<Hash>,
    parts: Vec<ContentPart>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ContentPart {
    path: String,
    #[serde(flatten)]
    part: PartOf,
}

/// Somebody whom the events name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct NamedPerson {
    id: UserId,
    name: String,
    login: String,
}

fn workflow_member(version: Hash) -> String {
    format!("workflows/{version}.rhai")
}

/// Which workflows a version runs, each in which version; only where it runs any.
fn runs_member(version: Hash) -> String {
    format!("workflows/{version}.runs.json")
}

fn grid_member(name: &str, version: u32) -> String {
    format!("grids/{name}-{version}.json")
}

fn manifest_member(content: Hash) -> String {
    format!("contents/{content}.txt")
}

fn parts_member(content: Hash) -> String {
    format!("contents/{content}.json")
}

fn file_member(hash: Hash) -> String {
    format!("files/{hash}")
}

/// The files that a manifest names, by path.
fn files_of(manifest: &crate::kernel::Manifest) -> impl Iterator<Item = (&str, Hash)> {
    manifest.parts().filter(|(path, _)| path.starts_with("files/"))
}

/// The content that an event names as decided on or handed in.
fn content_of(event: &crate::workflow::Event) -> Option<Hash> {
    use crate::workflow::Event;
    match event {
        Event::Submitted { content, .. } | Event::ContentEdited { content, .. } => Some(*content),
        Event::Decided(decided) => Some(decided.content),
        _ => None,
    }
}

/// The people of whom an event speaks: every place in which its form has the id of somebody.
fn people_in(event: &Value, found: &mut impl FnMut(UserId)) {
    const ONE: [&str; 7] = ["user", "on_behalf_of", "person", "deputy_for", "whom", "from", "to"];
    const SEVERAL: [&str; 2] = ["people", "veto"];
    let Value::Object(fields) = event else {
        if let Value::Array(items) = event {
            for item in items {
                people_in(item, found);
            }
        }
        return;
    };
    for (name, value) in fields {
        match value {
            Value::Number(id) if ONE.contains(&name.as_str()) => {
                id.as_i64().map(UserId::new).into_iter().for_each(&mut *found);
            }
            Value::Array(ids) if SEVERAL.contains(&name.as_str()) && ids.iter().all(Value::is_number) => {
                ids.iter().filter_map(Value::as_i64).map(UserId::new).for_each(&mut *found);
            }
            Value::Object(chosen) if name == "chosen" => {
                let ids = chosen.values().filter_map(Value::as_array).flatten();
                ids.filter_map(Value::as_i64).map(UserId::new).for_each(&mut *found);
            }
            value => people_in(value, found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_names_people_wherever_its_form_has_one() {
        let event = json!({
            "event": "x",
            "by": {"user": 1, "on_behalf_of": 2, "channel": "page"},
            "to": {"person": 3, "deputy_for": 4, "because": {"rule": "a.by", "steps": [{"name": "9"}]}},
            "votes": [{"candidates": [{"person": 5}], "weight": 90}],
            "veto": [6],
            "people": [7, 8],
            "chosen": {"boss": [9]},
            "whom": 10,
            "from": 11,
            "seq": 99,
        });
        let mut people = Vec::new();
        people_in(&event, &mut |person| people.push(person.get()));
        people.sort_unstable();
        assert_eq!(people, (1..=11).collect::<Vec<_>>());
    }
}
