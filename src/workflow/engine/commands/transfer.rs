//! 转办: a task goes to somebody else, who may decide. Open task, where the file allows it.

use super::super::super::{Allowance, Event, ReasonStep, Refusal, TaskNumber};
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
    let (node, options) = draft.own_task(number, "transfer")?;
    allowed(node, options, Allowance::Transfer, "transfer")?;
    said(reason)?;
    let step = ReasonStep::TransferredBy { name: draft.facts.directory.name(draft.person(actor)?) };
    let to = draft.somebody_else(number, to, node, step)?;
    draft.push(Event::Transferred { task: number, by, to, reason: reason.to_owned() });
    Ok(())
}
