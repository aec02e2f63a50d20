//! The two languages: every sentence stands beside its translation in a room's messages.toml and is looked up here.
