//! Reading BPMN: elements and flows of the first process that has tasks.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use super::model::{Element, Flow, Kind, Process, noted};
use super::people::{TagName as _, decision, people};
use crate::i18n::{Arg, Message, msg};

/// What stands beside elements and flows and says nothing of its own.
const SILENT: [&str; 8] = [
    "documentation",
    "extensionElements",
    "ioSpecification",
    "property",
    "association",
    "textAnnotation",
    "dataObject",
    "dataObjectReference",
];

/// What tasks say in attributes that have no word in the language.
const LEFT_OUT: [&str; 6] = ["dueDate", "followUpDate", "formKey", "formRef", "priority", "skipExpression"];

/// The process of a file; nothing where it has none. What has no place is noted.
pub(super) fn process(document: &Document<'_>, notes: &mut Vec<Message>) -> Option<Process> {
    let processes: Vec<Node<'_, '_>> =
        document.descendants().filter(|node| node.has_tag_name_of(&["process"])).collect();
    let has_tasks = |node: &&Node<'_, '_>| node.children().any(|child| child.tag_name().name().ends_with("Task"));
    let chosen = *processes.iter().find(has_tasks).or(processes.first())?;
    for other in processes.iter().filter(|other| **other != chosen) {
        notes.push(note(*other, msg!("workflow.exchange.another_process")));
    }
    let mut process = Process {
        id: chosen.attribute("id").unwrap_or_default().to_owned(),
        name: chosen.attribute("name").unwrap_or_default().to_owned(),
        ..Process::default()
    };
    let messages = messages(document);
    let (mut places, mut flows, mut defaults) = (BTreeMap::new(), Vec::new(), Vec::new());
    for node in chosen.children().filter(Node::is_element) {
        let tag = node.tag_name().name();
        if tag == "sequenceFlow" {
            flows.push(node);
        } else if let Some(kind) = kind(node, &messages, notes) {
            let id = node.attribute("id").unwrap_or_default();
            places.insert(id.to_owned(), process.elements.len());
            defaults.extend(node.attribute("default").map(str::to_owned));
            process.elements.push(Element {
                tag: tag.to_owned(),
                id: id.to_owned(),
                name: words(node.attribute("name")),
                line: line(node),
                kind,
            });
        }
    }
    for node in flows {
        let end = |name: &str| node.attribute(name).and_then(|id| places.get(id)).copied();
        let (Some(from), Some(to)) = (end("sourceRef"), end("targetRef")) else {
            notes.push(note(node, msg!("workflow.exchange.loose_flow")));
            continue;
        };
        let id = node.attribute("id").unwrap_or_default().to_owned();
        let condition = node.children().find(|child| child.tag_name().name() == "conditionExpression");
        process.flows.push(Flow {
            name: words(node.attribute("name")),
            from,
            to,
            condition: condition.and_then(|node| node.text()).map(|text| words(Some(text))),
            default: defaults.contains(&id),
            id,
            line: line(node),
        });
    }
    Some(process)
}

fn line(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

fn note(node: Node<'_, '_>, what: Message) -> Message {
    noted((node.tag_name().name(), node.attribute("id").unwrap_or_default()), line(node), what)
}

/// A text in one line.
fn words(text: Option<&str>) -> String {
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of messages and signals by their ids.
fn messages<'a>(document: &'a Document<'_>) -> BTreeMap<&'a str, &'a str> {
    let declared = document.descendants().filter(|node| node.has_tag_name_of(&["message", "signal"]));
    declared.filter_map(|node| Some((node.attribute("id")?, node.attribute("name")?))).collect()
}

/// What an element becomes; nothing for what flows do not lead to.
fn kind(node: Node<'_, '_>, messages: &BTreeMap<&str, &str>, notes: &mut Vec<Message>) -> Option<Kind> {
    let tag = node.tag_name().name();
    let mut said = Vec::new();
    let kind = match tag {
        "startEvent" => Kind::Start,
        "endEvent" => Kind::End,
        "userTask" => {
            said.extend(left_out(node));
            decision(node, &mut said)
        }
        "task" | "manualTask" => {
            said.push(msg!("workflow.exchange.taken_as_approve"));
            said.extend(left_out(node));
            decision(node, &mut said)
        }
        "sendTask" => {
            let people = people(node, &mut said);
            if people.nobody() {
                said.push(msg!("workflow.exchange.nobody"));
            }
            Kind::CopyTo(people)
        }
        "intermediateCatchEvent" | "receiveTask" => Kind::Wait(wait(node, messages, &mut said)),
        "serviceTask" | "scriptTask" | "businessRuleTask" => {
            said.push(msg!("workflow.exchange.effects"));
            Kind::Act
        }
        "exclusiveGateway" => Kind::Exclusive,
        "inclusiveGateway" => Kind::Inclusive,
        "parallelGateway" => Kind::Parallel,
        "eventBasedGateway" | "complexGateway" => {
            said.push(msg!("workflow.exchange.taken_as_branch"));
            Kind::Exclusive
        }
        "laneSet" => {
            notes.push(note(node, msg!("workflow.exchange.lanes")));
            return None;
        }
        tag if SILENT.contains(&tag) => return None,
        _ => {
            said.push(msg!("workflow.exchange.no_place"));
            Kind::Passed
        }
    };
    notes.extend(said.into_iter().map(|what| note(node, what)));
    Some(kind)
}

/// What a task says beside its people, such as forms, dates and listeners, by name.
fn left_out(node: Node<'_, '_>) -> Option<Message> {
    let attributes = node.attributes().map(|attribute| attribute.name()).filter(|name| LEFT_OUT.contains(name));
    let extensions = node.children().filter(|child| child.tag_name().name() == "extensionElements");
    let extensions =
        extensions.flat_map(|one| one.children().filter(Node::is_element)).map(|one| one.tag_name().name());
    let names: BTreeSet<&str> = attributes.chain(extensions).collect();
    (!names.is_empty()).then(|| {
        let names: Arg = names.into_iter().collect();
        msg!("workflow.exchange.left_out", names = names)
    })
}

/// What an event waits for, in the words of the language.
fn wait(node: Node<'_, '_>, messages: &BTreeMap<&str, &str>, notes: &mut Vec<Message>) -> String {
    let timer = node.children().find(|child| child.tag_name().name() == "timerEventDefinition");
    let text = |name: &str| {
        let inner = timer?.children().find(|child| child.tag_name().name() == name)?;
        Some(words(inner.text())).filter(|text| !text.is_empty())
    };
    if let Some(duration) = text("timeDuration") {
        return span(&duration).unwrap_or_else(|| {
            notes.push(msg!("workflow.exchange.duration", duration = duration));
            "days(1)".to_owned()
        });
    }
    if let Some(date) = text("timeDate") {
        let field = date.trim_start_matches(['$', '#']).trim_matches(['{', '}']).trim();
        if !field.is_empty() && field.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return format!("date(\"{field}\")");
        }
        notes.push(msg!("workflow.exchange.duration", duration = date));
        return "days(1)".to_owned();
    }
    let definition = node.children().find(|child| child.tag_name().name().ends_with("EventDefinition"));
    let reference = [definition, Some(node)]
        .into_iter()
        .flatten()
        .find_map(|one| one.attribute("messageRef").or_else(|| one.attribute("signalRef")));
    let name = reference.map(|id| messages.get(id).copied().unwrap_or(id)).unwrap_or_default();
    let event: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if event.starts_with(|c: char| c.is_ascii_lowercase()) {
        return format!("event(\"{event}\")");
    }
    notes.push(msg!("workflow.exchange.event", event = name));
    "event(\"to_be_named\")".to_owned()
}

/// A duration of ISO 8601 with one unit, or a span in the words of the language.
fn span(duration: &str) -> Option<String> {
    let words = duration.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    if let Some(words) = words {
        let (unit, count) = words.strip_suffix(')')?.split_once('(')?;
        let known = ["working_days", "working_hours", "days", "hours", "months", "years"].contains(&unit);
        return (known && count.parse::<u16>().is_ok()).then(|| words.to_owned());
    }
    let (rest, units): (&str, &[(char, &str)]) = match duration.strip_prefix("PT") {
        Some(rest) => (rest, &[('H', "hours")]),
        None => (duration.strip_prefix('P')?, &[('D', "days"), ('M', "months"), ('Y', "years")]),
    };
    let (unit, word) = units.iter().find(|(unit, _)| rest.ends_with(*unit))?;
    let count: u16 = rest.strip_suffix(*unit)?.parse().ok()?;
    (count <= 10_000).then(|| format!("{word}({count})"))
}
