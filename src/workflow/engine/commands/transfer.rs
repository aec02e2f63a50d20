//! 转办: a task goes to somebody else, who may decide. Open task, where the file allows it.

use super::super::super::{Allowance, Candidate, Event, ReasonStep, Refusal, TaskNumber};
use super::super::draft::Draft;
use super::super::entitle::{allowed, said};
use crate::kernel::{Actor, UserId};

pub(super) fn run(
    draft: &mut Draft<'_>,
    actor: &Actor,
    number: TaskNumber,
    to: UserId,
    reason: &str,
) -> Result<(), Refusal> {
    let by = draft.asked(number, actor)?;
    let task = draft.task(number)?;
    let (node, options) = draft.decision_node(task)?;
    allowed(node, options, Allowance::Transfer, "transfer")?;
    said(reason)?;
    let holds = task.opened.candidates.iter().any(|one| one.principal() == to);
    if !draft.facts.directory.is_active(to) || draft.may_not_decide(to) || holds {
        return Err(Refusal::CannotBeAsked { person: to });
    }
    let mut because = draft.reason(node, "by");
    because.steps.push(ReasonStep::TransferredBy { name: draft.facts.directory.name(draft.person(actor)?) });
    let to = Candidate { person: to, because, deputy_for: None };
    let to = draft.present(&[to]).into_iter().next().ok_or(Refusal::NobodyActs)?;
    draft.push(Event::Transferred { task: number, by, to, reason: reason.to_owned() });
    Ok(())
}
