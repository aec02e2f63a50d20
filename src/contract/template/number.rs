//! Patterns of contract numbers: `HT-{entity}-{dept}-{year}-{seq:4}`.

use std::fmt;
use std::str::FromStr;

/// A pattern with exactly one running number in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern {
    text: String,
    parts: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Entity,
    Department,
    Year,
    Month,
    Sequence(usize),
}

/// What stands in the places of a pattern.
#[derive(Clone, Copy, Debug)]
pub struct NumberParts<'a> {
    /// The short code of our entity.
    pub entity: &'a str,
    /// The short code of the department.
    pub department: &'a str,
    /// The year of the first submission.
    pub year: i16,
    /// Its month.
    pub month: i8,
}

/// A pattern that cannot be read: the part that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot stand in a contract number")]
pub struct BadPattern(pub String);

impl NumberPattern {
    /// The number with that running number.
    pub fn number(&self, parts: NumberParts<'_>, sequence: u64) -> String {
        self.write(parts, |width| format!("{sequence:0width$}"))
    }

    /// What the running number counts within: the number with its place left open. Each has a counter of its own.
    pub fn series(&self, parts: NumberParts<'_>) -> String {
        self.write(parts, |_| "{seq}".to_owned())
    }

    fn write(&self, parts: NumberParts<'_>, sequence: impl Fn(usize) -> String) -> String {
        let token = |token: &Token| match token {
            Token::Text(text) => text.clone(),
            Token::Entity => parts.entity.to_owned(),
            Token::Department => parts.department.to_owned(),
            Token::Year => format!("{:04}", parts.year),
            Token::Month => format!("{:02}", parts.month),
            Token::Sequence(width) => sequence(*width),
        };
        self.parts.iter().map(token).collect()
    }
}

/// A running number and nothing else.
impl Default for NumberPattern {
    fn default() -> Self {
        Self { text: "{seq}".to_owned(), parts: vec![Token::Sequence(1)] }
    }
}

impl FromStr for NumberPattern {
    type Err = BadPattern;

    fn from_str(text: &str) -> Result<Self, BadPattern> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| BadPattern(format!("{{{after}")))?;
            if !before.is_empty() {
                parts.push(Token::Text(before.to_owned()));
            }
            parts.push(token(name).ok_or_else(|| BadPattern(format!("{{{name}}}")))?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Token::Text(rest.to_owned()));
        }
        match parts.iter().filter(|part| matches!(part, Token::Sequence(_))).count() {
            1 => Ok(Self { text: text.to_owned(), parts }),
            _ => Err(BadPattern(text.to_owned())),
        }
    }
}

fn token(name: &str) -> Option<Token> {
    Some(match name {
        "entity" => Token::Entity,
        "dept" => Token::Department,
        "year" => Token::Year,
        "month" => Token::Month,
        "seq" => Token::Sequence(1),
        _ => Token::Sequence(name.strip_prefix("seq:")?.parse().ok().filter(|width| (1..=12).contains(width))?),
    })
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARCH: NumberParts<'_> = NumberParts { entity: "QY", department: "XS", year: 2026, month: 3 };

    #[test]
    fn a_number_has_its_parts_in_their_places() {
        let pattern: NumberPattern = "HT-{entity}-{dept}-{year}{month}-{seq:4}".parse().unwrap();
        assert_eq!(pattern.number(MARCH, 7), "HT-QY-XS-202603-0007");
        assert_eq!(pattern.number(MARCH, 12_345), "HT-QY-XS-202603-12345");
        assert_eq!(pattern.series(MARCH), "HT-QY-XS-202603-{seq}");
    }

    #[test]
    fn a_pattern_has_exactly_one_running_number() {
        for bad in ["HT-{year}", "{seq}-{seq}", "HT-{sqe:4}", "HT-{seq:0}", "HT-{seq"] {
            assert!(bad.parse::<NumberPattern>().is_err(), "{bad}");
        }
    }
}
