//! 合同变更: a signed contract never changes in place. A change says why and what, goes through its own workflow, becomes a supplement
//! (or an agreement to end the contract) with a number, is sealed and signed, and then its terms replace those that it names.

mod document;
mod draft;
mod effect;
mod subject;
mod terms;

use serde::{Deserialize, Serialize};

pub use draft::ChangedFiles;
pub(in crate::contract) use subject::label;
pub use subject::{ChangeSubject, schema as change_schema};
pub use terms::{Terms, TermsOn};

use crate::contract::State;
use crate::contract::template::FileValue;
use crate::i18n::{Message, msg};
use crate::kernel::{Amount, CaseId, ContractId, Date, Hash, Money, Timestamp, UserId, id};
use crate::settlement::DueRule;

id::id! {
    /// A change of a contract.
    ChangeId
}

/// What a change comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 补充协议: the contract goes on with other terms.
    Supplement,
    /// 解除: the contract ends before its time.
    Termination,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Supplement, Self::Termination];

    /// As it stands in the table and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supplement => "supplement",
            Self::Termination => "termination",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A change of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractChange {
    /// Id.
    pub id: ChangeId,
    /// Of which contract.
    pub contract: ContractId,
    /// What it comes to.
    pub kind: ChangeKind,
    /// Its number, given when it is approved.
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// Why, and what changes.
    pub content: ChangeContent,
    /// The lines that are hashed.
    pub manifest: String,
    /// Their hash.
    pub content_hash: Hash,
    /// The total with it, in the base currency.
    pub approval_amount: Option<Amount>,
    /// Where it stands.
    pub state: State,
    /// The terms that it replaced, once it is in force.
    pub replaced: Option<Terms>,
    /// When all had signed it.
    pub signed_on: Option<Date>,
    /// From when it applies.
    pub effective_on: Option<Date>,
    /// Its approval case.
    pub case: Option<CaseId>,
    /// Who wrote it.
    pub drafter: UserId,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

impl ContractChange {
    /// Where it stands, in the words for a change: one that applies is not itself being performed.
    pub fn state_label(&self) -> Message {
        match self.state {
            State::InForce => msg!("contract.changes.in_force"),
            state => state.label(),
        }
    }
}

/// Why a contract changes, and what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeContent {
    /// Why.
    pub reason: String,
    /// What follows from it for delivery, cost and risk.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub impact: String,
    /// The new gross total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The new first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    /// The new last day; the day on which it ends, for a termination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// The milestones that replace the plan; none leaves it as it is, or settles it with nothing for a termination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Vec<ChangedRow>>,
    /// What else is agreed, in the words of the supplement.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FileValue>,
}

/// A milestone as the change wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedRow {
    /// The name of the milestone that it replaces, or a new one.
    pub name: String,
    /// What people read.
    pub title: String,
    /// How much.
    pub amount: Money,
    /// When.
    pub due: DueRule,
}

/// What somebody writes into a change; what is not said becomes empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChangeEdit {
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// What follows from it.
    #[serde(default)]
    pub impact: String,
    /// The new gross total, as people write it, in the contract's currency.
    #[serde(default)]
    pub amount: String,
    /// The new first day.
    #[serde(default)]
    pub starts_on: Option<Date>,
    /// The new last day.
    #[serde(default)]
    pub expires_on: Option<Date>,
    /// The lines of the plan; none leaves it as it is.
    #[serde(default)]
    pub plan: Vec<ChangeLine>,
    /// What else is agreed.
    #[serde(default)]
    pub text: String,
    /// The version that was read.
    pub version: i64,
}

/// A line of the plan as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChangeLine {
    /// The milestone that it replaces; empty for a new one.
    #[serde(default)]
    pub name: String,
    /// What people read; a line without a title and an amount is none.
    #[serde(default)]
    pub title: String,
    /// How much, as people write it.
    #[serde(default)]
    pub amount: String,
    /// The date on which it is due; empty keeps the rule of the milestone that it replaces.
    #[serde(default)]
    pub due_on: String,
}

/// Which changes a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Of one contract only.
    pub contract: Option<ContractId>,
    /// Those that are not over.
    pub open: bool,
    /// A part of a number or of the other party's name.
    pub text: String,
}

/// A line of a list of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    /// The change.
    pub change: ContractChange,
    /// The number of the contract.
    pub parent_number: String,
    /// The other party.
    pub other_party: String,
}
