//! A command decided on a snapshot: what it changes, ready to be stored in one unit.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::approvals::{Approvals, Inner};
use super::ask::{Ask, Done};
use super::figures::{Setting, Tally, Written};
use super::prepared::{Origin, Prepared, TakenBack, Whose};
use super::snapshot::{self, Fresh, Snapshot};
use super::store::cases::{CaseRow, StoredCase, StoredEvent};
use super::store::column;
use super::store::effects::NewEffect;
use super::store::states;
use super::telling::{Cause, Teller, Telling, endings};
use super::workflows::{Workflow, takes};
use super::{ApprovalError, Glance, SubjectChange, projection};
use crate::db::Conn;
use crate::kernel::{Actor, CaseId, Channel, Hash, Timestamp, Token};
use crate::workflow::{
    Act, Case, Changed, Command, Definition, Event, Facts, ReturnTo, Status, SubjectFacts, TaskNumber, changed_nodes,
    decide_and_evolve, event_hash, first_prev,
};

/// A command that was decided.
pub enum Ready {
    /// There is nothing to store: the key was answered before, or nothing happens.
    Nothing(Done),
    /// To be stored.
    ToStore(Box<Prepared>),
}

impl Approvals {
    /// Decides a command without storing it. A room that changes its record in the same unit stores it there, before the record, and
    /// starts over on [`ApprovalError::LostRace`].
    pub async fn prepare(&self, ask: &Ask) -> Result<Ready, ApprovalError> {
        let inner = &self.0;
        let asked = Arc::new(ask.clone());
        let (registry, recent) = (inner.registry.clone(), Arc::clone(&inner.recent));
        let read = async move |c: &mut Conn<'_>| snapshot::read(c, (&registry, &recent), &asked).await;
        match inner.db.read(read).await? {
            Snapshot::Answered(answer) => Ok(Ready::Nothing(Done {
                case: answer.case,
                first: answer.first,
                last: answer.last,
                decision: answer.decision,
                status: answer.status,
                repeated: true,
            })),
            Snapshot::Fresh(fresh) => decided(inner, ask, *fresh).await,
        }
    }
}

impl Inner {
    /// What the engine may look at.
    pub(super) async fn facts(
        &self,
        now: Timestamp,
        subject: SubjectFacts,
        directory: i64,
    ) -> Result<Facts, ApprovalError> {
        Ok(Facts {
            now,
            subject,
            directory: self.people.at_version(directory).await?,
            calendar: Arc::clone(&self.practice.calendar),
            office: self.practice.office.clone(),
            undo_seconds: i64::from(self.practice.undo_seconds),
        })
    }
}

/// A case with its state.
type Standing = (StoredCase, Arc<Case>);

/// What a record goes on with.
pub(super) struct Going {
    /// The version that decides.
    pub(super) workflow: Arc<Workflow>,
    /// Its case; nothing where one begins.
    pub(super) case: Option<Standing>,
    /// The case at that event, which was taken back and whose place the new one takes.
    instead_of: Option<(CaseId, i64)>,
}

impl Inner {
    /// The workflow that a record goes on with, and its case; no case where another begins. A record that its workflow takes no longer
    /// goes another way: whoever handed it in takes it back first, so that nothing is left behind.
    pub(super) async fn going_on(
        &self,
        ask: &Ask,
        facts: &Facts,
        case: Option<Standing>,
        current: &[Hash],
    ) -> Result<Going, ApprovalError> {
        let channel = ask.actor.channel;
        let chosen = async || self.workflows.choose(&self.db, current, facts, channel).await;
        let Some((stored, before)) = case else {
            return Ok(Going { workflow: chosen().await?, case: None, instead_of: None });
        };
        let workflow = self.workflows.get(&self.db, stored.definition).await?;
        let again = matches!(ask.act, Act::Submit { .. }) && channel != Channel::Replay;
        match before.status {
            Status::Withdrawn if matches!(ask.act, Act::Submit { .. } | Act::Save) && stored.made_way(&before) => {
                Err(ApprovalError::MadeWay)
            }
            Status::Withdrawn if again && !takes(&workflow, facts)? => {
                Ok(Going { workflow: chosen().await?, case: None, instead_of: Some((stored.id, stored.seq)) })
            }
            Status::Returned | Status::SignedFor if again && !takes(&workflow, facts)? => {
                Err(ApprovalError::TakenNoLonger { workflow: workflow.definition.title.clone() })
            }
            _ => Ok(Going { workflow, case: Some((stored, before)), instead_of: None }),
        }
    }
}

/// What a command is decided on: the version, the case and its chain as they are, and the command with what it changes.
struct Ground {
    workflow: Arc<Workflow>,
    whose: Whose,
    head: Hash,
    before: Arc<Case>,
    act: Act,
}

async fn ground(
    inner: &Inner,
    ask: &Ask,
    facts: &Facts,
    case: Option<Standing>,
    current: &[Hash],
) -> Result<Ground, ApprovalError> {
    let mut act = ask.act.clone();
    let Going { mut workflow, case, instead_of } = inner.going_on(ask, facts, case, current).await?;
    let Some((stored, before)) = case else {
        let (definition, reference) = (workflow.definition.version, &facts.subject.reference);
        let whose = Whose::New { workflow: workflow.definition.name.clone(), instead_of };
        let head = first_prev(inner.installation, &reference.kind, reference.id, definition);
        return Ok(Ground { workflow, whose, head, before: Arc::default(), act });
    };
    if let Act::Migrate { to, changed, .. } = &mut act {
        let onto = inner.workflows.get(&inner.db, *to).await.map_err(|error| match error {
            ApprovalError::Unloadable(version) => ApprovalError::NoVersion(version),
            other => other,
        })?;
        *changed = changed_between(&workflow.definition, &onto.definition, &before)?;
        workflow = onto;
    }
    let made_way = stored.made_way(&before);
    let whose = Whose::Known { case: stored.id, seq: stored.seq, made_way };
    Ok(Ground { workflow, whose, head: stored.head, before, act })
}

async fn decided(inner: &Inner, ask: &Ask, fresh: Fresh) -> Result<Ready, ApprovalError> {
    let Fresh { case, changed_hands, subject, facts, directory, current } = fresh;
    let now = ask.at.unwrap_or_else(|| inner.clock.now());
    let facts = inner.facts(now, facts, directory).await?;
    let reference = facts.subject.reference.clone();
    let Ground { workflow, whose, head, before, act } = ground(inner, ask, &facts, case, &current).await?;
    let command = Command { actor: ask.actor, act };
    let (events, after) = decide_and_evolve(&workflow.definition, &workflow.script, &before, &command, &facts)?;
    let after = Arc::new(after);
    if events.is_empty() {
        return nothing(&whose, &before);
    }
    let stored = chained(head, &before, &events, now)?;
    let decision = events.iter().find_map(|event| match event {
        Event::Decided(decided) => Some(decided.decision),
        _ => None,
    });
    let held_back = if decision.is_some() { inner.practice.undo_seconds } else { 0 };
    let glance = Glance::of(&facts.subject);
    let told = told(inner, &workflow, (&before, &after, &events), &facts, (&glance, ask.actor));
    let cause = decision.map_or_else(|| Cause::Event(column(before.seq + 1)), Cause::Decision);
    let origin = Origin {
        subject: reference,
        round: after.round,
        actor: ask.actor,
        at: now,
        version: facts.subject.version,
        content: facts.subject.content.hash(),
        workflow: workflow.definition.name.clone(),
        amount: after.amount,
    };
    let row = row((&whose, workflow.definition.version), glance, &after, &stored)?;
    inner.recent.replace(&head, row.head, Arc::clone(&after));
    Ok(Ready::ToStore(Box::new(Prepared {
        whose,
        row,
        state: states::kept(&before, &after)?,
        status: after.status,
        decision,
        effects: effects(&events, &before, &origin, now.plus(Duration::from_secs(held_back.into())))?,
        effects_recorded: inner.practice.effects_recorded,
        told,
        cause,
        not_before: now.plus(Duration::from_secs(held_back.into())),
        ended: endings(&before, &after, &events),
        taken_back: taken_back(&before, &events),
        rows: projection::changes(&before, &after, &events)?,
        figures: figures(inner, (&before, &changed_hands), (&events, now), (&facts, &workflow)),
        changes: subject_changes(&before, &after, &events),
        events: stored,
        directory,
        subject,
        origin,
        key: ask.key.clone(),
        rewrite: ask.rewrite.clone(),
        word: super::ask::word(&ask.act),
    })))
}

/// What a case notices of the way from one version to another; a case stays with its workflow.
fn changed_between(from: &Definition, to: &Definition, case: &Case) -> Result<Changed, ApprovalError> {
    if from.name != to.name || from.subject != to.subject {
        return Err(ApprovalError::OtherWorkflow { name: from.name.clone() });
    }
    if from.version == to.version {
        return Err(ApprovalError::SameVersion);
    }
    Ok(Changed { from: from.version, nodes: changed_nodes(from, to, case) })
}

/// Who hears of it; nobody of what is replayed.
fn told(
    inner: &Inner,
    workflow: &Workflow,
    (before, after, events): (&Case, &Case, &[Event]),
    facts: &Facts,
    (glance, actor): (&Glance, Actor),
) -> Vec<Telling> {
    if inner.practice.effects_recorded {
        return Vec::new();
    }
    let token = || Token::new(inner.random.as_ref());
    let definition = &workflow.definition;
    Teller { definition, facts, glance, before, after, actor, token: &token }.tell(events)
}

/// What figures are counted from.
fn figures(
    inner: &Inner,
    (before, changed_hands): (&Case, &BTreeMap<TaskNumber, Timestamp>),
    (events, at): (&[Event], Timestamp),
    (facts, workflow): (&Facts, &Workflow),
) -> Written {
    let mut tally = Tally::after(before, changed_hands);
    for (seq, event) in (before.seq + 1..).zip(events) {
        tally.read(event, seq, at);
    }
    tally.found().written(&Setting {
        workflow: &workflow.definition.name,
        kind: &facts.subject.reference.kind,
        drafter: facts.subject.drafter,
        directory: &facts.directory,
        office: inner.practice.office(),
    })
}

fn nothing(whose: &Whose, before: &Case) -> Result<Ready, ApprovalError> {
    let Whose::Known { case, seq, .. } = *whose else { return Err(ApprovalError::LostRace) };
    Ok(Ready::Nothing(Done { case, first: seq + 1, last: seq, decision: None, status: before.status, repeated: false }))
}

/// The events as they are stored, each tied to the one before.
fn chained(head: Hash, before: &Case, events: &[Event], at: Timestamp) -> Result<Vec<StoredEvent>, ApprovalError> {
    let mut hash = head;
    let mut stored = Vec::with_capacity(events.len());
    for (seq, event) in (before.seq + 1..).zip(events) {
        let body = serde_json::to_string(event)?;
        hash = event_hash(hash, seq, at, body.as_bytes());
        stored.push(StoredEvent { seq: column(seq), at, body, hash });
    }
    Ok(stored)
}

fn row(
    (whose, definition): (&Whose, Hash),
    glance: Glance,
    after: &Case,
    events: &[StoredEvent],
) -> Result<CaseRow, ApprovalError> {
    let last = events.last().ok_or(ApprovalError::LostRace)?;
    Ok(CaseRow {
        definition,
        glance,
        content: after.content,
        status: after.status.word(),
        round: after.round,
        submitter: after.submitter,
        over: after.status.over() || matches!(whose, Whose::Known { made_way: true, .. }),
        stuck: !after.stuck.is_empty(),
        next_timer: after.timers.first().map(|timer| timer.at),
        seq: last.seq,
        head: last.hash,
    })
}

fn effects(
    events: &[Event],
    before: &Case,
    origin: &Origin,
    run_at: Timestamp,
) -> Result<Vec<NewEffect>, ApprovalError> {
    let origin = serde_json::to_string(origin)?;
    let mut found = Vec::new();
    for (seq, event) in (before.seq + 1..).zip(events) {
        let Event::EffectsDue { effects, .. } = event else { continue };
        for (place, effect) in (0..).zip(effects) {
            found.push(NewEffect {
                seq: column(seq),
                place,
                name: effect.name(),
                effect: serde_json::to_string(effect)?,
                origin: origin.clone(),
                run_at,
            });
        }
    }
    Ok(found)
}

/// What is taken back where a decision was undone.
fn taken_back(before: &Case, events: &[Event]) -> Option<TakenBack> {
    events.iter().find_map(|event| match event {
        Event::DecisionWithdrawn { decision, reopened, .. } => {
            let since = before.decisions.get(decision).map(|taken| column(taken.seq))?;
            Some(TakenBack { decision: *decision, since, reopened: reopened.clone() })
        }
        _ => None,
    })
}

/// What the record hears of, in the order in which it happened.
fn subject_changes(before: &Case, after: &Case, events: &[Event]) -> Vec<SubjectChange> {
    let moved = |event: &Event| match event {
        Event::Submitted { .. } => Some(SubjectChange::Locked),
        Event::ContentEdited { .. } => Some(SubjectChange::Edited),
        Event::Approved => Some(SubjectChange::Approved),
        Event::Returned { to: ReturnTo::Drafter, .. } => Some(SubjectChange::Returned),
        // What was sent back is the drafter's already.
        Event::Terminated { .. } if !before.status.sent_back() => Some(SubjectChange::Returned),
        Event::Withdrawn { .. } if before.status.sent_back() => Some(SubjectChange::GivenUp),
        Event::Withdrawn { .. } => Some(SubjectChange::Withdrawn),
        Event::Rejected { .. } => Some(SubjectChange::Rejected),
        Event::Ended => Some(SubjectChange::Ended),
        Event::DecisionWithdrawn { .. } => {
            let reopened = before.status != Status::InApproval && after.status == Status::InApproval;
            reopened.then_some(SubjectChange::Reopened)
        }
        _ => None,
    };
    events.iter().filter_map(moved).collect()
}
