//! Where a case stands, in one word.

use serde::{Deserialize, Serialize};

/// A case in one word. These words are the engine states of `replay` maps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not handed in yet, or saved again after a return.
    #[default]
    Draft,
    /// Somebody decides.
    InApproval,
    /// Sent back; the drafter has not taken it up yet.
    Returned,
    /// Sent back, and the drafter has it in hand (签收).
    SignedFor,
    /// Every decision is taken; waits and acts may follow.
    Approved,
    /// Ended by rejection.
    Rejected,
    /// Taken back by the submitter.
    Withdrawn,
    /// Ended by an administrator.
    Terminated,
    /// Nothing is left to do.
    Ended,
}

impl Status {
    /// The word in maps, API and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InApproval => "in_approval",
            Self::Returned => "returned",
            Self::SignedFor => "signed_for",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Terminated => "terminated",
            Self::Ended => "ended",
        }
    }

    /// The status that a word names.
    pub fn named(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }

    /// Whether the drafter may save and submit.
    pub fn with_drafter(self) -> bool {
        matches!(self, Self::Draft | Self::Returned | Self::SignedFor | Self::Withdrawn)
    }

    /// Whether it was sent back, and was not submitted again.
    pub fn sent_back(self) -> bool {
        matches!(self, Self::Returned | Self::SignedFor)
    }

    /// Whether no command can move it any more.
    pub fn over(self) -> bool {
        matches!(self, Self::Rejected | Self::Terminated | Self::Ended)
    }
}
