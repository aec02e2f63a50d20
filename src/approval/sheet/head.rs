//! What stands above the steps of an approval sheet.

use std::collections::{BTreeMap, BTreeSet};

use crate::approval::look::Look;
use crate::approval::words;
use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Currency, Hash, Money, Timestamp, UserId};
use crate::workflow::Event;

/// Label and value, what is not known left out.
pub(super) fn facts(look: &Look) -> Vec<(Message, Message)> {
    let subject = &look.facts.subject;
    // What was changed since belongs to no decision.
    let decided_on = look.state.content.is_none_or(|content| content == look.content());
    let brief = look.brief.as_ref();
    let now = brief.filter(|_| decided_on);
    let text = |text: Option<String>| text.map(|text| words::as_written(&text));
    let department = subject.department.and_then(|id| look.facts.directory.departments.get(&id));
    let asked = Asked::of(look);
    let approval_amount = look.state.amount.map(|amount| Money::new(amount, Currency::CNY));
    let rows = [
        (msg!("approval.sheet.number"), text(brief.and_then(|brief| brief.number.clone()))),
        (msg!("approval.sheet.kind"), text(brief.map(|brief| brief.kind_label.clone()))),
        (msg!("approval.sheet.other_party"), text(now.and_then(|brief| brief.other_party.clone()))),
        (msg!("approval.sheet.our_entity"), text(now.and_then(|brief| brief.our_entity.clone()))),
        (msg!("approval.sheet.amount"), now.and_then(|brief| brief.amount).map(value)),
        (msg!("approval.sheet.approval_amount"), approval_amount.map(value)),
        (msg!("approval.sheet.submitter"), asked.submitter.map(|person| words::as_written(&look.name(person)))),
        (msg!("approval.sheet.department"), text(department.map(|one| one.name.clone()))),
        (msg!("approval.sheet.submitted"), asked.submitted.map(value)),
        (msg!("approval.sheet.ended"), asked.ended.filter(|_| look.state.status.over()).map(value)),
        (msg!("approval.sheet.record"), (!decided_on).then(|| msg!("approval.sheet.changed_since"))),
        (msg!("approval.sheet.round"), (look.state.round > 1).then(|| value(i64::from(look.state.round)))),
        (msg!("approval.sheet.workflow"), Some(workflow(look, &asked))),
        (msg!("approval.sheet.grids"), grids(look, &asked)),
    ];
    rows.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}

fn value(value: impl Into<Arg>) -> Message {
    msg!("approval.sheet.value", value = value)
}

/// The title of the workflow with the versions on which the case ran.
fn workflow(look: &Look, asked: &Asked) -> Message {
    let version = look.workflow.definition.version;
    let versions: Arg = match asked.versions.as_slice() {
        [] => [version.short()].into_iter().collect(),
        moved => moved.iter().map(Hash::short).collect(),
    };
    msg!("approval.sheet.workflow_version", title = &look.workflow.definition.title, versions = versions)
}

/// The authority grids with the versions that were asked.
fn grids(look: &Look, asked: &Asked) -> Option<Message> {
    let grids: Vec<Message> = asked
        .grids
        .iter()
        .map(|(name, versions)| {
            let title = look.facts.directory.grids.get(name).map_or(name, |grid| &grid.title);
            let versions: Arg = versions.iter().map(u32::to_string).collect();
            msg!("approval.sheet.grid_version", grid = title, versions = versions)
        })
        .collect();
    (!grids.is_empty()).then(|| value(grids.into_iter().collect::<Arg>()))
}

/// What the events name beside what they tell.
#[derive(Default)]
pub(in crate::approval) struct Asked {
    /// When it was first handed in.
    pub(in crate::approval) submitted: Option<Timestamp>,
    /// Who handed it in first.
    pub(in crate::approval) submitter: Option<UserId>,
    /// When it ended.
    pub(in crate::approval) ended: Option<Timestamp>,
    /// Versions of the workflow, where the case was moved.
    pub(in crate::approval) versions: Vec<Hash>,
    /// Versions of authority grids.
    pub(in crate::approval) grids: BTreeMap<String, BTreeSet<u32>>,
}

impl Asked {
    pub(in crate::approval) fn of(look: &Look) -> Self {
        let mut asked = Self::default();
        for stored in &look.events {
            let grids = match stored.event() {
                Ok(Event::Submitted { by, grids, .. }) => {
                    asked.submitted.get_or_insert(stored.at);
                    asked.submitter = asked.submitter.or_else(|| by.in_the_name_of());
                    grids
                }
                Ok(Event::Migrated { from, to, grids, .. }) => {
                    if asked.versions.is_empty() {
                        asked.versions.push(from);
                    }
                    asked.versions.push(to);
                    grids
                }
                Ok(Event::Unstuck { grids, .. }) => grids,
                Ok(Event::Ended | Event::Rejected { .. } | Event::Terminated { .. }) => {
                    asked.ended = Some(stored.at);
                    continue;
                }
                _ => continue,
            };
            for (grid, version) in grids {
                asked.grids.entry(grid).or_default().insert(version);
            }
        }
        asked
    }
}
