//! The one integration-test binary: support, then a file per subject.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics, its helpers too")]

mod approval_pages;
mod approval_store;
#[cfg(feature = "pdf")]
mod contract_pdf;
mod contract_templates;
mod contracts;
mod crm;
mod db_failures;
mod db_lists;
mod db_migrations;
mod db_units;
mod deadlines;
mod demo;
mod drafting;
mod english;
mod files;
mod floors;
mod fulfilment;
mod harness;
mod jobs;
mod material_calendar;
mod material_codes;
mod material_money;
mod notify;
mod openapi;
mod org;
mod refused;
mod replay_command;
mod replay_killed;
mod replay_pure;
mod replay_stored;
mod server;
mod settlement;
mod story;
mod support;
mod web_shell;
mod workflow_faults;
mod workflow_fuzz;
mod workflow_shipped;
mod workflows;
