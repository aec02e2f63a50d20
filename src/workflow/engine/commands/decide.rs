//! 同意, 拒绝, 弃权: a decision on an open task, by somebody who is asked, on the content that was shown.

use super::super::super::{
    Choice, Decided, DecisionOptions, Event, Next, Node, NodeKind, Opinion, Refusal, TaskNumber, TaskOpened, Verdict,
};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::submit::files_there;
use super::wrong_state;
use super::{delegate, return_case};
use crate::kernel::{Actor, Channel, Hash};

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, verdict: &Verdict, choice: Choice) -> Result<(), Refusal> {
    let Some(number) = verdict.task else {
        return match choice {
            Choice::Reject => return_case::reject_while_waiting(draft, actor, verdict),
            _ => Err(Refusal::UnknownTask { task: 0 }),
        };
    };
    if draft.open_task(number)?.delegated.is_some() {
        return delegate::advise(draft, actor, number, verdict, choice);
    }
    let (node, by) = may_decide(draft, actor, verdict, number, choice)?;
    let free_flow = matches!(node.kind, NodeKind::Approve { free_flow: true, .. });
    if choice == Choice::Abstain && !matches!(node.kind, NodeKind::Countersign { .. }) {
        return Err(Refusal::NotAllowed { command: "abstain", node: node.name.clone() });
    }
    let next = match (&verdict.next, choice, free_flow) {
        (next, Choice::Approve, true) => Some(next.clone().unwrap_or(Next::Pool)),
        (Some(_), _, false) => return Err(Refusal::NotAllowed { command: "next", node: node.name.clone() }),
        _ => None,
    };
    if let Some(Next::People { people }) = &next {
        may_be_next(draft, node, people)?;
    }
    let opened = draft.task(number)?.opened.clone();
    let decided = draft.decided(number, &opened, Some(by), choice);
    draft.push(Event::Decided(Decided {
        opinion: verdict.opinion.clone(),
        path: verdict.path.clone(),
        next,
        ..decided
    }));
    draft.advance();
    Ok(())
}

/// Everything that must hold before somebody decides on a task.
pub(super) fn may_decide<'a>(
    draft: &Draft<'a>,
    actor: &Actor,
    verdict: &Verdict,
    number: TaskNumber,
    choice: Choice,
) -> Result<(&'a Node, Actor), Refusal> {
    let task = draft.open_task(number)?;
    if !draft.running() {
        return wrong_state(draft, "decide");
    }
    let by = draft.asked(number, actor)?;
    let (node, options) = draft.decision_node(task)?;
    if task.opened.login && actor.channel == Channel::Link {
        return Err(Refusal::LoginNeeded { node: node.name.clone() });
    }
    shown(draft, verdict)?;
    if words_needed(options, choice) {
        said(&verdict.opinion)?;
    }
    if choice == Choice::Approve {
        files_there(draft, &options.needs)?;
    }
    Ok((node, by))
}

/// Somebody decides only on what they were shown, and what they were shown is what is under approval.
pub(super) fn shown(draft: &Draft<'_>, verdict: &Verdict) -> Result<Hash, Refusal> {
    let shown = verdict.shown.ok_or(Refusal::NothingShown)?;
    let current = draft.scope_hash(&[]);
    if shown == current && draft.case.content == Some(current) {
        Ok(current)
    } else {
        Err(Refusal::ContentChanged { shown, current })
    }
}

fn words_needed(options: &DecisionOptions, choice: Choice) -> bool {
    match choice {
        Choice::Reject | Choice::Return => true,
        Choice::Approve => options.opinion == Opinion::Required,
        Choice::Abstain => options.opinion != Opinion::Optional,
    }
}

/// 自由流转: those who come next are among the rule's people.
fn may_be_next(draft: &Draft<'_>, node: &Node, people: &[crate::kernel::UserId]) -> Result<(), Refusal> {
    let NodeKind::Approve { by, .. } = &node.kind else { return Ok(()) };
    let candidates = draft.deciders(node, "by", by).map(|found| found.candidates).unwrap_or_default();
    let stranger = people.iter().find(|person| candidates.iter().all(|one| one.person != **person));
    match (stranger, people.is_empty()) {
        (Some(person), _) => Err(Refusal::CannotBeNext { person: *person }),
        (None, true) => Err(Refusal::PeopleNotChosen { node: node.name.clone() }),
        (None, false) => Ok(()),
    }
}

impl Draft<'_> {
    /// A decision on a task, on the content as it is now.
    pub(in super::super) fn decided(
        &self,
        task: TaskNumber,
        opened: &TaskOpened,
        by: Option<Actor>,
        choice: Choice,
    ) -> Decided {
        // What is only foreseen is compared with nothing.
        let seen: &[String] = if self.ahead.is_some() { &[] } else { &opened.scope };
        Decided {
            decision: self.case.decisions.keys().next_back().map_or(1, |last| last + 1),
            task,
            node: opened.node.clone(),
            by,
            choice,
            opinion: String::new(),
            path: None,
            content: self.scope_hash(&[]),
            scope: opened.scope.clone(),
            seen: self.scope_hash(seen),
            next: None,
        }
    }
}
