//! Who is the second person (复核人) where one administrator alone does not decide.
//!
//! Where nobody else could, one decides alone. Whoever might a few days ago counts as somebody else still: otherwise one of two
//! administrators would disable the other, or take the role away, and be alone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::permission::Authority;
use super::role::Action;
use crate::kernel::{Kind, Timestamp, UserId};

/// So long somebody counts who might administer a kind of record and may no longer.
const REMEMBERED: Duration = Duration::from_hours(24 * 7);

/// When people lost the right to administer, by kind.
pub(super) type Former = BTreeMap<Kind, BTreeMap<UserId, Timestamp>>;

/// Who decides beside somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// Another does.
    Needed,
    /// Nobody may any more, but somebody might lately: from then on the person decides alone.
    NeededUntil(Timestamp),
    /// Nobody: the person decides alone.
    Nobody,
}

impl Authority {
    /// The same with those who might administer once.
    #[must_use]
    pub(super) fn remembering(mut self, former: Former) -> Self {
        self.former = former;
        self
    }

    /// Everybody who may administer records of `kind`.
    pub fn administrators(&self, kind: &Kind) -> BTreeSet<UserId> {
        let may = |person: &UserId| self.scope(*person, kind, Action::Administer).is_ok();
        self.directory().people.keys().copied().filter(may).collect()
    }

    /// Who decides beside somebody about records of `kind`.
    pub fn second(&self, person: UserId, kind: &Kind, at: Timestamp) -> Second {
        if self.administrators(kind).iter().any(|one| *one != person) {
            return Second::Needed;
        }
        let former = self.former.get(kind).into_iter().flatten().filter(|(one, _)| **one != person);
        match former.map(|(_, left)| left.plus(REMEMBERED)).max() {
            Some(until) if until > at => Second::NeededUntil(until),
            _ => Second::Nobody,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::org::role::ADMINISTRATOR;
    use crate::workflow::{Directory, Person};

    const GRID: Kind = Kind::of("authority_grid");
    const LI: UserId = UserId::new(1);
    const SUN: UserId = UserId::new(2);

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_hours(hours))
    }

    /// A company whose administrator is Li, and Sun where they are active.
    fn authority(sun: bool) -> Authority {
        let person = |id: UserId, active| Person {
            id,
            login: id.to_string(),
            name: id.to_string(),
            active,
            department: None,
            manager: None,
            roles: BTreeSet::from([ADMINISTRATOR.to_owned()]),
            absences: Vec::new(),
        };
        let people = BTreeMap::from([(LI, person(LI, true)), (SUN, person(SUN, sun))]);
        let directory = Directory { people, ..Directory::default() };
        Authority::new(Arc::new(directory), BTreeMap::new(), Arc::from([]), BTreeSet::new())
    }

    fn sun_left(hour: u64) -> Authority {
        authority(false).remembering(BTreeMap::from([(GRID, BTreeMap::from([(SUN, at(hour))]))]))
    }

    #[test]
    fn another_administrator_is_the_second_person() {
        assert_eq!(authority(true).second(LI, &GRID, at(0)), Second::Needed);
    }

    #[test]
    fn where_nobody_else_ever_was_one_decides_alone() {
        assert_eq!(authority(false).second(LI, &GRID, at(0)), Second::Nobody);
    }

    #[test]
    fn whoever_was_left_alone_decides_alone_a_week_later() {
        assert_eq!(sun_left(1).second(LI, &GRID, at(2)), Second::NeededUntil(at(24 * 7 + 1)));
        assert_eq!(sun_left(1).second(LI, &GRID, at(24 * 7 + 1)), Second::Nobody);
    }

    #[test]
    fn what_somebody_might_themselves_once_leaves_them_alone() {
        assert_eq!(sun_left(1).second(SUN, &Kind::of("workflow"), at(2)), Second::Needed, "Li is there");
        let own = authority(false).remembering(BTreeMap::from([(GRID, BTreeMap::from([(LI, at(1))]))]));
        assert_eq!(own.second(LI, &GRID, at(2)), Second::Nobody);
    }
}
