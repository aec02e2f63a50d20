//! Why a command is refused. A refusal changes nothing.

use super::{NodeName, Status, TaskNumber};
use crate::kernel::{Hash, UserId};

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not accept the command.
    #[error("{command} is not possible while the case is {}", status.word())]
    WrongState {
        /// The command.
        command: &'static str,
        /// Where the case stands.
        status: Status,
    },
    /// The program itself cannot do what only a person can.
    #[error("only a person can do this")]
    NobodyActs,
    /// The definition has no such node, or nobody decides there.
    #[error("there is no node {node} at which somebody decides")]
    UnknownNode {
        /// Which.
        node: NodeName,
    },
    /// No such task.
    #[error("task {task} does not exist")]
    UnknownTask {
        /// Which.
        task: TaskNumber,
    },
    /// The node is decided already: somebody else was first, or the task was decided before.
    #[error("the node {node} has been decided")]
    NodeClosed {
        /// Which.
        node: NodeName,
        /// Who decided, where somebody did.
        by: Option<UserId>,
    },
    /// The person is not asked.
    #[error("user {person} is not asked here")]
    NotEntitled {
        /// Who tried.
        person: UserId,
    },
    /// Somebody else has the task in hand (签收).
    #[error("user {by} has the task in hand")]
    ClaimedByOther {
        /// Who.
        by: UserId,
    },
    /// The person has the task in hand already.
    #[error("the task is in this person's hands already")]
    ClaimedAlready,
    /// Nobody has the task in hand.
    #[error("nobody has the task in hand")]
    NotClaimed,
    /// Nothing is stuck.
    #[error("the case is not stuck")]
    NotStuck,
    /// The content is not what the person saw.
    #[error("the content changed since it was shown")]
    ContentChanged {
        /// What was shown.
        shown: Hash,
        /// What it is now.
        current: Hash,
    },
    /// A decision must name the content that was shown.
    #[error("the decision does not say what was shown")]
    NothingShown,
    /// Words are needed.
    #[error("an opinion is needed")]
    OpinionMissing,
    /// Files are missing.
    #[error("files are missing: {labels:?}")]
    FilesMissing {
        /// Labels of their slots.
        labels: Vec<String>,
    },
    /// The workflow does not take this record.
    #[error("the workflow {workflow} does not take this record")]
    NotTaken {
        /// Its name.
        workflow: String,
    },
    /// The submitter must choose people for a node.
    #[error("people must be chosen for {node}")]
    PeopleNotChosen {
        /// For which.
        node: NodeName,
    },
    /// 自由流转: a named person is not among the rule's people.
    #[error("user {person} cannot be next")]
    CannotBeNext {
        /// Who.
        person: UserId,
    },
    /// The file does not allow it.
    #[error("{command} is not allowed at {node}")]
    NotAllowed {
        /// The command.
        command: &'static str,
        /// Where.
        node: NodeName,
    },
    /// Somebody has decided already, and the file lets the submitter withdraw only before that.
    #[error("somebody has decided already")]
    AlreadyDecided,
    /// The time to undo is over, or somebody has built on the decision.
    #[error("the decision can no longer be undone")]
    TooLateToUndo,
    /// A return to a node that was not passed on the way.
    #[error("the case cannot go back to {node}")]
    CannotReturnTo {
        /// Which.
        node: NodeName,
    },
    /// Nothing waits for this event.
    #[error("nothing waits for the event {name}")]
    NotAwaited {
        /// Its name.
        name: String,
    },
    /// No such question, or it is somebody else's, or it is answered.
    #[error("no open question with that number for this person")]
    NoSuchQuestion,
    /// No such suggestion, or the drafter has settled it.
    #[error("no open suggestion with that number")]
    NoSuchSuggestion,
    /// A change to this part cannot be suggested here.
    #[error("a change to {path} cannot be suggested here")]
    CannotSuggest {
        /// Which part.
        path: String,
    },
    /// The person cannot act: unknown or disabled.
    #[error("user {person} cannot be asked")]
    CannotBeAsked {
        /// Who.
        person: UserId,
    },
    /// A login is needed, the link in a message is not enough.
    #[error("deciding at {node} needs a login")]
    LoginNeeded {
        /// Where.
        node: NodeName,
    },
    /// The decision no longer counts, or something was built on it.
    #[error("the decision can no longer be taken back")]
    BuiltOn,
    /// The task is not with somebody who advises.
    #[error("the task is not delegated")]
    NotDelegated,
    /// Nobody with that number was added, or they were removed.
    #[error("nobody with that number was added")]
    NoSuchSigner,
    /// Everybody has a copy already.
    #[error("nobody is left to tell")]
    NobodyToTell,
    /// Urged a short while ago.
    #[error("urged a short while ago")]
    UrgedAlready,
}
