//! Sub-workflows (子流程) of which there is a newer version than the one that a workflow runs. A workflow keeps what it was published
//! with; it takes the newest when it is proposed again.

use std::collections::BTreeMap;

use super::store::workflows::WorkflowVersion;
use super::{ApprovalError, Approvals};
use crate::kernel::Hash;
use crate::workflow::Definition;

/// A sub-workflow that a workflow runs in an older version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutdatedRun {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The version that is run.
    pub runs: Hash,
    /// The one that is current.
    pub newest: Hash,
}

/// Which of the workflows that are current run an older version of another: by name of the one that runs it.
pub fn outdated(current: &[WorkflowVersion]) -> Result<BTreeMap<String, Vec<OutdatedRun>>, ApprovalError> {
    let newest: BTreeMap<&str, &WorkflowVersion> = current.iter().map(|one| (one.name.as_str(), one)).collect();
    let mut found = BTreeMap::new();
    for one in current {
        let definition: Definition = serde_json::from_str(&one.structure)?;
        let older = definition.runs().into_iter().filter_map(|(name, runs)| {
            let newest = newest.get(name).filter(|newest| newest.version != runs)?;
            Some(OutdatedRun { name: name.to_owned(), title: newest.title.clone(), runs, newest: newest.version })
        });
        let older: Vec<OutdatedRun> = older.collect();
        if !older.is_empty() {
            found.insert(one.name.clone(), older);
        }
    }
    Ok(found)
}

impl Approvals {
    /// The sub-workflows that a version runs although there is a newer one; none of a version that is no longer current.
    pub async fn outdated_runs(&self, version: &WorkflowVersion) -> Result<Vec<OutdatedRun>, ApprovalError> {
        let current = self.current_workflows().await?;
        if !current.iter().any(|one| one.version == version.version) {
            return Ok(Vec::new());
        }
        Ok(outdated(&current)?.remove(&version.name).unwrap_or_default())
    }
}
