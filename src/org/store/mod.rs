//! SQL and rows of people, a file a subject.

pub(super) mod absences;
pub(super) mod departments;
pub(super) mod directory;
pub(super) mod former;
pub(super) mod grids;
pub(super) mod roles;
pub(super) mod sessions;
pub(super) mod tokens;
pub(super) mod users;

use crate::db::{counted, joined};

/// Every statement of this room, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] = &joined::<{ counted(PARTS) }>(PARTS);

const PARTS: &[&[&str]] = &[
    absences::STATEMENTS,
    departments::STATEMENTS,
    directory::STATEMENTS,
    former::STATEMENTS,
    grids::STATEMENTS,
    roles::STATEMENTS,
    sessions::STATEMENTS,
    tokens::STATEMENTS,
    users::STATEMENTS,
];
