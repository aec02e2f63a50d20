//! Options of nodes at which somebody decides.

use serde::{Deserialize, Serialize};

use super::{FileNeed, NodeName, Who};
use crate::kernel::{Amount, Span};

/// Options of nodes at which somebody decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionOptions {
    /// Time to decide.
    pub within: Option<Span>,
    /// What happens when time runs out, in order.
    pub overdue: Vec<Overdue>,
    /// What a rejection does.
    pub on_reject: OnReject,
    /// Who is asked after a return.
    pub on_return: OnReturn,
    /// Parts for which a change may be suggested; empty: the default of the subject (for contracts, every clause and field).
    pub may_suggest: Vec<String>,
    /// Parts that the approver may edit; the exception.
    pub may_edit: Vec<String>,
    /// What a decision covers, as the file says it; empty: what may be seen, [`DecisionOptions::covers`].
    pub scope: Vec<String>,
    /// Parts that whoever decides may see beside the head of the record, [`super::Sight`]; empty: all.
    pub may_see: Vec<String>,
    /// Whether words are asked for.
    pub opinion: Opinion,
    /// Deciding needs a login, a link is not enough.
    pub login: LoginNeed,
    /// What people may do with the task beside deciding; by default transfer it and withdraw their decision.
    pub allow: Vec<Allowance>,
    /// Files needed before deciding.
    pub needs: Vec<FileNeed>,
}

impl DecisionOptions {
    /// The parts that a decision covers; empty: the whole document. Nobody decides on what they do not see.
    pub fn covers(&self) -> &[String] {
        if self.scope.is_empty() { &self.may_see } else { &self.scope }
    }
}

impl Default for DecisionOptions {
    fn default() -> Self {
        Self {
            within: None,
            overdue: Vec::new(),
            on_reject: OnReject::default(),
            on_return: OnReturn::default(),
            may_suggest: Vec::new(),
            may_edit: Vec::new(),
            scope: Vec::new(),
            may_see: Vec::new(),
            opinion: Opinion::default(),
            login: LoginNeed::default(),
            allow: vec![Allowance::Transfer, Allowance::Withdraw],
            needs: Vec::new(),
        }
    }
}

/// One step when a task is overdue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Overdue {
    /// Once when half of the time is left and once at the due time.
    Remind,
    /// To these people, a span after the due time.
    HandTo {
        /// Who gets it.
        who: Who,
        /// Counted from the due time.
        after: Span,
    },
    /// To the candidates' manager, a span after the due time.
    HandToManager {
        /// Counted from the due time.
        after: Span,
    },
    /// The task is rejected by silence.
    Reject,
    /// The task is approved by silence; a fault for contracts and payments without a written reason.
    Approve {
        /// Why silence may approve.
        because: String,
    },
}

/// What a rejection does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum OnReject {
    /// The case ends.
    #[default]
    End,
    /// Back to a node.
    BackTo {
        /// Which.
        node: NodeName,
    },
    /// Back to the deciding node before this one.
    BackToPrevious,
    /// Back to the drafter, as a return.
    BackToDrafter,
}

/// Who is asked after a return.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnReturn {
    /// Whoever returned, and everybody whose scope changed.
    #[default]
    AskOnlyAffected,
    /// Everybody from the target node on.
    AskAllBetween,
    /// Straight back to who sent it back.
    StraightBack,
}

/// Whether a decision needs words. Returning and rejecting always do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// Always.
    Required,
    /// When it is not an approval; the default.
    #[default]
    OnReject,
    /// Never for approving.
    Optional,
}

/// Whether deciding through the link in a message is enough.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "login", rename_all = "snake_case")]
pub enum LoginNeed {
    /// The link is enough.
    #[default]
    LinkIsEnough,
    /// A login is needed where the approval amount reaches this.
    FromAmount {
        /// Included.
        amount: Amount,
    },
    /// A login is always needed (`signature`).
    Always,
}

/// What people may do with a task beside deciding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// 转办.
    Transfer,
    /// 委派.
    Delegate,
    /// 加签.
    Add,
    /// 减签.
    Remove,
    /// Withdraw one's own decision.
    Withdraw,
}
