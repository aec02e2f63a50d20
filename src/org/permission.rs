//! The one door for permission: who may do what with which records.
//!
//! [`Authority`] is a frozen snapshot of people and grants, one a directory version. A [`Scope`] comes only from it, and queries for
//! records demand one, so that a permission cannot be forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::department::is_within;
use super::role::{ADMINISTRATOR, Action, Reach};
use super::second::Former;
use crate::db::Query;
use crate::kernel::{DepartmentId, Kind, UserId};
use crate::workflow::Directory;

/// A kind of record that roles may be granted, as its room declares it.
#[derive(Clone, Debug)]
pub struct ProtectedKind {
    /// The kind.
    pub kind: Kind,
    /// The key of its name in the roles page, `contract.kind`.
    pub title: &'static str,
    /// What can be granted.
    pub actions: &'static [Action],
    /// What shipped roles get when the kind is seen for the first time: role, actions, how far.
    pub first: &'static [(&'static str, &'static [Action], Reach)],
}

/// What a role may do: how far each action on a kind reaches.
pub(super) type RoleGrants = BTreeMap<(Kind, Action), Reach>;

/// People and what they may do, frozen at one version of the directory.
#[derive(Debug)]
pub struct Authority {
    directory: Arc<Directory>,
    grants: BTreeMap<String, RoleGrants>,
    kinds: Arc<[ProtectedKind]>,
    closed: BTreeSet<DepartmentId>,
    pub(super) former: Former,
}

/// Which records somebody may touch with one action. Only this room makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    kind: Kind,
    action: Action,
    records: Records,
}

/// The records of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    /// Every record of the kind.
    All,
    /// Those with one of these owners, or of one of these departments.
    Of {
        /// Owners.
        owners: BTreeSet<UserId>,
        /// Departments; the owners who work there now are among `owners`.
        departments: BTreeSet<DepartmentId>,
    },
}

/// Somebody may not do this with any record of the kind, or not with this one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action} of {kind} is not granted", action = action.name())]
pub struct Forbidden {
    /// The kind of record.
    pub kind: Kind,
    /// What was tried.
    pub action: Action,
}

impl Authority {
    /// Freezes what each role may do beside the people who hold it.
    pub(super) fn new(
        directory: Arc<Directory>,
        grants: BTreeMap<String, RoleGrants>,
        kinds: Arc<[ProtectedKind]>,
        closed: BTreeSet<DepartmentId>,
    ) -> Self {
        Self { directory, grants, kinds, closed, former: Former::new() }
    }

    /// The people.
    pub fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// The kinds that roles can be granted.
    pub fn kinds(&self) -> &[ProtectedKind] {
        &self.kinds
    }

    /// Whether people can be put in the department.
    pub fn is_open(&self, department: DepartmentId) -> bool {
        self.directory.departments.contains_key(&department) && !self.closed.contains(&department)
    }

    /// Which records of `kind` the person may do `action` with.
    pub fn scope(&self, user: UserId, kind: &Kind, action: Action) -> Result<Scope, Forbidden> {
        let reaches = self.reaches(user, kind, action);
        let scope = |records| Scope { kind: kind.clone(), action, records };
        match reaches.last() {
            None => Err(Forbidden { kind: kind.clone(), action }),
            Some(Reach::All) => Ok(scope(Records::All)),
            Some(_) => Ok(scope(self.records(user, &reaches))),
        }
    }

    /// Whose figures the person may see: their own, those of the departments that they head and of every one below, and those that
    /// reading records of `kind` reaches.
    pub fn scope_of_figures(&self, user: UserId, kind: &Kind) -> Scope {
        let action = Action::Read;
        let reaches = self.reaches(user, kind, action);
        let records = if reaches.contains(&Reach::All) { Records::All } else { self.figures(user, &reaches) };
        Scope { kind: kind.clone(), action, records }
    }

    /// What the person may do at all, as `kind.action`; for what a page offers, never for deciding.
    pub fn powers(&self, user: UserId) -> BTreeSet<String> {
        let known = self.kinds.iter().flat_map(|one| one.actions.iter().map(|action| (&one.kind, *action)));
        known
            .filter(|(kind, action)| !self.reaches(user, kind, *action).is_empty())
            .map(|(kind, action)| format!("{kind}.{}", action.name()))
            .collect()
    }

    /// Whether the person holds the role that may do everything.
    pub fn is_administrator(&self, user: UserId) -> bool {
        self.roles(user).any(|role| role == ADMINISTRATOR)
    }

    fn roles(&self, user: UserId) -> impl Iterator<Item = &str> {
        let person = self.directory.people.get(&user).filter(|person| person.active);
        person.into_iter().flat_map(|person| &person.roles).map(String::as_str)
    }

    fn reaches(&self, user: UserId, kind: &Kind, action: Action) -> BTreeSet<Reach> {
        if self.is_administrator(user) {
            return BTreeSet::from([Reach::All]);
        }
        let wanted = (kind.clone(), action);
        self.roles(user).filter_map(|role| self.grants.get(role)?.get(&wanted)).copied().collect()
    }

    fn records(&self, user: UserId, reaches: &BTreeSet<Reach>) -> Records {
        let mut owners = BTreeSet::from([user]);
        let mut departments = BTreeSet::new();
        if reaches.contains(&Reach::Team) {
            owners.extend(self.team(user));
        }
        if reaches.contains(&Reach::DepartmentAndBelow) {
            let own = self.directory.people.get(&user).and_then(|person| person.department);
            departments = self.with_below(&own.into_iter().chain(self.headed(user)).collect::<Vec<_>>());
            owners.extend(self.working_in(&departments));
        }
        Records::Of { owners, departments }
    }

    fn figures(&self, user: UserId, reaches: &BTreeSet<Reach>) -> Records {
        let headed = self.with_below(&self.headed(user).collect::<Vec<_>>());
        match self.records(user, reaches) {
            Records::All => Records::All,
            Records::Of { mut owners, mut departments } => {
                owners.extend(self.working_in(&headed));
                departments.extend(headed);
                Records::Of { owners, departments }
            }
        }
    }

    fn working_in(&self, departments: &BTreeSet<DepartmentId>) -> impl Iterator<Item = UserId> {
        let works_there = |id: Option<DepartmentId>| id.is_some_and(|id| departments.contains(&id));
        self.directory.people.values().filter(move |one| works_there(one.department)).map(|one| one.id)
    }

    /// Everybody the person leads, directly or through others: their manager, or without one the head of their department.
    fn team(&self, lead: UserId) -> BTreeSet<UserId> {
        let mut reports: BTreeMap<UserId, Vec<UserId>> = BTreeMap::new();
        for person in self.directory.people.values() {
            let manager = person.manager.or_else(|| self.directory.departments.get(&person.department?)?.head);
            if let Some(manager) = manager {
                reports.entry(manager).or_default().push(person.id);
            }
        }
        let mut team = BTreeSet::new();
        let mut open = vec![lead];
        while let Some(one) = open.pop() {
            for report in reports.get(&one).into_iter().flatten() {
                if team.insert(*report) {
                    open.push(*report);
                }
            }
        }
        team
    }

    /// The departments that the person heads.
    fn headed(&self, user: UserId) -> impl Iterator<Item = DepartmentId> {
        self.directory.departments.values().filter(move |one| one.head == Some(user)).map(|one| one.id)
    }

    /// Departments and every one below them.
    fn with_below(&self, tops: &[DepartmentId]) -> BTreeSet<DepartmentId> {
        let all = &self.directory.departments;
        let parents = all.iter().map(|(id, one)| (*id, one.parent)).collect();
        all.keys().copied().filter(|id| tops.iter().any(|top| is_within(&parents, *id, *top))).collect()
    }
}

impl Scope {
    /// The program itself, for jobs that nobody asked for: warnings, digests, the daily root. Never for a request.
    pub(super) fn of_the_program(kind: Kind, action: Action) -> Self {
        Self { kind, action, records: Records::All }
    }

    /// The kind of record.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What may be done.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Which records; a query turns this into its filter.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Keeps a list to them; the columns hold the owner and the department of its records.
    pub fn narrow(&self, list: &mut Query, owner: &'static str, department: &'static str) {
        if let Records::Of { owners, departments } = &self.records {
            let owners: Vec<UserId> = owners.iter().copied().collect();
            let departments: Vec<DepartmentId> = departments.iter().copied().collect();
            list.one_of_either((owner, &owners), (department, &departments));
        }
    }

    /// Whether a record of this owner and department is among them.
    pub fn covers(&self, owner: Option<UserId>, department: Option<DepartmentId>) -> bool {
        match &self.records {
            Records::All => true,
            Records::Of { owners, departments } => {
                owner.is_some_and(|owner| owners.contains(&owner))
                    || department.is_some_and(|department| departments.contains(&department))
            }
        }
    }

    /// The same as an answer: an error when the record is not among them.
    pub fn demand(&self, owner: Option<UserId>, department: Option<DepartmentId>) -> Result<(), Forbidden> {
        if self.covers(owner, department) {
            Ok(())
        } else {
            Err(Forbidden { kind: self.kind.clone(), action: self.action })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::{Department, Person};

    const CONTRACT: Kind = Kind::of("contract");

    fn id(number: i64) -> UserId {
        UserId::new(number)
    }

    fn person(number: i64, department: i64, manager: Option<i64>, role: &str) -> Person {
        Person {
            id: id(number),
            login: format!("u{number}"),
            name: format!("员工{number}"),
            active: true,
            department: Some(DepartmentId::new(department)),
            manager: manager.map(UserId::new),
            roles: BTreeSet::from([role.to_owned()]),
            absences: Vec::new(),
        }
    }

    fn department(number: i64, parent: Option<i64>, head: Option<i64>) -> Department {
        Department {
            id: DepartmentId::new(number),
            code: format!("D{number}"),
            name: format!("部门{number}"),
            parent: parent.map(DepartmentId::new),
            head: head.map(UserId::new),
        }
    }

    /// 1 heads the group (1) and leads 2, who leads 3; 4 works beside 3 in sales (2); 5 in a team of sales (3); 6 in finance (4).
    fn authority(role: &str, reach: Reach) -> Authority {
        let people = [
            person(1, 1, None, "boss"),
            person(2, 2, Some(1), "lead"),
            person(3, 2, Some(2), "seller"),
            person(4, 2, None, "seller"),
            person(5, 3, None, "seller"),
            person(6, 4, None, ADMINISTRATOR),
        ];
        let departments = [
            department(1, None, Some(1)),
            department(2, Some(1), Some(2)),
            department(3, Some(2), None),
            department(4, Some(1), None),
        ];
        let directory = Directory {
            version: 1,
            people: people.into_iter().map(|one| (one.id, one)).collect(),
            departments: departments.into_iter().map(|one| (one.id, one)).collect(),
            ..Directory::default()
        };
        let grants = BTreeMap::from([(role.to_owned(), BTreeMap::from([((CONTRACT, Action::Read), reach)]))]);
        Authority::new(Arc::new(directory), grants, Arc::from([]), BTreeSet::new())
    }

    fn owners(authority: &Authority, user: i64) -> Vec<i64> {
        match authority.scope(id(user), &CONTRACT, Action::Read).unwrap().records() {
            Records::All => vec![],
            Records::Of { owners, .. } => owners.iter().map(|one| one.get()).collect(),
        }
    }

    #[test]
    fn what_is_not_granted_is_forbidden() {
        let authority = authority("seller", Reach::Own);
        let refused = authority.scope(id(3), &CONTRACT, Action::Edit);
        assert_eq!(refused, Err(Forbidden { kind: CONTRACT, action: Action::Edit }));
        assert!(authority.scope(id(2), &CONTRACT, Action::Read).is_err());
        assert!(authority.scope(id(99), &CONTRACT, Action::Read).is_err());
    }

    #[test]
    fn own_reaches_only_the_person() {
        assert_eq!(owners(&authority("seller", Reach::Own), 3), [3]);
    }

    #[test]
    fn a_team_is_everybody_led_directly_or_through_others_or_as_head_of_their_department() {
        assert_eq!(owners(&authority("lead", Reach::Team), 2), [2, 3, 4]);
        assert_eq!(owners(&authority("boss", Reach::Team), 1), [1, 2, 3, 4]);
    }

    #[test]
    fn a_department_reaches_those_below_it_and_those_who_work_there() {
        let authority = authority("lead", Reach::DepartmentAndBelow);
        assert_eq!(owners(&authority, 2), [2, 3, 4, 5]);
        let scope = authority.scope(id(2), &CONTRACT, Action::Read).unwrap();
        assert!(scope.covers(Some(id(6)), Some(DepartmentId::new(3))), "the record of a department stays with it");
        assert!(!scope.covers(Some(id(6)), Some(DepartmentId::new(4))));
        assert!(scope.demand(None, None).is_err());
    }

    #[test]
    fn figures_of_oneself_and_of_the_departments_that_one_heads_need_no_grant() {
        let authority = authority("nobody", Reach::Own);
        let seen = |user| match authority.scope_of_figures(id(user), &CONTRACT).records() {
            Records::All => vec![],
            Records::Of { owners, .. } => owners.iter().map(|one| one.get()).collect::<Vec<_>>(),
        };
        assert_eq!((seen(3), seen(2), seen(1)), (vec![3], vec![2, 3, 4, 5], vec![1, 2, 3, 4, 5, 6]));
        let (head, left) = (authority.scope_of_figures(id(2), &CONTRACT), Some(id(99)));
        assert!(head.covers(left, Some(DepartmentId::new(3))), "what was done in the department stays with it");
        assert_eq!(authority.scope_of_figures(id(6), &CONTRACT).records(), &Records::All);
    }

    #[test]
    fn all_reaches_everything_and_the_administrator_has_it_without_a_grant() {
        let authority = authority("lead", Reach::All);
        assert_eq!(authority.scope(id(2), &CONTRACT, Action::Read).unwrap().records(), &Records::All);
        assert_eq!(authority.scope(id(6), &Kind::of("customer"), Action::Delete).unwrap().records(), &Records::All);
    }

    #[test]
    fn a_disabled_person_may_do_nothing() {
        let mut directory = (**authority("seller", Reach::Own).directory()).clone();
        directory.people.get_mut(&id(6)).unwrap().active = false;
        let authority = Authority::new(Arc::new(directory), BTreeMap::new(), Arc::from([]), BTreeSet::new());
        assert!(authority.scope(id(6), &CONTRACT, Action::Read).is_err());
    }

    #[test]
    fn a_circle_of_managers_ends() {
        let mut directory = (**authority("lead", Reach::Team).directory()).clone();
        directory.people.get_mut(&id(2)).unwrap().manager = Some(id(3));
        let grants = BTreeMap::from([("lead".to_owned(), BTreeMap::from([((CONTRACT, Action::Read), Reach::Team)]))]);
        let authority = Authority::new(Arc::new(directory), grants, Arc::from([]), BTreeSet::new());
        assert_eq!(owners(&authority, 2), [2, 3, 4]);
    }
}
