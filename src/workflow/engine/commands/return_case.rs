//! 退回: to the drafter, the deciding node before, or a named one; the case stays open. At an open task, or while the case waits and
//! the wait names people who may.

use super::super::super::{Choice, Decided, Event, Node, NodeKind, Refusal, ReturnTo, Stage, Verdict};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::super::tree;
use super::decide::{may_decide, shown};
use super::wrong_state;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, verdict: &Verdict, to: &ReturnTo) -> Result<(), Refusal> {
    let Some(number) = verdict.task else {
        let (node, by) = may_return(draft, actor, verdict)?;
        reachable(draft, node, to)?;
        draft.send_back(node, to.clone(), Some(by), verdict.opinion.clone(), Vec::new());
        draft.advance();
        return Ok(());
    };
    draft.open_task(number)?;
    draft.own_task(number, "return")?;
    let (node, by) = may_decide(draft, actor, verdict, number, Choice::Return)?;
    reachable(draft, node, to)?;
    let opened = draft.task(number)?.opened.clone();
    let decided = draft.decided(number, &opened, Some(by), Choice::Return);
    let decision = decided.decision;
    draft.push(Event::Decided(Decided { opinion: verdict.opinion.clone(), path: verdict.path.clone(), ..decided }));
    draft.send_back(node, to.clone(), Some(by), verdict.opinion.clone(), vec![decision]);
    draft.advance();
    Ok(())
}

/// A wait's people end the case.
pub(super) fn reject_while_waiting(draft: &mut Draft<'_>, actor: &Actor, verdict: &Verdict) -> Result<(), Refusal> {
    let (node, by) = may_return(draft, actor, verdict)?;
    draft.reject_case(Some(by), Some(node.name.clone()), verdict.opinion.clone());
    Ok(())
}

/// The open wait at which this person may interfere.
fn may_return<'a>(draft: &Draft<'a>, actor: &Actor, verdict: &Verdict) -> Result<(&'a Node, Actor), Refusal> {
    if !draft.running() {
        return wrong_state(draft, "return");
    }
    let person = draft.person(actor)?;
    let definition = draft.definition;
    let theirs = |node: &&Node| {
        let waits = matches!(node.kind, NodeKind::Wait { .. });
        let state = draft.state(node).filter(|state| waits && state.stage == Stage::Active);
        state.is_some_and(|state| state.may_return.iter().any(|one| one.person == person))
    };
    let node = tree::all(&definition.nodes).into_iter().find(theirs).ok_or(Refusal::NotEntitled { person })?;
    shown(draft, verdict)?;
    said(&verdict.opinion)?;
    Ok((node, *actor))
}

/// A named node must have decided on the way to this one.
fn reachable(draft: &Draft<'_>, from: &Node, to: &ReturnTo) -> Result<(), Refusal> {
    let ReturnTo::Node { node: name } = to else { return Ok(()) };
    let passed = |node: &Node| node.name == *name && node.kind.decides() && draft.stage(node) == Some(Stage::Passed);
    if tree::upstream(&draft.definition.nodes, &from.name).into_iter().any(passed) {
        Ok(())
    } else {
        Err(Refusal::CannotReturnTo { node: name.clone() })
    }
}
