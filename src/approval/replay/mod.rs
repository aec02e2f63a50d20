//! `qiyue replay`: approvals that happened elsewhere, run through a workflow, and what conforms.
//!
//! It is how a company checks a workflow against its own history before switching over. The map says which command an activity is;
//! the people are those of the log with the roles they appear in. Only [`workflow::decide`](crate::workflow::decide) judges, either on
//! states in memory ([`run_pure`]) or through the store ([`run_stored`]), event by event in the order of the instants over all cases. After its
//! first refused event a case, or one of its documents, gets no more.

mod command;
mod error;
mod log;
mod map;
mod plan;
mod pure;
mod report;
mod stored;

use std::path::Path;

pub use error::ReplayError;
pub use log::Row;
pub use map::Map;
pub use plan::Plan;
pub use pure::run as run_pure;
pub use report::{CaseResult, FirstRefused, Report};
pub use stored::run as run_stored;

use crate::workflow::language;

/// Reads log, workflow and map, and lays out what is to be done. Every activity has a line of the map, or nothing is done.
pub fn plan(log: &Path, workflow: &Path, map: &Path) -> Result<Plan, ReplayError> {
    let text = |file: &Path| std::fs::read_to_string(file).map_err(|error| ReplayError::file(file, &error));
    let source = text(workflow)?;
    let name = workflow.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let loaded = language::load(&source, &name).map_err(ReplayError::Workflow)?;
    let map: Map = toml::from_str(&text(map)?).map_err(|error| ReplayError::map(map, &error))?;
    if map.subject.kind != loaded.definition.subject {
        return Err(ReplayError::OtherKind { map: map.subject.kind, workflow: loaded.definition.subject });
    }
    let rows = log::read(log, &map)?;
    plan::lay_out(rows, map, loaded, source, name)
}
