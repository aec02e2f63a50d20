//! 离职交接: everything that somebody holds in the case goes to somebody else: tasks, votes of later steps, questions. By themselves or
//! an administrator, until the case is over. What they decided stays theirs.

use super::super::super::{Candidate, Case, Event, Refusal};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::wrong_state;
use crate::kernel::{Actor, UserId};

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, from: UserId, to: UserId, reason: &str) -> Result<(), Refusal> {
    if draft.case.status.over() {
        return wrong_state(draft, "take_over");
    }
    let person = draft.person(actor)?;
    if person != from && !draft.administers(person) {
        return Err(Refusal::NotEntitled { person });
    }
    said(reason)?;
    if from == to || !draft.facts.directory.is_active(to) || draft.may_not_decide(to) {
        return Err(Refusal::CannotBeAsked { person: to });
    }
    if holds(&draft.case, from) {
        let (name, reason) = (draft.facts.directory.name(from), reason.to_owned());
        draft.push(Event::TakenOver { by: *actor, from, name, to, reason });
        draft.advance();
    }
    Ok(())
}

/// Whether a person could still do something.
fn holds(case: &Case, person: UserId) -> bool {
    let theirs = |people: &[Candidate]| people.iter().any(|one| one.principal() == person || one.person == person);
    let asked =
        case.tasks.values().filter(|task| task.open || task.stands_back).any(|task| {
            theirs(&task.opened.candidates) || task.delegated.as_ref().is_some_and(|one| theirs(&one.back_to))
        });
    let voting = case
        .nodes
        .values()
        .any(|node| theirs(&node.may_return) || node.votes.iter().any(|vote| theirs(&vote.candidates)));
    let added = case.signers.values().flatten().any(|one| one.candidate.principal() == person);
    let chosen = case.chosen.values().flatten().any(|one| *one == person);
    let questioned = case.questions.values().any(|one| one.whom == person && one.answer.is_none());
    asked || voting || added || chosen || questioned
}
