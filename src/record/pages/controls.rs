//! The fields of a form as the page draws them.

use serde::Serialize;

use super::Choice;
use crate::i18n::Message;
use crate::kernel::{Currency, UserId};
use crate::org::{Action, Scope};
use crate::record::dictionary::Dictionaries;
use crate::record::error::RecordError;
use crate::record::field::{Field, FieldKind};
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::value::{Input, Raw, Value, Values};
use crate::web::{FormState, LoggedIn, Typed};

/// Currencies that forms offer.
const CURRENCIES: [&str; 6] = ["CNY", "USD", "EUR", "HKD", "JPY", "GBP"];

/// A field of a form.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Control {
    name: &'static str,
    label: Message,
    hint: Option<Message>,
    /// Which macro draws it.
    drawn: &'static str,
    required: bool,
    max: Option<usize>,
    options: Vec<Choice>,
    /// Where a picker asks for other choices.
    pick: Option<String>,
    /// The field whose choice decides what this one offers.
    within: Option<&'static str>,
}

/// Fields that stand together under a heading.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Section {
    heading: Option<Message>,
    fields: Vec<Control>,
}

/// What drawing fields needs.
pub(super) struct Drawing<'a> {
    pub(super) records: &'a Records,
    pub(super) visit: &'a LoggedIn,
    pub(super) lists: &'a Dictionaries,
    /// What the fields hold, so that a choice that is no longer offered stays.
    pub(super) values: &'a FormState,
}

impl Drawing<'_> {
    pub(super) async fn control(&self, kind: &Kind, field: &Field) -> Result<Control, RecordError> {
        let options = self.options(kind, field).await?;
        let (pick, within) = match field.kind {
            FieldKind::Record(of) => {
                let within = of.parent.filter(|parent| kind.parent.is_some_and(|own| own.name == parent.name));
                (Some(format!("/records/pick/{}", of.name)), within.map(|parent| parent.name))
            }
            _ => (None, None),
        };
        Ok(Control {
            name: field.name,
            label: kind.label(field.name),
            hint: kind.sentence_if(&format!("{}_hint", field.name)),
            drawn: drawn(field.kind),
            required: field.is_required(),
            max: if let FieldKind::Text { max } = field.kind { Some(max) } else { None },
            options,
            pick,
            within,
        })
    }

    async fn options(&self, kind: &Kind, field: &Field) -> Result<Vec<Choice>, RecordError> {
        let held = self.values.value(field.name);
        Ok(match field.kind {
            FieldKind::Choice(list) => self.offered(list, held),
            FieldKind::Word(words) => words
                .iter()
                .map(|word| Choice::new(word, self.visit.text(&kind.word_label(field.name, word))))
                .collect(),
            FieldKind::Money => CURRENCIES.iter().map(|code| Choice::new(code, *code)).collect(),
            FieldKind::Record(of) => self.picked(of, held, kind).await?,
            FieldKind::User => people(self.records, None),
            _ => Vec::new(),
        })
    }

    fn offered(&self, list: &str, held: &str) -> Vec<Choice> {
        let lang = self.visit.lang();
        let all = self.lists.of(list).iter().filter(|choice| choice.active || choice.name == held);
        all.map(|choice| Choice::new(&choice.name, choice.label(lang))).collect()
    }

    /// The record that is chosen, and the ones that were changed last; of the chosen parent where both hang on one.
    async fn picked(&self, of: &'static Kind, held: &str, kind: &Kind) -> Result<Vec<Choice>, RecordError> {
        let sibling = of.parent.filter(|parent| kind.parent.is_some_and(|own| own.name == parent.name));
        let parent = sibling.and_then(|parent| self.values.value(parent.name).parse().ok());
        let mut found = self.records.pick(self.visit.user(), of, "", parent).await?;
        if let Ok(id) = held.parse::<i64>()
            && found.iter().all(|one| one.id != id)
            && let Ok(record) = self.records.get(self.visit.user(), of, id).await
        {
            found.insert(0, crate::record::Titled { id, title: record.title(of).to_owned() });
        }
        Ok(found.into_iter().map(|one| Choice::new(one.id, one.title)).collect())
    }

    /// The fields by their sections, in the order in which these begin.
    pub(super) async fn sections(
        &self,
        kind: &Kind,
        fields: impl Iterator<Item = &'static Field>,
    ) -> Result<Vec<Section>, RecordError> {
        let mut sections: Vec<(&'static str, Section)> = Vec::new();
        for field in fields {
            let control = self.control(kind, field).await?;
            if let Some((_, section)) = sections.iter_mut().find(|(name, _)| *name == field.section) {
                section.fields.push(control);
            } else {
                let heading = heading(kind, field.section);
                sections.push((field.section, Section { heading, fields: vec![control] }));
            }
        }
        Ok(sections.into_iter().map(|(_, section)| section).collect())
    }
}

/// The heading of a section; the first has none.
pub(super) fn heading(kind: &Kind, section: &str) -> Option<Message> {
    if section.is_empty() { None } else { Some(kind.sentence(&format!("section.{section}"))) }
}

fn drawn(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::LongText => "long_text",
        FieldKind::Mobile => "mobile",
        FieldKind::Telephone => "telephone",
        FieldKind::Email => "email",
        FieldKind::Choice(_) | FieldKind::Word(_) | FieldKind::User => "choice",
        FieldKind::Money => "money",
        FieldKind::Number { .. } => "number",
        FieldKind::Date => "date",
        FieldKind::Instant => "instant",
        FieldKind::YesNo => "yes_no",
        FieldKind::Record(_) => "record",
        FieldKind::Text { .. } | FieldKind::CreditCode => "text",
    }
}

/// Everybody active whose records a scope reaches, by name.
pub(super) fn people(records: &Records, scope: Option<&Scope>) -> Vec<Choice> {
    let directory = records.0.org.directory();
    let reached = |one: &&crate::workflow::Person| {
        one.active && scope.is_none_or(|scope| scope.covers(Some(one.id), one.department))
    };
    directory.by_name().into_iter().filter(reached).map(|one| Choice::new(one.id, one.name.clone())).collect()
}

/// Those to whom somebody could give a new record: nobody but themselves, and there is nothing to choose.
pub(super) fn owners(records: &Records, user: UserId, kind: &Kind, action: Action) -> Vec<Choice> {
    let Ok(scope) = records.scope_of(user, kind, action) else { return Vec::new() };
    let people = people(records, Some(&scope));
    if people.len() > 1 { people } else { Vec::new() }
}

/// What a form sent for these fields. A box that is not ticked sends nothing and says no.
pub(super) fn input(fields: impl Iterator<Item = &'static Field>, typed: &Typed) -> Input {
    let mut input = Input::new();
    for field in fields {
        let raw = match (field.kind, typed.get(field.name)) {
            (FieldKind::YesNo, sent) => Raw::Typed(sent.unwrap_or_default().to_owned()),
            (_, None) => continue,
            (FieldKind::Money, Some(amount)) => {
                let currency = typed.get(&format!("{}_currency", field.name)).unwrap_or_default();
                Raw::Amount { amount: amount.to_owned(), currency: currency.to_owned() }
            }
            (_, Some(sent)) => Raw::Typed(sent.to_owned()),
        };
        input.insert(field.name.to_owned(), raw);
    }
    input
}

/// A form that holds the values of a record.
pub(super) fn filled(kind: &Kind, values: &Values, zone: &jiff::tz::TimeZone) -> FormState {
    let mut form = FormState::empty();
    for field in kind.fields() {
        let value = values.get(field.name);
        let typed = value.map(|value| value.typed(zone)).unwrap_or_default();
        if !matches!(field.kind, FieldKind::YesNo) || !typed.is_empty() {
            form.put(field.name, &typed);
        }
        if matches!(field.kind, FieldKind::Money) {
            let currency = if let Some(Value::Money(money)) = value { money.currency } else { Currency::CNY };
            form.put(&format!("{}_currency", field.name), currency.code());
        }
    }
    form
}

impl Control {
    /// The choices alone, for a filter.
    pub(super) fn into_options(self) -> Vec<Choice> {
        self.options
    }
}

/// One field of every kind, for the tests of pages.
#[cfg(test)]
pub(super) fn samples() -> Vec<Section> {
    use crate::i18n::msg;
    let drawn = [
        "text",
        "long_text",
        "mobile",
        "telephone",
        "email",
        "choice",
        "money",
        "number",
        "date",
        "instant",
        "yes_no",
        "record",
    ];
    let control = |control: &'static str| Control {
        name: control,
        label: msg!("record.yes"),
        hint: Some(msg!("record.no")),
        drawn: control,
        required: control == "text",
        max: Some(5),
        options: vec![Choice::new(1, "One")],
        pick: Some("/records/pick/thing".into()),
        within: (control == "record").then_some("text"),
    };
    vec![Section { heading: Some(msg!("record.yes")), fields: drawn.map(control).to_vec() }]
}

/// The same without their section.
#[cfg(test)]
pub(super) fn sample_fields() -> Vec<Control> {
    samples().remove(0).fields
}
