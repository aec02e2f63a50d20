//! Effects: what the file asks for beside decisions. Values, never amounts or terms, which are content and approved.
//!
//! The engine puts them into an event; the action that called it stores them in the same transaction, and the room that owns the
//! subject carries them out.

use serde::{Deserialize, Serialize};

use super::{Place, ScriptId, Who};
use crate::kernel::Span;

/// An effect as the file declares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EffectSpec {
    /// A value.
    Value(Effect),
    /// A closure that gives values.
    Expert {
        /// Which closure.
        script: ScriptId,
    },
}

/// What is to be done. The `effect` tag is the name under which a room registers its handler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// 用印申请 for the subject.
    RequestSeal {
        /// Kind of seal, such as 合同专用章.
        seal: String,
    },
    /// The subject's own payment plan starts at this event instead of the signing.
    PaymentPlanFromContract {
        /// `signed` unless the file names another.
        on: String,
    },
    /// A due row until the original is recorded.
    ExpectOriginalBack {
        /// Counted from the signing date.
        within: Span,
    },
    /// One claimable task with a checklist.
    ArchiveBy {
        /// Who may claim it.
        who: Who,
        /// What must be in the folder.
        checklist: Vec<String>,
    },
    /// Warnings before a date of the subject.
    WarnBefore {
        /// Name of the date: `expires`, or a date field.
        date: String,
        /// How long before; calendar days.
        before: Vec<Span>,
        /// Who hears of it, resolved when it is raised.
        to: Vec<Who>,
    },
    /// A message.
    Tell {
        /// Who.
        to: Vec<Who>,
        /// What.
        text: String,
    },
}

impl Effect {
    /// The name under which a handler is registered.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequestSeal { .. } => "request_seal",
            Self::PaymentPlanFromContract { .. } => "payment_plan_from_contract",
            Self::ExpectOriginalBack { .. } => "expect_original_back",
            Self::ArchiveBy { .. } => "archive_by",
            Self::WarnBefore { .. } => "warn_before",
            Self::Tell { .. } => "tell",
        }
    }
}

/// Effects at one of the ends, or at an event of the subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    /// When.
    pub at: HookAt,
    /// Where it is declared.
    pub place: Place,
    /// What is done.
    pub effects: Vec<EffectSpec>,
}

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookAt {
    /// The case was submitted, every round.
    Submitted,
    /// The last deciding node has passed.
    Approved,
    /// The case ended rejected.
    Rejected,
    /// The submitter took it back.
    Withdrawn,
    /// The subject was signed.
    Signed,
    /// The case ended.
    Ended,
}
