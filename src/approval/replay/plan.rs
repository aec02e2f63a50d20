//! The log laid out: documents, people, and every event with its command, in the order in which they happened.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::ReplayError;
use super::log::Row;
use super::map::{Command, Map, NextOf};
use crate::kernel::{Actor, Amount, Channel, Manifest, OfficeHours, Timestamp, UserId, WorkCalendar};
use crate::workflow::language::Loaded;
use crate::workflow::{Definition, Directory, Facts, Person, RoleTitle, Script, SubjectFacts, Value};

/// Everything that is to be replayed.
pub struct Plan {
    /// The map.
    pub map: Map,
    /// The workflow.
    pub definition: Definition,
    pub(super) script: Arc<dyn Script>,
    pub(super) source: String,
    pub(super) file: String,
    /// The people of the log with the roles they appear in.
    pub directory: Arc<Directory>,
    /// Cases in the order of the file.
    pub cases: Vec<CasePlan>,
    pub(super) documents: Vec<Document>,
    /// Every event, in the order of the instants, then of the lines.
    pub(super) events: Vec<Step>,
    /// Amounts that had more than four decimals.
    pub rounded: usize,
    calendar: Arc<WorkCalendar>,
}

/// One case of the log.
pub struct CasePlan {
    /// Its name.
    pub name: String,
    /// Its documents, by name; without names in the map one without a name.
    pub documents: BTreeMap<String, usize>,
}

/// What one engine case is about.
pub(super) struct Document {
    pub(super) case: String,
    pub(super) drafter: UserId,
}

/// One event on its way to the engine.
pub(super) struct Step {
    pub(super) document: usize,
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) activity: String,
    pub(super) role: String,
    pub(super) actor: Actor,
    pub(super) command: Command,
    pub(super) next: Option<NextOf>,
    pub(super) amount: Option<Amount>,
}

pub(super) fn lay_out(
    rows: Vec<Row>,
    map: Map,
    loaded: Loaded,
    source: String,
    file: String,
) -> Result<Plan, ReplayError> {
    let mut people = People::default();
    let mut cases = Cases::default();
    let rounded = rows.iter().filter(|row| row.rounded).count();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(line) = map.find(&row.activity, &row.role) else {
            return Err(ReplayError::UnknownActivity { activity: row.activity, line: row.line });
        };
        let one = &map.event[line];
        let person = people.id(&row.person, &row.role);
        let document = cases.document(&row.case, one.document.as_deref().unwrap_or_default(), person, &one.command);
        events.push(Step {
            document,
            seq: row.seq,
            at: row.at,
            activity: row.activity,
            role: row.role,
            actor: Actor::person(person, Channel::Replay),
            command: one.command.clone(),
            next: one.next,
            amount: row.amount,
        });
    }
    // Stable, so that events of one instant stay in the order of their lines.
    events.sort_by_key(|event| event.at);
    Ok(Plan {
        map,
        definition: loaded.definition,
        script: Arc::new(loaded.script),
        source,
        file,
        directory: Arc::new(people.directory()),
        documents: cases.documents.into_iter().map(|(case, drafter, _)| Document { case, drafter }).collect(),
        cases: cases.plans,
        events,
        rounded,
        calendar: Arc::new(WorkCalendar::mainland().clone()),
    })
}

impl Plan {
    /// How many events the log holds.
    pub fn event_count(&self) -> usize {
        self.events.len()
    }

    /// What the engine sees of a document at an instant.
    pub(super) fn facts(&self, document: usize, amount: Option<Amount>, now: Timestamp) -> Facts {
        Facts {
            now,
            subject: self.subject(document, amount),
            directory: Arc::clone(&self.directory),
            calendar: Arc::clone(&self.calendar),
            office: OfficeHours::default(),
            undo_seconds: 0,
        }
    }

    /// The record as the log knows it: its drafter and its amount.
    pub(super) fn subject(&self, document: usize, amount: Option<Amount>) -> SubjectFacts {
        let Document { case, drafter } = &self.documents[document];
        let mut content = Manifest::default();
        // A path of ours is always valid, and an amount always has a form.
        drop(content.value("fields/amount", &amount));
        let value = amount.map_or(Value::Empty, Value::Amount);
        SubjectFacts {
            reference: self.map.subject.kind.reference(number(document)),
            title: case.clone(),
            drafter: *drafter,
            writer: None,
            owner: *drafter,
            department: None,
            fields: BTreeMap::from([("amount".to_owned(), value)]),
            approval_amount: amount,
            without_ceiling: false,
            marks: BTreeSet::new(),
            files: BTreeSet::new(),
            content,
            version: 0,
        }
    }

    pub(super) fn calendar(&self) -> Arc<WorkCalendar> {
        Arc::clone(&self.calendar)
    }
}

/// Ids count from 1.
fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX - 1) + 1
}

/// The people of the log.
#[derive(Default)]
struct People {
    ids: HashMap<String, UserId>,
    persons: BTreeMap<UserId, Person>,
    roles: BTreeMap<String, RoleTitle>,
}

impl People {
    fn id(&mut self, name: &str, role: &str) -> UserId {
        let next = UserId::new(number(self.ids.len()));
        let id = *self.ids.entry(name.to_owned()).or_insert(next);
        let person = self.persons.entry(id).or_insert_with(|| Person {
            id,
            login: name.to_owned(),
            name: name.to_owned(),
            active: true,
            department: None,
            manager: None,
            roles: BTreeSet::new(),
            absences: Vec::new(),
        });
        if !role.is_empty() && !person.roles.contains(role) {
            person.roles.insert(role.to_owned());
            self.roles.insert(role.to_owned(), RoleTitle::plain(role));
        }
        id
    }

    fn directory(self) -> Directory {
        Directory {
            version: 0,
            people: self.persons,
            departments: BTreeMap::new(),
            roles: self.roles,
            grids: BTreeMap::new(),
        }
    }
}

/// The cases of the log and their documents.
#[derive(Default)]
struct Cases {
    ids: HashMap<String, usize>,
    plans: Vec<CasePlan>,
    /// Case, drafter, and whether the drafter was seen saving or handing in.
    documents: Vec<(String, UserId, bool)>,
}

impl Cases {
    fn document(&mut self, case: &str, document: &str, person: UserId, command: &Command) -> usize {
        let index = *self.ids.entry(case.to_owned()).or_insert_with(|| {
            self.plans.push(CasePlan { name: case.to_owned(), documents: BTreeMap::new() });
            self.plans.len() - 1
        });
        let found = self.plans[index].documents.entry(document.to_owned()).or_insert_with(|| {
            self.documents.push((case.to_owned(), person, false));
            self.documents.len() - 1
        });
        let known = &mut self.documents[*found];
        if !known.2 && matches!(command, Command::Save | Command::Submit) {
            (known.1, known.2) = (person, true);
        }
        *found
    }
}
