//! What a seal request is: asked for by somebody or by a workflow, recorded by the keeper, a line of the ledger.

use serde::{Deserialize, Serialize};

use super::PaperId;
use crate::contract::{Contract, SealId, SealKind};
use crate::kernel::{ContractId, Date, Hash, Ref, Timestamp, UserId, id};

id::id! {
    /// A seal request.
    SealRequestId
}

/// Where a seal request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SealState {
    /// The keeper has it.
    Requested,
    /// On the paper: a line of the ledger.
    Sealed,
    /// Taken back.
    Cancelled,
}

impl SealState {
    /// As it stands in the table and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Sealed => "sealed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Requested, Self::Sealed, Self::Cancelled].into_iter().find(|state| state.name() == name)
    }
}

/// A seal request with the document that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealRequest {
    /// Id.
    pub id: SealRequestId,
    /// The contract or the change.
    pub subject: Ref,
    /// The contract it belongs to.
    pub contract: ContractId,
    /// Which seal.
    pub seal: SealId,
    /// What that is.
    pub seal_kind: SealKind,
    /// Who keeps it.
    pub keeper: UserId,
    /// Whose it is.
    pub entity: String,
    /// The number of the document.
    pub number: String,
    /// What its text is called.
    pub title: String,
    /// The other party.
    pub other_party: String,
    /// The approved version.
    pub document_version: i64,
    /// The hash of its content.
    pub content_hash: Hash,
    /// How many copies.
    pub copies: u32,
    /// Whether it goes across the edges of the pages too (骑缝).
    pub across_pages: bool,
    /// What for.
    pub purpose: String,
    /// Where it stands.
    pub state: SealState,
    /// Who asked, nobody where a workflow did.
    pub requested_by: Option<UserId>,
    /// When.
    pub requested_at: Timestamp,
    /// Its number in the ledger.
    pub ledger_number: Option<String>,
    /// On which day it was sealed.
    pub sealed_on: Option<Date>,
    /// By whom.
    pub sealed_by: Option<UserId>,
    /// A picture of it.
    pub photo: Option<PaperId>,
    /// Words of the keeper, or why it was taken back.
    pub note: String,
    /// Rises with every change.
    pub version: i64,
}

/// A seal as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WantedSeal {
    /// The word for the seal: 公章, 合同专用章, 财务专用章, 法定代表人章.
    pub seal: String,
    /// How many copies.
    pub copies: u32,
    /// Whether across the edges of the pages too.
    #[serde(default)]
    pub across_pages: bool,
    /// What for.
    #[serde(default)]
    pub purpose: String,
}

/// What the keeper records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The code that stands on the paper.
    pub code: String,
    /// On which day.
    pub on: Date,
    /// How many copies.
    pub copies: u32,
    /// A picture of it.
    pub photo: Option<PaperId>,
    /// Any words.
    pub note: String,
}

/// Which seal requests a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerOfSeals {
    /// Where they stand.
    pub state: SealState,
    /// Of one contract only.
    pub contract: Option<ContractId>,
    /// A part of a number or of the other party's name.
    pub text: String,
}

impl SealRequest {
    /// The code that must stand on every page of the paper.
    pub fn code(&self) -> String {
        Contract::verification_code(&self.number, self.content_hash)
    }

    /// Where its page is.
    pub fn path(&self) -> String {
        format!("/seals/{}", self.id)
    }
}
