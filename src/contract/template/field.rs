//! The blanks of a template: what may stand in each, and how a person or a program fills it.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::kernel::{Amount, Currency, Date, Money, MoneyError, Quantity, Rate};

use super::expression::Expression;
use super::field_problem::FieldProblem;
use super::plan::PlanRow;
use super::value::{FieldValue, FileValue, ProductLine, Reference};

/// A blank of the template.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name in placeholders, in the API and in workflows.
    pub name: String,
    /// What people read.
    pub label: String,
    /// The part of the form it stands in.
    pub group: String,
    /// What may stand in it.
    pub kind: FieldKind,
    /// Whether a contract is incomplete without it, where its clause is taken.
    pub required: bool,
    /// What the document says where an optional blank stays empty.
    pub empty: String,
    /// Help beside the form control.
    pub hint: Option<String>,
    /// What it holds in a new draft.
    pub default: Option<FieldValue>,
    /// Where the CRM knows it: `opportunity.amount`.
    pub from: Option<String>,
    /// A date field that this date must not be before.
    pub not_before: Option<String>,
    /// What this number or amount must not exceed.
    pub at_most: Option<Limit>,
}

/// A limit that depends on other fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As it is written in the template.
    pub text: String,
    /// The same, parsed.
    pub expression: Expression,
}

/// The type of a field with the bounds of its values.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// One line of text.
    Text {
        /// The most characters.
        max: usize,
        /// A regular expression that the whole text must match, with the sentence that says so to people.
        pattern: Option<(String, String)>,
    },
    /// Several lines of text.
    LongText {
        /// The most characters.
        max: usize,
    },
    /// A number.
    Number {
        /// The least.
        min: Option<Quantity>,
        /// The most.
        max: Option<Quantity>,
        /// The most decimals.
        decimals: u8,
    },
    /// A share or a rate.
    Percent {
        /// The least.
        min: Option<Rate>,
        /// The most.
        max: Option<Rate>,
    },
    /// An amount in the contract's currency.
    Money {
        /// The least.
        min: Option<Amount>,
        /// The most.
        max: Option<Amount>,
    },
    /// A date.
    Date,
    /// One of the options.
    Choice(Vec<String>),
    /// Several of the options, at least one if required.
    Choices(Vec<String>),
    /// A customer of the CRM.
    Customer,
    /// A contact of the CRM.
    Contact,
    /// A user of this installation.
    User,
    /// A department.
    Department,
    /// The product lines.
    Lines,
    /// The payment plan.
    Plan,
    /// A file.
    File,
    /// Yes or no.
    YesNo,
    /// A number that follows from other fields.
    Computed {
        /// How.
        expression: Expression,
        /// What comes out.
        result: Computed,
    },
}

/// What a computed field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Computed {
    /// A number with so many decimals.
    Number(u8),
    /// A rate.
    Percent,
    /// An amount in the contract's currency, rounded to its minor unit.
    Money,
}

/// The characters that frame a filled blank inside a document's text; no value may contain them.
pub(in crate::contract) const FRAME: [char; 3] = ['\u{FDD0}', '\u{FDD1}', '\u{FDD2}'];

impl FieldKind {
    /// The types by the names that templates use.
    pub const NAMES: [&'static str; 17] = [
        "text",
        "long text",
        "number",
        "percent",
        "money",
        "date",
        "choice",
        "choices",
        "customer",
        "contact",
        "user",
        "department",
        "product lines",
        "payment plan",
        "file",
        "yes/no",
        "computed",
    ];

    /// The name of this type in templates and in the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long text",
            Self::Number { .. } => "number",
            Self::Percent { .. } => "percent",
            Self::Money { .. } => "money",
            Self::Date => "date",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Customer => "customer",
            Self::Contact => "contact",
            Self::User => "user",
            Self::Department => "department",
            Self::Lines => "product lines",
            Self::Plan => "payment plan",
            Self::File => "file",
            Self::YesNo => "yes/no",
            Self::Computed { .. } => "computed",
        }
    }

    /// Reads what a form sent for this field: one text, or for `choices` one text a chosen option. Empty is no value.
    pub fn read_form(&self, texts: &[&str], currency: Currency) -> Result<Option<FieldValue>, FieldProblem> {
        let texts: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let Some(&text) = texts.first() else { return Ok(None) };
        let value = match self {
            Self::Text { .. } => FieldValue::Text(text.to_owned()),
            Self::LongText { .. } => FieldValue::Text(text.replace("\r\n", "\n")),
            Self::Number { .. } => FieldValue::Number(text.parse()?),
            Self::Percent { .. } if text.ends_with(['%', '％']) => FieldValue::Percent(Rate::parse(text)?),
            Self::Percent { .. } => FieldValue::Percent(Rate::parse(&format!("{text}%"))?),
            Self::Money { .. } => FieldValue::Money(Money::parse(text, currency)?),
            Self::Date => FieldValue::Date(date(text)?),
            Self::Choice(_) => FieldValue::Choice(text.to_owned()),
            Self::Choices(_) => FieldValue::Choices(texts.iter().map(|&text| text.to_owned()).collect()),
            Self::YesNo => FieldValue::YesNo(!["no", "false", "0", "否"].contains(&text)),
            _ => {
                let json =
                    serde_json::from_str(text).map_err(|_| FieldProblem::WrongShape { expected: self.name() })?;
                return self.read_json(&json, currency);
            }
        };
        self.check(&value)?;
        Ok(Some(self.normal(value)))
    }

    /// Reads the plain JSON that [`FieldValue::to_json`] writes; money may also be a bare string. `null` is no value.
    pub fn read_json(&self, json: &Json, currency: Currency) -> Result<Option<FieldValue>, FieldProblem> {
        let wrong = || FieldProblem::WrongShape { expected: self.name() };
        let text = || json.as_str().ok_or_else(wrong);
        let value = match self {
            _ if json.is_null() => return Ok(None),
            Self::Text { .. } | Self::LongText { .. } if json.as_str().is_some_and(|text| text.trim().is_empty()) => {
                return Ok(None);
            }
            Self::Text { .. } | Self::LongText { .. } => FieldValue::Text(text()?.trim().replace("\r\n", "\n")),
            Self::Number { .. } => FieldValue::Number(text()?.parse()?),
            Self::Percent { .. } => FieldValue::Percent(Rate::parse(text()?)?),
            Self::Money { .. } if json.is_string() => FieldValue::Money(Money::parse(text()?, currency)?),
            Self::Money { .. } => FieldValue::Money(typed(json).ok_or_else(wrong)?),
            Self::Date => FieldValue::Date(date(text()?)?),
            Self::Choice(_) => FieldValue::Choice(text()?.to_owned()),
            Self::Choices(_) => FieldValue::Choices(typed(json).ok_or_else(wrong)?),
            Self::Customer | Self::Contact | Self::User | Self::Department => {
                FieldValue::Record(typed::<Reference>(json).ok_or_else(wrong)?)
            }
            Self::Lines => FieldValue::Lines(typed::<Vec<ProductLine>>(json).ok_or_else(wrong)?),
            Self::Plan => FieldValue::Plan(typed::<Vec<PlanRow>>(json).ok_or_else(wrong)?),
            Self::File => FieldValue::File(typed::<FileValue>(json).ok_or_else(wrong)?),
            Self::YesNo => FieldValue::YesNo(json.as_bool().ok_or_else(wrong)?),
            Self::Computed { .. } => return Err(FieldProblem::IsComputed),
        };
        if let FieldValue::Money(money) = value
            && money.currency != currency
        {
            return Err(MoneyError::OtherCurrency { expected: currency, found: money.currency }.into());
        }
        self.check(&value)?;
        Ok(Some(self.normal(value)))
    }

    /// Whether `value` fits by itself. What depends on other fields is checked by the template.
    pub fn check(&self, value: &FieldValue) -> Result<(), FieldProblem> {
        match (self, value) {
            (Self::Text { max, pattern }, FieldValue::Text(text)) => {
                printable(text, *max, false)?;
                match pattern {
                    Some((pattern, hint)) if !matches_whole(pattern, text) => Err(FieldProblem::Pattern(hint.clone())),
                    _ => Ok(()),
                }
            }
            (Self::LongText { max }, FieldValue::Text(text)) => printable(text, *max, true),
            (Self::Number { min, max, decimals }, FieldValue::Number(number)) => {
                fits_decimals(*number, *decimals)?;
                within(number, min.as_ref(), max.as_ref(), ToString::to_string)
            }
            (Self::Percent { min, max }, FieldValue::Percent(rate)) => {
                within(rate, min.as_ref(), max.as_ref(), |rate| rate.in_percent())
            }
            (Self::Money { min, max }, FieldValue::Money(money)) => {
                money.amount.to_stored()?;
                within(&money.amount, min.as_ref(), max.as_ref(), ToString::to_string)
            }
            (Self::Choice(options), FieldValue::Choice(chosen)) => is_option(options, chosen),
            (Self::Choices(options), FieldValue::Choices(chosen)) => {
                chosen.iter().try_for_each(|one| is_option(options, one))
            }
            (Self::Customer | Self::Contact | Self::User | Self::Department, FieldValue::Record(record)) => {
                printable(&record.name, 200, false)
            }
            (Self::Lines, FieldValue::Lines(lines)) => check_lines(lines),
            (Self::Plan, FieldValue::Plan(rows)) => {
                rows.iter().try_for_each(|row| printable(&row.name, 40, false).and(printable(&row.title, 40, false)))
            }
            (Self::Date, FieldValue::Date(_))
            | (Self::File, FieldValue::File(_))
            | (Self::YesNo, FieldValue::YesNo(_)) => Ok(()),
            (Self::Computed { .. }, _) => Err(FieldProblem::IsComputed),
            _ => Err(FieldProblem::WrongShape { expected: self.name() }),
        }
    }

    /// Chosen options stand in the order of the options, once each, however they were ticked.
    fn normal(&self, value: FieldValue) -> FieldValue {
        match (self, value) {
            (Self::Choices(options), FieldValue::Choices(chosen)) => {
                FieldValue::Choices(options.iter().filter(|option| chosen.contains(option)).cloned().collect())
            }
            (_, value) => value,
        }
    }
}

/// Whether `text` as a whole matches the pattern; a pattern that does not compile is a fault of the template and matches nothing.
fn matches_whole(pattern: &str, text: &str) -> bool {
    regex::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text))
}

fn typed<T: for<'de> Deserialize<'de>>(json: &Json) -> Option<T> {
    T::deserialize(json).ok()
}

fn date(text: &str) -> Result<Date, FieldProblem> {
    text.parse().map_err(|_| FieldProblem::NotADate(text.to_owned()))
}

fn is_option(options: &[String], chosen: &str) -> Result<(), FieldProblem> {
    if options.iter().any(|option| option == chosen) {
        Ok(())
    } else {
        Err(FieldProblem::NotAnOption(chosen.to_owned()))
    }
}

fn within<T: Ord>(
    value: &T,
    min: Option<&T>,
    max: Option<&T>,
    show: impl Fn(&T) -> String,
) -> Result<(), FieldProblem> {
    match (min, max) {
        (Some(min), _) if value < min => Err(FieldProblem::BelowMinimum(show(min))),
        (_, Some(max)) if value > max => Err(FieldProblem::AboveMaximum(show(max))),
        _ => Ok(()),
    }
}

fn fits_decimals(number: Quantity, decimals: u8) -> Result<(), FieldProblem> {
    let grain = 10_i64.pow(u32::from(6_u8.saturating_sub(decimals)));
    if number.millionths() % grain == 0 {
        Ok(())
    } else {
        Err(MoneyError::TooManyDecimals { text: number.to_string(), allowed: decimals }.into())
    }
}

/// A text that can be printed as it is: no control characters, no framing characters, line breaks only where they may stand.
pub(in crate::contract) fn printable(text: &str, max: usize, lines: bool) -> Result<(), FieldProblem> {
    if text.chars().count() > max {
        return Err(FieldProblem::TooLong(max));
    }
    let bad = |c: char| (c.is_control() && !(lines && c == '\n')) || FRAME.contains(&c);
    if text.contains(bad) { Err(FieldProblem::Unprintable) } else { Ok(()) }
}

fn check_lines(lines: &[ProductLine]) -> Result<(), FieldProblem> {
    for (at, line) in lines.iter().enumerate() {
        let complete = !line.name.trim().is_empty()
            && !line.unit.trim().is_empty()
            && line.quantity > Quantity::ZERO
            && line.price.millionths() >= 0
            && line.tax_rate >= Rate::ZERO
            && line.tax_rate < Rate::ONE;
        if !complete {
            return Err(FieldProblem::Line(at + 1));
        }
        for text in [&line.name, &line.model, &line.specification, &line.unit] {
            printable(text, 200, false)?;
        }
    }
    Ok(())
}
