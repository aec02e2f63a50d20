//! 催办: the drafter's side reminds the people of a task, at most once in four hours. Open task.

use std::time::Duration;

use super::super::super::{Event, Refusal, TaskNumber};
use super::super::draft::Draft;
use crate::kernel::Actor;

/// How long a task is left alone after it was urged.
const AGAIN_AFTER: Duration = Duration::from_hours(4);

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, number: TaskNumber) -> Result<(), Refusal> {
    draft.drafter_side(actor)?;
    let task = draft.open_task(number)?;
    if task.urged.is_some_and(|urged| draft.facts.now.since(urged) < AGAIN_AFTER) {
        return Err(Refusal::UrgedAlready);
    }
    let people = task.opened.candidates.iter().map(|one| one.person).collect();
    draft.push(Event::Reminded { task: number, people, by: Some(*actor) });
    Ok(())
}
