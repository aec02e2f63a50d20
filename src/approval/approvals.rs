//! The handle of this room.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::ask::{Ask, Done};
use super::prepare::Ready;
use super::prepared::Prepared;
use super::store::publications::{Publication, Through};
use super::store::workflows::WorkflowVersion;
use super::workflows::{self, Workflow, Workflows};
use super::{ApprovalError, EffectHandler, People, Registry, SubjectRefusal, store};
use crate::db::{Conn, Db};
use crate::kernel::{CaseId, Clock, Date, Hash, OfficeHours, Random, Recent, Timestamp, UserId, WorkCalendar};
use crate::org::Org;
use crate::workflow::language::Shelf;
use crate::workflow::{Act, Case, Definition, Directory, Effect};

/// How often a command is decided anew after others were faster.
pub(super) const RACES: usize = 5;

/// States that are remembered young, and as many old.
const RECENT: usize = 256;

/// What the company sets.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Working days.
    pub calendar: Arc<WorkCalendar>,
    /// Office hours.
    pub office: OfficeHours,
    /// How long a decision can be undone; its messages and effects leave after that.
    pub undo_seconds: u32,
    /// Effects are kept and never carried out, and nobody is told: a replay.
    pub effects_recorded: bool,
}

/// Running cases; cheap to clone.
#[derive(Clone)]
pub struct Approvals(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    /// Where the tokens of links come from.
    pub(super) random: Arc<dyn Random>,
    pub(super) people: Arc<dyn People>,
    pub(super) registry: Registry,
    pub(super) practice: Practice,
    pub(super) workflows: Workflows,
    /// States by the heads of their chains.
    pub(super) recent: Arc<Recent<Hash, Arc<Case>>>,
    /// What the chains of this installation begin with.
    pub(super) installation: [u8; 16],
    /// Held while an evidence bundle is made.
    pub(super) bundling: tokio::sync::Mutex<()>,
}

impl Approvals {
    /// The day where the company is.
    pub fn today(&self) -> Date {
        self.0.clock.now().date_in(self.0.practice.office.zone())
    }

    /// Opens the room over a migrated database; writes nothing where there was an installation before.
    pub async fn open(
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        people: Arc<dyn People>,
        registry: Registry,
        practice: Practice,
    ) -> Result<Self, ApprovalError> {
        let installation = match db.installed().await? {
            Some(identity) => *identity.as_bytes(),
            None => *db.installation(random.as_ref(), clock.now()).await?.as_bytes(),
        };
        let (workflows, recent) = (Workflows::default(), Arc::new(Recent::new(RECENT)));
        let bundling = tokio::sync::Mutex::default();
        let inner = Inner { db, clock, random, people, registry, practice, workflows, recent, installation, bundling };
        Ok(Self(Arc::new(inner)))
    }

    /// Carries a command out: reads one snapshot, decides, and stores if nothing moved meanwhile, at most five times.
    pub async fn act(&self, ask: Ask) -> Result<Done, ApprovalError> {
        for _ in 0..RACES {
            let prepared = match self.prepare(&ask).await? {
                Ready::Nothing(done) => return Ok(done),
                Ready::ToStore(prepared) => prepared,
            };
            let stored = match self.can_be_taken(&ask.act, &prepared).await {
                // Whatever moves a case writes its row, and whatever moves its record compares the version.
                Ok(()) => self.0.db.write_compared(async move |c| prepared.store(c).await).await,
                Err(error) => Err(error),
            };
            match stored {
                Err(ApprovalError::LostRace) => {}
                stored => return stored,
            }
        }
        Err(ApprovalError::LostRace)
    }

    /// Refuses a suggestion that the record could not take, so that whoever makes it hears of that and not the drafter.
    async fn can_be_taken(&self, act: &Act, prepared: &Prepared) -> Result<(), ApprovalError> {
        let Act::Suggest { path, text, .. } = act else { return Ok(()) };
        let (subject, id) = (Arc::clone(&prepared.subject), prepared.origin.subject.id);
        let (path, text) = (path.clone(), text.clone());
        let read = async move |c: &mut Conn<'_>| match subject.rewritten(c, id, &path, &text).await {
            Err(SubjectRefusal::Refused(message)) => Err(ApprovalError::SuggestionUnfit(message)),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        };
        self.0.db.read(read).await
    }

    /// Stores a version of a workflow as it is read, whatever `check` would say of it; from now on new cases take it, and cases under
    /// way keep theirs. What people hand in goes through [`publish`](super::publish).
    pub async fn publish(&self, source: &str, file: &str, by: Option<UserId>) -> Result<Hash, ApprovalError> {
        let (workflow, version) = workflows::read(source, file, &self.shelf().await?, by, self.0.clock.now())?;
        self.effects_known(&workflow.definition)?;
        self.make_current(workflow, version).await
    }

    /// The workflows that new cases take, for files that run them.
    pub async fn shelf(&self) -> Result<Shelf, ApprovalError> {
        self.0.workflows.shelf(&self.0.db).await
    }

    /// From now on new cases take this version.
    pub(super) async fn make_current(
        &self,
        workflow: Workflow,
        version: WorkflowVersion,
    ) -> Result<Hash, ApprovalError> {
        let hash = version.version;
        let definition = Arc::new(workflow.definition);
        let unit =
            async move |c: &mut Conn<'_>| workflows::publish(c, &definition, &version, &Through::default()).await;
        self.0.db.write(unit).await?;
        Ok(hash)
    }

    /// Every effect that the file names has somebody who carries it out.
    fn effects_known(&self, definition: &Definition) -> Result<(), ApprovalError> {
        if self.0.practice.effects_recorded {
            return Ok(());
        }
        workflows::effects(definition).into_iter().try_for_each(|effect| self.handler(definition, effect).map(drop))
    }

    /// Whoever carries the effects of the file out finds nothing wrong with them, as the company is now.
    pub(super) fn effects_possible(&self, definition: &Definition, directory: &Directory) -> Result<(), ApprovalError> {
        workflows::effects(definition).into_iter().try_for_each(|effect| {
            let checked = self.handler(definition, effect)?.check(effect, directory);
            checked.map_err(|reason| ApprovalError::EffectRefused { effect: effect.name(), reason })
        })
    }

    fn handler(&self, definition: &Definition, effect: &Effect) -> Result<&Arc<dyn EffectHandler>, ApprovalError> {
        let effect = effect.name();
        self.0.registry.handler(&definition.subject, effect).ok_or(ApprovalError::NoHandler { effect })
    }

    /// Stores a shipped workflow, which runs no other, where no version of that name was ever current; published ones rule from then
    /// on.
    pub async fn seed(&self, source: &str, file: &str) -> Result<(), ApprovalError> {
        let (workflow, version) = workflows::read(source, file, &Shelf::default(), None, self.0.clock.now())?;
        let definition = Arc::new(workflow.definition);
        let unit = async move |c: &mut Conn<'_>| {
            let current = store::workflows::current(c).await?;
            if current.iter().any(|known| known.name == version.name) {
                return Ok(());
            }
            workflows::publish(c, &definition, &version, &Through::default()).await
        };
        self.0.db.write(unit).await
    }

    /// The versions that new cases take, by name.
    pub async fn current_workflows(&self) -> Result<Vec<WorkflowVersion>, ApprovalError> {
        Ok(self.0.db.read(async |c| store::workflows::current(c).await).await?)
    }

    /// Every version of a name that was ever published, the newest first.
    pub async fn workflow_versions(&self, name: &str) -> Result<Vec<WorkflowVersion>, ApprovalError> {
        let name = name.to_owned();
        Ok(self.0.db.read(async move |c| store::workflows::versions(c, &name).await).await?)
    }

    /// When which version of a name became the current one and through whom, the newest first.
    pub async fn publications(&self, name: &str) -> Result<Vec<Publication>, ApprovalError> {
        let name = name.to_owned();
        Ok(self.0.db.read(async move |c| store::publications::of(c, &name).await).await?)
    }

    /// A version as it is stored.
    pub async fn workflow_version(&self, version: Hash) -> Result<Option<WorkflowVersion>, ApprovalError> {
        Ok(self.0.db.read(async move |c| store::workflows::by_version(c, version).await).await?)
    }

    /// How long a decision can be undone.
    pub fn undo_seconds(&self) -> u32 {
        self.0.practice.undo_seconds
    }

    /// The instant that it is.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Where the company is.
    pub fn zone(&self) -> &TimeZone {
        self.0.practice.office.zone()
    }

    /// A version that is ready to run.
    pub async fn workflow(&self, version: Hash) -> Result<Arc<Workflow>, ApprovalError> {
        self.0.workflows.get(&self.0.db, version).await
    }

    /// The events of a case, oldest first.
    pub async fn events(&self, case: CaseId) -> Result<Vec<store::cases::StoredEvent>, ApprovalError> {
        Ok(self.0.db.read(async move |c| store::cases::events(c, case).await).await?)
    }

    /// Where a case stands.
    pub async fn state(&self, case: CaseId) -> Result<Case, ApprovalError> {
        let read = async move |c: &mut Conn<'_>| {
            let stored = store::cases::by_id(c, case).await?.ok_or(ApprovalError::NoCase(case))?;
            Ok::<_, ApprovalError>(stored.state(c).await?)
        };
        self.0.db.read(read).await
    }

    /// Everybody, as the database has them now.
    pub(super) async fn directory(&self) -> Result<Arc<Directory>, ApprovalError> {
        let version = self.0.db.read(async |c| Org::directory_version(c).await).await?;
        Ok(self.0.people.at_version(version).await?)
    }

    /// What is registered.
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }
}
