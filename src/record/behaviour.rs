//! What is special about a kind: ordinary Rust beside its declaration, called from the general part.

use std::sync::Arc;

use async_trait::async_trait;

use super::error::{FieldProblem, RecordError};
use super::field::Field;
use super::kind::Kind;
use super::store::Record;
use super::value::Values;
use crate::db::{Conn, Query};
use crate::i18n::Message;
use crate::kernel::{Actor, OfficeHours, Timestamp, UserId};
use crate::org::Action;

/// A kind with what is special about it.
#[async_trait(?Send)]
pub trait Behaviour: Send + Sync + 'static {
    /// The kind.
    fn kind(&self) -> &'static Kind;

    /// What the fields cannot say each for itself; may fill in what follows from the others. `old` is the record as it was.
    fn check(&self, _old: Option<&Record>, _values: &mut Values, _now: Timestamp) -> Vec<FieldProblem> {
        Vec::new()
    }

    /// What else belongs to the same write.
    async fn stored(&self, _c: &mut Conn<'_>, _stored: &Stored<'_>) -> Result<(), RecordError> {
        Ok(())
    }

    /// How timelines tell that it was made; nothing: as of any record.
    fn told(&self, _record: &Record) -> Option<(Message, String)> {
        None
    }

    /// What a new form starts with beside the defaults of its fields.
    fn starts_with(&self, _values: &mut Values, _now: Timestamp) {}

    /// Filters that are no field's.
    fn filters(&self) -> &'static [OwnFilter] {
        &[]
    }

    /// Narrows a list by one of them.
    fn narrow(&self, _list: &mut Query, _filter: &str, _value: &str, _now: Timestamp) {}

    /// What is seen at once about a record.
    fn tags(&self, _record: &Record, _now: Timestamp) -> Vec<Tag> {
        Vec::new()
    }

    /// What can be done with a record beside changing its fields.
    fn acts(&self) -> &'static [Act] {
        &[]
    }

    /// Whether it can be done now.
    fn offers(&self, _act: &Act, _record: &Record, _now: Timestamp) -> bool {
        true
    }

    /// Its fields as they will stand once it is approved, where something waits for that (阶段门); what else belongs to a change of the
    /// record is not done then, so that these fields stand for themselves.
    fn proposed(&self, record: &Record) -> Values {
        record.values.clone()
    }

    /// Whether nothing is left to decide about it.
    fn is_closed(&self, _record: &Record) -> bool {
        false
    }

    /// What is marked about the party that it is, by the names that workflows know: `other_party_is("黑名单")`.
    fn marks(&self, _record: &Record) -> Vec<&'static str> {
        Vec::new()
    }

    /// Whether an act marks something that nobody decides on, so that it is possible while the record is locked.
    fn only_marks(&self, _act: &Act) -> bool {
        false
    }

    /// Whether an act can stand under approval: if what it comes to is what a workflow takes, [`Behaviour::ask_first`] stands instead.
    fn needs_leave(&self, _act: &Act) -> bool {
        false
    }

    /// What an act comes to where a workflow takes what it leads to.
    fn ask_first(&self, asked: &Asked<'_>, _done: Done) -> Result<Done, RecordError> {
        Err(RecordError::NotNow { act: asked.act.name, message: crate::i18n::msg!("record.error.approval_first") })
    }

    /// Where a new record starts further on than its kind begins: as it would begin, and what is said where a workflow takes the rest.
    fn starts_ahead(&self, _values: &Values) -> Option<(Values, FieldProblem)> {
        None
    }

    /// What it comes to.
    fn act(&self, asked: &Asked<'_>) -> Result<Done, RecordError> {
        Err(RecordError::NotNow { act: asked.act.name, message: crate::i18n::msg!("record.error.no_act") })
    }
}

/// A kind with nothing special about it.
pub struct Plain(pub &'static Kind);

impl Behaviour for Plain {
    fn kind(&self) -> &'static Kind {
        self.0
    }
}

/// A filter that is no field's: its words have labels under `room.kind.filter.name.word`.
#[derive(Clone, Copy, Debug)]
pub struct OwnFilter {
    /// Its name in the address.
    pub name: &'static str,
    /// What can be chosen.
    pub words: &'static [&'static str],
}

/// What is seen at once about a record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Tag {
    /// What it says.
    pub label: Message,
    /// `good`, `info`, `warn`, `bad` or nothing.
    pub tone: &'static str,
}

/// Something that can be done with a record: a small form of its own. Its sentences stand under `room.kind.act.name`.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// Its name in the address and in the log.
    pub name: &'static str,
    /// The right that it needs.
    pub action: Action,
    /// What it asks.
    pub fields: &'static [Field],
    /// Its icon.
    pub icon: &'static str,
    /// `primary`, `plain` or `bad`.
    pub tone: &'static str,
    /// The code in the audit log, `kind.name`.
    pub code: &'static str,
}

/// An act that somebody asks for.
pub struct Asked<'a> {
    /// Which.
    pub act: &'static Act,
    /// On what.
    pub record: &'a Record,
    /// What was filled in.
    pub filled: &'a Values,
    /// Who asks.
    pub by: &'a Actor,
    /// When.
    pub now: Timestamp,
}

/// What an act comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The record's values from now on.
    pub values: Values,
    /// How timelines tell it.
    pub head: Message,
    /// In the words of whoever did it.
    pub text: String,
}

/// What was just stored, within the same write.
pub struct Stored<'a> {
    /// What it was; nothing when it was made.
    pub old: Option<&'a Record>,
    /// What it is.
    pub new: &'a Record,
    /// What was only asked when it was made.
    pub asked: &'a Values,
    /// Who did it.
    pub by: &'a Actor,
    /// When.
    pub now: Timestamp,
    /// The office hours that dates follow.
    pub office: &'a OfficeHours,
}

impl Stored<'_> {
    /// Whose it is, where due items need somebody: the owner, or whoever did it.
    pub fn owner(&self) -> Option<UserId> {
        self.new.owner.or(self.by.user)
    }
}

/// The kinds of a program with what is special about each.
pub type Kinds = Vec<Arc<dyn Behaviour>>;
