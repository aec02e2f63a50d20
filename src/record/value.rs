//! Values of fields: read from what somebody typed or a program sent, and written for forms, logs and programs.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::error::FieldProblem;
use super::field::{Field, FieldKind};
use crate::i18n::{Explain as _, Message, msg};
use crate::kernel::check::{self, CodeError};
use crate::kernel::{Amount, Currency, Date, Money, Timestamp, UserId, text};

/// The longest text of several lines, in characters.
const LONGEST: usize = 10_000;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, a choice or a word.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An amount with its currency.
    Money(Money),
    /// A calendar date.
    Date(Date),
    /// An instant.
    At(Timestamp),
    /// Yes or no.
    YesNo(bool),
    /// The number of another record.
    Record(i64),
    /// A person of ours.
    User(UserId),
}

/// The values of a record by the names of its fields; an empty field is not among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(BTreeMap<&'static str, Value>);

/// What came for a field, before it is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// As somebody typed it.
    Typed(String),
    /// An amount typed beside its currency.
    Amount {
        /// The amount.
        amount: String,
        /// The code of the currency.
        currency: String,
    },
    /// As a program sent it.
    Json(Json),
}

/// What came for the fields of a record, by name.
pub type Input = BTreeMap<String, Raw>;

impl Values {
    /// The value of a field.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// Puts a value, or nothing, into a field.
    pub fn set(&mut self, field: &'static str, value: impl Into<Option<Value>>) {
        match value.into() {
            Some(value) => self.0.insert(field, value),
            None => self.0.remove(field),
        };
    }

    /// The text of a field; empty where there is none.
    pub fn text(&self, field: &str) -> &str {
        match self.0.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The other record that a field names.
    pub fn record(&self, field: &str) -> Option<i64> {
        match self.0.get(field) {
            Some(Value::Record(id)) => Some(*id),
            _ => None,
        }
    }

    /// The instant in a field.
    pub fn instant(&self, field: &str) -> Option<Timestamp> {
        match self.0.get(field) {
            Some(Value::At(at)) => Some(*at),
            _ => None,
        }
    }

    /// The number in a field.
    pub fn number(&self, field: &str) -> Option<i64> {
        match self.0.get(field) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether a field says yes.
    pub fn yes(&self, field: &str) -> bool {
        self.0.get(field) == Some(&Value::YesNo(true))
    }

    /// Every field with a value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Value {
    /// As programs and the log read it.
    pub fn json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number),
            Self::Money(money) => json!(money),
            Self::Date(date) => json!(date),
            Self::At(at) => json!(at),
            Self::YesNo(yes) => json!(yes),
            Self::Record(id) => json!(id),
            Self::User(user) => json!(user),
        }
    }

    /// As a form holds it; instants as the clocks in `zone` show them.
    pub fn typed(&self, zone: &TimeZone) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Money(money) => money.amount.to_string(),
            Self::Date(date) => date.to_string(),
            Self::At(at) => zone.to_datetime((*at).into()).strftime("%Y-%m-%dT%H:%M").to_string(),
            Self::YesNo(yes) => if *yes { "yes" } else { "" }.to_owned(),
            Self::Record(id) => id.to_string(),
            Self::User(user) => user.to_string(),
        }
    }
}

/// Reads what came for a field; nothing where it is empty.
pub(super) fn read(field: &Field, raw: &Raw, zone: &TimeZone) -> Result<Option<Value>, FieldProblem> {
    let wrong = |code: &'static str, message: Message| FieldProblem { field: field.name.to_owned(), code, message };
    let plain = match raw {
        Raw::Amount { amount, currency } => {
            return read_money(amount, currency).map_err(|(code, text)| wrong(code, text));
        }
        Raw::Json(Json::Object(parts)) if matches!(field.kind, FieldKind::Money) => {
            let part = |name: &str| parts.get(name).and_then(Json::as_str).unwrap_or_default();
            return read_money(part("amount"), part("currency")).map_err(|(code, text)| wrong(code, text));
        }
        Raw::Typed(typed) => typed.clone(),
        Raw::Json(Json::Null) => String::new(),
        Raw::Json(Json::String(text)) => text.clone(),
        Raw::Json(Json::Number(number)) => number.to_string(),
        Raw::Json(Json::Bool(yes)) => if *yes { "yes" } else { "" }.to_owned(),
        Raw::Json(_) => return Err(wrong("value_not_plain", msg!("record.problem.not_plain"))),
    };
    let plain = text::nfc_lf(&plain);
    let plain = plain.trim();
    if plain.is_empty() {
        return Ok(matches!(field.kind, FieldKind::YesNo).then_some(Value::YesNo(false)));
    }
    read_text(field.kind, plain, zone).map(Some).map_err(|(code, message)| wrong(code, message))
}

type Fault = (&'static str, Message);

fn read_text(kind: FieldKind, typed: &str, zone: &TimeZone) -> Result<Value, Fault> {
    let code = |error: CodeError| (error.code(), error.message());
    match kind {
        FieldKind::Text { max } => line(typed, max).map(Value::Text),
        FieldKind::LongText if typed.chars().count() > LONGEST => Err(too_long(LONGEST)),
        FieldKind::LongText | FieldKind::Choice(_) => Ok(Value::Text(typed.to_owned())),
        FieldKind::Mobile => {
            check::mobile(typed).map(Value::Text).map_err(|_| ("mobile", msg!("record.problem.mobile")))
        }
        FieldKind::Telephone => telephone(typed).map(Value::Text),
        FieldKind::Email => check::email(typed).map(Value::Text).map_err(|_| ("email", msg!("record.problem.email"))),
        FieldKind::CreditCode => check::credit_code(typed).map(Value::Text).map_err(code),
        FieldKind::Word(words) if words.contains(&typed) => Ok(Value::Text(typed.to_owned())),
        FieldKind::Word(_) => Err(not_a_choice()),
        FieldKind::Money => read_money(typed, "").and_then(|money| money.ok_or_else(not_a_choice)),
        FieldKind::Number { min, max } => whole(typed, min, max).map(Value::Number),
        FieldKind::Date => typed.parse().map(Value::Date).map_err(|_| ("date", msg!("record.problem.date"))),
        FieldKind::Instant => at(typed, zone).map(Value::At),
        FieldKind::YesNo => Ok(Value::YesNo(matches!(typed, "yes" | "true" | "on" | "1"))),
        FieldKind::Record(_) => typed.parse().map(Value::Record).map_err(|_| not_a_choice()),
        FieldKind::User => typed.parse().map(Value::User).map_err(|_| not_a_choice()),
    }
}

pub(super) fn not_a_choice() -> Fault {
    ("not_a_choice", msg!("record.problem.not_a_choice"))
}

fn too_long(max: usize) -> Fault {
    ("too_long", msg!("record.problem.too_long", max = max))
}

fn line(typed: &str, max: usize) -> Result<String, Fault> {
    if typed.chars().any(char::is_control) {
        return Err(("one_line", msg!("record.problem.one_line")));
    }
    if typed.chars().count() > max { Err(too_long(max)) } else { Ok(typed.to_owned()) }
}

/// A land line, an extension, a number abroad: digits and the signs between them, so that nothing is lost that was written down.
fn telephone(typed: &str) -> Result<String, Fault> {
    let narrow = text::fold(typed);
    let digits = narrow.chars().filter(char::is_ascii_digit).count();
    let fits = (5..=20).contains(&digits) && narrow.chars().all(|c| c.is_ascii_digit() || "+-() /,#x转".contains(c));
    if fits { Ok(narrow) } else { Err(("telephone", msg!("record.problem.telephone"))) }
}

fn whole(typed: &str, min: i64, max: i64) -> Result<i64, Fault> {
    let number: Option<i64> = typed.replace(',', "").parse().ok();
    let number = number.filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| ("number", msg!("record.problem.number", min = min, max = max)))
}

/// RFC 3339, or what the clocks in `zone` show.
fn at(typed: &str, zone: &TimeZone) -> Result<Timestamp, Fault> {
    if let Ok(at) = typed.parse() {
        return Ok(at);
    }
    let local: DateTime = typed.parse().map_err(|_| ("instant", msg!("record.problem.instant")))?;
    Ok(Timestamp::at(local.date(), local.time(), zone))
}

fn read_money(amount: &str, currency: &str) -> Result<Option<Value>, Fault> {
    if amount.trim().is_empty() {
        return Ok(None);
    }
    let refused = |error: crate::kernel::MoneyError| (error.code(), error.message());
    let currency = if currency.is_empty() { Currency::CNY } else { Currency::from_code(currency).map_err(refused)? };
    let money = Money::parse(amount, currency).map_err(refused)?;
    money.amount.to_stored().map_err(refused)?;
    if money.amount.is_negative() {
        return Err(("amount_negative", msg!("record.problem.amount_negative")));
    }
    Ok(Some(Value::Money(money)))
}

/// Nothing of that currency.
pub(super) fn money(amount: Option<Amount>, currency: Option<Currency>) -> Option<Value> {
    Some(Value::Money(Money::new(amount?, currency?)))
}

#[cfg(test)]
mod tests {
    use super::super::field;
    use super::*;
    use crate::kernel::time::{DEFAULT_ZONE, zone};

    fn typed(field: Field, text: &str) -> Result<Option<Value>, &'static str> {
        read(&field, &Raw::Typed(text.to_owned()), &zone(DEFAULT_ZONE)).map_err(|problem| problem.code)
    }

    #[test]
    fn r1_a_mobile_number_has_eleven_digits_and_land_lines_have_a_field_of_their_own() {
        assert_eq!(typed(field::mobile("phone"), "138-0013 8000"), Ok(Some("13800138000".into())));
        assert_eq!(typed(field::mobile("phone"), "0571-88888888"), Err("mobile"));
        assert_eq!(
            typed(field::telephone("telephone"), "（0571）8888 8888 转 12"),
            Ok(Some("(0571)8888 8888 转 12".into()))
        );
        assert_eq!(typed(field::telephone("telephone"), "打老板电话"), Err("telephone"));
    }

    #[test]
    fn what_is_empty_is_no_value_but_an_empty_box_says_no() {
        for field in [field::text("a", 5), field::money("a"), field::date("a"), field::credit_code("a")] {
            assert_eq!(typed(field, "  "), Ok(None));
        }
        assert_eq!(typed(field::yes_no("a"), ""), Ok(Some(Value::YesNo(false))));
    }

    #[test]
    fn a_text_has_its_length_and_one_line() {
        assert_eq!(typed(field::text("a", 2), "甲乙"), Ok(Some("甲乙".into())));
        assert_eq!(typed(field::text("a", 2), "甲乙丙"), Err("too_long"));
        assert_eq!(typed(field::text("a", 9), "甲\n乙"), Err("one_line"));
    }

    #[test]
    fn an_instant_is_what_the_clocks_of_the_company_show() {
        let read = typed(field::instant("a"), "2026-03-02T10:00").unwrap().unwrap();
        assert_eq!(read, Value::At("2026-03-02T02:00:00Z".parse().unwrap()));
        assert_eq!(read.typed(&zone(DEFAULT_ZONE)), "2026-03-02T10:00");
        assert_eq!(typed(field::instant("a"), "2026-03-02T02:00:00Z"), Ok(Some(read)));
        assert_eq!(typed(field::instant("a"), "明天"), Err("instant"));
    }

    #[test]
    fn an_amount_is_zero_or_more_in_its_currency() {
        let dollars = Raw::Json(json!({ "amount": "12.50", "currency": "USD" }));
        let Some(Value::Money(money)) = read(&field::money("a"), &dollars, &TimeZone::UTC).unwrap() else { panic!() };
        assert_eq!((money.amount.plain().as_str(), money.currency.code()), ("12.5000", "USD"));
        assert_eq!(typed(field::money("a"), "-1"), Err("amount_negative"));
        assert_eq!(typed(field::money("a"), "一百"), Err("amount_not_a_number"));
    }

    #[test]
    fn a_word_and_a_number_are_among_those_that_fit() {
        assert_eq!(typed(field::word("a", &["open"]), "open"), Ok(Some("open".into())));
        assert_eq!(typed(field::word("a", &["open"]), "shut"), Err("not_a_choice"));
        assert_eq!(typed(field::number("a", 0, 1440), "10"), Ok(Some(Value::Number(10))));
        assert_eq!(typed(field::number("a", 0, 1440), "1441"), Err("number"));
    }
}
