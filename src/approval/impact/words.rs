//! What publishing a draft would do, in sentences.

use super::{Figures, Impact, RecordImpact, UnmovableCase};
use crate::i18n::{Arg, Message, msg};
use crate::kernel::UserId;
use crate::workflow::Directory;
use crate::workflow::explain::{fault_said, stuck_said};
use crate::workflow::impact::{Course, Fate, Stop};

/// How many records and cases each thing happens to; what happens to none stays unsaid.
pub fn summary(impact: &Impact) -> Vec<Message> {
    let mut said = tried(&impact.title, impact.figures(), impact.records.len());
    let (running, unmovable) = (impact.running, impact.unmovable.len());
    said.push(if unmovable == 0 {
        msg!("approval.impact.movable", running = running)
    } else {
        msg!("approval.impact.unmovable", running = running, count = unmovable)
    });
    said
}

/// How many records each thing happens to.
pub(super) fn tried(title: &str, figures: Figures, records: usize) -> Vec<Message> {
    let Figures { untouched, gained, lost, contested, undecided, same, changed, nobody, stuck, files_missing } =
        figures;
    let mut said =
        vec![msg!("approval.impact.tried", title = title, records = records, same = same, others = untouched)];
    let counted = [
        (changed, msg!("approval.impact.changed", count = changed)),
        (gained, msg!("approval.impact.gained", count = gained)),
        (lost, msg!("approval.impact.lost", count = lost)),
        (contested, msg!("approval.impact.contested", count = contested)),
        (undecided, msg!("approval.impact.undecided", count = undecided)),
        (nobody, msg!("approval.impact.nobody", count = nobody)),
        (stuck, msg!("approval.impact.stuck", count = stuck)),
        (files_missing, msg!("approval.impact.files_missing", count = files_missing)),
    ];
    said.extend(counted.into_iter().filter_map(|(count, message)| (count > 0).then_some(message)));
    said
}

/// What the change is after which a record goes another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A workflow is published.
    Publication,
    /// A version of an authority grid takes force.
    Force,
}

/// What becomes of a record: first its way, then what stands in it.
pub fn record_said(record: &RecordImpact, directory: &Directory, occasion: Occasion) -> Vec<Message> {
    let way = |course: &Course| way_said(course, directory);
    let what = match &record.fate {
        Fate::Untouched => msg!("approval.impact.is_untouched"),
        Fate::Undecided { fault } => msg!("approval.impact.is_undecided", reason = fault_said(fault)),
        Fate::Gained { after } => msg!("approval.impact.is_gained", after = way(after)),
        Fate::Lost { before } => msg!("approval.impact.is_lost", before = way(before)),
        Fate::Contested { before, .. } => msg!("approval.impact.is_contested", workflow = &before.workflow),
        Fate::Same { after } => msg!("approval.impact.is_same", after = way(after)),
        Fate::Changed { before, after } => match occasion {
            Occasion::Publication => msg!("approval.impact.is_changed", before = way(before), after = way(after)),
            Occasion::Force => msg!("approval.impact.is_changed_by_grid", before = way(before), after = way(after)),
        },
    };
    // As text: a number of a case has no separators.
    let case = record.case.get().to_string();
    let mut said = vec![msg!("approval.impact.record", case = case, title = &record.title, what = what)];
    if let Some(after) = record.fate.after() {
        said.extend(after.troubles().map(|(stop, because)| {
            msg!("approval.impact.trouble", place = &stop.place, title = &stop.title, reason = stuck_said(because))
        }));
        if !after.missing_files.is_empty() {
            let labels: Arg = after.missing_files.iter().collect();
            said.push(msg!("approval.impact.lacks_files", labels = labels));
        }
    }
    said
}

/// Why a running case could not be moved, one sentence a node.
pub fn case_said(case: &UnmovableCase) -> Vec<Message> {
    let number = case.case.get().to_string();
    let said = case.hindrances.iter().map(|hindrance| match hindrance.in_draft {
        None => msg!(
            "approval.impact.node_gone",
            case = &number,
            title = &case.title,
            name = &hindrance.title,
            node = &hindrance.node
        ),
        Some(kind) => msg!(
            "approval.impact.node_differs",
            case = &number,
            title = &case.title,
            name = &hindrance.title,
            node = &hindrance.node,
            old = hindrance.kind.word(),
            new = kind.word()
        ),
    });
    said.collect()
}

/// The nodes of a way with the people who are asked.
fn way_said(course: &Course, directory: &Directory) -> Message {
    let stops = course.stops.iter().map(|stop| stop_said(stop, directory));
    stops
        .reduce(|one, next| msg!("approval.way", one = one, next = next))
        .unwrap_or_else(|| msg!("approval.impact.no_node"))
}

fn stop_said(stop: &Stop, directory: &Directory) -> Message {
    let votes = stop.people.iter().filter(|vote| !vote.is_empty());
    let votes: Vec<String> = votes.map(|vote| vote_said(vote, directory)).collect();
    if votes.is_empty() {
        msg!("approval.impact.node", title = &stop.title)
    } else {
        msg!("approval.impact.node_people", title = &stop.title, people = votes.join(" + "))
    }
}

/// Any one of these gives the vote.
fn vote_said(vote: &[UserId], directory: &Directory) -> String {
    let names: Vec<String> = vote.iter().map(|person| directory.name(*person)).collect();
    names.join(" / ")
}
