//! Who may do what.

use super::super::{Allowance, DecisionOptions, Node, NodeName, Refusal, Sight, Task, TaskNumber};
use super::draft::Draft;
use super::tree;
use crate::kernel::{Actor, UserId};

/// The role whose holders may mend, redirect and end what is under approval.
const ADMINISTRATOR: &str = "administrator";

impl<'a> Draft<'a> {
    /// The person of an actor; the program itself is nobody.
    pub(super) fn person(&self, actor: &Actor) -> Result<UserId, Refusal> {
        let person = actor.user.ok_or(Refusal::NobodyActs)?;
        if self.facts.directory.is_active(person) { Ok(person) } else { Err(Refusal::CannotBeAsked { person }) }
    }

    /// One of the drafter's side.
    pub(super) fn drafter_side(&self, actor: &Actor) -> Result<UserId, Refusal> {
        let person = self.person(actor)?;
        if self.case.drafted_by(&self.facts.subject, person) {
            Ok(person)
        } else {
            Err(Refusal::NotEntitled { person })
        }
    }

    /// Somebody who has to do with the case: the drafter's side, everybody who was ever asked, told or questioned.
    pub(super) fn involved(&self, actor: &Actor) -> Result<UserId, Refusal> {
        let person = self.person(actor)?;
        let case = &self.case;
        let asked = case.tasks.values().any(|task| task.opened.candidates.iter().any(|one| one.person == person));
        let decided = case.decisions.values().any(|one| one.decided.by.is_some_and(|by| by.user == Some(person)));
        let questioned = case.questions.values().any(|question| question.whom == person);
        let added = case.signers.values().flatten().any(|one| one.candidate.person == person);
        if asked || decided || case.told(person) || questioned || added || self.drafter_side(actor).is_ok() {
            Ok(person)
        } else {
            Err(Refusal::NotEntitled { person })
        }
    }

    /// How much of the record a person sees for the sake of the case. Administrators see all of it.
    pub(super) fn sight(&self, person: UserId) -> Sight {
        if self.administers(person) {
            return Sight::Whole;
        }
        let acts = |absent| self.deputy(absent) == Some(person);
        Sight::of_person(self.definition, (&self.case, &self.facts.subject), person, acts)
    }

    /// The step that shows a person only parts of the record, where they do not see all of it otherwise.
    pub(super) fn sees_parts_only(&self, person: UserId) -> Option<NodeName> {
        let acts = |absent| self.deputy(absent) == Some(person);
        if self.sight(person).is_whole() {
            return None;
        }
        let mut asked = self.case.tasks.values().filter(|task| {
            let mut people = task.opened.candidates.iter();
            people.any(|one| one.person == person || acts(one.principal()))
        });
        let theirs = asked.next_back().map(|task| task.opened.node.clone());
        // Whoever was only asked a question sees what the step of whoever asked them shows.
        theirs.or_else(|| self.definition.showing_parts().next().map(|node| node.name.clone()))
    }

    /// Whether a person administers the installation.
    pub(super) fn administers(&self, person: UserId) -> bool {
        self.facts.directory.people.get(&person).is_some_and(|one| one.roles.contains(ADMINISTRATOR))
    }

    /// An administrator.
    pub(super) fn administrator(&self, actor: &Actor) -> Result<UserId, Refusal> {
        let person = self.person(actor)?;
        if self.administers(person) { Ok(person) } else { Err(Refusal::NotEntitled { person }) }
    }

    pub(super) fn task(&self, number: TaskNumber) -> Result<&Task, Refusal> {
        self.case.tasks.get(&number).ok_or(Refusal::UnknownTask { task: number })
    }

    /// A task at which somebody is still asked.
    pub(super) fn open_task(&self, number: TaskNumber) -> Result<&Task, Refusal> {
        let task = self.task(number)?;
        if task.open {
            return Ok(task);
        }
        let decision = self.case.decisions.values().rev().find(|one| {
            one.decided.task == number || one.counts_for == Some(number) || one.decided.node == task.opened.node
        });
        let by = decision.and_then(|one| one.decided.by?.user);
        Err(Refusal::NodeClosed { node: task.opened.node.clone(), by })
    }

    /// The actor as they act at an open task: for themselves, or as the deputy of somebody who is away.
    pub(super) fn asked(&self, number: TaskNumber, actor: &Actor) -> Result<Actor, Refusal> {
        let task = self.open_task(number)?;
        let person = self.person(actor)?;
        if self.may_not_decide(person) {
            return Err(Refusal::NotEntitled { person });
        }
        let candidates = &task.opened.candidates;
        let themselves = candidates.iter().any(|one| one.principal() == person);
        let for_whom = || candidates.iter().find(|one| one.person == person).map(super::super::Candidate::principal);
        let since =
            || candidates.iter().map(super::super::Candidate::principal).find(|one| self.deputy(*one) == Some(person));
        let on_behalf_of = if themselves { None } else { for_whom().or_else(since) };
        if !themselves && on_behalf_of.is_none() {
            return Err(Refusal::NotEntitled { person });
        }
        match task.claimed {
            Some(by) if by != person => Err(Refusal::ClaimedByOther { by }),
            _ => Ok(Actor { on_behalf_of, ..*actor }),
        }
    }

    pub(super) fn node_named(&self, name: &str) -> Result<&'a Node, Refusal> {
        let definition = self.definition;
        tree::find(&definition.nodes, name).ok_or_else(|| Refusal::UnknownNode { node: name.to_owned() })
    }

    /// The node of a task and its options.
    pub(super) fn decision_node(&self, task: &Task) -> Result<(&'a Node, &'a DecisionOptions), Refusal> {
        let node = self.node_named(&task.opened.node)?;
        Ok((node, options_of(node)?))
    }
}

/// The options of a node at which somebody decides.
pub(super) fn options_of(node: &Node) -> Result<&DecisionOptions, Refusal> {
    node.kind.options().ok_or_else(|| Refusal::UnknownNode { node: node.name.clone() })
}

/// Whether the file allows something at a node.
pub(super) fn allowed(
    node: &Node,
    options: &DecisionOptions,
    allowance: Allowance,
    command: &'static str,
) -> Result<(), Refusal> {
    if options.allow.contains(&allowance) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed { command, node: node.name.clone() })
    }
}

/// Words that must not be missing.
pub(super) fn said(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::OpinionMissing) } else { Ok(()) }
}
