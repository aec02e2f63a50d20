//! Values that exist only while a file is read, and those that closures see.

use std::str::FromStr;

use crate::kernel::{Amount, Date};
use crate::workflow::{Condition, Entry, FileNeed, Node, Overdue, Place};

/// A date as closures compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub Date);

impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Stands for a value whose fault has been reported already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken;

/// A node that was declared; constructs adopt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeHandle(pub usize);

/// `way(…)` or `otherwise(…)`.
#[derive(Clone, Debug)]
pub(super) struct WayDraft {
    pub name: String,
    pub place: Place,
    /// `None` is `otherwise`.
    pub condition: Option<Condition>,
    pub nodes: Vec<Node>,
}

/// `below(…)`, `between(…)` or `from(…)`.
#[derive(Clone, Debug)]
pub(super) struct BandDraft {
    pub place: Place,
    pub from: Option<(Amount, String)>,
    pub below: Option<(Amount, String)>,
    pub nodes: Vec<Node>,
}

/// An entry of a countersign.
#[derive(Clone, Debug)]
pub(super) struct EntryDraft(pub Entry);

/// A counting rule; `weighted` names its entries.
#[derive(Clone, Debug)]
pub(super) struct RuleDraft {
    pub place: Place,
    pub rule: crate::workflow::CountRule,
    pub weights: Vec<(String, u32)>,
}

/// A step of `overdue`.
#[derive(Clone, Debug)]
pub(super) struct OverdueDraft {
    pub place: Place,
    pub step: Overdue,
}

/// `next: chosen_by_approver()`.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChosenByApprover;

/// `stop_and_tell(…)`.
#[derive(Clone, Debug)]
pub(super) struct StopAndTell(pub crate::workflow::Who);

/// `file(…)` or `file_if(…)`.
#[derive(Clone, Debug)]
pub(super) struct NeedDraft(pub FileNeed);

/// One of the plain words of the language, such as `withdraw()` or `required()`, that several options take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlainWord(pub &'static str);
