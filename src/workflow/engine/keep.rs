//! Decisions of earlier passes: which of them still stand, and which no longer count.

use super::super::{
    Candidate, Choice, Decision, DecisionNumber, DecisionOptions, Event, Next, Node, NodeKind, OnReturn, Read,
    SamePersonAgain, SkipReason, StuckReason, TaskNumber, VoidReason, Who,
};
use super::draft::Draft;
use super::signers::Signature;
use crate::kernel::UserId;

impl Draft<'_> {
    /// Keeps an earlier decision for a task, if one still stands.
    pub(super) fn keep(&mut self, number: TaskNumber) -> bool {
        let Some(task) = self.case.tasks.get(&number) else { return false };
        let opened = &task.opened;
        let Some(decision) = self.standing(
            &opened.node,
            (opened.entry, opened.signer),
            &opened.candidates,
            &opened.scope,
            opened.free_flow,
        ) else {
            return false;
        };
        let node = opened.node.clone();
        self.push(Event::DecisionKept { decision, task: number, node });
        true
    }

    /// A decision of an earlier pass that still stands: not void, on the same content in the same scope, by somebody who would be
    /// asked now. Straight back asks nobody again who decided, whoever would be asked now.
    pub(super) fn standing(
        &self,
        node: &str,
        (entry, signature): (u32, Signature),
        candidates: &[Candidate],
        scope: &[String],
        free_flow: bool,
    ) -> Option<DecisionNumber> {
        let fits = |decision: &Decision| {
            let decided = &decision.decided;
            !decision.void
                && decision.counts_for.is_none()
                && decided.node == node
                && matches!(decided.choice, Choice::Approve | Choice::Abstain)
                && (!free_flow || decided.next == Some(Next::Finish))
                && decided.scope == scope
                && self.case.tasks.get(&decided.task).is_some_and(|task| task.opened.signer == signature)
                && decided.seen == self.scope_hash(scope)
        };
        let same_entry = |decision: &Decision| {
            self.case.tasks.get(&decision.decided.task).is_some_and(|task| task.opened.entry == entry)
        };
        let entitled = |decision: &Decision| {
            let by = decision.decided.by.and_then(|by| by.in_the_name_of());
            by.is_some_and(|by| candidates.iter().any(|one| one.principal() == by || one.person == by))
        };
        let straight = self.case.keeping == OnReturn::StraightBack;
        let known = self.index.decisions(node).rev();
        let known = known.filter_map(|number| Some((number, self.case.decisions.get(&number)?)));
        let mut fitting = known.filter(|(_, decision)| fits(decision));
        fitting.find(|(_, one)| entitled(one) || (straight && same_entry(one))).map(|(number, _)| number)
    }

    /// Earlier decisions of a node that found no task again no longer count.
    pub(super) fn void_left_over(&mut self, node: &Node) {
        let left =
            |decision: &Decision| !decision.void && decision.counts_for.is_none() && decision.decided.node == node.name;
        let known = self.index.decisions(&node.name);
        let known = known.filter_map(|number| Some((number, self.case.decisions.get(&number)?)));
        let numbers: Vec<_> =
            known.filter(|(_, one)| left(one)).map(|(number, one)| (number, one.decided.choice)).collect();
        for (decision, choice) in numbers {
            let approved = matches!(choice, Choice::Approve | Choice::Abstain);
            let because = if approved { VoidReason::NotEntitled } else { VoidReason::Cleared };
            self.push(Event::DecisionVoided { decision, because });
        }
    }

    /// Why a node is skipped because the approval just before it was given by somebody who would be asked again (自动通过), with what the
    /// rule read.
    pub(super) fn skipped_as_the_same(
        &self,
        node: &Node,
        by: &Who,
        options: &DecisionOptions,
    ) -> Result<Option<(SkipReason, Vec<Read>)>, StuckReason> {
        let reached = self.open_tasks(&node.name).next().is_some() || self.counting(&node.name).next().is_some();
        let added = self.signatures(&node.name, 0).nth(1).is_some();
        if self.definition.same_person_again != SamePersonAgain::SkipIfNextToEachOther || reached || added {
            return Ok(None);
        }
        let people = self.deciders(node, "by", by)?;
        Ok(self.same_person(node, options, &people.candidates).map(|because| (because, people.reads)))
    }

    fn same_person(&self, node: &Node, options: &DecisionOptions, candidates: &[Candidate]) -> Option<SkipReason> {
        let before = self.node_before(&node.name)?;
        let (_, decision) = self.counting(&before.name).next_back()?;
        let person: UserId = decision.decided.by.filter(|by| by.on_behalf_of.is_none())?.user?;
        let covers = decision.decided.scope.is_empty() || decision.decided.scope == options.covers();
        let simple = matches!(before.kind, NodeKind::Approve { free_flow: false, .. });
        let asked = candidates.iter().any(|one| one.person == person);
        (covers && simple && asked).then(|| SkipReason::SamePerson { person, node: before.name.clone() })
    }
}
