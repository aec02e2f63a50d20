//! The people a case can reach, as one immutable snapshot that `org` makes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Grid, ReasonStep};
use crate::kernel::{DepartmentId, Timestamp, UserId};

/// Everybody, frozen. `version` rises in the same write as any change to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directory {
    /// Rises with every change.
    pub version: i64,
    /// People by id, those who left too.
    pub people: BTreeMap<UserId, Person>,
    /// Departments by id.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// Titles of the roles by name.
    pub roles: BTreeMap<String, RoleTitle>,
    /// Authority grids by name.
    pub grids: BTreeMap<String, Grid>,
}

/// What a role is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleTitle {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl RoleTitle {
    /// The same in both languages.
    pub fn plain(title: &str) -> Self {
        Self { zh: title.to_owned(), en: title.to_owned() }
    }
}

/// One person.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Id.
    pub id: UserId,
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Whether they can be asked; a disabled person is never a candidate.
    pub active: bool,
    /// Where they work.
    pub department: Option<DepartmentId>,
    /// Their manager, where it is not the head of the department.
    pub manager: Option<UserId>,
    /// Names of their roles.
    pub roles: BTreeSet<String>,
    /// When they are away, and who acts for them.
    pub absences: Vec<Absence>,
}

/// Somebody is away and a deputy acts for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// First instant, included.
    pub from: Timestamp,
    /// Last instant, excluded.
    pub until: Timestamp,
    /// Who acts.
    pub deputy: UserId,
    /// Only for this workflow; `None` is all of them.
    pub workflow: Option<String>,
}

/// A department in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Id.
    pub id: DepartmentId,
    /// Short code, unique.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The next one up.
    pub parent: Option<DepartmentId>,
    /// Who leads it.
    pub head: Option<UserId>,
}

impl Person {
    /// `张三 (zhang)`, which tells namesakes apart in a list to choose from.
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.login)
    }
}

/// How many deputies may stand behind each other before the chain is given up.
pub const DEPUTY_CHAIN: usize = 3;

impl Directory {
    /// A person by login.
    pub fn by_login(&self, login: &str) -> Option<&Person> {
        self.people.values().find(|person| person.login == login)
    }

    /// Everybody in the order of their names.
    pub fn by_name(&self) -> Vec<&Person> {
        let mut people: Vec<_> = self.people.values().collect();
        people.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        people
    }

    /// A department by its code.
    pub fn by_code(&self, code: &str) -> Option<&Department> {
        self.departments.values().find(|department| department.code == code)
    }

    /// The name of a person, or their number where nobody knows them.
    pub fn name(&self, id: UserId) -> String {
        self.people.get(&id).map_or_else(|| format!("#{id}"), |person| person.name.clone())
    }

    /// Everybody active with a role, in the order of their ids.
    pub fn with_role<'a>(&'a self, role: &str) -> impl Iterator<Item = &'a Person> {
        self.people.values().filter(move |person| person.active && person.roles.contains(role))
    }

    /// Everybody active by each of their roles, for who asks for many.
    pub fn by_role(&self) -> BTreeMap<&str, Vec<&Person>> {
        let mut by_role: BTreeMap<&str, Vec<&Person>> = BTreeMap::new();
        for person in self.people.values().filter(|person| person.active) {
            for role in &person.roles {
                by_role.entry(role).or_default().push(person);
            }
        }
        by_role
    }

    /// Whether a person is known and can be asked.
    pub fn is_active(&self, id: UserId) -> bool {
        self.people.get(&id).is_some_and(|person| person.active)
    }

    /// The manager of a person, and why: their own, else the head of their department, else of the next one up that is not the
    /// person. Disabled people are passed over.
    pub fn manager(&self, id: UserId) -> Option<(UserId, ReasonStep)> {
        let person = self.people.get(&id)?;
        if let Some(manager) = person.manager.filter(|manager| *manager != id && self.is_active(*manager)) {
            return Some((manager, ReasonStep::ManagerOf { name: person.name.clone() }));
        }
        self.lineage(person.department).find_map(|department| {
            let head = department.head.filter(|head| *head != id && self.is_active(*head))?;
            Some((head, ReasonStep::HeadOf { department: department.name.clone() }))
        })
    }

    /// A department and those above it; a circle in the tree ends where it would begin again.
    pub fn lineage(&self, from: Option<DepartmentId>) -> impl Iterator<Item = &Department> {
        let first = from.and_then(|id| self.departments.get(&id));
        let above = |department: &&Department| department.parent.and_then(|id| self.departments.get(&id));
        std::iter::successors(first, above).take(self.departments.len())
    }

    /// Who acts for a person at an instant: the end of the chain of deputies of those who are away. `None` where the person is
    /// there, or where the chain is too long, a circle, or ends with somebody who cannot be asked.
    pub fn deputy(&self, id: UserId, workflow: &str, at: Timestamp) -> Option<UserId> {
        let mut last = id;
        for _ in 0..DEPUTY_CHAIN {
            let Some(absence) = self.absence(last, workflow, at) else { break };
            last = absence.deputy;
        }
        let there = self.is_active(last) && self.absence(last, workflow, at).is_none();
        (last != id && there).then_some(last)
    }

    fn absence(&self, id: UserId, workflow: &str, at: Timestamp) -> Option<&Absence> {
        let person = self.people.get(&id)?;
        person.absences.iter().find(|absence| {
            let applies = absence.workflow.as_deref().is_none_or(|only| only == workflow);
            applies && absence.from <= at && at < absence.until
        })
    }
}
