//! SQL and rows.

pub(super) mod choices;
pub(super) mod emails;
pub(super) mod inbox;
mod outbox;

pub(super) use outbox::{DueMessage, due, hand_out};
pub use outbox::{over, over_all, post, withdraw};

use crate::db;

const PARTS: &[&[&str]] = &[outbox::STATEMENTS, inbox::STATEMENTS, emails::STATEMENTS, choices::STATEMENTS];

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &db::joined::<{ db::counted(PARTS) }>(PARTS);
