//! SQL and rows of contracts, a file a subject.

pub(super) mod contracts;
pub(super) mod drafts;
pub(super) mod entities;
pub(super) mod ledger;
pub(super) mod states;
pub(super) mod templates;
pub(super) mod versions;

use crate::db::{counted, joined};

/// Every statement of this room, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] = &joined::<{ counted(PARTS) }>(PARTS);

const PARTS: &[&[&str]] = &[
    contracts::STATEMENTS,
    drafts::STATEMENTS,
    entities::STATEMENTS,
    states::STATEMENTS,
    templates::STATEMENTS,
    versions::STATEMENTS,
    super::fulfilment::store::STATEMENTS,
];
