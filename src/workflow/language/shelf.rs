//! The workflows that a file may run (子流程): those that are published, or lie beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Finding;
use super::parsing::{Loaded, load_with};
use crate::i18n::msg;
use crate::workflow::{Definition, NodeKind};

/// Workflows by name, each in one version. Cheap to clone.
#[derive(Clone, Default)]
pub struct Shelf(Arc<BTreeMap<String, Loaded>>);

impl FromIterator<Loaded> for Shelf {
    fn from_iter<T: IntoIterator<Item = Loaded>>(workflows: T) -> Self {
        let named = workflows.into_iter().map(|loaded| (loaded.definition.name.clone(), loaded));
        Self(Arc::new(named.collect()))
    }
}

impl Shelf {
    /// Those of these files, each its text and its name, that can be read with what the others give them.
    pub fn of_files(files: &[(String, String)]) -> Self {
        let mut shelf = Self::default();
        loop {
            let read = files.iter().filter_map(|(source, file)| load_with(source, file, &shelf).ok());
            let next: Self = read.collect();
            if next.0.len() <= shelf.0.len() {
                return next;
            }
            shelf = next;
        }
    }

    /// The workflow of that name.
    pub fn get(&self, name: &str) -> Option<&Loaded> {
        self.0.get(name)
    }

    /// The names of all of them, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What is wrong with the workflows that a definition runs: of another kind of record, or this one again.
pub(super) fn faults(definition: &Definition, shelf: &Shelf) -> Vec<Finding> {
    let mut findings = Vec::new();
    for node in definition.every_node() {
        let NodeKind::Run { workflow, .. } = &node.kind else { continue };
        if *workflow == definition.name {
            findings
                .push(Finding::error(definition.written(node), msg!("workflow.fault.runs_itself", name = workflow)));
        } else if let Some(used) = shelf.get(workflow).filter(|used| used.definition.subject != definition.subject) {
            let (theirs, ours) = (used.definition.subject.as_str(), definition.subject.as_str());
            let problem = msg!("workflow.fault.runs_other_kind", name = workflow, theirs = theirs, ours = ours);
            findings.push(Finding::error(definition.written(node), problem));
        }
    }
    findings
}
