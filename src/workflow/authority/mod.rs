//! The authority grid (授权额度表): who may approve what, by category, approval amount and department, as data that administrators
//! edit. It is part of the [`Directory`](super::Directory).
//!
//! Which row decides: the rows of the record's own category stand before those of every category; among these the rows of the nearest
//! department, from the record's upwards, before those of every department. The first such set alone decides. Its bands cover every
//! amount exactly once ([`read_rows`] sees to it), so that nothing falls through to a wider set.

mod holder;
mod rows;

use serde::{Deserialize, Serialize};

pub use holder::{Holder, UnknownHolder};
pub use rows::{GridFault, GridProblem, TypedRow, read_rows};

use super::{Band, Directory, Who};
use crate::kernel::{Amount, Date, Timestamp, UserId};

/// A grid with everything it ever said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// As workflows write it: `by_authority("sales-contract")`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its versions by number, from 1.
    pub versions: Vec<GridVersion>,
}

/// One version of a grid. Its rows never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GridVersion {
    /// From 1, never used twice.
    pub number: u32,
    /// The day from which rounds that are submitted take it.
    pub from: Date,
    /// Why it was made.
    pub note: String,
    /// Who made it.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Timestamp,
    /// It waits for a second person, and until then for nothing else.
    pub proposed: bool,
    /// The second person.
    pub confirmed_by: Option<UserId>,
    /// Who asks to take it back, while nobody has agreed.
    pub withdrawal_by: Option<UserId>,
    /// Taken back before it took force.
    pub withdrawn: bool,
    /// The rows, in the order in which they were written.
    pub rows: Vec<GridRow>,
}

/// One row: for what, and who holds the authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// For what.
    #[serde(flatten)]
    pub scope: GridScope,
    /// Any one of these.
    pub who: Vec<Holder>,
}

/// What a row is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridScope {
    /// Code of the category; `None` is every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Of the approval amount.
    #[serde(flatten)]
    pub band: Band,
    /// The department and those below it: its code in a grid, its name in a reason; `None` is every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
}

/// What a version is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridStanding {
    /// A second person has still to confirm it.
    Proposed,
    /// Its day has not come.
    Ahead,
    /// Rounds that are submitted on the day take it.
    InForce,
    /// Another has taken its place, or takes it on the same day.
    Replaced,
    /// Taken back before it took force.
    Withdrawn,
}

/// How the rows of one version differ from those of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GridChange {
    /// A row for something that had none.
    Added(GridRow),
    /// Nothing says any more who may approve this.
    Removed(GridRow),
    /// The same authority lies with others.
    Moved {
        /// Who held it.
        from: Vec<Holder>,
        /// The row as it is now.
        to: GridRow,
    },
}

impl Grid {
    /// The version that a round takes that is submitted on this day: of those whose day has come the one of the latest day, and of one
    /// day the newest.
    pub fn in_force(&self, on: Date) -> Option<&GridVersion> {
        self.in_force_among(on, |_| true)
    }

    fn in_force_among(&self, on: Date, among: impl Fn(&GridVersion) -> bool) -> Option<&GridVersion> {
        let begun = self.versions.iter().filter(|version| version.counts() && version.from <= on && among(version));
        begun.max_by_key(|version| (version.from, version.number))
    }

    /// The version of that number.
    pub fn version(&self, number: u32) -> Option<&GridVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The number of the newest version; 0 where there is none.
    pub fn newest(&self) -> u32 {
        self.versions.iter().map(|version| version.number).max().unwrap_or(0)
    }

    /// What a version is on a day.
    pub fn standing(&self, version: &GridVersion, on: Date) -> GridStanding {
        if version.withdrawn {
            GridStanding::Withdrawn
        } else if version.proposed {
            GridStanding::Proposed
        } else if version.from > on {
            GridStanding::Ahead
        } else if self.in_force(on).is_some_and(|in_force| in_force.number == version.number) {
            GridStanding::InForce
        } else {
            GridStanding::Replaced
        }
    }

    /// The version which one is a change of. One that is still to take force takes the place of whatever is in force on its day without
    /// it, or today where that has come; any other took that of the last before it.
    pub fn before(&self, version: &GridVersion, today: Date) -> Option<&GridVersion> {
        match self.standing(version, today) {
            GridStanding::Proposed | GridStanding::Ahead => {
                self.in_force_among(version.from.max(today), |one| one.number != version.number)
            }
            _ => {
                let earlier = self.versions.iter().filter(|one| one.counts() && one.number < version.number);
                earlier.max_by_key(|one| one.number)
            }
        }
    }
}

impl GridVersion {
    /// Whether it takes force when its day comes.
    pub fn counts(&self) -> bool {
        !self.withdrawn && !self.proposed
    }

    /// The row for a record. `amount` is `None` without a ceiling; `departments` are the codes of its department and those above it.
    pub fn row(&self, amount: Option<Amount>, category: Option<&str>, departments: &[&str]) -> Option<&GridRow> {
        let categories = category.map(Some).into_iter().chain([None]);
        let mut sets = categories.flat_map(|category| {
            departments.iter().copied().map(Some).chain([None]).map(move |department| (category, department))
        });
        sets.find_map(|set| {
            let mut rows = self.rows.iter().filter(|row| row.scope.set() == set).peekable();
            rows.peek()?;
            Some(rows.find(|row| row.scope.band.holds(amount)))
        })
        .flatten()
    }

    /// Whether the category of a record matters to it.
    pub fn asks_category(&self) -> bool {
        self.rows.iter().any(|row| row.scope.category.is_some())
    }

    /// Whether the department of a record matters to it.
    pub fn asks_department(&self) -> bool {
        self.rows.iter().any(|row| row.scope.department.is_some())
    }

    /// How it differs from an earlier one: its own rows in their order, then what is gone.
    pub fn changes_since(&self, earlier: &Self) -> Vec<GridChange> {
        let of = |version: &Self, scope: &GridScope| version.rows.iter().find(|row| row.scope == *scope).cloned();
        let kept = self.rows.iter().filter_map(|row| match of(earlier, &row.scope) {
            None => Some(GridChange::Added(row.clone())),
            Some(old) if old.who == row.who => None,
            Some(old) => Some(GridChange::Moved { from: old.who, to: row.clone() }),
        });
        let gone = earlier.rows.iter().filter(|row| of(self, &row.scope).is_none());
        kept.chain(gone.cloned().map(GridChange::Removed)).collect()
    }
}

impl Grid {
    /// The same grid if one of its versions were in force on that day and no other.
    #[must_use]
    pub fn with_only(&self, number: u32, on: Date) -> Option<Self> {
        let version = self.version(number)?.clone();
        let alone = GridVersion { from: version.from.min(on), proposed: false, withdrawn: false, ..version };
        Some(Self { versions: vec![alone], ..self.clone() })
    }
}

impl GridRow {
    /// The rule that finds the people of the row.
    pub fn rule(&self) -> Who {
        match self.who.as_slice() {
            [one] => one.rule(),
            several => Who::AnyOf { rules: several.iter().map(Holder::rule).collect() },
        }
    }
}

impl GridScope {
    /// The same with the name of the department in place of its code.
    #[must_use]
    pub fn named(&self, directory: &Directory) -> Self {
        let name = |code: &String| directory.by_code(code).map_or_else(|| code.clone(), |one| one.name.clone());
        Self { department: self.department.as_ref().map(name), ..self.clone() }
    }

    /// Rows that share these cover the amounts together.
    fn set(&self) -> (Option<&str>, Option<&str>) {
        (self.category.as_deref(), self.department.as_deref())
    }
}

#[cfg(test)]
mod tests;
