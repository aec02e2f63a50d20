//! When somebody is away, and who acts for them.

use serde::Serialize;

use super::error::OrgError;
use super::session::AbsenceId;
use crate::kernel::{Timestamp, UserId};
use crate::workflow::Directory;

/// A time when somebody is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Absence {
    /// Id.
    pub id: AbsenceId,
    /// Who is away.
    pub user: UserId,
    /// First instant, included.
    pub from: Timestamp,
    /// Last instant, excluded.
    pub until: Timestamp,
    /// Who acts.
    pub deputy: UserId,
    /// Only for this workflow; `None` is all of them.
    pub workflow: Option<String>,
}

/// What somebody says of an absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceFields {
    /// First instant, included.
    pub from: Timestamp,
    /// Last instant, excluded.
    pub until: Timestamp,
    /// Who acts.
    pub deputy: UserId,
    /// Only for this workflow; `None` is all of them.
    pub workflow: Option<String>,
}

impl AbsenceFields {
    /// Whether `user` may be away like that: it ends after it begins and after now, somebody else who is active acts, and no other
    /// absence for the same workflow overlaps.
    pub fn check(&self, user: UserId, directory: &Directory, now: Timestamp) -> Result<(), OrgError> {
        if self.until <= self.from || self.until <= now {
            return Err(OrgError::AbsenceEnds);
        }
        let deputy = directory.people.get(&self.deputy);
        if self.deputy == user || !deputy.is_some_and(|person| person.active) {
            return Err(OrgError::AbsenceDeputy);
        }
        let absences = directory.people.get(&user).map(|person| &person.absences);
        let overlaps = absences
            .into_iter()
            .flatten()
            .any(|other| other.workflow == self.workflow && other.from < self.until && self.from < other.until);
        if overlaps { Err(OrgError::AbsenceOverlaps) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::workflow::{self, Person};

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn absence(from: i64, until: i64, deputy: i64) -> AbsenceFields {
        AbsenceFields { from: at(from), until: at(until), deputy: UserId::new(deputy), workflow: None }
    }

    /// 1 is away from 10 to 20, 2 may act, 3 has left.
    fn directory() -> Directory {
        let person = |id: i64, active| Person {
            id: UserId::new(id),
            login: format!("u{id}"),
            name: format!("员工{id}"),
            active,
            department: None,
            manager: None,
            roles: BTreeSet::new(),
            absences: Vec::new(),
        };
        let mut away = person(1, true);
        away.absences = vec![workflow::Absence { from: at(10), until: at(20), deputy: UserId::new(2), workflow: None }];
        let people = [away, person(2, true), person(3, false)];
        Directory { people: people.into_iter().map(|one| (one.id, one)).collect(), ..Directory::default() }
    }

    #[test]
    fn somebody_else_who_is_there_acts() {
        let check = |deputy| absence(30, 40, deputy).check(UserId::new(1), &directory(), at(0));
        assert!(check(2).is_ok());
        for deputy in [1, 3, 99] {
            assert!(matches!(check(deputy), Err(OrgError::AbsenceDeputy)), "{deputy}");
        }
    }

    #[test]
    fn an_absence_ends_after_it_begins_and_after_now() {
        let check = |from, until| absence(from, until, 2).check(UserId::new(1), &directory(), at(25));
        assert!(check(24, 26).is_ok());
        assert!(matches!(check(30, 30), Err(OrgError::AbsenceEnds)));
        assert!(matches!(check(21, 25), Err(OrgError::AbsenceEnds)));
    }

    #[test]
    fn two_absences_for_the_same_workflow_do_not_overlap() {
        let check = |fields: AbsenceFields| fields.check(UserId::new(1), &directory(), at(0));
        assert!(matches!(check(absence(19, 30, 2)), Err(OrgError::AbsenceOverlaps)));
        assert!(check(absence(20, 30, 2)).is_ok());
        assert!(check(AbsenceFields { workflow: Some("sales-contract".into()), ..absence(12, 15, 2) }).is_ok());
    }
}
