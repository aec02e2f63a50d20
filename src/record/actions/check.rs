//! What came for the fields of a record, read and checked.

use jiff::tz::TimeZone;

use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::{Actor, DepartmentId, UserId};
use crate::org::{Action, Scope};
use crate::record::dictionary::Dictionaries;
use crate::record::error::{FieldProblem, RecordError, Twin};
use crate::record::field::{Field, FieldKind};
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::store::{self, Mention};
use crate::record::value::{self, Input, Value, Values};

/// Reads what came for `fields` into `values`; a field for which nothing came stays as it is.
pub(super) fn read_into(
    values: &mut Values,
    fields: impl Iterator<Item = &'static Field>,
    input: &Input,
    lists: &Dictionaries,
    zone: &TimeZone,
) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for field in fields {
        let name = field.name();
        let read =
            input.get(name).map(|raw| value::read(field, raw, zone).and_then(|new| offered(field, new, values, lists)));
        match read {
            Some(Ok(new)) => values.set(name, new),
            Some(Err(problem)) => {
                problems.push(problem);
                continue;
            }
            None => {}
        }
        if field.is_required() && values.get(name).is_none() {
            problems.push(FieldProblem::required(name));
        }
    }
    problems
}

/// A choice is one that the list offers, or the one that the record has.
fn offered(
    field: &Field,
    new: Option<Value>,
    old: &Values,
    lists: &Dictionaries,
) -> Result<Option<Value>, FieldProblem> {
    if let (FieldKind::Choice(list), Some(Value::Text(name))) = (field.kind, &new)
        && !lists.offers(list, name)
        && old.text(field.name) != name
    {
        let (code, message) = value::not_a_choice();
        return Err(FieldProblem::new(field.name, code, message));
    }
    Ok(new)
}

/// Fields that came and that the kind does not have, or that only an act sets.
pub(super) fn unknown(input: &Input, known: &[&'static Field]) -> Vec<FieldProblem> {
    let unknown = input.keys().filter(|name| known.iter().all(|field| field.name != name.as_str()));
    unknown.map(|name| FieldProblem::new(name, "unknown_field", msg!("record.problem.unknown_field"))).collect()
}

/// What a unit needs to check other records against.
pub(super) struct Others {
    /// Which records of each kind that a field may name the person may see.
    readable: Vec<(&'static str, Option<Scope>)>,
    /// The same of the kind itself.
    own: Scope,
    records: Records,
}

impl Others {
    pub(super) fn new(records: &Records, by: &Actor, kind: &'static Kind) -> Result<Self, RecordError> {
        let named = kind.stored().filter_map(|field| match field.kind {
            FieldKind::Record(of) => Some((of.name, records.scope(by, of, Action::Read).ok())),
            _ => None,
        });
        Ok(Self { readable: named.collect(), own: records.scope(by, kind, Action::Read)?, records: records.clone() })
    }

    fn sees(&self, kind: &Kind, one: &Mention) -> bool {
        let scope = self.readable.iter().find(|(name, _)| *name == kind.name).and_then(|(_, scope)| scope.as_ref());
        scope.is_some_and(|scope| scope.covers(one.owner, one.department))
    }

    /// Every record that a field names is there, may be seen, and belongs to the same parent (R7, R9); the parent.
    pub(super) async fn named(
        &self,
        c: &mut Conn<'_>,
        kind: &'static Kind,
        values: &Values,
        old: Option<&Values>,
    ) -> Result<Option<Mention>, RecordError> {
        let (mut problems, mut found) = (Vec::new(), None);
        for field in kind.stored() {
            let (FieldKind::Record(of), Some(id)) = (field.kind, values.record(field.name)) else { continue };
            let unchanged = old.is_some_and(|old| old.record(field.name) == Some(id));
            let mention = store::mention(c, of, id).await?;
            let mention = mention.filter(|one| unchanged || (one.deleted_at.is_none() && self.sees(of, one)));
            let Some(mention) = mention else {
                let (code, message) = value::not_a_choice();
                problems.push(FieldProblem::new(field.name, code, message));
                continue;
            };
            let sibling = of.parent.filter(|parent| kind.parent.is_some_and(|own| own.name == parent.name));
            if sibling.is_some_and(|parent| values.record(parent.name) != mention.parent) {
                problems.push(FieldProblem::new(field.name, "other_parent", msg!("record.problem.other_parent")));
            }
            if kind.parent.is_some_and(|parent| parent.name == field.name) {
                found = Some(mention);
            }
        }
        if problems.is_empty() { Ok(found) } else { Err(RecordError::Invalid(problems)) }
    }

    /// Refuses what may be the same as another record, in the fields that changed (R2).
    pub(super) async fn alone(
        &self,
        c: &mut Conn<'_>,
        (kind, id): (&'static Kind, i64),
        values: &Values,
        old: Option<&Values>,
    ) -> Result<(), RecordError> {
        let mut twins: Vec<Twin> = Vec::new();
        let directory = self.records.0.org.directory();
        for field in kind.fields.iter().filter(|field| field.hints_at_duplicates()) {
            let value = values.text(field.name);
            if value.is_empty() || old.is_some_and(|old| old.text(field.name) == value) {
                continue;
            }
            let key = if field.name == kind.title().name { store::title_key(value) } else { value.to_owned() };
            for (id, title, owner, department) in store::twins(c, kind, field.name, (&key, id)).await? {
                if twins.iter().all(|twin| twin.id != id) {
                    let visible = self.own.covers(owner, department);
                    let owner = owner.map(|owner| directory.name(owner)).unwrap_or_default();
                    twins.push(Twin { id, title, field: field.name, owner, visible });
                }
            }
        }
        if twins.is_empty() { Ok(()) } else { Err(RecordError::Duplicates(twins)) }
    }
}

/// Whose a record is and where they work: an active person.
pub(super) fn owner(records: &Records, owner: UserId) -> Result<(UserId, Option<DepartmentId>), RecordError> {
    let directory = records.0.org.directory();
    let person = directory.people.get(&owner).filter(|person| person.active).ok_or(RecordError::NoOwner)?;
    Ok((owner, person.department))
}
