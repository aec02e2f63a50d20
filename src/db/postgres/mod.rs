//! PostgreSQL: a transaction a unit, on threads of our own so that a unit need not be `Send`.

mod engine;
mod listener;
pub(super) mod statement;
mod transaction;

pub(super) use engine::Postgres;
