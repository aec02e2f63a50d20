//! Something happened outside: a wait's event, or an event of the subject whose effects the file names, once each; the latter also
//! after the case has ended.

use super::super::super::{Event, Refusal, Stage, Status};
use super::super::draft::Draft;
use super::wrong_state;
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, name: &str) -> Result<(), Refusal> {
    let case = &draft.case;
    let waiting: Vec<_> = case
        .nodes
        .iter()
        .filter(|(_, state)| {
            draft.running() && state.stage == Stage::Active && state.waits_for.as_deref() == Some(name)
        })
        .map(|(node, _)| node.clone())
        .collect();
    let approved = matches!(case.status, Status::Approved | Status::Ended);
    let hook = draft.hook_of(name).filter(|_| approved && !case.outside.contains(name));
    if waiting.is_empty() && hook.is_none() {
        return match case.status {
            Status::Rejected | Status::Withdrawn => wrong_state(draft, "outside_event"),
            _ => Err(Refusal::NotAwaited { name: name.to_owned() }),
        };
    }
    draft.push(Event::OutsideEvent { name: name.to_owned(), by: *actor });
    for node in waiting {
        draft.push(Event::NodePassed { node });
    }
    if let Some(hook) = hook {
        draft.hook(hook);
    }
    draft.advance();
    Ok(())
}
