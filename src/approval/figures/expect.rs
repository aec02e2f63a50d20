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

/// Since when somebody is asked at a step.
pub type Begun = BTreeMap<NodeName, Timestamp>;

/// When one looks, and since when the steps under way are.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// Now.
    pub now: Timestamp,
    /// Of the steps where somebody is asked.
    pub begun: &'a Begun,
}

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

/// Why it is not said when it will be over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// Nobody decides any more.
    NoDecision,
    /// It would be stuck on the way.
    Stuck,
    /// Too few went through a step, and it has no time limit.
    TooFew {
        /// What people call the step.
        title: String,
        /// How many went through it.
        passes: usize,
    },
    /// A wait that has no end.
    Endless {
        /// What people call it.
        title: String,
    },
    /// The calendar does not know a year.
    Calendar,
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

/// Looks ahead along `steps`, the forecast of a case that is handed in now or runs: each step ahead takes the median of what it took
/// before, or else all of its time limit, one under way what is left of that; of ways at once the longest counts.
pub fn expected(
    nodes: &[Node],
    steps: &[Step],
    passes: &Passes,
    moment: Moment<'_>,
    office: Office<'_>,
) -> Result<Expected, Unsaid> {
    let ahead = Ahead { steps: steps.iter().map(|step| (step.node.as_str(), step)).collect(), passes, moment, office };
    let last = ahead.last_decision(nodes).ok_or(Unsaid::NoDecision)?;
    let Length { minutes, passes, by_limit } = ahead.along(&nodes[..=last])?;
    let (now, unknown) = (moment.now, |_| Unsaid::Calendar);
    let at = office.hours.add_minutes(now, minutes, office.calendar).map_err(unknown)?;
    let days = office.calendar.working_days_between(office.hours.date(now), office.hours.date(at)).map_err(unknown)?;
    let days = u32::try_from(days).map_err(|_| Unsaid::Calendar)?;
    Ok(Expected { minutes, days, at, passes, by_limit })
}

struct Ahead<'a> {
    steps: BTreeMap<&'a str, &'a Step>,
    passes: &'a Passes,
    moment: Moment<'a>,
    office: Office<'a>,
}

impl Ahead<'_> {
    /// The step of a node that the case has still to pass.
    fn step(&self, node: &Node) -> Option<&Step> {
        let ahead = |step: &&Step| step.on_the_way() && step.state != StepState::Done;
        self.steps.get(node.name.as_str()).copied().filter(ahead)
    }

    /// The place of the last node at or within which somebody decides: what waits after it is no approval.
    fn last_decision(&self, nodes: &[Node]) -> Option<usize> {
        nodes.iter().rposition(|node| self.step(node).is_some() && self.decides(node))
    }

    fn decides(&self, node: &Node) -> bool {
        node.kind.decides() || node.kind.ways().any(|way| self.last_decision(way).is_some())
    }

    /// Nodes one after the other.
    fn along(&self, nodes: &[Node]) -> Result<Length, Unsaid> {
        nodes.iter().try_fold(Length::default(), |length, node| Ok(length.then(self.at(node)?)))
    }

    fn at(&self, node: &Node) -> Result<Length, Unsaid> {
        let Some(step) = self.step(node) else { return Ok(Length::default()) };
        if matches!(step.state, StepState::Stuck(_)) {
            return Err(Unsaid::Stuck);
        }
        if step.kept {
            return Ok(Length::default());
        }
        match &node.kind {
            kind @ (NodeKind::Branch { .. } | NodeKind::Parallel { .. } | NodeKind::Run { .. }) => {
                self.longest(kind.ways())
            }
            NodeKind::Approve { .. } | NodeKind::Countersign { .. } => {
                let known = self.before(node).map(|before| self.left(node, before)).or_else(|| self.limit(step));
                let passes = self.passes.get(&node.name).map_or(0, Vec::len);
                known.ok_or_else(|| Unsaid::TooFew { title: step.title.clone(), passes })
            }
            NodeKind::Wait { .. } => self.limit(step).ok_or_else(|| Unsaid::Endless { title: step.title.clone() }),
            NodeKind::CopyTo { .. } | NodeKind::Act { .. } => Ok(Length::default()),
        }
    }

    /// Ways that are gone at once. The nodes of one that is not taken are none of the steps.
    fn longest<'n>(&self, mut ways: impl Iterator<Item = &'n [Node]>) -> Result<Length, Unsaid> {
        ways.try_fold(Length::default(), |longest, way| Ok(longest.beside(self.along(way)?)))
    }

    /// As long as before.
    fn before(&self, node: &Node) -> Option<Length> {
        let times = self.passes.get(&node.name).filter(|times| times.len() >= FEW)?;
        let Spread { count, median, .. } = Spread::of(times.clone());
        Some(Length { minutes: u32::try_from(median).ok()?, passes: u32::try_from(count).ok(), by_limit: 0 })
    }

    /// What is left of a step where somebody is asked already.
    fn left(&self, node: &Node, whole: Length) -> Length {
        let Moment { now, begun } = self.moment;
        let gone = begun.get(&node.name).and_then(|begun| self.office.minutes(*begun, now)).unwrap_or(0);
        Length { minutes: whole.minutes.saturating_sub(gone), ..whole }
    }

    /// All of the time that the file allows.
    fn limit(&self, step: &Step) -> Option<Length> {
        Some(Length { minutes: self.office.minutes(self.moment.now, step.due?)?, passes: None, by_limit: 1 })
    }
}

impl Unsaid {
    /// The sentence, where knowing why helps.
    pub fn said(&self) -> Option<Message> {
        match self {
            Self::TooFew { title, passes } => Some(msg!("approval.expected.too_few", title = title, passes = *passes)),
            Self::Endless { title } => Some(msg!("approval.expected.endless", title = title)),
            Self::NoDecision | Self::Stuck | Self::Calendar => None,
        }
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
