//! Handing in, and handing in again: a new round of the same case. While the drafter has it.

use std::collections::BTreeMap;

use super::super::super::{
    DepartmentOf, Entry, Event, Facts, FileNeed, HookAt, Node, NodeKind, NodeName, Refusal, ResetReason, Script, Who,
};
use super::super::draft::Draft;
use super::super::judge::judge;
use super::super::{forecast, grids, tree};
use super::wrong_state;
use crate::kernel::{Actor, Channel, UserId};

pub(super) fn run(
    draft: &mut Draft<'_>,
    actor: &Actor,
    chosen: &BTreeMap<NodeName, Vec<UserId>>,
) -> Result<(), Refusal> {
    if !draft.case.status.with_drafter() {
        return wrong_state(draft, "submit");
    }
    draft.drafter_side(actor)?;
    // A log says what happened; whether this workflow would have taken the record is not asked of it.
    if actor.channel != Channel::Replay {
        taken(draft)?;
    }
    files_there(draft, &draft.definition.needs)?;
    if let Some(person) = chosen.values().flatten().find(|person| !draft.facts.directory.is_active(**person)) {
        return Err(Refusal::CannotBeAsked { person: *person });
    }
    begin(draft, actor, chosen);
    everybody_chosen(draft)?;
    let paths = [];
    draft.void_touched(&paths);
    draft.reset_all(ResetReason::Resubmitted);
    draft.hook(HookAt::Submitted);
    draft.advance();
    Ok(())
}

/// A new round, with the content, the approval amount and the authority grids as they are now.
pub(in super::super) fn begin(draft: &mut Draft<'_>, actor: &Actor, chosen: &BTreeMap<NodeName, Vec<UserId>>) {
    let subject = &draft.given().subject;
    draft.push(Event::Submitted {
        by: *actor,
        round: draft.case.round + 1,
        content: draft.scope_hash(&[]),
        amount: subject.approval_amount,
        without_ceiling: subject.without_ceiling,
        chosen: chosen.clone(),
        grids: grids::in_force(&tree::all(&draft.definition.nodes), draft.given()),
    });
}

pub(super) fn taken(draft: &Draft<'_>) -> Result<(), Refusal> {
    let Some(takes) = &draft.definition.takes else { return Ok(()) };
    if judge(takes, draft.script, &draft.facts).holds == Ok(true) {
        Ok(())
    } else {
        Err(Refusal::NotTaken { workflow: draft.definition.name.clone() })
    }
}

/// Every needed file is there.
pub(super) fn files_there(draft: &Draft<'_>, needs: &[FileNeed]) -> Result<(), Refusal> {
    let labels = files_missing(needs, draft.script, &draft.facts);
    if labels.is_empty() { Ok(()) } else { Err(Refusal::FilesMissing { labels }) }
}

/// Labels of the needed files that are not there; a need whose condition cannot be answered counts as needed.
pub(in crate::workflow) fn files_missing(needs: &[FileNeed], script: &dyn Script, facts: &Facts) -> Vec<String> {
    let needed = |need: &&FileNeed| match &need.when {
        None => true,
        Some(condition) => judge(condition, script, facts).holds != Ok(false),
    };
    let missing = |need: &&FileNeed| !facts.subject.files.contains(&need.label);
    needs.iter().filter(missing).filter(needed).map(|need| need.label.clone()).collect()
}

/// The submitter named people for every node on the way that lets them choose.
fn everybody_chosen(draft: &Draft<'_>) -> Result<(), Refusal> {
    let asks = |node: &&Node| chosen_by_submitter(node);
    let open: Vec<_> = tree::all(&draft.definition.nodes)
        .into_iter()
        .filter(asks)
        .filter(|node| draft.case.chosen.get(&node.name).is_none_or(Vec::is_empty))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let way = forecast::forecast(draft.definition, draft.script, &draft.case, draft.given());
    match open.into_iter().find(|node| way.iter().any(|step| step.node == node.name && step.on_the_way())) {
        Some(node) => Err(Refusal::PeopleNotChosen { node: node.name.clone() }),
        None => Ok(()),
    }
}

/// Whether a node lets the submitter choose its people.
pub(in super::super) fn chosen_by_submitter(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Approve { by, .. } => leaves_choice(by),
        NodeKind::Countersign { entries, .. } => entries.iter().any(|entry| match entry {
            Entry::OneOf { who, .. } | Entry::EveryoneIn { who, .. } => leaves_choice(who),
        }),
        _ => false,
    }
}

/// Whether a rule finds nobody unless the submitter chooses.
fn leaves_choice(who: &Who) -> bool {
    match who {
        Who::ChosenBySubmitter => true,
        Who::ManagerOf { person, .. } | Who::ManagersUpTo { person, .. } => leaves_choice(person),
        Who::RoleIn { department, .. } | Who::HeadOf { department } => {
            matches!(department, DepartmentOf::Person { who } if leaves_choice(who))
        }
        Who::FirstOf { rules } | Who::AnyOf { rules } => !rules.is_empty() && rules.iter().all(leaves_choice),
        _ => false,
    }
}
