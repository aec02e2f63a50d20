//! What is wrong with a file, and where.

use crate::i18n::{self, Lang, Message, msg};
use crate::workflow::Place;

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be published.
    Error,
    /// Probably not meant.
    Warning,
    /// Could not be checked here.
    Note,
}

/// One fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The file, as it was named.
    pub file: String,
    /// Line, counted from 1; 0 for the file as a whole.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// How bad.
    pub severity: Severity,
    /// Stable for programs: the last part of the key of the message.
    pub code: String,
    /// What is wrong.
    pub message: Message,
    /// What helps.
    pub hint: Option<Message>,
    /// The line itself.
    pub source: String,
}

/// A fault before its file is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// What is wrong.
    pub message: Message,
    /// What helps.
    pub hint: Option<Message>,
}

impl Severity {
    /// The word that editors and scripts look for, the same in both languages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Finding {
    /// An error.
    pub(crate) fn error(place: Place, message: Message) -> Self {
        Self { place, severity: Severity::Error, message, hint: None }
    }

    /// A warning.
    pub(crate) fn warning(place: Place, message: Message) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, message) }
    }

    /// A note.
    pub(crate) fn note(place: Place, message: Message) -> Self {
        Self { severity: Severity::Note, ..Self::error(place, message) }
    }

    /// Whether the file cannot be published with it.
    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// With what helps.
    #[must_use]
    pub(crate) fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// With the nearest known name, where one is near.
    #[must_use]
    pub(crate) fn did_you_mean<'a>(self, typed: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(typed, known) {
            Some(name) => self.hint(msg!("workflow.fault.did_you_mean", name = name)),
            None => self,
        }
    }
}

/// The faults of a file, in the order of its lines, each once.
pub(crate) fn in_file(file: &str, source: &str, mut findings: Vec<Finding>) -> Vec<Fault> {
    findings.sort_by_key(|finding| (finding.place, finding.severity));
    findings.dedup_by(|one, other| one.place == other.place && one.message == other.message);
    let lines: Vec<&str> = source.lines().collect();
    findings
        .into_iter()
        .map(|finding| {
            let index = usize::try_from(finding.place.line).unwrap_or(0).checked_sub(1);
            let key = finding.message.key();
            Fault {
                file: file.to_owned(),
                line: finding.place.line,
                column: finding.place.column,
                severity: finding.severity,
                code: key.rsplit_once('.').map_or(key, |(_, code)| code).to_owned(),
                hint: finding.hint,
                source: index.and_then(|index| lines.get(index)).map_or_else(String::new, ToString::to_string),
                message: finding.message,
            }
        })
        .collect()
}

impl Fault {
    /// `FILE:LINE:COLUMN: error: …`, the line with a caret, and the hint.
    pub fn render(&self, lang: Lang) -> String {
        let mut text = format!(
            "{}:{}:{}: {}: {}\n",
            self.file,
            self.line,
            self.column,
            self.severity.word(),
            i18n::text(lang, &self.message)
        );
        if !self.source.is_empty() {
            let number = self.line.to_string();
            let gutter = " ".repeat(number.len());
            let before: String =
                self.source.chars().take(usize::try_from(self.column).unwrap_or(1).saturating_sub(1)).collect();
            let blank: String = before
                .chars()
                .map(|c| if c == '\t' { "\t".to_owned() } else { " ".repeat(super::text::width(&c.to_string())) })
                .collect();
            text.extend([" ", &number, " | ", &self.source, "\n ", &gutter, " | ", &blank, "^\n"]);
        }
        if let Some(hint) = &self.hint {
            text.extend(["   = ", &i18n::text(lang, hint), "\n"]);
        }
        text
    }
}

/// The known name that was probably meant.
pub(super) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = typed.to_lowercase().replace('-', "_");
    let limit = (typed.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(|name| (distance(&folded, &name.to_lowercase().replace('-', "_")), name))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// How many letters must be added, taken away, changed, or swapped with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_one_that_was_meant() {
        let options = ["title", "within", "when", "by"];
        assert_eq!(nearest("wihtin", options), Some("within"));
        assert_eq!(nearest("titel", options), Some("title"));
        assert_eq!(nearest("colour", options), None);
        assert_eq!(nearest("general_manager", ["general-manager"]), Some("general-manager"));
    }

    #[test]
    fn the_caret_stands_below_the_column_in_chinese_lines_too() {
        let finding = Finding::error(Place { line: 1, column: 7 }, Message::of("x.y"));
        let fault = in_file("a.rhai", "a(\"法务\")，", vec![finding]).remove(0);
        assert_eq!(fault.render(Lang::En), "a.rhai:1:7: error: x.y\n 1 | a(\"法务\")，\n   |         ^\n");
    }
}
