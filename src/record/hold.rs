//! What approval does to a record of any kind (审批): while somebody decides on it, nobody changes it.
//!
//! A record is locked from its submission until it is sent back, taken back or rejected, or until its case has ended: whoever
//! decides, and whoever carries out what was decided, has the record before them that was handed in. Then it can be changed again.
//! A change of what was approved lifts the approval, for what stands there now is not what was decided on; it can be handed in
//! again, which is another case. What only acts set (marks, an outcome) is no content: it is not decided on.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::actions::{Mark, difference};
use super::behaviour::Behaviour;
use super::error::RecordError;
use super::kind::Kind;
use super::store::{self, Record};
use super::texts;
use super::timeline::{TimelineEntry, add_to_timeline};
use super::value::{self, Raw, Values};
use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, CaseId, Hash, Manifest, OfficeHours, Ref, Timestamp};
use crate::params;

const FIND: &str = "SELECT approval_case, state, open, content, undo FROM record_approval WHERE kind = $1 AND id = $2";
const PUT: &str = "
    INSERT INTO record_approval (kind, id, approval_case, state, open, content, undo) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (kind, id) DO UPDATE SET approval_case = $3, state = $4, open = $5, content = $6, undo = $7";
const KEEP: &str = "
    INSERT INTO record_submission (kind, id, content, fields, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const KEPT: &str = "SELECT fields FROM record_submission WHERE kind = $1 AND id = $2 AND content = $3";

pub(super) const STATEMENTS: &[&str] = &[FIND, PUT, KEEP, KEPT];

/// What is impossible once the record was changed.
const UNDO: &str = "undo";
/// What is impossible where nothing is left to decide.
const HAND_IN: &str = "submit";

/// Where the approval of a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldState {
    /// Somebody decides.
    InApproval,
    /// Approved, and as it was approved.
    Approved,
    /// Sent back.
    Returned,
    /// Taken back.
    Withdrawn,
    /// Rejected.
    Rejected,
    /// Approved once, and changed since.
    Changed,
}

impl HoldState {
    const ALL: [Self; 6] =
        [Self::InApproval, Self::Approved, Self::Returned, Self::Withdrawn, Self::Rejected, Self::Changed];

    /// As it stands in the table and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InApproval => "in_approval",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
            Self::Rejected => "rejected",
            Self::Changed => "changed",
        }
    }

    /// What people read.
    pub fn label(self) -> Message {
        match self {
            Self::InApproval => msg!("record.hold.in_approval"),
            Self::Approved => msg!("record.hold.approved"),
            Self::Returned => msg!("record.hold.returned"),
            Self::Withdrawn => msg!("record.hold.withdrawn"),
            Self::Rejected => msg!("record.hold.rejected"),
            Self::Changed => msg!("record.hold.changed"),
        }
    }

    /// How it looks.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::InApproval => "info",
            Self::Approved => "good",
            Self::Returned | Self::Changed => "warn",
            Self::Rejected => "bad",
            Self::Withdrawn => "",
        }
    }
}

/// What approval knows of a record that was handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Its newest case.
    pub case: CaseId,
    /// Where it stands.
    pub state: HoldState,
    /// Whether the case goes on.
    pub open: bool,
    /// What was handed in last.
    pub content: Hash,
    /// What comes back where the approval is undone; nothing where it moved nothing.
    undo: Option<Undo>,
}

/// What becomes of a record where its approval is undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Undo {
    /// Nothing: something was done with it since, which approval has not seen.
    Past,
    /// The fields that approval itself moved stand as they were.
    #[serde(untagged)]
    Fields(Map<String, Json>),
}

impl FromRow for Hold {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let name: String = row.get("state")?;
        let state = HoldState::ALL.into_iter().find(|state| state.name() == name);
        let state = state.ok_or_else(|| DbError::Check(format!("{name} is no state of an approval")))?;
        let (case, open, content) = (row.get("approval_case")?, row.get("open")?, row.get("content")?);
        Ok(Self { case, state, open, content, undo: row.json("undo")? })
    }
}

impl Hold {
    /// Whether nobody may change the record.
    pub fn locks(&self) -> bool {
        match self.state {
            HoldState::InApproval => true,
            HoldState::Approved => self.open,
            _ => false,
        }
    }
}

/// What approval knows of a record; nothing where it was never handed in.
pub async fn hold_of(c: &mut Conn<'_>, subject: &Ref) -> Result<Option<Hold>, DbError> {
    c.maybe(FIND, params![subject.kind, subject.id]).await
}

async fn put(c: &mut Conn<'_>, subject: &Ref, hold: &Hold) -> Result<(), DbError> {
    let undo = hold.undo.as_ref().map(serde_json::to_string).transpose();
    let undo = undo.map_err(|error| DbError::Check(error.to_string()))?;
    let Hold { case, state, open, content, .. } = hold;
    c.exec(PUT, params![subject.kind, subject.id, case, state.name(), open, content, undo]).await.map(drop)
}

/// What was handed in as that content, by field; nothing where it never was.
pub async fn submitted(c: &mut Conn<'_>, subject: &Ref, content: Hash) -> Result<Option<Map<String, Json>>, DbError> {
    let found: Option<(String,)> = c.maybe(KEPT, params![subject.kind, subject.id, content]).await?;
    let read = |(text,): (String,)| serde_json::from_str(&text).map_err(|error| DbError::Check(error.to_string()));
    found.map(read).transpose()
}

/// Refuses a change of a record that is locked; what approval knows of it otherwise.
pub(super) async fn unlocked(c: &mut Conn<'_>, kind: &Kind, id: i64) -> Result<Option<Hold>, RecordError> {
    match hold_of(c, &kind.reference(id)).await? {
        Some(hold) if hold.locks() => Err(RecordError::InApproval { case: hold.case }),
        hold => Ok(hold),
    }
}

/// Refuses what would change the children of a record of which one is locked.
pub(super) async fn unlocked_below(c: &mut Conn<'_>, child: &'static Kind, parent: i64) -> Result<(), RecordError> {
    let Some(sql) = texts::of(child).holds_of_parent else { return Ok(()) };
    let holds: Vec<Hold> = c.all(sql, params![parent, child.name]).await?;
    match holds.into_iter().find(Hold::locks) {
        Some(hold) => Err(RecordError::InApproval { case: hold.case }),
        None => Ok(()),
    }
}

/// Lifts the approval of a record whose content is not the approved one any more.
pub(super) async fn lift(
    c: &mut Conn<'_>,
    behaviour: &dyn Behaviour,
    hold: Option<Hold>,
    new: &Record,
) -> Result<(), DbError> {
    let Some(hold) = hold.filter(|hold| hold.state == HoldState::Approved) else { return Ok(()) };
    if content(behaviour, new)?.hash() == hold.content {
        return Ok(());
    }
    let changed = Hold { state: HoldState::Changed, undo: None, ..hold };
    put(c, &behaviour.kind().reference(new.id), &changed).await
}

/// The same where something other than a field of a form or a mark changed: it was won, handed over or deleted. Nobody undoes what was
/// decided before.
pub(super) async fn moved(
    c: &mut Conn<'_>,
    behaviour: &dyn Behaviour,
    hold: Option<Hold>,
    new: &Record,
) -> Result<(), DbError> {
    let Some(hold) = hold else { return Ok(()) };
    let lifted = hold.state == HoldState::Approved && content(behaviour, new)?.hash() != hold.content;
    let state = if lifted { HoldState::Changed } else { hold.state };
    put(c, &behaviour.kind().reference(new.id), &Hold { state, undo: Some(Undo::Past), ..hold }).await
}

/// The same for a record that another room changed by its own statement, within the unit of that.
pub async fn moved_elsewhere(c: &mut Conn<'_>, behaviour: &dyn Behaviour, id: i64) -> Result<(), DbError> {
    let kind = behaviour.kind();
    let hold = hold_of(c, &kind.reference(id)).await?;
    match store::find(c, kind, id).await? {
        Some(record) => moved(c, behaviour, hold, &record).await,
        None => Ok(()),
    }
}

/// Refuses to have a record handed in: it is deleted or closed, somebody decides on it, or it was approved and stands as it was.
pub fn free(behaviour: &dyn Behaviour, record: &Record, hold: Option<&Hold>) -> Result<(), RecordError> {
    let not_now = |message| Err(RecordError::NotNow { act: HAND_IN, message });
    match hold {
        _ if record.deleted_at.is_some() => Err(RecordError::Deleted),
        Some(hold) if hold.locks() => Err(RecordError::InApproval { case: hold.case }),
        Some(hold) if hold.state == HoldState::Approved => not_now(msg!("record.error.approved_already")),
        _ if behaviour.is_closed(record) => not_now(msg!("record.error.closed")),
        _ => Ok(()),
    }
}

/// What would be decided on: every field that a form sets, as it will stand when it is approved.
pub fn content(behaviour: &dyn Behaviour, record: &Record) -> Result<Manifest, DbError> {
    let (mut manifest, values) = (Manifest::default(), behaviour.proposed(record));
    for field in behaviour.kind().content() {
        if let Some(value) = values.get(field.name) {
            let added = manifest.value(&format!("fields/{}", field.name), &value.json());
            added.map_err(|error| DbError::Check(error.to_string()))?;
        }
    }
    Ok(manifest)
}

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
    /// The record, if it still has the version that was decided on.
    pub async fn take(
        c: &mut Conn<'_>,
        behaviour: &'a dyn Behaviour,
        read: (i64, i64),
        at: HeldAt,
    ) -> Result<Self, RecordError> {
        let kind = behaviour.kind();
        let record = store::find(c, kind, read.0).await?.filter(|record| record.version == read.1);
        let record = record.ok_or(RecordError::Changed)?;
        let hold = hold_of(c, &kind.reference(record.id)).await?;
        Ok(Self { behaviour, record, hold, at })
    }

    /// It was handed in.
    pub async fn lock(&mut self, c: &mut Conn<'_>) -> Result<(), RecordError> {
        if self.record.deleted_at.is_some() {
            return Err(RecordError::Deleted);
        }
        let (content, kind) = (content(self.behaviour, &self.record)?.hash(), self.behaviour.kind());
        let values = self.behaviour.proposed(&self.record);
        let fields = kind.content().filter_map(|field| Some((field.name.to_owned(), values.get(field.name)?.json())));
        let fields = Json::Object(fields.collect()).to_string();
        let (subject, at) = (kind.reference(self.record.id), self.at.at);
        c.exec(KEEP, params![subject.kind, subject.id, content, fields, at]).await?;
        let hold = Hold { case: self.at.case, state: HoldState::InApproval, open: true, content, undo: None };
        self.go(c, hold, None, msg!("record.timeline.submitted", title = self.title())).await
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
            Some(Undo::Fields(fields)) if !changed => Some(self.as_it_was(fields)?),
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

    fn as_it_was(&self, undo: &Map<String, Json>) -> Result<Values, RecordError> {
        let (mut values, office) = (self.record.values.clone(), OfficeHours::default());
        for field in self.behaviour.kind().stored() {
            if let Some(json) = undo.get(field.name) {
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
