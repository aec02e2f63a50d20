//! The handle of this room.

use std::sync::{Arc, OnceLock};

use super::approver::Approver;
use super::behaviour::{Behaviour, Kinds};
use super::dictionary::{self, Dictionaries};
use super::error::RecordError;
use super::hold::{self, Hold};
use super::kind::Kind;
use super::store::Record;
use crate::db::{Conn, Db};
use crate::kernel::{Actor, Clock, OfficeHours, Timestamp, UserId};
use crate::org::{Action, Forbidden, Org, Scope};

/// Records of every kind; cheap to clone.
#[derive(Clone)]
pub struct Records(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) org: Org,
    pub(super) office: OfficeHours,
    kinds: Kinds,
    approver: OnceLock<Arc<dyn Approver>>,
}

impl Records {
    /// The room over its database, with the kinds of the rooms above.
    pub fn new(db: Db, clock: Arc<dyn Clock>, org: Org, kinds: Kinds) -> Self {
        Self(Arc::new(Inner { db, clock, org, office: OfficeHours::default(), kinds, approver: OnceLock::new() }))
    }

    /// From now on records can be approved; the first one stays.
    pub fn approve_through(&self, approver: Arc<dyn Approver>) {
        // Whoever puts the rooms together does it once.
        drop(self.0.approver.set(approver));
    }

    /// What approval knows of a record.
    pub async fn hold(&self, kind: &'static Kind, id: i64) -> Result<Option<Hold>, RecordError> {
        let subject = kind.reference(id);
        Ok(self.0.db.read(async move |c: &mut Conn<'_>| hold::hold_of(c, &subject).await).await?)
    }

    /// Refuses to have a record handed in that is not free for it.
    pub fn demand_free(&self, kind: &'static Kind, record: &Record, hold: Option<&Hold>) -> Result<(), RecordError> {
        hold::free(self.behaviour(kind).as_ref(), record, hold)
    }

    /// Who has records approved, where somebody does.
    pub(super) fn approver(&self) -> Option<&Arc<dyn Approver>> {
        self.0.approver.get()
    }

    /// The kinds with what is special about each.
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> + '_ {
        self.0.kinds.iter().map(|one| one.kind())
    }

    /// The kind of that name.
    pub fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.kinds().find(|kind| kind.name == name)
    }

    /// The kinds that hang on it.
    pub(super) fn children(&self, of: &'static Kind) -> impl Iterator<Item = &'static Kind> + '_ {
        self.kinds().filter(move |kind| kind.parent.is_some_and(|parent| parent.name == of.name))
    }

    /// What is special about a kind; nothing about one that was not registered.
    pub(super) fn behaviour(&self, kind: &'static Kind) -> Arc<dyn Behaviour> {
        let found = self.0.kinds.iter().find(|one| one.kind().name == kind.name);
        found.cloned().unwrap_or_else(|| Arc::new(super::behaviour::Plain(kind)))
    }

    /// Every list of choices.
    pub async fn dictionaries(&self) -> Result<Dictionaries, RecordError> {
        Ok(self.0.db.read(async |c: &mut Conn<'_>| dictionary::load(c).await).await?)
    }

    /// Which records of a kind somebody may do that with; the program itself with all.
    pub(super) fn scope(&self, by: &Actor, kind: &Kind, action: Action) -> Result<Scope, Forbidden> {
        match by.user {
            Some(user) => self.scope_of(user, kind, action),
            None => Ok(self.0.org.scope_of_the_program(&kind.protected(), action)),
        }
    }

    /// Which records of a kind a person may do that with.
    pub fn scope_of(&self, user: UserId, kind: &Kind, action: Action) -> Result<Scope, Forbidden> {
        self.0.org.scope_of(user, &kind.protected(), action)
    }

    /// Whether a person may do that with some record of the kind.
    pub fn may(&self, user: UserId, kind: &Kind, action: Action) -> bool {
        self.scope_of(user, kind, action).is_ok()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}
