//! Content that changes while a case runs: exactly the decisions whose scope it touches are void, and every guard, choice and rule
//! that read something that changed is answered again. Where the answer differs, the case goes back there.

use super::super::{Event, Node, NodeKind, Read, ResetReason, Stage, TaskOpened, VoidReason, Vote, Who};
use super::draft::Draft;
use super::judge::{touched, with_marks_of};
use crate::kernel::{Hash, UserId, manifest::within};

impl<'a> Draft<'a> {
    /// Voids what was decided on content that is no longer there.
    pub(super) fn void_touched(&mut self, paths: &[String]) {
        let mut hashes: Vec<(Vec<String>, Hash)> = Vec::new();
        let standing: Vec<_> = self
            .case
            .decisions
            .iter()
            .filter(|(_, decision)| !decision.void)
            .map(|(number, one)| (*number, one.decided.scope.clone(), one.decided.seen))
            .collect();
        for (decision, scope, seen) in standing {
            let known = hashes.iter().find(|(known, _)| *known == scope).map(|(_, hash)| *hash);
            let now = known.unwrap_or_else(|| self.scope_hash(&scope));
            if known.is_none() {
                hashes.push((scope.clone(), now));
            }
            if now != seen {
                let inside = |path: &&String| scope.is_empty() || scope.iter().any(|prefix| within(path, prefix));
                let paths = paths.iter().filter(inside).cloned().collect();
                self.push(Event::DecisionVoided { decision, because: VoidReason::Touched { paths } });
            }
        }
    }

    /// After an edit: goes back to every node that it moved, and to those whose decisions it voided. `counted` are the nodes at which
    /// decisions counted before the edit, with how many.
    pub(super) fn go_back_where_moved(&mut self, counted: &[(String, usize)]) {
        let definition = self.definition;
        self.review(&definition.nodes, counted);
    }

    /// How many decisions count at each node that was reached.
    pub(super) fn counts(&self) -> Vec<(String, usize)> {
        self.case.nodes.keys().map(|node| (node.clone(), self.counting(node).count())).collect()
    }

    /// Looks through a sequence up to the first node to go back to; what lies behind it is walked anew anyway.
    fn review(&mut self, nodes: &'a [Node], counted: &[(String, usize)]) -> bool {
        for node in nodes {
            let Some(stage) = self.stage(node) else { continue };
            if let Some(reads) = self.moved(node) {
                self.push(Event::Rerouted { node: node.name.clone(), reads });
                self.reset_from(&node.name, ResetReason::Edited);
                return true;
            }
            let before = counted.iter().find(|(name, _)| *name == node.name).map_or(0, |(_, count)| *count);
            let flows = matches!(node.kind, NodeKind::Approve { free_flow: true, .. });
            if self.counting(&node.name).count() < before && (stage != Stage::Active || flows) {
                self.reset_from(&node.name, ResetReason::Edited);
                return true;
            }
            let mut inside = false;
            for way in node.kind.ways() {
                inside |= self.review(way, counted);
            }
            if inside {
                return true;
            }
        }
        false
    }

    /// What a node read that now gives another answer.
    fn moved(&self, node: &Node) -> Option<Vec<Read>> {
        let state = self.state(node)?;
        let facts = &self.facts;
        let by_same_person = matches!(state.skipped, Some(super::super::SkipReason::SamePerson { .. }));
        if touched(&state.reads, facts) {
            let entered = state.stage != Stage::Skipped || by_same_person;
            match self.guard(node, &with_marks_of(&state.reads, facts)) {
                Ok((enters, _)) if enters == entered => {}
                Ok((_, reads)) => return Some(reads),
                Err(_) => return Some(state.reads.clone()),
            }
        }
        if let NodeKind::Branch { ways, inclusive } = &node.kind
            && touched(&state.choice_reads, facts)
        {
            match self.choose(node, ways, *inclusive, &with_marks_of(&state.choice_reads, facts)) {
                Ok((chosen, _)) if chosen == state.ways => {}
                Ok((_, reads)) => return Some(reads),
                Err(_) => return Some(state.choice_reads.clone()),
            }
        }
        self.people_moved(node)
    }

    /// Whether a rule of people that read something that changed finds other people now.
    fn people_moved(&self, node: &Node) -> Option<Vec<Read>> {
        match &node.kind {
            NodeKind::Approve { by, .. } => {
                let mut asked =
                    self.case.tasks.values().filter(|task| task.opened.node == node.name).map(|task| &task.opened);
                let asked: &TaskOpened = asked.next_back()?;
                let moved = touched(&asked.reads, &self.facts) && self.finds_others(node, by, &asked.candidates);
                moved.then(|| asked.reads.clone())
            }
            NodeKind::Countersign { .. } => {
                let votes = &self.state(node)?.votes;
                let read: Vec<Read> = votes.iter().flat_map(|vote: &Vote| vote.reads.clone()).collect();
                // The votes were frozen from these fields: they are frozen anew.
                touched(&read, &self.facts).then_some(read)
            }
            _ => None,
        }
    }

    fn finds_others(&self, node: &Node, by: &Who, candidates: &[super::super::Candidate]) -> bool {
        let sorted = |candidates: &[super::super::Candidate]| {
            let mut people: Vec<UserId> = candidates.iter().map(super::super::Candidate::principal).collect();
            people.sort_unstable();
            people
        };
        self.deciders(node, "by", by).map_or(true, |now| sorted(&now.candidates) != sorted(candidates))
    }
}
