//! 加签 and 减签: people who sign before, beside or after somebody who is asked, as part of the same vote. Open task, where the file
//! allows it. Only those who were added can be removed, and only before they have decided: whom the file asks it asks.

use super::super::super::{
    Allowance, Candidate, CloseReason, Event, NodeName, ReasonStep, Refusal, SignerNumber, SignerPlace, TaskNumber,
};
use super::super::draft::Draft;
use super::super::entitle::{allowed, options_of, said};
use super::wrong_state;
use crate::kernel::{Actor, UserId};

pub(super) fn add(
    draft: &mut Draft<'_>,
    actor: &Actor,
    number: TaskNumber,
    people: &[UserId],
    place: SignerPlace,
    reason: &str,
) -> Result<(), Refusal> {
    let by = draft.asked(number, actor)?;
    let (node, options) = draft.own_task(number, "add")?;
    let opened = &draft.task(number)?.opened;
    if opened.free_flow {
        return Err(Refusal::NotAllowed { command: "add", node: node.name.clone() });
    }
    allowed(node, options, Allowance::Add, "add")?;
    said(reason)?;
    let step = ReasonStep::AddedBy { name: draft.facts.directory.name(draft.person(actor)?) };
    let mut added: Vec<Candidate> = Vec::new();
    for person in people {
        let known = draft.wanted(&node.name, opened.entry).any(|(_, one)| one.candidate.principal() == *person);
        if known || added.iter().any(|one| one.person == *person) {
            return Err(Refusal::CannotBeAsked { person: *person });
        }
        added.push(draft.addition(number, *person, node, step.clone())?);
    }
    if added.is_empty() {
        return Err(Refusal::PeopleNotChosen { node: node.name.clone() });
    }
    let (node, people, reason) = (node.name.clone(), added, reason.to_owned());
    draft.push(Event::SignersAdded { node, task: number, by, place, people, reason });
    draft.advance();
    Ok(())
}

pub(super) fn remove(
    draft: &mut Draft<'_>,
    actor: &Actor,
    node: &NodeName,
    number: SignerNumber,
    reason: &str,
) -> Result<(), Refusal> {
    let person = draft.person(actor)?;
    if !draft.running() {
        return wrong_state(draft, "remove");
    }
    let signer = draft.case.signer(node, number).filter(|one| !one.removed).ok_or(Refusal::NoSuchSigner)?.clone();
    let declared = draft.node_named(node)?;
    if !draft.administers(person) {
        if signer.by.user != Some(person) {
            return Err(Refusal::NotEntitled { person });
        }
        allowed(declared, options_of(declared)?, Allowance::Remove, "remove")?;
    }
    said(reason)?;
    if let Some(given) = draft.signature(node, signer.entry, Some(number)) {
        return Err(Refusal::NodeClosed { node: node.clone(), by: given.decided.by.and_then(|by| by.user) });
    }
    draft.no_longer_wanted(actor, node, number, reason);
    draft.advance();
    Ok(())
}

impl Draft<'_> {
    /// Removes somebody who was added, and those whom they added in turn and who have not decided.
    pub(super) fn no_longer_wanted(&mut self, actor: &Actor, node: &NodeName, number: SignerNumber, reason: &str) {
        let Some(entry) = self.case.signer(node, number).map(|signer| signer.entry) else { return };
        let theirs: Vec<_> = self
            .wanted(node, entry)
            .filter(|(other, one)| one.to == Some(number) && self.signed(node, entry, Some(*other)).is_none())
            .map(|(other, _)| other)
            .collect();
        for other in theirs {
            self.no_longer_wanted(actor, node, other, reason);
        }
        let (by, node, reason) = (*actor, node.clone(), reason.to_owned());
        let asked = self.open_tasks(&node).find(|(_, task)| task.opened.signer == Some(number));
        let asked = asked.map(|(task, _)| task);
        self.push(Event::SignerRemoved { node, signer: number, by, reason });
        if let Some(task) = asked {
            self.push(Event::TaskClosed { task, because: CloseReason::Removed });
        }
    }
}
