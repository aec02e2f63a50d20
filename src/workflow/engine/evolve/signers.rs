//! People who were added (加签) or removed (减签), and people who took over from somebody who left.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::{Candidate, Case, Event, NodeName, ReasonStep, Signer};
use super::nodes::mended;
use crate::kernel::UserId;

pub(super) fn on_signers(case: &mut Case, event: &Event) {
    match event {
        Event::SignersAdded { node, task, by, place, people, reason } => {
            let Some(opened) = case.tasks.get(task).map(|task| &task.opened) else { return };
            let (entry, to) = (opened.entry, opened.signer);
            let added = people.iter().map(|candidate| Signer {
                candidate: candidate.clone(),
                entry,
                to,
                place: *place,
                by: *by,
                reason: reason.clone(),
                removed: false,
            });
            case.signers.entry(node.clone()).or_default().extend(added);
        }
        Event::SignerRemoved { node, signer, .. } => {
            if let Some(signer) = case.signer_mut(node, *signer) {
                signer.removed = true;
            }
        }
        _ => {}
    }
}

/// Everything that a person could still do goes to somebody else; what they decided stays theirs.
pub(super) fn take_over(case: &mut Case, from: UserId, name: &str, to: UserId) {
    let step = ReasonStep::TakenOverFrom { name: name.to_owned() };
    let handed = |people: &mut Vec<Candidate>| replace(people, from, to, &step);
    let mut moved: BTreeSet<NodeName> = BTreeSet::new();
    for task in case.tasks.values_mut().filter(|task| task.open || task.stands_back) {
        let mut here = handed(&mut task.opened.candidates);
        if let Some(delegation) = &mut task.delegated {
            here |= handed(&mut delegation.back_to);
        }
        if here {
            task.claimed = task.claimed.filter(|by| *by != from);
            moved.insert(task.opened.node.clone());
        }
    }
    for (name, node) in Arc::make_mut(&mut case.nodes) {
        let node = Arc::make_mut(node);
        let mut here = handed(&mut node.may_return);
        for vote in &mut node.votes {
            here |= handed(&mut vote.candidates);
        }
        if let Some(holder) = node.veto.iter_mut().find(|holder| **holder == from) {
            *holder = to;
        }
        if here {
            moved.insert(name.clone());
        }
    }
    for signer in case.signers.values_mut().flatten() {
        let mut one = vec![signer.candidate.clone()];
        if handed(&mut one) {
            signer.candidate = one.swap_remove(0);
        }
    }
    for person in case.chosen.values_mut().flatten().filter(|person| **person == from) {
        *person = to;
    }
    for question in case.questions.values_mut().filter(|one| one.whom == from && one.answer.is_none()) {
        question.whom = to;
    }
    for node in moved {
        mended(case, &node);
    }
}

/// Whether somebody stood there. Where they acted as a deputy, the other acts for the same person.
fn replace(people: &mut Vec<Candidate>, from: UserId, to: UserId, step: &ReasonStep) -> bool {
    let stands = |one: &Candidate| one.principal() == from || one.person == from;
    if !people.iter().any(stands) {
        return false;
    }
    let known = people.iter().any(|one| one.principal() == to);
    if known && people.len() > 1 && people.iter().any(|one| one.principal() == from) {
        people.retain(|one| one.principal() != from);
        // Whoever was asked already is asked for this reason, too.
        for one in people.iter_mut().filter(|one| one.principal() == to) {
            Arc::make_mut(&mut one.because).steps.push(step.clone());
        }
    }
    for one in people.iter_mut().filter(|one| stands(one)) {
        one.deputy_for = one.deputy_for.filter(|principal| *principal != from && *principal != to);
        one.person = to;
        Arc::make_mut(&mut one.because).steps.push(step.clone());
    }
    true
}
