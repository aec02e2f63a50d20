//! What would become of a record if it were handed in now: which workflow takes it, who will be asked and why, what is missing.

use std::sync::Arc;

use super::approvals::Approvals;
use super::ask::Ask;
use super::figures::{Begun, Expected, Moment, Unsaid, expected};
use super::prepare::Going;
use super::snapshot::{self, Fresh, Snapshot};
use super::{ApprovalError, Look, Workflow};
use crate::db::Conn;
use crate::kernel::{Actor, Ref};
use crate::workflow::{Act, Case, Command, Refusal, Status, Step, SubjectFacts, decide, forecast};

/// The way ahead of a record that was not handed in yet, or not again.
#[derive(Clone)]
pub struct Preview {
    /// The workflow that takes it.
    pub workflow: Arc<Workflow>,
    /// The nodes on its way with who will be asked.
    pub steps: Vec<Step>,
    /// Why handing it in as it is would be refused.
    pub refusal: Option<Refusal>,
    /// When it will probably be over, where that is known.
    pub expected: Option<Expected>,
}

impl Approvals {
    /// Looks ahead without storing anything. `facts` is the record as it would be handed in.
    pub async fn preview(&self, actor: Actor, facts: SubjectFacts) -> Result<Preview, ApprovalError> {
        let inner = &self.0;
        let act = Act::Submit { chosen: std::collections::BTreeMap::new() };
        let ask = Arc::new(Ask::of_subject(facts.reference.clone(), actor, act.clone()).on(facts));
        let asked = Arc::clone(&ask);
        let (registry, recent) = (inner.registry.clone(), Arc::clone(&inner.recent));
        let read = async move |c: &mut Conn<'_>| snapshot::read(c, (&registry, &recent), &asked).await;
        let Snapshot::Fresh(fresh) = inner.db.read(read).await? else { return Err(ApprovalError::LostRace) };
        let Fresh { case, facts, directory, current, .. } = *fresh;
        let facts = inner.facts(inner.clock.now(), facts, directory).await?;
        let Going { workflow, case, .. } = inner.going_on(&ask, &facts, case, &current).await?;
        let case = case.map(|(_, state)| state).unwrap_or_default();
        let steps = forecast(&workflow.definition, &workflow.script, &case, &facts);
        let command = Command { actor, act };
        let refusal = decide(&workflow.definition, &workflow.script, &case, &command, &facts).err();
        let passes = self.passes(&workflow.definition.name, &steps).await?;
        let moment = Moment { now: facts.now, begun: &Begun::new() };
        let expected = expected(&workflow.definition.nodes, &steps, &passes, moment, inner.practice.office()).ok();
        Ok(Preview { workflow, steps, refusal, expected })
    }

    /// When a running case will probably be over, from where it stands; nothing where nobody decides on it.
    pub async fn outlook(&self, look: &Look) -> Result<Option<Result<Expected, Unsaid>>, ApprovalError> {
        let Look { workflow, state, steps, facts, .. } = look;
        if state.status != Status::InApproval {
            return Ok(None);
        }
        let mut begun = Begun::new();
        for task in state.tasks.values().filter(|task| task.round == state.round) {
            let first = begun.entry(task.opened.node.clone()).or_insert(task.at);
            *first = (*first).min(task.at);
        }
        let definition = &workflow.definition;
        let passes = self.passes(&definition.name, steps).await?;
        let moment = Moment { now: facts.now, begun: &begun };
        Ok(Some(expected(&definition.nodes, steps, &passes, moment, self.0.practice.office())))
    }

    /// The newest case of a record with the way behind it and ahead of it; nothing where it was never handed in.
    pub async fn way_of(&self, subject: &Ref) -> Result<Option<(Arc<Case>, Vec<Step>)>, ApprovalError> {
        let inner = &self.0;
        let ask = Arc::new(Ask::of_subject(subject.clone(), Actor::SYSTEM, Act::Tick));
        let (registry, recent) = (inner.registry.clone(), Arc::clone(&inner.recent));
        let read = async move |c: &mut Conn<'_>| snapshot::read(c, (&registry, &recent), &ask).await;
        let fresh = match inner.db.read(read).await {
            Ok(Snapshot::Fresh(fresh)) => *fresh,
            Ok(Snapshot::Answered(_)) | Err(ApprovalError::NeverSubmitted(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some((stored, case)) = fresh.case else { return Ok(None) };
        let facts = inner.facts(inner.clock.now(), fresh.facts, fresh.directory).await?;
        let workflow = inner.workflows.get(&inner.db, stored.definition).await?;
        let steps = forecast(&workflow.definition, &workflow.script, &case, &facts);
        Ok(Some((case, steps)))
    }
}
