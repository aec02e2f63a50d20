//! The way of a case as pages show it: who, when and why, node by node.

use serde::Serialize;

use crate::approval::look::Look;
use crate::approval::words;
use crate::i18n::{Message, msg};
use crate::kernel::Timestamp;
use crate::workflow::explain::{steps_said, stuck_said};
use crate::workflow::{Candidate, SkipReason, Step, StepKind, StepState};

/// One node.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StepShown {
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

/// The nodes on the way; constructs that only hold others are left out.
pub(super) fn steps(look: &Look) -> Vec<StepShown> {
    let shown = look.steps.iter().filter(|step| !matches!(step.kind, StepKind::Branch | StepKind::Parallel));
    shown.map(|step| shown_step(look, step)).collect()
}

fn shown_step(look: &Look, step: &Step) -> StepShown {
    let (state, note) = match &step.state {
        StepState::Done => ("done", None),
        StepState::Now => ("now", None),
        StepState::Ahead => ("ahead", None),
        StepState::Skipped(reason) => ("skipped", Some(skipped(look, reason))),
        StepState::Stuck(reason) => ("stuck", Some(stuck_said(reason))),
    };
    let people = step.people.iter().flatten().map(|one| asked(look, one));
    StepShown {
        title: step.title.clone(),
        state,
        icon: icon(step.kind),
        depth: step.depth,
        people: people.collect(),
        note,
        due: step.due.filter(|_| matches!(step.state, StepState::Now)),
        decisions: decisions(look, &step.node),
    }
}

pub(super) fn asked(look: &Look, one: &Candidate) -> Asked {
    Asked {
        name: look.name(one.person),
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

fn skipped(look: &Look, reason: &SkipReason) -> Message {
    match reason {
        SkipReason::Guard => msg!("approval.skipped_guard"),
        SkipReason::Overridden { person } => msg!("approval.skipped_overridden", person = look.name(*person)),
        SkipReason::SamePerson { person, node } => {
            msg!("approval.skipped_same", person = look.name(*person), node = look.title(node))
        }
    }
}

fn icon(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Approve | StepKind::Countersign => "user",
        StepKind::Branch | StepKind::Parallel => "git-branch",
        StepKind::CopyTo => "send",
        StepKind::Wait => "hourglass",
        StepKind::Act => "bolt",
    }
}
