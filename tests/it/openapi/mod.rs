//! The document of the JSON interface, held against the interface itself.

mod codes;
mod document;
mod keys;
mod routes;
mod structure;
mod versions;
