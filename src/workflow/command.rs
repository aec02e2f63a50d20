//! What people, timers and the outside ask of a case.

use std::collections::BTreeMap;

use super::{
    DecisionNumber, Next, NodeName, QuestionNumber, ReturnTo, SignerNumber, SignerPlace, SuggestionNumber, TaskNumber,
};
use crate::kernel::{Actor, Hash, UserId};

/// A command: who, and what.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Who asks for it. Timers and the room of the subject act as the system.
    pub actor: Actor,
    /// What.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The drafter saved the record.
    Save,
    /// Hand in, or hand in again.
    Submit {
        /// People for the nodes that let the submitter choose.
        chosen: BTreeMap<NodeName, Vec<UserId>>,
    },
    /// Take a task of several people, or a returned record, into one's hands (签收).
    SignFor {
        /// The task; `None` is the returned record.
        task: Option<TaskNumber>,
    },
    /// Give a task back.
    Release {
        /// Which.
        task: TaskNumber,
    },
    /// 同意.
    Approve(Verdict),
    /// 拒绝.
    Reject(Verdict),
    /// 弃权.
    Abstain(Verdict),
    /// 退回.
    Return {
        /// The decision; a wait that may be returned has no task.
        verdict: Verdict,
        /// Where to.
        to: ReturnTo,
    },
    /// The submitter takes the case back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// The decider takes their decision back, while it can be undone.
    UndoDecision {
        /// Which.
        decision: DecisionNumber,
    },
    /// 转办.
    Transfer {
        /// Which task.
        task: TaskNumber,
        /// To whom.
        to: UserId,
        /// Why.
        reason: String,
    },
    /// 委派: somebody else looks at it and advises, then the task comes back.
    Delegate {
        /// Which task.
        task: TaskNumber,
        /// Who advises.
        to: UserId,
        /// Why.
        reason: String,
    },
    /// Whoever delegated a task takes it back before the advice has come.
    Recall {
        /// Which task.
        task: TaskNumber,
    },
    /// 加签: more people sign, before, beside or after whoever is asked.
    AddSigners {
        /// Whose signature they stand by.
        task: TaskNumber,
        /// Who.
        people: Vec<UserId>,
        /// When it is their turn.
        place: SignerPlace,
        /// Why.
        reason: String,
    },
    /// 减签: somebody who was added and has not decided is no longer wanted.
    RemoveSigner {
        /// At which node.
        node: NodeName,
        /// Which.
        signer: SignerNumber,
        /// Why.
        reason: String,
    },
    /// An approver takes their own decision back, while nothing has been built on it.
    Revoke {
        /// Which.
        decision: DecisionNumber,
        /// Why.
        reason: String,
    },
    /// 抄送 by hand.
    Copy {
        /// Who reads.
        people: Vec<UserId>,
        /// Why they should.
        text: String,
    },
    /// An administrator sends the case to a node, whatever lies between.
    Jump {
        /// Where to.
        to: NodeName,
        /// Why.
        reason: String,
    },
    /// An administrator ends the case.
    Terminate {
        /// Why.
        reason: String,
    },
    /// An administrator moves the case to another version of its workflow.
    Migrate {
        /// Which version.
        to: Hash,
        /// What differs; whoever has both definitions fills it in, and decides with the new one.
        changed: Changed,
        /// Why.
        reason: String,
    },
    /// Everything that somebody holds in this case goes to somebody else, because they leave.
    TakeOver {
        /// Who leaves.
        from: UserId,
        /// Who takes over.
        to: UserId,
        /// Why.
        reason: String,
    },
    /// 问一下.
    Ask {
        /// From which task.
        task: Option<TaskNumber>,
        /// Whom.
        whom: UserId,
        /// What.
        text: String,
    },
    /// The answer.
    Answer {
        /// To which question.
        question: QuestionNumber,
        /// What.
        text: String,
    },
    /// A change to a part of the document is proposed.
    Suggest {
        /// From which task.
        task: Option<TaskNumber>,
        /// Which part.
        path: String,
        /// What it should say.
        text: String,
        /// Why.
        reason: String,
    },
    /// The drafter takes a suggestion.
    TakeSuggestion {
        /// Which.
        suggestion: SuggestionNumber,
        /// Parts of the content that changed with it while the case runs: the facts hold the new content. None: it is noted, and the
        /// drafter writes it in the next round.
        edited: Vec<String>,
    },
    /// The drafter declines a suggestion.
    DeclineSuggestion {
        /// Which.
        suggestion: SuggestionNumber,
        /// Why.
        reason: String,
    },
    /// 催办.
    Urge {
        /// Which task.
        task: TaskNumber,
    },
    /// Words.
    Comment {
        /// What.
        text: String,
    },
    /// Somebody read their copy.
    ReadCopy {
        /// Of which node.
        node: NodeName,
    },
    /// Content changed while the case runs: the facts hold the new content, and these parts differ.
    ContentEdited {
        /// Which parts changed.
        paths: Vec<String>,
    },
    /// Something happened outside: a wait's event, or `signed` and the like from the subject's room.
    OutsideEvent {
        /// Its name.
        name: String,
    },
    /// Time passed: fire what is due.
    Tick,
    /// An administrator mended what was stuck.
    Retry,
}

impl Act {
    /// The move of a case to another version; what differs is found by whoever has both definitions.
    pub fn migrate(to: Hash, reason: impl Into<String>) -> Self {
        Self::Migrate { to, changed: Changed { from: to, nodes: Vec::new() }, reason: reason.into() }
    }
}

/// What a move to another version of the workflow changes for a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The version until now.
    pub from: Hash,
    /// Nodes that start anew ([`changed_nodes`](super::changed_nodes)).
    pub nodes: Vec<NodeName>,
}

/// What a decision says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// On which task; `None` only where a wait may be returned.
    pub task: Option<TaskNumber>,
    /// The content hash that was shown; another one than the current is refused.
    pub shown: Option<Hash>,
    /// Their words.
    pub opinion: String,
    /// The clause or field the words are about.
    pub path: Option<String>,
    /// 自由流转: where it goes; `None` is the pool.
    pub next: Option<Next>,
}
