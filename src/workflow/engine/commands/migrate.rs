//! 迁移: an administrator moves the case to another version of its workflow, with a reason. Nodes that differ start anew and keep the
//! decisions that still stand; the definition given here is the new one. While somebody decides or the drafter has it.

use std::collections::BTreeSet;

use super::super::super::{Changed, CloseReason, Event, NodeName, Refusal, ResetReason, Signer, Status, VoidReason};
use super::super::draft::Draft;
use super::super::entitle::said;
use super::super::{grids, tree};
use super::{only_in, submit};
use crate::kernel::Actor;

pub(super) fn run(draft: &mut Draft<'_>, actor: &Actor, changed: &Changed, reason: &str) -> Result<(), Refusal> {
    only_in(draft, "migrate", &[Status::InApproval, Status::Returned, Status::SignedFor, Status::Draft])?;
    let person = draft.administrator(actor)?;
    if draft.may_not_decide(person) {
        return Err(Refusal::NotEntitled { person });
    }
    submit::taken(draft)?;
    said(reason)?;
    let (by, from, to) = (*actor, changed.from, draft.definition.version);
    let mut grids = grids::in_force(&tree::all(&draft.definition.nodes), draft.given());
    grids.retain(|name, _| !draft.case.grids.contains_key(name));
    draft.push(Event::Migrated { by, from, to, reason: reason.to_owned(), grids });
    draft.let_go_of_drafters(actor, reason);
    draft.forget(&changed.nodes);
    draft.advance();
    Ok(())
}

impl Draft<'_> {
    /// Who was added while drafters could decide, and may not in this version.
    fn let_go_of_drafters(&mut self, actor: &Actor, reason: &str) {
        let mut added = Vec::new();
        for (node, signers) in &self.case.signers {
            let barred = |one: &Signer| !one.removed && self.may_not_decide(one.candidate.principal());
            added.extend((1..).zip(signers).filter(|(_, one)| barred(one)).map(|(number, _)| (node.clone(), number)));
        }
        for (node, signer) in added {
            self.no_longer_wanted(actor, &node, signer, reason);
        }
    }

    /// Nodes start anew or are gone; decisions at nodes that are gone no longer count.
    fn forget(&mut self, nodes: &[NodeName]) {
        let known: BTreeSet<&str> =
            tree::all(&self.definition.nodes).into_iter().map(|node| node.name.as_str()).collect();
        let gone: Vec<_> = self
            .case
            .decisions
            .iter()
            .filter(|(_, one)| !one.void && !known.contains(one.decided.node.as_str()))
            .map(|(number, _)| *number)
            .collect();
        for node in nodes {
            self.close_tasks(node, CloseReason::Reset);
        }
        for decision in gone {
            self.push(Event::DecisionVoided { decision, because: VoidReason::NodeGone });
        }
        if !nodes.is_empty() {
            let (nodes, because) = (nodes.to_vec(), ResetReason::Migrated);
            let mut reopened: Vec<NodeName> = Vec::new();
            for node in nodes.iter().flat_map(|name| tree::around(&self.definition.nodes, name)) {
                let over = self.stage(node).is_some_and(|stage| stage != super::super::super::Stage::Active);
                if over && !nodes.contains(&node.name) && !reopened.contains(&node.name) {
                    reopened.push(node.name.clone());
                }
            }
            self.push(Event::NodesReset { nodes, reopened, because });
        }
    }
}
