//! How values look to a reader: in lists, on pages, in the log.

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::dictionary::Dictionaries;
use super::field::{Field, FieldKind};
use super::kind::Kind;
use super::queries::Names;
use super::value::Value;
use crate::i18n::{self, Lang, Shown, msg};
use crate::kernel::{Money, UserId};
use crate::workflow::Directory;

/// What a reader needs to see values by.
pub struct Eyes<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// Where the company is.
    pub zone: &'a TimeZone,
    /// The lists of choices.
    pub lists: &'a Dictionaries,
    /// What other records are called.
    pub names: &'a Names,
    /// People.
    pub directory: &'a Directory,
}

impl Eyes<'_> {
    /// The text of a value.
    pub fn text(&self, kind: &Kind, field: &Field, value: &Value) -> String {
        match (field.kind, value) {
            (FieldKind::Choice(list), Value::Text(name)) => self.lists.label(list, name, self.lang),
            (FieldKind::Word(_), Value::Text(word)) => i18n::text(self.lang, &kind.word_label(field.name, word)),
            (FieldKind::Record(of), Value::Record(id)) => self.names.of(of, *id),
            (_, Value::Text(text)) => text.clone(),
            (_, Value::Number(number)) => i18n::number(*number),
            (_, Value::Money(money)) => i18n::money(*money),
            (_, Value::Date(date)) => i18n::date(self.lang, *date),
            (_, Value::At(at)) => i18n::local_time(self.lang, *at, self.zone, Shown::Full),
            (_, Value::YesNo(true)) => i18n::text(self.lang, &msg!("record.yes")),
            (_, Value::YesNo(false)) => i18n::text(self.lang, &msg!("record.no")),
            (_, Value::Record(id)) => format!("#{id}"),
            (_, Value::User(user)) => self.directory.name(*user),
        }
    }

    /// The text of what the log kept.
    pub fn logged(&self, kind: &Kind, field: &Field, json: &Json) -> String {
        let value = match (field.kind, json) {
            (_, Json::Null) => return String::new(),
            (FieldKind::Money, json) => serde_json::from_value::<Money>(json.clone()).ok().map(Value::Money),
            (FieldKind::Number { .. }, json) => json.as_i64().map(Value::Number),
            (FieldKind::Record(_), json) => json.as_i64().map(Value::Record),
            (FieldKind::User, json) => json.as_i64().map(|id| Value::User(UserId::new(id))),
            (FieldKind::YesNo, json) => json.as_bool().map(Value::YesNo),
            (FieldKind::Date, Json::String(text)) => text.parse().ok().map(Value::Date),
            (FieldKind::Instant, Json::String(text)) => text.parse().ok().map(Value::At),
            (_, Json::String(text)) => Some(Value::Text(text.clone())),
            _ => None,
        };
        value.map_or_else(|| json.to_string(), |value| self.text(kind, field, &value))
    }
}
