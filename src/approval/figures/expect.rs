//! When an approval will probably be over, from how long its steps took before.

use std::collections::BTreeMap;

use super::spread::Spread;
use crate::i18n::{Message, msg};
use crate::kernel::{OfficeHours, Timestamp, WorkCalendar};
use crate::workflow::{Node, NodeKind, NodeName, Step, StepState};

/// Times that a step was gone through, of which the newest count.
pub(super) const NEWEST: usize = 40;
/// Fewer say nothing about a step.
const FEW: usize = 3;

/// How long the newest passes of a step took, in minutes inside office hours.
pub type Passes = BTreeMap<NodeName, Vec<u32>>;

/// Office hours and the days on which they are kept.
#[derive(Clone, Copy)]
pub struct Office<'a> {
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// Office hours.
    pub hours: &'a OfficeHours,
}

impl Office<'_> {
    /// Whole minutes inside office hours; nothing where the calendar does not know a year.
    pub fn minutes(&self, from: Timestamp, to: Timestamp) -> Option<u32> {
        let worked = self.hours.worked(from, to, self.calendar).ok()?;
        u32::try_from(worked.as_secs() / 60).ok()
    }
}

/// When it will probably be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Minutes inside office hours until then.
    pub minutes: u32,
    /// Working days until then; 0 is today.
    pub days: u32,
    /// When.
    pub at: Timestamp,
    /// Of the steps that are expected to take as long as before, the fewest passes that one stands on.
    pub passes: Option<u32>,
    /// Steps that are expected to take all of their time limit, because too little is known of them.
    pub by_limit: u32,
}

/// How long a part of the way takes, and what that is known by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Length {
    minutes: u32,
    passes: Option<u32>,
    by_limit: u32,
}

impl Length {
    /// One part after the other.
    fn then(self, next: Self) -> Self {
        let Length { passes, by_limit, .. } = self.beside(next);
        Self { minutes: self.minutes.saturating_add(next.minutes), passes, by_limit }
    }

    /// Both at once.
    fn beside(self, other: Self) -> Self {
        Self {
            minutes: self.minutes.max(other.minutes),
            passes: self.passes.into_iter().chain(other.passes).min(),
            by_limit: self.by_limit + other.by_limit,
        }
    }
}

/// Looks ahead along `steps`, the forecast of a case that is handed in at `now`: each step takes the median of what it took before, or
/// else all of its time limit; of ways at once the longest counts. Nothing where that is not known of a step.
pub fn expected(
    nodes: &[Node],
    steps: &[Step],
    passes: &Passes,
    now: Timestamp,
    office: Office<'_>,
) -> Option<Expected> {
    let ahead = Ahead { steps: steps.iter().map(|step| (step.node.as_str(), step)).collect(), passes, now, office };
    let last = ahead.last_decision(nodes)?;
    let Length { minutes, passes, by_limit } = ahead.along(&nodes[..=last])?;
    let at = office.hours.add_minutes(now, minutes, office.calendar).ok()?;
    let days = office.calendar.working_days_between(office.hours.date(now), office.hours.date(at)).ok()?;
    Some(Expected { minutes, days: u32::try_from(days).ok()?, at, passes, by_limit })
}

struct Ahead<'a> {
    steps: BTreeMap<&'a str, &'a Step>,
    passes: &'a Passes,
    now: Timestamp,
    office: Office<'a>,
}

impl Ahead<'_> {
    /// The step of a node that the case passes.
    fn step(&self, node: &Node) -> Option<&Step> {
        self.steps.get(node.name.as_str()).copied().filter(|step| step.on_the_way())
    }

    /// The place of the last node at or within which somebody decides: what waits after it is no approval.
    fn last_decision(&self, nodes: &[Node]) -> Option<usize> {
        nodes.iter().rposition(|node| self.step(node).is_some() && self.decides(node))
    }

    fn decides(&self, node: &Node) -> bool {
        node.kind.decides() || node.kind.ways().into_iter().any(|way| self.last_decision(way).is_some())
    }

    /// Nodes one after the other.
    fn along(&self, nodes: &[Node]) -> Option<Length> {
        nodes.iter().try_fold(Length::default(), |length, node| Some(length.then(self.at(node)?)))
    }

    fn at(&self, node: &Node) -> Option<Length> {
        let Some(step) = self.step(node) else { return Some(Length::default()) };
        if matches!(step.state, StepState::Stuck(_)) {
            return None;
        }
        if step.kept {
            return Some(Length::default());
        }
        match &node.kind {
            kind @ (NodeKind::Branch { .. } | NodeKind::Parallel { .. } | NodeKind::Run { .. }) => {
                self.longest(kind.ways().into_iter())
            }
            NodeKind::Approve { .. } | NodeKind::Countersign { .. } => self.before(node).or_else(|| self.limit(step)),
            NodeKind::Wait { .. } => self.limit(step),
            NodeKind::CopyTo { .. } | NodeKind::Act { .. } => Some(Length::default()),
        }
    }

    /// Ways that are gone at once. The nodes of one that is not taken are none of the steps.
    fn longest<'n>(&self, mut ways: impl Iterator<Item = &'n [Node]>) -> Option<Length> {
        ways.try_fold(Length::default(), |longest, way| Some(longest.beside(self.along(way)?)))
    }

    /// As long as before.
    fn before(&self, node: &Node) -> Option<Length> {
        let times = self.passes.get(&node.name).filter(|times| times.len() >= FEW)?;
        let Spread { count, median, .. } = Spread::of(times.clone());
        Some(Length { minutes: u32::try_from(median).ok()?, passes: u32::try_from(count).ok(), by_limit: 0 })
    }

    /// All of the time that the file allows.
    fn limit(&self, step: &Step) -> Option<Length> {
        Some(Length { minutes: self.office.minutes(self.now, step.due?)?, passes: None, by_limit: 1 })
    }
}

impl Expected {
    /// `预计 3 个工作日内办完（按最近 40 件）`.
    pub fn said(&self) -> Message {
        let when = match self.days {
            0 => msg!("approval.expected.today"),
            days => msg!("approval.expected.days", days = days),
        };
        let known_by = match (self.passes, self.by_limit) {
            (Some(passes), 0) => msg!("approval.expected.by_passes", passes = passes),
            (Some(passes), limits) => msg!("approval.expected.by_both", passes = passes, limits = limits),
            (None, _) => msg!("approval.expected.by_limit"),
        };
        msg!("approval.expected.said", when = when, known_by = known_by)
    }
}
