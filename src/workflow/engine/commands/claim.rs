//! 签收 of a task of several people: it is in one person's hands until they give it back. Open task.

use super::super::super::{Event, Refusal, TaskNumber};
use super::super::draft::Draft;
use crate::kernel::Actor;

pub(super) fn take(draft: &mut Draft<'_>, actor: &Actor, task: TaskNumber) -> Result<(), Refusal> {
    let by = draft.asked(task, actor)?;
    if draft.task(task)?.claimed == by.user {
        return Err(Refusal::ClaimedAlready);
    }
    draft.push(Event::TaskClaimed { task, by });
    Ok(())
}

pub(super) fn give_back(draft: &mut Draft<'_>, actor: &Actor, task: TaskNumber) -> Result<(), Refusal> {
    let by = draft.asked(task, actor)?;
    if draft.task(task)?.claimed.is_none() {
        return Err(Refusal::NotClaimed);
    }
    draft.push(Event::TaskReleased { task, by });
    Ok(())
}
