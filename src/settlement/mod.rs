//! Milestones and payments.
