//! How much of a record somebody sees for the sake of its approval (`may_see`, 字段可见).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Candidate, Case, DecisionOptions, Definition, Effect, Event, NodeKind, Read, ScriptProblem, Step, StepState,
    StuckReason, SubjectFacts, Task, Timer, TimerOf, WaitFor,
};
use crate::kernel::manifest::within;
use crate::kernel::{Actor, Timestamp, UserId};

/// Stands where a value is not seen.
const HIDDEN: &str = "…";

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
        Self::of_list(&options.may_see)
    }

    /// What a list of parts shows; an empty one shows all.
    fn of_list(parts: &[String]) -> Self {
        if parts.is_empty() { Self::Whole } else { Self::Parts(parts.iter().cloned().collect()) }
    }

    /// What whoever decides at the node of that name sees. Where it went away with an earlier version, that is the head.
    fn of_node(definition: &Definition, node: &str) -> Self {
        let node = definition.node(node);
        node.and_then(|node| node.kind.options()).map_or(Self::HEAD, Self::of_options)
    }

    /// What whoever has a task sees. Where its node went away with an earlier version, that is what their decision covers.
    fn of_task(definition: &Definition, task: &Task) -> Self {
        match definition.node(&task.opened.node) {
            Some(node) => node.kind.options().map_or(Self::HEAD, Self::of_options),
            None => Self::of_list(&task.opened.scope),
        }
    }

    /// What somebody sees by all that they have to do with a case: the drafter's side and readers of copies see all of it, everybody else
    /// what the steps show at which they, or people for whom they `act`, decide, decided, were added or asked something, and what whoever
    /// asked them sees.
    pub fn of_person(
        definition: &Definition,
        (case, subject): (&Case, &SubjectFacts),
        person: UserId,
        acts: impl Fn(UserId) -> bool,
    ) -> Self {
        if definition.showing_parts().next().is_none() || sees_all(case, subject, person) {
            return Self::Whole;
        }
        let asked = case.questions.values().filter(|question| question.whom == person);
        let asked = asked.filter_map(|question| match (question.task, question.by.user) {
            (None, Some(by)) if sees_all(case, subject, by) => Some(Self::Whole),
            (None, Some(by)) => Self::of_work(definition, case, by, |_| false),
            (Some(task), _) => case.tasks.get(&task).map(|task| Self::of_task(definition, task)),
            (None, None) => None,
        });
        asked.chain(Self::of_work(definition, case, person, acts)).reduce(Self::and).unwrap_or(Self::HEAD)
    }

    /// What the steps show at which somebody is or was at work; nothing where they never were.
    fn of_work(definition: &Definition, case: &Case, person: UserId, acts: impl Fn(UserId) -> bool) -> Option<Self> {
        let is = |one: &Candidate| one.person == person || one.principal() == person || acts(one.principal());
        let at = |task: &Task| {
            let lent = task.delegated.iter().flat_map(|lent| &lent.back_to);
            task.opened.candidates.iter().chain(lent).any(is)
        };
        let by = |actor: &Actor| actor.user == Some(person) || actor.in_the_name_of() == Some(person);
        let theirs = case.tasks.values().filter(|task| at(task));
        let decisions = case.decisions.values().map(|one| &one.decided);
        let decided = decisions.filter(|one| one.by.as_ref().is_some_and(by)).map(|one| one.task);
        let asked = case.questions.values().filter(|question| by(&question.by)).filter_map(|question| question.task);
        let once = decided.chain(asked).filter_map(|number| case.tasks.get(&number));
        let added = case.signers.iter().filter(|(_, signers)| signers.iter().any(|one| is(&one.candidate)));
        let added = added.map(|(node, _)| Self::of_node(definition, node));
        theirs.chain(once).map(|task| Self::of_task(definition, task)).chain(added).reduce(Self::and)
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

    /// A case without the suggestions, days and values of what is not seen.
    #[must_use]
    pub fn of_case(&self, definition: &Definition, mut case: Case) -> Case {
        if self.is_whole() {
            return case;
        }
        case.suggestions.retain(|_, suggestion| self.covers(&suggestion.path));
        case.stuck.iter_mut().for_each(|mark| without_values(&mut mark.because));
        let waits = case.nodes.keys().filter(|name| self.hides_day_of(definition, name)).cloned().collect::<Vec<_>>();
        for name in waits {
            if let Some(node) = Arc::make_mut(&mut case.nodes).get_mut(&name) {
                Arc::make_mut(node).until = None;
            }
        }
        case
    }

    /// Steps without the days and values of what is not seen.
    #[must_use]
    pub fn of_steps(&self, definition: &Definition, mut steps: Vec<Step>) -> Vec<Step> {
        if self.is_whole() {
            return steps;
        }
        for step in &mut steps {
            step.due = step.due.filter(|_| !self.hides_day_of(definition, &step.node));
            if let StepState::Stuck(because) = &mut step.state {
                without_values(because);
            }
        }
        steps
    }

    /// An event of a case without the words, days and values of what is not seen.
    #[must_use]
    pub fn of_event(&self, (definition, case): (&Definition, &Case), mut event: Event) -> Event {
        if self.is_whole() {
            return event;
        }
        match &mut event {
            Event::Suggested { path, text, reason, .. } if !self.covers(path) => {
                text.clear();
                reason.clear();
            }
            Event::SuggestionDeclined { suggestion, reason, .. }
                if case.suggestions.get(suggestion).is_none_or(|one| !self.covers(&one.path)) =>
            {
                reason.clear();
            }
            Event::NodeEntered { reads, .. }
            | Event::NodeSkipped { reads, .. }
            | Event::WayChosen { reads, .. }
            | Event::Rerouted { reads, .. } => self.keep(reads),
            Event::TaskOpened(opened) => self.keep(&mut opened.reads),
            Event::VotesFrozen { votes, .. } => votes.iter_mut().for_each(|vote| self.keep(&mut vote.reads)),
            Event::WaitOpened { node, until, .. } if self.hides_day_of(definition, node) => *until = None,
            Event::TimerSet { timer: Timer { of: TimerOf::Node { node }, at, .. } }
                if self.hides_day_of(definition, node) =>
            {
                *at = Timestamp::from_micros(0);
            }
            Event::Stuck { because, .. } => without_values(because),
            // What the file says in a message may repeat any field.
            Event::EffectsDue { effects, .. } => effects.iter_mut().for_each(|effect| {
                if let Effect::Tell { text, .. } = effect {
                    text.clear();
                }
            }),
            _ => {}
        }
        event
    }

    /// Whether a node waits for a day that stands in a field that is not seen.
    fn hides_day_of(&self, definition: &Definition, node: &str) -> bool {
        let Some(NodeKind::Wait { what: WaitFor::DateField { field }, .. }) =
            definition.node(node).map(|node| &node.kind)
        else {
            return false;
        };
        !self.covers(&format!("fields/{field}"))
    }

    fn keep(&self, reads: &mut Vec<Read>) {
        reads.retain(|read| self.covers(&format!("fields/{}", read.field)));
    }
}

/// Whether somebody sees all of a record for the sake of its case: the drafter's side, and readers of copies.
fn sees_all(case: &Case, subject: &SubjectFacts, person: UserId) -> bool {
    case.told(person) || case.drafted_by(subject, person)
}

/// A reason without the values on which a condition stumbled.
fn without_values(because: &mut StuckReason) {
    let (StuckReason::Fault { fault, .. } | StuckReason::HookFault { fault, .. }) = because else { return };
    match &mut fault.problem {
        ScriptProblem::Incomparable { left, right } => {
            HIDDEN.clone_into(left);
            HIDDEN.clone_into(right);
        }
        ScriptProblem::WrongAnswer { got: said } | ScriptProblem::Failed { message: said } => {
            HIDDEN.clone_into(said);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::language::load;
    use crate::workflow::{ScriptFault, StepKind, Value};

    fn one_step() -> Definition {
        let header = "workflow(\"w\", #{ title: \"审批\", subject: \"contract\" });";
        let source = format!("{header}\napprove(\"n\", #{{ title: \"甲\", by: drafter() }});");
        load(&source, "w.rhai").unwrap().definition
    }

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
        let definition = one_step();
        let told = parts(&["fields/region"]).of_event((&definition, &Case::default()), event);
        assert_eq!(told, Event::Rerouted { node: "n".to_owned(), reads: vec![read("region")] });
    }

    #[test]
    fn values_on_which_a_condition_stumbled_are_told_to_who_sees_all() {
        let definition = one_step();
        let problem = |left: &str, right: &str| ScriptProblem::Incomparable { left: left.into(), right: right.into() };
        let step = |problem| Step {
            node: "n".to_owned(),
            title: "甲".to_owned(),
            depth: 0,
            kind: StepKind::Approve,
            state: StepState::Stuck(StuckReason::Fault {
                rule: "n.when".to_owned(),
                fault: ScriptFault { place: None, problem },
            }),
            ways: Vec::new(),
            people: Vec::new(),
            due: None,
            chosen_by_submitter: false,
            kept: false,
        };
        let told = |sight: &Sight| sight.of_steps(&definition, vec![step(problem("8万", "many"))]);
        assert_eq!(told(&Sight::Whole), [step(problem("8万", "many"))]);
        assert_eq!(told(&Sight::HEAD), [step(problem(HIDDEN, HIDDEN))]);
    }
}
