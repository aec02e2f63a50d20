//! Contracts: our entities, templates, drafts, and what was submitted of them.
//!
//! A contract is a template filled with a [`Draft`](document::Draft). While it is a draft its content is saved as it is typed; each
//! submission freezes a [`Version`] with its hash, and from then on the content only moves through its approval case. Rendering
//! happens when content is saved, so that approval reads fields and manifest out of rows: [`ContractSubject`] never fills a template
//! inside a unit. Every change of state is a [`Move`] that the model allows and the database checks again.

mod actions;
pub mod api;
mod brief;
mod content;
mod contracts;
pub mod document;
mod drafting;
mod entity;
mod error;
mod evidence;
mod filling;
pub mod fulfilment;
mod library;
pub mod pages;
pub mod pdf;
mod queries;
mod rewrite;
mod rows;
mod schema;
mod state;
mod store;
mod subject;
pub mod template;
mod words;

pub use actions::{BeforeSubmission, NewContract, Seen, Submission, check_folder};
pub use content::{Content, Facts, Snapshot};
pub use contracts::{Contracts, Rooms, protected_kinds};
pub use drafting::DraftEdit;
pub use entity::{EntityFields, OurEntity, Seal, SealFields, SealId, SealKind};
pub use error::ContractError;
pub use evidence::{VerifiedVersions, VersionFlaw, verify};
pub use library::{Library, Publication};
pub use queries::Printed;
pub use schema::schema;
pub use state::{Move, State};
pub use store::STATEMENTS;
pub use store::contracts::Contract;
pub use store::ledger::{ContractSummary, LedgerFilter};
pub use store::versions::Version;
pub use subject::ContractSubject;

use crate::kernel::Kind;

/// Contracts, as a kind of record.
pub const CONTRACT: Kind = Kind::of("contract");
/// Our entities and their seals, as a kind of record that roles are granted.
pub const OUR_ENTITY: Kind = Kind::of("our_entity");
/// Templates of contracts, as a kind of record that roles are granted.
pub const TEMPLATE: Kind = Kind::of("contract_template");
