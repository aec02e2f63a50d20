//! The approval engine: definitions, events, decisions. Pure: no clock, no database, no randomness, no async.
