//! Codes of records by a pattern that administrators edit: `{category}-{seq:2}` gives 1类-01 (R10).

use super::dictionary::Dictionaries;
use super::field::FieldKind;
use super::kind::Kind;
use super::value::Values;
use crate::i18n::Lang;

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    Field(&'static str, FieldOf),
    Sequence(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum FieldOf {
    Dictionary(&'static str),
    Text,
}

/// A pattern of codes: text, `{year}`, the label of a required choice by the name of its field, and `{seq:N}`, the number with at least
/// N digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

/// Characters that a pattern may have.
const LONGEST: usize = 60;

impl Pattern {
    /// Reads a pattern of a kind; nothing where it would not tell records apart.
    pub(super) fn read(kind: &'static Kind, text: &str) -> Option<Self> {
        if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return None;
        }
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').filter(|_| !before.contains('}'))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(part(kind, name)?);
            rest = after;
        }
        if rest.contains('}') {
            return None;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        let numbered = parts.iter().filter(|part| matches!(part, Part::Sequence(_))).count() == 1;
        numbered.then_some(Self(parts))
    }

    /// The counter that its numbers come from: one a kind, and one a year where the year stands in the code.
    pub(super) fn counter(&self, kind: &Kind, year: i16) -> String {
        if self.0.contains(&Part::Year) {
            format!("record.{}.{year}", kind.name)
        } else {
            format!("record.{}", kind.name)
        }
    }

    /// The code of a record with that number.
    pub(super) fn fill(&self, values: &Values, lists: &Dictionaries, year: i16, number: i64) -> String {
        let mut code = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => code.push_str(text),
                Part::Year => code.push_str(&year.to_string()),
                Part::Field(name, FieldOf::Dictionary(list)) => {
                    code.push_str(&lists.label(list, values.text(name), Lang::Zh));
                }
                Part::Field(name, FieldOf::Text) => code.push_str(values.text(name)),
                Part::Sequence(digits) => {
                    let number = format!("{number:0digits$}");
                    code.push_str(&number);
                }
            }
        }
        code
    }
}

fn part(kind: &'static Kind, name: &str) -> Option<Part> {
    if name == "year" {
        return Some(Part::Year);
    }
    if let Some(digits) = name.strip_prefix("seq") {
        let digits = digits.strip_prefix(':').map_or(Some(1), |digits| digits.parse().ok())?;
        return (1..=9).contains(&digits).then_some(Part::Sequence(digits));
    }
    let field = kind.field(name).filter(|field| field.is_required() && field.is_stored())?;
    match field.kind {
        FieldKind::Choice(list) => Some(Part::Field(field.name, FieldOf::Dictionary(list))),
        FieldKind::Text { .. } => Some(Part::Field(field.name, FieldOf::Text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::{Field, choice, text};
    use super::*;

    const FIELDS: &[Field] = &[text("name", 50).required(), choice("category", "category").required()];
    static KIND: Kind = Kind::new("thing", "record", "/things", FIELDS);

    fn filled(pattern: &str, number: i64) -> String {
        let mut values = Values::default();
        values.set("category", super::super::Value::from("1类"));
        Pattern::read(&KIND, pattern).unwrap().fill(&values, &Dictionaries::default(), 2026, number)
    }

    #[test]
    fn r10_a_code_follows_the_pattern() {
        assert_eq!(filled("{category}-{seq:2}", 1), "1类-01");
        assert_eq!(filled("{category}-{seq:2}", 123), "1类-123");
        assert_eq!(filled("KH{year}{seq:4}", 7), "KH20260007");
    }

    #[test]
    fn a_pattern_that_tells_nothing_apart_is_none() {
        for pattern in
            ["", "KH", "{year}", "{seq:2}{seq:2}", "{unknown}{seq}", "{seq:0}", "{seq", "seq}{seq}", "{seq:x}"]
        {
            assert_eq!(Pattern::read(&KIND, pattern), None, "{pattern}");
        }
    }

    #[test]
    fn a_code_with_the_year_begins_anew_each_year() {
        assert_eq!(Pattern::read(&KIND, "{year}-{seq}").unwrap().counter(&KIND, 2026), "record.thing.2026");
        assert_eq!(Pattern::read(&KIND, "{seq}").unwrap().counter(&KIND, 2026), "record.thing");
    }
}
