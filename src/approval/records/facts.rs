//! What workflows may name of a record, and what a record says there.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::RecordSubject;
use super::effects::OF_RECORDS;
use crate::db::DbError;
use crate::i18n::{self, Lang, Message, msg};
use crate::kernel::{Amount, Currency, OfficeHours};
use crate::record::{self, Field, FieldKind as Declared, Kind, Record, Seen, Value as Held, Values};
use crate::workflow::{FieldKind, FieldSchema, SubjectFacts, SubjectSchema, Value, WordSchema};

/// What lists and messages call whoever a record is about; see [`Glance`](crate::approval::Glance).
const OTHER_PARTY: &str = "other_party";

/// The declaration as workflows see it: every field, and the code and the parent where there are some.
pub(super) fn schema(kind: &'static Kind) -> SubjectSchema {
    let field = |name: &str, label: &Message, kind| {
        FieldSchema::new(name, &i18n::text(Lang::Zh, label), &i18n::text(Lang::En, label), kind)
    };
    let mut fields: Vec<FieldSchema> =
        kind.stored().map(|one| field(one.name(), &kind.label(one.name()), seen_as(one.kind()))).collect();
    if kind.parent().is_some() {
        fields.push(field(OTHER_PARTY, &msg!("approval.records.other_party"), FieldKind::Text));
    }
    SubjectSchema {
        kind: kind.protected(),
        fields,
        events: Vec::new(),
        words: kind.stored().flat_map(|one| words(kind, one)).collect(),
        effects: OF_RECORDS.to_vec(),
        silence_needs_reason: kind.amount().is_some(),
    }
}

/// What people call the words of a field that the program knows itself.
fn words(kind: &'static Kind, field: &Field) -> Vec<WordSchema> {
    let Declared::Word(words) = field.kind() else { return Vec::new() };
    words.iter().map(|word| WordSchema::of_value(field.name(), word, kind.word_label(field.name(), word))).collect()
}

fn seen_as(kind: Declared) -> FieldKind {
    match kind {
        Declared::Money => FieldKind::Amount,
        Declared::Number { .. } => FieldKind::Number,
        Declared::Date | Declared::Instant => FieldKind::Date,
        Declared::YesNo => FieldKind::Bool,
        Declared::User => FieldKind::User,
        _ => FieldKind::Text,
    }
}

/// What a record says with these values in its fields. Whoever owns it answers for it as its drafter; one that nobody owns and
/// nobody made cannot be handed in.
pub(super) fn facts(subject: &RecordSubject, seen: &Seen, values: &Values) -> Result<Option<SubjectFacts>, DbError> {
    let (behaviour, record) = (subject.behaviour(), &seen.record);
    let kind = behaviour.kind();
    let Some(drafter) = record.owner.or(record.created_by) else { return Ok(None) };
    let said = |field: &Field| values.get(field.name()).map_or(Value::Empty, |value| read(field, value, seen));
    let mut fields: BTreeMap<String, Value> =
        kind.stored().map(|field| (field.name().to_owned(), said(field))).collect();
    if kind.parent().is_some() {
        fields.insert(OTHER_PARTY.to_owned(), Value::Text(record.parent_title.clone()));
    }
    let marked = seen.parent.as_ref().zip(kind.parent()).map(|(parent, of)| subject.marks_of(of, parent));
    let marks: BTreeSet<String> =
        behaviour.marks(record).into_iter().chain(marked.into_iter().flatten()).map(str::to_owned).collect();
    let as_it_is = Record { values: values.clone(), ..record.clone() };
    Ok(Some(SubjectFacts {
        reference: kind.reference(record.id),
        title: record.title(kind).to_owned(),
        drafter,
        writer: record.created_by.filter(|by| *by != drafter),
        owner: drafter,
        department: record.department,
        fields,
        approval_amount: approval_amount(kind, values),
        without_ceiling: false,
        marks,
        files: BTreeSet::new(),
        content: record::content(behaviour, &as_it_is)?,
        version: record.version,
    }))
}

/// As with contracts: an amount in another currency is none until a rate is known, and a kind without amounts has none to weigh.
fn approval_amount(kind: &Kind, values: &Values) -> Option<Amount> {
    let Some(field) = kind.amount() else { return Some(Amount::ZERO) };
    match values.get(field) {
        Some(Held::Money(money)) if money.currency == Currency::CNY => Some(money.amount),
        _ => None,
    }
}

fn read(field: &Field, value: &Held, seen: &Seen) -> Value {
    match (field.kind(), value) {
        (Declared::Record(of), Held::Record(id)) => Value::Text(seen.names.of(of, *id)),
        (_, Held::Text(text)) => Value::Text(text.clone()),
        (_, Held::Number(number) | Held::Record(number)) => Value::Number(Decimal::from(*number)),
        (_, Held::Money(money)) if money.currency == Currency::CNY => Value::Amount(money.amount),
        (_, Held::Money(money)) => Value::Money(*money),
        (_, Held::Date(date)) => Value::Date(*date),
        (_, Held::At(at)) => Value::Date(OfficeHours::default().date(*at)),
        (_, Held::YesNo(yes)) => Value::Bool(*yes),
        (_, Held::User(user)) => Value::User(*user),
    }
}
