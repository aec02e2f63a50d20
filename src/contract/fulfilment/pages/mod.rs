//! What people see of contracts after approval: the part 履行 of a contract's page, signing, seals, the archive, changes.

mod archive;
mod change_edit;
mod changes;
mod originals;
mod papers;
mod part;
mod seals;
mod signing;
mod view;

use axum::Router;

use super::{ArchiveTaskId, ChangeId, Fulfilment, OriginalId, PaperId, SealRequestId};
use crate::i18n::msg;
use crate::kernel::{ContractId, Hash};
use crate::web::{NavEntry, NavGroup};

/// Bytes that one upload may have, its form around it included.
const UPLOAD: usize = 65 * 1024 * 1024;

crate::paths! {
    /// What happens to a contract after approval.
    pub FulfilmentPath = "/contracts/{id}/fulfilment" { id: ContractId }
    /// Asks for a seal of a contract.
    pub AskSealPath = "/contracts/{id}/seal-requests" { id: ContractId }
    /// The signatures of a contract.
    pub SigningPath = "/contracts/{id}/signing" { id: ContractId }
    /// Records an event of a contract.
    pub EventPath = "/contracts/{id}/events" { id: ContractId }
    /// Completes a contract.
    pub CompletionPath = "/contracts/{id}/completion" { id: ContractId }
    /// A file that came after approval.
    pub PaperPath = "/contracts/{id}/papers/{paper}" { id: ContractId, paper: PaperId }
    /// Begins a change of a contract.
    pub BeginChangePath = "/contracts/{id}/changes" { id: ContractId }
    /// What waits for the keeper, and the seal ledger.
    pub SealsPath = "/seals" {}
    /// One seal request.
    pub SealRequestPath = "/seals/{id}" { id: SealRequestId }
    /// Sends a seal request back.
    pub SealBackPath = "/seals/{id}/return" { id: SealRequestId }
    /// Originals that are out.
    pub OriginalsPath = "/originals" {}
    /// Records an original as back.
    pub OriginalBackPath = "/originals/{id}/back" { id: OriginalId }
    /// Archive tasks, and what is archived.
    pub ArchivePath = "/archive" {}
    /// One archive task.
    pub ArchiveTaskPath = "/archive/{id}" { id: ArchiveTaskId }
    /// Takes an archive task.
    pub ClaimArchivePath = "/archive/{id}/claim" { id: ArchiveTaskId }
    /// Gives an archive task back.
    pub ReleaseArchivePath = "/archive/{id}/release" { id: ArchiveTaskId }
    /// Ticks an entry of the list.
    pub ArchiveItemPath = "/archive/{id}/items/{position}" { id: ArchiveTaskId, position: i64 }
    /// Changes of contracts.
    pub ChangesPath = "/contract-changes" {}
    /// One change.
    pub ChangePath = "/contract-changes/{id}" { id: ChangeId }
    /// Writing a change.
    pub EditChangePath = "/contract-changes/{id}/edit" { id: ChangeId }
    /// A file that a change rests on.
    pub EvidencePath = "/contract-changes/{id}/evidence/{hash}" { id: ChangeId, hash: Hash }
    /// Hands a change in.
    pub SubmitChangePath = "/contract-changes/{id}/submit" { id: ChangeId }
    /// Takes a change back.
    pub WithdrawChangePath = "/contract-changes/{id}/withdraw" { id: ChangeId }
    /// Gives a change up.
    pub AbandonChangePath = "/contract-changes/{id}/abandon" { id: ChangeId }
    /// Asks for a seal of a change.
    pub AskChangeSealPath = "/contract-changes/{id}/seal-requests" { id: ChangeId }
    /// The signatures of a change.
    pub SignChangePath = "/contract-changes/{id}/signing" { id: ChangeId }
    /// The text of a change for printing.
    pub ChangePrintPath = "/contract-changes/{id}/document.html" { id: ChangeId }
    /// A change as PDF.
    pub ChangePdfPath = "/contract-changes/{id}/document.pdf" { id: ChangeId }
}

/// The pages of this part of the room.
pub fn routes(fulfilment: Fulfilment) -> Router {
    Router::new()
        .merge(part::routes())
        .merge(signing::routes())
        .merge(papers::routes())
        .merge(seals::routes())
        .merge(originals::routes())
        .merge(archive::routes())
        .merge(changes::routes())
        .merge(change_edit::routes())
        .with_state(fulfilment)
}

/// Its lines in the navigation.
pub fn nav() -> Vec<NavEntry> {
    let entry = |label, icon, path: &dyn std::fmt::Display| {
        NavEntry::new(NavGroup::Contracts, label, icon, &path.to_string()).needs("contract.read")
    };
    vec![
        entry(msg!("contract.changes.title"), "git-branch", &ChangesPath {}),
        entry(msg!("contract.sealing.title"), "rubber-stamp", &SealsPath {}),
        entry(msg!("contract.archive.title"), "archive", &ArchivePath {}),
        entry(msg!("contract.originals.title"), "arrow-back-up", &OriginalsPath {}),
    ]
}
