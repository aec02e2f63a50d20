//! What differs between two texts, line by line, with what stands around it.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// Unchanged lines that are shown around a change.
const AROUND: usize = 3;

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// Its number in the old text, counted from 1.
    pub old: Option<usize>,
    /// Its number in the new text.
    pub new: Option<usize>,
    /// Whether it stayed, went or came.
    pub kind: LineKind,
    /// What it says.
    pub text: String,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// In both.
    Same,
    /// Only in the old text.
    Gone,
    /// Only in the new text.
    Added,
}

/// The places that differ, each with a few lines around it; none where the texts are alike.
pub fn hunks(old: &str, new: &str) -> Vec<Vec<DiffLine>> {
    let diff = TextDiff::from_lines(old, new);
    let line = |change: similar::Change<&str>| DiffLine {
        old: change.old_index().map(|index| index + 1),
        new: change.new_index().map(|index| index + 1),
        kind: match change.tag() {
            ChangeTag::Equal => LineKind::Same,
            ChangeTag::Delete => LineKind::Gone,
            ChangeTag::Insert => LineKind::Added,
        },
        text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
    };
    let groups = diff.grouped_ops(AROUND);
    groups.iter().map(|ops| ops.iter().flat_map(|op| diff.iter_changes(op)).map(line).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<Vec<String>> {
        let sign = |line: &DiffLine| match line.kind {
            LineKind::Same => format!(" {}", line.text),
            LineKind::Gone => format!("-{}", line.text),
            LineKind::Added => format!("+{}", line.text),
        };
        hunks(old, new).iter().map(|hunk| hunk.iter().map(sign).collect()).collect()
    }

    #[test]
    fn a_changed_line_goes_and_comes() {
        assert_eq!(shown("a\nb\nc\n", "a\nB\nc\n"), [[" a", "-b", "+B", " c"]]);
    }

    #[test]
    fn texts_that_are_alike_differ_nowhere() {
        assert!(hunks("a\nb", "a\nb").is_empty());
    }

    #[test]
    fn lines_far_from_a_change_are_left_out() {
        let lines: Vec<String> = (1..=20).map(|n| n.to_string()).collect();
        let old = lines.join("\n") + "\n";
        let new = old.replace("20\n", "zwanzig\n").replace("1\n2\n", "eins\n2\n");
        let found = hunks(&old, &new);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].iter().filter_map(|line| line.new).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(found[1].last().unwrap().new, Some(20));
    }
}
