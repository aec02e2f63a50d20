//! What changed between two versions: by clause, and within a clause by character. Applying it to the old text gives the new
//! one byte for byte.

use serde::{Deserialize, Serialize};
use similar::{Algorithm, ChangeTag, TextDiff};

use super::Document;

/// The difference of two documents, in the order of the new one; removed clauses stand where they stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redline {
    /// Clause by clause, unchanged ones included.
    pub clauses: Vec<ClauseChange>,
}

/// What became of a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseChange {
    /// The clause's name.
    pub name: String,
    /// Its title, in the new version if it is there.
    pub title: String,
    /// Whether it is only in the new version.
    pub added: bool,
    /// Whether it is only in the old version.
    pub removed: bool,
    /// Its text, title in the first line.
    pub pieces: Vec<Piece>,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the old one.
    Deleted(String),
    /// Only in the new one.
    Inserted(String),
}

/// A clause as it is compared: its name and its text with the title in the first line.
pub type ClauseText = (String, String);

/// Compares two documents.
pub fn compare(old: &Document, new: &Document) -> Redline {
    compare_texts(&old.texts(), &new.texts())
}

/// Compares two lists of clauses.
pub fn compare_texts(old: &[ClauseText], new: &[ClauseText]) -> Redline {
    let (old_names, new_names) = (names(old), names(new));
    let mut clauses = Vec::new();
    for operation in similar::capture_diff_slices(Algorithm::Myers, &old_names, &new_names) {
        let (tag, from, to) = operation.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            clauses.extend(from.zip(to).map(|(from, to)| change(Some(&old[from]), Some(&new[to]))));
        } else {
            clauses.extend(from.map(|at| change(Some(&old[at]), None)));
            clauses.extend(to.map(|at| change(None, Some(&new[at]))));
        }
    }
    Redline { clauses }
}

impl Document {
    /// The clauses as they are compared.
    pub fn texts(&self) -> Vec<ClauseText> {
        self.clauses
            .iter()
            .map(|clause| (clause.name.clone(), format!("{}\n{}", clause.title, clause.text())))
            .collect()
    }
}

impl Redline {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changed().next().is_none()
    }

    /// The clauses that changed.
    pub fn changed(&self) -> impl Iterator<Item = &ClauseChange> {
        self.clauses.iter().filter(|clause| clause.is_changed())
    }

    /// The new clauses, made from the old ones and this difference; nothing where it is not a difference from `old`.
    pub fn apply(&self, old: &[ClauseText]) -> Option<Vec<ClauseText>> {
        let mut old = old.iter();
        let mut new = Vec::new();
        for clause in &self.clauses {
            if !clause.added {
                let (name, text) = old.next()?;
                if *name != clause.name || *text != clause.text(|piece| !matches!(piece, Piece::Inserted(_))) {
                    return None;
                }
            }
            if !clause.removed {
                new.push((clause.name.clone(), clause.text(|piece| !matches!(piece, Piece::Deleted(_)))));
            }
        }
        old.next().is_none().then_some(new)
    }
}

impl ClauseChange {
    /// Whether anything in it changed.
    pub fn is_changed(&self) -> bool {
        self.added || self.removed || self.pieces.iter().any(|piece| !matches!(piece, Piece::Same(_)))
    }

    fn text(&self, take: impl Fn(&Piece) -> bool) -> String {
        self.pieces.iter().filter(|piece| take(piece)).map(Piece::text).collect()
    }
}

impl Piece {
    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            Self::Same(text) | Self::Deleted(text) | Self::Inserted(text) => text,
        }
    }
}

fn names(clauses: &[ClauseText]) -> Vec<&str> {
    clauses.iter().map(|(name, _)| name.as_str()).collect()
}

fn change(old: Option<&ClauseText>, new: Option<&ClauseText>) -> ClauseChange {
    let (name, text) = new.or(old).map_or(("", ""), |(name, text)| (name, text));
    let (before, after) = (old.map_or("", |(_, text)| text), new.map_or("", |(_, text)| text));
    ClauseChange {
        name: name.to_owned(),
        title: text.lines().next().unwrap_or_default().to_owned(),
        added: old.is_none(),
        removed: new.is_none(),
        pieces: pieces(before, after),
    }
}

/// By character, with neighbouring changes of one kind joined.
pub(super) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    if old == new {
        return if old.is_empty() { Vec::new() } else { vec![Piece::Same(old.to_owned())] };
    }
    let mut pieces: Vec<(ChangeTag, String)> = Vec::new();
    for change in TextDiff::from_chars(old, new).iter_all_changes() {
        match pieces.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => pieces.push((change.tag(), change.value().to_owned())),
        }
    }
    let piece = |(tag, text)| match tag {
        ChangeTag::Equal => Piece::Same(text),
        ChangeTag::Delete => Piece::Deleted(text),
        ChangeTag::Insert => Piece::Inserted(text),
    };
    pieces.into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clause(name: &str, text: &str) -> ClauseText {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn a_change_is_shown_by_character() {
        let old = [clause("term", "期限\n共三十日。")];
        let new = [clause("term", "期限\n共六十日。")];
        let redline = compare_texts(&old, &new);
        let same = |text: &str| Piece::Same(text.to_owned());
        let expected =
            [same("期限\n共"), Piece::Deleted("三".to_owned()), Piece::Inserted("六".to_owned()), same("十日。")];
        assert_eq!(redline.clauses[0].pieces, expected);
        assert_eq!(redline.apply(&old).unwrap(), new);
    }

    #[test]
    fn clauses_come_and_go() {
        let old = [clause("a", "甲"), clause("b", "乙"), clause("c", "丙")];
        let new = [clause("a", "甲"), clause("d", "丁"), clause("c", "丙")];
        let redline = compare_texts(&old, &new);
        let changed: Vec<_> = redline.changed().map(|c| (c.name.as_str(), c.added, c.removed)).collect();
        assert_eq!(changed, [("b", false, true), ("d", true, false)]);
        assert_eq!(redline.apply(&new), None, "it is a difference from the old text only");
    }

    fn clauses() -> impl Strategy<Value = Vec<ClauseText>> {
        prop::collection::vec(("[a-d]", "[甲乙丙é\u{301}👍a-c\n ]{0,12}"), 0..6)
    }

    proptest! {
        #[test]
        fn applying_the_difference_gives_the_new_text_byte_for_byte(old in clauses(), new in clauses()) {
            prop_assert_eq!(compare_texts(&old, &new).apply(&old).unwrap(), new);
        }
    }
}
