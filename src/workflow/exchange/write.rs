//! Sequences as the text of a workflow file.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

use super::model::{Element, Flow, Kind, People, Process, Rule};
use super::structure::{Item, Rejection, Structured};
use super::{PROCESS, SPLIT};
use crate::i18n::{self, Lang, Message, msg};
use crate::workflow::language::quoted;

/// A role that nobody holds: `check` points at it.
const TO_BE_NAMED: &str = "role(\"to-be-named\")";

/// The name of the workflow, and its file.
pub(super) fn file(
    process: &Process,
    structured: &Structured,
    (subject, lang): (&str, Lang),
    notes: &mut Vec<Message>,
) -> (String, String) {
    let id = process.id.strip_prefix(PROCESS).unwrap_or(&process.id);
    let name = plain(id, "imported");
    let title = if process.name.is_empty() { &name } else { &process.name };
    let mut writer =
        Writer { process, structured, lang, notes, conditions: 0, names: names(process), text: String::new() };
    writer.comment(0, &msg!("workflow.exchange.imported", process = &process.id));
    let _ = writeln!(
        writer.text,
        "workflow({}, #{{\n    title:   {},\n    subject: {},\n}});\n",
        quoted(&name),
        quoted(title),
        quoted(subject)
    );
    for item in &structured.items {
        writer.item(item, 0, Vec::new(), ";");
    }
    (name, writer.text)
}

/// A name out of an id: letters, digits, - and _.
fn plain(id: &str, otherwise: &str) -> String {
    let name: String = id.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

/// A name of its own for each element.
fn names(process: &Process) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let of = |element: &Element| {
        let id = element.id.strip_suffix(SPLIT).unwrap_or(&element.id);
        let digits = id.strip_prefix('_').filter(|rest| rest.starts_with(|c: char| !c.is_alphabetic()));
        let name = plain(digits.unwrap_or(id), "node");
        (1..).map(move |number| if number == 1 { name.clone() } else { format!("{name}-{number}") })
    };
    let mut own = |element: &Element| of(element).find(|name| taken.insert(name.clone())).unwrap_or_default();
    process.elements.iter().map(&mut own).collect()
}

struct Writer<'p, 'n> {
    process: &'p Process,
    structured: &'p Structured,
    lang: Lang,
    notes: &'n mut Vec<Message>,
    /// Conditions that an administrator has to write.
    conditions: u32,
    names: Vec<String>,
    text: String,
}

/// A condition, and what the file said.
#[derive(Clone)]
struct Asked {
    words: String,
    was: Option<Message>,
}

impl Writer<'_, '_> {
    fn comment(&mut self, indent: usize, message: &Message) {
        let said = i18n::text(self.lang, message).replace(['\n', '\r'], " ");
        let _ = writeln!(self.text, "{}// {said}", pad(indent));
    }

    fn line(&mut self, indent: usize, words: &str) {
        let _ = writeln!(self.text, "{}{words}", pad(indent));
    }

    /// A node, entered only where all of `when` hold.
    fn item(&mut self, item: &Item, indent: usize, when: Vec<Asked>, end: &str) {
        match item {
            Item::Step(at) => self.step(*at, indent, when, end),
            Item::Parallel { ways, .. } if ways.len() < 2 => {
                for item in ways.iter().flatten() {
                    self.item(item, indent, when.clone(), end);
                }
            }
            Item::Parallel { at, ways } => {
                let options = self.options(*at, indent, when);
                self.line(indent, &format!("parallel({}, [", quoted(&self.names[*at])));
                for way in ways {
                    self.way("[", way, indent + 1, "],");
                }
                self.line(indent, &format!("]{options}){end}"));
            }
            Item::Choice { at, inclusive, ways } => self.choice(*at, *inclusive, ways, (indent, when), end),
        }
    }

    fn way(&mut self, opens: &str, items: &[Item], indent: usize, closes: &str) {
        self.line(indent, opens);
        for item in items {
            self.item(item, indent + 1, Vec::new(), ",");
        }
        self.line(indent, closes);
    }

    /// Comments for the conditions, and the options of a construct.
    fn options(&mut self, at: usize, indent: usize, when: Vec<Asked>) -> String {
        let mut options = self.title(at);
        options.extend(self.when(indent, when));
        if options.is_empty() { String::new() } else { format!(", #{{ {} }}", options.join(", ")) }
    }

    fn title(&self, at: usize) -> Vec<String> {
        let (element, name) = (&self.process.elements[at], &self.names[at]);
        let titled = !element.name.is_empty() && element.name != *name;
        titled.then(|| format!("title: {}", quoted(&element.name))).into_iter().collect()
    }

    fn when(&mut self, indent: usize, when: Vec<Asked>) -> Option<String> {
        let mut words = Vec::new();
        for asked in when {
            if let Some(was) = &asked.was {
                self.comment(indent, was);
            }
            words.push(asked.words);
        }
        match &words[..] {
            [] => None,
            [one] => Some(format!("when: {one}")),
            several => Some(format!("when: all_of([{}])", several.join(", "))),
        }
    }

    fn step(&mut self, at: usize, indent: usize, when: Vec<Asked>, end: &str) {
        let process = self.process;
        let element = &process.elements[at];
        let name = quoted(&self.names[at]);
        let mut options = self.title(at);
        let (word, second) = match &element.kind {
            Kind::Countersign(people, rule) => {
                let entries = entries(people);
                options.push(format!("by: [{}]", entries.join(", ")));
                options.extend(rule.and_then(|rule| self.rule(element, rule, &entries)));
                ("countersign", None)
            }
            Kind::CopyTo(people) => {
                options.push(format!("to: {}", any_of(people)));
                ("copy_to", None)
            }
            Kind::Wait(what) => ("wait", Some(what.clone())),
            Kind::Act => ("act", Some("[]".to_owned())),
            Kind::Approve(people) => {
                options.push(format!("by: {}", any_of(people)));
                ("approve", None)
            }
            // These are no steps.
            _ => return,
        };
        options.extend(self.when(indent, when));
        options.extend(self.structured.rejections.get(&at).map(|rejection| match rejection {
            Rejection::BackTo(target) => format!("on_reject: back_to({})", quoted(&self.names[*target])),
            Rejection::BackToDrafter => "on_reject: back_to_drafter()".to_owned(),
        }));
        let second = second.map(|second| format!(", {second}")).unwrap_or_default();
        let options = if options.is_empty() { String::new() } else { format!(", #{{ {} }}", options.join(", ")) };
        self.line(indent, &format!("{word}({name}{second}{options}){end}"));
    }

    fn rule(&mut self, element: &Element, rule: Rule, entries: &[String]) -> Option<String> {
        let open = entries.iter().any(|entry| entry.starts_with("everyone_in"));
        match rule {
            Rule::InOrder => Some("rule: in_order()".to_owned()),
            Rule::Ratio(percent) => Some(format!("rule: ratio({percent})")),
            Rule::Count(1) => Some("rule: any()".to_owned()),
            Rule::Count(count) if (1..=1_000).contains(&count) && (open || entries.len() >= count as usize) => {
                Some(format!("rule: count({count})"))
            }
            Rule::Count(count) => {
                self.notes.push(element.note(msg!("workflow.exchange.completion", condition = count)));
                None
            }
        }
    }

    fn choice(
        &mut self,
        at: usize,
        inclusive: bool,
        ways: &[(usize, Vec<Item>)],
        (indent, mut when): (usize, Vec<Asked>),
        end: &str,
    ) {
        let process = self.process;
        let flow = |number: usize| &process.flows[number];
        let plain = |number: usize| flow(number).condition.is_none();
        let unconditional = ways.iter().filter(|(number, _)| plain(*number)).count();
        let is_default = |number: usize| flow(number).default || (plain(number) && unconditional == 1);
        let otherwise = ways.iter().find(|(number, _)| is_default(*number));
        let asked: Vec<_> = ways.iter().filter(|way| otherwise.is_none_or(|other| other.0 != way.0)).collect();
        // One node that some cases pass by.
        if let ([(number, items)], Some((_, passes_by))) = (&asked[..], otherwise)
            && let ([item], true, false) = (&items[..], passes_by.is_empty(), inclusive)
        {
            when.push(self.asked(flow(*number)));
            return self.item(item, indent, when, end);
        }
        let options = self.options(at, indent, when);
        let word = if inclusive { "every_way_that" } else { "branch" };
        self.line(indent, &format!("{word}({}, [", quoted(&self.names[at])));
        let mut labels = BTreeSet::from(["otherwise".to_owned()]);
        for (number, items) in asked {
            let asked = self.asked(flow(*number));
            if let Some(was) = &asked.was {
                self.comment(indent + 1, was);
            }
            let label = label(flow(*number), &mut labels);
            self.way(&format!("way({}, {}, [", quoted(&label), asked.words), items, indent + 1, "]),");
        }
        if let Some((_, items)) = otherwise {
            self.way("otherwise([", items, indent + 1, "]),");
        }
        self.line(indent, &format!("]{options}){end}"));
    }

    /// The condition of a flow. One on an amount is taken; for every other a field is asked that no record has, so that `check` points
    /// at it until an administrator says what is meant.
    fn asked(&mut self, flow: &Flow) -> Asked {
        let was = flow.condition.as_ref().map(|it| msg!("workflow.exchange.condition_was", condition = it));
        if let Some(words) = flow.condition.as_deref().and_then(amount) {
            let condition = flow.condition.clone().unwrap_or_default();
            self.notes.push(flow.note(msg!("workflow.exchange.amount", condition = condition, words = &words)));
            return Asked { words, was };
        }
        self.conditions += 1;
        let field = format!("condition_{}", self.conditions);
        self.notes.push(match &flow.condition {
            Some(condition) => flow.note(msg!("workflow.exchange.condition", condition = condition, field = &field)),
            None => flow.note(msg!("workflow.exchange.no_condition", field = &field)),
        });
        Asked { words: format!("field_is({}, true)", quoted(&field)), was }
    }
}

fn pad(indent: usize) -> String {
    "    ".repeat(indent)
}

/// What a way is called: as the flow is, or after its condition.
fn label(flow: &Flow, labels: &mut BTreeSet<String>) -> String {
    let named = [&flow.name, flow.condition.as_ref().unwrap_or(&flow.id), &flow.id];
    let name = named.into_iter().find(|name| !name.is_empty()).map_or("way", String::as_str);
    let mut own = (1..).map(|number| if number == 1 { name.to_owned() } else { format!("{name} {number}") });
    own.find(|label| labels.insert(label.clone())).unwrap_or_default()
}

/// `amount >= 100000` and `amount < 100000` in the words of the language, which has no others.
fn amount(condition: &str) -> Option<String> {
    static ASKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:[$#]\{)?\s*\w*(?:amount|money|金额)\s*(>=|<)\s*(\d+(?:\.\d{1,4})?)\s*\}?$").ok()
    });
    let found = ASKED.as_ref()?.captures(condition.trim())?;
    let word = if &found[1] == "<" { "amount_below" } else { "amount_from" };
    Some(format!("{word}({})", quoted(&found[2])))
}

/// Everybody who is named.
fn named(people: &People) -> Vec<String> {
    let roles = people.roles.iter().map(|role| format!("role({})", quoted(role)));
    let logins = people.logins.iter().map(|login| format!("user({})", quoted(login)));
    roles.chain(logins).chain(people.drafter.then(|| "drafter()".to_owned())).collect()
}

/// Any one of them decides.
fn any_of(people: &People) -> String {
    match &named(people)[..] {
        [] => TO_BE_NAMED.to_owned(),
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// One vote each: of one role everybody has one, of several roles each has one.
fn entries(people: &People) -> Vec<String> {
    let named = named(people);
    match (&named[..], people.roles.len()) {
        ([], _) => vec![format!("everyone_in({TO_BE_NAMED})")],
        ([role], 1) => vec![format!("everyone_in({role})")],
        _ => named.iter().map(|one| format!("one_of({one})")).collect(),
    }
}
