//! A record in the hands of approval: what each step of its case does to it.

use serde_json::{Map, Value as Json};

use super::submission::{self, Brought};
use super::{Hold, HoldState, Undo, content, hold_of, put};
use crate::db::Conn;
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, CaseId, OfficeHours, Timestamp};
use crate::record::actions::{Mark, difference};
use crate::record::behaviour::{Behaviour, Stored};
use crate::record::error::RecordError;
use crate::record::store::{self, Record};
use crate::record::timeline::{TimelineEntry, add_to_timeline};
use crate::record::value::{self, Raw, Values};

/// What is impossible once the record was changed.
const UNDO: &str = "undo";

/// Of which case a change comes, who caused it and when.
#[derive(Clone, Copy, Debug)]
pub struct HeldAt {
    /// Which case.
    pub case: CaseId,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// A record in the hands of approval, within the unit of one command.
pub struct Held<'a> {
    behaviour: &'a dyn Behaviour,
    record: Record,
    hold: Option<Hold>,
    at: HeldAt,
}

impl<'a> Held<'a> {
    /// The record as it stands within the unit, which has compared its version with the one that was decided on.
    pub async fn take(
        c: &mut Conn<'_>,
        behaviour: &'a dyn Behaviour,
        id: i64,
        at: HeldAt,
    ) -> Result<Self, RecordError> {
        let kind = behaviour.kind();
        let record = store::find(c, kind, id).await?.ok_or(RecordError::Changed)?;
        let hold = hold_of(c, &kind.reference(record.id)).await?;
        Ok(Self { behaviour, record, hold, at })
    }

    /// It was handed in.
    pub async fn lock(&mut self, c: &mut Conn<'_>) -> Result<(), RecordError> {
        if self.record.deleted_at.is_some() {
            return Err(RecordError::Deleted);
        }
        let content = submission::keep(c, self.behaviour, &self.record, self.at, Brought::HandedIn).await?;
        let hold = Hold { case: self.at.case, state: HoldState::InApproval, open: true, content, undo: None };
        self.go(c, hold, None, msg!("record.timeline.submitted", title = self.title())).await
    }

    /// A suggestion was taken: these fields stand from now on. While somebody decides, they are what is decided on.
    pub async fn rewrite(&mut self, c: &mut Conn<'_>, fields: &Map<String, Json>) -> Result<(), RecordError> {
        let (old, kind) = (self.record.clone(), self.behaviour.kind());
        let new = Record { values: self.with(fields)?, ..old.clone() };
        let hold = self.held()?;
        let content = if hold.state == HoldState::InApproval {
            submission::keep(c, self.behaviour, &new, self.at, Brought::Suggested).await?
        } else {
            hold.content
        };
        let named: Vec<Message> = fields.keys().map(|name| kind.label(name)).collect();
        let said = msg!("record.timeline.rewritten", title = self.title(), fields = named);
        self.go(c, Hold { content, ..hold }, Some(new.values), said).await?;
        let (asked, office) = (&Values::default(), &OfficeHours::default());
        let HeldAt { by, at: now, .. } = &self.at;
        let stored = Stored { old: Some(&old), new: &self.record, asked, by, now: *now, office };
        self.behaviour.stored(c, &stored).await
    }

    /// The last one agreed: what was asked for stands.
    pub async fn approve(&mut self, c: &mut Conn<'_>) -> Result<(), RecordError> {
        let proposed = self.behaviour.proposed(&self.record);
        let moved = proposed != self.record.values;
        let undo = moved.then(|| Undo::Fields(difference(self.behaviour.kind(), &self.record.values, &proposed).0));
        let hold = Hold { state: HoldState::Approved, undo, ..self.held()? };
        self.go(c, hold, moved.then_some(proposed), msg!("record.timeline.approved", title = self.title())).await
    }

    /// A decision was undone in time: it is locked again, as it was.
    pub async fn reopen(&mut self, c: &mut Conn<'_>) -> Result<(), RecordError> {
        let hold = self.held()?;
        let changed = content(self.behaviour, &self.record)?.hash() != hold.content;
        let before = match &hold.undo {
            Some(Undo::Fields(fields)) if !changed => Some(self.with(fields)?),
            None if !changed => None,
            _ => return Err(RecordError::NotNow { act: UNDO, message: msg!("record.error.changed_since") }),
        };
        let hold = Hold { state: HoldState::InApproval, open: true, undo: None, ..hold };
        self.go(c, hold, before, msg!("record.timeline.reopened", title = self.title())).await
    }

    /// It was sent back, taken back or rejected.
    pub async fn release(&mut self, c: &mut Conn<'_>, state: HoldState) -> Result<(), RecordError> {
        let said = match state {
            HoldState::Withdrawn => msg!("record.timeline.withdrawn", title = self.title()),
            HoldState::Rejected => msg!("record.timeline.rejected", title = self.title()),
            _ => msg!("record.timeline.returned", title = self.title()),
        };
        let hold = Hold { state, undo: None, ..self.held()? };
        self.go(c, hold, None, said).await
    }

    /// Nothing is left to do in the case.
    pub async fn end(&mut self, c: &mut Conn<'_>) -> Result<(), RecordError> {
        let hold = Hold { open: false, ..self.held()? };
        put(c, &self.behaviour.kind().reference(self.record.id), &hold).await?;
        self.hold = Some(hold);
        Ok(())
    }

    fn title(&self) -> String {
        self.record.title(self.behaviour.kind()).to_owned()
    }

    fn held(&self) -> Result<Hold, RecordError> {
        self.hold.clone().ok_or(RecordError::Changed)
    }

    /// Its values with these in some of its fields.
    fn with(&self, fields: &Map<String, Json>) -> Result<Values, RecordError> {
        let (mut values, office) = (self.record.values.clone(), OfficeHours::default());
        for field in self.behaviour.kind().stored() {
            if let Some(json) = fields.get(field.name) {
                let read = value::read(field, &Raw::Json(json.clone()), office.zone());
                values.set(field.name, read.map_err(|problem| RecordError::Invalid(vec![problem]))?);
            }
        }
        Ok(values)
    }

    /// Writes the record's own row every time, so that whoever changes it at the same moment loses or wins against this.
    async fn go(
        &mut self,
        c: &mut Conn<'_>,
        hold: Hold,
        values: Option<Values>,
        said: Message,
    ) -> Result<(), RecordError> {
        let (kind, HeldAt { by, at, case }) = (self.behaviour.kind(), self.at);
        if let Some(values) = values {
            let new = Record { values, ..self.record.clone() };
            store::update(c, kind, &new, at).await?;
            let lines = difference(kind, &self.record.values, &new.values);
            Mark { by, at }.write(c, (kind, new.id), "record.changed", lines).await?;
            self.record = new;
        } else {
            store::touch(c, kind, (self.record.id, self.record.version)).await?;
        }
        self.record.version += 1;
        put(c, &kind.reference(self.record.id), &hold).await?;
        self.hold = Some(hold);
        let entry =
            TimelineEntry { at, actor: by.user, head: said, text: String::new(), path: format!("/approvals/{case}") };
        add_to_timeline(c, &self.record.told_on(kind), &entry).await?;
        c.notify(kind.name);
        Ok(())
    }
}
