//! What inboxes read of a case: the rows that differ between the state before a command and the state after it.
//!
//! Rows of tasks and decisions are compared rather than derived from single events, so that an undo or a hand-over cannot leave a row
//! behind that the state does not have.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{Actor, Timestamp, UserId};
use crate::workflow::{BY_HAND, Candidate, Case, Choice, Decision, DecisionNumber, Event, Task, TaskNumber};

/// One person at one task.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TaskRow {
    pub(super) task: TaskNumber,
    pub(super) person: UserId,
    pub(super) node: String,
    pub(super) node_title: String,
    /// The [`Candidate`] as it is stored.
    pub(super) because: String,
    pub(super) opened_at: Timestamp,
    pub(super) due: Option<Timestamp>,
    pub(super) claimed_by: Option<UserId>,
    pub(super) open: bool,
}

/// One decision.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DecisionRow {
    pub(super) decision: DecisionNumber,
    pub(super) task: TaskNumber,
    pub(super) node_title: String,
    pub(super) by: Option<Actor>,
    pub(super) choice: &'static str,
    pub(super) opinion: String,
    pub(super) round: u32,
    pub(super) void: bool,
    pub(super) at: Timestamp,
}

/// Everything that a command changes in the rows that inboxes read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Changes {
    pub(super) tasks: Vec<TaskRow>,
    pub(super) decisions: Vec<DecisionRow>,
    pub(super) copies: Vec<(String, UserId)>,
    pub(super) read_copies: Vec<(String, UserId)>,
    pub(super) asked: Vec<(u32, Option<UserId>, UserId, String)>,
    pub(super) answered: Vec<u32>,
    pub(super) answered_by: Vec<UserId>,
}

impl Changes {
    /// Everybody whose boxes change.
    pub(super) fn people(&self) -> BTreeSet<UserId> {
        let asked = self.tasks.iter().map(|row| row.person);
        let decided = self.decisions.iter().filter_map(|row| row.by?.user);
        let copied = self.copies.iter().chain(&self.read_copies).map(|(_, person)| *person);
        let questioned = self.asked.iter().map(|(_, _, whom, _)| *whom);
        asked.chain(decided).chain(copied).chain(questioned).chain(self.answered_by.iter().copied()).collect()
    }
}

/// The word of a choice in the database and in answers for programs.
pub(super) fn word(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approve",
        Choice::Reject => "reject",
        Choice::Return => "return",
        Choice::Abstain => "abstain",
    }
}

/// What `events` change between two states.
pub(super) fn changes(before: &Case, after: &Case, events: &[Event]) -> Result<Changes, serde_json::Error> {
    let mut changes = Changes::default();
    let titles = Titles { before, after };
    for (number, task) in &after.tasks {
        if before.tasks.get(number) != Some(task) {
            changes.tasks.extend(task_rows(&titles, *number, before.tasks.get(number), task)?);
        }
    }
    for (number, decision) in &after.decisions {
        if before.decisions.get(number).is_none_or(|known| known.void != decision.void) {
            changes.decisions.push(decision_row(&titles, *number, decision));
        }
    }
    for event in events {
        match event {
            Event::CopySent { node, people } => {
                changes.copies.extend(people.iter().map(|one| (node.clone(), one.person)));
            }
            Event::CopiedByHand { people, .. } => {
                changes.copies.extend(people.iter().map(|person| (BY_HAND.to_owned(), *person)));
            }
            Event::CopyRead { node, by } => changes.read_copies.extend(by.user.map(|reader| (node.clone(), reader))),
            Event::Asked { question, by, whom, text, .. } => {
                changes.asked.push((*question, by.user, *whom, text.clone()));
            }
            Event::Answered { question, by, .. } => {
                changes.answered.push(*question);
                changes.answered_by.extend(by.user);
            }
            _ => {}
        }
    }
    for (number, question) in &after.questions {
        if before.questions.get(number).is_some_and(|known| known.whom != question.whom) {
            changes.asked.push((*number, question.by.user, question.whom, question.text.clone()));
        }
    }
    Ok(changes)
}

/// Titles of nodes; a node that was reset since is known from before.
struct Titles<'a> {
    before: &'a Case,
    after: &'a Case,
}

impl Titles<'_> {
    fn of(&self, node: &str) -> String {
        let state = self.after.nodes.get(node).or_else(|| self.before.nodes.get(node));
        state.map_or_else(|| node.to_owned(), |state| state.title.clone())
    }
}

/// The rows of a task that differ; who is no longer asked keeps a closed row.
fn task_rows(
    titles: &Titles<'_>,
    number: TaskNumber,
    before: Option<&Task>,
    after: &Task,
) -> Result<Vec<TaskRow>, serde_json::Error> {
    let (was, is) = (before.map(people).unwrap_or_default(), people(after));
    let row = |person: UserId, because: &Candidate, open: bool| {
        Ok(TaskRow {
            task: number,
            person,
            node: after.opened.node.clone(),
            node_title: titles.of(&after.opened.node),
            because: serde_json::to_string(because)?,
            opened_at: after.at,
            due: after.opened.due,
            claimed_by: after.claimed,
            open,
        })
    };
    let gone = was.iter().filter(|(person, _)| !is.contains_key(person)).map(|(person, one)| row(*person, one, false));
    is.iter().map(|(person, one)| row(*person, one, after.open)).chain(gone).collect()
}

/// Who is asked at a task.
fn people(task: &Task) -> BTreeMap<UserId, &Candidate> {
    task.opened.candidates.iter().map(|one| (one.person, one)).collect()
}

fn decision_row(titles: &Titles<'_>, number: DecisionNumber, decision: &Decision) -> DecisionRow {
    let decided = &decision.decided;
    DecisionRow {
        decision: number,
        task: decided.task,
        node_title: titles.of(&decided.node),
        by: decided.by,
        choice: word(decided.choice),
        opinion: decided.opinion.clone(),
        round: decision.round,
        void: decision.void,
        at: decision.at,
    }
}
