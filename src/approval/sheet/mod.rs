//! The approval sheet (审批单): everything that was decided and said in a case, step by step, as it is printed and kept with the record.
//!
//! [`Look::sheet`] makes it out of the events of a case and nothing else that moves: the same case gives the same sheet. Sentences are
//! those of the [history](super::history); what people print is [`SheetShown`], in one language, for the page and for the PDF.

mod head;
mod shown;

use std::collections::BTreeMap;

use super::history::Told;
use super::look::Look;
use super::words;
use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Hash, Timestamp};
use crate::workflow::{DecisionNumber, Event, SkipReason, TaskNumber, VoidReason};

pub use shown::SheetShown;

pub(super) use head::Asked;

/// An approval sheet, in no language yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What people call the record.
    pub title: String,
    /// Where the case stands.
    pub status: Message,
    /// What stands above the steps: what it is, and what.
    pub facts: Vec<(Message, Message)>,
    /// The steps, in the order in which the case came to them; first what belongs to none.
    pub steps: Vec<SheetStep>,
    /// Changes that were proposed to the drafter.
    pub suggestions: Vec<Proposed>,
    /// Whether there was more than one round.
    pub rounds: bool,
    /// What it proves itself by: the number of the case, its events, the head of their chain, and the content.
    pub proof: Proof,
}

/// By what a sheet is compared with the database and the evidence bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Number of the case.
    pub case: i64,
    /// Its events.
    pub events: u64,
    /// The head of their chain.
    pub head: Hash,
    /// The content that is under approval, or was.
    pub content: Option<Hash>,
}

/// A step of the workflow, or the case as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetStep {
    /// The node; `None` is the case as a whole.
    pub node: Option<String>,
    /// What it is called.
    pub title: Message,
    /// Who is asked there and has not decided yet.
    pub waits_for: Option<Message>,
    /// What happened there, oldest first.
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What.
    pub what: Message,
    /// Who, in whose name, by which way.
    pub who: Option<Message>,
    /// Their words.
    pub text: Option<Message>,
    /// The part of the document that the words are about.
    pub about: Option<String>,
    /// That they signed for it with a login, where the step demands one.
    pub signed: Option<Message>,
    /// When.
    pub at: Timestamp,
    /// In which round.
    pub round: u32,
    /// The content that was decided on.
    pub content: Option<Hash>,
    /// Why it no longer counts; it is printed struck.
    pub void: Option<Message>,
    /// An administrator did it past the workflow.
    pub overridden: bool,
    /// `good`, `bad`, `info`, `warn` or plain.
    pub tone: &'static str,
}

/// A change that somebody proposed to the drafter, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// The part of the document.
    pub part: String,
    /// What it should say.
    pub text: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub who: Message,
    /// When.
    pub at: Timestamp,
    /// What the drafter did with it, with their reason.
    pub outcome: Option<Message>,
}

impl Look {
    /// The approval sheet of the case as it stands.
    pub fn sheet(&self) -> Sheet {
        let mut rows =
            Rows { look: self, steps: Vec::new(), decisions: BTreeMap::new(), consequences: Vec::new(), round: 0 };
        for stored in &self.events {
            if let Ok(event) = stored.event() {
                rows.take(&event, stored.seq, stored.at);
            }
        }
        rows.stand_again();
        let mut steps = rows.steps;
        // A branch only holds others, and who was asked at a node that the case left again may never have answered.
        steps.retain(|step| !step.entries.is_empty() || step.waits_for.is_some());
        steps.sort_by_key(|step| step.node.is_some());
        Sheet {
            title: self.facts.subject.title.clone(),
            status: super::refusals::status(self.state.status),
            facts: head::facts(self),
            steps,
            suggestions: self.proposed(),
            rounds: self.state.round > 1,
            proof: Proof {
                case: self.case.get(),
                events: self.state.seq,
                head: self.head,
                content: self.state.content,
            },
        }
    }

    fn proposed(&self) -> Vec<Proposed> {
        let all = self.state.suggestions.values().map(|one| Proposed {
            part: self.part(&one.path),
            text: one.text.clone(),
            reason: one.reason.clone(),
            who: self.actor(one.by),
            at: one.at,
            outcome: words::outcome(&one.outcome),
        });
        all.collect()
    }
}

/// Where an event is printed.
enum Spot<'e> {
    /// At the step of a node.
    Step(&'e str),
    /// With the case as a whole.
    Whole,
}

/// The steps as they grow, event by event.
struct Rows<'a> {
    look: &'a Look,
    steps: Vec<SheetStep>,
    /// Where each decision stands: its step and its entry.
    decisions: BTreeMap<DecisionNumber, (usize, usize)>,
    /// Where the consequences of the last decision stand.
    consequences: Vec<(usize, usize)>,
    round: u32,
}

impl Rows<'_> {
    fn take(&mut self, event: &Event, seq: i64, at: Timestamp) {
        match event {
            Event::Submitted { round, .. } => self.round = *round,
            // A node is a step as soon as the case comes to it, so that the steps stand in its order.
            Event::NodeEntered { node, title, .. } => drop(self.step(Some(node), title)),
            Event::DecisionVoided { decision, because } if *because != VoidReason::SentBack => {
                self.void(*decision, words::voided(|path| self.look.part(path), because));
            }
            Event::DecisionRevoked { decision, .. } | Event::DecisionWithdrawn { decision, .. } => {
                if let Some(Told { head, text, .. }) = self.look.told(event, seq) {
                    let because = text.unwrap_or(head);
                    if matches!(event, Event::DecisionWithdrawn { .. }) {
                        self.undo(&because);
                    }
                    self.void(*decision, because);
                }
            }
            _ => {}
        }
        let Some(at_node) = self.place(event) else { return };
        let Some(Told { head, who, text, tone }) = self.look.told(event, seq) else { return };
        let node = match at_node {
            Spot::Step(node) => Some(node.to_owned()),
            Spot::Whole => None,
        };
        let title = node.as_deref().map(|node| self.look.title(node)).unwrap_or_default();
        let step = self.step(node.as_deref(), &title);
        let overridden = self.is_override(event);
        let mut entry = Entry {
            what: head,
            who,
            text,
            about: None,
            signed: None,
            at,
            round: self.round,
            content: None,
            void: None,
            overridden,
            tone,
        };
        if let Event::Decided(decided) = event {
            entry.about = decided.path.as_deref().map(|path| self.look.part(path));
            entry.content = Some(decided.content);
            let login = self.look.state.tasks.get(&decided.task).is_some_and(|task| task.opened.login);
            entry.signed = (login && decided.by.is_some()).then(|| msg!("approval.sheet.signed"));
            self.decisions.insert(decided.decision, (step, self.steps[step].entries.len()));
        }
        let place = (step, self.steps[step].entries.len());
        match event {
            Event::Decided(_) => self.consequences.clear(),
            Event::Returned { .. }
            | Event::Rejected { .. }
            | Event::Approved
            | Event::Ended
            | Event::NodeSkipped { .. }
            | Event::DecisionKept { .. }
            | Event::CopySent { .. } => self.consequences.push(place),
            _ => {}
        }
        self.steps[step].entries.push(entry);
    }

    /// The last decision was undone: what followed from it never came to be.
    fn undo(&mut self, because: &Message) {
        for (step, entry) in std::mem::take(&mut self.consequences) {
            self.steps[step].entries[entry].void = Some(because.clone());
        }
    }

    /// What an undone decision had voided counts again.
    fn stand_again(&mut self) {
        let standing = self.look.state.decisions.iter().filter(|(_, one)| !one.void).map(|(number, _)| number);
        for (step, entry) in standing.filter_map(|number| self.decisions.get(number)) {
            self.steps[*step].entries[*entry].void = None;
        }
    }

    fn void(&mut self, decision: DecisionNumber, because: Message) {
        if let Some((step, entry)) = self.decisions.get(&decision) {
            self.steps[*step].entries[*entry].void = Some(because);
        }
    }

    /// The step of a node, made when the case first comes to it.
    fn step(&mut self, node: Option<&str>, title: &str) -> usize {
        if let Some(place) = self.steps.iter().position(|step| step.node.as_deref() == node) {
            return place;
        }
        self.steps.push(SheetStep {
            node: node.map(str::to_owned),
            title: if node.is_some() { words::as_written(title) } else { msg!("approval.sheet.whole") },
            waits_for: node.and_then(|node| self.waits_for(node)),
            entries: Vec::new(),
        });
        self.steps.len() - 1
    }

    fn waits_for(&self, node: &str) -> Option<Message> {
        let open = self.look.state.tasks.values().filter(|task| task.open && task.opened.node == node);
        let people: Vec<String> =
            open.flat_map(|task| &task.opened.candidates).map(|one| self.look.name(one.person)).collect();
        (!people.is_empty()).then(|| msg!("approval.sheet.waits_for", people = people.into_iter().collect::<Arg>()))
    }

    /// The step where an event is printed, or the case as a whole; `None` for what a sheet leaves out: who was asked and reminded, who
    /// took a task into hand, and what is printed with a decision or a suggestion.
    fn place<'e>(&'e self, event: &'e Event) -> Option<Spot<'e>> {
        Some(match event {
            Event::Submitted { .. }
            | Event::Returned { from: None, .. }
            | Event::ContentEdited { .. }
            | Event::Rerouted { .. }
            | Event::Approved
            | Event::Rejected { node: None, .. }
            | Event::Withdrawn { .. }
            | Event::Terminated { .. }
            | Event::Jumped { .. }
            | Event::Migrated { .. }
            | Event::TakenOver { .. }
            | Event::Ended
            | Event::Stuck { .. }
            | Event::Unstuck { .. }
            | Event::OutsideEvent { .. }
            | Event::Commented { .. }
            | Event::CopiedByHand { .. } => Spot::Whole,
            Event::Returned { from: Some(node), .. }
            | Event::Rejected { node: Some(node), .. }
            | Event::NodeSkipped { node, .. }
            | Event::DecisionKept { node, .. }
            | Event::CopySent { node, .. }
            | Event::SignersAdded { node, .. }
            | Event::SignerRemoved { node, .. } => Spot::Step(node),
            Event::Decided(decided) => Spot::Step(&decided.node),
            Event::HandedOver { task, .. }
            | Event::Transferred { task, .. }
            | Event::Delegated { task, .. }
            | Event::DelegationReturned { task, .. } => self.spot_of(Some(*task)),
            Event::Asked { task, .. } => self.spot_of(*task),
            Event::Answered { question, .. } => {
                let task = self.look.state.questions.get(question).and_then(|question| question.task);
                self.spot_of(task)
            }
            _ => return None,
        })
    }

    fn spot_of(&self, task: Option<TaskNumber>) -> Spot<'_> {
        let task = task.and_then(|task| self.look.state.tasks.get(&task));
        task.map_or(Spot::Whole, |task| Spot::Step(&task.opened.node))
    }

    /// What an administrator does past the workflow; an edit by somebody who is neither the drafter nor was ever asked is one too.
    fn is_override(&self, event: &Event) -> bool {
        match event {
            Event::Jumped { .. } | Event::Terminated { .. } | Event::Migrated { .. } | Event::TakenOver { .. } => true,
            Event::NodeSkipped { because, .. } => matches!(because, SkipReason::Overridden { .. }),
            Event::ContentEdited { by, .. } => by.in_the_name_of().is_some_and(|person| {
                let (state, facts) = (&self.look.state, &self.look.facts.subject);
                let mut asked = state.tasks.values().flat_map(|task| &task.opened.candidates);
                person != facts.drafter
                    && state.submitter != Some(person)
                    && !asked.any(|one| one.person == person || one.principal() == person)
            }),
            _ => false,
        }
    }
}
