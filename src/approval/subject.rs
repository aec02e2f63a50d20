//! The seam between approval and the rooms above it: what can be approved, and who carries effects out.
//!
//! A room implements [`Subject`] for each kind of record that workflows may carry, and [`EffectHandler`] for the effects it carries
//! out; `app` registers both. An effect without a handler stops the start.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::db::{Conn, DbError};
use crate::i18n::{Lang, Message};
use crate::kernel::manifest::PartOf;
use crate::kernel::{Actor, Amount, CaseId, Date, Hash, Kind, Manifest, Money, Ref, Timestamp, UserId};
use crate::org::Scope;
use crate::workflow::{Directory, Effect, Sight, SubjectFacts, SubjectSchema};

/// A kind of record that can be approved. Units run on one thread, so nothing here is `Send`.
#[async_trait(?Send)]
pub trait Subject: Send + Sync {
    /// What workflows may name.
    fn schema(&self) -> &SubjectSchema;

    /// The kind whose rights say who may read the record: its own, unless it belongs to another.
    fn read_as(&self) -> Kind {
        self.schema().kind.clone()
    }

    /// What people call such records, where roles are not granted them under a name of their own.
    fn kind_title(&self) -> Option<Message> {
        None
    }

    /// The record as the engine sees it, with its content manifest and the version that [`Subject::apply`] compares.
    async fn facts(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<SubjectFacts>, DbError>;

    /// The version that [`SubjectFacts`] carry, alone; every write of a case compares it.
    async fn version(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<i64>, DbError>;

    /// Carries what one command changed over to the record, in order and in the transaction that stores the events. Never empty; the
    /// version that stands in `at` was compared already.
    async fn apply(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        changes: &[SubjectChange],
        at: &CaseAt,
    ) -> Result<(), SubjectRefusal>;

    /// What the decision page shows on its first screen. Its document, payment and files are those that the reader sees.
    async fn brief(&self, c: &mut Conn<'_>, id: i64, reader: &Reader) -> Result<Option<Brief>, DbError>;

    /// Records that may be parts of one deal with this one (疑似拆分): of the same other party and department, at most
    /// [`ONE_DEAL_DAYS`] apart, and handed in.
    async fn beside(&self, _c: &mut Conn<'_>, _id: i64) -> Result<Vec<Beside>, DbError> {
        Ok(Vec::new())
    }

    /// The newest records within a scope of [`Subject::read_as`] whose number or title holds `words`, for a list to choose from.
    async fn newest(
        &self,
        _c: &mut Conn<'_>,
        _scope: &Scope,
        _words: &str,
        _limit: u32,
    ) -> Result<Vec<Listed>, DbError> {
        Ok(Vec::new())
    }

    /// The record with `text` in the part at `path`; `None` where nothing would differ, or the kind takes no texts at all.
    async fn rewritten(
        &self,
        _c: &mut Conn<'_>,
        _id: i64,
        _path: &str,
        _text: &str,
    ) -> Result<Option<Rewrite>, SubjectRefusal> {
        Ok(None)
    }

    /// Every content of the record that was handed in or decided on and is kept, the oldest first, for evidence.
    async fn kept(&self, _c: &mut Conn<'_>, _id: i64) -> Result<Vec<KeptContent>, DbError> {
        Ok(Vec::new())
    }

    /// Stores it, in the transaction that stores the events and before [`Subject::apply`]; the version was compared already.
    async fn rewrite(&self, _c: &mut Conn<'_>, _rewrite: &Rewrite, _at: &CaseAt) -> Result<(), SubjectRefusal> {
        Ok(())
    }
}

/// How far apart records may be that are parts of one deal, in days.
pub const ONE_DEAL_DAYS: u32 = 90;

/// A record that may be a part of one deal with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Its number.
    pub number: String,
    /// Its approval amount in the base currency.
    pub amount: Amount,
}

/// A record as a list to choose from shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id within its kind.
    pub id: i64,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// What people call it.
    pub title: String,
}

/// What a case does to its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectChange {
    /// Submitted: the content is locked, a number is given at the first time.
    Locked,
    /// An accepted suggestion or an edit went in while the case runs.
    Edited,
    /// The last deciding node has passed.
    Approved,
    /// An approval, rejection or return was undone in time: it is locked again.
    Reopened,
    /// Sent back to the drafter, or its approval was ended by an administrator; the drafter may change it.
    Returned,
    /// Taken back by the submitter, who may change it.
    Withdrawn,
    /// Taken back after it had been sent back: it was the drafter's already.
    GivenUp,
    /// The case ended by rejection.
    Rejected,
    /// Nothing is left to do in the case.
    Ended,
}

/// Of which case a change or an effect comes.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseAt {
    /// Which case.
    pub case: CaseId,
    /// The record.
    pub subject: Ref,
    /// Which round.
    pub round: u32,
    /// Who caused it; the system for timers.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The version of the record that was decided on.
    pub version: i64,
    /// The content that was decided on.
    pub content: Hash,
}

/// Why a record does not take a change.
#[derive(Debug, thiserror::Error)]
pub enum SubjectRefusal {
    /// Somebody changed the record meanwhile; the action reads again and decides again.
    #[error("the record changed meanwhile")]
    LostRace,
    /// The room refuses, with the reason for people.
    #[error("the record refuses: {0:?}")]
    Refused(Message),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Who meets a record.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their language.
    pub lang: Lang,
    /// The content that they decided on before.
    pub since: Option<Hash>,
    /// How much they may see.
    pub sight: Sight,
}

impl Reader {
    /// Somebody who sees all of it.
    pub fn of_all(lang: Lang, since: Option<Hash>) -> Self {
        Self { lang, since, sight: Sight::Whole }
    }
}

/// The record as an approver meets it (`experience.md`, the decision page).
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// What people call it.
    pub title: String,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// The other party.
    pub other_party: Option<String>,
    /// Our entity.
    pub our_entity: Option<String>,
    /// What kind of record, such as 软件服务合同.
    pub kind_label: String,
    /// Gross amount.
    pub amount: Option<Money>,
    /// What differs from the standard text, where there is one.
    pub deviations: Option<Vec<Part>>,
    /// What changed since the reader saw it; of a change of something that stands, what it changes.
    pub changes: Vec<Part>,
    /// Whether `changes` is the former.
    pub since_seen: bool,
    /// Black list, related party, overdue, over budget, 疑似拆分, performed before approval.
    pub red_facts: Vec<Message>,
    /// How it is paid, in one line.
    pub payment: Option<String>,
    /// First and last day, where it has them.
    pub term: Option<(Option<Date>, Option<Date>)>,
    /// The whole document, safe HTML.
    pub document: String,
    /// Where its page is.
    pub path: String,
    /// Its files; whoever decides on the record may open them.
    pub files: Vec<BriefFile>,
    /// Every part that a suggestion or a reason can be about, by path, with what people call it.
    pub parts: Vec<(String, String)>,
}

impl Brief {
    /// Without the parts that are not seen.
    #[must_use]
    pub fn seen(mut self, sight: &Sight) -> Self {
        self.changes.retain(|part| sight.covers(&part.path));
        self.parts.retain(|(path, _)| sight.covers(path));
        // That nothing deviates is said only to who sees all of it.
        self.deviations = self
            .deviations
            .map(|deviations| deviations.into_iter().filter(|part| sight.covers(&part.path)).collect::<Vec<_>>());
        self.deviations = self.deviations.filter(|deviations| sight.is_whole() || !deviations.is_empty());
        self
    }
}

/// A file of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BriefFile {
    /// The label of its slot.
    pub label: String,
    /// Its name.
    pub name: String,
    /// Under which it is kept.
    pub hash: Hash,
}

/// The record as it will be with another text in one part: worked out before the write, stored in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rewrite {
    /// Which record.
    pub id: i64,
    /// What the engine will see.
    pub facts: SubjectFacts,
    /// Which parts differ.
    pub paths: Vec<String>,
    /// What the record's room stores.
    pub content: serde_json::Value,
}

/// A content of a record as it was kept when it was handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptContent {
    /// Counted from 1 in the record.
    pub version: i64,
    /// Who handed it in.
    pub author: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Why there is another one.
    pub reason: String,
    /// The hash of the one before.
    pub previous: Option<Hash>,
    /// The lines that are hashed.
    pub manifest: Manifest,
    /// What the lines are over, by path.
    pub parts: Vec<(String, PartOf)>,
}

/// A part of the document that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `clauses/NAME`, `fields/NAME`, `plan/N` …
    pub path: String,
    /// What people call it.
    pub title: String,
    /// The difference, safe HTML with `ins` and `del`.
    pub redline: String,
}

/// What an effect needs beside itself.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectAt {
    /// Where it comes from.
    pub case: CaseAt,
    /// The name of the workflow.
    pub workflow: String,
    /// The approval amount of the round, in the base currency.
    pub amount: Option<Amount>,
    /// Unique for this effect: doing it twice with the same key does it once.
    pub key: String,
}

/// Carries effects out.
#[async_trait(?Send)]
pub trait EffectHandler: Send + Sync {
    /// The kind of record it serves.
    fn kind(&self) -> &Kind;

    /// The effects it carries out, by [`Effect::name`].
    fn names(&self) -> &'static [&'static str];

    /// What is wrong with an effect before anything runs, such as the name of a seal that there is not.
    fn check(&self, effect: &Effect, directory: &Directory) -> Result<(), Message>;

    /// Does it, in a transaction of its own; the same key twice does nothing the second time.
    async fn apply(
        &self,
        c: &mut Conn<'_>,
        at: &EffectAt,
        effect: &Effect,
        directory: &Directory,
    ) -> Result<(), SubjectRefusal>;
}

/// Everything that can be approved, and who carries effects out.
#[derive(Clone, Default)]
pub struct Registry {
    subjects: BTreeMap<Kind, Arc<dyn Subject>>,
    handlers: Vec<Arc<dyn EffectHandler>>,
}

impl Registry {
    /// Adds a kind of record.
    #[must_use]
    pub fn with_subject(mut self, subject: Arc<dyn Subject>) -> Self {
        self.subjects.insert(subject.schema().kind.clone(), subject);
        self
    }

    /// Adds who carries effects out.
    #[must_use]
    pub fn with_handler(mut self, handler: Arc<dyn EffectHandler>) -> Self {
        self.handlers.push(handler);
        self
    }

    /// The kind of record, if it can be approved.
    pub fn subject(&self, kind: &Kind) -> Option<&Arc<dyn Subject>> {
        self.subjects.get(kind)
    }

    /// What workflows may name, for `check`.
    pub fn schemas(&self) -> impl Iterator<Item = &SubjectSchema> {
        self.subjects.values().map(|subject| subject.schema())
    }

    /// Who carries an effect out for a kind of record.
    pub fn handler(&self, kind: &Kind, effect: &str) -> Option<&Arc<dyn EffectHandler>> {
        self.handlers.iter().find(|handler| handler.kind() == kind && handler.names().contains(&effect))
    }

    /// Effects that a kind of record declares and nobody carries out; empty at every sound start.
    pub fn orphans(&self) -> Vec<(Kind, &'static str)> {
        let declared = self.schemas().flat_map(|schema| schema.effects.iter().map(|name| (schema.kind.clone(), *name)));
        declared.filter(|(kind, name)| self.handler(kind, name).is_none()).collect()
    }
}
