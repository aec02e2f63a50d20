//! What else can be done with a record, as its room says.

use jiff::tz::TimeZone;

use super::{Mark, Scopes, check, difference};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::Actor;
use crate::record::approver::Gate;
use crate::record::behaviour::{Act, Asked, Stored};
use crate::record::dictionary::Dictionaries;
use crate::record::error::RecordError;
use crate::record::hold;
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::store::{self, Record};
use crate::record::timeline::{TimelineEntry, add_to_timeline};
use crate::record::value::{Input, Values};

impl Records {
    /// Does one of the kind's own acts with a record as it was read; the version from now on.
    pub async fn act(
        &self,
        kind: &'static Kind,
        act: &'static Act,
        by: Actor,
        read: (i64, i64),
        input: &Input,
    ) -> Result<i64, RecordError> {
        let scopes = Scopes::new(self, &by, kind, act.action)?;
        let (now, lists) = (self.now(), self.dictionaries().await?);
        let (behaviour, records, input) = (self.behaviour(kind), self.clone(), input.clone());
        let stands_before = self.stands_before(kind, act, by, read, &input).await?;
        let unit = async move |c: &mut Conn<'_>| {
            let old = scopes.record(c, kind, read).await?;
            if old.deleted_at.is_some() {
                return Err(RecordError::Deleted);
            }
            let hold = if behaviour.only_marks(act) { None } else { hold::unlocked(c, kind, old.id).await? };
            if !behaviour.offers(act, &old, now) {
                return Err(RecordError::NotNow { act: act.name, message: msg!("record.error.no_act") });
            }
            let filled = filled(act, &input, &lists, records.0.office.zone())?;
            let asked = Asked { act, record: &old, filled: &filled, by: &by, now };
            let mut done = behaviour.act(&asked)?;
            if stands_before {
                done = behaviour.ask_first(&asked, done)?;
            }
            let mut new = Record { values: done.values, ..old.clone() };
            store::update(c, kind, &new, now).await?;
            new.version += 1;
            hold::moved(c, behaviour.as_ref(), hold, &new).await?;
            let mark = Mark { by, at: now };
            mark.write(c, (kind, new.id), act.code, difference(kind, &old.values, &new.values)).await?;
            let entry =
                TimelineEntry { at: now, actor: by.user, head: done.head, text: done.text, path: kind.page_of(new.id) };
            add_to_timeline(c, &new.told_on(kind), &entry).await?;
            let office = &records.0.office;
            let stored = Stored { old: Some(&old), new: &new, asked: &filled, by: &by, now, office };
            behaviour.stored(c, &stored).await?;
            c.notify(kind.name);
            Ok(new.version)
        };
        self.0.db.write(unit).await
    }

    /// Whether approval stands before what an act comes to, of a record as it was read. What is wrong with the act is said where it is
    /// done.
    async fn stands_before(
        &self,
        kind: &'static Kind,
        act: &'static Act,
        by: Actor,
        (id, version): (i64, i64),
        input: &Input,
    ) -> Result<bool, RecordError> {
        let behaviour = self.behaviour(kind);
        let Some(approver) = self.approver().filter(|_| behaviour.needs_leave(act)) else { return Ok(false) };
        let (now, lists) = (self.now(), self.dictionaries().await?);
        let old = self.0.db.read(async move |c: &mut Conn<'_>| store::find(c, kind, id).await).await?;
        let Some(old) = old.filter(|old| old.version == version && behaviour.offers(act, old, now)) else {
            return Ok(false);
        };
        let Ok(filled) = filled(act, input, &lists, self.0.office.zone()) else { return Ok(false) };
        let Ok(done) = behaviour.act(&Asked { act, record: &old, filled: &filled, by: &by, now }) else {
            return Ok(false);
        };
        let gate = approver.gate(kind, &old, &Record { values: done.values, ..old.clone() }).await?;
        Ok(gate != Gate::Open)
    }

    /// The kind's own act of that name.
    pub fn act_named(&self, kind: &'static Kind, name: &str) -> Result<&'static Act, RecordError> {
        self.behaviour(kind).acts().iter().find(|act| act.name == name).ok_or(RecordError::NotFound)
    }
}

/// What was filled in for an act.
fn filled(act: &Act, input: &Input, lists: &Dictionaries, zone: &TimeZone) -> Result<Values, RecordError> {
    let mut filled = Values::default();
    let problems = check::read_into(&mut filled, act.fields.iter(), input, lists, zone);
    if problems.is_empty() { Ok(filled) } else { Err(RecordError::Invalid(problems)) }
}
