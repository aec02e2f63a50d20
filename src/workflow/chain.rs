//! The bytes that make events a chain and give a definition its version. They cannot be changed once real contracts exist.

use std::collections::BTreeMap;

use super::LANGUAGE;
use crate::kernel::{Hash, Kind, Timestamp};

/// What the chain of a case begins with, in the place of the hash of an event before it.
pub fn first_prev(installation: [u8; 16], kind: &Kind, id: i64, version: Hash) -> Hash {
    let kind = kind.as_str().as_bytes();
    Hash::of_parts(&[b"qiyue.case.1\n", &installation, kind, &[0], &id.to_be_bytes(), version.as_bytes()])
}

/// The hash of an event: of the one before it, its number from 1, its instant, and its bytes as they are stored.
pub fn event_hash(prev: Hash, seq: u64, at: Timestamp, body: &[u8]) -> Hash {
    let (seq, at) = (seq.to_be_bytes(), at.as_micros().to_be_bytes());
    Hash::of_parts(&[b"qiyue.event.1\n", prev.as_bytes(), &seq, &at, body])
}

/// The version of a definition: of the number of the language and the source without byte order mark, with LF line ends; where it runs
/// other workflows, of their names and versions too, in the order of the names.
pub fn definition_version(source: &str, runs: &BTreeMap<&str, Hash>) -> Hash {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source).replace("\r\n", "\n").replace('\r', "\n");
    let head = format!("qiyue.workflow.{LANGUAGE}\n");
    let mut parts: Vec<&[u8]> = vec![head.as_bytes(), source.as_bytes()];
    for (name, version) in runs {
        parts.extend([&[0], name.as_bytes(), &[0], version.as_bytes().as_slice()]);
    }
    Hash::of_parts(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Actor, Channel, UserId};
    use crate::workflow::Event;

    const INSTALLATION: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    fn first() -> Hash {
        first_prev(
            INSTALLATION,
            &Kind::of("contract"),
            7,
            definition_version("workflow(\"w\", #{});\n", &BTreeMap::new()),
        )
    }

    fn at() -> Timestamp {
        "2026-03-02T01:00:00.000001Z".parse().unwrap()
    }

    #[test]
    fn a_version_is_that_of_its_text_whatever_the_editor() {
        let plain = definition_version("a\nb\n", &BTreeMap::new());
        assert_eq!(definition_version("\u{feff}a\r\nb\r\n", &BTreeMap::new()), plain);
        assert_eq!(definition_version("a\rb\r", &BTreeMap::new()), plain);
        assert_ne!(definition_version("a\nb", &BTreeMap::new()), plain);
        assert_eq!(plain, Hash::of(b"qiyue.workflow.1\na\nb\n"));
    }

    #[test]
    fn the_parts_stand_in_their_order_with_their_widths() {
        let mut bytes = b"qiyue.case.1\n".to_vec();
        bytes.extend(INSTALLATION);
        bytes.extend(b"contract\0");
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 7]);
        bytes.extend(definition_version("workflow(\"w\", #{});\n", &BTreeMap::new()).as_bytes());
        assert_eq!(first(), Hash::of(&bytes));

        let mut bytes = b"qiyue.event.1\n".to_vec();
        bytes.extend(first().as_bytes());
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.extend(at().as_micros().to_be_bytes());
        bytes.extend(b"{}");
        assert_eq!(event_hash(first(), 1, at(), b"{}"), Hash::of(&bytes));
    }

    /// Written down once; a change of any of them breaks every chain that exists.
    #[test]
    fn the_hashes_of_the_fixture_never_change() {
        let saved = Event::Saved { by: Actor::person(UserId::new(2), Channel::Page) };
        let body = serde_json::to_string(&saved).unwrap();
        assert_eq!(body, r#"{"event":"saved","by":{"user":2,"channel":"page"}}"#);
        let hash = event_hash(first(), 1, at(), body.as_bytes());
        assert_eq!(first().to_string(), "5ce45897ed10903c22235f3c5c79f0841e8dee19b64a376833cfbb7d595d0c97");
        assert_eq!(hash.to_string(), "7bfe082a46949b465443de712216d77e12b1d729389a3d45d71d82b58a08a12b");
    }
}
