//! The way a case will take as everything looks now: the same walk and the same resolver, on a copy in which everybody approves and
//! every wait is over at once.

use std::collections::BTreeMap;

use super::super::{
    Candidate, Case, Choice, Decided, Definition, Event, Facts, Next, Node, NodeKind, NodeName, NodeState, Script,
    SkipReason, Stage, Status, StuckReason, TaskNumber, TaskOpened,
};
use super::commands::submit;
use super::draft::Draft;
use super::walk::Progress;
use crate::kernel::{Actor, Channel, Timestamp};

/// How often a forecast lets people decide at most.
const FAR_ENOUGH: usize = 500;

/// One node on the way, done, under way or ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which node.
    pub node: NodeName,
    /// What people read.
    pub title: String,
    /// How many constructs stand around it.
    pub depth: usize,
    /// What it does.
    pub kind: StepKind,
    /// How far it is, or what will become of it.
    pub state: StepState,
    /// The ways that a branch takes.
    pub ways: Vec<String>,
    /// Who is asked, one list a vote; for copies, who reads.
    pub people: Vec<Vec<Candidate>>,
    /// When it should be decided, or when the wait ends, were it reached now.
    pub due: Option<Timestamp>,
    /// The submitter names the people.
    pub chosen_by_submitter: bool,
    /// Decisions of an earlier pass still stand here, and nobody is asked anew.
    pub kept: bool,
}

/// What a node does, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// One decision.
    Approve,
    /// Several votes.
    Countersign,
    /// A choice of ways.
    Branch,
    /// Ways at once.
    Parallel,
    /// Copies.
    CopyTo,
    /// A wait.
    Wait,
    /// Effects.
    Act,
    /// Another workflow.
    Run,
}

impl StepKind {
    /// What a node of that kind does.
    pub fn of(kind: &NodeKind) -> Self {
        match kind {
            NodeKind::Approve { .. } => Self::Approve,
            NodeKind::Countersign { .. } => Self::Countersign,
            NodeKind::Branch { .. } => Self::Branch,
            NodeKind::Parallel { .. } => Self::Parallel,
            NodeKind::CopyTo { .. } => Self::CopyTo,
            NodeKind::Wait { .. } => Self::Wait,
            NodeKind::Act { .. } => Self::Act,
            NodeKind::Run { .. } => Self::Run,
        }
    }

    /// The word of the language.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Countersign => "countersign",
            Self::Branch => "branch",
            Self::Parallel => "parallel",
            Self::CopyTo => "copy_to",
            Self::Wait => "wait",
            Self::Act => "act",
            Self::Run => "run",
        }
    }
}

/// How far a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// Decided or done.
    Done,
    /// Somebody or something has to act now.
    Now,
    /// Will be reached.
    Ahead,
    /// Not on the way.
    Skipped(SkipReason),
    /// The case would be stuck here.
    Stuck(StuckReason),
}

impl Step {
    /// Whether the case passes here.
    pub fn on_the_way(&self) -> bool {
        !matches!(self.state, StepState::Skipped(_))
    }

    /// Whether somebody has still to decide here.
    pub fn to_decide(&self) -> bool {
        self.on_the_way()
            && self.state != StepState::Done
            && matches!(self.kind, StepKind::Approve | StepKind::Countersign)
    }
}

/// The nodes on the way, in the order of the file. Nodes of ways that are not taken are left out. Before submission, the way that it
/// would take if it were submitted now.
pub fn forecast(definition: &Definition, script: &dyn Script, case: &Case, facts: &Facts) -> Vec<Step> {
    let mut draft = Draft::new(definition, script, case, facts);
    if draft.case.status.with_drafter() {
        let drafter = Actor::person(facts.subject.drafter, Channel::System);
        submit::begin(&mut draft, &drafter, &case.chosen.clone());
        draft.void_touched(&[]);
    }
    draft.ahead = Some(Ahead { problems: BTreeMap::new(), left: FAR_ENOUGH });
    draft.advance();
    let mut steps = Vec::with_capacity(draft.case.nodes.len());
    collect(&draft, case, &definition.nodes, 0, &mut steps);
    steps
}

/// What a forecast finds on its way.
#[derive(Debug)]
pub(super) struct Ahead {
    /// Where the case would be stuck, and why.
    problems: BTreeMap<NodeName, StuckReason>,
    /// How often it still lets the people at a node decide.
    left: usize,
}

impl Draft<'_> {
    /// What comes of a node on the way ahead: who is asked approves at once, a wait is over, and what is stuck is noted and passed.
    /// `None`: it goes on, and has to be tried again.
    pub(super) fn foreseen(&mut self, node: &Node, tried: Result<Progress, StuckReason>) -> Option<Progress> {
        let marked = self.case.stuck.iter().find(|mark| mark.node.as_ref() == Some(&node.name));
        match (tried, marked.map(|mark| mark.because.clone())) {
            (Ok(Progress::Done), _) => Some(Progress::Done),
            (Ok(Progress::Waits), _) if self.again || !self.running() => Some(Progress::Waits),
            (Err(because), _) | (Ok(Progress::Waits), Some(because)) => {
                if let Some(ahead) = self.ahead.as_mut() {
                    ahead.problems.entry(node.name.clone()).or_insert(because);
                }
                if self.stage(node).is_none() {
                    let (node, title) = (node.name.clone(), node.title.clone());
                    self.push(Event::NodeEntered { node, title, reads: Vec::new() });
                }
                Some(self.pass(node))
            }
            (Ok(Progress::Waits), None) if matches!(node.kind, NodeKind::Wait { .. }) => Some(self.pass(node)),
            (Ok(Progress::Waits), None) => (!self.approves_at(node)).then_some(Progress::Waits),
        }
    }

    /// Everybody who is asked at a node approves, unless it has gone far enough; whether somebody is.
    fn approves_at(&mut self, node: &Node) -> bool {
        let Some(ahead) = self.ahead.as_mut().filter(|ahead| ahead.left > 0) else { return false };
        ahead.left -= 1;
        let open: Vec<_> = self.open_tasks(&node.name).map(|(number, _)| number).collect();
        let mut moved = false;
        for number in open {
            moved |= self.approves_ahead(number);
        }
        moved
    }

    /// In a forecast, whoever is asked at a task approves.
    pub(super) fn approves_ahead(&mut self, number: TaskNumber) -> bool {
        if self.ahead.is_none() {
            return false;
        }
        let Some(opened) = self.case.tasks.get(&number).map(|task| &task.opened) else { return false };
        let by = opened.candidates.first().map(|one| Actor {
            user: Some(one.person),
            on_behalf_of: one.deputy_for,
            channel: Channel::System,
        });
        let next = opened.free_flow.then_some(Next::Finish);
        let decided = Decided { next, ..self.decided(number, opened, by, Choice::Approve) };
        self.push(Event::Decided(decided));
        true
    }
}

fn collect(draft: &Draft<'_>, now: &Case, nodes: &[Node], depth: usize, steps: &mut Vec<Step>) {
    for node in nodes {
        let Some(state) = draft.state(node) else { continue };
        let running = matches!(now.status, Status::InApproval | Status::Approved | Status::Ended | Status::Rejected);
        let today = if running { now.nodes.get(&node.name).map(|state| state.stage) } else { None };
        let problem = draft.ahead.as_ref().and_then(|ahead| ahead.problems.get(&node.name));
        let progress = match (problem, &state.skipped, today) {
            (Some(because), _, _) => StepState::Stuck(because.clone()),
            (None, Some(because), _) => StepState::Skipped(because.clone()),
            (None, None, Some(Stage::Active)) => StepState::Now,
            (None, None, Some(_)) => StepState::Done,
            (None, None, None) => StepState::Ahead,
        };
        let decides = node.kind.decides();
        let tasks: Vec<_> = if decides { last_tasks(draft, node).collect() } else { Vec::new() };
        steps.push(Step {
            node: node.name.clone(),
            title: node.title.clone(),
            depth,
            kind: StepKind::of(&node.kind),
            state: progress,
            ways: state.ways.clone(),
            people: people(draft, (node, state), &tasks),
            due: state.until.or_else(|| tasks.iter().filter_map(|task| task.due).min()),
            chosen_by_submitter: submit::chosen_by_submitter(node),
            kept: decides && kept(draft, node),
        });
        match &node.kind {
            NodeKind::Branch { ways, .. } => {
                for way in ways.iter().filter(|way| state.ways.contains(&way.name)) {
                    collect(draft, now, &way.nodes, depth + 1, steps);
                }
            }
            kind => {
                for way in kind.ways() {
                    collect(draft, now, way, depth + 1, steps);
                }
            }
        }
    }
}

/// The tasks of the running pass: those that a counting decision or an open task stands for.
fn last_tasks<'d>(draft: &'d Draft<'_>, node: &'d Node) -> impl Iterator<Item = &'d TaskOpened> {
    let decided = draft.counting(&node.name).filter_map(|(_, decision)| decision.counts_for);
    let open = draft.open_tasks(&node.name).map(|(number, _)| number);
    decided.chain(open).filter_map(|number| draft.case.tasks.get(&number)).map(|task| &task.opened)
}

/// Whether every decision that counts at a node was given for a task of an earlier pass.
fn kept(draft: &Draft<'_>, node: &Node) -> bool {
    let mut counting = draft.counting(&node.name).map(|(_, decision)| decision).peekable();
    counting.peek().is_some() && counting.all(|one| one.counts_for != Some(one.decided.task))
}

fn people(draft: &Draft<'_>, (node, state): (&Node, &NodeState), tasks: &[&TaskOpened]) -> Vec<Vec<Candidate>> {
    match node.kind {
        NodeKind::Countersign { .. } => state.votes.iter().map(|vote| draft.present(&vote.candidates)).collect(),
        NodeKind::CopyTo { .. } => vec![state.copies.clone()],
        _ => tasks.iter().map(|task| task.candidates.clone()).collect(),
    }
}
