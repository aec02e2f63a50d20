//! What people see of contracts: the ledger, drafting, one contract with its parts, our entities, templates.
//!
//! A part of a contract's page is a page of its own around which [`frame::Frame`] puts the head, the next step and the tabs. To add
//! one: an address below `/contracts/{id}`, a variant of [`frame::Part`], a template that extends `contract/frame.html` and fills the
//! block `part`.

mod abandon;
mod actor;
pub(super) mod choices;
mod controls;
mod customer;
mod drafting;
mod edit;
mod entities;
mod files;
mod form;
pub(super) mod frame;
mod ledger;
mod log;
mod money;
mod new;
mod next;
pub(super) mod print;
mod show;
mod submit;
mod suggestions;
mod templates;
mod versions;
mod way;

use axum::Router;

pub(in crate::contract) use actor::actor;
pub(in crate::contract) use log::said_in_log;

use super::Contracts;
use crate::i18n::msg;
use crate::kernel::{ContractId, EntityId, Hash};
pub(in crate::contract) use crate::web::disposition;
use crate::web::{NavEntry, NavGroup};

crate::paths! {
    /// The ledger.
    pub ContractsPath = "/contracts" {}
    /// A new contract.
    pub NewContractPath = "/contracts/new" {}
    /// One contract: its document.
    pub ContractPath = "/contracts/{id}" { id: ContractId }
    /// The drafting page.
    pub EditPath = "/contracts/{id}/edit" { id: ContractId }
    /// Where the drafting page keeps what is typed.
    pub DraftPath = "/contracts/{id}/draft" { id: ContractId }
    /// Picks the customer that a draft is for.
    pub CustomerPath = "/contracts/{id}/customer" { id: ContractId }
    /// Before handing in, and handing in.
    pub SubmitPath = "/contracts/{id}/submit" { id: ContractId }
    /// Takes a submitted contract back.
    pub WithdrawPath = "/contracts/{id}/withdraw" { id: ContractId }
    /// Gives a contract up.
    pub AbandonPath = "/contracts/{id}/abandon" { id: ContractId }
    /// Who was asked and will be.
    pub WayPath = "/contracts/{id}/approval" { id: ContractId }
    /// Takes a suggestion of an approver.
    pub TakeSuggestionPath = "/contracts/{id}/suggestions/{suggestion}/take" { id: ContractId, suggestion: u32 }
    /// Declines one.
    pub DeclineSuggestionPath = "/contracts/{id}/suggestions/{suggestion}/decline" { id: ContractId, suggestion: u32 }
    /// What was submitted, and redlines.
    pub VersionsPath = "/contracts/{id}/versions" { id: ContractId }
    /// The payment plan.
    pub MoneyPath = "/contracts/{id}/money" { id: ContractId }
    /// The files.
    pub FilesPath = "/contracts/{id}/files" { id: ContractId }
    /// One file.
    pub FilePath = "/contracts/{id}/files/{hash}" { id: ContractId, hash: Hash }
    /// Puts a file into a place.
    pub AttachPath = "/contracts/{id}/slots/{slot}" { id: ContractId, slot: String }
    /// Takes a file out of its place.
    pub DetachPath = "/contracts/{id}/slots/{slot}/{hash}/remove" { id: ContractId, slot: String, hash: Hash }
    /// What was done to it.
    pub LogPath = "/contracts/{id}/log" { id: ContractId }
    /// The document for printing.
    pub PrintPath = "/contracts/{id}/document.html" { id: ContractId }
    /// The same as PDF.
    pub PdfPath = "/contracts/{id}/document.pdf" { id: ContractId }
    /// Our entities.
    pub EntitiesPath = "/admin/entities" {}
    /// A new entity.
    pub NewEntityPath = "/admin/entities/new" {}
    /// One entity with its seals.
    pub EntityPath = "/admin/entities/{id}" { id: EntityId }
    /// A new seal of an entity.
    pub SealsPath = "/admin/entities/{id}/seals" { id: EntityId }
    /// One seal.
    pub SealPath = "/admin/entities/{id}/seals/{seal}" { id: EntityId, seal: i64 }
    /// Templates.
    pub TemplatesPath = "/admin/templates" {}
    /// Publishes a template.
    pub PublishTemplatePath = "/admin/templates/publish" {}
    /// One template.
    pub TemplatePath = "/admin/templates/{name}" { name: String }
}

/// The pages of this room.
pub fn routes(contracts: Contracts) -> Router {
    Router::new()
        .merge(ledger::routes())
        .merge(new::routes())
        .merge(edit::routes())
        .merge(customer::routes())
        .merge(submit::routes())
        .merge(abandon::routes())
        .merge(show::routes())
        .merge(way::routes())
        .merge(suggestions::routes())
        .merge(versions::routes())
        .merge(money::routes())
        .merge(files::routes())
        .merge(log::routes())
        .merge(print::routes())
        .merge(entities::routes())
        .merge(templates::routes())
        .with_state(contracts)
}

/// Its lines in the navigation.
pub fn nav() -> Vec<NavEntry> {
    vec![
        NavEntry::new(NavGroup::Contracts, msg!("contract.ledger"), "file-text", &ContractsPath {})
            .primary()
            .needs("contract.read"),
        NavEntry::new(NavGroup::Admin, msg!("contract.entities"), "building", &EntitiesPath {})
            .needs("our_entity.read"),
        NavEntry::new(NavGroup::Admin, msg!("contract.templates"), "template", &TemplatesPath {})
            .needs("contract_template.read"),
    ]
}
