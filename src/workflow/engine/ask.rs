//! Asking: tasks of approvals and countersigns, decisions that are kept, and what a node makes of its decisions.

use std::sync::Arc;

use super::super::{
    Candidate, Choice, CloseReason, CountRule, Decision, DecisionOptions, Entry, Event, LoginNeed, Next, Node,
    OnReject, Read, ReasonStep, ReturnTo, Stage, StuckReason, TaskNumber, TaskOpened, Vote, Who,
};
use super::count::{self, Outcome};
use super::draft::{Draft, rule};
use super::people::People;
use super::signers::Signature;
use super::walk::Progress;
use super::{timers, tree};

/// A task to be opened.
pub(super) struct Asking<'n> {
    pub(super) node: &'n Node,
    pub(super) options: &'n DecisionOptions,
    pub(super) entry: u32,
    pub(super) weight: u32,
    pub(super) candidates: Vec<Candidate>,
    pub(super) reads: Vec<Read>,
    pub(super) free_flow: bool,
    pub(super) veto: bool,
    pub(super) signer: Signature,
}

impl<'n> Asking<'n> {
    /// Of a freely flowing approval.
    fn first(node: &'n Node, options: &'n DecisionOptions, candidates: Vec<Candidate>, reads: Vec<Read>) -> Self {
        Self { node, options, entry: 0, weight: 1, candidates, reads, free_flow: true, veto: false, signer: None }
    }
}

/// How many votes there are.
fn entries_of(votes: &[Vote]) -> u32 {
    u32::try_from(votes.len()).unwrap_or(u32::MAX)
}

impl Draft<'_> {
    /// One decision; under free flow, decisions until one says that it was the last.
    pub(super) fn approval(
        &mut self,
        node: &Node,
        by: &Who,
        free_flow: bool,
        options: &DecisionOptions,
    ) -> Result<Progress, StuckReason> {
        if free_flow {
            return self.flow(node, by, options);
        }
        self.still_asked(node)?;
        if let Some((because, reads)) = self.skipped_as_the_same(node, by, options)? {
            let (name, title) = (node.name.clone(), node.title.clone());
            self.push(Event::NodeSkipped { node: name, title, because, reads });
            return Ok(Progress::Done);
        }
        match self.ask_vote(node, 0, options, false)? {
            Some(Choice::Approve) => {
                self.void_left_over(node);
                Ok(self.pass(node))
            }
            Some(_) => Ok(self.fail(node, &options.on_reject)),
            None => {
                if !self.somebody_comes_later(&node.name, 1) {
                    self.void_left_over(node);
                }
                Ok(Progress::Waits)
            }
        }
    }

    /// 自由流转: decisions until one says that it was the last.
    fn flow(&mut self, node: &Node, by: &Who, options: &DecisionOptions) -> Result<Progress, StuckReason> {
        if self.still_asked(node)? {
            return Ok(Progress::Waits);
        }
        let last = self.counting(&node.name).next_back().map(|(_, decision)| decision.clone());
        if let Some(decision) = last {
            return match (decision.decided.choice, &decision.decided.next) {
                (Choice::Approve, None | Some(Next::Finish)) => Ok(self.pass(node)),
                (Choice::Approve, Some(next)) => self.flow_on(node, by, options, &decision, next),
                _ => Ok(self.fail(node, &options.on_reject)),
            };
        }
        let People { candidates, reads } = self.deciders(node, "by", by)?;
        let task = self.open(Asking::first(node, options, candidates, reads))?;
        if self.keep(task) { self.flow(node, by, options) } else { Ok(Progress::Waits) }
    }

    /// 自由流转: the next people out of the rule's, or all of them again.
    fn flow_on(
        &mut self,
        node: &Node,
        by: &Who,
        options: &DecisionOptions,
        decision: &Decision,
        next: &Next,
    ) -> Result<Progress, StuckReason> {
        let mut people = self.deciders(node, "by", by)?;
        if let Next::People { people: named } = next {
            let decider = decision.decided.by.and_then(|by| by.user);
            let name = decider.map(|decider| self.facts.directory.name(decider)).unwrap_or_default();
            people.candidates.retain(|one| named.contains(&one.person));
            for one in &mut people.candidates {
                Arc::make_mut(&mut one.because).steps.push(ReasonStep::ChosenByApprover { name: name.clone() });
            }
        }
        self.open(Asking::first(node, options, people.candidates, people.reads))?;
        Ok(Progress::Waits)
    }

    /// Several votes, counted until the outcome is certain.
    pub(super) fn countersign(
        &mut self,
        node: &Node,
        entries: &[Entry],
        count_rule: &CountRule,
        veto: &[Who],
        options: &DecisionOptions,
    ) -> Result<Progress, StuckReason> {
        if self.state(node).is_some_and(|state| state.votes.is_empty()) {
            self.freeze_votes(node, entries, count_rule, veto)?;
        }
        let asked = self.still_asked(node)?;
        let votes = entries_of(self.votes(node));
        // First those whose earlier decision stands, so that nobody is asked once the outcome is certain.
        let begun = asked || self.index.decisions(&node.name).next().is_some();
        let passes: &[bool] = if begun { &[true, false] } else { &[false] };
        for only_kept in passes.iter().copied() {
            for entry in 0..votes {
                let vote = self.ask_vote(node, entry, options, only_kept)?;
                if *count_rule == CountRule::InOrder && vote.is_none() {
                    for later in entry + 1..votes {
                        self.close_tasks_of(&node.name, later, CloseReason::NotYet);
                    }
                    break;
                }
            }
            match self.outcome(node, count_rule) {
                Outcome::Passes => {
                    self.close_tasks(&node.name, CloseReason::Settled);
                    self.void_left_over(node);
                    return Ok(self.pass(node));
                }
                Outcome::Fails => return Ok(self.fail(node, &options.on_reject)),
                Outcome::Open => {}
            }
        }
        if !self.somebody_comes_later(&node.name, votes) {
            self.void_left_over(node);
        }
        Ok(Progress::Waits)
    }

    fn freeze_votes(
        &mut self,
        node: &Node,
        entries: &[Entry],
        count_rule: &CountRule,
        veto: &[Who],
    ) -> Result<(), StuckReason> {
        let mut votes = Vec::new();
        for entry in entries {
            match entry {
                Entry::OneOf { who, weight } => {
                    let people = self.deciders(node, "by", who)?;
                    votes.push(Vote { candidates: people.candidates, weight: *weight, reads: people.reads });
                }
                Entry::EveryoneIn { who, weight } => {
                    let people = self.deciders(node, "by", who)?;
                    votes.extend(people.candidates.into_iter().map(|one| Vote {
                        candidates: vec![one],
                        weight: *weight,
                        reads: people.reads.clone(),
                    }));
                }
            }
        }
        if votes.is_empty() {
            return Err(StuckReason::NobodyFound { rule: rule(node, "by") });
        }
        let weights: Vec<_> = votes.iter().map(|vote| vote.weight).collect();
        if count::outcome(count_rule, &weights, &vec![None; votes.len()]) == Outcome::Fails {
            return Err(StuckReason::CannotPass { rule: rule(node, "rule") });
        }
        let veto = self.readers(node, "veto", veto)?.into_iter().map(|one| one.person).collect();
        self.push(Event::VotesFrozen { node: node.name.clone(), votes, veto });
        Ok(())
    }

    /// The votes of a countersign that was entered.
    fn votes(&self, node: &Node) -> &[Vote] {
        self.state(node).map(|state| state.votes.as_slice()).unwrap_or_default()
    }

    fn outcome(&self, node: &Node, count_rule: &CountRule) -> Outcome {
        let votes = self.votes(node);
        let veto = self.state(node).map(|state| state.veto.as_slice()).unwrap_or_default();
        let vetoed = self.counting(&node.name).any(|(_, decision)| {
            let by = decision.decided.by.and_then(|by| by.in_the_name_of());
            decision.decided.choice == Choice::Reject && by.is_some_and(|by| veto.contains(&by))
        });
        if vetoed {
            return Outcome::Fails;
        }
        let given: Vec<_> = (0..entries_of(votes)).map(|entry| self.vote(&node.name, entry)).collect();
        let weights: Vec<_> = votes.iter().map(|vote| vote.weight).collect();
        count::outcome(count_rule, &weights, &given)
    }

    /// Whether somebody is asked here; tasks whose people were all disabled make the node stuck. One that is with somebody who can no
    /// longer advise comes back first.
    pub(super) fn still_asked(&mut self, node: &Node) -> Result<bool, StuckReason> {
        let open: Vec<_> = self.open_tasks(&node.name).map(|(number, _)| number).collect();
        for number in &open {
            let absent = |draft: &Self| {
                let task = draft.case.tasks.get(number);
                task.filter(|task| draft.present(&task.opened.candidates).is_empty())
                    .map(|task| task.delegated.is_some())
            };
            if absent(self) == Some(true) {
                let (task, text) = (*number, String::new());
                self.push(Event::DelegationReturned { task, by: None, advice: None, text });
            }
            if absent(self).is_some() {
                return Err(StuckReason::NobodyFound { rule: rule(node, "by") });
            }
        }
        Ok(!open.is_empty())
    }

    pub(super) fn open(&mut self, asking: Asking<'_>) -> Result<TaskNumber, StuckReason> {
        let Asking { node, options, entry, weight, candidates, reads, free_flow, veto, signer } = asking;
        let candidates = self.present(&candidates);
        if candidates.is_empty() {
            return Err(StuckReason::NobodyFound { rule: rule(node, "by") });
        }
        let plan = timers::plan(self, options);
        let task = self.case.tasks.keys().next_back().map_or(1, |last| last + 1);
        let login = match options.login {
            LoginNeed::LinkIsEnough => false,
            LoginNeed::FromAmount { amount } => {
                self.case.without_ceiling || self.case.amount.is_none_or(|ours| ours >= amount)
            }
            LoginNeed::Always => true,
        };
        let (node, scope) = (node.name.clone(), options.covers().to_vec());
        self.push(Event::TaskOpened(TaskOpened {
            task,
            node,
            entry,
            weight,
            candidates,
            reads,
            due: plan.due,
            unknown_year: plan.unknown_year,
            scope,
            free_flow,
            veto,
            login,
            signer,
        }));
        timers::set_for_task(self, task, &plan);
        Ok(task)
    }

    /// The deciding node that was passed last before this one on its way.
    pub(super) fn node_before(&self, name: &str) -> Option<&Node> {
        let passed = |node: &&Node| node.kind.decides() && self.stage(node) == Some(Stage::Passed);
        let before = tree::upstream(&self.definition.nodes, name).into_iter().filter(passed);
        before.max_by_key(|node| self.state(node).map_or(0, |state| state.entered))
    }

    /// A node that can no longer pass: what its `on_reject` says.
    fn fail(&mut self, node: &Node, on_reject: &OnReject) -> Progress {
        self.push(Event::NodeFailed { node: node.name.clone() });
        let rejected = |decision: &Decision| decision.decided.choice == Choice::Reject;
        let last = self.counting(&node.name).rfind(|(_, one)| rejected(one)).map(|(_, one)| one.clone());
        let last = last.or_else(|| self.counting(&node.name).next_back().map(|(_, one)| one.clone()));
        let (by, reason) = last.map_or((None, String::new()), |one| (one.decided.by, one.decided.opinion));
        let to = match on_reject {
            OnReject::End => {
                self.reject_case(by, Some(node.name.clone()), reason);
                return Progress::Waits;
            }
            OnReject::BackTo { node } => ReturnTo::Node { node: node.clone() },
            OnReject::BackToPrevious => ReturnTo::Previous,
            OnReject::BackToDrafter => ReturnTo::Drafter,
        };
        // Whoever did not approve is asked again, or an abstention that is kept would fail the node at once.
        let approved = |decision: &Decision| decision.decided.choice == Choice::Approve;
        let senders = self.counting(&node.name).filter(|(_, one)| !approved(one)).map(|(number, _)| number).collect();
        self.send_back(node, to, by, reason, senders);
        Progress::Waits
    }

    pub(super) fn close_tasks(&mut self, node: &str, because: CloseReason) {
        let open: Vec<_> = self.open_tasks(node).map(|(number, _)| number).collect();
        for task in open {
            self.push(Event::TaskClosed { task, because });
        }
    }
}
