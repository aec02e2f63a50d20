//! A small company and a record, as data: what simulations and scenarios run on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::i18n::{Lang, text};
use crate::kernel::{Amount, Date, DepartmentId, Manifest, OfficeHours, Ref, Timestamp, UserId, WorkCalendar};
use crate::workflow::{
    Definition, Department, Directory, Facts, FieldKind, Grid, GridVersion, Person, RoleTitle, SubjectFacts,
    SubjectSchema, TypedRow, Value, read_rows,
};

/// Where time stands when nobody says so: a Monday morning whose year has its holidays known.
const START: &str = "2026-03-02T10:00:00+08:00";

/// The world, as JSON, TOML or a scenario file declares it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct World {
    /// Now, RFC 3339.
    pub now: Option<String>,
    /// The people.
    pub people: Vec<PersonData>,
    /// The departments.
    pub departments: Vec<DepartmentData>,
    /// The authority grids, each in force from the start.
    pub grids: Vec<GridData>,
    /// The record.
    pub record: RecordData,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonData {
    /// What they sign in with.
    pub login: String,
    /// What they are called; the login where nothing else is said.
    pub name: String,
    /// Code of their department.
    pub department: Option<String>,
    /// Login of their manager.
    pub manager: Option<String>,
    /// Their roles.
    pub roles: Vec<String>,
    /// They have left.
    pub left: bool,
}

/// A department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DepartmentData {
    /// Short code.
    pub code: String,
    /// What it is called; the code where nothing else is said.
    pub name: String,
    /// Code of the next one up.
    pub parent: Option<String>,
    /// Login of its head.
    pub head: Option<String>,
}

/// An authority grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GridData {
    /// As workflows write it.
    pub name: String,
    /// What it is called; the name where nothing else is said.
    pub title: String,
    /// Its rows.
    pub rows: Vec<GridRowData>,
}

/// A row of an authority grid, as an administrator would type it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GridRowData {
    /// Code of a category; empty is every one.
    pub category: String,
    /// The lowest approval amount, included.
    pub from: String,
    /// Where the band ends, excluded.
    pub below: String,
    /// Code of a department; empty is every one.
    pub department: String,
    /// Who may approve: `role:general-manager`.
    pub who: Vec<String>,
}

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordData {
    /// Login of who drafted it; the first person where nothing is said.
    pub drafter: Option<String>,
    /// Login of who owns it; the drafter where nothing is said.
    pub owner: Option<String>,
    /// The fields.
    pub fields: BTreeMap<String, serde_json::Value>,
    /// The approval amount; the field `amount` where nothing is said.
    pub approval_amount: Option<String>,
    /// No ceiling.
    pub without_ceiling: bool,
    /// Marks of the other party.
    pub marks: BTreeSet<String>,
    /// Labels of the file slots that are filled.
    pub files: BTreeSet<String>,
}

/// What is wrong with a world.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWorld {
    /// Nobody is declared.
    #[error("nobody is declared: a workflow needs people")]
    Nobody,
    /// A login that nobody has.
    #[error("nobody has the login {0}")]
    UnknownLogin(String),
    /// A department that is not declared.
    #[error("there is no department {0}")]
    UnknownDepartment(String),
    /// An authority grid whose rows cannot be asked.
    #[error("the authority grid {name}: {reason}")]
    Grid {
        /// Which.
        name: String,
        /// The first thing that is wrong.
        reason: String,
    },
    /// An amount, a date or an instant that cannot be read.
    #[error("{field}: {text} cannot be read")]
    Unreadable {
        /// Of which field.
        field: String,
        /// What was written.
        text: String,
    },
}

impl World {
    /// What the engine looks at. `schema` says of which types the fields are; without it they are what they look like.
    pub fn facts(&self, definition: &Definition, schema: Option<&SubjectSchema>) -> Result<Facts, BadWorld> {
        let directory = self.directory()?;
        let login = |login: &Option<String>| login.as_deref().map(|login| id_of(&directory, login)).transpose();
        let drafter = match login(&self.record.drafter)? {
            Some(drafter) => drafter,
            None => *directory.people.keys().next().ok_or(BadWorld::Nobody)?,
        };
        let owner = login(&self.record.owner)?.unwrap_or(drafter);
        let department = directory.people.get(&owner).and_then(|person| person.department);
        let fields = self.fields(&directory, schema)?;
        let approval_amount = match (&self.record.approval_amount, fields.get("amount")) {
            (Some(text), _) => Some(amount("approval_amount", text)?),
            (None, Some(Value::Amount(amount))) => Some(*amount),
            (None, Some(Value::Money(money))) => Some(money.amount),
            _ => None,
        };
        let subject = SubjectFacts {
            reference: Ref { kind: definition.subject.clone(), id: 1 },
            title: definition.title.clone(),
            drafter,
            writer: None,
            owner,
            department,
            content: content(&fields)?,
            fields,
            approval_amount,
            without_ceiling: self.record.without_ceiling,
            marks: self.record.marks.clone(),
            files: self.record.files.clone(),
            version: 1,
        };
        Ok(Facts {
            now: self.now()?,
            subject,
            directory: Arc::new(directory),
            calendar: Arc::new(WorkCalendar::mainland().clone()),
            office: OfficeHours::default(),
            undo_seconds: 10,
        })
    }

    /// Now.
    pub fn now(&self) -> Result<Timestamp, BadWorld> {
        let text = self.now.as_deref().unwrap_or(START);
        let at: Result<jiff::Timestamp, _> = text.parse();
        at.map(Timestamp::from).map_err(|_| BadWorld::Unreadable { field: "now".to_owned(), text: text.to_owned() })
    }

    /// The people as the engine sees them, numbered in the order of their declaration.
    pub fn directory(&self) -> Result<Directory, BadWorld> {
        let departments: BTreeMap<&str, DepartmentId> = self
            .departments
            .iter()
            .zip(1..)
            .map(|(one, number)| (one.code.as_str(), DepartmentId::new(number)))
            .collect();
        let people: BTreeMap<&str, UserId> =
            self.people.iter().zip(1..).map(|(one, number)| (one.login.as_str(), UserId::new(number))).collect();
        let department = |code: &Option<String>| find(code.as_ref(), &departments, BadWorld::UnknownDepartment);
        let person = |login: &Option<String>| find(login.as_ref(), &people, BadWorld::UnknownLogin);
        let mut directory = Directory { version: 1, ..Directory::default() };
        for (one, number) in self.departments.iter().zip(1..) {
            let id = DepartmentId::new(number);
            let (parent, head) = (department(&one.parent)?, person(&one.head)?);
            let name = if one.name.is_empty() { one.code.clone() } else { one.name.clone() };
            directory.departments.insert(id, Department { id, code: one.code.clone(), name, parent, head });
        }
        for (one, number) in self.people.iter().zip(1..) {
            let id = UserId::new(number);
            let person = Person {
                id,
                login: one.login.clone(),
                name: if one.name.is_empty() { one.login.clone() } else { one.name.clone() },
                active: !one.left,
                department: department(&one.department)?,
                manager: person(&one.manager)?,
                roles: one.roles.iter().cloned().collect(),
                absences: Vec::new(),
            };
            directory.roles.extend(person.roles.iter().map(|role| (role.clone(), RoleTitle::plain(role))));
            directory.people.insert(id, person);
        }
        directory.grids = self.grids(&directory)?;
        Ok(directory)
    }

    fn grids(&self, directory: &Directory) -> Result<BTreeMap<String, Grid>, BadWorld> {
        let made_at = self.now()?;
        let from = made_at.date_in(OfficeHours::default().zone());
        let mut grids = BTreeMap::new();
        for grid in &self.grids {
            let typed = |row: &GridRowData| TypedRow {
                category: row.category.clone(),
                from: row.from.clone(),
                below: row.below.clone(),
                department: row.department.clone(),
                who: row.who.clone(),
            };
            let rows: Vec<_> = grid.rows.iter().map(typed).collect();
            let rows = read_rows(&rows, directory).map_err(|faults| BadWorld::Grid {
                name: grid.name.clone(),
                reason: faults.first().map(|fault| text(Lang::Zh, &fault.message())).unwrap_or_default(),
            })?;
            let (name, note) = (grid.name.clone(), String::new());
            let title = if grid.title.is_empty() { name.clone() } else { grid.title.clone() };
            let version = GridVersion {
                number: 1,
                from,
                note,
                made_by: None,
                made_at,
                proposed: false,
                confirmed_by: None,
                withdrawal_by: None,
                withdrawn: false,
                rows,
            };
            grids.insert(name.clone(), Grid { name, title, versions: vec![version] });
        }
        Ok(grids)
    }

    fn fields(
        &self,
        directory: &Directory,
        schema: Option<&SubjectSchema>,
    ) -> Result<BTreeMap<String, Value>, BadWorld> {
        let mut fields: BTreeMap<String, Value> =
            schema.iter().flat_map(|schema| &schema.fields).map(|field| (field.name.clone(), Value::Empty)).collect();
        // Every record can say whether it deviates; one that does not say so does not.
        fields.insert("deviates".to_owned(), Value::Bool(false));
        for (name, value) in &self.record.fields {
            let kind = schema
                .and_then(|schema| schema.fields.iter().find(|field| field.name == *name))
                .map(|field| field.kind);
            fields.insert(name.clone(), typed(name, value, kind, directory)?);
        }
        Ok(fields)
    }
}

/// What would be decided on: each filled field a part.
fn content(fields: &BTreeMap<String, Value>) -> Result<Manifest, BadWorld> {
    let mut content = Manifest::default();
    for (name, value) in fields.iter().filter(|(_, value)| **value != Value::Empty) {
        let unreadable = |_| BadWorld::Unreadable { field: name.clone(), text: format!("{value:?}") };
        content.value(&format!("fields/{name}"), value).map_err(unreadable)?;
    }
    Ok(content)
}

/// The id behind a login.
pub(super) fn id_of(directory: &Directory, login: &str) -> Result<UserId, BadWorld> {
    directory.by_login(login).map(|person| person.id).ok_or_else(|| BadWorld::UnknownLogin(login.to_owned()))
}

fn find<T: Copy>(
    name: Option<&String>,
    known: &BTreeMap<&str, T>,
    unknown: fn(String) -> BadWorld,
) -> Result<Option<T>, BadWorld> {
    let Some(name) = name else { return Ok(None) };
    known.get(name.as_str()).copied().map(Some).ok_or_else(|| unknown(name.clone()))
}

fn typed(
    name: &str,
    value: &serde_json::Value,
    kind: Option<FieldKind>,
    directory: &Directory,
) -> Result<Value, BadWorld> {
    let text = match value {
        serde_json::Value::Null => return Ok(Value::Empty),
        serde_json::Value::Bool(yes) => return Ok(Value::Bool(*yes)),
        serde_json::Value::Array(items) => {
            return items
                .iter()
                .map(|item| typed(name, item, None, directory))
                .collect::<Result<_, _>>()
                .map(Value::List);
        }
        serde_json::Value::Object(parts) => {
            let parts: Result<BTreeMap<_, _>, _> =
                parts.iter().map(|(key, part)| Ok((key.clone(), typed(key, part, None, directory)?))).collect();
            return parts.map(Value::Record);
        }
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::String(text) => text.clone(),
    };
    let unreadable = || BadWorld::Unreadable { field: name.to_owned(), text: text.clone() };
    Ok(match kind {
        Some(FieldKind::Amount) => Value::Amount(amount(name, &text)?),
        Some(FieldKind::Number) => Value::Number(text.parse::<Decimal>().map_err(|_| unreadable())?),
        Some(FieldKind::Date) => Value::Date(text.parse::<Date>().map_err(|_| unreadable())?),
        Some(FieldKind::User) => Value::User(id_of(directory, &text)?),
        Some(FieldKind::Department) => {
            let known = directory.departments.values().find(|department| department.code == text);
            Value::Department(known.ok_or_else(|| BadWorld::UnknownDepartment(text.clone()))?.id)
        }
        Some(FieldKind::Text | FieldKind::List) => Value::Text(text),
        Some(FieldKind::Bool) => Value::Bool(text.parse().map_err(|_| unreadable())?),
        None if name == "amount" => Value::Amount(amount(name, &text)?),
        None if value.is_number() => Value::Number(text.parse::<Decimal>().map_err(|_| unreadable())?),
        None => text.parse::<Date>().map_or(Value::Text(text), Value::Date),
    })
}

fn amount(field: &str, text: &str) -> Result<Amount, BadWorld> {
    Amount::parse(text).map_err(|_| BadWorld::Unreadable { field: field.to_owned(), text: text.to_owned() })
}
