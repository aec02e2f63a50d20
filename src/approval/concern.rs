//! Who has to do with a case, and what of it is theirs. The engine decides; this is what lists and pages show.

use crate::kernel::{Timestamp, UserId};
use crate::workflow::{
    BY_HAND, Case, DecisionOptions, Definition, Directory, Node, Sight, Stage, SubjectFacts, Task, TaskNumber,
};

/// Everything that says what is whose.
#[derive(Clone, Copy)]
pub(super) struct Concern<'a> {
    pub(super) case: &'a Case,
    pub(super) facts: &'a SubjectFacts,
    pub(super) directory: &'a Directory,
    pub(super) workflow: &'a str,
    pub(super) now: Timestamp,
}

impl<'a> Concern<'a> {
    /// Whether the case is any business of theirs: the drafter's side, and everybody who was ever asked, told or questioned, with
    /// their deputies.
    pub(super) fn is_of(&self, person: UserId) -> bool {
        let case = self.case;
        let asked = case.tasks.values().any(|task| self.named(task, person));
        let decided = case.decisions.values().any(|one| one.decided.by.is_some_and(|by| by.user == Some(person)));
        let talked = case.questions.values().any(|one| one.whom == person || one.by.user == Some(person));
        let added = case.signers.values().flatten().any(|one| one.candidate.person == person);
        self.drafts(person) || asked || decided || case.told(person) || talked || added
    }

    /// Whether they stand on the drafter's side.
    pub(super) fn drafts(&self, person: UserId) -> bool {
        self.case.drafted_by(self.facts, person)
    }

    /// How much of the record they see for the sake of the case.
    pub(super) fn sight(&self, definition: &Definition, person: UserId) -> Sight {
        let acts = |absent| self.directory.deputy(absent, self.workflow, self.now) == Some(person);
        Sight::of_person(definition, (self.case, self.facts), person, acts)
    }

    /// The open tasks at which they are asked, unless somebody else has them in hand.
    pub(super) fn tasks(&self, person: UserId) -> impl Iterator<Item = (TaskNumber, &'a Task)> {
        let concern = *self;
        self.case.tasks.iter().map(|(number, task)| (*number, task)).filter(move |(_, task)| {
            task.open && concern.named(task, person) && task.claimed.is_none_or(|by| by == person)
        })
    }

    /// Whether they may send the case back or end it while it waits.
    pub(super) fn interferes(&self, person: UserId) -> bool {
        let mut waits = self.case.nodes.values().filter(|node| node.stage == Stage::Active);
        waits.any(|node| node.may_return.iter().any(|one| one.person == person))
    }

    /// Nodes of which they have a copy that they did not mark as read.
    pub(super) fn unread(&self, person: UserId) -> Vec<String> {
        let read = |node: &str| self.case.read_copies.get(node).is_some_and(|readers| readers.contains(&person));
        let copied = self.case.nodes.iter().filter(|(_, node)| node.copies.iter().any(|one| one.person == person));
        let by_hand = self.case.copied_by_hand.get(&person).filter(|read| !**read).map(|_| BY_HAND.to_owned());
        copied.map(|(name, _)| name.clone()).filter(|node| !read(node)).chain(by_hand).collect()
    }

    fn named(&self, task: &Task, person: UserId) -> bool {
        task.opened.candidates.iter().any(|one| {
            let principal = one.principal();
            one.person == person
                || principal == person
                || self.directory.deputy(principal, self.workflow, self.now) == Some(person)
        })
    }
}

/// People for whom somebody acts now: always, and only in one workflow.
pub(super) fn acts_for(directory: &Directory, person: UserId, now: Timestamp) -> (Vec<UserId>, Vec<(UserId, String)>) {
    let (mut always, mut only) = (Vec::new(), Vec::new());
    for away in directory.people.values().filter(|one| one.id != person) {
        let absent = away.absences.iter().filter(|absence| absence.from <= now && now < absence.until);
        for absence in absent {
            match &absence.workflow {
                None if directory.deputy(away.id, "", now) == Some(person) => always.push(away.id),
                Some(name) if directory.deputy(away.id, name, now) == Some(person) => {
                    only.push((away.id, name.clone()));
                }
                _ => {}
            }
        }
    }
    (always, only)
}

/// The node of that name, and its options where somebody decides there.
pub(super) fn node<'d>(definition: &'d Definition, name: &str) -> Option<(&'d Node, Option<&'d DecisionOptions>)> {
    let node = definition.node(name)?;
    Some((node, node.kind.options()))
}
