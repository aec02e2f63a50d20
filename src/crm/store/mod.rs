//! The tables of customers and what belongs to them, as the door reads them.

pub(super) mod door;

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = door::STATEMENTS;
