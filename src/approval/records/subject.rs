//! A declared kind of record for the registry of approval.

use std::sync::Arc;

use async_trait::async_trait;

use super::{brief, evidence, facts, rewriting};
use crate::approval::{Brief, CaseAt, KeptContent, Listed, Reader, Rewrite, Subject, SubjectChange, SubjectRefusal};
use crate::db::{Conn, DbError};
use crate::i18n::Explain as _;
use crate::kernel::{Clock, Timestamp};
use crate::org::Scope;
use crate::record::{self, Behaviour, Held, HeldAt, HoldState, Kind, Kinds, Record, RecordError, Seen, Values};
use crate::workflow::{Directory, SubjectFacts, SubjectSchema};

/// The people as they are now, for their names.
pub type Whom = Arc<dyn Fn() -> Arc<Directory> + Send + Sync>;

/// Records of one kind.
pub struct RecordSubject {
    behaviour: Arc<dyn Behaviour>,
    /// What is special about the other kinds, which its records hang on.
    kinds: Kinds,
    whom: Whom,
    clock: Arc<dyn Clock>,
    schema: SubjectSchema,
}

impl RecordSubject {
    /// One subject a kind.
    pub fn of_all(kinds: &Kinds, whom: &Whom, clock: &Arc<dyn Clock>) -> Vec<Arc<Self>> {
        let subject = |behaviour: &Arc<dyn Behaviour>| {
            let (behaviour, kinds, whom) = (Arc::clone(behaviour), kinds.clone(), Arc::clone(whom));
            Arc::new(Self { schema: facts::schema(behaviour.kind()), behaviour, kinds, whom, clock: Arc::clone(clock) })
        };
        kinds.iter().map(subject).collect()
    }

    /// What workflows may name of each kind.
    pub fn schemas(kinds: &Kinds) -> Vec<SubjectSchema> {
        kinds.iter().map(|behaviour| facts::schema(behaviour.kind())).collect()
    }

    /// The kind.
    pub fn kind(&self) -> &'static Kind {
        self.behaviour.kind()
    }

    pub(super) fn behaviour(&self) -> &dyn Behaviour {
        self.behaviour.as_ref()
    }

    pub(super) fn directory(&self) -> Arc<Directory> {
        (self.whom)()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is marked about a record of another kind.
    pub(super) fn marks_of(&self, kind: &Kind, record: &Record) -> Vec<&'static str> {
        self.special(kind).map(|one| one.marks(record)).unwrap_or_default()
    }

    pub(super) fn special(&self, kind: &Kind) -> Option<&dyn Behaviour> {
        let found = self.kinds.iter().find(|one| one.kind().name() == kind.name());
        found.map(AsRef::as_ref)
    }

    /// What the engine sees of it with these values in its fields.
    pub(super) fn facts_with(&self, seen: &Seen, values: &Values) -> Result<Option<SubjectFacts>, DbError> {
        facts::facts(self, seen, values)
    }
}

#[async_trait(?Send)]
impl Subject for RecordSubject {
    fn schema(&self) -> &SubjectSchema {
        &self.schema
    }

    async fn facts(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<SubjectFacts>, DbError> {
        let Some(seen) = record::seen(c, self.kind(), id).await? else { return Ok(None) };
        let proposed = self.behaviour.proposed(&seen.record);
        self.facts_with(&seen, &proposed)
    }

    async fn version(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<i64>, DbError> {
        record::version_of(c, self.kind(), id).await
    }

    async fn apply(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        changes: &[SubjectChange],
        at: &CaseAt,
    ) -> Result<(), SubjectRefusal> {
        let mut held = Held::take(c, self.behaviour(), id, held_at(at)).await?;
        for change in changes {
            match change {
                SubjectChange::Locked => held.lock(c).await?,
                SubjectChange::Approved => held.approve(c).await?,
                SubjectChange::Reopened => held.reopen(c).await?,
                SubjectChange::Returned => held.release(c, HoldState::Returned).await?,
                SubjectChange::Withdrawn | SubjectChange::GivenUp => held.release(c, HoldState::Withdrawn).await?,
                SubjectChange::Rejected => held.release(c, HoldState::Rejected).await?,
                SubjectChange::Ended => held.end(c).await?,
                // The suggestion that was taken is stored already.
                SubjectChange::Edited => {}
            }
        }
        Ok(())
    }

    async fn brief(&self, c: &mut Conn<'_>, id: i64, reader: &Reader) -> Result<Option<Brief>, DbError> {
        brief::of(self, c, id, reader).await
    }

    async fn kept(&self, c: &mut Conn<'_>, id: i64) -> Result<Vec<KeptContent>, DbError> {
        evidence::kept(c, &self.kind().reference(id)).await
    }

    async fn rewritten(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        path: &str,
        text: &str,
    ) -> Result<Option<Rewrite>, SubjectRefusal> {
        rewriting::rewritten(self, c, id, (path, text)).await
    }

    async fn rewrite(&self, c: &mut Conn<'_>, rewrite: &Rewrite, at: &CaseAt) -> Result<(), SubjectRefusal> {
        rewriting::store(self, c, rewrite, at).await
    }

    async fn newest(&self, c: &mut Conn<'_>, scope: &Scope, words: &str, limit: u32) -> Result<Vec<Listed>, DbError> {
        let found = record::newest(c, scope, self.kind(), (words, limit)).await?;
        Ok(found.into_iter().map(|one| Listed { id: one.id, number: None, title: one.title }).collect())
    }
}

/// Of which case a record hears.
pub(super) fn held_at(at: &CaseAt) -> HeldAt {
    HeldAt { case: at.case, by: at.actor, at: at.at }
}

impl From<RecordError> for SubjectRefusal {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Changed => Self::LostRace,
            RecordError::Db(error) => Self::Db(error),
            other => Self::Refused(other.message()),
        }
    }
}
