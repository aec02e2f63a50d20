//! Changing the fields of records.

use super::check::{self, Others};
use super::{Mark, Scopes, Wish, difference};
use crate::db::Conn;
use crate::kernel::Actor;
use crate::org::Action;
use crate::record::behaviour::Stored;
use crate::record::error::RecordError;
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
        let unit = async move |c: &mut Conn<'_>| {
            let old = scopes.record(c, kind, read).await?;
            if old.deleted_at.is_some() {
                return Err(RecordError::Deleted);
            }
            let hold = hold::unlocked(c, kind, old.id).await?;
            let fields: Vec<&'static Field> = kind.in_form(false).collect();
            let mut values = old.values.clone();
            let zone = records.0.office.zone();
            let mut problems = check::read_into(&mut values, fields.iter().copied(), &input, &lists, zone);
            if wish.strict {
                problems.extend(check::unknown(&input, &fields));
            }
            if problems.is_empty() {
                problems.extend(behaviour.check(Some(&old), &mut values, now));
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
            let (office, org) = (&records.0.office, &records.0.org);
            let asked = &Values::default();
            let stored = Stored { old: Some(&old), new: &new, asked, by: &by, now, office, org };
            behaviour.stored(c, &stored).await?;
            c.notify(kind.name);
            Ok(new.version)
        };
        self.0.db.write(unit).await
    }
}
