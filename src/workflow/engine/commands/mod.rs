//! One file a command, each with the states that accept it.

mod answer;
mod ask;
mod claim;
mod comment;
mod copy;
mod decide;
mod delegate;
mod edit_content;
mod jump;
mod migrate;
mod outside_event;
mod read_copy;
mod retry;
mod return_case;
mod revoke;
mod save;
mod sign_for_return;
mod signers;
pub(super) mod submit;
mod suggest;
mod take_over;
mod terminate;
mod transfer;
mod undo;
mod urge;
mod withdraw;

use super::super::{Act, Choice, Command, Refusal, Status};
use super::draft::Draft;
use super::timers;

/// Carries a command out on the draft.
pub(super) fn run(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    let actor = &command.actor;
    match &command.act {
        Act::Save => save::run(draft, actor),
        Act::Submit { chosen } => submit::run(draft, actor, chosen),
        Act::SignFor { task: None } => sign_for_return::run(draft, actor),
        Act::SignFor { task: Some(task) } => claim::take(draft, actor, *task),
        Act::Release { task } => claim::give_back(draft, actor, *task),
        Act::Approve(verdict) => decide::run(draft, actor, verdict, Choice::Approve),
        Act::Reject(verdict) => decide::run(draft, actor, verdict, Choice::Reject),
        Act::Abstain(verdict) => decide::run(draft, actor, verdict, Choice::Abstain),
        Act::Return { verdict, to } => return_case::run(draft, actor, verdict, to),
        Act::Withdraw { reason } => withdraw::run(draft, actor, reason),
        Act::UndoDecision { decision } => undo::run(draft, actor, *decision),
        Act::Transfer { task, to, reason } => transfer::run(draft, actor, *task, *to, reason),
        Act::Delegate { task, to, reason } => delegate::run(draft, actor, *task, *to, reason),
        Act::Recall { task } => delegate::recall(draft, actor, *task),
        Act::AddSigners { task, people, place, reason } => signers::add(draft, actor, *task, people, *place, reason),
        Act::RemoveSigner { node, signer, reason } => signers::remove(draft, actor, node, *signer, reason),
        Act::Revoke { decision, reason } => revoke::run(draft, actor, *decision, reason),
        Act::Copy { people, text } => copy::run(draft, actor, people, text),
        Act::Jump { to, reason } => jump::run(draft, actor, to, reason),
        Act::Terminate { reason } => terminate::run(draft, actor, reason),
        Act::Migrate { changed, reason, .. } => migrate::run(draft, actor, changed, reason),
        Act::TakeOver { from, to, reason } => take_over::run(draft, actor, *from, *to, reason),
        Act::Ask { task, whom, text } => ask::run(draft, actor, *task, *whom, text),
        Act::Answer { question, text } => answer::run(draft, actor, *question, text),
        Act::Suggest { task, path, text, reason } => suggest::propose(draft, actor, *task, path, text, reason),
        Act::TakeSuggestion { suggestion, edited } => suggest::take(draft, actor, *suggestion, edited),
        Act::DeclineSuggestion { suggestion, reason } => suggest::decline(draft, actor, *suggestion, reason),
        Act::Urge { task } => urge::run(draft, actor, *task),
        Act::Comment { text } => comment::run(draft, actor, text),
        Act::ReadCopy { node } => read_copy::run(draft, actor, node),
        Act::ContentEdited { paths } => edit_content::run(draft, actor, paths),
        Act::OutsideEvent { name } => outside_event::run(draft, actor, name),
        Act::Tick => {
            timers::fire_due(draft);
            // Also where nothing was due: people who were disabled meanwhile make their nodes stuck.
            draft.advance();
            Ok(())
        }
        Act::Retry => retry::run(draft, actor),
    }
}

/// The refusal of a state that does not accept a command.
fn wrong_state<T>(draft: &Draft<'_>, command: &'static str) -> Result<T, Refusal> {
    Err(Refusal::WrongState { command, status: draft.case.status })
}

/// Refuses everywhere but in these states.
fn only_in(draft: &Draft<'_>, command: &'static str, states: &[Status]) -> Result<(), Refusal> {
    if states.contains(&draft.case.status) { Ok(()) } else { wrong_state(draft, command) }
}
