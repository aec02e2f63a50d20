//! Contracts up to their submission, as drafters and programs meet them.

mod api;
mod browser;
mod firm;
mod pages;
mod submission;
