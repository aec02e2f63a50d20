//! The way of a case as pages show it: who, when and why, node by node.

use serde::Serialize;

use crate::approval::look::Look;
use crate::approval::words;
use crate::i18n::{Message, msg};
use crate::kernel::Timestamp;
use crate::workflow::explain::{steps_said, stuck_said};
use crate::workflow::{Candidate, Directory, Step, StepKind, StepState};

/// One node.
#[derive(Clone, Debug, Serialize)]
pub(in crate::approval) struct StepShown {
    pub(super) title: String,
    /// `done`, `now`, `ahead`, `skipped` or `stuck`.
    pub(super) state: &'static str,
    pub(super) icon: &'static str,
    pub(super) depth: usize,
    pub(super) people: Vec<Asked>,
    pub(super) note: Option<Message>,
    pub(super) due: Option<Timestamp>,
    pub(super) decisions: Vec<DecisionShown>,
}

/// Somebody who is asked, and why.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) because: Message,
    pub(super) rule: String,
}

/// What somebody decided there.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DecisionShown {
    pub(super) who: Message,
    pub(super) choice: Message,
    pub(super) tone: &'static str,
    pub(super) text: String,
    pub(super) at: Timestamp,
    pub(super) void: bool,
}

/// The nodes on the way of a case; constructs that only hold others are left out.
pub(in crate::approval) fn steps(look: &Look) -> Vec<StepShown> {
    let title = |node: &str| look.title(node);
    let shown = look.steps.iter().filter(|step| is_shown(step)).map(|step| StepShown {
        due: step.due.filter(|_| matches!(step.state, StepState::Now)),
        decisions: decisions(look, &step.node),
        ..shown_step(&look.facts.directory, title, step)
    });
    shown.collect()
}

/// The nodes on a way that nobody has gone yet.
pub(super) fn ahead(steps: &[Step], directory: &Directory) -> Vec<StepShown> {
    let title = |node: &str| {
        let known = steps.iter().find(|step| step.node == node);
        known.map_or_else(|| node.to_owned(), |step| step.title.clone())
    };
    steps.iter().filter(|step| is_shown(step)).map(|step| shown_step(directory, title, step)).collect()
}

/// A choice of ways is told by the way that was chosen, unless none can be.
fn is_shown(step: &Step) -> bool {
    !matches!(step.kind, StepKind::Branch | StepKind::Parallel) || matches!(step.state, StepState::Stuck(_))
}

fn shown_step(directory: &Directory, title: impl Fn(&str) -> String, step: &Step) -> StepShown {
    let (state, note) = match &step.state {
        StepState::Done => ("done", None),
        StepState::Now => ("now", None),
        StepState::Ahead => ("ahead", None),
        StepState::Skipped(reason) => ("skipped", Some(words::skipped(directory, title, reason))),
        StepState::Stuck(reason) => ("stuck", Some(stuck_said(reason))),
    };
    let note = note.or_else(|| step.kept.then(|| msg!("approval.kept")));
    let people = step.people.iter().flatten().filter(|_| !step.kept).map(|one| asked(directory, one));
    StepShown {
        title: step.title.clone(),
        state,
        icon: icon(step.kind),
        depth: step.depth,
        people: people.collect(),
        note,
        due: step.due,
        decisions: Vec::new(),
    }
}

pub(super) fn asked(directory: &Directory, one: &Candidate) -> Asked {
    Asked {
        name: directory.name(one.person),
        because: steps_said(&one.because),
        rule: format!("{}, {}", one.because.rule, one.because.place),
    }
}

fn decisions(look: &Look, node: &str) -> Vec<DecisionShown> {
    let here = look.state.decisions.values().filter(|one| one.decided.node == node);
    here.map(|one| DecisionShown {
        who: one.decided.by.map_or_else(|| msg!("approval.say.silence"), |by| look.actor(by)),
        choice: words::choice(one.decided.choice),
        tone: tone(one.decided.choice),
        text: one.decided.opinion.clone(),
        at: one.at,
        void: one.void,
    })
    .collect()
}

/// How a choice looks.
pub(super) fn tone(choice: crate::workflow::Choice) -> &'static str {
    match choice {
        crate::workflow::Choice::Approve => "good",
        crate::workflow::Choice::Reject => "bad",
        crate::workflow::Choice::Return => "warn",
        crate::workflow::Choice::Abstain => "",
    }
}

fn icon(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Approve | StepKind::Countersign => "user",
        StepKind::Branch | StepKind::Parallel => "git-branch",
        StepKind::CopyTo => "send",
        StepKind::Wait => "hourglass",
        StepKind::Act => "bolt",
        StepKind::Run => "sitemap",
    }
}
