//! SQL and rows of approval, a file a subject.

pub(super) mod cases;
pub(super) mod drafts;
pub(super) mod effects;
pub(super) mod evidence;
pub(super) mod figures;
pub(super) mod inbox;
pub(super) mod keys;
pub(super) mod links;
pub(super) mod phrases;
pub(super) mod publications;
pub(super) mod states;
pub(super) mod workflows;

use crate::db::{counted, joined};

/// Every statement of this room, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] = &joined::<{ counted(PARTS) }>(PARTS);

const PARTS: &[&[&str]] = &[
    cases::STATEMENTS,
    drafts::STATEMENTS,
    effects::STATEMENTS,
    evidence::STATEMENTS,
    figures::STATEMENTS,
    inbox::STATEMENTS,
    keys::STATEMENTS,
    links::STATEMENTS,
    phrases::STATEMENTS,
    publications::STATEMENTS,
    states::STATEMENTS,
    workflows::STATEMENTS,
];

/// A number of events as a column holds it.
pub(super) fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
