//! Returns: to nodes that lie before, and never in a circle that time alone turns.

use crate::i18n::msg;
use crate::workflow::language::Finding;
use crate::workflow::{DecisionOptions, Definition, Node, NodeKind, OnReject, Overdue};

/// Every rejection that goes nowhere, or round and round.
pub(super) fn check(definition: &Definition) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A name that is no node at all has a fault of its own.
    let known: Vec<&str> = definition.every_node().into_iter().map(|node| node.name.as_str()).collect();
    walk(&definition.nodes, &|name| known.contains(&name), &mut Vec::new(), &mut findings);
    findings
}

/// `before` are the nodes that can have passed, in order.
fn walk<'a>(nodes: &'a [Node], exists: &dyn Fn(&str) -> bool, before: &mut Vec<&'a Node>, findings: &mut Vec<Finding>) {
    for node in nodes {
        if let Some(options) = node.kind.options() {
            findings.extend(rejection(node, options, before, exists));
        }
        let reached = before.len();
        let mut within = Vec::new();
        for way in node.kind.ways() {
            before.push(node);
            // A workflow that is run was looked at when it was published.
            let mut theirs = Vec::new();
            let inside = if matches!(node.kind, NodeKind::Run { .. }) { &mut theirs } else { &mut *findings };
            walk(way, exists, before, inside);
            within.extend(before.drain(reached..).skip(1));
        }
        before.push(node);
        before.extend(within);
    }
}

fn rejection(
    node: &Node,
    options: &DecisionOptions,
    before: &[&Node],
    exists: &dyn Fn(&str) -> bool,
) -> Option<Finding> {
    let target = match &options.on_reject {
        OnReject::End | OnReject::BackToDrafter => return None,
        OnReject::BackToPrevious => match before.iter().rposition(|earlier| earlier.kind.decides()) {
            Some(target) => target,
            None => return Some(Finding::error(node.place, msg!("workflow.fault.no_previous", name = &node.name))),
        },
        OnReject::BackTo { node: target } if *target == node.name => before.len(),
        OnReject::BackTo { node: target } => match before.iter().position(|earlier| earlier.name == *target) {
            Some(target) => target,
            None if !exists(target) => return None,
            None => {
                return Some(Finding::error(
                    node.place,
                    msg!("workflow.fault.back_to_later", name = &node.name, target = target),
                ));
            }
        },
    };
    let by_itself = options.overdue.iter().any(|step| matches!(step, Overdue::Reject));
    let between = before.get(target..).unwrap_or_default();
    (by_itself && between.iter().all(|node| passes_by_itself(node))).then(|| {
        Finding::error(node.place, msg!("workflow.fault.endless", name = &node.name))
            .hint(msg!("workflow.hint.endless"))
    })
}

/// Whether a node passes without any person.
fn passes_by_itself(node: &Node) -> bool {
    match node.kind.options() {
        Some(options) => options.overdue.iter().any(|step| matches!(step, Overdue::Approve { .. })),
        None => true,
    }
}
