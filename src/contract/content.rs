//! What is drafted, and everything about it that is computed once when it is saved.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ContractError;
use super::document::{Document, Draft, fill};
use super::template::{FieldKind, FieldValue, Template, Values};
use crate::kernel::{Amount, Currency, Date, DepartmentId, Hash, Manifest, Taxed, UserId};
use crate::workflow::{SubjectFacts, Value};

/// What a drafter has written so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The values.
    pub draft: Draft,
    /// What was typed and cannot be read as a value yet, by field: nothing that was typed is lost.
    pub unread: BTreeMap<String, String>,
}

/// What workflows read of a contract's content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Fields by name.
    pub fields: BTreeMap<String, Value>,
    /// Labels of the file slots that are filled.
    pub files: BTreeSet<String>,
    /// The approval amount in the base currency, as far as this document goes.
    pub amount: Option<Amount>,
}

/// Content with all that follows from it, ready to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// What was written.
    pub content: Content,
    /// The same as a document.
    pub document: Document,
    /// Its parts with their hashes.
    pub manifest: Manifest,
    /// The hash of these.
    pub hash: Hash,
    /// What workflows read.
    pub facts: Facts,
    /// The other party, as the text names it.
    pub other_party: String,
    /// Net, tax and gross, once the price is known.
    pub total: Option<Taxed>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub expires_on: Option<Date>,
}

impl Content {
    /// A draft that holds nothing unreadable.
    pub fn of(draft: Draft) -> Self {
        Self { draft, unread: BTreeMap::new() }
    }

    /// Fills the template and computes what is stored beside the content.
    pub fn snapshot(self, template: &Template) -> Result<Snapshot, ContractError> {
        let document = fill(template, &self.draft)?;
        let manifest = document.manifest()?;
        let total = self.draft.total(template, &document.values);
        let other = self.draft.parties.iter().find(|party| !party.ours);
        let date = |field: &Option<String>| match field.as_ref().and_then(|name| document.values.get(name)) {
            Some(FieldValue::Date(date)) => Some(*date),
            _ => None,
        };
        let (starts_on, expires_on) = (date(&template.terms.starts_on), date(&template.terms.ends_on));
        let other_party = other.map(|party| party.name().to_owned()).unwrap_or_default();
        let mut facts = Facts {
            fields: fields(template, &self.draft, &document),
            files: files(template, &self.draft),
            amount: approval_amount(template, total),
        };
        let our_entity = self.draft.parties.iter().find(|party| party.ours).map_or("", |party| party.name());
        let text = |text: &str| if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) };
        let money = |amount: Option<Amount>| amount.map_or(Value::Empty, Value::Amount);
        let day = |date: Option<Date>| date.map_or(Value::Empty, Value::Date);
        let category = self.draft.our_role().map_or("other", |role| template.category(role));
        let in_base = total.filter(|total| total.gross.currency == Currency::CNY);
        facts.fields.extend(
            [
                ("category", text(category)),
                ("template", text(&template.name)),
                ("currency", text(self.draft.currency.code())),
                ("amount", money(in_base.map(|total| total.gross.amount))),
                ("net_amount", money(in_base.map(|total| total.net.amount))),
                ("tax_amount", money(in_base.map(|total| total.tax.amount))),
                ("our_entity", text(our_entity)),
                ("other_party", text(&other_party)),
                ("starts_on", day(starts_on)),
                ("expires", day(expires_on)),
                ("deviates", Value::Bool(document.deviations().next().is_some())),
                ("deviations", Value::List(document.deviations().map(|clause| text(&clause.name)).collect())),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        let hash = manifest.hash();
        Ok(Snapshot { content: self, document, manifest, hash, facts, other_party, total, starts_on, expires_on })
    }
}

/// A contract in another currency has no approval amount until a rate is known; one without a price has nothing to approve.
fn approval_amount(template: &Template, total: Option<Taxed>) -> Option<Amount> {
    match total {
        Some(total) if total.gross.currency == Currency::CNY => Some(total.gross.amount),
        None if template.terms.total.is_none() => Some(Amount::ZERO),
        _ => None,
    }
}

/// The template's own fields. `payment_terms` and `delivery_days` can be named for every contract, whether its template has them.
fn fields(template: &Template, draft: &Draft, document: &Document) -> BTreeMap<String, Value> {
    let mut fields: BTreeMap<String, Value> =
        ["payment_terms", "delivery_days"].map(|name| (name.to_owned(), Value::Empty)).into();
    for field in &template.fields {
        let value = document.values.get(&field.name);
        if !matches!(field.kind, FieldKind::Plan) {
            fields.insert(field.name.clone(), value.map_or(Value::Empty, |value| read(value, &field.kind, draft)));
        }
    }
    fields
}

fn files(template: &Template, draft: &Draft) -> BTreeSet<String> {
    let filled = |name: &str| draft.files.get(name).is_some_and(|files| !files.is_empty());
    template.files.iter().filter(|slot| filled(&slot.name)).map(|slot| slot.label.clone()).collect()
}

/// A filled blank as guards see it.
fn read(value: &FieldValue, kind: &FieldKind, draft: &Draft) -> Value {
    match value {
        FieldValue::Text(text) | FieldValue::Choice(text) => Value::Text(text.clone()),
        FieldValue::Number(number) => Value::Number(Decimal::new(number.millionths(), 6).normalize()),
        FieldValue::Percent(rate) => Value::Number(Decimal::new(rate.millionths(), 4).normalize()),
        FieldValue::Money(money) if money.currency == Currency::CNY => Value::Amount(money.amount),
        FieldValue::Money(money) => Value::Money(*money),
        FieldValue::Date(date) => Value::Date(*date),
        FieldValue::Choices(chosen) => Value::List(chosen.iter().cloned().map(Value::Text).collect()),
        FieldValue::Record(record) => match kind {
            FieldKind::User => Value::User(UserId::new(record.id)),
            FieldKind::Department => Value::Department(DepartmentId::new(record.id)),
            _ => Value::Text(record.name.clone()),
        },
        FieldValue::Lines(lines) => {
            let line = |line: &super::template::ProductLine| {
                let amount = line.amount(draft.currency).map_or(Value::Empty, Value::Money);
                let quantity = Decimal::new(line.quantity.millionths(), 6).normalize();
                Value::Record(
                    [
                        ("name", Value::Text(line.name.clone())),
                        ("quantity", Value::Number(quantity)),
                        ("amount", amount),
                    ]
                    .map(|(name, value)| (name.to_owned(), value))
                    .into(),
                )
            };
            Value::List(lines.iter().map(line).collect())
        }
        FieldValue::File(file) => Value::Text(file.name.clone()),
        FieldValue::YesNo(yes) => Value::Bool(*yes),
        FieldValue::Plan(_) => Value::Empty,
    }
}

impl Snapshot {
    /// The blanks and values that keep it from being submitted.
    pub fn problems(&self, template: &Template) -> Vec<super::document::FieldError> {
        self.content.draft.check(template, &self.document)
    }

    /// What the engine would see of the contract with this content.
    pub fn facts_over(&self, facts: SubjectFacts) -> SubjectFacts {
        SubjectFacts {
            fields: self.facts.fields.clone(),
            approval_amount: self.facts.amount,
            files: self.facts.files.clone(),
            content: self.manifest.clone(),
            ..facts
        }
    }

    /// The filled blanks, computed ones included.
    pub fn values(&self) -> &Values {
        &self.document.values
    }
}
