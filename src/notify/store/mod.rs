//! SQL and rows.

mod outbox;

pub use outbox::{post, withdraw};

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = &[outbox::POST, outbox::WITHDRAW];
