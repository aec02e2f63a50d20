//! How values read in a document, and the template engine that puts them there.
//!
//! A value never becomes markup: it is escaped for Markdown on its way into the text, and framed by three characters that no
//! value can contain, so that a page can mark the blank it came from. What is hashed has no frames.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use crate::i18n::{self, Lang};
use crate::kernel::money::rmb_in_words;
use crate::kernel::{Currency, Money};

use super::body::Section;
use super::fault::Problem;
use super::field::FRAME;
use super::load::Faults;
use super::plan::{Milestone, PlanRow};
use super::tables;
use super::value::{FieldValue, Party, ProductLine, Totals};

/// What an unfilled blank looks like.
pub(in crate::contract) const UNFILLED: &str = "＿＿＿＿＿＿";

/// The filters that templates may use, with the field types each takes.
pub(super) const FILTERS: [(&str, &[&str]); 2] = [("words", &["money"]), ("figures", &["money"])];

/// One blank of the text with what stands in it.
#[derive(Debug)]
pub(in crate::contract) struct Blank {
    /// The field, or `party.detail`.
    pub(in crate::contract) name: String,
    /// What stands there.
    pub(in crate::contract) content: Content,
}

/// What stands in a blank.
#[derive(Clone, Debug)]
pub(in crate::contract) enum Content {
    /// Nothing yet, and the contract is incomplete without.
    Missing,
    /// Nothing, and that is how the document says so.
    Nothing(String),
    /// A value.
    Value(FieldValue),
    /// The product lines, in a currency.
    Lines(Vec<ProductLine>, Currency),
    /// The payment plan, with its amounts once the total is known.
    Plan(Vec<PlanRow>, Vec<Milestone>),
}

/// A party as placeholders see it.
#[derive(Debug)]
pub(in crate::contract) struct PartyBlanks {
    /// The name of its role.
    pub(in crate::contract) role: &'static str,
    /// The party, if it is known.
    pub(in crate::contract) party: Option<Party>,
}

impl PartyBlanks {
    /// What can be asked of a party beside [`Party::BLANKS`].
    pub(super) const COMPUTED: [&'static str; 3] = ["label", "person", "id_label"];
}

/// Compiles the sections; what the engine refuses is a fault at its line.
pub(super) fn compile(sections: &[Section], body: &mut Faults<'_>) -> Arc<Environment<'static>> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_auto_reload(false);
    engine.set_fuel(Some(200_000));
    engine.set_formatter(|out, _, value| out.write_str(&written(value)).map_err(Error::from));
    engine.add_filter("words", |value: &Value| money_filter(value, "words"));
    engine.add_filter("figures", |value: &Value| money_filter(value, "figures"));
    for section in sections {
        if let Err(error) = engine.add_template_owned(section.name.clone(), section.source.clone()) {
            body.add(place(section, &error), problem(&error));
        }
    }
    Arc::new(engine)
}

/// Where in `body.md` an error of the engine stands.
pub(super) fn place(section: &Section, error: &Error) -> usize {
    let line_start =
        |line: usize| section.source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    section.start + error.range().map_or_else(|| error.line().map_or(0, line_start), |range| range.start)
}

/// An error of the engine as a fault.
pub(super) fn problem(error: &Error) -> Problem {
    let detail =
        error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    Problem::Body(detail)
}

/// A value in Markdown: a blank in its frame, anything else escaped.
fn written(value: &Value) -> String {
    match value.downcast_object_ref::<Blank>() {
        Some(blank) => blank.markdown(),
        None => escape(&value.to_string()),
    }
}

impl Object for Blank {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if key == "value" {
            return Some(self.plain().map_or(Value::from(()), Value::from));
        }
        let Content::Lines(lines, currency) = &self.content else {
            return match (&self.content, key) {
                (Content::Missing, "total" | "net" | "tax") => Some(self.with(Content::Missing)),
                _ => None,
            };
        };
        let totals = Totals::of(lines, *currency).ok()?;
        let money = match key {
            "total" => totals.gross,
            "net" => totals.net,
            "tax" => totals.tax,
            _ => return None,
        };
        Some(self.with(Content::Value(FieldValue::Money(money))))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    /// `{% if payment_terms %}` asks whether the blank is filled; of a yes/no field, whether it says yes.
    fn is_true(self: &Arc<Self>) -> bool {
        match &self.content {
            Content::Missing | Content::Nothing(_) => false,
            Content::Value(value) => *value != FieldValue::YesNo(false),
            Content::Lines(..) | Content::Plan(..) => true,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain().unwrap_or_default())
    }
}

impl Object for PartyBlanks {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let party = self.party.as_ref();
        let person = party.is_some_and(|party| party.person);
        let detail = match key {
            "person" => return Some(Value::from(person)),
            "label" => return Some(Value::from(party.map_or("", |party| party.label.as_str()))),
            "id_label" => {
                return Some(Value::from(if person { "身份证件号码" } else { "统一社会信用代码" }));
            }
            "id_number" if !person => "credit_code",
            other => other,
        };
        let (name, required) = Party::BLANKS.into_iter().find(|(name, _)| *name == detail)?;
        let content = match party.and_then(|party| party.detail(name)) {
            Some(text) => Content::Value(FieldValue::Text(text.to_owned())),
            None if required || party.is_none() => Content::Missing,
            None => Content::Nothing("／".to_owned()),
        };
        Some(Value::from_object(Blank { name: format!("{}.{name}", self.role), content }))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
}

impl Blank {
    fn with(&self, content: Content) -> Value {
        Value::from_object(Self { name: self.name.clone(), content })
    }

    /// The text in it, nothing while it is empty.
    fn plain(&self) -> Option<String> {
        match &self.content {
            Content::Value(value) => Some(value_text(value)),
            _ => None,
        }
    }

    fn markdown(&self) -> String {
        let name = &self.name;
        match &self.content {
            Content::Missing => framed(&format!("?{name}"), UNFILLED),
            Content::Nothing(text) => framed(name, &escape(text)),
            Content::Value(value) => framed(name, &escape(&value_text(value))),
            Content::Lines(lines, currency) => tables::lines(name, lines, *currency),
            Content::Plan(rows, milestones) => tables::plan(name, rows, milestones, |_| true),
        }
    }
}

fn money_filter(value: &Value, filter: &str) -> Result<Value, Error> {
    let Some(blank) = value.downcast_object_ref::<Blank>() else {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("{filter} takes an amount")));
    };
    let money = match &blank.content {
        Content::Missing | Content::Nothing(_) => return Ok(value.clone()),
        Content::Value(FieldValue::Money(money)) => *money,
        _ => return Err(Error::new(ErrorKind::InvalidOperation, format!("{filter} takes an amount"))),
    };
    let text = if filter == "words" { words(money) } else { money.amount.to_string() };
    Ok(blank.with(Content::Value(FieldValue::Text(text))))
}

/// The rule of each type for its text in a document.
pub(in crate::contract) fn value_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) | FieldValue::Choice(text) => text.clone(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Percent(rate) => rate.in_percent(),
        FieldValue::Money(money) if money.currency == Currency::CNY => format!("{}（{money}）", words(*money)),
        FieldValue::Money(money) => money.to_string(),
        FieldValue::Date(date) => i18n::date(Lang::Zh, *date),
        FieldValue::Choices(chosen) => chosen.join("、"),
        FieldValue::Record(record) => record.name.clone(),
        FieldValue::File(file) => file.name.clone(),
        FieldValue::YesNo(yes) => if *yes { "是" } else { "否" }.to_owned(),
        // These have tables instead.
        FieldValue::Lines(_) | FieldValue::Plan(_) => String::new(),
    }
}

/// 人民币大写; other currencies, and amounts finer than a fen, have no words and stay in figures.
fn words(money: Money) -> String {
    match rmb_in_words(money.amount) {
        Ok(words) if money.currency == Currency::CNY => words,
        _ => money.to_string(),
    }
}

pub(super) fn framed(name: &str, text: &str) -> String {
    let [open, middle, close] = FRAME;
    format!("{open}{name}{middle}{text}{close}")
}

/// The text without frames: what is hashed, compared and searched.
pub(in crate::contract) fn without_frames(framed: &str) -> String {
    let [open, middle, close] = FRAME;
    let mut text = String::with_capacity(framed.len());
    let mut in_name = false;
    for c in framed.chars() {
        match c {
            c if c == open => in_name = true,
            c if c == middle => in_name = false,
            c if c == close || in_name => {}
            c => text.push(c),
        }
    }
    text
}

/// Text as Markdown that reads back as exactly this text: no emphasis, no links, no HTML, no headings, no lists. Empty lines
/// fall away, because a blank stands inside a paragraph.
pub(in crate::contract) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !escaped.is_empty() {
            escaped.push('\n');
        }
        escape_line(line, &mut escaped);
    }
    escaped
}

fn escape_line(line: &str, escaped: &mut String) {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in line.char_indices() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '{' | '}' => true,
            '#' | '+' | '-' | '=' | ':' => at == 0,
            // A number begins a list only where a space or the end follows.
            '.' | ')' => at > 0 && at == digits && line[at + 1..].chars().next().is_none_or(char::is_whitespace),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
    }
}
