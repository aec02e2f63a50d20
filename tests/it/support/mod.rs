//! What the tests stand on: real databases, a real mail server, a real browser, real data.
//!
//! What is missing is said aloud and the test is skipped, so that plain `cargo test` runs what needs nothing; `make test` provides
//! everything, and in CI a missing program fails.

mod app;
mod browser;
mod chinese;
mod database;
mod forms;
mod material;
mod postgres;
mod reader;
mod site;
mod skip;
mod smtp;
mod sources;
mod stored;
mod webdriver;

pub(crate) use app::{TestApp, on_both_apps};
pub(crate) use browser::{Browser, Screen};
pub(crate) use chinese::{chinese_in, is_chinese, without, without_documents};
pub(crate) use database::{TestDatabase, on_both, on_both_fresh};
pub(crate) use forms::{FieldKind, FormField, PageForm, decoded, page_forms};
pub(crate) use material::{json, material};
pub(crate) use postgres::PrivatePostgres;
pub(crate) use reader::{Program, Reader, secret_on};
pub(crate) use site::{hidden, serve};
pub(crate) use skip::aloud;
#[cfg(feature = "pdf")]
pub(crate) use skip::{Extent, Missing, skip};
pub(crate) use smtp::{Mail, Smtp};
pub(crate) use sources::sources;
pub(crate) use stored::{Stored, stored};
