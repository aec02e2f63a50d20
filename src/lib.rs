//! Qiyue 契约: contracts from a blank in a template to the last payment.
//!
//! The rooms in reading order, which is the order of the floors: a room uses only rooms above it in this list.
//! The invariants that hold everywhere:
//!
//! 1. One write, one transaction: state, events, audit, timers and outgoing messages of one action together, or none.
//! 2. Read, decide, store: an action decides outside any transaction and writes after comparing the versions it read.
//! 3. The engine ([`workflow`]) is pure; replaying a case's events gives its stored state.
//! 4. Events are the truth, state is a cache.
//! 5. Every decision names the hash of what it decided on.
//! 6. Definitions never change under a running case.
//! 7. One door for permission: queries demand a scope that only [`org`] can make.
//! 8. SQLite and PostgreSQL are both first class; only [`db`] knows which one runs.
//! 9. Time and randomness are passed in.
//! 10. Delivery is at least once, effects are once.
//! 11. An edit voids what it changes and re-asks what it moves.

pub mod kernel;

pub mod i18n;

pub mod workflow;

pub mod db;

pub mod files;

pub mod mail;

pub mod pdf;

pub mod jobs;

pub mod org;

pub mod notify;

pub mod web;

pub mod deadline;

pub mod record;

pub mod approval;

pub mod settlement;

pub mod crm;

pub mod contract;

pub mod app;

pub mod cli;
