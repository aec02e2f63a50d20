//! What events are made of.

use serde::{Deserialize, Serialize};

use super::{Candidate, HookAt, NodeName, Read, ScriptFault};
use super::{DecisionNumber, SignerNumber, TaskNumber};
use crate::kernel::{Actor, Hash, Timestamp, UserId};

/// Somebody is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskOpened {
    /// Its number.
    pub task: TaskNumber,
    /// Which node asks.
    pub node: NodeName,
    /// Which entry of a countersign, from 0; 0 for an approval.
    pub entry: u32,
    /// Votes it weighs.
    pub weight: u32,
    /// Who may decide; any one.
    pub candidates: Vec<Candidate>,
    /// Fields that the rule read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
    /// When it should be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The year whose working days the calendar does not know, where the due time or a reminder could not be set for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_year: Option<i16>,
    /// What a decision covers; empty: the whole document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// 自由流转: the decision says who is next.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free_flow: bool,
    /// Whether one of these people carries a veto.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub veto: bool,
    /// Deciding needs a login, a link is not enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub login: bool,
    /// Somebody who was added (加签) is asked; without it, whoever the rule found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<SignerNumber>,
}

/// When somebody who was added (加签) signs, seen from the signature they were added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignerPlace {
    /// 前加签: first; whoever added them decides afterwards.
    Before,
    /// 并加签: at the same time.
    Beside,
    /// 后加签: once whoever added them has approved.
    After,
}

/// One vote of a countersign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// Who may give it; any one.
    pub candidates: Vec<Candidate>,
    /// What it weighs.
    pub weight: u32,
    /// Fields that the rule read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// Its number.
    pub decision: DecisionNumber,
    /// Which task.
    pub task: TaskNumber,
    /// Which node.
    pub node: NodeName,
    /// Who, for whom, through what. `None`: by silence.
    pub by: Option<Actor>,
    /// What.
    pub choice: Choice,
    /// Their words.
    pub opinion: String,
    /// The clause or field the words are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Hash of the content that was shown.
    pub content: Hash,
    /// What it covers; empty: the whole document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// Hash of the parts in the scope.
    pub seen: Hash,
    /// 自由流转: where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
}

/// What somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 同意.
    Approve,
    /// 拒绝.
    Reject,
    /// 退回修改.
    Return,
    /// 弃权; counts in the entries, not in the approvals.
    Abstain,
}

/// Where a freely flowing approval goes after a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "next", rename_all = "snake_case")]
pub enum Next {
    /// This was the last one.
    Finish,
    /// To these people.
    People {
        /// Out of the rule's people.
        people: Vec<UserId>,
    },
    /// To everybody that the rule finds, again.
    Pool,
}

/// Where a return goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum ReturnTo {
    /// To the drafter.
    Drafter,
    /// To the deciding node before; where there is none, to the drafter. Only in commands: the event names the node.
    Previous,
    /// To an earlier node.
    Node {
        /// Which.
        node: NodeName,
    },
}

/// Why a node was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "skip", rename_all = "snake_case")]
pub enum SkipReason {
    /// Its guard does not hold.
    Guard,
    /// The same person approved at the node before (自动通过).
    SamePerson {
        /// Who.
        person: UserId,
        /// Where they approved.
        node: NodeName,
    },
    /// An administrator sent the case past it.
    Overridden {
        /// Who.
        person: UserId,
    },
}

/// Why a task was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The outcome of its node is certain.
    Settled,
    /// The case went back.
    Reset,
    /// Somebody else signs first again.
    NotYet,
    /// The person was removed (减签).
    Removed,
    /// The case ended.
    CaseOver,
}

/// Why a decision no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "void", rename_all = "snake_case")]
pub enum VoidReason {
    /// Content in its scope changed.
    Touched {
        /// Which parts; empty where the record was handed in again.
        paths: Vec<String>,
    },
    /// Somebody else is entitled now.
    NotEntitled,
    /// The return asks everybody again.
    Cleared,
    /// It was the decision that sent the case back.
    SentBack,
    /// Its node does not exist in the version that the case moved to.
    NodeGone,
}

/// Why nodes start anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// A return.
    Returned,
    /// A new round.
    Resubmitted,
    /// An edit changed the way or voided decisions.
    Edited,
    /// The submitter took the case back.
    Withdrawn,
    /// An approver took their decision back.
    Revoked,
    /// An administrator sent the case elsewhere.
    Jumped,
    /// An administrator ended the case.
    Terminated,
    /// The case moved to another version, which has them differently or not at all.
    Migrated,
    /// The case was stuck there and is tried again.
    Retried,
}

/// Where effects come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum EffectsAt {
    /// An end of the case, or an event of the subject.
    Hook {
        /// Which.
        hook: HookAt,
    },
    /// An act in the flow.
    Node {
        /// Which.
        node: NodeName,
    },
}

/// A timer: the command `Tick` fires what is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Timer {
    /// When.
    pub at: Timestamp,
    /// Of what.
    pub of: TimerOf,
    /// What happens: the index of the step in `overdue`, with its phase.
    pub step: TimerStep,
}

/// What a timer belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum TimerOf {
    /// A task.
    Task {
        /// Which.
        task: TaskNumber,
    },
    /// A wait.
    Node {
        /// Which.
        node: NodeName,
    },
}

/// What a timer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum TimerStep {
    /// Remind.
    Remind,
    /// The step of `overdue` with this index.
    Overdue {
        /// From 0.
        index: u32,
    },
    /// The wait is over.
    WaitOver,
}

/// Why a case cannot go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "stuck", rename_all = "snake_case")]
pub enum StuckReason {
    /// A rule found nobody.
    NobodyFound {
        /// The rule, such as `manager.by`.
        rule: String,
    },
    /// The authority grid has no row for the record, or no version that is in force.
    OutsideGrid {
        /// The rule.
        rule: String,
        /// Title of the grid, or its name where there is no such grid.
        grid: String,
        /// The version that has no row for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
    },
    /// A condition or closure failed.
    Fault {
        /// The rule, such as `review.when`.
        rule: String,
        /// What went wrong.
        fault: ScriptFault,
    },
    /// A closure of a hook failed.
    HookFault {
        /// Which hook.
        hook: HookAt,
        /// What went wrong.
        fault: ScriptFault,
    },
    /// A countersign that does not pass even if everybody approves.
    CannotPass {
        /// The rule.
        rule: String,
    },
    /// No way of a branch holds.
    NoWay,
    /// The calendar does not know a year.
    UnknownYear {
        /// Which.
        year: i16,
    },
    /// Everybody who could decide is the drafter, who has no manager.
    OnlyTheDrafter {
        /// The rule.
        rule: String,
    },
}

impl StuckReason {
    /// Whether a rule found nobody, which another version of an authority grid can mend.
    pub fn found_nobody(&self) -> bool {
        matches!(self, Self::NobodyFound { .. } | Self::OutsideGrid { .. })
    }
}
