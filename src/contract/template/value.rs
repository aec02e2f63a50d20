//! What stands in the blanks: typed values, the parties, product lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::kernel::{Currency, Date, Hash, Money, MoneyError, Quantity, Rate, Ref, Taxed, UnitPrice};

use super::Role;
use super::plan::PlanRow;

/// The filled blanks by the name of their field. An empty blank has no entry.
pub type Values = BTreeMap<String, FieldValue>;

/// One filled blank. Drafting, the API, the document and the facts of a workflow share this type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub enum FieldValue {
    /// A text; in a long text, lines are separated by LF.
    Text(String),
    /// A number with at most six decimals.
    Number(Quantity),
    /// A share or a rate.
    Percent(Rate),
    /// An amount with its currency.
    Money(Money),
    /// A calendar date.
    Date(Date),
    /// One of the field's options.
    Choice(String),
    /// Several of the field's options, in the order of the options.
    Choices(Vec<String>),
    /// A customer, a contact, a user or a department, with the name as it was when it was picked.
    Record(Reference),
    /// The product lines (商品清单).
    Lines(Vec<ProductLine>),
    /// A payment plan of this contract's own, in place of the template's.
    Plan(Vec<PlanRow>),
    /// An uploaded file.
    File(FileValue),
    /// Yes or no.
    YesNo(bool),
}

/// A record that was picked, by its id, with its name at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The record's id within its kind.
    pub id: i64,
    /// The name that stands in the document.
    pub name: String,
}

/// A file by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileValue {
    /// The name under which it was uploaded.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: Hash,
}

/// One line of the product list. Prices include tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductLine {
    /// What it is.
    pub name: String,
    /// Its model (型号).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Its specification (规格).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub specification: String,
    /// What is counted: 台, 箱, 人日.
    pub unit: String,
    /// How many.
    pub quantity: Quantity,
    /// What one costs, tax included.
    pub price: UnitPrice,
    /// The tax rate that is included in the price.
    #[serde(deserialize_with = "rate_from_text")]
    pub tax_rate: Rate,
    /// When it is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Date>,
}

/// Net, tax and gross of a product list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
}

/// A party as it stands in the contract: copied when the draft is saved, so that a later change of the customer's record does
/// not change the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// What it does in this contract.
    pub role: Role,
    /// How the text calls it: 甲方, 乙方.
    pub label: String,
    /// Whether this is our entity.
    #[serde(default)]
    pub ours: bool,
    /// Whether this is a natural person.
    #[serde(default)]
    pub person: bool,
    /// The record that it was copied from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Ref>,
    /// Name, address and the rest, by the names in [`Party::BLANKS`].
    #[serde(flatten)]
    pub details: BTreeMap<String, String>,
}

impl Party {
    /// The blanks of a party and whether the contract is incomplete without: 民法典第四百七十条 asks for name and address.
    pub const BLANKS: [(&str, bool); 10] = [
        ("name", true),
        ("address", true),
        ("credit_code", false),
        ("id_number", false),
        ("legal_representative", false),
        ("contact", false),
        ("phone", false),
        ("email", false),
        ("bank", false),
        ("bank_account", false),
    ];

    /// One of the [`Party::BLANKS`], if it is filled.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The name, empty while none has been entered.
    pub fn name(&self) -> &str {
        self.detail("name").unwrap_or_default()
    }
}

impl ProductLine {
    /// Quantity times price, rounded once.
    pub fn amount(&self, currency: Currency) -> Result<Money, MoneyError> {
        self.price.times(self.quantity, currency)
    }

    /// The amount with the tax in it.
    pub fn taxed(&self, currency: Currency) -> Result<Taxed, MoneyError> {
        Taxed::from_gross(self.amount(currency)?, self.tax_rate)
    }
}

impl Totals {
    /// The totals of the lines; they are the sums of the lines' rounded amounts.
    pub fn of(lines: &[ProductLine], currency: Currency) -> Result<Self, MoneyError> {
        let zero = Money::zero(currency);
        lines.iter().try_fold(Self { net: zero, tax: zero, gross: zero }, |sum, line| {
            let line = line.taxed(currency)?;
            Ok(Self { net: sum.net.plus(line.net)?, tax: sum.tax.plus(line.tax)?, gross: sum.gross.plus(line.gross)? })
        })
    }
}

impl FieldValue {
    /// The plain JSON of the value: what the API speaks and what is hashed.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) | Self::Choice(text) => json!(text),
            Self::Number(number) => json!(number),
            Self::Percent(rate) => json!(rate),
            Self::Money(money) => json!(money),
            Self::Date(date) => json!(date),
            Self::Choices(chosen) => json!(chosen),
            Self::Record(record) => json!(record),
            Self::Lines(lines) => json!(lines),
            Self::Plan(rows) => json!(rows),
            Self::File(file) => json!(file),
            Self::YesNo(yes) => json!(yes),
        }
    }
}

/// A rate that may be written `13%` or `0.13`.
pub(super) fn rate_from_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
    let text = String::deserialize(deserializer)?;
    Rate::parse(&text).map_err(serde::de::Error::custom)
}
