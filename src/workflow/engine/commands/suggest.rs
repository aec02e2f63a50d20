//! A change to a part of the document is proposed; the drafter takes it or declines it with a reason. In approval.

use super::super::super::{Event, Refusal, Sight, Status, Suggestion, SuggestionNumber, SuggestionOutcome, TaskNumber};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::{edit_content, only_in};
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
        None => {
            let person = draft.involved(actor)?;
            if !draft.sight(person).covers(path) {
                return Err(Refusal::CannotSuggest { path: path.to_owned() });
            }
            *actor
        }
        Some(number) => {
            let by = draft.asked(number, actor)?;
            let (_, options) = draft.decision_node(draft.task(number)?)?;
            let listed = options.may_suggest.iter().any(|prefix| within(path, prefix));
            let seen = Sight::of_options(options).covers(path);
            if !seen || (!listed && !options.may_suggest.is_empty()) {
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

/// What else differs in the content follows from what was suggested: the clause that shows a blank, a sum that is computed from it.
pub(super) fn take(
    draft: &mut Draft<'_>,
    actor: &Actor,
    number: SuggestionNumber,
    edited: &[String],
) -> Result<(), Refusal> {
    let part = &open(draft, actor, number)?.path;
    if !edited.is_empty() {
        only_in(draft, "edit", &[Status::InApproval])?;
        if !edited.iter().any(|path| within(path, part)) {
            return Err(Refusal::CannotSuggest { path: part.clone() });
        }
    }
    draft.push(Event::SuggestionTaken { suggestion: number, by: *actor });
    if !edited.is_empty() {
        edit_content::edited(draft, actor, edited);
    }
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
fn open<'a>(draft: &'a Draft<'_>, actor: &Actor, number: SuggestionNumber) -> Result<&'a Suggestion, Refusal> {
    draft.drafter_side(actor)?;
    let found = draft.case.suggestions.get(&number);
    found.filter(|one| one.outcome == SuggestionOutcome::Open).ok_or(Refusal::NoSuchSuggestion)
}
