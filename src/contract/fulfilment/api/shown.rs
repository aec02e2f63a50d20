//! What programs are shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::State;
use crate::contract::fulfilment::{
    ArchiveTask, ContractChange, FulfilmentError, Original, Paper, PaperId, RecordedEvent, SealRequest, SealState,
    Signature, Terms,
};
use crate::kernel::{CaseId, Date, Money, Timestamp, UserId};
use crate::workflow::Directory;

/// A seal request, or a line of the seal ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = SealRequest)]
pub(super) struct SealShown {
    id: i64,
    /// `contract/12` or `contract_change/3`.
    subject: String,
    contract: i64,
    seal: &'static str,
    entity: String,
    keeper: i64,
    keeper_name: String,
    number: String,
    title: String,
    other_party: String,
    document_version: i64,
    /// What must stand on every page of the paper.
    verification_code: String,
    copies: u32,
    across_pages: bool,
    purpose: String,
    state: SealState,
    requested_by: Option<i64>,
    requested_by_name: Option<String>,
    requested_at: Timestamp,
    ledger_number: Option<String>,
    sealed_on: Option<Date>,
    sealed_by: Option<i64>,
    sealed_by_name: Option<String>,
    photo: Option<i64>,
    note: String,
}

/// Who signed for a party.
#[derive(Serialize, ToSchema)]
#[schema(as = Signature)]
pub(super) struct SignatureShown {
    party: String,
    party_name: String,
    signatory: String,
    capacity: &'static str,
    authorisation: Option<i64>,
    signed_on: Date,
}

/// What happened to a document.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractEvent)]
pub(super) struct EventShown {
    event: String,
    on: Date,
    paper: Option<i64>,
    copies: Option<u32>,
    note: String,
    recorded_by: Option<i64>,
    recorded_by_name: Option<String>,
    recorded_at: Timestamp,
}

/// An original that is expected back.
#[derive(Serialize, ToSchema)]
#[schema(as = Original)]
pub(super) struct OriginalShown {
    id: i64,
    subject: String,
    contract: i64,
    number: String,
    title: String,
    other_party: String,
    due_on: Date,
    back_on: Option<Date>,
    copies: Option<u32>,
}

/// An archive task.
#[derive(Serialize, ToSchema)]
#[schema(as = ArchiveTask)]
pub(super) struct ArchiveShown {
    id: i64,
    subject: String,
    contract: i64,
    number: String,
    title: String,
    other_party: String,
    claimed_by: Option<i64>,
    claimed_by_name: Option<String>,
    archived: bool,
    archive_number: Option<String>,
    #[serde(rename = "box")]
    box_name: String,
    shelf: String,
    copies: Option<u32>,
    archived_on: Option<Date>,
    /// The list of what must be in the folder; shown with a single task only.
    items: Vec<ItemShown>,
    /// Comes back with the archiving.
    version: i64,
}

/// An entry of the list of an archive task.
#[derive(Serialize, ToSchema)]
#[schema(as = ArchiveItem)]
pub(super) struct ItemShown {
    position: i64,
    label: String,
    checked_by: Option<i64>,
    checked_by_name: Option<String>,
    checked_at: Option<Timestamp>,
}

/// What a contract comes to and how long it runs.
#[derive(Serialize, ToSchema)]
#[schema(as = Terms)]
pub(super) struct TermsShown {
    gross: Option<Money>,
    starts_on: Option<Date>,
    expires_on: Option<Date>,
}

/// A change of a contract.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractChange)]
pub(super) struct ChangeShown {
    id: i64,
    contract: i64,
    kind: &'static str,
    number: Option<String>,
    title: String,
    state: State,
    /// Why, and what changes.
    #[schema(value_type = Object)]
    content: serde_json::Value,
    content_hash: String,
    /// The terms that it replaced, once it is in force.
    replaced: Option<TermsShown>,
    signed_on: Option<Date>,
    effective_on: Option<Date>,
    approval_case: Option<i64>,
    drafter: i64,
    drafter_name: String,
    /// Comes back with a change.
    version: i64,
}

/// A file that came after approval.
#[derive(Serialize, ToSchema)]
#[schema(as = Paper)]
pub(super) struct PaperShown {
    id: i64,
    subject: String,
    purpose: &'static str,
    name: String,
    hash: String,
}

impl SealShown {
    pub(super) fn of(it: &SealRequest, directory: &Directory) -> Self {
        Self {
            id: it.id.get(),
            subject: it.subject.to_string(),
            contract: it.contract.get(),
            seal: it.seal_kind.name(),
            entity: it.entity.clone(),
            keeper: it.keeper.get(),
            keeper_name: directory.name(it.keeper),
            number: it.number.clone(),
            title: it.title.clone(),
            other_party: it.other_party.clone(),
            document_version: it.document_version,
            verification_code: it.code(),
            copies: it.copies,
            across_pages: it.across_pages,
            purpose: it.purpose.clone(),
            state: it.state,
            requested_by: it.requested_by.map(UserId::get),
            requested_by_name: it.requested_by.map(|user| directory.name(user)),
            requested_at: it.requested_at,
            ledger_number: it.ledger_number.clone(),
            sealed_on: it.sealed_on,
            sealed_by: it.sealed_by.map(UserId::get),
            sealed_by_name: it.sealed_by.map(|user| directory.name(user)),
            photo: it.photo.map(PaperId::get),
            note: it.note.clone(),
        }
    }
}

impl From<&Signature> for SignatureShown {
    fn from(it: &Signature) -> Self {
        Self {
            party: it.party.clone(),
            party_name: it.party_name.clone(),
            signatory: it.signatory.clone(),
            capacity: it.capacity.name(),
            authorisation: it.authorisation.map(PaperId::get),
            signed_on: it.signed_on,
        }
    }
}

impl EventShown {
    pub(super) fn of(it: &RecordedEvent, directory: &Directory) -> Self {
        Self {
            event: it.name.clone(),
            on: it.on,
            paper: it.paper.map(PaperId::get),
            copies: it.copies,
            note: it.note.clone(),
            recorded_by: it.recorded_by.map(UserId::get),
            recorded_by_name: it.recorded_by.map(|user| directory.name(user)),
            recorded_at: it.recorded_at,
        }
    }
}

impl From<&Original> for OriginalShown {
    fn from(it: &Original) -> Self {
        Self {
            id: it.id.get(),
            subject: it.subject.to_string(),
            contract: it.contract.get(),
            number: it.number.clone(),
            title: it.title.clone(),
            other_party: it.other_party.clone(),
            due_on: it.due_on,
            back_on: it.back_on,
            copies: it.copies,
        }
    }
}

impl ArchiveShown {
    pub(super) fn of(it: &ArchiveTask, directory: &Directory) -> Self {
        let item = |item: &crate::contract::fulfilment::ArchiveItem| ItemShown {
            position: item.position,
            label: item.label.clone(),
            checked_by: item.checked_by.map(UserId::get),
            checked_by_name: item.checked_by.map(|user| directory.name(user)),
            checked_at: item.checked_at,
        };
        Self {
            id: it.id.get(),
            subject: it.subject.to_string(),
            contract: it.contract.get(),
            number: it.number.clone(),
            title: it.title.clone(),
            other_party: it.other_party.clone(),
            claimed_by: it.claimed_by.map(UserId::get),
            claimed_by_name: it.claimed_by.map(|user| directory.name(user)),
            archived: it.archived,
            archive_number: it.archive_number.clone(),
            box_name: it.box_name.clone(),
            shelf: it.shelf.clone(),
            copies: it.copies,
            archived_on: it.archived_on,
            items: it.items.iter().map(item).collect(),
            version: it.version,
        }
    }
}

impl From<Terms> for TermsShown {
    fn from(it: Terms) -> Self {
        Self { gross: it.gross, starts_on: it.starts_on, expires_on: it.expires_on }
    }
}

impl ChangeShown {
    pub(super) fn of(it: &ContractChange, directory: &Directory) -> Result<Self, FulfilmentError> {
        Ok(Self {
            id: it.id.get(),
            contract: it.contract.get(),
            kind: it.kind.name(),
            number: it.number.clone(),
            title: it.title.clone(),
            state: it.state,
            content: serde_json::to_value(&it.content)?,
            content_hash: it.content_hash.to_string(),
            replaced: it.replaced.map(TermsShown::from),
            signed_on: it.signed_on,
            effective_on: it.effective_on,
            approval_case: it.case.map(CaseId::get),
            drafter: it.drafter.get(),
            drafter_name: directory.name(it.drafter),
            version: it.version,
        })
    }
}

impl From<&Paper> for PaperShown {
    fn from(it: &Paper) -> Self {
        Self {
            id: it.id.get(),
            subject: it.subject.to_string(),
            purpose: it.purpose.name(),
            name: it.name.clone(),
            hash: it.hash.to_string(),
        }
    }
}
