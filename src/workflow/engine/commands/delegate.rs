//! 委派: somebody else looks at a task and advises; then it comes back to whoever delegated it, who decides. Open task, where the file
//! allows it. A task that is with somebody who advises goes no further.

use std::sync::Arc;

use super::super::super::{
    Allowance, Candidate, Choice, DecisionOptions, Event, Node, ReasonStep, Refusal, TaskNumber, Verdict,
};
use super::super::draft::Draft;
use super::super::entitle::{allowed, said};
use super::decide::shown;
use crate::kernel::{Actor, UserId};

pub(super) fn run(
    draft: &mut Draft<'_>,
    actor: &Actor,
    number: TaskNumber,
    to: UserId,
    reason: &str,
) -> Result<(), Refusal> {
    let by = draft.asked(number, actor)?;
    let (node, options) = draft.own_task(number, "delegate")?;
    allowed(node, options, Allowance::Delegate, "delegate")?;
    said(reason)?;
    let step = ReasonStep::DelegatedBy { name: draft.facts.directory.name(draft.person(actor)?) };
    let to = draft.somebody_else(number, to, node, step)?;
    draft.push(Event::Delegated { task: number, by, to, reason: reason.to_owned() });
    Ok(())
}

/// Whoever delegated it takes it back.
pub(super) fn recall(draft: &mut Draft<'_>, actor: &Actor, task: TaskNumber) -> Result<(), Refusal> {
    let person = draft.person(actor)?;
    let delegation = draft.open_task(task)?.delegated.as_ref().ok_or(Refusal::NotDelegated)?;
    if delegation.back_to.iter().all(|one| one.principal() != person) && delegation.by.user != Some(person) {
        return Err(Refusal::NotEntitled { person });
    }
    draft.push(Event::DelegationReturned { task, by: Some(*actor), advice: None, text: String::new() });
    Ok(())
}

/// What somebody to whom a task was delegated would decide is their advice.
pub(super) fn advise(
    draft: &mut Draft<'_>,
    actor: &Actor,
    task: TaskNumber,
    verdict: &Verdict,
    choice: Choice,
) -> Result<(), Refusal> {
    let by = draft.asked(task, actor)?;
    shown(draft, verdict)?;
    said(&verdict.opinion)?;
    let text = verdict.opinion.clone();
    draft.push(Event::DelegationReturned { task, by: Some(by), advice: Some(choice), text });
    Ok(())
}

impl<'a> Draft<'a> {
    /// The node of an open task that is not with somebody who only advises.
    pub(super) fn own_task(
        &self,
        number: TaskNumber,
        command: &'static str,
    ) -> Result<(&'a Node, &'a DecisionOptions), Refusal> {
        let task = self.task(number)?;
        let (node, options) = self.decision_node(task)?;
        if task.delegated.is_some() {
            return Err(Refusal::NotAllowed { command, node: node.name.clone() });
        }
        Ok((node, options))
    }

    /// Somebody who is asked now in the place of those who are asked at a task: their deputy where they are away.
    pub(super) fn somebody_else(
        &self,
        number: TaskNumber,
        person: UserId,
        node: &Node,
        step: ReasonStep,
    ) -> Result<Candidate, Refusal> {
        let candidate = self.addition(number, person, node, step)?;
        self.present(&[candidate]).into_iter().next().ok_or(Refusal::NobodyActs)
    }

    /// Somebody who is not asked at a task and could be.
    pub(super) fn addition(
        &self,
        number: TaskNumber,
        person: UserId,
        node: &Node,
        step: ReasonStep,
    ) -> Result<Candidate, Refusal> {
        let holds = self.task(number)?.opened.candidates.iter().any(|one| one.principal() == person);
        if !self.facts.directory.is_active(person) || self.may_not_decide(person) || holds {
            return Err(Refusal::CannotBeAsked { person });
        }
        let mut because = self.reason(node, "by");
        because.steps.push(step);
        Ok(Candidate { person, because: Arc::new(because), deputy_for: None })
    }
}
