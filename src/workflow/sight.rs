//! How much of a record somebody sees for the sake of its approval (`may_see`, 字段可见).

use std::collections::BTreeSet;

use super::{Case, DecisionOptions, Definition, Event, Read, Task};
use crate::kernel::UserId;
use crate::kernel::manifest::within;

/// How much of a record somebody sees. Its head (title, number, parties, amount, first and last day) belongs to every sight: nobody
/// decides on what they cannot name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    #[default]
    Whole,
    /// The parts at or below these paths.
    Parts(BTreeSet<String>),
}

impl Sight {
    /// Nothing but the head.
    pub const HEAD: Self = Self::Parts(BTreeSet::new());

    /// What whoever decides at a node sees.
    pub fn of_options(options: &DecisionOptions) -> Self {
        if options.may_see.is_empty() { Self::Whole } else { Self::Parts(options.may_see.iter().cloned().collect()) }
    }

    /// What whoever has a task sees. Where its node went away with an earlier version, that is the head.
    pub fn of_task(definition: &Definition, task: &Task) -> Self {
        let node = definition.node(&task.opened.node);
        node.and_then(|node| node.kind.options()).map_or(Self::HEAD, Self::of_options)
    }

    /// What somebody sees by all that they have to do with a case, the drafter's side apart: by their tasks and those of people for whom
    /// they `act`, and by what they were asked. A copy shows all of it.
    pub fn of_person(definition: &Definition, case: &Case, person: UserId, acts: impl Fn(UserId) -> bool) -> Self {
        let told = case.nodes.values().any(|node| {
            let mut people = node.copies.iter().chain(&node.may_return);
            people.any(|one| one.person == person)
        });
        if told || case.copied_by_hand.contains_key(&person) {
            return Self::Whole;
        }
        let decides = |task: &Task, who: UserId| {
            task.opened
                .candidates
                .iter()
                .any(|one| one.person == who || one.principal() == who || (who == person && acts(one.principal())))
        };
        let by_tasks = |who| {
            let theirs = case.tasks.values().filter(|task| decides(task, who));
            theirs.map(|task| Self::of_task(definition, task)).reduce(Self::and)
        };
        let questions = case.questions.values().filter(|question| question.whom == person);
        let asked = questions.map(|question| match question.task.and_then(|task| case.tasks.get(&task)) {
            Some(task) => Self::of_task(definition, task),
            None => question.by.user.and_then(by_tasks).unwrap_or_default(),
        });
        asked.chain(by_tasks(person)).reduce(Self::and).unwrap_or_default()
    }

    /// What somebody sees who has both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Parts(mut parts), Self::Parts(more)) => {
                parts.extend(more);
                Self::Parts(parts)
            }
            _ => Self::Whole,
        }
    }

    /// Whether all is seen.
    pub fn is_whole(&self) -> bool {
        *self == Self::Whole
    }

    /// Whether the part at `path` is seen.
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Parts(parts) => parts.iter().any(|part| within(path, part)),
        }
    }

    /// A case without the suggestions about what is not seen.
    #[must_use]
    pub fn of_case(&self, mut case: Case) -> Case {
        case.suggestions.retain(|_, suggestion| self.covers(&suggestion.path));
        case
    }

    /// An event without the words and values of what is not seen.
    #[must_use]
    pub fn of_event(&self, mut event: Event) -> Event {
        match &mut event {
            Event::Suggested { path, text, reason, .. } if !self.covers(path) => {
                text.clear();
                reason.clear();
            }
            Event::NodeEntered { reads, .. }
            | Event::NodeSkipped { reads, .. }
            | Event::WayChosen { reads, .. }
            | Event::Rerouted { reads, .. } => self.keep(reads),
            Event::TaskOpened(opened) => self.keep(&mut opened.reads),
            Event::VotesFrozen { votes, .. } => votes.iter_mut().for_each(|vote| self.keep(&mut vote.reads)),
            _ => {}
        }
        event
    }

    fn keep(&self, reads: &mut Vec<Read>) {
        reads.retain(|read| self.covers(&format!("fields/{}", read.field)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::Value;

    fn parts(paths: &[&str]) -> Sight {
        Sight::Parts(paths.iter().map(|path| (*path).to_owned()).collect())
    }

    #[test]
    fn a_part_is_seen_with_everything_below_it() {
        let sight = parts(&["plan", "clauses/liability"]);
        assert!(sight.covers("plan/1") && sight.covers("clauses/liability"));
        assert!(!sight.covers("planning") && !sight.covers("clauses/price"));
    }

    #[test]
    fn who_decides_at_two_steps_sees_what_either_shows() {
        assert_eq!(parts(&["plan"]).and(parts(&["files"])), parts(&["files", "plan"]));
        assert_eq!(parts(&["plan"]).and(Sight::Whole), Sight::Whole);
    }

    #[test]
    fn values_that_were_read_of_hidden_fields_are_not_told() {
        let read = |field: &str| Read { field: field.to_owned(), value: Value::Text("x".to_owned()) };
        let event = Event::Rerouted { node: "n".to_owned(), reads: vec![read("region"), read("price")] };
        let told = parts(&["fields/region"]).of_event(event);
        assert_eq!(told, Event::Rerouted { node: "n".to_owned(), reads: vec![read("region")] });
    }
}
