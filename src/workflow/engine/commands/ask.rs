//! 问一下: somebody is asked something without returning the case; the wait is shown, nothing stops. By whoever has to do with the case.

use super::super::super::{Event, Refusal, TaskNumber};
use super::super::draft::Draft;
use super::super::entitle::said;
use crate::kernel::{Actor, UserId};

pub(super) fn run(
    draft: &mut Draft<'_>,
    actor: &Actor,
    task: Option<TaskNumber>,
    whom: UserId,
    text: &str,
) -> Result<(), Refusal> {
    let person = draft.involved(actor)?;
    let by = task.map_or(Ok(*actor), |task| draft.asked(task, actor))?;
    said(text)?;
    if whom == person || !draft.facts.directory.is_active(whom) {
        return Err(Refusal::CannotBeAsked { person: whom });
    }
    let question = draft.case.questions.keys().next_back().map_or(1, |last| last + 1);
    draft.push(Event::Asked { question, task, by, whom, text: text.to_owned() });
    Ok(())
}
