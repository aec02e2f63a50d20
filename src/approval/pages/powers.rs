//! What the reader may do beside deciding: what is not in their task, but theirs or the administrators'. The engine says whether.

use serde::Serialize;

use super::Choice;
use crate::approval::concern::node;
use crate::approval::look::Look;
use crate::workflow::{Act, Allowance, StepKind, TaskNumber};

/// For its page.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Powers {
    /// Tasks that they delegated and can take back.
    recall: Vec<Choice>,
    /// People whom they added and can remove.
    removable: Vec<Removable>,
    /// Decisions of theirs that they can take back.
    revoke: Vec<Choice>,
    /// Nodes to which they can send the case.
    jump: Vec<Choice>,
    terminate: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Removable {
    node: String,
    number: u32,
    label: String,
}

impl Powers {
    /// As everything stands.
    pub(super) fn of(look: &Look) -> Self {
        Self {
            recall: recall(look),
            removable: removable(look),
            revoke: revoke(look),
            jump: targets(look),
            terminate: look.may(Act::Terminate { reason: "-".to_owned() }),
        }
    }
}

fn recall(look: &Look) -> Vec<Choice> {
    let tasks = look.state.tasks.iter().filter(|(_, task)| task.open && task.delegated.is_some());
    let theirs = tasks.filter(|(number, _)| look.may(Act::Recall { task: **number }));
    theirs.map(|(number, task)| Choice::new(number, look.title(&task.opened.node))).collect()
}

fn removable(look: &Look) -> Vec<Removable> {
    let mut found = Vec::new();
    for (node, signers) in &look.state.signers {
        for (number, signer) in (1..).zip(signers).filter(|(_, one)| !one.removed) {
            let act = Act::RemoveSigner { node: node.clone(), signer: number, reason: "-".to_owned() };
            if look.may(act) {
                let label = format!("{} · {}", look.name(signer.candidate.person), look.title(node));
                found.push(Removable { node: node.clone(), number, label });
            }
        }
    }
    found
}

fn revoke(look: &Look) -> Vec<Choice> {
    let theirs =
        look.state.decisions.iter().filter(|(_, one)| {
            one.counts_for.is_some() && one.decided.by.is_some_and(|by| by.user == Some(look.person))
        });
    let possible = theirs.filter(|(number, _)| look.may(Act::Revoke { decision: **number, reason: "-".to_owned() }));
    possible.map(|(number, one)| Choice::new(number, look.title(&one.decided.node))).collect()
}

/// Nodes at which somebody decides, on the way as it looks now, but for those at which somebody is asked.
fn targets(look: &Look) -> Vec<Choice> {
    let asked = |node: &str| look.state.tasks.values().any(|task| task.open && task.opened.node == node);
    let deciding = look.steps.iter().filter(|step| matches!(step.kind, StepKind::Approve | StepKind::Countersign));
    let possible = deciding
        .filter(|step| !asked(&step.node))
        .filter(|step| look.may(Act::Jump { to: step.node.clone(), reason: "-".to_owned() }));
    possible.map(|step| Choice::new(&step.node, step.title.clone())).collect()
}

/// What the file lets whoever holds a task do with it.
pub(super) fn allows(look: &Look, task: TaskNumber, allowance: Allowance) -> bool {
    let Some(held) = look.state.tasks.get(&task).filter(|held| held.delegated.is_none()) else { return false };
    let options = node(&look.workflow.definition, &held.opened.node).and_then(|(_, options)| options);
    options.is_some_and(|options| options.allow.contains(&allowance))
}
