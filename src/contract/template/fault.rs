//! What is wrong with a template folder: the file, the line, the line itself and a hint.

use std::fmt;

/// One fault of a template folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// What is wrong.
    pub problem: Problem,
}

/// A place in a file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file with the template's name: `software-service/template.toml`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The line itself.
    pub text: String,
}

impl Place {
    /// The place of the byte at `offset` in `source`.
    pub(super) fn of(file: &str, source: &str, offset: usize) -> Self {
        let mut offset = offset.min(source.len());
        while !source.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &source[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            text: source[start..].lines().next().unwrap_or_default().to_owned(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What can be wrong with a template folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A file of the folder is missing.
    #[error("{0} is missing")]
    FileMissing(String),
    /// The TOML does not parse, or a key is missing or has the wrong type.
    #[error("{0}")]
    Toml(String),
    /// A key that templates do not have.
    #[error("unknown key {found}")]
    UnknownKey {
        /// The key.
        found: String,
        /// The nearest key that is allowed here.
        nearest: String,
    },
    /// A name that is not lower-case letters, digits, `_` and `-`.
    #[error("{0} is not a name")]
    BadName(String),
    /// A name that stands twice.
    #[error("{0} is declared twice")]
    Twice(String),
    /// A field type that does not exist.
    #[error("unknown field type {found}")]
    UnknownType {
        /// The type.
        found: String,
        /// The nearest type there is.
        nearest: String,
    },
    /// A key that this type of field needs.
    #[error("{kind} needs {key}")]
    KeyNeeded {
        /// The type of the field.
        kind: String,
        /// The key.
        key: String,
    },
    /// A bound or a default that the field itself would refuse.
    #[error("{text} does not fit the field")]
    BadValue {
        /// What is written.
        text: String,
    },
    /// A role that does not exist, or that no party of the template has.
    #[error("unknown role {found}")]
    UnknownRole {
        /// The role.
        found: String,
        /// The nearest role there is.
        nearest: String,
    },
    /// A field is named that is not declared.
    #[error("unknown field {found}")]
    UnknownField {
        /// The name.
        found: String,
        /// The nearest declared field.
        nearest: String,
    },
    /// A party or a field is asked for something it does not have.
    #[error("{of} has no {found}")]
    UnknownAttribute {
        /// The party or field.
        of: String,
        /// What it is asked for.
        found: String,
        /// The nearest thing it has.
        nearest: String,
    },
    /// A declared field stands nowhere.
    #[error("the field {0} stands nowhere")]
    UnusedField(String),
    /// A filter that does not exist.
    #[error("unknown filter {found}")]
    UnknownFilter {
        /// The filter.
        found: String,
        /// The nearest filter there is.
        nearest: String,
    },
    /// A filter that does not take this type of field.
    #[error("{filter} does not take {kind}")]
    WrongFilter {
        /// The filter.
        filter: String,
        /// The type of the field.
        kind: String,
    },
    /// The template syntax is broken, or a placeholder cannot be filled.
    #[error("{0}")]
    Body(String),
    /// Text stands before the first clause.
    #[error("text before the first clause")]
    TextBeforeFirstClause,
    /// A heading without `{#name}`.
    #[error("a heading without a name")]
    HeadingWithoutName,
    /// A clause that `body.md` does not have.
    #[error("unknown clause {found}")]
    UnknownClause {
        /// The clause.
        found: String,
        /// The nearest clause there is.
        nearest: String,
    },
    /// A clause of `body.md` that `template.toml` does not list.
    #[error("the clause {0} is not listed")]
    UnlistedClause(String),
    /// A name of an item of article 470 that does not exist.
    #[error("unknown item {found}")]
    UnknownItem {
        /// The name.
        found: String,
        /// The nearest item.
        nearest: String,
    },
    /// An item of 民法典第四百七十条 that no clause covers.
    #[error("no clause covers {name}", name = .0.in_law())]
    ItemMissing(super::Item),
    /// A due event that does not exist.
    #[error("unknown event {found}")]
    UnknownEvent {
        /// The event.
        found: String,
        /// The nearest event.
        nearest: String,
    },
    /// A span that cannot be read.
    #[error("{0} is not a span of time")]
    BadSpan(String),
    /// A milestone without exactly one of share, amount and rest, or a due rule without exactly one of date and event.
    #[error("exactly one of {0} is needed")]
    ExactlyOne(String),
    /// Shares that do not add up to 100 %.
    #[error("the shares add up to {sum}")]
    SharesNotWhole {
        /// What they add up to.
        sum: String,
    },
    /// An expression that cannot be read.
    #[error("{0} is not an expression")]
    BadExpression(String),
    /// A number pattern with something that cannot be filled.
    #[error("{0} cannot stand in a contract number")]
    BadNumberPattern(String),
}
