//! Names against what they name: fields and events of the subject, people and roles, nodes of the file.

use std::collections::BTreeSet;

use crate::i18n::{Message, msg};
use crate::workflow::language::{Finding, NameOf, Named, Reading};
use crate::workflow::{Definition, Directory, FieldKind, HookAt, Node, NodeKind, Place, SubjectSchema, WaitFor, Who};

/// The approval amount can be read beside the fields of every subject.
const APPROVAL_AMOUNT: &str = "approval_amount";
/// The date that every contract has, by the name that `warn_before` takes.
const EXPIRES: &str = "expires";
/// Where the paths of a document's parts begin.
const PARTS: [&str; 6] = ["fields", "clauses", "lines", "plan", "parties", "files"];
/// Events that happen only to a subject that has been approved.
const AFTER_APPROVAL: [&str; 1] = ["signed"];

/// Every name that names nothing.
pub(super) fn check(
    reading: &Reading,
    definition: &Definition,
    schema: Option<&SubjectSchema>,
    directory: Option<&Directory>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = nodes(reading, definition);
    if let Some(schema) = schema {
        findings.extend(reading.names.iter().flat_map(|name| of_subject(name, schema)));
        findings.extend(events_of_hooks(definition, schema));
        findings.extend(silence(reading, schema));
    }
    if schema.is_none() {
        findings.extend(unchecked_fields(reading, definition));
    }
    match directory {
        Some(directory) => findings.extend(reading.names.iter().filter_map(|name| of_people(name, directory))),
        None => findings.extend(unchecked(reading)),
    }
    findings.extend(too_early(definition));
    findings
}

fn of_subject(name: &Named, schema: &SubjectSchema) -> Vec<Finding> {
    match name.what {
        NameOf::Field => field(name, &name.name, schema),
        NameOf::DateField => date_field(name, schema).into_iter().collect(),
        NameOf::Event if !schema.events.contains(&name.name) => {
            let problem = msg!("workflow.fault.unknown_event", name = &name.name, subject = schema.kind.as_str());
            vec![Finding::error(name.place, problem).did_you_mean(&name.name, schema.events.iter().map(String::as_str))]
        }
        NameOf::Effect if !schema.effects.contains(&name.name.as_str()) => {
            vec![Finding::error(
                name.place,
                msg!("workflow.fault.unknown_effect", name = &name.name, subject = schema.kind.as_str()),
            )]
        }
        NameOf::Part => part(name, schema),
        _ => Vec::new(),
    }
}

fn field(at: &Named, name: &str, schema: &SubjectSchema) -> Vec<Finding> {
    if name == APPROVAL_AMOUNT {
        return Vec::new();
    }
    match schema.fields.iter().find(|field| field.name == name) {
        None => {
            let problem = msg!("workflow.fault.unknown_field", name = name, subject = schema.kind.as_str());
            vec![
                Finding::error(at.place, problem)
                    .did_you_mean(name, schema.fields.iter().map(|field| field.name.as_str())),
            ]
        }
        Some(field) if field.raw_amount => {
            let problem = msg!("workflow.fault.raw_amount", name = name);
            vec![Finding::warning(at.place, problem).hint(msg!("workflow.hint.raw_amount"))]
        }
        Some(_) => Vec::new(),
    }
}

fn date_field(name: &Named, schema: &SubjectSchema) -> Option<Finding> {
    if name.name == EXPIRES {
        return None;
    }
    match schema.fields.iter().find(|field| field.name == name.name) {
        Some(field) if field.kind == FieldKind::Date => None,
        Some(_) => Some(Finding::error(name.place, msg!("workflow.fault.not_a_date", name = &name.name))),
        None => {
            let dates =
                schema.fields.iter().filter(|field| field.kind == FieldKind::Date).map(|field| field.name.as_str());
            let problem = msg!("workflow.fault.unknown_field", name = &name.name, subject = schema.kind.as_str());
            Some(Finding::error(name.place, problem).did_you_mean(&name.name, dates.chain([EXPIRES])))
        }
    }
}

fn part(name: &Named, schema: &SubjectSchema) -> Vec<Finding> {
    let (head, rest) = name.name.split_once('/').unwrap_or((&name.name, ""));
    if !PARTS.contains(&head) {
        let problem = msg!("workflow.fault.unknown_part", name = &name.name);
        let finding = Finding::error(name.place, problem);
        return vec![finding.hint(msg!("workflow.hint.parts"))];
    }
    if head != "fields" || rest.is_empty() || schema.fields.iter().any(|field| field.name == rest) {
        return Vec::new();
    }
    let problem = msg!("workflow.fault.unknown_field", name = rest, subject = schema.kind.as_str());
    vec![Finding::error(name.place, problem).did_you_mean(rest, schema.fields.iter().map(|field| field.name.as_str()))]
}

fn events_of_hooks(definition: &Definition, schema: &SubjectSchema) -> Vec<Finding> {
    let signed = schema.events.iter().any(|event| event == "signed");
    let unknown = definition.hooks.iter().filter(|hook| hook.at == HookAt::Signed && !signed);
    unknown
        .map(|hook| {
            Finding::error(
                hook.place,
                msg!("workflow.fault.unknown_event", name = "signed", subject = schema.kind.as_str()),
            )
        })
        .collect()
}

fn silence(reading: &Reading, schema: &SubjectSchema) -> Vec<Finding> {
    let silent = reading.silent_approvals.iter().filter(|(_, because)| schema.silence_needs_reason && !because);
    silent
        .map(|(place, _)| {
            Finding::error(*place, msg!("workflow.fault.silent_approval")).hint(msg!("workflow.hint.silent_approval"))
        })
        .collect()
}

fn of_people(name: &Named, directory: &Directory) -> Option<Finding> {
    match name.what {
        NameOf::Role => {
            if directory.with_role(&name.name).next().is_some() {
                return None;
            }
            let finding = if directory.roles.contains_key(&name.name) {
                return Some(Finding::error(name.place, msg!("workflow.fault.role_of_nobody", name = &name.name)));
            } else {
                Finding::error(name.place, msg!("workflow.fault.unknown_role", name = &name.name))
            };
            Some(finding.did_you_mean(&name.name, directory.roles.keys().map(String::as_str)))
        }
        NameOf::User => match directory.by_login(&name.name) {
            Some(person) if person.active => None,
            Some(_) => Some(Finding::error(name.place, msg!("workflow.fault.user_left", name = &name.name))),
            None => {
                let finding = Finding::error(name.place, msg!("workflow.fault.unknown_user", name = &name.name));
                Some(finding.did_you_mean(&name.name, directory.people.values().map(|person| person.login.as_str())))
            }
        },
        NameOf::Department => directory.by_code(&name.name).is_none().then(|| {
            let finding = Finding::error(name.place, msg!("workflow.fault.unknown_department", name = &name.name));
            finding.did_you_mean(&name.name, directory.departments.values().map(|department| department.code.as_str()))
        }),
        NameOf::Grid => (!directory.grids.contains_key(&name.name)).then(|| {
            let finding = Finding::error(name.place, msg!("workflow.fault.unknown_grid", name = &name.name));
            finding.did_you_mean(&name.name, directory.grids.keys().map(String::as_str))
        }),
        _ => None,
    }
}

/// Without the schema of the subject its fields stay unchecked, and that is said.
fn unchecked_fields(reading: &Reading, definition: &Definition) -> Option<Finding> {
    let of_subject = [NameOf::Field, NameOf::DateField, NameOf::Event];
    let names: BTreeSet<&str> =
        reading.names.iter().filter(|name| of_subject.contains(&name.what)).map(|name| name.name.as_str()).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let subject = definition.subject.as_str();
    (!names.is_empty()).then(|| {
        Finding::note(reading.header, msg!("workflow.fault.unchecked_fields", subject = subject, names = names))
    })
}

/// Without a database the names of people stay unchecked, and that is said.
fn unchecked(reading: &Reading) -> Option<Finding> {
    let people = [NameOf::Role, NameOf::User, NameOf::Department, NameOf::Grid];
    let names: BTreeSet<&str> =
        reading.names.iter().filter(|name| people.contains(&name.what)).map(|name| name.name.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    (!names.is_empty())
        .then(|| Finding::note(reading.header, msg!("workflow.fault.unchecked", names = names.join(", "))))
}

fn nodes(reading: &Reading, definition: &Definition) -> Vec<Finding> {
    let known: Vec<&str> = definition.every_node().into_iter().map(|node| node.name.as_str()).collect();
    let names = reading.names.iter().filter(|name| name.what == NameOf::Node && !known.contains(&name.name.as_str()));
    names
        .map(|name| {
            let finding = Finding::error(name.place, msg!("workflow.fault.unknown_node", name = &name.name));
            finding.did_you_mean(&name.name, known.iter().copied())
        })
        .collect()
}

/// Waits for something that happens only after approval, and rules about people who decide only later.
fn too_early(definition: &Definition) -> Vec<Finding> {
    let nodes = definition.every_node();
    let mut findings = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let place = definition.written(node);
        match &node.kind {
            NodeKind::Wait { what: WaitFor::Event { name }, .. }
                if AFTER_APPROVAL.contains(&name.as_str())
                    && nodes.iter().skip(index).any(|later| later.kind.decides()) =>
            {
                findings.push(Finding::error(place, msg!("workflow.fault.event_too_early", name = name)));
            }
            NodeKind::Approve { by, .. } => findings.extend(later_approver(by, &nodes, index, place)),
            _ => {}
        }
    }
    findings
}

fn later_approver(who: &Who, nodes: &[&Node], index: usize, place: Place) -> Option<Finding> {
    let Who::ApproverOf { node } = who else { return None };
    let at = nodes.iter().position(|candidate| candidate.name == *node)?;
    let problem: Option<Message> = if at >= index {
        Some(msg!("workflow.fault.approver_of_later", name = node))
    } else if !nodes.get(at).is_some_and(|node| node.kind.decides()) {
        Some(msg!("workflow.fault.approver_of_nothing", name = node))
    } else {
        None
    };
    problem.map(|problem| Finding::error(place, problem))
}
