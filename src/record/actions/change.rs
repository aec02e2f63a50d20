//! Changing the fields of records.

use super::check::{self, Others};
use super::{Mark, Scopes, Wish, difference};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::Actor;
use crate::org::Action;
use crate::record::approver::Gate;
use crate::record::behaviour::Stored;
use crate::record::dictionary::Dictionaries;
use crate::record::error::{FieldProblem, RecordError};
use crate::record::field::Field;
use crate::record::hold;
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::store::{self, Record};
use crate::record::value::{Input, Values};

impl Records {
    /// Changes the fields that came, of a record as it was read; what did not come stays. The version from now on.
    pub async fn change(
        &self,
        kind: &'static Kind,
        by: Actor,
        read: (i64, i64),
        input: &Input,
        wish: Wish,
    ) -> Result<i64, RecordError> {
        let scopes = Scopes::new(self, &by, kind, Action::Edit)?;
        let (now, others) = (self.now(), Others::new(self, &by, kind)?);
        let lists = self.dictionaries().await?;
        let (behaviour, records, input) = (self.behaviour(kind), self.clone(), input.clone());
        let gate = self.gate_of_fields(kind, read, &input, &lists).await?;
        let unit = async move |c: &mut Conn<'_>| {
            let old = scopes.record(c, kind, read).await?;
            if old.deleted_at.is_some() {
                return Err(RecordError::Deleted);
            }
            let hold = hold::unlocked(c, kind, old.id).await?;
            let (values, mut problems) = records.filled_in(&old, kind, &input, &lists);
            if wish.strict {
                let fields: Vec<&'static Field> = kind.in_form(false).collect();
                problems.extend(check::unknown(&input, &fields));
            }
            if problems.is_empty() {
                problems.extend(gate.clone());
            }
            if !problems.is_empty() {
                return Err(RecordError::Invalid(problems));
            }
            if values == old.values {
                return Ok(old.version);
            }
            let parent = others.named(c, kind, &values, Some(&old.values)).await?;
            if !wish.anyway {
                others.alone(c, (kind, old.id), &values, Some(&old.values)).await?;
            }
            let mut new = Record { values, ..old.clone() };
            if let Some(parent) = parent.filter(|_| kind.shares_owner) {
                (new.owner, new.department) = (parent.owner, parent.department);
                scopes.change.demand(new.owner, new.department)?;
            }
            store::update(c, kind, &new, now).await?;
            new.version += 1;
            hold::lift(c, behaviour.as_ref(), hold, &new).await?;
            let mark = Mark { by, at: now };
            mark.write(c, (kind, new.id), "record.changed", difference(kind, &old.values, &new.values)).await?;
            let office = &records.0.office;
            let asked = &Values::default();
            let stored = Stored { old: Some(&old), new: &new, asked, by: &by, now, office };
            behaviour.stored(c, &stored).await?;
            c.notify(kind.name);
            Ok(new.version)
        };
        self.0.db.write(unit).await
    }

    /// The fields of a record with what came, and what is wrong with that.
    fn filled_in(
        &self,
        old: &Record,
        kind: &'static Kind,
        input: &Input,
        lists: &Dictionaries,
    ) -> (Values, Vec<FieldProblem>) {
        let mut values = old.values.clone();
        let mut problems = check::read_into(&mut values, kind.in_form(false), input, lists, self.0.office.zone());
        if problems.is_empty() {
            problems.extend(self.behaviour(kind).check(Some(old), &mut values, self.now()));
        }
        (values, problems)
    }

    /// The fields by which a record, as it was read, would stand behind a gate that let it through as it was: at its first stage it
    /// would not, so that there the fields can be changed and the stage asked for again.
    async fn gate_of_fields(
        &self,
        kind: &'static Kind,
        (id, version): (i64, i64),
        input: &Input,
        lists: &Dictionaries,
    ) -> Result<Vec<FieldProblem>, RecordError> {
        let behaviour = self.behaviour(kind);
        let gated = behaviour.acts().iter().any(|act| behaviour.needs_leave(act));
        let Some(approver) = self.approver().filter(|_| gated) else { return Ok(Vec::new()) };
        let old = self.0.db.read(async move |c: &mut Conn<'_>| store::find(c, kind, id).await).await?;
        let Some(old) = old.filter(|old| old.version == version) else { return Ok(Vec::new()) };
        let (values, problems) = self.filled_in(&old, kind, input, lists);
        let Some((beginning, _)) = behaviour.starts_ahead(&values).filter(|_| problems.is_empty()) else {
            return Ok(Vec::new());
        };
        let changed: Vec<&'static Field> =
            kind.content().filter(|field| old.values.get(field.name) != values.get(field.name)).collect();
        let new = Record { values, ..old.clone() };
        let first = Record { values: beginning, ..old.clone() };
        let shut = !changed.is_empty()
            && approver.gate(kind, &old, &new).await? == Gate::Shut
            && approver.gate(kind, &first, &new).await? == Gate::Shut;
        if !shut {
            return Ok(Vec::new());
        }
        let mut by_itself = Vec::new();
        for field in changed.iter().copied() {
            let mut one = old.clone();
            one.values.set(field.name, new.values.get(field.name).cloned());
            if approver.gate(kind, &old, &one).await? == Gate::Shut {
                by_itself.push(field);
            }
        }
        let named = if by_itself.is_empty() { changed } else { by_itself };
        let problem =
            |field: &Field| FieldProblem::new(field.name, "approval_first", msg!("record.problem.approval_first"));
        Ok(named.into_iter().map(problem).collect())
    }
}
