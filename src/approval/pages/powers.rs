//! What the reader may do beside deciding: what is not in their task, but theirs or the administrators'.

use serde::Serialize;

use super::Choice;
use crate::approval::concern::node;
use crate::approval::look::Look;
use crate::org::ADMINISTRATOR;
use crate::workflow::{Act, Allowance, Status, StepKind, TaskNumber};

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
        let running = look.state.status == Status::InApproval;
        let with_drafter = matches!(look.state.status, Status::Returned | Status::SignedFor);
        let person = look.facts.directory.people.get(&look.person);
        let administers = person.is_some_and(|one| one.active && one.roles.contains(ADMINISTRATOR));
        if !running {
            return Self { terminate: administers && with_drafter, ..Self::default() };
        }
        Self {
            recall: recall(look),
            removable: removable(look),
            revoke: revoke(look),
            jump: if administers { targets(look) } else { Vec::new() },
            terminate: administers,
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
    deciding.filter(|step| !asked(&step.node)).map(|step| Choice::new(&step.node, step.title.clone())).collect()
}

/// What the file lets whoever holds a task do with it.
pub(super) fn allows(look: &Look, task: TaskNumber, allowance: Allowance) -> bool {
    let Some(held) = look.state.tasks.get(&task).filter(|held| held.delegated.is_none()) else { return false };
    let options = node(&look.workflow.definition, &held.opened.node).and_then(|(_, options)| options);
    options.is_some_and(|options| options.allow.contains(&allowance))
}
