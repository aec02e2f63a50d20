//! What a workflow may name: the fields and events of a kind of record, as the record's room declares them.

use crate::i18n::Arg;
use crate::kernel::Kind;

/// A kind of record that workflows can carry.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectSchema {
    /// Which kind.
    pub kind: Kind,
    /// Fields that guards may read.
    pub fields: Vec<FieldSchema>,
    /// Outside events that the subject's room or the API can send.
    pub events: Vec<String>,
    /// What people call what stands in files as a code.
    pub words: Vec<WordSchema>,
    /// Names of the effects that the room carries out.
    pub effects: Vec<&'static str>,
    /// Silence never approves here (contracts and payments) without a written reason.
    pub silence_needs_reason: bool,
}

/// What people call a code.
#[derive(Clone, Debug, PartialEq)]
pub struct WordSchema {
    /// The code.
    pub code: Code,
    /// What people call it.
    pub label: Arg,
}

/// Something that stands in files as a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A value of a field: `sales` of `category`.
    Value(String, String),
    /// An event: `signed`.
    Event(String),
    /// A part of the record beside its fields: `clauses/term`.
    Part(String),
}

impl WordSchema {
    /// What people call a value of a field.
    pub fn of_value(field: &str, value: &str, label: impl Into<Arg>) -> Self {
        Self { code: Code::Value(field.to_owned(), value.to_owned()), label: label.into() }
    }

    /// What people call an event.
    pub fn of_event(event: &str, label: impl Into<Arg>) -> Self {
        Self { code: Code::Event(event.to_owned()), label: label.into() }
    }

    /// What people call a part.
    pub fn of_part(path: impl Into<String>, label: impl Into<Arg>) -> Self {
        Self { code: Code::Part(path.into()), label: label.into() }
    }
}

impl SubjectSchema {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&FieldSchema> {
        self.fields.iter().find(|known| known.name == name)
    }

    /// What people call a code.
    pub fn word(&self, code: &Code) -> Option<&Arg> {
        self.words.iter().find(|known| known.code == *code).map(|known| &known.label)
    }
}

/// A field that guards may read.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSchema {
    /// Name in files, SQL and API.
    pub name: String,
    /// Chinese label.
    pub label_zh: String,
    /// English label.
    pub label_en: String,
    /// Type of its values.
    pub kind: FieldKind,
    /// A raw amount: a guard on it gets a warning, because bands read the approval amount.
    pub raw_amount: bool,
}

impl FieldSchema {
    /// A field by its name and what people call it in Chinese and in English; amounts are raw.
    pub fn new(name: &str, label_zh: &str, label_en: &str, kind: FieldKind) -> Self {
        Self {
            name: name.to_owned(),
            label_zh: label_zh.to_owned(),
            label_en: label_en.to_owned(),
            kind,
            raw_amount: kind == FieldKind::Amount,
        }
    }
}

/// Types of fields, as guards see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text or a choice.
    Text,
    /// A number.
    Number,
    /// An amount in the base currency.
    Amount,
    /// A date.
    Date,
    /// Yes or no.
    Bool,
    /// A person.
    User,
    /// A department.
    Department,
    /// Several.
    List,
}
