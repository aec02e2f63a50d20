//! What figures are counted from: how long a task was with whom and how that ended, suggestions, how a case was decided.

use crate::kernel::{Timestamp, UserId};
use crate::workflow::{Choice, Decided, NodeName, ReturnTo, SuggestionNumber, TaskNumber};

/// How a span ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanEnd {
    /// They approved.
    Approved,
    /// They rejected.
    Rejected,
    /// They sent it back.
    Returned,
    /// They abstained.
    Abstained,
    /// Nobody decided, and the file says what silence means.
    Silence,
    /// They gave it to somebody else.
    Transferred,
    /// It was overdue and went to others.
    HandedOver,
    /// An earlier decision still stood.
    Kept,
    /// Others decided.
    Settled,
    /// The case went back.
    Reset,
    /// The case ended.
    CaseOver,
}

impl SpanEnd {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Approved, "approve"),
        (Self::Rejected, "reject"),
        (Self::Returned, "return"),
        (Self::Abstained, "abstain"),
        (Self::Silence, "silence"),
        (Self::Transferred, "transferred"),
        (Self::HandedOver, "handed_over"),
        (Self::Kept, "kept"),
        (Self::Settled, "settled"),
        (Self::Reset, "reset"),
        (Self::CaseOver, "case_over"),
    ];

    /// Its word in the database.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(end, _)| *end == self).map_or("", |(_, word)| word)
    }

    /// The one with that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(end, _)| end)
    }

    /// Whether whoever had it decided.
    pub fn is_decision(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Returned | Self::Abstained)
    }

    /// Whether the time says something about whoever had it: they let it go, or let it lapse. What others decided meanwhile does not.
    pub fn is_theirs(self) -> bool {
        self.is_decision() || matches!(self, Self::Silence | Self::Transferred | Self::HandedOver)
    }

    /// How a decision ends the span of its task.
    pub(super) fn of(decided: &Decided) -> Self {
        match (decided.by, decided.choice) {
            (None, _) => Self::Silence,
            (_, Choice::Approve) => Self::Approved,
            (_, Choice::Reject) => Self::Rejected,
            (_, Choice::Return) => Self::Returned,
            (_, Choice::Abstain) => Self::Abstained,
        }
    }
}

/// A task while it was with one person, or with several of whom any may decide.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskSpan {
    /// The event that ended it.
    pub seq: u64,
    /// Which task.
    pub task: TaskNumber,
    /// Its node.
    pub node: NodeName,
    /// What people read.
    pub node_title: String,
    /// Who had it; of several who could have decided, nobody until one did.
    pub person: Option<UserId>,
    /// Whose right it was: the absent one where a deputy acted.
    pub principal: Option<UserId>,
    /// In which round.
    pub round: u32,
    /// Since when they had it.
    pub opened_at: Timestamp,
    /// When it should have been decided.
    pub due: Option<Timestamp>,
    /// Until when.
    pub closed_at: Timestamp,
    /// How it ended.
    pub end: SpanEnd,
    /// Where the case went back to with it.
    pub returned_to: Option<ReturnTo>,
}

/// A suggestion to the drafter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// Its number.
    pub suggestion: SuggestionNumber,
    /// The node at which it was made; empty beside any task.
    pub node: NodeName,
    /// Who made it.
    pub person: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// How a case was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The event.
    pub seq: u64,
    /// Approved, or else rejected.
    pub approved: bool,
    /// Submissions that it took.
    pub rounds: u32,
    /// When somebody was first asked.
    pub asked_at: Timestamp,
    /// When.
    pub decided_at: Timestamp,
}

/// What figures are counted from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// A decision was taken back: what ended with this event or later is as if it had never been.
    pub undone: Option<u64>,
    /// Tasks that ended or changed hands.
    pub spans: Vec<TaskSpan>,
    /// Suggestions that were made.
    pub suggested: Vec<Suggested>,
    /// Suggestions that the drafter took, or declined.
    pub answered: Vec<(SuggestionNumber, bool)>,
    /// How the case was decided last.
    pub outcome: Option<Outcome>,
}
