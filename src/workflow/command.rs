//! What people, timers and the outside ask of a case.

use std::collections::BTreeMap;

use super::{DecisionNumber, Next, NodeName, QuestionNumber, ReturnTo, SuggestionNumber, TaskNumber};
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
