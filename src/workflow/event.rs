//! What happened in a case. Events are the truth: they carry every resolved answer, so that replaying them needs neither the
//! definition nor any script. Their serialised bytes are hashed into the chain of the case and never written again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Candidate, Choice, CloseReason, Decided, Effect, EffectsAt, NodeName, OnReturn, Read, ResetReason, ReturnTo,
    SignerPlace, SkipReason, StuckReason, TaskOpened, Timer, VoidReason, Vote,
};
use crate::kernel::{Actor, Amount, Hash, Timestamp, UserId};

/// A task of a case, counted from 1 in the case.
pub type TaskNumber = u32;
/// A decision of a case, counted from 1 in the case.
pub type DecisionNumber = u32;
/// Somebody who was added to a node of a case, counted from 1 at the node.
pub type SignerNumber = u32;
/// A question of a case, counted from 1 in the case.
pub type QuestionNumber = u32;
/// A suggestion of a case, counted from 1 in the case.
pub type SuggestionNumber = u32;

/// One event. Each variant says which states accept it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentence of a variant names its fields")]
pub enum Event {
    /// The drafter saved the record. Draft, returned, signed for.
    Saved { by: Actor },
    /// Handed in; `round` counts from 1. Draft, returned, signed for, withdrawn.
    Submitted {
        by: Actor,
        round: u32,
        content: Hash,
        /// Approval amount in the base currency, frozen for this round.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Amount>,
        /// No ceiling: the highest band, whatever the amount.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        without_ceiling: bool,
        /// People that the submitter chose, by node.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        chosen: BTreeMap<NodeName, Vec<UserId>>,
        /// Versions of the authority grids that this round asks, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        grids: BTreeMap<String, u32>,
    },
    /// The case came to a node; tasks follow.
    NodeEntered { node: NodeName, title: String, reads: Vec<Read> },
    /// A guard did not hold, or nobody needs to be asked.
    NodeSkipped { node: NodeName, title: String, because: SkipReason, reads: Vec<Read> },
    /// A branch chose.
    WayChosen { node: NodeName, ways: Vec<String>, reads: Vec<Read> },
    /// Who has a vote in a countersign, frozen when its node is entered; tasks follow.
    VotesFrozen {
        node: NodeName,
        votes: Vec<Vote>,
        /// Whose rejection fails the node at once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        veto: Vec<UserId>,
    },
    /// Somebody is asked.
    TaskOpened(TaskOpened),
    /// Somebody took a task of several people into their hands (签收). Open task.
    TaskClaimed { task: TaskNumber, by: Actor },
    /// And gave it back.
    TaskReleased { task: TaskNumber, by: Actor },
    /// Nobody is asked any more.
    TaskClosed { task: TaskNumber, because: CloseReason },
    /// A decision.
    Decided(Decided),
    /// An earlier decision still stands in a new round: same people, same content in its scope.
    DecisionKept { decision: DecisionNumber, task: TaskNumber, node: NodeName },
    /// A decision no longer counts.
    DecisionVoided { decision: DecisionNumber, because: VoidReason },
    /// The decider took it back in time: the case stands again as it did before that decision, and these tasks are open again.
    DecisionWithdrawn { decision: DecisionNumber, by: Actor, reopened: Vec<TaskNumber> },
    /// A node is done.
    NodePassed { node: NodeName },
    /// A countersign can no longer pass, or its people rejected.
    NodeFailed { node: NodeName },
    /// Sent back to be changed. In approval, or approved and waiting where the wait allows it.
    Returned {
        by: Option<Actor>,
        /// The node it was sent back from.
        from: Option<NodeName>,
        to: ReturnTo,
        mode: OnReturn,
        reason: String,
    },
    /// The drafter took the returned record into their hands (签收). Returned.
    ReturnSignedFor { by: Actor },
    /// These nodes start anew; the constructs around them are under way again.
    NodesReset {
        nodes: Vec<NodeName>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reopened: Vec<NodeName>,
        because: ResetReason,
    },
    /// The content changed while the case runs.
    ContentEdited {
        by: Actor,
        paths: Vec<String>,
        content: Hash,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Amount>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        without_ceiling: bool,
    },
    /// A guard or a rule that read a touched field answers differently now; the case goes back to that node.
    Rerouted { node: NodeName, reads: Vec<Read> },
    /// A wait began.
    WaitOpened {
        node: NodeName,
        /// Name of the outside event, where it waits for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waits_for: Option<String>,
        /// When it ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// People who may return or reject meanwhile.
        may_return: Vec<Candidate>,
    },
    /// Something happened outside.
    OutsideEvent { name: String, by: Actor },
    /// Copies went out.
    CopySent { node: NodeName, people: Vec<Candidate> },
    /// Somebody read their copy.
    CopyRead { node: NodeName, by: Actor },
    /// A timer was set. It dies with its task or node.
    TimerSet { timer: Timer },
    /// A timer ran out and was taken away.
    TimerFired { timer: Timer },
    /// People are reminded of a task.
    Reminded { task: TaskNumber, people: Vec<UserId>, by: Option<Actor> },
    /// A task went to other people because it was overdue.
    HandedOver { task: TaskNumber, to: Vec<Candidate> },
    /// A task went to somebody else (转办).
    Transferred { task: TaskNumber, by: Actor, to: Candidate, reason: String },
    /// A task is with somebody who advises (委派); it comes back. Open task.
    Delegated { task: TaskNumber, by: Actor, to: Candidate, reason: String },
    /// And came back: with advice, or because it was taken back or nobody was left who could advise.
    DelegationReturned {
        task: TaskNumber,
        by: Option<Actor>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<Choice>,
        text: String,
    },
    /// People were added to a signature (加签): to that of a task, and so to its vote.
    SignersAdded {
        node: NodeName,
        task: TaskNumber,
        by: Actor,
        place: SignerPlace,
        people: Vec<Candidate>,
        reason: String,
    },
    /// Somebody who was added is no longer wanted (减签).
    SignerRemoved { node: NodeName, signer: SignerNumber, by: Actor, reason: String },
    /// A task that stood back until others had signed before it is open again.
    TaskResumed {
        task: TaskNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// An approver took their decision back before anything was built on it.
    DecisionRevoked { decision: DecisionNumber, by: Actor, reason: String },
    /// Copies that somebody sent by hand.
    CopiedByHand { by: Actor, people: Vec<UserId>, text: String },
    /// An administrator sent the case to a node, past what lies between.
    Jumped { by: Actor, to: NodeName, reason: String },
    /// An administrator ended the case. In approval, returned, signed for.
    Terminated { by: Actor, reason: String },
    /// The case runs on another version of its workflow.
    Migrated {
        by: Actor,
        from: Hash,
        to: Hash,
        reason: String,
        /// Versions of the authority grids that this version asks and the round has not asked yet.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        grids: BTreeMap<String, u32>,
    },
    /// Somebody else has everything that a person held in the case. `name` is what that person was called.
    TakenOver { by: Actor, from: UserId, name: String, to: UserId, reason: String },
    /// Somebody asked somebody, without returning.
    Asked { question: QuestionNumber, task: Option<TaskNumber>, by: Actor, whom: UserId, text: String },
    /// And was answered.
    Answered { question: QuestionNumber, by: Actor, text: String },
    /// A change to a part of the document is proposed to the drafter.
    Suggested {
        suggestion: SuggestionNumber,
        task: Option<TaskNumber>,
        by: Actor,
        path: String,
        text: String,
        reason: String,
    },
    /// The drafter took it; the edit follows as `ContentEdited` or in the next round.
    SuggestionTaken { suggestion: SuggestionNumber, by: Actor },
    /// The drafter declined it, and says why.
    SuggestionDeclined { suggestion: SuggestionNumber, by: Actor, reason: String },
    /// Words.
    Commented { by: Actor, text: String },
    /// Effects to be carried out.
    EffectsDue { at: EffectsAt, effects: Vec<Effect> },
    /// The last deciding node on the way has passed.
    Approved,
    /// The case ended rejected.
    Rejected { by: Option<Actor>, node: Option<NodeName>, reason: String },
    /// The submitter took it back. In approval, returned, signed for.
    Withdrawn { by: Actor, reason: String },
    /// Nothing is left to do.
    Ended,
    /// It cannot go on; the administrators are told.
    Stuck { node: Option<NodeName>, place: String, because: StuckReason },
    /// Mended; the case tries again. An approval amount that was not known before is known now, and authority grids that named nobody
    /// are asked in the version that is in force now.
    Unstuck {
        by: Actor,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Amount>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        grids: BTreeMap<String, u32>,
    },
}
