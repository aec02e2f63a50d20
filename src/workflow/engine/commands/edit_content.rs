//! The content changed while it is under approval: an edit that a node allows, or an administrator's. In approval. A suggestion that
//! the drafter takes brings its own edit.

use super::super::super::{Event, Refusal, Status};
use super::super::draft::Draft;
use super::only_in;
use crate::kernel::{Actor, UserId, manifest::within};

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, paths: &[String]) -> Result<(), Refusal> {
    only_in(draft, "edit", &[Status::InApproval])?;
    if let Some(person) = actor.user {
        draft.person(actor)?;
        may_edit(draft, actor, person, paths)?;
    }
    edited(draft, actor, paths);
    Ok(())
}

/// The content is another one: what was decided on these parts is void, and the case goes on from where it has to.
pub(super) fn edited(draft: &mut Draft<'_>, actor: &Actor, paths: &[String]) {
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
}

fn may_edit(draft: &Draft<'_>, actor: &Actor, person: UserId, paths: &[String]) -> Result<(), Refusal> {
    let covered = |by: &dyn Fn(&str) -> bool| !paths.is_empty() && paths.iter().all(|path| by(path));
    let at_task = draft.case.tasks.iter().filter(|(_, task)| task.open).any(|(number, task)| {
        let options = draft.decision_node(task).map(|(_, options)| options);
        draft.asked(*number, actor).is_ok()
            && options.is_ok_and(|options| covered(&|path| options.may_edit.iter().any(|prefix| within(path, prefix))))
    });
    if draft.administers(person) || at_task { Ok(()) } else { Err(Refusal::NotEntitled { person }) }
}
