//! The content of a record as a list of parts with their hashes. What approvals approve is the hash of this list, so its bytes
//! can never change: a line a part, `path TAB sha256 LF`, sorted by the bytes of the path.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::hash::{Hash, NotCanonical, canonical_json};
use super::text::nfc_lf;

/// Parts by path: `fields/NAME`, `clauses/NAME`, `lines/N`, `plan/N`, `parties/N`, `files/NAME`.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Shared by its copies, which are made far more often than it is written.
    parts: Arc<BTreeMap<String, Hash>>,
    /// Over all lines, once somebody asked for it.
    hash: OnceLock<Hash>,
}

impl PartialEq for Manifest {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Manifest {}

/// What the hash of a part is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartOf {
    /// A text.
    Text(String),
    /// A typed value.
    Value(Value),
    /// The bytes of the file with this hash.
    File(Hash),
}

/// What became of a part between two manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is only in the later one.
    Added,
    /// It is only in the earlier one.
    Removed,
    /// It is in both with different content.
    Changed,
}

/// Why something cannot be part of a manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A path that is empty, not trimmed of slashes, or has a control character.
    #[error("{0:?} cannot name a part")]
    BadPath(String),
    /// A path that is there already.
    #[error("two parts are named {0:?}")]
    Twice(String),
    /// A line that is not `path TAB sha256`.
    #[error("line {0} of the manifest is not a part, or not in its place")]
    BadLine(usize),
    /// Lines that would be written with other bytes.
    #[error("the lines of the manifest are not in the form in which they are hashed")]
    NotAsWritten,
    /// A value without canonical JSON.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
}

impl Manifest {
    /// Adds a typed value: its canonical JSON with every text in NFC and LF. An empty one (null, empty text, empty list) has
    /// no line.
    pub fn value<T: Serialize + ?Sized>(&mut self, path: &str, value: &T) -> Result<(), ManifestError> {
        let value = normalised(serde_json::to_value(value).map_err(NotCanonical::from)?);
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if empty { valid(path).map(drop) } else { self.part(path, Hash::of(&canonical_json(&value)?)) }
    }

    /// Adds a text: its bytes in NFC and LF. An empty one has no line.
    pub fn text(&mut self, path: &str, text: &str) -> Result<(), ManifestError> {
        if text.is_empty() { valid(path).map(drop) } else { self.part(path, Hash::of(nfc_lf(text).as_bytes())) }
    }

    /// Adds a part whose hash is known: a file by the hash of its bytes.
    pub fn part(&mut self, path: &str, hash: Hash) -> Result<(), ManifestError> {
        let path = valid(path)?;
        if self.parts.contains_key(&path) {
            return Err(ManifestError::Twice(path));
        }
        Arc::make_mut(&mut self.parts).insert(path, hash);
        self.hash = OnceLock::new();
        Ok(())
    }

    /// Adds a part by what its hash is over.
    pub fn put(&mut self, path: &str, part: &PartOf) -> Result<(), ManifestError> {
        match part {
            PartOf::Text(text) => self.text(path, text),
            PartOf::Value(value) => self.value(path, value),
            PartOf::File(hash) => self.part(path, *hash),
        }
    }

    /// Whether the part at `path` is over this; what is empty has no line.
    pub fn holds(&self, path: &str, part: &PartOf) -> bool {
        let mut alone = Self::default();
        alone.put(path, part).is_ok() && alone.scope(&[path]) == self.scope(&[path])
    }

    /// The content hash: over all lines.
    pub fn hash(&self) -> Hash {
        *self.hash.get_or_init(|| Hash::of(self.to_string().as_bytes()))
    }

    /// The hash of a scope: over the lines at or below the paths. `plan` takes `plan` and `plan/1`, not `planning`; the empty
    /// path takes everything.
    pub fn scope<S: AsRef<str>>(&self, paths: &[S]) -> Hash {
        let lines: String = self
            .parts
            .iter()
            .filter(|(path, _)| paths.iter().any(|prefix| within(path, prefix.as_ref())))
            .map(line)
            .collect();
        Hash::of(lines.as_bytes())
    }

    /// The parts in their order.
    pub fn parts(&self) -> impl Iterator<Item = (&str, Hash)> {
        self.parts.iter().map(|(path, hash)| (path.as_str(), *hash))
    }

    /// What changed from `self` to `later`, in the order of the paths.
    pub fn changes(&self, later: &Self) -> Vec<(String, Change)> {
        let mut changes: Vec<_> = self
            .parts
            .iter()
            .filter_map(|(path, hash)| match later.parts.get(path) {
                None => Some((path.clone(), Change::Removed)),
                Some(other) if other != hash => Some((path.clone(), Change::Changed)),
                Some(_) => None,
            })
            .collect();
        let added = later.parts.keys().filter(|path| !self.parts.contains_key(*path));
        changes.extend(added.map(|path| (path.clone(), Change::Added)));
        changes.sort_by(|one, other| one.0.cmp(&other.0));
        changes
    }
}

/// Whether `path` is at or below `prefix`.
pub fn within(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    prefix.is_empty() || path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn line((path, hash): (&String, &Hash)) -> String {
    format!("{path}\t{hash}\n")
}

fn valid(path: &str) -> Result<String, ManifestError> {
    let path = nfc_lf(path);
    let bad = path.is_empty() || path.starts_with('/') || path.ends_with('/') || path.chars().any(char::is_control);
    if bad { Err(ManifestError::BadPath(path)) } else { Ok(path) }
}

fn normalised(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(nfc_lf(&text)),
        Value::Array(items) => items.into_iter().map(normalised).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (nfc_lf(&name), normalised(value))).collect(),
        other => other,
    }
}

/// The lines that are hashed.
impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(&line(part)))
    }
}

/// Reads the lines back; they must be in order, each once.
impl FromStr for Manifest {
    type Err = ManifestError;

    fn from_str(lines: &str) -> Result<Self, ManifestError> {
        let mut manifest = Self::default();
        for (place, line) in lines.split_inclusive('\n').enumerate() {
            let bad = || ManifestError::BadLine(place + 1);
            let (path, hash) = line.strip_suffix('\n').and_then(|line| line.split_once('\t')).ok_or_else(bad)?;
            let in_place = manifest.parts.last_key_value().is_none_or(|(last, _)| last.as_str() < path);
            if !in_place || valid(path)? != path {
                return Err(bad());
            }
            Arc::make_mut(&mut manifest.parts).insert(path.to_owned(), hash.parse().map_err(|_| bad())?);
        }
        // Capital digits in a hash would give other bytes.
        if manifest.to_string() == lines { Ok(manifest) } else { Err(ManifestError::NotAsWritten) }
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Manifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines = String::deserialize(deserializer)?;
        lines.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::{Amount, Currency, Money};
    use proptest::prelude::*;
    use serde_json::json;

    fn sample() -> Manifest {
        let mut manifest = Manifest::default();
        let amount = Money::new(Amount::from_units(1_280_000), Currency::CNY);
        manifest.value("plan/1", &json!({"amount": amount, "due": "2026-03-01"})).unwrap();
        manifest.value("fields/amount", &amount).unwrap();
        manifest.value("fields/name", "软件服务合同").unwrap();
        manifest.value("fields/note", "").unwrap();
        manifest.text("clauses/payment", "一、付款\r\n甲方付款。").unwrap();
        manifest.part("files/scan.pdf", Hash::of(b"%PDF")).unwrap();
        manifest
    }

    fn digest_of(text: &str) -> String {
        Hash::of(text.as_bytes()).to_string()
    }

    #[test]
    fn the_lines_are_exactly_these() {
        let expected = [
            ("clauses/payment", digest_of("一、付款\n甲方付款。")),
            ("fields/amount", digest_of(r#"{"amount":"1280000.0000","currency":"CNY"}"#)),
            ("fields/name", digest_of("\"软件服务合同\"")),
            ("files/scan.pdf", digest_of("%PDF")),
            ("plan/1", digest_of(r#"{"amount":{"amount":"1280000.0000","currency":"CNY"},"due":"2026-03-01"}"#)),
        ];
        let lines = expected.map(|(path, hash)| format!("{path}\t{hash}\n")).concat();
        assert_eq!(sample().to_string(), lines);
        assert_eq!(sample().hash(), Hash::of(lines.as_bytes()));
    }

    /// Bytes that real contracts will depend on. If this fails, the change is wrong, not the fixture.
    #[test]
    fn the_content_hash_never_changes() {
        assert_eq!(sample().hash().to_string(), "57cfa7b8e0c05ac5c51a70c9bc67f25579bec4da5250e67ee20daf82a6e7ffb8");
        assert_eq!(
            sample().scope(&["fields", "plan"]).to_string(),
            "df06c28e873aef5c121f5cf029d99d8e2a0f73430fc82912713f5072a5bc1c39"
        );
        assert_eq!(Manifest::default().hash(), Hash::of(b""));
    }

    #[test]
    fn a_scope_takes_whole_names() {
        let mut manifest = sample();
        let before = manifest.scope(&["fields/amount"]);
        manifest.value("fields/amount_tax", "x").unwrap();
        assert_eq!(manifest.scope(&["fields/amount"]), before);
        assert_ne!(manifest.scope(&["fields/"]), before);
        assert_eq!(manifest.scope(&[""]), manifest.hash());
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_content() {
        let (mut one, mut other) = (Manifest::default(), Manifest::default());
        one.value("fields/é", "é\nb").unwrap();
        other.value("fields/e\u{301}", "e\u{301}\r\nb").unwrap();
        assert_eq!(one, other);
    }

    #[test]
    fn names_are_unique_and_cannot_break_a_line() {
        let mut manifest = sample();
        assert!(matches!(manifest.value("fields/name", "x"), Err(ManifestError::Twice(_))));
        for path in ["", "a\tb", "a\nb", "/a", "a/", "a\u{7f}"] {
            assert!(matches!(manifest.value(path, "x"), Err(ManifestError::BadPath(_))), "{path:?}");
        }
    }

    #[test]
    fn changes_are_named_by_path() {
        let mut later = sample();
        Arc::make_mut(&mut later.parts).remove("files/scan.pdf");
        Arc::make_mut(&mut later.parts).insert("fields/name".into(), Hash::of(b"x"));
        Arc::make_mut(&mut later.parts).insert("fields/city".into(), Hash::of(b"x"));
        let changes = sample().changes(&later);
        let expected =
            [("fields/city", Change::Added), ("fields/name", Change::Changed), ("files/scan.pdf", Change::Removed)];
        assert_eq!(changes, expected.map(|(path, change)| (path.to_owned(), change)));
        assert!(sample().changes(&sample()).is_empty());
    }

    #[test]
    fn lines_read_back_and_tampered_ones_do_not() {
        let lines = sample().to_string();
        assert_eq!(lines.parse::<Manifest>().unwrap(), sample());
        let mut swapped: Vec<&str> = lines.split_inclusive('\n').collect();
        swapped.swap(0, 1);
        assert!(swapped.concat().parse::<Manifest>().is_err());
        assert!(lines.trim_end().parse::<Manifest>().is_err());
        assert!("a\tb\n".parse::<Manifest>().is_err());
        let hash = Hash::of(b"");
        assert!(format!("e\u{301}\t{hash}\n").parse::<Manifest>().is_err());
        assert!(format!("a\t{}\n", hash.to_string().to_uppercase()).parse::<Manifest>().is_err());
    }

    proptest! {
        #[test]
        fn the_order_of_adding_does_not_matter(
            names in proptest::collection::btree_set("[a-z甲乙丙]{1,6}", 1..12),
            turn in 0_usize..12,
        ) {
            let mut names: Vec<String> = names.into_iter().collect();
            let build = |names: &[String]| {
                let mut manifest = Manifest::default();
                for name in names {
                    manifest.value(&format!("fields/{name}"), name).unwrap();
                }
                manifest.hash()
            };
            let before = build(&names);
            let turn = turn % names.len();
            names.rotate_left(turn);
            names.reverse();
            prop_assert_eq!(build(&names), before);
        }
    }
}
