//! What approval does to a record of any kind (审批): while somebody decides on it, nobody changes it.
//!
//! A record is locked from its submission until it is sent back, taken back or rejected, or until its case has ended: whoever
//! decides, and whoever carries out what was decided, has the record before them that was handed in; only a suggestion that the drafter
//! takes goes into it, and voids what it touches. Then it can be changed again.
//! A change of what was approved lifts the approval, for what stands there now is not what was decided on; it can be handed in
//! again, which is another case. What only acts set (marks, an outcome) is no content: it is not decided on.

mod evidence;
mod held;
mod submission;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

pub use evidence::{SubmissionFlaw, VerifiedSubmissions, verify};
pub use held::{Held, HeldAt};
pub use submission::{Submission, submissions, submitted};

use super::behaviour::Behaviour;
use super::error::RecordError;
use super::kind::Kind;
use super::store::{self, Record};
use super::texts;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::{Message, msg};
use crate::kernel::{CaseId, Hash, Manifest, Ref};
use crate::params;

const FIND: &str = "SELECT approval_case, state, open, content, undo FROM record_approval WHERE kind = $1 AND id = $2";
const PUT: &str = "
    INSERT INTO record_approval (kind, id, approval_case, state, open, content, undo) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (kind, id) DO UPDATE SET approval_case = $3, state = $4, open = $5, content = $6, undo = $7";

pub(super) const STATEMENTS: &[&str] = &crate::db::joined::<{ crate::db::counted(PARTS) }>(PARTS);
const PARTS: &[&[&str]] = &[&[FIND, PUT], submission::STATEMENTS];

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
