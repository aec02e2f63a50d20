//! What is asked of a case, and what is answered.

use super::Rewrite;
use crate::kernel::{Actor, CaseId, Hash, Ref, Timestamp};
use crate::workflow::{Act, DecisionNumber, Status, SubjectFacts};

/// Which case is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Case(CaseId),
    /// The newest one of a record; handing in starts one where there is none.
    Subject(Ref),
}

/// A key under which a command counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: String,
    /// What a program sent with it: the key is refused for anything else, and forgotten after a week.
    pub request: Option<Hash>,
}

impl<T: Into<String>> From<T> for Key {
    fn from(name: T) -> Self {
        Self { name: name.into(), request: None }
    }
}

/// A command on its way to a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Which case.
    pub target: Target,
    /// Who.
    pub actor: Actor,
    /// What.
    pub act: Act,
    /// The case must stand at this event still.
    pub seen: Option<i64>,
    /// The same key twice counts once and gets the first answer.
    pub key: Option<Key>,
    /// The record as it will be, for an edit that the caller stores in the same unit; else it is read.
    pub subject: Option<SubjectFacts>,
    /// Another text in a part of the record, stored in the same write.
    pub rewrite: Option<Rewrite>,
    /// When it happened, for a log of another system; else now.
    pub at: Option<Timestamp>,
}

impl Ask {
    /// A command on a case.
    pub fn of_case(case: CaseId, actor: Actor, act: Act) -> Self {
        let target = Target::Case(case);
        Self { target, actor, act, seen: None, key: None, subject: None, rewrite: None, at: None }
    }

    /// A command on the newest case of a record.
    pub fn of_subject(subject: Ref, actor: Actor, act: Act) -> Self {
        let target = Target::Subject(subject);
        Self { target, actor, act, seen: None, key: None, subject: None, rewrite: None, at: None }
    }

    /// Only where the case stands at this event still.
    #[must_use]
    pub fn seen(mut self, seq: Option<i64>) -> Self {
        self.seen = seq;
        self
    }

    /// With a key under which it counts once.
    #[must_use]
    pub fn once(mut self, key: impl Into<Key>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// On the record with another text in one part, which is stored with it.
    #[must_use]
    pub fn rewriting(mut self, rewrite: Rewrite) -> Self {
        self.subject = Some(rewrite.facts.clone());
        self.rewrite = Some(rewrite);
        self
    }

    /// On the record as it will be.
    #[must_use]
    pub fn on(mut self, subject: SubjectFacts) -> Self {
        self.subject = Some(subject);
        self
    }
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The case.
    pub case: CaseId,
    /// Its first event; one more than `last` where nothing happened.
    pub first: i64,
    /// Its last event.
    pub last: i64,
    /// The decision that it took, for undoing it.
    pub decision: Option<DecisionNumber>,
    /// Where the case stands.
    pub status: Status,
    /// Whether it is the answer of an earlier time.
    pub repeated: bool,
}

/// The word of a command in the audit log.
pub(super) fn word(act: &Act) -> &'static str {
    match act {
        Act::Save => "approval.save",
        Act::Submit { .. } => "approval.submit",
        Act::SignFor { .. } => "approval.sign_for",
        Act::Release { .. } => "approval.release",
        Act::Approve(_) => "approval.approve",
        Act::Reject(_) => "approval.reject",
        Act::Abstain(_) => "approval.abstain",
        Act::Return { .. } => "approval.return",
        Act::Withdraw { .. } => "approval.withdraw",
        Act::UndoDecision { .. } => "approval.undo",
        Act::Transfer { .. } => "approval.transfer",
        Act::Delegate { .. } => "approval.delegate",
        Act::Recall { .. } => "approval.recall",
        Act::AddSigners { .. } => "approval.add_signers",
        Act::RemoveSigner { .. } => "approval.remove_signer",
        Act::Revoke { .. } => "approval.revoke",
        Act::Copy { .. } => "approval.copy",
        Act::Jump { .. } => "approval.jump",
        Act::Terminate { .. } => "approval.terminate",
        Act::Migrate { .. } => "approval.migrate",
        Act::TakeOver { .. } => "approval.take_over",
        Act::Ask { .. } => "approval.ask",
        Act::Answer { .. } => "approval.answer",
        Act::Suggest { .. } => "approval.suggest",
        Act::TakeSuggestion { .. } => "approval.take_suggestion",
        Act::DeclineSuggestion { .. } => "approval.decline_suggestion",
        Act::Urge { .. } => "approval.urge",
        Act::Comment { .. } => "approval.comment",
        Act::ReadCopy { .. } => "approval.read_copy",
        Act::ContentEdited { .. } => "approval.edit",
        Act::OutsideEvent { .. } => "approval.event",
        Act::Tick => "approval.tick",
        Act::Retry => "approval.retry",
    }
}
