//! Who is asked at a node: what the rule finds, without the drafter, with deputies for those who are away.

use std::sync::Arc;

use super::super::{Candidate, DrafterIsApprover, Node, Read, Reason, ReasonStep, StuckReason, Who};
use super::draft::{Draft, rule};
use super::judge::Reading;
use super::people_rules::{Found, Outside, Rules};
use crate::kernel::UserId;

/// People for one option of a node.
#[derive(Debug)]
pub(super) struct People {
    pub(super) candidates: Vec<Candidate>,
    pub(super) reads: Vec<Read>,
}

impl Draft<'_> {
    /// Who decides by a rule: never the drafter, unless the file says so, and never nobody. Deputies are not in their places yet.
    pub(super) fn deciders(&self, node: &Node, option: &str, who: &Who) -> Result<People, StuckReason> {
        let mut rules = Rules::new(self, &node.name);
        let mut left = rules.find(who).map_err(|fault| StuckReason::Fault { rule: rule(node, option), fault })?;
        let Rules { reading: Reading { reads, .. }, outside, .. } = rules;
        if !left.is_empty() && left.iter().all(|one| self.may_not_decide(one.person)) {
            left = left.into_iter().filter_map(|drafter| self.instead_of(drafter)).collect();
            if left.is_empty() {
                return Err(StuckReason::OnlyTheDrafter { rule: rule(node, option) });
            }
        }
        left.retain(|one| !self.may_not_decide(one.person));
        if left.is_empty() {
            let rule = rule(node, option);
            return Err(match outside {
                Some(Outside { grid, version }) => StuckReason::OutsideGrid { rule, grid, version },
                None => StuckReason::NobodyFound { rule },
            });
        }
        Ok(People { candidates: self.candidates(node, option, left), reads })
    }

    /// Who is told or may interfere by rules; nobody is an answer too.
    pub(super) fn readers(&self, node: &Node, option: &str, rules: &[Who]) -> Result<Vec<Candidate>, StuckReason> {
        let found = Rules::new(self, &node.name).find_any(rules);
        let found = found.map_err(|fault| StuckReason::Fault { rule: rule(node, option), fault })?;
        Ok(self.candidates(node, option, found))
    }

    fn candidates(&self, node: &Node, option: &str, found: Vec<Found>) -> Vec<Candidate> {
        let because = |one: Found| Candidate {
            person: one.person,
            because: Arc::new(Reason { steps: one.steps, ..self.reason(node, option) }),
            deputy_for: None,
        };
        found.into_iter().map(because).collect()
    }

    /// Whether this person drafted, wrote or submitted the record, and the file does not let them decide on it.
    pub(super) fn may_not_decide(&self, person: UserId) -> bool {
        let subject = &self.facts.subject;
        let drafted = person == subject.drafter || [subject.writer, self.case.submitter].contains(&Some(person));
        drafted && self.definition.drafter_is_approver == DrafterIsApprover::AskTheirManager
    }

    /// The first one above the drafter who may decide.
    fn instead_of(&self, drafter: Found) -> Option<Found> {
        let mut steps = drafter.steps;
        steps.push(ReasonStep::InsteadOfDrafter { name: self.facts.directory.name(drafter.person) });
        let above = |id: &UserId| self.facts.directory.manager(*id).map(|(manager, _)| manager);
        let mut line = std::iter::successors(above(&drafter.person), above).take(self.facts.directory.people.len());
        line.find(|manager| !self.may_not_decide(*manager)).map(|person| Found { person, steps })
    }

    /// The people who can be asked now: deputies in the place of those who are away, disabled people left out.
    pub(super) fn present(&self, candidates: &[Candidate]) -> Vec<Candidate> {
        let directory = &self.facts.directory;
        let mut present: Vec<Candidate> = Vec::new();
        for held in candidates {
            let principal = held.principal();
            let deputy = self.deputy(principal);
            if deputy.is_none() && !directory.is_active(principal) {
                continue;
            }
            let mut one = Candidate { person: deputy.unwrap_or(principal), ..held.clone() };
            one.deputy_for = deputy.map(|_| principal);
            if deputy.is_some() {
                Arc::make_mut(&mut one.because).steps.push(ReasonStep::DeputyOf { name: directory.name(principal) });
            }
            if !present.iter().any(|other| other.person == one.person) {
                present.push(one);
            }
        }
        present
    }

    /// Who acts for a person now, and may decide here.
    pub(super) fn deputy(&self, person: UserId) -> Option<UserId> {
        let deputy = self.facts.directory.deputy(person, &self.definition.name, self.facts.now);
        deputy.filter(|deputy| !self.may_not_decide(*deputy))
    }
}
