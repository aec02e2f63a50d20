//! Rows as pages show them.

use serde::Serialize;

use super::{ArchiveTaskPath, ChangePath, FulfilmentPath, OriginalBackPath, PaperPath, SealRequestPath};
use crate::contract::fulfilment::change::label;
use crate::contract::fulfilment::{
    ArchiveTask, Capacity, ContractChange, Deed, Fulfilment, Original, Paper, Purpose, RecordedEvent, SealRequest,
    SealState, Signature,
};
use crate::contract::pages::choices::Choice;
use crate::contract::{CONTRACT, SealKind};
use crate::i18n::{Message, msg};
use crate::kernel::{ContractId, Date, Money, Ref, Timestamp, UserId};
use crate::web::LoggedIn;

/// A seal request, or a line of the ledger.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SealView {
    pub(super) path: String,
    pub(super) seal: Message,
    pub(super) entity: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) other_party: String,
    pub(super) record: String,
    pub(super) version: i64,
    pub(super) code: String,
    pub(super) copies: u32,
    pub(super) across_pages: bool,
    pub(super) purpose: String,
    pub(super) state: Message,
    pub(super) tone: &'static str,
    pub(super) keeper: String,
    pub(super) asked_by: String,
    pub(super) asked_at: Timestamp,
    pub(super) ledger_number: Option<String>,
    pub(super) sealed_on: Option<Date>,
    pub(super) sealed_by: String,
    pub(super) photo: Option<String>,
    pub(super) note: String,
}

/// Who signed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SignatureView {
    pub(super) party: String,
    pub(super) signatory: String,
    pub(super) capacity: Message,
    pub(super) signed_on: Date,
    pub(super) authorisation: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, Serialize)]
pub(super) struct EventView {
    pub(super) label: Message,
    pub(super) on: Date,
    pub(super) copies: Option<u32>,
    pub(super) note: String,
    pub(super) paper: Option<String>,
    pub(super) by: String,
}

/// An original that is out, or back.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OriginalView {
    pub(super) number: String,
    pub(super) title: String,
    pub(super) other_party: String,
    pub(super) owner: String,
    pub(super) record: String,
    pub(super) due_on: Date,
    pub(super) late: bool,
    pub(super) back_on: Option<Date>,
    pub(super) copies: Option<u32>,
    pub(super) back: String,
}

/// An archive task.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ArchiveView {
    pub(super) path: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) other_party: String,
    pub(super) asked_at: Timestamp,
    pub(super) claimed_by: String,
    pub(super) archived: bool,
    pub(super) archive_number: Option<String>,
    pub(super) place: String,
    pub(super) archived_on: Option<Date>,
    pub(super) archived_by: String,
    pub(super) copies: Option<u32>,
}

/// A change in a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ChangeView {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) kind: Message,
    pub(super) number: Option<String>,
    pub(super) parent_number: String,
    pub(super) other_party: String,
    pub(super) state: Message,
    pub(super) tone: &'static str,
    pub(super) amount: Option<Money>,
    pub(super) expires_on: Option<Date>,
    pub(super) effective_on: Option<Date>,
    pub(super) by: String,
}

/// A file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PaperView {
    pub(super) label: Message,
    pub(super) name: String,
    pub(super) path: String,
    pub(super) by: String,
    pub(super) at: Timestamp,
}

/// Makes rows for one reader.
pub(super) struct Viewer<'a> {
    pub(super) fulfilment: &'a Fulfilment,
    pub(super) visit: &'a LoggedIn,
}

impl Viewer<'_> {
    pub(super) fn name(&self, user: Option<UserId>) -> String {
        let directory = self.fulfilment.contracts().org().directory();
        user.map_or_else(|| self.visit.text(&msg!("contract.sealing.by_workflow")), |user| directory.name(user))
    }

    fn name_or_nothing(&self, user: Option<UserId>) -> String {
        user.map(|user| self.name(Some(user))).unwrap_or_default()
    }

    pub(super) fn seal(&self, it: &SealRequest) -> SealView {
        SealView {
            path: SealRequestPath { id: it.id }.to_string(),
            seal: it.seal_kind.label(),
            entity: it.entity.clone(),
            number: it.number.clone(),
            title: it.title.clone(),
            other_party: it.other_party.clone(),
            record: record_path(&it.subject, it.contract),
            version: it.document_version,
            code: it.code(),
            copies: it.copies,
            across_pages: it.across_pages,
            purpose: it.purpose.clone(),
            state: seal_state(it.state),
            tone: match it.state {
                SealState::Requested => "info",
                SealState::Sealed => "good",
                SealState::Cancelled => "",
            },
            keeper: self.name(Some(it.keeper)),
            asked_by: self.name(it.requested_by),
            asked_at: it.requested_at,
            ledger_number: it.ledger_number.clone(),
            sealed_on: it.sealed_on,
            sealed_by: self.name_or_nothing(it.sealed_by),
            photo: it.photo.map(|paper| PaperPath { id: it.contract, paper }.to_string()),
            note: it.note.clone(),
        }
    }

    pub(super) fn signature(contract: ContractId, it: &Signature) -> SignatureView {
        SignatureView {
            party: it.party_name.clone(),
            signatory: it.signatory.clone(),
            capacity: capacity(it.capacity),
            signed_on: it.signed_on,
            authorisation: it.authorisation.map(|paper| PaperPath { id: contract, paper }.to_string()),
        }
    }

    pub(super) fn event(&self, contract: ContractId, it: &RecordedEvent) -> EventView {
        EventView {
            label: event(&it.name),
            on: it.on,
            copies: it.copies,
            note: it.note.clone(),
            paper: it.paper.map(|paper| PaperPath { id: contract, paper }.to_string()),
            by: self.name_or_nothing(it.recorded_by),
        }
    }

    pub(super) fn original(&self, it: &Original) -> OriginalView {
        OriginalView {
            number: it.number.clone(),
            title: it.title.clone(),
            other_party: it.other_party.clone(),
            owner: self.name(Some(it.owner)),
            record: record_path(&it.subject, it.contract),
            due_on: it.due_on,
            late: it.back_on.is_none() && it.due_on < self.fulfilment.contracts().today(),
            back_on: it.back_on,
            copies: it.copies,
            back: OriginalBackPath { id: it.id }.to_string(),
        }
    }

    pub(super) fn archive(&self, it: &ArchiveTask) -> ArchiveView {
        let place = [it.box_name.as_str(), it.shelf.as_str()];
        let place: Vec<&str> = place.into_iter().filter(|text| !text.is_empty()).collect();
        ArchiveView {
            path: ArchiveTaskPath { id: it.id }.to_string(),
            number: it.number.clone(),
            title: it.title.clone(),
            other_party: it.other_party.clone(),
            asked_at: it.created_at,
            claimed_by: self.name_or_nothing(it.claimed_by),
            archived: it.archived,
            archive_number: it.archive_number.clone(),
            place: place.join(" / "),
            archived_on: it.archived_on,
            archived_by: self.name_or_nothing(it.archived_by),
            copies: it.copies,
        }
    }

    pub(super) fn change(&self, it: &ContractChange, (parent, other_party): (&str, &str)) -> ChangeView {
        ChangeView {
            path: ChangePath { id: it.id }.to_string(),
            title: it.title.clone(),
            kind: label(it.kind),
            number: it.number.clone(),
            parent_number: parent.to_owned(),
            other_party: other_party.to_owned(),
            state: it.state_label(),
            tone: it.state.tone(),
            amount: it.content.amount,
            expires_on: it.content.expires_on,
            effective_on: it.effective_on,
            by: self.name(Some(it.drafter)),
        }
    }

    pub(super) fn paper(&self, it: &Paper) -> PaperView {
        PaperView {
            label: purpose(it.purpose),
            name: it.name.clone(),
            path: PaperPath { id: it.contract, paper: it.id }.to_string(),
            by: self.name_or_nothing(it.added_by),
            at: it.added_at,
        }
    }
}

/// The page of a contract after approval, or of a change.
pub(super) fn record_path(subject: &Ref, contract: ContractId) -> String {
    if subject.kind == CONTRACT {
        FulfilmentPath { id: contract }.to_string()
    } else {
        ChangePath { id: crate::contract::fulfilment::ChangeId::new(subject.id) }.to_string()
    }
}

/// The page of a document.
pub(super) fn deed_path(deed: &Deed) -> String {
    record_path(&deed.subject, deed.contract)
}

/// The seals that can be asked for.
pub(super) fn seal_choices(visit: &LoggedIn, kinds: &[SealKind]) -> Vec<Choice> {
    kinds.iter().map(|kind| Choice::new(kind.name(), visit.text(&kind.label()))).collect()
}

pub(super) fn seal_state(state: SealState) -> Message {
    match state {
        SealState::Requested => msg!("contract.sealing.requested"),
        SealState::Sealed => msg!("contract.sealing.sealed"),
        SealState::Cancelled => msg!("contract.sealing.cancelled"),
    }
}

pub(super) fn capacity(capacity: Capacity) -> Message {
    match capacity {
        Capacity::Representative => msg!("contract.signing.representative"),
        Capacity::Agent => msg!("contract.signing.agent"),
        Capacity::Oneself => msg!("contract.signing.oneself"),
    }
}

pub(super) fn event(name: &str) -> Message {
    match name {
        "signed" => msg!("settlement.event.signed"),
        "effective" => msg!("settlement.event.effective"),
        "delivered" => msg!("settlement.event.delivered"),
        _ => msg!("settlement.event.accepted"),
    }
}

fn purpose(purpose: Purpose) -> Message {
    match purpose {
        Purpose::Signed => msg!("contract.papers.signed"),
        Purpose::Authorisation => msg!("contract.papers.authorisation"),
        Purpose::SealPhoto => msg!("contract.papers.seal_photo"),
        Purpose::Delivered => msg!("contract.papers.delivered"),
        Purpose::Accepted => msg!("contract.papers.accepted"),
        Purpose::Evidence => msg!("contract.papers.evidence"),
    }
}
