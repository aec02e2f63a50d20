//! A field in the words of a reader, who writes a choice by its label and a person by their name, where the form would send codes.

use jiff::tz::TimeZone;

use super::behaviour::Behaviour;
use super::dictionary::{Choice, Dictionaries};
use super::error::FieldProblem;
use super::field::{Field, FieldKind};
use super::kind::Kind;
use super::store::Record;
use super::value::{self, Raw, Value, Values};
use crate::i18n::{self, Arg, Lang, Message, msg};
use crate::kernel::{Currency, Timestamp};
use crate::workflow::Directory;

/// What words are read with.
pub struct Wording<'a> {
    /// The lists of choices.
    pub lists: &'a Dictionaries,
    /// People.
    pub directory: &'a Directory,
    /// Where the company is.
    pub zone: &'a TimeZone,
    /// When it is read.
    pub now: Timestamp,
}

/// The values of a record with what `text` says in one of the fields that its form has and that are decided on.
pub fn reword(
    behaviour: &dyn Behaviour,
    record: &Record,
    (name, text): (&str, &str),
    with: &Wording<'_>,
) -> Result<Values, FieldProblem> {
    let kind = behaviour.kind();
    let unknown = || FieldProblem::new(name, "unknown_field", msg!("record.problem.unknown_field"));
    let field = kind.content().find(|field| field.name == name).ok_or_else(unknown)?;
    if kind.in_form(false).all(|one| one.name != name) {
        return Err(FieldProblem::new(name, "only_by_act", msg!("record.problem.by_act")));
    }
    let raw = with.raw(kind, field, text, &record.values)?;
    let value = value::read(field, &raw, with.zone)?;
    if field.is_required() && value.is_none() {
        return Err(FieldProblem::required(name));
    }
    let mut values = record.values.clone();
    values.set(field.name, value);
    match behaviour.check(Some(record), &mut values, with.now).into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(values),
    }
}

impl Wording<'_> {
    /// As a form would send it.
    fn raw(&self, kind: &Kind, field: &Field, text: &str, old: &Values) -> Result<Raw, FieldProblem> {
        let text = text.trim();
        let wrong = |code, message| Err(FieldProblem::new(field.name, code, message));
        let found = match field.kind {
            FieldKind::Money => {
                let amount = text.to_owned();
                return Ok(Raw::Amount { amount, currency: currency(old.get(field.name)).code().to_owned() });
            }
            FieldKind::Record(_) => return wrong("not_a_choice", msg!("record.problem.picked")),
            _ if text.is_empty() => Ok(String::new()),
            FieldKind::Choice(list) => self.choice(list, text, old.text(field.name)),
            FieldKind::Word(words) => word(kind, field, words, text),
            FieldKind::User => self.person(text).ok_or_else(|| msg!("record.problem.person")),
            FieldKind::YesNo => yes_or_no(text).ok_or_else(|| msg!("record.problem.yes_or_no")),
            _ => Ok(text.to_owned()),
        };
        found.map(Raw::Typed).or_else(|message| wrong("not_a_choice", message))
    }

    /// The name of a choice that is offered, or that the record has.
    fn choice(&self, list: &str, text: &str, old: &str) -> Result<String, Message> {
        let open = |one: &&Choice| one.active || one.name == old;
        let mut choices = self.lists.of(list).iter().filter(open);
        let labels = |one: &Choice| Arg::Titles { zh: one.label_zh.clone(), en: one.label_en.clone() };
        let all: Vec<Arg> = choices.clone().map(labels).collect();
        let found = choices.find(|one| [&one.name, &one.label_zh, &one.label_en].into_iter().any(|it| same(it, text)));
        match found {
            Some(found) => Ok(found.name.clone()),
            None if all.is_empty() => Err(msg!("record.problem.no_choices")),
            None => Err(msg!("record.problem.one_of", choices = all)),
        }
    }

    /// The number of an active person by their login, or by a name that nobody else has.
    fn person(&self, text: &str) -> Option<String> {
        let active = || self.directory.people.values().filter(|person| person.active);
        let by_login = active().find(|person| same(&person.login, text));
        let mut by_name = active().filter(|person| same(&person.name, text));
        let found = by_login.or_else(|| by_name.next().filter(|_| by_name.next().is_none()))?;
        Some(found.id.to_string())
    }
}

fn same(a: &str, b: &str) -> bool {
    crate::kernel::text::fold(a) == crate::kernel::text::fold(b)
}

/// An amount stays in its currency.
fn currency(old: Option<&Value>) -> Currency {
    match old {
        Some(Value::Money(money)) => money.currency,
        _ => Currency::CNY,
    }
}

fn word(kind: &Kind, field: &Field, words: &[&str], text: &str) -> Result<String, Message> {
    let label = |word: &str| kind.word_label(field.name, word);
    let is = |word: &str| same(word, text) || Lang::ALL.iter().any(|lang| same(&i18n::text(*lang, &label(word)), text));
    let found = words.iter().find(|word| is(word)).map(|word| (*word).to_owned());
    found.ok_or_else(|| {
        let labels: Vec<Message> = words.iter().map(|word| label(word)).collect();
        msg!("record.problem.one_of", choices = labels)
    })
}

fn yes_or_no(text: &str) -> Option<String> {
    let is = |message: &Message| Lang::ALL.iter().any(|lang| same(&i18n::text(*lang, message), text));
    if is(&msg!("record.yes")) { Some("yes".to_owned()) } else { is(&msg!("record.no")).then(String::new) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::behaviour::Plain;
    use super::super::field::{choice, date, money, record, text, user, word, yes_no};
    use super::*;
    use crate::kernel::time::{DEFAULT_ZONE, zone};
    use crate::kernel::{Money, UserId};
    use crate::workflow::Person;

    const FIELDS: &[Field] = &[
        text("title", 20).required(),
        money("amount"),
        date("spent_on"),
        word("category", &["travel", "meals"]),
        choice("industry", "industry"),
        user("lead"),
        yes_no("main"),
        record("other", &OTHER),
        choice("stage", "stage").then_by_act(),
        text("state", 20).beside_approval(),
    ];
    static OTHER: Kind = Kind::new("other", "crm", "/others", &[text("name", 20)]);
    static KIND: Kind = Kind::new("expense", "crm", "/expenses", FIELDS);

    fn person(id: i64, login: &str, name: &str) -> (UserId, Person) {
        let id = UserId::new(id);
        let person = Person {
            id,
            login: login.into(),
            name: name.into(),
            active: true,
            department: None,
            manager: None,
            roles: BTreeSet::new(),
            absences: Vec::new(),
        };
        (id, person)
    }

    /// What the field holds afterwards, or the key of what is wrong.
    fn written(field: &str, words: &str) -> Result<Option<Value>, String> {
        let industry = |name: &str, zh: &str, en: &str, active| Choice {
            id: 1,
            dictionary: "industry".into(),
            name: name.into(),
            label_zh: zh.into(),
            label_en: en.into(),
            position: 1,
            percent: None,
            active,
            version: 1,
        };
        let all = vec![industry("textile", "纺织", "Textiles", true), industry("mining", "采矿", "Mining", false)];
        let people = [person(1, "li", "李明"), person(2, "wang", "王敏"), person(3, "wang2", "王敏")];
        let directory = Directory { people: people.into(), ..Directory::default() };
        let (lists, zone) = (Dictionaries::from_iter(all), zone(DEFAULT_ZONE));
        let with = Wording { lists: &lists, directory: &directory, zone: &zone, now: Timestamp::from_micros(0) };
        let mut values = Values::default();
        values.set("title", Value::from("a"));
        values.set("amount", Value::Money(Money::parse("5", "USD".parse().unwrap()).unwrap()));
        let record = Record::unstored(values, None, None, Timestamp::from_micros(0));
        let done = reword(&Plain(&KIND), &record, (field, words), &with);
        done.map(|values| values.get(field).cloned()).map_err(|problem| problem.message.key().to_owned())
    }

    fn text_in(field: &str, words: &str) -> String {
        match written(field, words) {
            Ok(Some(Value::Text(text))) => text,
            other => panic!("{words}: {other:?}"),
        }
    }

    #[test]
    fn a_choice_is_written_by_its_label_in_either_language_or_by_its_code() {
        for words in ["纺织", "textiles", " TEXTILE "] {
            assert_eq!(text_in("industry", words), "textile");
        }
        for words in ["travel", "差旅", "Travel"] {
            assert_eq!(text_in("category", words), "travel");
        }
        for (field, words) in [("industry", "采矿"), ("industry", "渔业"), ("category", "出门")] {
            assert_eq!(written(field, words).unwrap_err(), "record.problem.one_of");
        }
    }

    #[test]
    fn a_person_is_written_by_login_or_by_a_name_that_nobody_else_has() {
        assert_eq!(written("lead", "李明"), Ok(Some(Value::User(UserId::new(1)))));
        assert_eq!(written("lead", "wang2"), Ok(Some(Value::User(UserId::new(3)))));
        assert_eq!(written("lead", "王敏").unwrap_err(), "record.problem.person");
    }

    #[test]
    fn an_amount_stays_in_its_currency() {
        let Ok(Some(Value::Money(money))) = written("amount", "7.50") else { panic!() };
        assert_eq!((money.amount.plain().as_str(), money.currency.code()), ("7.5000", "USD"));
        assert!(written("amount", "¥7").is_err());
    }

    #[test]
    fn a_box_is_ticked_by_a_word_and_never_by_accident() {
        assert_eq!(written("main", "是"), Ok(Some(Value::YesNo(true))));
        assert_eq!(written("main", "no"), Ok(Some(Value::YesNo(false))));
        assert_eq!(written("main", "也许").unwrap_err(), "record.problem.yes_or_no");
    }

    #[test]
    fn what_the_form_does_not_set_cannot_be_written() {
        assert_eq!(written("stage", "won").unwrap_err(), "record.problem.by_act");
        assert_eq!(written("other", "1").unwrap_err(), "record.problem.picked");
        assert_eq!(written("state", "x").unwrap_err(), "record.problem.unknown_field");
        assert_eq!(written("title", "").unwrap_err(), "record.problem.required");
        assert_eq!(written("spent_on", ""), Ok(None));
    }
}
