//! The answer to a question, once, by whoever was asked. In every state.

use super::super::super::{Event, QuestionNumber, Refusal};
use super::super::draft::Draft;
use super::super::entitle::said;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, number: QuestionNumber, text: &str) -> Result<(), Refusal> {
    let person = draft.person(actor)?;
    let open = draft.case.questions.get(&number).is_some_and(|one| one.whom == person && one.answer.is_none());
    if !open {
        return Err(Refusal::NoSuchQuestion);
    }
    said(text)?;
    draft.push(Event::Answered { question: number, by: *actor, text: text.to_owned() });
    Ok(())
}
