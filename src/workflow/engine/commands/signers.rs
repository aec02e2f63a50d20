//! 加签 and 减签: people who sign before, beside or after somebody who is asked, as part of the same vote. Open task, where the file
//! allows it. Only those who were added can be removed, and only before they have decided: whom the file asks it asks.

use super::super::super::{
    Allowance, Candidate, CloseReason, Event, NodeName, ReasonStep, Refusal, Signer, SignerNumber, SignerPlace,
    TaskNumber,
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
        let mut candidate = draft.somebody_else(number, *person, node, step.clone())?;
        (candidate.person, candidate.deputy_for) = (*person, None);
        candidate.because.steps.truncate(1);
        added.push(candidate);
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
    let signer = draft.signer(node, number).filter(|one| !one.removed).ok_or(Refusal::NoSuchSigner)?.clone();
    let declared = draft.node_named(node)?;
    if !draft.administers(person) {
        if signer.by.user != Some(person) {
            return Err(Refusal::NotEntitled { person });
        }
        allowed(declared, options_of(declared)?, Allowance::Remove, "remove")?;
    }
    said(reason)?;
    if draft.signed(node, signer.entry, Some(number)).is_some() {
        return Err(Refusal::NodeClosed { node: node.clone(), by: draft.signed_by(node, number) });
    }
    draft.no_longer_wanted(actor, node, number, reason);
    draft.advance();
    Ok(())
}

impl Draft<'_> {
    /// Those who were added to a vote and are wanted still.
    fn wanted<'s>(&'s self, node: &str, entry: u32) -> impl Iterator<Item = (SignerNumber, &'s Signer)> {
        let added = self.case.signers.get(node).map(Vec::as_slice).unwrap_or_default();
        (1..).zip(added).filter(move |(_, one)| one.entry == entry && !one.removed)
    }

    /// Who gave a signature that counts.
    fn signed_by(&self, node: &str, signer: SignerNumber) -> Option<UserId> {
        let theirs = |task: TaskNumber| {
            self.case
                .tasks
                .get(&task)
                .is_some_and(|task| task.opened.signer == Some(signer) && task.opened.node == node)
        };
        let given = self.counting(node).find(|(_, one)| one.counts_for.is_some_and(theirs));
        given.and_then(|(_, one)| one.decided.by?.user)
    }

    /// Removes somebody who was added, and those whom they added in turn and who have not decided.
    fn no_longer_wanted(&mut self, actor: &Actor, node: &NodeName, number: SignerNumber, reason: &str) {
        let Some(entry) = self.signer(node, number).map(|signer| signer.entry) else { return };
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
