//! [`Message`]: what is to be said, before it is known in which language.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Lang, format};
use crate::kernel::{Amount, Date, Money, Quantity, Rate, Timestamp};

/// A sentence of the catalog with its values. Its JSON is kept in events and outgoing messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    key: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<(Cow<'static, str>, Arg)>,
}

/// A value in a sentence, shown as its type demands in each language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A name or what someone wrote, the same in both languages.
    Text(String),
    /// A name that was written down in both languages.
    Titles {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// A count.
    Number(i64),
    /// `¥1,280,000.00`.
    Money(Money),
    /// `1,280,000.00`.
    Amount(Amount),
    /// How many.
    Quantity(Quantity),
    /// `13%`.
    Rate(Rate),
    /// `2026年3月1日`, `1 March 2026`.
    Date(Date),
    /// Date and time of day where the company is.
    Timestamp(Timestamp),
    /// Another sentence within this one.
    Message(Box<Message>),
    /// Several, joined as the language joins them.
    List(Vec<Arg>),
}

/// A [`Message`] by its key, `room.key`, and its values:
/// `msg!("contract.over_limit", limit = money, name = &title)`. A test checks that the key is written in both languages.
macro_rules! msg {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::Message::of($key)$(.with(stringify!($name), $value))*
    };
}

pub(crate) use msg;

impl Message {
    /// The sentence under `key`, without values yet. Where the key is a literal, `msg!` is the way to write it.
    pub fn of(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    /// With a value for the place `{name}`.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Arg>) -> Self {
        self.args.push((name.into(), value.into()));
        self
    }

    /// Its key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value for `{name}`.
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        self.args.iter().find(|(known, _)| known == name).map(|(_, arg)| arg)
    }
}

impl Arg {
    /// As a reader of `lang` sees it.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Titles { zh, .. } if lang == Lang::Zh => zh.clone(),
            Self::Titles { en, .. } => en.clone(),
            Self::Number(count) => format::number(*count),
            Self::Money(money) => format::money(*money),
            Self::Amount(amount) => format::amount(*amount),
            Self::Quantity(quantity) => quantity.to_string(),
            Self::Rate(rate) => rate.in_percent(),
            Self::Date(date) => format::date(lang, *date),
            Self::Timestamp(at) => format::timestamp(lang, *at),
            Self::Message(message) => super::text(lang, message),
            Self::List(items) => format::list(lang, items.iter().map(|item| item.text(lang))),
        }
    }
}

macro_rules! into_arg {
    ($($from:ty => |$value:ident| $arg:expr),+ $(,)?) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self {
                $arg
            }
        }
    )+};
}

into_arg! {
    &str => |text| Self::Text(text.to_owned()),
    String => |text| Self::Text(text),
    &String => |text| Self::Text(text.clone()),
    char => |letter| Self::Text(letter.to_string()),
    i64 => |count| Self::Number(count),
    i32 => |count| Self::Number(count.into()),
    u32 => |count| Self::Number(count.into()),
    u8 => |count| Self::Number(count.into()),
    u64 => |count| Self::Number(i64::try_from(count).unwrap_or(i64::MAX)),
    usize => |count| Self::Number(i64::try_from(count).unwrap_or(i64::MAX)),
    Money => |money| Self::Money(money),
    Amount => |amount| Self::Amount(amount),
    Quantity => |quantity| Self::Quantity(quantity),
    Rate => |rate| Self::Rate(rate),
    Date => |date| Self::Date(date),
    Timestamp => |at| Self::Timestamp(at),
    Message => |message| Self::Message(Box::new(message)),
}

impl<T: Into<Arg>> FromIterator<T> for Arg {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Arg>> From<Vec<T>> for Arg {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;

    #[test]
    fn a_message_is_kept_as_json_and_read_in_either_language_later() {
        let limit = Money::new(Amount::from_units(5), Currency::CNY);
        let message = msg!("kernel.x", limit = limit, day = jiff::civil::date(2026, 3, 1), count = 2_usize);
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(
            json,
            r#"{"key":"kernel.x","args":[["limit",{"money":{"amount":"5.0000","currency":"CNY"}}],["day",{"date":"2026-03-01"}],["count",{"number":2}]]}"#
        );
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
    }

    #[test]
    fn values_are_shown_as_their_language_has_it() {
        let names: Arg = ["张三", "李四", "王五"].into_iter().collect();
        assert_eq!(names.text(Lang::Zh), "张三、李四和王五");
        assert_eq!(names.text(Lang::En), "张三, 李四 and 王五");
        assert_eq!(Arg::from(1_234_567_i64).text(Lang::En), "1,234,567");
        assert_eq!(Arg::from(Rate::percent(13)).text(Lang::Zh), "13%");
    }
}
