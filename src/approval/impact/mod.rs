//! What publishing a draft would do, tried on the newest records and cases that there are. It only reads.

mod grid;
mod words;

use std::sync::Arc;

use super::desk::without_errors;
use super::store::cases::{self, StoredCase};
use super::workflows::{self, Workflow};
use super::{ApprovalError, Approvals, store};
use crate::db::Conn;
use crate::kernel::{CaseId, Hash, Kind, Ref};
use crate::org::Org;
use crate::workflow::impact::{Course, Fate, Hindrance, Rules, fate, hindrances};
use crate::workflow::{Case, Definition, Directory, Facts, SubjectFacts};

pub use grid::{GridImpact, grid_summary, of_grid};
pub use words::{Occasion, case_said, record_said, summary};

/// Records and cases that are looked at where nobody says how many.
pub const USUAL: usize = 300;
/// Records and cases that are looked at in one go at most.
pub const MOST: usize = 1_000;
/// Records that are read at one instant.
const A_BATCH: usize = 50;

/// What publishing a draft would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Impact {
    /// The name that the draft gives itself.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The kind of record.
    pub subject: Kind,
    /// The version that is current under its name.
    pub published: Option<Hash>,
    /// Every record that was looked at, the newest case first.
    pub records: Vec<RecordImpact>,
    /// Running cases of its name that were looked at.
    pub running: usize,
    /// Those of them that could not be moved to the draft, the newest first.
    pub unmovable: Vec<UnmovableCase>,
}

/// What becomes of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordImpact {
    /// Its newest case.
    pub case: CaseId,
    /// The record.
    pub subject: Ref,
    /// What it is called.
    pub title: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// A running case that could not be moved to the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmovableCase {
    /// Which.
    pub case: CaseId,
    /// What its record is called.
    pub title: String,
    /// What stands in the way; never empty.
    pub hindrances: Vec<Hindrance>,
}

/// How many records each thing happens to. The first six tell every record once; the rest are among those that the draft takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Nothing to the draft.
    pub untouched: usize,
    /// Taken by no workflow until now.
    pub gained: usize,
    /// Taken by no workflow any more, unless another takes them.
    pub lost: usize,
    /// Taken by another published workflow, too.
    pub contested: usize,
    /// Whether they are taken cannot be said.
    pub undecided: usize,
    /// The same nodes and people.
    pub same: usize,
    /// Other nodes or people.
    pub changed: usize,
    /// Reach nobody somewhere on their way.
    pub nobody: usize,
    /// Stuck for another reason.
    pub stuck: usize,
    /// Lack a file that the draft asks for.
    pub files_missing: usize,
}

impl RecordImpact {
    /// Whether somebody who weighs the draft must look at it.
    pub fn is_remarkable(&self) -> bool {
        let quiet = |after: &Course| after.troubles().next().is_none() && after.missing_files.is_empty();
        match &self.fate {
            Fate::Untouched => false,
            Fate::Same { after } => !quiet(after),
            _ => true,
        }
    }
}

impl Figures {
    /// Counts what becomes of records.
    fn of(records: &[RecordImpact]) -> Self {
        let mut figures = Self::default();
        for record in records {
            *match record.fate {
                Fate::Untouched => &mut figures.untouched,
                Fate::Undecided { .. } => &mut figures.undecided,
                Fate::Gained { .. } => &mut figures.gained,
                Fate::Lost { .. } => &mut figures.lost,
                Fate::Contested { .. } => &mut figures.contested,
                Fate::Same { .. } => &mut figures.same,
                Fate::Changed { .. } => &mut figures.changed,
            } += 1;
            if let Some(after) = record.fate.after() {
                figures.nobody += usize::from(after.reaches_nobody());
                figures.stuck += usize::from(after.is_stuck_otherwise());
                figures.files_missing += usize::from(!after.missing_files.is_empty());
            }
        }
        figures
    }
}

impl Impact {
    /// How many records each thing happens to.
    pub fn figures(&self) -> Figures {
        Figures::of(&self.records)
    }

    /// The records that somebody who weighs the draft must look at, the newest case first.
    pub fn remarkable(&self) -> impl Iterator<Item = &RecordImpact> {
        self.records.iter().filter(|record| record.is_remarkable())
    }
}

/// One record as it is read.
struct Tried {
    stored: StoredCase,
    state: Case,
    facts: SubjectFacts,
}

/// Tries a workflow in which `check` finds no error on the newest `last` records of its kind that were handed in.
pub async fn of_draft(
    approvals: &Approvals,
    source: &str,
    file: &str,
    directory: &Directory,
    last: usize,
) -> Result<Impact, ApprovalError> {
    without_errors(approvals, source, file, &approvals.shelf().await?, directory)?;
    approvals.impact(source, file, last).await
}

impl Approvals {
    /// The same, whatever `check` would say; as many running cases of its name are looked at. Records that are gone are passed over.
    async fn impact(&self, source: &str, file: &str, last: usize) -> Result<Impact, ApprovalError> {
        let (draft, _) = workflows::read(source, file, &self.shelf().await?, None, self.now())?;
        let definition = &draft.definition;
        let kind = definition.subject.clone();
        if self.registry().subject(&kind).is_none() {
            return Err(ApprovalError::UnknownKind(kind));
        }
        let last = store::column(last.min(MOST) as u64);
        let (name, of_kind) = (definition.name.clone(), kind.clone());
        let ground = async move |c: &mut Conn<'_>| {
            let current = store::workflows::current_of(c, &of_kind).await?;
            let submitted = cases::submitted(c, &of_kind, last).await?;
            let running = cases::running(c, &name, last).await?;
            Ok::<_, ApprovalError>((current, submitted, running))
        };
        let (current, submitted, running) = self.0.db.read(ground).await?;
        let mut published = Vec::new();
        for version in current {
            published.push(self.workflow(version).await?);
        }
        let own = published.iter().find(|one| one.definition.name == definition.name);
        Ok(Impact {
            name: definition.name.clone(),
            title: definition.title.clone(),
            published: own.map(|own| own.definition.version),
            records: self.records(&draft, &published, &submitted).await?,
            running: running.len(),
            unmovable: self.unmovable(definition, &running).await?,
            subject: kind,
        })
    }

    async fn records(
        &self,
        draft: &Workflow,
        published: &[Arc<Workflow>],
        submitted: &[StoredCase],
    ) -> Result<Vec<RecordImpact>, ApprovalError> {
        let published: Vec<Rules<'_>> = published.iter().map(|workflow| rules(workflow)).collect();
        self.each(submitted, |state, facts| fate(rules(draft), &published, state, facts)).await
    }

    /// What becomes of each record that is still there.
    async fn each(
        &self,
        submitted: &[StoredCase],
        fate: impl Fn(&Case, &Facts) -> Fate,
    ) -> Result<Vec<RecordImpact>, ApprovalError> {
        let now = self.now();
        let mut records = Vec::new();
        for batch in submitted.chunks(A_BATCH) {
            let (batch, registry) = (batch.to_vec(), self.registry().clone());
            let read = async move |c: &mut Conn<'_>| {
                let mut tried = Vec::new();
                for stored in &batch {
                    let Some(subject) = registry.subject(&stored.subject.kind) else { continue };
                    if let Some(facts) = subject.facts(c, stored.subject.id).await? {
                        tried.push(Tried { state: stored.state(c).await?, stored: stored.clone(), facts });
                    }
                }
                Ok::<_, ApprovalError>((tried, Org::directory_version(c).await?))
            };
            let (tried, directory) = self.0.db.read(read).await?;
            for Tried { stored, state, facts } in tried {
                let facts = self.0.facts(now, facts, directory).await?;
                let fate = fate(&state, &facts);
                records.push(RecordImpact { case: stored.id, subject: stored.subject, title: stored.title, fate });
            }
        }
        Ok(records)
    }

    async fn unmovable(&self, draft: &Definition, running: &[StoredCase]) -> Result<Vec<UnmovableCase>, ApprovalError> {
        let mut unmovable = Vec::new();
        for batch in running.chunks(A_BATCH) {
            let asked = batch.to_vec();
            let read = async move |c: &mut Conn<'_>| {
                let mut states = Vec::new();
                for stored in &asked {
                    states.push(stored.state(c).await?);
                }
                Ok::<_, ApprovalError>(states)
            };
            for (stored, state) in batch.iter().zip(self.0.db.read(read).await?) {
                let workflow = self.workflow(stored.definition).await?;
                let hindrances = hindrances(draft, &workflow.definition, &state);
                if !hindrances.is_empty() {
                    unmovable.push(UnmovableCase { case: stored.id, title: stored.title.clone(), hindrances });
                }
            }
        }
        Ok(unmovable)
    }
}

fn rules(workflow: &Workflow) -> Rules<'_> {
    Rules { definition: &workflow.definition, script: &workflow.script }
}
