//! A company of a few people and one contract, and the case that runs on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use qiyue::kernel::{Amount, DepartmentId, Manifest, OfficeHours, Ref, Timestamp, UserId, WorkCalendar};
use qiyue::workflow::{
    Absence, Act, Answer, Case, Changed, Command, Definition, Department, Directory, Effect, Event, Facts, Grid,
    GridVersion, Person, Read, Refusal, RoleTitle, Script, ScriptFault, ScriptId, ScriptProblem, SubjectFacts,
    TypedRow, Value, Who, changed_nodes, decide_and_evolve, evolve, read_rows,
};

/// Login, department, manager, roles. Ids are the order, from 1.
const PEOPLE: &[(&str, &str, &str, &[&str])] = &[
    ("zhang", "sales", "", &["sales"]),
    ("li", "sales", "", &["sales"]),
    ("shen", "sales", "", &["manager"]),
    ("fang", "legal", "", &["legal"]),
    ("lu", "legal", "", &["legal"]),
    ("cai", "finance", "", &["finance", "accountant"]),
    ("qian", "finance", "", &["finance"]),
    ("wang", "company", "", &["general-manager"]),
    ("guan", "company", "wang", &["administrator"]),
];

/// Code, the next one up, head.
const DEPARTMENTS: &[(&str, &str, &str)] = &[
    ("company", "", "wang"),
    ("sales", "company", "shen"),
    ("legal", "company", "fang"),
    ("finance", "company", "cai"),
];

/// Name of an authority grid, day of a version, its rows: category, from, below, department, who.
const GRIDS: &[(&str, &str, &[[&str; 5]])] = &[
    (
        "grid",
        "2026-01-01",
        &[
            ["", "", "100000", "", "role:manager"],
            ["", "100000", "", "", "role:general-manager"],
            ["purchase", "", "", "", "role:finance"],
            ["purchase", "", "", "legal", "head_of_department"],
        ],
    ),
    ("grid", "2026-03-09", &[["", "", "20000", "", "role:manager"], ["", "20000", "", "", "role:general-manager"]]),
    ("narrow", "2026-01-01", &[["sales", "", "", "", "manager"]]),
    ("narrow", "2026-03-09", &[["", "", "", "", "user:li"]]),
    ("later", "2026-03-09", &[["", "", "", "", "user:li"]]),
];

/// Monday morning.
pub(crate) const START: &str = "2026-03-02T09:00:00+08:00";

/// One case with what it runs on.
pub(crate) struct World {
    pub(crate) definition: Definition,
    pub(crate) script: Table,
    pub(crate) facts: Facts,
    pub(crate) case: Case,
    pub(crate) events: Vec<(Timestamp, Event)>,
    /// Another version, to which the case can move.
    pub(crate) other: Option<Definition>,
}

/// Closures as a table: guard 0 reads `delivery_days` and asks for more than 90; people 0 are the legal role; effects 0 fail while the
/// field `broken` is filled.
#[derive(Default)]
pub(crate) struct Table;

impl Table {
    fn read(facts: &Facts, field: &str) -> Result<Read, ScriptFault> {
        let value = facts.subject.fields.get(field).cloned().unwrap_or(Value::Empty);
        if value == Value::Empty {
            return Err(ScriptFault { place: None, problem: ScriptProblem::EmptyField { field: field.into() } });
        }
        Ok(Read { field: field.into(), value })
    }
}

impl Script for Table {
    fn guard(&self, _: ScriptId, facts: &Facts) -> Result<Answer<bool>, ScriptFault> {
        let read = Self::read(facts, "delivery_days")?;
        let long = matches!(&read.value, Value::Text(days) if days.parse::<u32>().is_ok_and(|days| days > 90));
        Ok(Answer { value: long, reads: vec![read] })
    }

    fn people(&self, _: ScriptId, _: &Facts) -> Result<Answer<Who>, ScriptFault> {
        Ok(Answer { value: Who::Role { role: "legal".into() }, reads: Vec::new() })
    }

    fn effects(&self, _: ScriptId, facts: &Facts) -> Result<Answer<Vec<Effect>>, ScriptFault> {
        match Self::read(facts, "broken") {
            Ok(_) => Err(ScriptFault { place: None, problem: ScriptProblem::Failed { message: "broken".into() } }),
            Err(_) => {
                Ok(Answer { value: vec![Effect::Tell { to: Vec::new(), text: "mended".into() }], reads: Vec::new() })
            }
        }
    }
}

impl World {
    pub(crate) fn new(definition: Definition) -> Self {
        let directory = directory();
        let drafter = directory.by_login("zhang").unwrap().id;
        let text = |text: &str| Value::Text(text.into());
        let fields = [
            ("category", text("sales")),
            ("deviates", Value::Bool(false)),
            ("payment_terms", text("30 days")),
            ("delivery_days", text("60")),
            ("project_lead", Value::Empty),
            ("region", Value::Empty),
            ("broken", Value::Empty),
            ("starts_on", Value::Date("2026-03-10".parse().unwrap())),
        ];
        let subject = SubjectFacts {
            reference: Ref::new("contract", 1),
            title: "a contract".into(),
            drafter,
            writer: None,
            owner: drafter,
            department: None,
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            approval_amount: Some(Amount::from_units(50_000)),
            without_ceiling: false,
            marks: BTreeSet::new(),
            files: BTreeSet::new(),
            content: Manifest::default(),
            version: 1,
        };
        let facts = Facts {
            now: START.parse().unwrap(),
            subject,
            directory: Arc::new(directory),
            calendar: Arc::new(WorkCalendar::mainland().clone()),
            office: OfficeHours::default(),
            undo_seconds: 10,
        };
        let mut world =
            Self { definition, script: Table, facts, case: Case::default(), events: Vec::new(), other: None };
        world.write_content();
        world
    }

    /// The content is the fields and the amount.
    pub(crate) fn write_content(&mut self) {
        let mut content = Manifest::default();
        let subject = &mut self.facts.subject;
        for (name, value) in subject.fields.iter().filter(|(_, value)| **value != Value::Empty) {
            content.value(&format!("fields/{name}"), value).unwrap();
        }
        if let Some(amount) = subject.approval_amount {
            content.value("fields/amount", &amount).unwrap();
        }
        subject.content = content;
    }

    pub(crate) fn id(&self, login: &str) -> UserId {
        self.facts.directory.by_login(login).unwrap_or_else(|| panic!("nobody is called {login}")).id
    }

    pub(crate) fn login(&self, id: UserId) -> String {
        self.facts.directory.people.get(&id).map_or_else(|| id.to_string(), |person| person.login.clone())
    }

    /// The command that moves the case to the other version, with what differs between the two.
    pub(crate) fn migration(&self, reason: String) -> Act {
        let other = self.other.as_ref().expect("another version");
        let nodes = changed_nodes(&self.definition, other, &self.case);
        Act::Migrate { to: other.version, changed: Changed { from: self.definition.version, nodes }, reason }
    }

    /// Decides and, where it is not refused, stores.
    pub(crate) fn run(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let moves = matches!(command.act, Act::Migrate { .. });
        let definition = self.other.as_ref().filter(|_| moves).unwrap_or(&self.definition);
        let (events, after) = decide_and_evolve(definition, &self.script, &self.case, command, &self.facts)?;
        if moves && let Some(other) = self.other.take() {
            self.definition = other;
        }
        for event in &events {
            self.case = evolve(std::mem::take(&mut self.case), event, self.facts.now);
            self.events.push((self.facts.now, event.clone()));
        }
        assert_eq!(self.case, after, "what the rules read on their way is what the events leave");
        Ok(events)
    }

    pub(crate) fn person(&mut self, login: &str, change: impl FnOnce(&mut Person)) {
        let id = self.id(login);
        let directory = Arc::make_mut(&mut self.facts.directory);
        change(directory.people.get_mut(&id).unwrap());
        directory.version += 1;
    }

    /// The company keeps authority grids.
    pub(crate) fn keeps_grids(&mut self) {
        let directory = Arc::make_mut(&mut self.facts.directory);
        directory.grids = grids(directory);
        directory.version += 1;
    }

    pub(crate) fn absent(&mut self, login: &str, deputy: &str) {
        let (from, until, deputy) = (self.facts.now, Timestamp::MAX, self.id(deputy));
        self.person(login, |person| person.absences.push(Absence { from, until, deputy, workflow: None }));
    }

    /// The program starts again: what is known of the case is what is stored.
    pub(crate) fn restart(&mut self) {
        let stored: Vec<_> =
            self.events.iter().map(|(at, event)| (*at, serde_json::to_string(event).unwrap())).collect();
        self.events = stored.into_iter().map(|(at, text)| (at, serde_json::from_str(&text).unwrap())).collect();
        self.case = self.events.iter().fold(Case::default(), |case, (at, event)| evolve(case, event, *at));
    }

    /// What every case must keep: events give its state, and neither changes by being stored and loaded.
    pub(crate) fn holds_together(&self) {
        let mut case = Case::default();
        for (at, event) in &self.events {
            let stored = serde_json::to_string(event).unwrap();
            assert_eq!(&serde_json::from_str::<Event>(&stored).unwrap(), event, "stored as {stored}");
            case = evolve(case, event, *at);
        }
        assert_eq!(case, self.case, "replaying gives another state");
        let stored = serde_json::to_string(&case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&stored).unwrap(), case, "storing changes the state");
    }
}

pub(crate) fn directory() -> Directory {
    let id = |login: &str| {
        let index = PEOPLE.iter().position(|(name, ..)| *name == login)?;
        Some(UserId::new(i64::try_from(index).unwrap() + 1))
    };
    let department = |code: &str| {
        let index = DEPARTMENTS.iter().position(|(name, ..)| *name == code)?;
        Some(DepartmentId::new(i64::try_from(index).unwrap() + 1))
    };
    let people = PEOPLE.iter().map(|(login, code, manager, roles)| Person {
        id: id(login).unwrap(),
        login: (*login).into(),
        name: (*login).into(),
        active: true,
        department: department(code),
        manager: id(manager),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        absences: Vec::new(),
    });
    let departments = DEPARTMENTS.iter().map(|(code, parent, head)| Department {
        id: department(code).unwrap(),
        code: (*code).into(),
        name: (*code).into(),
        parent: department(parent),
        head: id(head),
    });
    Directory {
        version: 1,
        people: people.map(|person| (person.id, person)).collect(),
        departments: departments.map(|one| (one.id, one)).collect(),
        ..Directory::default()
    }
}

/// The grids, whose rows name the roles of the people.
fn grids(directory: &Directory) -> BTreeMap<String, Grid> {
    let roles = PEOPLE.iter().flat_map(|(.., roles)| *roles).map(|role| ((*role).to_owned(), RoleTitle::plain(role)));
    let known = Directory { roles: roles.collect(), ..directory.clone() };
    let mut grids: BTreeMap<String, Grid> = BTreeMap::new();
    for (name, from, rows) in GRIDS {
        let rows: Vec<_> = rows.iter().map(typed).collect();
        let (name, title, versions) = ((*name).to_owned(), (*name).to_owned(), Vec::new());
        let grid = grids.entry(name.clone()).or_insert(Grid { name, title, versions });
        grid.versions.push(GridVersion {
            number: grid.newest() + 1,
            from: from.parse().unwrap(),
            note: String::new(),
            made_by: None,
            made_at: START.parse().unwrap(),
            proposed: false,
            confirmed_by: None,
            withdrawal_by: None,
            withdrawn: false,
            rows: read_rows(&rows, &known).unwrap(),
        });
    }
    grids
}

fn typed(row: &[&str; 5]) -> TypedRow {
    let [category, from, below, department, who] = row.map(str::to_owned);
    TypedRow { category, from, below, department, who: vec![who] }
}
