//! A change to a part of the document is proposed; the drafter takes it or declines it with a reason. In approval.

use super::super::super::{Event, Refusal, Status, SuggestionNumber, SuggestionOutcome, TaskNumber};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::only_in;
use crate::kernel::{Actor, manifest::within};

pub(super) fn propose(
    draft: &mut Draft<'_>,
    actor: &Actor,
    task: Option<TaskNumber>,
    path: &str,
    text: &str,
    reason: &str,
) -> Result<(), Refusal> {
    only_in(draft, "suggest", &[Status::InApproval])?;
    let by = match task {
        None => draft.involved(actor).map(|_| *actor)?,
        Some(number) => {
            let by = draft.asked(number, actor)?;
            let (_, options) = draft.decision_node(draft.task(number)?)?;
            let listed = options.may_suggest.iter().any(|prefix| within(path, prefix));
            if !listed && !options.may_suggest.is_empty() {
                return Err(Refusal::CannotSuggest { path: path.to_owned() });
            }
            by
        }
    };
    said(reason)?;
    let suggestion = draft.case.suggestions.keys().next_back().map_or(1, |last| last + 1);
    let (path, text, reason) = (path.to_owned(), text.to_owned(), reason.to_owned());
    draft.push(Event::Suggested { suggestion, task, by, path, text, reason });
    Ok(())
}

pub(super) fn take(draft: &mut Draft<'_>, actor: &Actor, number: SuggestionNumber) -> Result<(), Refusal> {
    open(draft, actor, number)?;
    draft.push(Event::SuggestionTaken { suggestion: number, by: *actor });
    Ok(())
}

pub(super) fn decline(
    draft: &mut Draft<'_>,
    actor: &Actor,
    number: SuggestionNumber,
    reason: &str,
) -> Result<(), Refusal> {
    open(draft, actor, number)?;
    said(reason)?;
    draft.push(Event::SuggestionDeclined { suggestion: number, by: *actor, reason: reason.to_owned() });
    Ok(())
}

/// An open suggestion that this person may settle. Also after a return, while the drafter works on the record.
fn open(draft: &Draft<'_>, actor: &Actor, number: SuggestionNumber) -> Result<(), Refusal> {
    draft.drafter_side(actor)?;
    let found = draft.case.suggestions.get(&number);
    if found.is_some_and(|one| one.outcome == SuggestionOutcome::Open) {
        Ok(())
    } else {
        Err(Refusal::NoSuchSuggestion)
    }
}
