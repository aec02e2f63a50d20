//! SQL and rows of contracts after approval, a file a subject.

pub(super) mod archive;
pub(in crate::contract) mod changes;
pub(super) mod events;
pub(super) mod life;
pub(super) mod originals;
pub(super) mod papers;
pub(in crate::contract) mod seals;
pub(super) mod warnings;

use crate::db::{counted, joined};

/// Every statement of this part of the room.
pub(in crate::contract) const STATEMENTS: &[&str] = &joined::<{ counted(PARTS) }>(PARTS);

const PARTS: &[&[&str]] = &[
    archive::STATEMENTS,
    changes::STATEMENTS,
    events::STATEMENTS,
    life::STATEMENTS,
    originals::STATEMENTS,
    papers::STATEMENTS,
    seals::STATEMENTS,
    warnings::STATEMENTS,
];
