//! Asking: tasks of approvals and countersigns, decisions that are kept, and what a node makes of its decisions.

use super::super::{
    Candidate, Choice, CloseReason, CountRule, Decision, DecisionNumber, DecisionOptions, Entry, Event, LoginNeed,
    Next, Node, NodeKind, OnReject, OnReturn, Read, ReasonStep, ReturnTo, SamePersonAgain, SkipReason, Stage,
    StuckReason, TaskNumber, TaskOpened, VoidReason, Vote, Who,
};
use super::count::{self, Outcome};
use super::draft::{Draft, rule};
use super::walk::Progress;
use super::{timers, tree};
use crate::kernel::UserId;

/// A task to be opened.
struct Asking<'n> {
    node: &'n Node,
    options: &'n DecisionOptions,
    entry: u32,
    weight: u32,
    candidates: Vec<Candidate>,
    reads: Vec<Read>,
    free_flow: bool,
    veto: bool,
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
        let people = self.deciders(node, "by", by)?;
        if let Some(because) = self.same_person(node, free_flow, options, &people.candidates) {
            let (name, title) = (node.name.clone(), node.title.clone());
            self.push(Event::NodeSkipped { node: name, title, because, reads: people.reads });
            return Ok(Progress::Done);
        }
        let (candidates, reads) = (people.candidates, people.reads);
        let asking = Asking { node, options, entry: 0, weight: 1, candidates, reads, free_flow, veto: false };
        let task = self.open(asking)?;
        let kept = self.keep(task);
        if !free_flow {
            self.void_left_over(node);
        }
        if kept { self.approval(node, by, free_flow, options) } else { Ok(Progress::Waits) }
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
                one.because.steps.push(ReasonStep::ChosenByApprover { name: name.clone() });
            }
        }
        let (candidates, reads) = (people.candidates, people.reads);
        self.open(Asking { node, options, entry: 0, weight: 1, candidates, reads, free_flow: true, veto: false })?;
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
        self.still_asked(node)?;
        let votes = self.state(node).map(|state| state.votes.clone()).unwrap_or_default();
        // First those whose earlier decision stands, so that nobody is asked once the outcome is certain.
        for only_kept in [true, false] {
            for (entry, vote) in (0..).zip(&votes) {
                if !self.has_voted(node, entry)
                    && !self.is_asked(node, entry)
                    && (!only_kept || self.would_keep(node, entry, vote, options))
                {
                    self.open_vote(node, entry, vote, options)?;
                }
                if *count_rule == CountRule::InOrder && !self.has_voted(node, entry) {
                    break;
                }
            }
            match self.outcome(node, &votes, count_rule) {
                Outcome::Passes => {
                    self.close_tasks(&node.name, CloseReason::Settled);
                    self.void_left_over(node);
                    return Ok(self.pass(node));
                }
                Outcome::Fails => return Ok(self.fail(node, &options.on_reject)),
                Outcome::Open => {}
            }
        }
        if *count_rule != CountRule::InOrder {
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

    fn open_vote(
        &mut self,
        node: &Node,
        entry: u32,
        vote: &Vote,
        options: &DecisionOptions,
    ) -> Result<(), StuckReason> {
        let holders = self.state(node).map(|state| state.veto.clone()).unwrap_or_default();
        let veto = vote.candidates.iter().any(|one| holders.contains(&one.person));
        let (candidates, reads, weight) = (vote.candidates.clone(), vote.reads.clone(), vote.weight);
        let task = self.open(Asking { node, options, entry, weight, candidates, reads, free_flow: false, veto })?;
        self.keep(task);
        Ok(())
    }

    fn has_voted(&self, node: &Node, entry: u32) -> bool {
        self.counting(&node.name).any(|(_, decision)| self.entry_of(decision) == Some(entry))
    }

    fn is_asked(&self, node: &Node, entry: u32) -> bool {
        self.open_tasks(&node.name).any(|(_, task)| task.opened.entry == entry)
    }

    fn entry_of(&self, decision: &Decision) -> Option<u32> {
        Some(self.case.tasks.get(&decision.counts_for?)?.opened.entry)
    }

    fn outcome(&self, node: &Node, votes: &[Vote], count_rule: &CountRule) -> Outcome {
        let veto = self.state(node).map(|state| state.veto.as_slice()).unwrap_or_default();
        let mut given = vec![None; votes.len()];
        for (_, decision) in self.counting(&node.name) {
            let by = decision.decided.by.and_then(|by| by.in_the_name_of());
            if decision.decided.choice == Choice::Reject && by.is_some_and(|by| veto.contains(&by)) {
                return Outcome::Fails;
            }
            let entry = self.entry_of(decision).and_then(|entry| usize::try_from(entry).ok());
            if let Some(slot) = entry.and_then(|entry| given.get_mut(entry)) {
                *slot = Some(decision.decided.choice);
            }
        }
        let weights: Vec<_> = votes.iter().map(|vote| vote.weight).collect();
        count::outcome(count_rule, &weights, &given)
    }

    /// Whether somebody is asked here; tasks whose people were all disabled make the node stuck.
    fn still_asked(&self, node: &Node) -> Result<bool, StuckReason> {
        let mut asked = false;
        for (_, task) in self.open_tasks(&node.name) {
            if self.present(&task.opened.candidates).is_empty() {
                return Err(StuckReason::NobodyFound { rule: rule(node, "by") });
            }
            asked = true;
        }
        Ok(asked)
    }

    fn open(&mut self, asking: Asking<'_>) -> Result<TaskNumber, StuckReason> {
        let Asking { node, options, entry, weight, candidates, reads, free_flow, veto } = asking;
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
        let (node, scope) = (node.name.clone(), options.scope.clone());
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
        }));
        timers::set_for_task(self, task, &plan);
        Ok(task)
    }

    /// Keeps an earlier decision for a task, if one still stands.
    fn keep(&mut self, number: TaskNumber) -> bool {
        let Some(task) = self.case.tasks.get(&number) else { return false };
        let opened = &task.opened;
        let Some(decision) =
            self.standing(&opened.node, opened.entry, &opened.candidates, &opened.scope, opened.free_flow)
        else {
            return false;
        };
        let node = opened.node.clone();
        self.push(Event::DecisionKept { decision, task: number, node });
        true
    }

    fn would_keep(&self, node: &Node, entry: u32, vote: &Vote, options: &DecisionOptions) -> bool {
        self.standing(&node.name, entry, &self.present(&vote.candidates), &options.scope, false).is_some()
    }

    /// A decision of an earlier pass that still stands: not void, on the same content in the same scope, by somebody who would be
    /// asked now. Straight back asks nobody again who decided, whoever would be asked now.
    fn standing(
        &self,
        node: &str,
        entry: u32,
        candidates: &[Candidate],
        scope: &[String],
        free_flow: bool,
    ) -> Option<DecisionNumber> {
        let seen = self.scope_hash(scope);
        let fits = |decision: &Decision| {
            let decided = &decision.decided;
            !decision.void
                && decision.counts_for.is_none()
                && decided.node == node
                && matches!(decided.choice, Choice::Approve | Choice::Abstain)
                && (!free_flow || decided.next == Some(Next::Finish))
                && decided.scope == scope
                && decided.seen == seen
        };
        let same_entry = |decision: &Decision| {
            self.case.tasks.get(&decision.decided.task).is_some_and(|task| task.opened.entry == entry)
        };
        let entitled = |decision: &Decision| {
            let by = decision.decided.by.and_then(|by| by.in_the_name_of());
            by.is_some_and(|by| candidates.iter().any(|one| one.principal() == by || one.person == by))
        };
        let straight = self.case.keeping == OnReturn::StraightBack;
        let mut fitting = self.case.decisions.iter().rev().filter(|(_, decision)| fits(decision));
        fitting.find(|(_, one)| entitled(one) || (straight && same_entry(one))).map(|(number, _)| *number)
    }

    /// Earlier decisions of a node that found no task again no longer count.
    fn void_left_over(&mut self, node: &Node) {
        let left =
            |decision: &Decision| !decision.void && decision.counts_for.is_none() && decision.decided.node == node.name;
        let numbers: Vec<_> = self
            .case
            .decisions
            .iter()
            .filter(|(_, one)| left(one))
            .map(|(number, one)| (*number, one.decided.choice))
            .collect();
        for (decision, choice) in numbers {
            let approved = matches!(choice, Choice::Approve | Choice::Abstain);
            let because = if approved { VoidReason::NotEntitled } else { VoidReason::Cleared };
            self.push(Event::DecisionVoided { decision, because });
        }
    }

    /// 自动通过: the approval just before this one was given by somebody who would be asked again.
    fn same_person(
        &self,
        node: &Node,
        free_flow: bool,
        options: &DecisionOptions,
        candidates: &[Candidate],
    ) -> Option<SkipReason> {
        if self.definition.same_person_again != SamePersonAgain::SkipIfNextToEachOther || free_flow {
            return None;
        }
        let before = self.node_before(&node.name)?;
        let (_, decision) = self.counting(&before.name).next_back()?;
        let person: UserId = decision.decided.by.filter(|by| by.on_behalf_of.is_none())?.user?;
        let covers = decision.decided.scope.is_empty() || decision.decided.scope == options.scope;
        let simple = matches!(before.kind, NodeKind::Approve { free_flow: false, .. });
        let asked = candidates.iter().any(|one| one.person == person);
        (covers && simple && asked).then(|| SkipReason::SamePerson { person, node: before.name.clone() })
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
