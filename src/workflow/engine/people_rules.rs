//! Rules that find people, over the directory and the subject. Disabled people are never found.

use super::super::{
    Choice, Department, DepartmentOf, Directory, Person, ReasonStep, RoleTitle, ScriptFault, ScriptProblem, Value, Who,
};
use super::draft::Draft;
use super::judge::Reading;
use crate::kernel::{DepartmentId, UserId};

/// How many managers stand above each other at most.
const LEVELS: u32 = 32;
/// What the department of a record is called among its fields, where it is one of them.
const DEPARTMENT: &str = "department";
/// How often a closure may answer with another closure.
const NESTING: u32 = 8;

/// Somebody whom a rule found, and what it said of them.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) person: UserId,
    pub(super) steps: Vec<ReasonStep>,
}

/// The rules of one node.
pub(super) struct Rules<'d, 'a> {
    draft: &'d Draft<'a>,
    node: &'d str,
    pub(super) reading: Reading<'d>,
    /// A grid that has nothing for the record.
    pub(super) outside: Option<Outside>,
}

/// A grid that has nothing for the record: its title, and the version that was asked, where there is one.
pub(super) struct Outside {
    pub(super) grid: String,
    pub(super) version: Option<u32>,
}

impl<'d, 'a> Rules<'d, 'a> {
    pub(super) fn new(draft: &'d Draft<'a>, node: &'d str) -> Self {
        Self {
            draft,
            node,
            reading: Reading { script: draft.script, facts: &draft.facts, reads: Vec::new() },
            outside: None,
        }
    }

    /// The people that any of several rules finds, each once.
    pub(super) fn find_any(&mut self, rules: &[Who]) -> Result<Vec<Found>, ScriptFault> {
        self.any_of(rules, 0).map(each_once)
    }

    /// The people that a rule finds, each once.
    pub(super) fn find(&mut self, who: &Who) -> Result<Vec<Found>, ScriptFault> {
        self.nested(who, 0)
    }

    fn nested(&mut self, who: &Who, depth: u32) -> Result<Vec<Found>, ScriptFault> {
        let subject = &self.draft.facts.subject;
        let found = match who {
            Who::User { login } => {
                let person = self.directory().by_login(login).map(|person| person.id);
                self.one(person, ReasonStep::Named { login: login.clone() })
            }
            Who::Drafter => self.one(Some(subject.drafter), ReasonStep::Drafter),
            Who::Owner => self.one(Some(subject.owner), ReasonStep::Owner),
            Who::Role { role } => {
                let people = self.draft.with_role(role).into_iter();
                people.map(|person| found(person.id, vec![self.role(role)])).collect()
            }
            Who::RoleIn { role, department } => self.role_in(role, department, depth)?,
            Who::ManagerOf { person, level } => {
                let below = self.nested(person, depth + 1)?;
                below.into_iter().filter_map(|one| self.climb(one, *level)).collect()
            }
            Who::ManagersUpTo { person, role } => {
                let below = self.nested(person, depth + 1)?;
                below.into_iter().flat_map(|one| self.climb_to(one, role)).collect()
            }
            Who::HeadOf { department } => {
                let departments = self.departments(department, depth)?;
                departments
                    .into_iter()
                    .flat_map(|(department, steps)| {
                        let step = ReasonStep::HeadOf { department: department.name.clone() };
                        self.one_with(department.head, steps, step)
                    })
                    .collect()
            }
            Who::Field { field } => self.field(field)?,
            Who::ChosenBySubmitter => {
                let chosen = self.draft.case.chosen.get(self.node).cloned().unwrap_or_default();
                chosen.into_iter().flat_map(|one| self.one(Some(one), ReasonStep::ChosenBySubmitter)).collect()
            }
            Who::ApproverOf { node } => self.approvers(node),
            Who::FirstOf { rules } => self.first_of(rules, depth)?,
            Who::AnyOf { rules } => self.any_of(rules, depth)?,
            Who::ByAuthority { grid } => self.by_authority(grid, depth)?,
            Who::Expert { script } => {
                let answer = self.draft.script.people(*script, &self.draft.facts)?;
                for read in &answer.reads {
                    self.reading.note(&read.field, &read.value);
                }
                if depth > NESTING {
                    return Err(ScriptFault { place: None, problem: ScriptProblem::TooLong });
                }
                let mut people = self.nested(&answer.value, depth + 1)?;
                for one in &mut people {
                    one.steps.insert(0, ReasonStep::Expert);
                }
                people
            }
        };
        Ok(each_once(found))
    }

    fn first_of(&mut self, rules: &[Who], depth: u32) -> Result<Vec<Found>, ScriptFault> {
        for rule in rules {
            let found = self.nested(rule, depth + 1)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn any_of(&mut self, rules: &[Who], depth: u32) -> Result<Vec<Found>, ScriptFault> {
        let mut found = Vec::new();
        for rule in rules {
            found.extend(self.nested(rule, depth + 1)?);
        }
        Ok(found)
    }

    fn directory(&self) -> &'d Directory {
        &self.draft.facts.directory
    }

    fn role(&self, role: &str) -> ReasonStep {
        let (role, english) = match self.directory().roles.get(role) {
            Some(RoleTitle { zh, en }) if en != zh => (zh.clone(), en.clone()),
            Some(RoleTitle { zh, .. }) => (zh.clone(), String::new()),
            None => (role.to_owned(), String::new()),
        };
        ReasonStep::Role { role, english }
    }

    /// A person where they can be asked.
    fn one(&self, person: Option<UserId>, step: ReasonStep) -> Vec<Found> {
        self.one_with(person, Vec::new(), step)
    }

    fn one_with(&self, person: Option<UserId>, mut steps: Vec<ReasonStep>, step: ReasonStep) -> Vec<Found> {
        steps.push(step);
        let active = person.filter(|person| self.directory().is_active(*person));
        active.map(|person| Found { person, steps }).into_iter().collect()
    }

    fn climb(&self, from: Found, levels: u32) -> Option<Found> {
        let mut at = from;
        for _ in 0..levels.min(LEVELS) {
            let (manager, step) = self.directory().manager(at.person)?;
            at.person = manager;
            at.steps.push(step);
        }
        Some(at)
    }

    /// All managers up to the first with the role; nobody where no one above has it.
    fn climb_to(&self, from: Found, role: &str) -> Vec<Found> {
        let mut line: Vec<Found> = Vec::new();
        let mut at = from;
        for _ in 0..LEVELS {
            let Some(above) = self.climb(at, 1) else { return Vec::new() };
            let holds = self.directory().people.get(&above.person).is_some_and(|person| person.roles.contains(role));
            at = above.clone();
            line.push(above);
            if holds {
                at.steps.push(self.role(role));
                line.pop();
                line.push(at);
                return line;
            }
        }
        Vec::new()
    }

    /// The people of the row of an authority grid, in the version that the round took.
    fn by_authority(&mut self, name: &str, depth: u32) -> Result<Vec<Found>, ScriptFault> {
        let (directory, subject) = (self.directory(), &self.draft.facts.subject);
        let grid = directory.grids.get(name);
        let title = grid.map_or(name, |grid| grid.title.as_str()).to_owned();
        let taken = self.draft.case.grids.get(name);
        let Some(version) = grid.zip(taken).and_then(|(grid, number)| grid.version(*number)) else {
            self.outside = Some(Outside { grid: title, version: None });
            return Ok(Vec::new());
        };
        // Both are read even where one cannot be, so that the event names all fields.
        let amount = self.reading.amount();
        let category = version.asks_category().then(|| self.reading.category(&title)).transpose();
        let (amount, category) = (amount?, category?);
        if let Some(field) = subject.fields.get(DEPARTMENT).filter(|_| version.asks_department()) {
            self.reading.note(DEPARTMENT, field);
        }
        let of_owner = || directory.people.get(&subject.owner).and_then(|owner| owner.department);
        let lineage = directory.lineage(subject.department.or_else(of_owner));
        let departments: Vec<&str> = lineage.map(|department| department.code.as_str()).collect();
        let Some(row) = version.row(amount, category.as_deref(), &departments) else {
            self.outside = Some(Outside { grid: title, version: Some(version.number) });
            return Ok(Vec::new());
        };
        let scope = row.scope.named(directory);
        let step = ReasonStep::Authority { grid: title, version: version.number, row: scope };
        let mut people = self.nested(&row.rule(), depth + 1)?;
        for one in &mut people {
            one.steps.insert(0, step.clone());
        }
        Ok(people)
    }

    /// People with a role in a department or below it.
    fn role_in(&mut self, role: &str, of: &DepartmentOf, depth: u32) -> Result<Vec<Found>, ScriptFault> {
        let departments = self.departments(of, depth)?;
        let directory = self.directory();
        let inside = |person: &Person, id: DepartmentId| directory.lineage(person.department).any(|one| one.id == id);
        let mut people = Vec::new();
        for (department, steps) in departments {
            for person in self.draft.with_role(role).into_iter().filter(|person| inside(person, department.id)) {
                let mut steps = steps.clone();
                steps.push(ReasonStep::Department { department: department.name.clone() });
                steps.push(self.role(role));
                people.push(found(person.id, steps));
            }
        }
        Ok(people)
    }

    fn departments(
        &mut self,
        of: &DepartmentOf,
        depth: u32,
    ) -> Result<Vec<(&'d Department, Vec<ReasonStep>)>, ScriptFault> {
        let directory = self.directory();
        Ok(match of {
            DepartmentOf::Named { code } => {
                directory.departments.values().filter(|one| one.code == *code).map(|one| (one, Vec::new())).collect()
            }
            DepartmentOf::Person { who } => {
                let people = self.nested(who, depth + 1)?;
                let department = |id: UserId| directory.departments.get(&directory.people.get(&id)?.department?);
                people.into_iter().filter_map(|one| Some((department(one.person)?, one.steps))).collect()
            }
        })
    }

    /// The people in a field; an empty one names nobody.
    fn field(&mut self, name: &str) -> Result<Vec<Found>, ScriptFault> {
        let people = match self.reading.field(name)? {
            Value::Empty => Vec::new(),
            Value::User(person) => vec![person],
            Value::List(items) if items.iter().all(|item| matches!(item, Value::User(_))) => {
                items.iter().filter_map(|item| if let Value::User(id) = item { Some(*id) } else { None }).collect()
            }
            other => {
                let problem = ScriptProblem::WrongAnswer { got: format!("{other:?}") };
                return Err(ScriptFault { place: None, problem });
            }
        };
        let step = ReasonStep::Field { field: name.to_owned() };
        Ok(people.into_iter().flat_map(|person| self.one(Some(person), step.clone())).collect())
    }

    fn approvers(&self, node: &str) -> Vec<Found> {
        let approved = self.draft.counting(node).filter(|(_, decision)| decision.decided.choice == Choice::Approve);
        let people: Vec<_> = approved.filter_map(|(_, decision)| decision.decided.by?.in_the_name_of()).collect();
        let title = self.draft.case.nodes.get(node).map_or_else(|| node.to_owned(), |state| state.title.clone());
        let step = ReasonStep::ApproverOf { node: title };
        people.into_iter().flat_map(|person| self.one(Some(person), step.clone())).collect()
    }
}

fn found(person: UserId, steps: Vec<ReasonStep>) -> Found {
    Found { person, steps }
}

fn each_once(mut people: Vec<Found>) -> Vec<Found> {
    if people.len() < 2 {
        return people;
    }
    let mut seen = std::collections::BTreeSet::new();
    people.retain(|one| seen.insert(one.person));
    people
}
