//! Who decides, as BPMN, Camunda, Flowable and Activiti say it.

use std::sync::LazyLock;

use regex::Regex;
use roxmltree::Node;

use super::model::{Element, Kind, People, Rule};
use crate::i18n::{Message, msg};

/// Part of the addresses of the tools whose attributes name people.
const TOOLS: [&str; 4] = ["camunda", "flowable", "activiti", "zeebe"];
/// What whoever started the process is called in expressions.
const STARTERS: [&str; 9] = [
    "initiator",
    "starter",
    "startUser",
    "startUserId",
    "drafter",
    "applicant",
    "applyUser",
    "applyUserId",
    "applicantId",
];

/// Reads who decides, and notes what cannot be read.
pub(super) fn people(of: Node<'_, '_>, notes: &mut Vec<Message>) -> People {
    let mut people = People::default();
    for name in ["candidateGroups", "candidateUsers", "assignee"] {
        for value in attributes(of, name) {
            for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                match (expression(part), name) {
                    (Some(words), _) if STARTERS.contains(&words) => people.drafter = true,
                    (Some(_), _) => notes.push(msg!("workflow.exchange.expression_of_people", expression = part)),
                    (None, "candidateGroups") => people.roles.push(part.to_owned()),
                    (None, _) => people.logins.push(part.to_owned()),
                }
            }
        }
    }
    for owner in
        of.descendants().filter(|node| node.has_tag_name_of(&["potentialOwner", "humanPerformer", "performer"]))
    {
        performer(owner, &mut people);
    }
    people.roles.dedup();
    people.logins.dedup();
    people
}

/// The values of an attribute of one of the tools, and of the element that Camunda 8 has instead.
fn attributes<'a>(of: Node<'a, '_>, name: &str) -> Vec<&'a str> {
    let is_of_a_tool = |namespace: Option<&str>| {
        namespace.is_some_and(|namespace| TOOLS.iter().any(|tool| namespace.to_ascii_lowercase().contains(tool)))
    };
    let own = of.attributes().filter(|one| one.name() == name && is_of_a_tool(one.namespace()));
    let inner = of.descendants().filter(|node| node.tag_name().name() == "assignmentDefinition");
    own.map(|one| one.value()).chain(inner.filter_map(|node| node.attribute(name))).collect()
}

/// `user(a), group(b)` of a formal expression; bare words are groups.
fn performer(owner: Node<'_, '_>, people: &mut People) {
    static PART: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(user|group)\(([^)]+)\)").ok());
    let words: String = owner.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    let named: Vec<_> = PART.iter().flat_map(|part| part.captures_iter(&words)).collect();
    for found in &named {
        let list = if &found[1] == "user" { &mut people.logins } else { &mut people.roles };
        list.push(found[2].trim().to_owned());
    }
    if named.is_empty() {
        let words = words.split(',').map(str::trim).filter(|word| !word.is_empty() && expression(word).is_none());
        people.roles.extend(words.map(str::to_owned));
    }
}

/// What stands between the braces of an expression.
fn expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${").or_else(|| text.strip_prefix("#{"))?.strip_suffix('}')?;
    Some(inner.trim())
}

/// A task at which people decide: one decision, or several votes where it is done once for each.
pub(super) fn decision(of: Node<'_, '_>, notes: &mut Vec<Message>) -> Kind {
    let people = people(of, notes);
    if people.nobody() {
        notes.push(msg!("workflow.exchange.nobody"));
    }
    match of.children().find(|node| node.tag_name().name() == "multiInstanceLoopCharacteristics") {
        None => Kind::Approve(people),
        Some(several) => {
            let rule = rule(several, notes);
            Kind::Countersign(people, rule)
        }
    }
}

fn rule(several: Node<'_, '_>, notes: &mut Vec<Message>) -> Option<Rule> {
    static COUNT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^nrOfCompletedInstances\s*(?:>=|==)\s*(\d+)$").ok());
    static RATIO: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^nrOfCompletedInstances\s*(\*\s*100)?\s*/\s*nrOfInstances\s*(?:>=|==)\s*(\d+(?:\.\d+)?)$").ok()
    });
    if several.attribute("isSequential") == Some("true") {
        return Some(Rule::InOrder);
    }
    let ends = several.children().find(|node| node.tag_name().name() == "completionCondition")?;
    let text = ends.text().unwrap_or_default().trim();
    let words = expression(text).unwrap_or(text);
    let count = COUNT.as_ref().and_then(|regex| regex.captures(words)).and_then(|found| found[1].parse().ok());
    if let Some(count) = count {
        return Some(Rule::Count(count));
    }
    let ratio = RATIO.as_ref().and_then(|regex| regex.captures(words)).and_then(|found| {
        let number: f64 = found[2].parse().ok()?;
        percent(if found.get(1).is_some() { number } else { number * 100.0 })
    });
    match ratio {
        Some(100) => None,
        Some(percent) => Some(Rule::Ratio(percent)),
        None => {
            notes.push(msg!("workflow.exchange.completion", condition = text));
            None
        }
    }
}

/// A share in whole percent: from 1 to 100, rounded up so that nothing passes sooner.
fn percent(share: f64) -> Option<u32> {
    (1..=100).find(|percent| f64::from(*percent) + 1e-9 >= share)
}

/// Words that say that something is turned down.
const REJECTING: [&str; 12] =
    ["拒绝", "驳回", "不同意", "不通过", "退回", "否决", "reject", "refuse", "decline", "disapprove", "deny", "return"];

/// Whether a way out of a decision is the one that is taken when it is turned down.
pub(super) fn turns_down(name: &str, condition: Option<&str>) -> bool {
    static NOT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(?:!\s*\w+|not \w+|\w+\s*==\s*'?false'?|\w+\s*!=\s*'?true'?)$").ok());
    let (name, condition) = (name.to_lowercase(), condition.unwrap_or_default());
    let words = expression(condition).unwrap_or(condition).to_lowercase();
    REJECTING.iter().any(|word| name.contains(word) || words.contains(word))
        || NOT.as_ref().is_some_and(|not| not.is_match(words.trim()))
}

/// Whether people decide there who only started the process: they mend what was sent back.
pub(super) fn mends(element: &Element) -> bool {
    matches!(&element.kind, Kind::Approve(people) if people.only_the_drafter())
}

/// Names of elements, whatever prefix a file gives them.
pub(super) trait TagName {
    fn has_tag_name_of(&self, names: &[&str]) -> bool;
}

impl TagName for Node<'_, '_> {
    fn has_tag_name_of(&self, names: &[&str]) -> bool {
        self.is_element() && names.contains(&self.tag_name().name())
    }
}
