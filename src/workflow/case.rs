//! The state of a case: a cache of its events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Candidate, Choice, Decided, DecisionNumber, NodeName, OnReturn, QuestionNumber, Read, ReturnTo, SignerNumber,
    SignerPlace, SkipReason, Status, StuckReason, SubjectFacts, SuggestionNumber, TaskNumber, TaskOpened, Timer, Vote,
};
use crate::kernel::{Actor, Amount, Hash, Timestamp, UserId};

/// The number of this format; a stored state with another one is computed again from its events.
pub const STATE_FORMAT: u32 = 1;

/// The name under which copies by hand are read; no node is called so.
pub const BY_HAND: &str = "@by_hand";

/// How far nodes are, by name; shared with the copies of a case, of which every command makes some.
pub type Nodes = Arc<BTreeMap<NodeName, Arc<NodeState>>>;

/// Where a case stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Events so far; the next one has this number plus one.
    pub seq: u64,
    /// In one word.
    pub status: Status,
    /// Submissions so far.
    pub round: u32,
    /// Who submitted the running round.
    pub submitter: Option<UserId>,
    /// Hash of the content that is under approval.
    pub content: Option<Hash>,
    /// Approval amount of the round, in the base currency.
    pub amount: Option<Amount>,
    /// No ceiling: the highest band, whatever the amount.
    pub without_ceiling: bool,
    /// People that the submitter chose, by node.
    pub chosen: BTreeMap<NodeName, Vec<UserId>>,
    /// Versions of the authority grids that the round asks, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grids: BTreeMap<String, u32>,
    /// Nodes that were reached in the running pass.
    pub nodes: Nodes,
    /// Tasks by number, closed ones too.
    pub tasks: BTreeMap<TaskNumber, Task>,
    /// Decisions by number, void ones too.
    pub decisions: BTreeMap<DecisionNumber, Decision>,
    /// What runs out when.
    pub timers: BTreeSet<Timer>,
    /// The last return, while it is with somebody.
    pub returned: Option<Returned>,
    /// How the running pass treats decisions of earlier passes.
    pub keeping: OnReturn,
    /// Why it cannot go on; parallel ways may each have their reason.
    pub stuck: Vec<Stuck>,
    /// Questions by number.
    pub questions: BTreeMap<QuestionNumber, Question>,
    /// Suggestions by number.
    pub suggestions: BTreeMap<SuggestionNumber, Suggestion>,
    /// Events of the subject whose effects were set off, by name.
    pub outside: BTreeSet<String>,
    /// Who read their copy, by node.
    pub read_copies: BTreeMap<NodeName, BTreeSet<UserId>>,
    /// People who were added (加签), by node, in the order of their numbers. They stay through returns and new rounds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signers: BTreeMap<NodeName, Vec<Signer>>,
    /// Who got a copy by hand, and whether they read it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub copied_by_hand: BTreeMap<UserId, bool>,
    /// What the last decision can be undone to, until somebody builds on it.
    pub undo: Option<Box<Undo>>,
}

impl Case {
    /// Whether somebody stands on the drafter's side: the drafter, the owner of the record, or who submitted the running round.
    pub fn drafted_by(&self, subject: &SubjectFacts, person: UserId) -> bool {
        person == subject.drafter || person == subject.owner || Some(person) == self.submitter
    }

    /// Whether somebody got a copy, or may return or reject while the case waits.
    pub fn told(&self, person: UserId) -> bool {
        let mut people = self.nodes.values().flat_map(|node| node.copies.iter().chain(&node.may_return));
        people.any(|one| one.person == person) || self.copied_by_hand.contains_key(&person)
    }

    /// Somebody who was added to a node.
    pub fn signer(&self, node: &str, number: SignerNumber) -> Option<&Signer> {
        self.signers.get(node)?.get(index_of(number)?)
    }

    /// The same, to be changed.
    pub(super) fn signer_mut(&mut self, node: &str, number: SignerNumber) -> Option<&mut Signer> {
        self.signers.get_mut(node)?.get_mut(index_of(number)?)
    }
}

/// Signers are counted from 1.
fn index_of(number: SignerNumber) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

/// Where the case stood before its last decision. Only what a decision can move; lists that only grow are not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// The decision.
    pub decision: DecisionNumber,
    /// Where the case stood.
    pub status: Status,
    /// Its nodes.
    pub nodes: Nodes,
    /// Its open tasks, with who had them in hand.
    pub open: BTreeMap<TaskNumber, Option<UserId>>,
    /// Its tasks that stood back until others had signed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub standing_back: BTreeSet<TaskNumber>,
    /// Decisions that counted, and for which task.
    pub counted: BTreeMap<DecisionNumber, Option<TaskNumber>>,
    /// Its timers.
    pub timers: BTreeSet<Timer>,
    /// The last return.
    pub returned: Option<Returned>,
    /// How the pass treated earlier decisions.
    pub keeping: OnReturn,
    /// Why it could not go on.
    pub stuck: Vec<Stuck>,
}

/// What became of a node in the running pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeState {
    /// How far it is.
    pub stage: Stage,
    /// What people read.
    pub title: String,
    /// Why it was skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<SkipReason>,
    /// The votes of a countersign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<Vote>,
    /// Whose rejection fails a countersign at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub veto: Vec<UserId>,
    /// The ways that a branch chose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<String>,
    /// Fields that its guard read, with their values then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
    /// Fields that its choice of ways read, with their values then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choice_reads: Vec<Read>,
    /// The event number at which it was entered, for the order of the way.
    pub entered: u64,
    /// People who may return or reject while it waits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_return: Vec<Candidate>,
    /// Name of the outside event it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// When a wait ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// People who got a copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Candidate>,
}

/// How far a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Entered, not done.
    #[default]
    Active,
    /// Done.
    Passed,
    /// Its guard did not hold, or nobody had to be asked.
    Skipped,
    /// It can no longer pass.
    Failed,
}

/// A task: what was opened, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// As it was opened; candidates change by transfer and hand-over.
    pub opened: TaskOpened,
    /// When; for one that stood back, when it was asked again.
    pub at: Timestamp,
    /// In which round.
    pub round: u32,
    /// Who has it in hand.
    pub claimed: Option<UserId>,
    /// Whether somebody is still asked.
    pub open: bool,
    /// When somebody last urged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged: Option<Timestamp>,
    /// It is with somebody who advises (委派).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated: Option<Delegation>,
    /// What was advised, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Advice>,
    /// Nobody is asked until those who were added before it have signed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stands_back: bool,
}

/// A task that is with somebody who advises (委派).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delegation {
    /// Who delegated it.
    pub by: Actor,
    /// Who gets it back.
    pub back_to: Vec<Candidate>,
}

/// What somebody advised to whom a task was delegated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// Who.
    pub by: Actor,
    /// What they would decide.
    pub choice: Choice,
    /// Their words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Somebody who was added to a signature (加签); the vote needs theirs too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signer {
    /// Who.
    pub candidate: Candidate,
    /// To which vote of the node, from 0.
    pub entry: u32,
    /// To whose signature: of somebody who was added before, or of whoever the rule found.
    pub to: Option<SignerNumber>,
    /// When it is their turn.
    pub place: SignerPlace,
    /// Who added them.
    pub by: Actor,
    /// Why.
    pub reason: String,
    /// Whether they are no longer wanted (减签).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// A decision: what was decided, and whether it still counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// As it was taken.
    pub decided: Decided,
    /// When.
    pub at: Timestamp,
    /// The event that carries it.
    pub seq: u64,
    /// In which round.
    pub round: u32,
    /// The task it counts for now; another one after it was kept in a new round.
    pub counts_for: Option<TaskNumber>,
    /// Void decisions are kept and shown.
    pub void: bool,
}

/// A return that waits for somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// Who sent it back.
    pub by: Option<Actor>,
    /// From which node.
    pub from: Option<NodeName>,
    /// Where to.
    pub to: ReturnTo,
    /// Who is asked afterwards.
    pub mode: OnReturn,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Why a case cannot go on, and since when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stuck {
    /// At which node.
    pub node: Option<NodeName>,
    /// `FILE:LINE`.
    pub place: String,
    /// Why.
    pub because: StuckReason,
    /// Since when.
    pub at: Timestamp,
}

/// A question without returning (问一下).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Who asked.
    pub by: Actor,
    /// Whom.
    pub whom: UserId,
    /// From which task.
    pub task: Option<TaskNumber>,
    /// What.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// The answer.
    pub answer: Option<String>,
}

/// A change that somebody proposes to the drafter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Who.
    pub by: Actor,
    /// Which part of the document.
    pub path: String,
    /// What it should say.
    pub text: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// What the drafter did with it.
    pub outcome: SuggestionOutcome,
}

/// What the drafter did with a suggestion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SuggestionOutcome {
    /// Nothing yet.
    #[default]
    Open,
    /// Taken.
    Taken,
    /// Declined.
    Declined {
        /// Why.
        reason: String,
    },
}
