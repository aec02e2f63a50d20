//! Published workflows: read once a version, chosen by what they take, checked before they are published.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::store::publications::Through;
use super::store::workflows::WorkflowVersion;
use super::{ApprovalError, store};
use crate::db::{Conn, Db};
use crate::kernel::{Channel, Hash, Timestamp, UserId};
use crate::workflow::language::{Loaded, RhaiScript, Shelf};
use crate::workflow::{Condition, Definition, Effect, EffectSpec, Facts, LANGUAGE, NodeKind, judge, language};

/// A version that is ready to run.
pub struct Workflow {
    /// What the engine walks.
    pub definition: Definition,
    /// Its closures.
    pub script: RhaiScript,
}

impl Workflow {
    /// As it was read, without the warnings.
    pub fn loaded(&self) -> Loaded {
        Loaded { definition: self.definition.clone(), script: self.script.clone(), warnings: Vec::new() }
    }
}

/// Every version that was used since the start. Versions never change, so nothing ever leaves.
#[derive(Clone, Default)]
pub(super) struct Workflows(Arc<RwLock<BTreeMap<Hash, Arc<Workflow>>>>);

impl Workflows {
    fn known(&self, version: Hash) -> Option<Arc<Workflow>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&version).cloned()
    }

    fn keep(&self, workflow: Arc<Workflow>) {
        let version = workflow.definition.version;
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(version, workflow);
    }

    /// A version, read from the database when it is first used.
    pub(super) async fn get(&self, db: &Db, version: Hash) -> Result<Arc<Workflow>, ApprovalError> {
        if let Some(workflow) = self.known(version) {
            return Ok(workflow);
        }
        let unloadable = || ApprovalError::Unloadable(version);
        let stored = db.read(async move |c| store::workflows::by_version(c, version).await).await?;
        let stored = stored.ok_or_else(unloadable)?;
        let published: Definition = serde_json::from_str(&stored.structure).map_err(|_| unloadable())?;
        let mut used = Vec::new();
        for run in published.runs().into_values() {
            used.push(Box::pin(self.get(db, run)).await?.loaded());
        }
        let workflow = as_published(&stored, published, &used.into_iter().collect()).ok_or_else(unloadable)?;
        let workflow = Arc::new(workflow);
        self.keep(Arc::clone(&workflow));
        Ok(workflow)
    }

    /// The workflows that new cases take, for files that run them. One that this program cannot read can be run by none.
    pub(super) async fn shelf(&self, db: &Db) -> Result<Shelf, ApprovalError> {
        let mut current = Vec::new();
        for version in db.read(async |c| store::workflows::current_versions(c).await).await? {
            match self.get(db, version).await {
                Ok(workflow) => current.push(workflow.loaded()),
                Err(ApprovalError::Unloadable(_)) => {
                    tracing::warn!(%version, "a published workflow cannot be read");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(current.into_iter().collect())
    }

    /// The one workflow that takes a record; what a log brings is taken whatever the file says.
    pub(super) async fn choose(
        &self,
        db: &Db,
        current: &[Hash],
        facts: &Facts,
        by: Channel,
    ) -> Result<Arc<Workflow>, ApprovalError> {
        let mut taking = Vec::new();
        for version in current {
            let workflow = self.get(db, *version).await?;
            if by == Channel::Replay || takes(&workflow, facts)? {
                taking.push(workflow);
            }
        }
        match taking.len() {
            0 => Err(ApprovalError::NoWorkflow { subject: facts.subject.reference.clone() }),
            1 => Ok(taking.swap_remove(0)),
            _ => {
                let names = taking.iter().map(|workflow| workflow.definition.name.clone()).collect();
                Err(ApprovalError::SeveralWorkflows { names })
            }
        }
    }
}

/// Whether a workflow takes a record as it is.
pub(super) fn takes(workflow: &Workflow, facts: &Facts) -> Result<bool, ApprovalError> {
    let Some(condition) = &workflow.definition.takes else { return Ok(true) };
    let holds = judge(condition, &workflow.script, facts).holds;
    holds.map_err(|fault| ApprovalError::CannotChoose { workflow: workflow.definition.name.clone(), fault })
}

/// Reads a file as it is handed in.
pub(super) fn read(
    source: &str,
    file: &str,
    shelf: &Shelf,
    by: Option<UserId>,
    at: Timestamp,
) -> Result<(Workflow, WorkflowVersion), ApprovalError> {
    let loaded = language::load_with(source, file, shelf)
        .map_err(|faults| ApprovalError::Faults { file: file.to_owned(), faults })?;
    let definition = loaded.definition;
    let version = WorkflowVersion {
        version: definition.version,
        name: definition.name.clone(),
        subject: definition.subject.clone(),
        title: definition.title.clone(),
        language: LANGUAGE,
        file: file.to_owned(),
        source: source.to_owned(),
        structure: serde_json::to_string(&definition)?,
        published_by: by,
        published_at: at,
    };
    Ok((Workflow { definition, script: loaded.script }, version))
}

/// Every effect that a file names as a value, of its hooks and of its nodes.
pub(super) fn effects(definition: &Definition) -> Vec<&Effect> {
    let acts = definition.every_node().into_iter().filter_map(|node| match &node.kind {
        NodeKind::Act { effects } => Some(effects),
        _ => None,
    });
    let specs = definition.hooks.iter().map(|hook| &hook.effects).chain(acts).flatten();
    specs.filter_map(|spec| if let EffectSpec::Value(it) = spec { Some(it) } else { None }).collect()
}

/// A stored version, unless this program reads another structure from it than the one that was published.
fn as_published(stored: &WorkflowVersion, published: Definition, runs: &Shelf) -> Option<Workflow> {
    let loaded = language::load_with(&stored.source, &stored.file, runs).ok()?;
    let same = loaded.definition == published && published.version == stored.version;
    same.then(|| Workflow { definition: published, script: loaded.script })
}

/// Stores a version as the current one, unless another current workflow could take the same records.
pub(super) async fn publish(
    c: &mut Conn<'_>,
    definition: &Definition,
    it: &WorkflowVersion,
    through: &Through,
) -> Result<(), ApprovalError> {
    apart_from_others(c, definition, it).await?;
    store::workflows::publish(c, it, through).await?;
    Ok(())
}

/// Refuses a version where another current workflow could take the same records.
pub(super) async fn apart_from_others(
    c: &mut Conn<'_>,
    definition: &Definition,
    it: &WorkflowVersion,
) -> Result<(), ApprovalError> {
    for other in store::workflows::current(c).await? {
        if other.name == it.name || other.subject != it.subject {
            continue;
        }
        let theirs: Definition = serde_json::from_str(&other.structure)?;
        if !apart(definition.takes.as_ref(), theirs.takes.as_ref()) {
            return Err(ApprovalError::Overlap { name: it.name.clone(), other: other.name });
        }
    }
    Ok(())
}

/// Whether no record can fulfil both conditions. What cannot be shown is not so.
fn apart(one: Option<&Condition>, other: Option<&Condition>) -> bool {
    if [one, other].into_iter().flatten().any(Condition::is_nothing) {
        return true;
    }
    let (Some(one), Some(other)) = (one, other) else { return false };
    never_both(one, other) || never_both(other, one)
}

fn never_both(one: &Condition, other: &Condition) -> bool {
    match (one, other) {
        (Condition::AllOf { parts }, _) => parts.iter().any(|part| apart(Some(part), Some(other))),
        (Condition::AnyOf { parts }, _) => !parts.is_empty() && parts.iter().all(|part| apart(Some(part), Some(other))),
        (Condition::Not { part }, _) => part.as_ref() == other,
        (Condition::CategoryIs { categories: these }, Condition::CategoryIs { categories: those }) => {
            these.iter().all(|category| !those.contains(category))
        }
        (Condition::FieldIs { field, value }, Condition::FieldIs { field: same, value: theirs }) => {
            field == same && value != theirs
        }
        (Condition::AmountFrom { amount }, Condition::AmountBelow { amount: limit }) => amount >= limit,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(names: &[&str]) -> Condition {
        Condition::CategoryIs { categories: names.iter().map(|name| (*name).to_owned()).collect() }
    }

    fn never(one: &Condition, other: &Condition) -> bool {
        assert_eq!(apart(Some(one), Some(other)), apart(Some(other), Some(one)));
        apart(Some(one), Some(other))
    }

    #[test]
    fn different_categories_never_meet() {
        assert!(never(&category(&["sales"]), &category(&["purchase", "lease"])));
        assert!(!never(&category(&["sales", "lease"]), &category(&["purchase", "lease"])));
    }

    #[test]
    fn a_workflow_that_takes_everything_meets_every_other() {
        assert!(!apart(None, Some(&category(&["sales"]))));
        assert!(!apart(None, None));
    }

    #[test]
    fn a_workflow_that_only_others_run_meets_none() {
        assert!(apart(Some(&Condition::nothing()), None));
        assert!(never(&Condition::nothing(), &category(&["sales"])));
    }

    #[test]
    fn parts_and_opposites_are_looked_into() {
        let sales = category(&["sales"]);
        let both = Condition::AllOf { parts: vec![sales.clone(), Condition::Deviates] };
        assert!(never(&both, &category(&["purchase"])));
        assert!(never(&both, &Condition::Not { part: Box::new(Condition::Deviates) }));
        assert!(!never(&both, &Condition::Deviates));
        let either = Condition::AnyOf { parts: vec![sales, category(&["purchase"])] };
        assert!(never(&either, &category(&["lease"])));
        assert!(!never(&either, &category(&["purchase"])));
    }
}
