//! The one write of a command.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ask::{Done, Key};
use super::figures::Written;
use super::projection::Changes;
use super::store::cases::{CaseRow, StoredEvent};
use super::store::effects::NewEffect;
use super::store::keys::Answered;
use super::telling::{Cause, Ending, Telling, prefix_of_task};
use super::{ApprovalError, CaseAt, Rewrite, Subject, SubjectChange, store};
use crate::db::{self, AuditEntry, Conn, DbError};
use crate::kernel::{Actor, Amount, CaseId, Hash, Ref, Timestamp};
use crate::notify;
use crate::org::Org;
use crate::workflow::{DecisionNumber, Effect, Refusal, Status, TaskNumber};

/// Said after every change of a case.
pub const TOPIC: &str = "approval";
/// Said to each person whose boxes changed, as `approvals@ID`.
pub const TOPIC_OF: &str = "approvals";
/// The constraint by which a record has one open case.
const ONE_OPEN_CASE: &str = "approval_case_subject_kind_subject_id_key";

/// What became clear and is not stored yet. Storing it again and again is the same as once: it compares the versions it read.
pub struct Prepared {
    pub(super) whose: Whose,
    pub(super) row: CaseRow,
    /// The state, where it is kept.
    pub(super) state: Option<String>,
    pub(super) status: Status,
    pub(super) decision: Option<DecisionNumber>,
    pub(super) events: Vec<StoredEvent>,
    pub(super) rows: Changes,
    /// What figures are counted from.
    pub(super) figures: Written,
    pub(super) effects: Vec<NewEffect>,
    pub(super) effects_recorded: bool,
    /// What people hear, and by what it is known.
    pub(super) told: Vec<Telling>,
    pub(super) cause: Cause,
    pub(super) not_before: Timestamp,
    /// Links that end with it.
    pub(super) ended: Vec<Ending>,
    pub(super) taken_back: Option<TakenBack>,
    pub(super) changes: Vec<SubjectChange>,
    pub(super) directory: i64,
    pub(super) subject: Arc<dyn Subject>,
    pub(super) origin: Origin,
    pub(super) key: Option<Key>,
    pub(super) rewrite: Option<Rewrite>,
    pub(super) word: &'static str,
}

/// A decision that was undone.
pub(super) struct TakenBack {
    /// Which.
    pub(super) decision: DecisionNumber,
    /// Its event.
    pub(super) since: i64,
    /// Tasks that are open again.
    pub(super) reopened: Vec<TaskNumber>,
}

/// Which case it belongs to.
pub(super) enum Whose {
    /// One that starts now.
    New {
        /// Name of its workflow.
        workflow: String,
        /// A case that was taken back, at that event: this one takes its place.
        instead_of: Option<(CaseId, i64)>,
    },
    /// One that stood at event `seq`.
    Known {
        /// Which.
        case: CaseId,
        /// Where it stood.
        seq: i64,
        /// Whether it was taken back and another took its place.
        made_way: bool,
    },
}

/// Where a change or an effect comes from, but for the case, whose id a new one does not have yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Origin {
    pub(super) subject: Ref,
    pub(super) round: u32,
    pub(super) actor: Actor,
    pub(super) at: Timestamp,
    pub(super) version: i64,
    pub(super) content: Hash,
    pub(super) workflow: String,
    pub(super) amount: Option<Amount>,
}

impl Origin {
    pub(super) fn of(&self, case: CaseId) -> CaseAt {
        CaseAt {
            case,
            subject: self.subject.clone(),
            round: self.round,
            actor: self.actor,
            at: self.at,
            version: self.version,
            content: self.content,
        }
    }
}

impl Prepared {
    /// Stores state, events, what inboxes read and figures are counted from, effects, the change of the record and the answer of the key, if nothing that was read
    /// has moved.
    pub async fn store(&self, c: &mut Conn<'_>) -> Result<Done, ApprovalError> {
        self.unmoved(c).await?;
        let at = self.origin.at;
        let case = self.case(c).await?;
        store::cases::append(c, case, at, &self.events).await?;
        if let Some(state) = &self.state {
            store::states::put(c, case, self.row.seq, state).await?;
        }
        store::inbox::save(c, case, &self.rows, at).await?;
        store::figures::save(c, case, &self.figures).await?;
        if let Some(back) = &self.taken_back {
            self.take_back(c, case, back).await?;
        }
        for effect in &self.effects {
            store::effects::insert(c, case, effect, self.effects_recorded).await?;
        }
        if let Some(rewrite) = &self.rewrite {
            self.subject.rewrite(c, rewrite, &self.origin.of(case)).await?;
        }
        if !self.changes.is_empty() {
            self.subject.apply(c, self.origin.subject.id, &self.changes, &self.origin.of(case)).await?;
        }
        self.end_links(c, case).await?;
        self.tell(c, case).await?;
        let done = self.done(case);
        self.answer(c, done).await?;
        self.audit(c, done).await?;
        c.notify(TOPIC);
        for person in self.rows.people() {
            c.notify(format!("{TOPIC_OF}@{person}"));
        }
        Ok(done)
    }

    /// The effects that the command sets off, for a room that has to know of them in the same unit.
    pub fn effects_due(&self) -> Result<Vec<Effect>, ApprovalError> {
        self.effects.iter().map(|effect| Ok(serde_json::from_str(&effect.effect)?)).collect()
    }

    /// Messages, effects and links of an undone decision, as if it had never been.
    async fn take_back(&self, c: &mut Conn<'_>, case: CaseId, back: &TakenBack) -> Result<(), ApprovalError> {
        if !store::effects::take_back(c, case, back.since).await? {
            return Err(Refusal::TooLateToUndo.into());
        }
        notify::over_all(c, &Cause::Decision(back.decision).prefix(case), self.origin.at).await?;
        for task in &back.reopened {
            store::links::revive(c, case, *task, back.since).await?;
        }
        Ok(())
    }

    /// Links and messages about what nobody is asked any more.
    async fn end_links(&self, c: &mut Conn<'_>, case: CaseId) -> Result<(), DbError> {
        let now = (self.origin.at, self.row.seq);
        for ending in &self.ended {
            match ending {
                Ending::Task(task, decider) => {
                    store::links::end_of_task(c, (case, *task), *decider, now).await?;
                    notify::over_all(c, &prefix_of_task(case, *task, None), self.origin.at).await?;
                }
                Ending::Person(task, person) => {
                    store::links::end_of_person(c, (case, *task), *person, now).await?;
                    notify::over_all(c, &prefix_of_task(case, *task, Some(*person)), self.origin.at).await?;
                }
            }
        }
        Ok(())
    }

    async fn tell(&self, c: &mut Conn<'_>, case: CaseId) -> Result<(), DbError> {
        for telling in &self.told {
            if let Some(link) = telling.link() {
                store::links::insert(c, case, link, self.origin.at).await?;
            }
            let message = telling.message(case, self.cause, &self.origin.subject, self.not_before);
            notify::post(c, &message).await?;
        }
        Ok(())
    }

    /// The versions that were read still stand.
    async fn unmoved(&self, c: &mut Conn<'_>) -> Result<(), ApprovalError> {
        let subject = self.subject.version(c, self.origin.subject.id).await?;
        let directory = Org::directory_version(c).await?;
        if subject == Some(self.origin.version) && directory == self.directory {
            Ok(())
        } else {
            Err(ApprovalError::LostRace)
        }
    }

    async fn case(&self, c: &mut Conn<'_>) -> Result<CaseId, ApprovalError> {
        let at = self.origin.at;
        match &self.whose {
            Whose::Known { case, seq, .. } => {
                let stood = store::cases::update(c, *case, *seq, &self.row, at).await?;
                if stood { Ok(*case) } else { Err(ApprovalError::LostRace) }
            }
            Whose::New { workflow, instead_of } => {
                if let Some((taken_back, seq)) = instead_of
                    && !store::cases::make_way(c, *taken_back, *seq).await?
                {
                    return Err(ApprovalError::LostRace);
                }
                let made = store::cases::insert(c, &self.origin.subject, workflow, &self.row, at).await;
                made.map_err(|error: DbError| match error {
                    taken if taken.is_unique(ONE_OPEN_CASE) => ApprovalError::LostRace,
                    other => ApprovalError::Db(other),
                })
            }
        }
    }

    fn done(&self, case: CaseId) -> Done {
        let first = self.events.first().map_or(self.row.seq + 1, |event| event.seq);
        let (last, decision, status) = (self.row.seq, self.decision, self.status);
        Done { case, first, last, decision, status, repeated: false }
    }

    async fn audit(&self, c: &mut Conn<'_>, done: Done) -> Result<(), DbError> {
        let entry = AuditEntry {
            at: self.origin.at,
            actor: self.origin.actor,
            subject: self.origin.subject.clone(),
            action: self.word,
            old: None,
            new: Some(serde_json::json!({ "case": done.case, "first": done.first, "last": done.last })),
        };
        db::record(c, &entry).await
    }

    async fn answer(&self, c: &mut Conn<'_>, done: Done) -> Result<(), ApprovalError> {
        let Some(key) = &self.key else { return Ok(()) };
        let Done { case, first, last, decision, status, .. } = done;
        let fresh = store::keys::put(c, key, Answered { case, first, last, decision, status }, self.origin.at).await?;
        if fresh { Ok(()) } else { Err(ApprovalError::LostRace) }
    }
}
