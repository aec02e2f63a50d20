//! One sentence a rule.

use super::Names;
use super::phrases::{
    condition_said, effect_said, entry_said, on_reject_said, one_by_one, overdue_said, rule_said, short, span_said,
    wait_said, who_said, whos_said,
};
use crate::i18n::{Arg, Message, msg};
use crate::workflow::{
    AmountRule, DecisionOptions, Definition, DrafterIsApprover, HookAt, LoginNeed, Node, NodeKind, OnReturn, Opinion,
    SamePersonAgain, Way, WithdrawRule,
};

/// Every sentence of the procedure, in order.
pub fn sentences(definition: &Definition, names: Names<'_>) -> Vec<Message> {
    let mut said = opening(definition, names);
    sequence(&definition.nodes, names, None, &mut said);
    said.extend(definition.hooks.iter().map(|hook| {
        let effects = one_by_one(hook.effects.iter().map(|effect| effect_said(effect, names)));
        match hook.at {
            HookAt::Submitted => msg!("workflow.say.on_submitted", effects = effects),
            HookAt::Approved => msg!("workflow.say.on_approved", effects = effects),
            HookAt::Rejected => msg!("workflow.say.on_rejected", effects = effects),
            HookAt::Withdrawn => msg!("workflow.say.on_withdrawn", effects = effects),
            HookAt::Signed => msg!("workflow.say.on_signed", effects = effects),
            HookAt::Ended => msg!("workflow.say.on_ended", effects = effects),
        }
    }));
    said.extend(closing(definition, names));
    said
}

fn opening(definition: &Definition, names: Names<'_>) -> Vec<Message> {
    let mut said = vec![match &definition.takes {
        Some(takes) if takes.is_nothing() => msg!("workflow.say.takes_nothing"),
        Some(takes) => msg!("workflow.say.takes", condition = condition_said(takes, names)),
        None => msg!("workflow.say.takes_all"),
    }];
    said.push(match definition.amount {
        AmountRule::TotalWithSupplements => msg!("workflow.say.total_with_supplements"),
        AmountRule::OwnTotal => msg!("workflow.say.own_total"),
    });
    for need in &definition.needs {
        said.push(match &need.when {
            None => msg!("workflow.say.needs", file = &need.label),
            Some(when) => msg!("workflow.say.needs_if", condition = condition_said(when, names), file = &need.label),
        });
    }
    said
}

fn closing(definition: &Definition, names: Names<'_>) -> Vec<Message> {
    vec![
        match definition.drafter_is_approver {
            DrafterIsApprover::AskTheirManager => msg!("workflow.say.ask_their_manager"),
            DrafterIsApprover::Allow => msg!("workflow.say.allow_drafter"),
        },
        match definition.same_person_again {
            SamePersonAgain::AskAgain => msg!("workflow.say.ask_again"),
            SamePersonAgain::SkipIfNextToEachOther => msg!("workflow.say.skip_neighbour"),
        },
        msg!("workflow.say.nobody_found", people = who_said(&definition.nobody_found, names)),
        match definition.withdraw {
            WithdrawRule::BeforeFirstDecision => msg!("workflow.say.withdraw_early"),
            WithdrawRule::AnyTime => msg!("workflow.say.withdraw_any_time"),
        },
    ]
}

/// `under` says under which condition the sequence runs, where it runs under one.
fn sequence(nodes: &[Node], names: Names<'_>, under: Option<&Message>, said: &mut Vec<Message>) {
    for node in nodes {
        let when = node.when.as_ref().map(|when| condition_said(when, names));
        let under = match (under, when) {
            (Some(outer), Some(inner)) => Some(msg!("workflow.say.and", one = outer.clone(), other = inner)),
            (outer, inner) => inner.or_else(|| outer.cloned()),
        };
        match &node.kind {
            NodeKind::Branch { ways, inclusive } => branch(node, ways, *inclusive, names, under.as_ref(), said),
            NodeKind::Parallel { ways } => {
                said.push(conditional(
                    under.as_ref(),
                    msg!("workflow.say.parallel", title = &node.title, count = ways.len()),
                ));
                for way in ways {
                    sequence(way, names, under.as_ref(), said);
                }
            }
            NodeKind::Run { nodes, .. } => {
                said.push(conditional(under.as_ref(), step(node, names)));
                sequence(nodes, names, under.as_ref(), said);
            }
            _ => {
                let mut of_node = of_node(node, names).into_iter();
                said.extend(of_node.next().map(|first| conditional(under.as_ref(), first)));
                said.extend(of_node);
            }
        }
    }
}

fn conditional(under: Option<&Message>, sentence: Message) -> Message {
    match under {
        Some(condition) => msg!("workflow.say.if", condition = condition.clone(), sentence = sentence),
        None => sentence,
    }
}

fn branch(
    node: &Node,
    ways: &[Way],
    inclusive: bool,
    names: Names<'_>,
    under: Option<&Message>,
    said: &mut Vec<Message>,
) {
    if inclusive {
        said.push(conditional(under, msg!("workflow.say.every_way_that", title = &node.title)));
    }
    for way in ways {
        let own = match &way.condition {
            Some(condition) => condition_said(condition, names),
            None => msg!("workflow.say.otherwise"),
        };
        let condition = match under {
            Some(outer) => msg!("workflow.say.and", one = outer.clone(), other = own),
            None => own,
        };
        if way.nodes.is_empty() {
            said.push(conditional(Some(&condition), msg!("workflow.say.nothing_more")));
        }
        sequence(&way.nodes, names, Some(&condition), said);
    }
}

/// What a node does; of a branch, only that nothing is said here.
pub(in crate::workflow) fn step(node: &Node, names: Names<'_>) -> Message {
    let title = &node.title;
    match &node.kind {
        NodeKind::Approve { by, free_flow: false, .. } => {
            msg!("workflow.say.approve", title = title, people = who_said(by, names))
        }
        NodeKind::Approve { by, free_flow: true, .. } => {
            msg!("workflow.say.free_flow", title = title, people = who_said(by, names))
        }
        NodeKind::Countersign { entries, rule, .. } => {
            let entries: Arg = entries.iter().map(|entry| entry_said(entry, names)).collect();
            msg!("workflow.say.countersign", title = title, entries = entries, rule = rule_said(rule))
        }
        NodeKind::CopyTo { to } => msg!("workflow.say.copy_to", title = title, people = whos_said(to, names)),
        NodeKind::Wait { what, may_return, .. } if may_return.is_empty() => {
            msg!("workflow.say.wait", title = title, what = wait_said(what, names))
        }
        NodeKind::Wait { what, may_return, .. } => {
            msg!(
                "workflow.say.wait_may_return",
                title = title,
                what = wait_said(what, names),
                people = whos_said(may_return, names)
            )
        }
        NodeKind::Act { effects } => {
            let effects = one_by_one(effects.iter().map(|effect| effect_said(effect, names)));
            msg!("workflow.say.act", title = title, effects = effects)
        }
        NodeKind::Run { workflow, .. } => msg!("workflow.say.run", title = title, workflow = workflow),
        // Sequences within these are said one by one.
        NodeKind::Branch { .. } | NodeKind::Parallel { .. } => msg!("workflow.say.nothing_more"),
    }
}

/// What a node does and what is special about it.
pub(in crate::workflow) fn of_node(node: &Node, names: Names<'_>) -> Vec<Message> {
    let mut said = vec![step(node, names)];
    said.extend(node.kind.options().map(|options| details(node, options, names)).unwrap_or_default());
    said
}

/// What is special about a deciding node; what is as everywhere stays unsaid.
fn details(node: &Node, options: &DecisionOptions, names: Names<'_>) -> Vec<Message> {
    let title = &node.title;
    let mut said = Vec::new();
    if let NodeKind::Countersign { veto, .. } = &node.kind
        && !veto.is_empty()
    {
        said.push(msg!("workflow.say.veto", title = title, people = whos_said(veto, names)));
    }
    if let Some(within) = options.within {
        let steps = one_by_one(options.overdue.iter().map(|step| overdue_said(step, names)));
        said.push(if options.overdue.is_empty() {
            msg!("workflow.say.within", title = title, within = span_said(within))
        } else {
            msg!("workflow.say.within_steps", title = title, within = span_said(within), steps = steps)
        });
    }
    said.extend(
        on_reject_said(&options.on_reject).map(|back| msg!("workflow.say.on_reject", title = title, back = back)),
    );
    match options.on_return {
        OnReturn::AskOnlyAffected => {}
        OnReturn::AskAllBetween => said.push(msg!("workflow.say.ask_all_between", title = title)),
        OnReturn::StraightBack => said.push(msg!("workflow.say.straight_back", title = title)),
    }
    match &options.login {
        LoginNeed::LinkIsEnough => {}
        LoginNeed::Always => said.push(msg!("workflow.say.login_always", title = title)),
        LoginNeed::FromAmount { amount } => {
            said.push(msg!("workflow.say.login_from", title = title, amount = short(*amount)));
        }
    }
    match options.opinion {
        Opinion::OnReject => {}
        Opinion::Required => said.push(msg!("workflow.say.opinion_required", title = title)),
        Opinion::Optional => said.push(msg!("workflow.say.opinion_optional", title = title)),
    }
    if !options.may_see.is_empty() {
        let parts: Arg = options.may_see.iter().map(|path| names.part(path)).collect();
        said.push(msg!("workflow.say.may_see", title = title, parts = parts));
    }
    if !options.scope.is_empty() && options.scope != options.may_see {
        let scope: Arg = options.scope.iter().map(|path| names.part(path)).collect();
        said.push(msg!("workflow.say.scope", title = title, parts = scope));
    }
    if !options.may_edit.is_empty() {
        let parts: Arg = options.may_edit.iter().map(|path| names.part(path)).collect();
        said.push(msg!("workflow.say.may_edit", title = title, parts = parts));
    }
    said
}
