//! Contracts up to their submission, as drafters and programs meet them.

mod api;
mod browser;
pub(crate) mod firm;
mod pages;
pub(crate) mod submission;
