//! One scenario under way: a case, a clock that stands still, and what has happened.

use std::collections::{BTreeMap, BTreeSet};

use super::world::{BadWorld, World, id_of};
use crate::kernel::{Actor, Channel, Span, UserId};
use crate::workflow::language::Loaded;
use crate::workflow::{
    Act, Case, Command, Effect, Event, Facts, Next, Refusal, ReturnTo, SubjectSchema, TaskNumber, Verdict, decide,
    evolve,
};

/// How often time may stop on its way; a circle of timers would never end.
const MOST_STOPS: usize = 1_000;

/// A case on its way through the pure engine.
pub(super) struct Run {
    loaded: Loaded,
    schema: Option<SubjectSchema>,
    world: World,
    facts: Facts,
    case: Case,
    /// Effects that fell due, in order.
    pub(super) effects: Vec<Effect>,
}

/// Why a step could not be taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    #[error(transparent)]
    World(#[from] BadWorld),
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    #[error("{0} has no open task")]
    NoTask(String),
    #[error("time never comes to rest")]
    Endless,
    #[error(transparent)]
    Calendar(#[from] crate::kernel::calendar::UnknownYear),
}

impl Run {
    pub(super) fn new(loaded: Loaded, schema: Option<SubjectSchema>, world: World) -> Result<Self, BadWorld> {
        let facts = world.facts(&loaded.definition, schema.as_ref())?;
        Ok(Self { loaded, schema, world, facts, case: Case::default(), effects: Vec::new() })
    }

    /// Changes the record. While the case runs it is an edit of content under approval.
    pub(super) fn edit(&mut self, changed: BTreeMap<String, serde_json::Value>) -> Result<(), Stopped> {
        self.world.record.fields.extend(changed);
        let before = self.facts.subject.content.clone();
        let fresh = self.world.facts(&self.loaded.definition, self.schema.as_ref())?;
        self.facts.subject = fresh.subject;
        let paths: Vec<String> =
            before.changes(&self.facts.subject.content).into_iter().map(|(path, _)| path).collect();
        if !self.case.status.with_drafter() && !paths.is_empty() {
            self.act(self.facts.subject.drafter, Act::ContentEdited { paths })?;
        }
        Ok(())
    }

    /// Somebody else drafted the record, and owns it.
    pub(super) fn drafted_by(&mut self, login: &str) -> Result<(), Stopped> {
        self.world.record.drafter = Some(login.to_owned());
        self.world.record.owner = None;
        self.facts.subject = self.world.facts(&self.loaded.definition, self.schema.as_ref())?.subject;
        Ok(())
    }

    pub(super) fn submit(&mut self, login: &str) -> Result<(), Stopped> {
        let by = self.person(login)?;
        self.act(by, Act::Submit { chosen: BTreeMap::new() })
    }

    pub(super) fn person(&self, login: &str) -> Result<UserId, BadWorld> {
        id_of(&self.facts.directory, login)
    }

    /// Decides on the open task of a person.
    pub(super) fn verdict(
        &mut self,
        login: &str,
        opinion: &str,
        next: Option<Next>,
        act: impl FnOnce(Verdict) -> Act,
    ) -> Result<(), Stopped> {
        let by = self.person(login)?;
        let task = self.task_of(by);
        let may_return = self.case.nodes.values().any(|node| node.may_return.iter().any(|one| one.person == by));
        if task.is_none() && !may_return {
            return Err(Stopped::NoTask(login.to_owned()));
        }
        let shown = Some(self.facts.subject.content.hash());
        let verdict = Verdict { task, shown, opinion: opinion.to_owned(), next, ..Verdict::default() };
        self.act(by, act(verdict))
    }

    pub(super) fn send_back(&mut self, login: &str, reason: &str, to: ReturnTo) -> Result<(), Stopped> {
        self.verdict(login, reason, None, |verdict| Act::Return { verdict, to })
    }

    pub(super) fn by(&mut self, login: &str, act: Act) -> Result<(), Stopped> {
        let by = self.person(login)?;
        self.act(by, act)
    }

    /// The open task of a person.
    pub(super) fn task_of(&self, person: UserId) -> Option<TaskNumber> {
        let open = self.case.tasks.iter().filter(|(_, task)| task.open);
        let mut theirs = open.filter(|(_, task)| task.opened.candidates.iter().any(|one| one.person == person));
        theirs.next().map(|(number, _)| *number)
    }

    /// Something happened outside.
    pub(super) fn happens(&mut self, name: &str) -> Result<(), Stopped> {
        self.decide(&Command { actor: Actor::SYSTEM, act: Act::OutsideEvent { name: name.to_owned() } })
    }

    /// Lets time pass, stopping at every timer.
    pub(super) fn pass(&mut self, span: Span) -> Result<(), Stopped> {
        let end = span.due(self.facts.now, &self.facts.calendar, &self.facts.office)?.at;
        for _ in 0..MOST_STOPS {
            let next = self.case.timers.iter().map(|timer| timer.at).find(|at| *at <= end);
            let Some(at) = next else {
                self.facts.now = end;
                return Ok(());
            };
            self.facts.now = self.facts.now.max(at);
            self.decide(&Command { actor: Actor::SYSTEM, act: Act::Tick })?;
        }
        Err(Stopped::Endless)
    }

    fn act(&mut self, by: UserId, act: Act) -> Result<(), Stopped> {
        self.decide(&Command { actor: Actor::person(by, Channel::Page), act })
    }

    fn decide(&mut self, command: &Command) -> Result<(), Stopped> {
        let events = decide(&self.loaded.definition, &self.loaded.script, &self.case, command, &self.facts)?;
        for event in &events {
            if let Event::EffectsDue { effects, .. } = event {
                self.effects.extend(effects.iter().cloned());
            }
            self.case = evolve(std::mem::take(&mut self.case), event, self.facts.now);
        }
        Ok(())
    }

    /// Where the case stands, in one word; `stuck` where it cannot go on.
    pub(super) fn status(&self) -> &'static str {
        if self.case.stuck.is_empty() { self.case.status.word() } else { "stuck" }
    }

    /// Logins of everybody who is asked now.
    pub(super) fn asked(&self) -> BTreeSet<String> {
        let open = self.case.tasks.values().filter(|task| task.open);
        open.flat_map(|task| &task.opened.candidates).map(|one| self.login(one.person)).collect()
    }

    /// Names of the nodes at which somebody or something has to act.
    pub(super) fn nodes(&self) -> BTreeSet<String> {
        let tasks = self.case.tasks.values().filter(|task| task.open).map(|task| task.opened.node.clone());
        let waits = self.case.nodes.iter().filter(|(_, node)| {
            node.stage == crate::workflow::Stage::Active && (node.waits_for.is_some() || node.until.is_some())
        });
        tasks.chain(waits.map(|(name, _)| name.clone())).collect()
    }

    fn login(&self, person: UserId) -> String {
        self.facts.directory.people.get(&person).map_or_else(|| person.to_string(), |person| person.login.clone())
    }

    /// What happened so far, for messages of failed scenarios.
    pub(super) fn summary(&self) -> String {
        let list = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(", ");
        format!("status {}, nodes [{}], asked [{}]", self.status(), list(self.nodes()), list(self.asked()))
    }
}
