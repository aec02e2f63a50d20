//! Questions, suggestions and copies by hand.

use super::super::super::{Case, Event, Question, Suggestion, SuggestionOutcome};
use crate::kernel::Timestamp;

pub(super) fn on_talk(case: &mut Case, event: &Event, at: Timestamp) {
    match event {
        Event::Asked { question, task, by, whom, text } => {
            let asked = Question { by: *by, whom: *whom, task: *task, text: text.clone(), at, answer: None };
            case.questions.insert(*question, asked);
        }
        Event::Answered { question, text, .. } => {
            if let Some(question) = case.questions.get_mut(question) {
                question.answer = Some(text.clone());
            }
        }
        Event::Suggested { suggestion, by, path, text, reason, .. } => {
            let (path, text, reason) = (path.clone(), text.clone(), reason.clone());
            let suggested = Suggestion { by: *by, path, text, reason, at, outcome: SuggestionOutcome::Open };
            case.suggestions.insert(*suggestion, suggested);
        }
        Event::SuggestionTaken { suggestion, .. } => {
            if let Some(suggestion) = case.suggestions.get_mut(suggestion) {
                suggestion.outcome = SuggestionOutcome::Taken;
            }
        }
        Event::SuggestionDeclined { suggestion, reason, .. } => {
            if let Some(suggestion) = case.suggestions.get_mut(suggestion) {
                suggestion.outcome = SuggestionOutcome::Declined { reason: reason.clone() };
            }
        }
        Event::CopiedByHand { people, .. } => {
            for person in people {
                case.copied_by_hand.entry(*person).or_default();
            }
        }
        _ => {}
    }
}
