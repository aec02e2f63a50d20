//! The signatures of a vote: that of whoever the rule asks, and those of people who were added (加签). A vote says what all of its
//! signatures say together, so that adding somebody weighs neither more nor less under a counting rule.

use super::super::{
    Choice, CloseReason, Decision, DecisionOptions, Event, Node, NodeKind, NodeState, Signer, SignerNumber,
    SignerPlace, StuckReason, TaskNumber,
};
use super::ask::Asking;
use super::draft::Draft;
use super::people::People;
use super::timers;

/// Whose signature: of somebody who was added, or of whoever the rule asks.
pub(super) type Signature = Option<SignerNumber>;

impl Draft<'_> {
    /// Those who were added to a vote and are wanted still.
    pub(super) fn wanted<'s>(
        &'s self,
        node: &str,
        entry: u32,
    ) -> impl Iterator<Item = (SignerNumber, &'s Signer)> + use<'s> {
        let added = self.case.signers.get(node).map(Vec::as_slice).unwrap_or_default();
        (1..).zip(added).filter(move |(_, one)| one.entry == entry && !one.removed)
    }

    /// The signatures that a vote needs, in the order in which they came about.
    pub(super) fn signatures<'s>(&'s self, node: &str, entry: u32) -> impl Iterator<Item = Signature> + use<'s> {
        std::iter::once(None).chain(self.wanted(node, entry).map(|(number, _)| Some(number)))
    }

    /// The decision that gives a signature.
    pub(super) fn signature<'s>(&'s self, node: &'s str, entry: u32, signature: Signature) -> Option<&'s Decision> {
        let fits = |task: TaskNumber| {
            let opened = self.case.tasks.get(&task).map(|task| &task.opened);
            opened.is_some_and(|opened| opened.entry == entry && opened.signer == signature)
        };
        let mut counting = self.counting(node);
        counting.rfind(|(_, decision)| decision.counts_for.is_some_and(fits)).map(|(_, decision)| decision)
    }

    /// What a signature says, once it is given.
    pub(super) fn signed(&self, node: &str, entry: u32, signature: Signature) -> Option<Choice> {
        self.signature(node, entry, signature).map(|decision| decision.decided.choice)
    }

    /// What a vote says: no as soon as one of its signatures does, yes when all of them do.
    pub(super) fn vote(&self, node: &str, entry: u32) -> Option<Choice> {
        let mut vote = Some(Choice::Approve);
        for signature in self.signatures(node, entry) {
            match self.signed(node, entry, signature) {
                Some(Choice::Reject | Choice::Return) => return Some(Choice::Reject),
                Some(Choice::Approve) => {}
                Some(Choice::Abstain) => vote = vote.map(|_| Choice::Abstain),
                None => vote = None,
            }
        }
        vote
    }

    /// Whether somebody has yet to be asked at these votes of a node.
    pub(super) fn somebody_comes_later(&self, node: &str, entries: u32) -> bool {
        (0..entries).filter(|entry| self.vote(node, *entry).is_none()).any(|entry| {
            let waits = |signature| {
                self.signed(node, entry, signature).is_none() && self.asked_for(node, entry, signature).is_none()
            };
            self.signatures(node, entry).any(waits)
        })
    }

    /// Whether a signature is due: what comes before it is given.
    fn its_turn(&self, node: &str, entry: u32, signature: Signature) -> bool {
        let given = |one: Signature| self.signed(node, entry, one).is_some();
        let before = self.signatures(node, entry).all(|one| {
            let waits_for = |signer: &Signer| signer.place == SignerPlace::Before && signer.to == signature;
            given(one) || !one.and_then(|number| self.case.signer(node, number)).is_some_and(waits_for)
        });
        before && self.has_begun(node, entry, signature)
    }

    /// Whether those who were added by or beside this signature would be asked.
    fn has_begun(&self, node: &str, entry: u32, signature: Signature) -> bool {
        let Some(signer) = signature.and_then(|number| self.case.signer(node, number)) else { return true };
        match signer.place {
            SignerPlace::After => self.signed(node, entry, signer.to).is_some(),
            SignerPlace::Before | SignerPlace::Beside => self.has_begun(node, entry, signer.to),
        }
    }

    /// The open task at which a signature is asked for.
    fn asked_for(&self, node: &str, entry: u32, signature: Signature) -> Option<TaskNumber> {
        let fits = |task: &super::super::Task| task.opened.entry == entry && task.opened.signer == signature;
        self.open_tasks(node).find(|(_, task)| fits(task)).map(|(number, _)| number)
    }

    /// The task that stands back until those before it have signed.
    fn standing_back(&self, node: &str, entry: u32, signature: Signature) -> Option<TaskNumber> {
        let fits = |task: &super::super::Task| {
            task.stands_back
                && task.opened.node == node
                && task.opened.entry == entry
                && task.opened.signer == signature
        };
        self.index.tasks(node).find(|number| self.case.tasks.get(number).is_some_and(fits))
    }

    /// Asks for every signature of a vote that is due, and keeps earlier decisions that still stand. `only_kept` asks nobody anew. What
    /// the vote says then.
    pub(super) fn ask_vote(
        &mut self,
        node: &Node,
        entry: u32,
        options: &DecisionOptions,
        only_kept: bool,
    ) -> Result<Option<Choice>, StuckReason> {
        // The first who is asked at a node is asked alone: there is nothing to look through.
        if self.index.is_new(&node.name) && !self.case.signers.contains_key(&node.name) {
            let given = self.ask_signature(node, entry, options, None, only_kept)?;
            return Ok(if given { self.vote(&node.name, entry) } else { None });
        }
        let mut vote = self.vote(&node.name, entry);
        let mut again = true;
        while again && vote.is_none() {
            again = false;
            let added: Vec<_> = self.wanted(&node.name, entry).map(|(number, _)| Some(number)).collect();
            for signature in std::iter::once(None).chain(added) {
                if self.signed(&node.name, entry, signature).is_some() {
                    continue;
                }
                let asked = self.asked_for(&node.name, entry, signature);
                match (self.its_turn(&node.name, entry, signature), asked) {
                    (false, Some(task)) => self.push(Event::TaskClosed { task, because: CloseReason::NotYet }),
                    (true, None) => again |= self.ask_signature(node, entry, options, signature, only_kept)?,
                    (true, Some(_)) | (false, None) => {}
                }
            }
            vote = self.vote(&node.name, entry);
        }
        if vote.is_some() {
            self.close_tasks_of(&node.name, entry, CloseReason::Settled);
        }
        Ok(vote)
    }

    /// Asks for one signature; whether an earlier decision gives it, or a forecast.
    fn ask_signature(
        &mut self,
        node: &Node,
        entry: u32,
        options: &DecisionOptions,
        signature: Signature,
        only_kept: bool,
    ) -> Result<bool, StuckReason> {
        if let Some(task) = self.standing_back(&node.name, entry, signature) {
            if !only_kept {
                let plan = timers::plan(self, options);
                self.push(Event::TaskResumed { task, due: plan.due });
                timers::set_for_task(self, task, &plan);
                self.still_asked(node)?;
            }
            return Ok(false);
        }
        let state = self.state(node);
        let (people, weight) = self.people_of((node, state), entry, signature)?;
        let People { candidates, reads } = people;
        let stands = || {
            let present = self.present(&candidates);
            self.standing(&node.name, (entry, signature), &present, options.covers(), false).is_some()
        };
        if only_kept && !stands() {
            return Ok(false);
        }
        let holders = state.map(|state| state.veto.as_slice()).unwrap_or_default();
        let veto = candidates.iter().any(|one| holders.contains(&one.person));
        let asking =
            Asking { node, options, entry, weight, candidates, reads, free_flow: false, veto, signer: signature };
        let task = self.open(asking)?;
        Ok(self.keep(task) || self.approves_ahead(task))
    }

    /// Who gives a signature, and what its vote weighs.
    fn people_of(
        &self,
        (node, state): (&Node, Option<&NodeState>),
        entry: u32,
        signature: Signature,
    ) -> Result<(People, u32), StuckReason> {
        let votes = state.map(|state| state.votes.as_slice()).unwrap_or_default();
        let vote = usize::try_from(entry).ok().and_then(|entry| votes.get(entry));
        let weight = vote.map_or(1, |vote| vote.weight);
        if let Some(signer) = signature.and_then(|number| self.case.signer(&node.name, number)) {
            let people = People { candidates: vec![signer.candidate.clone()], reads: Vec::new() };
            return Ok((people, weight));
        }
        let people = match (&node.kind, vote) {
            (NodeKind::Approve { by, .. }, _) => self.deciders(node, "by", by)?,
            (_, Some(vote)) => People { candidates: vote.candidates.clone(), reads: vote.reads.clone() },
            (_, None) => People { candidates: Vec::new(), reads: Vec::new() },
        };
        Ok((people, weight))
    }

    /// Nobody is asked any more at one vote.
    pub(super) fn close_tasks_of(&mut self, node: &str, entry: u32, because: CloseReason) {
        let open: Vec<_> =
            self.open_tasks(node).filter(|(_, task)| task.opened.entry == entry).map(|(number, _)| number).collect();
        for task in open {
            self.push(Event::TaskClosed { task, because });
        }
    }
}
