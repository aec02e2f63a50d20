//! Nodes: who decides, branches, waits, copies, acts.

use rhai::Dynamic;

use super::options::overdue;
use super::{Word, bands, decision};
use crate::i18n::msg;
use crate::kernel::Span;
use crate::workflow::engine::all_nodes;
use crate::workflow::language::call::{Arg, Call, listed};
use crate::workflow::language::fault::Finding;
use crate::workflow::language::options::Options;
use crate::workflow::language::values::{Broken, ChosenByApprover, EntryDraft, NodeHandle, WayDraft};
use crate::workflow::{CountRule, Definition, Node, NodeKind, Overdue, Place, WaitFor, Way};

pub(super) const WORDS: &[Word] = &[
    Word::file("approve", &[0, 1, 2], approve),
    Word::file("countersign", &[2], countersign),
    Word::file("branch", &[2, 3], |call| branch(call, false)),
    Word::file("every_way_that", &[2, 3], |call| branch(call, true)),
    Word::file("way", &[3], way),
    Word::file("otherwise", &[1], otherwise),
    Word::file("by_amount", &[2, 3], bands::by_amount),
    Word::file("below", &[2], bands::below),
    Word::file("between", &[3], bands::between),
    Word::file("from", &[2], bands::from),
    Word::file("parallel", &[2, 3], parallel),
    Word::file("copy_to", &[2], copy_to),
    Word::file("wait", &[2, 3], wait),
    Word::file("act", &[2, 3], act),
    Word::file("run", &[2, 3], run),
];

/// How many nodes a file may take from others.
const MOST_NODES: usize = 500;

/// What every node has.
pub(super) struct Head {
    pub(super) name: String,
    /// What it is called where no `title` stands.
    pub(super) title: String,
    pub(super) name_place: Place,
    pub(super) options: Options,
}

/// The name and the options of a node.
pub(super) fn head(call: &mut Call<'_>, options: usize) -> Option<Head> {
    let (name, options) = (call.arg(0), call.arg(options));
    let name_place = name.as_ref().map_or(call.place, |name| name.place);
    let name = call.text(name);
    let options = Options::of(call, options.as_ref());
    if let Some(name) = &name
        && !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    {
        call.fault(Finding::error(name_place, msg!("workflow.fault.bad_node_name", name = name)));
    }
    let name = name.unwrap_or_default();
    Some(Head { title: name.clone(), name, name_place, options })
}

/// Declares the node with the options that every node has: `title` and `when`.
pub(super) fn declare(call: &mut Call<'_>, mut head: Head, kind: Option<NodeKind>) -> Option<Dynamic> {
    let title = head.options.take(call, "title");
    let title = if title.is_some() { call.text(title) } else { None };
    let when = head.options.take(call, "when");
    let when = call.condition(when);
    head.options.finish(call);
    let kind = kind?;
    if head.name.is_empty() {
        return None;
    }
    let node = Node { title: title.unwrap_or(head.title), name: head.name, place: call.place, when, kind };
    call.loading.as_mut().map(|loading| Dynamic::from(loading.declare(node, head.name_place)))
}

/// `approve(name, #{…})`, and the step `approve()` of `overdue`.
fn approve(call: &mut Call<'_>) -> Option<Dynamic> {
    match call.count() {
        0 => return overdue(call, Overdue::Approve { because: String::new() }),
        1 => {
            call.fault(Finding::error(
                call.place,
                msg!("workflow.fault.missing_option", word = "approve", option = "by"),
            ));
            return None;
        }
        _ => {}
    }
    let mut head = head(call, 1)?;
    let by = head.options.need(call, "by");
    let entry = by
        .as_ref()
        .and_then(|by| by.items().iter().chain([by]).find(|item| item.value.is::<EntryDraft>()).map(|item| item.place));
    let by = match entry {
        Some(place) => {
            call.fault(
                Finding::error(place, msg!("workflow.fault.entry_in_approve"))
                    .hint(msg!("workflow.hint.entry_in_approve")),
            );
            None
        }
        None => call.who(by),
    };
    let next = head.options.take(call, "next");
    let free_flow = call.own::<ChosenByApprover>(next, msg!("workflow.kind.chosen_by_approver")).is_some();
    let options = decision::options(call, &mut head.options);
    let kind = by.map(|by| NodeKind::Approve { by, free_flow, options });
    declare(call, head, kind)
}

fn countersign(call: &mut Call<'_>) -> Option<Dynamic> {
    let mut head = head(call, 1)?;
    let by = head.options.need(call, "by");
    let by_place = by.as_ref().map_or(call.place, |by| by.place);
    let mut entries: Vec<EntryDraft> = Vec::new();
    for item in listed(by) {
        if item.value.is::<crate::workflow::Who>() || item.value.is_fnptr() {
            call.fault(
                Finding::error(item.place, msg!("workflow.fault.bare_role")).hint(msg!("workflow.hint.bare_role")),
            );
        } else {
            entries.extend(call.own::<EntryDraft>(Some(item), msg!("workflow.kind.entry")));
        }
    }
    let rule = head.options.take(call, "rule");
    let rule = call.own(rule, msg!("workflow.kind.rule"));
    let (entries, rule) = decision::counted(call, entries, rule);
    let veto = head.options.take(call, "veto");
    let veto = call.whos(veto);
    let options = decision::options(call, &mut head.options);
    if entries.is_empty() && !call.findings.iter().any(|finding| finding.place >= by_place) {
        call.fault(Finding::error(by_place, msg!("workflow.fault.nobody_named", word = "by")));
    }
    let kind = (!entries.is_empty()).then_some(NodeKind::Countersign {
        entries,
        rule: rule.unwrap_or(CountRule::All),
        veto,
        options,
    });
    declare(call, head, kind)
}

/// The nodes in an argument: one, or a list.
pub(super) fn nodes(call: &mut Call<'_>, arg: Option<Arg>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for item in listed(arg) {
        let place = item.place;
        if let Some(handle) = call.own::<NodeHandle>(Some(item), msg!("workflow.kind.node"))
            && let Some(loading) = call.loading.as_mut()
        {
            nodes.extend(loading.adopt(handle, place));
        }
    }
    let Some(loading) = call.loading.as_ref() else { return nodes };
    let last = nodes.last().filter(|last| loading.beside.contains(&last.name));
    let finding = last.map(|last| {
        let problem = msg!("workflow.fault.nothing_beside", name = &last.name);
        Finding::warning(last.place, problem).hint(msg!("workflow.hint.nothing_beside"))
    });
    let nodes = loading.side_by_side(nodes);
    call.findings.extend(finding);
    nodes
}

fn way(call: &mut Call<'_>) -> Option<Dynamic> {
    let (name, condition, list) = (call.arg(0), call.arg(1), call.arg(2));
    let name = call.text(name);
    let condition = call.condition(condition);
    let nodes = nodes(call, list);
    Some(Dynamic::from(WayDraft { name: name?, place: call.place, condition: Some(condition?), nodes }))
}

fn otherwise(call: &mut Call<'_>) -> Option<Dynamic> {
    let list = call.arg(0);
    let nodes = nodes(call, list);
    Some(Dynamic::from(WayDraft { name: "otherwise".to_owned(), place: call.place, condition: None, nodes }))
}

fn branch(call: &mut Call<'_>, inclusive: bool) -> Option<Dynamic> {
    let ways = call.arg(1);
    let head = head(call, 2)?;
    let ways_place = ways.as_ref().map_or(call.place, |ways| ways.place);
    let items = listed(ways);
    let broken = items.iter().any(|item| item.value.is::<Broken>());
    let drafts: Vec<WayDraft> =
        items.into_iter().filter_map(|item| call.own(Some(item), msg!("workflow.kind.way"))).collect();
    if drafts.is_empty() && !broken {
        call.fault(Finding::error(ways_place, msg!("workflow.fault.no_ways", word = call.word)));
    }
    let last = drafts.len().saturating_sub(1);
    let mut ways: Vec<Way> = Vec::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        if draft.condition.is_none() && index != last {
            call.fault(Finding::error(draft.place, msg!("workflow.fault.otherwise_last")));
        }
        if ways.iter().any(|way| way.name == draft.name) {
            call.fault(Finding::error(draft.place, msg!("workflow.fault.duplicate_way", name = &draft.name)));
        }
        ways.push(Way { name: draft.name, condition: draft.condition, band: None, nodes: draft.nodes });
    }
    let kind = (!ways.is_empty()).then_some(NodeKind::Branch { ways, inclusive });
    declare(call, head, kind)
}

fn parallel(call: &mut Call<'_>) -> Option<Dynamic> {
    let ways = call.arg(1);
    let head = head(call, 2)?;
    let place = ways.as_ref().map_or(call.place, |ways| ways.place);
    let ways: Vec<Vec<Node>> = listed(ways).into_iter().map(|way| nodes(call, Some(way))).collect();
    if ways.len() < 2 || ways.iter().any(Vec::is_empty) {
        call.fault(Finding::error(place, msg!("workflow.fault.parallel_ways")));
    }
    declare(call, head, Some(NodeKind::Parallel { ways }))
}

fn copy_to(call: &mut Call<'_>) -> Option<Dynamic> {
    let mut head = head(call, 1)?;
    let to = head.options.need(call, "to");
    let to = call.whos(to);
    let kind = (!to.is_empty()).then_some(NodeKind::CopyTo { to });
    declare(call, head, kind)
}

fn wait(call: &mut Call<'_>) -> Option<Dynamic> {
    let what = call.arg(1);
    let mut head = head(call, 2)?;
    let what = what.and_then(|what| match what.value.clone().try_cast::<Span>() {
        Some(span) => Some(WaitFor::Span { span }),
        None => call.own::<WaitFor>(Some(what), msg!("workflow.kind.wait")),
    });
    let may_return = head.options.take(call, "may_return");
    let may_return = call.whos(may_return);
    let on_return = decision::on_return(call, &mut head.options);
    declare(call, head, what.map(|what| NodeKind::Wait { what, may_return, on_return }))
}

fn act(call: &mut Call<'_>) -> Option<Dynamic> {
    let effects = call.arg(1);
    let head = head(call, 2)?;
    let effects = call.effects(effects);
    declare(call, head, Some(NodeKind::Act { effects }))
}

/// `run(name, workflow, #{…})`: the nodes of another workflow (子流程).
fn run(call: &mut Call<'_>) -> Option<Dynamic> {
    let workflow = call.arg(1);
    let mut head = head(call, 2)?;
    let place = workflow.as_ref().map_or(call.place, |workflow| workflow.place);
    let workflow = call.text(workflow);
    let waits = head.options.take(call, "waits");
    let alone = call.yes(waits) == Some(false);
    let loading = call.loading.as_mut()?;
    let used = workflow.as_ref().and_then(|name| loading.shelf().get(name)).cloned();
    if alone {
        loading.beside.insert(head.name.clone());
    }
    let Some(used) = used else {
        if let Some(name) = workflow {
            let names: Vec<String> = loading.shelf().names().map(str::to_owned).collect();
            let finding = Finding::error(place, msg!("workflow.fault.unknown_workflow", name = &name));
            call.fault(finding.did_you_mean(&name, names.iter().map(String::as_str)));
        }
        return declare(call, head, None);
    };
    let nodes = loading.take_in(&head.name, &used);
    loading.taken_in += all_nodes(&nodes).len();
    if loading.taken_in > MOST_NODES {
        call.fault(Finding::error(place, msg!("workflow.fault.run_too_large", name = &head.name, most = MOST_NODES)));
        return declare(call, head, None);
    }
    let Definition { name: workflow, version, file, title, .. } = used.definition;
    head.title = title;
    declare(call, head, Some(NodeKind::Run { workflow, version, file, nodes }))
}
