//! The content changed while it is under approval: a suggestion that the drafter took, an edit that a node allows, or an
//! administrator's. In approval.

use super::super::super::{Event, Refusal, Status, SuggestionOutcome};
use super::super::draft::Draft;
use super::only_in;
use crate::kernel::{Actor, UserId, manifest::within};

/// The role whose holders may mend what is under approval.
const ADMINISTRATOR: &str = "administrator";

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, paths: &[String]) -> Result<(), Refusal> {
    only_in(draft, "edit", &[Status::InApproval])?;
    if let Some(person) = actor.user {
        draft.person(actor)?;
        may_edit(draft, actor, person, paths)?;
    }
    let counted = draft.counts();
    let subject = &draft.given().subject;
    draft.push(Event::ContentEdited {
        by: *actor,
        paths: paths.to_vec(),
        content: draft.scope_hash(&[]),
        amount: subject.approval_amount,
        without_ceiling: subject.without_ceiling,
    });
    draft.void_touched(paths);
    draft.go_back_where_moved(&counted);
    draft.advance();
    Ok(())
}

fn may_edit(draft: &Draft<'_>, actor: &Actor, person: UserId, paths: &[String]) -> Result<(), Refusal> {
    let directory = &draft.facts.directory;
    let administers = directory.people.get(&person).is_some_and(|one| one.roles.contains(ADMINISTRATOR));
    let covered = |by: &dyn Fn(&str) -> bool| !paths.is_empty() && paths.iter().all(|path| by(path));
    let taken = |path: &str| {
        let mut taken = draft.case.suggestions.values().filter(|one| one.outcome == SuggestionOutcome::Taken);
        taken.any(|one| within(path, &one.path))
    };
    let at_task = draft.case.tasks.iter().filter(|(_, task)| task.open).any(|(number, task)| {
        let options = draft.decision_node(task).map(|(_, options)| options);
        draft.asked(*number, actor).is_ok()
            && options.is_ok_and(|options| covered(&|path| options.may_edit.iter().any(|prefix| within(path, prefix))))
    });
    // What else differs follows from what was suggested: the clause that shows a blank, a sum that is computed from it.
    let by_drafter = draft.drafter_side(actor).is_ok() && paths.iter().any(|path| taken(path));
    if administers || at_task || by_drafter { Ok(()) } else { Err(Refusal::NotEntitled { person }) }
}
