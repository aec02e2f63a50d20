//! A case as one person may see it.

use std::sync::Arc;

use super::concern::Concern;
use super::workflows::Workflow;
use super::{APPROVAL, ApprovalError, Approvals, Beside, Brief, ONE_DEAL_DAYS, Reader, Rewrite, StoredEvent, store};
use crate::db::Conn;
use crate::i18n::{Arg, Lang, Message, msg};
use crate::kernel::{Actor, Amount, CaseId, Channel, Hash, Kind, Ref, Timestamp, UserId};
use crate::org::{Action, Authority, Org};
use crate::workflow::explain::{Names, limits};
use crate::workflow::{
    Act, Case, Command, Decision, Facts, Sight, Status, Step, SubjectFacts, SuggestionNumber, decide, forecast,
    reached_together,
};

/// Who looks.
#[derive(Clone)]
pub struct Viewer {
    /// Who.
    pub person: UserId,
    /// What they may read beside what is their business.
    pub authority: Arc<Authority>,
}

impl Viewer {
    /// Whether they may read the record, which is read with the rights of `kind`, or every case.
    pub(super) fn may_read(&self, facts: &SubjectFacts, kind: &Kind) -> bool {
        let covers = |kind: &Kind, owner, department| {
            self.authority.scope(self.person, kind, Action::Read).is_ok_and(|scope| scope.covers(owner, department))
        };
        covers(kind, Some(facts.owner), facts.department) || covers(&APPROVAL, None, None)
    }
}

/// A case with everything that its page and the API show.
pub struct Look {
    /// Which.
    pub case: CaseId,
    /// The record.
    pub subject: Ref,
    /// Its last event.
    pub seq: i64,
    /// The head of its chain.
    pub head: Hash,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// The version that it runs on.
    pub workflow: Arc<Workflow>,
    /// Where it stands.
    pub state: Case,
    /// The record, the people and the calendar, as they are now.
    pub facts: Facts,
    /// What happened, oldest first.
    pub events: Vec<StoredEvent>,
    /// Decisions through links: the event that ended the link, and when it was made.
    pub links: Vec<(Option<i64>, Timestamp)>,
    /// What the record's room shows of it.
    pub brief: Option<Brief>,
    /// The way, done and ahead.
    pub steps: Vec<Step>,
    /// Who looks.
    pub person: UserId,
    /// How much of the record they see; the state, the events and the brief are without the rest.
    pub sight: Sight,
}

impl Look {
    /// Whether the engine would take a command from who looks, as everything stands.
    pub(super) fn may(&self, act: Act) -> bool {
        let command = Command { actor: Actor::person(self.person, Channel::Page), act };
        let (definition, script) = (&self.workflow.definition, &self.workflow.script);
        decide(definition, script, &self.state, &command, &self.facts).is_ok()
    }

    /// What is whose.
    pub(super) fn concern(&self) -> Concern<'_> {
        Concern {
            case: &self.state,
            facts: &self.facts.subject,
            directory: &self.facts.directory,
            workflow: &self.workflow.definition.name,
            now: self.facts.now,
        }
    }

    /// The content that they would decide on.
    pub fn content(&self) -> Hash {
        self.facts.subject.content.hash()
    }
}

/// What only somebody who may see the case is shown.
struct ShownParts {
    events: Vec<StoredEvent>,
    links: Vec<(Option<i64>, Timestamp)>,
    brief: Option<Brief>,
    beside: Vec<Beside>,
}

/// One instant of the database.
struct Seen {
    stored: store::cases::StoredCase,
    state: Case,
    facts: SubjectFacts,
    directory: i64,
}

impl Approvals {
    /// A case, if it is any business of the viewer; to others there is none. What changed is shown since `since`, or since they last
    /// decided.
    pub async fn look(
        &self,
        case: CaseId,
        viewer: &Viewer,
        lang: Lang,
        since: Option<Hash>,
    ) -> Result<Look, ApprovalError> {
        let seen = self.seen(case).await?;
        let facts = self.0.facts(self.0.clock.now(), seen.facts, seen.directory).await?;
        let workflow = self.0.workflows.get(&self.0.db, seen.stored.definition).await?;
        let person = viewer.person;
        let concern = Concern {
            case: &seen.state,
            facts: &facts.subject,
            directory: &facts.directory,
            workflow: &workflow.definition.name,
            now: facts.now,
        };
        let sight = self.sight(case, (&concern, &workflow), viewer)?;
        let since = since.or_else(|| last_seen(&seen.state, person));
        let reader = Reader { lang, since, sight };
        self.looked((seen.stored, seen.state), facts, workflow, (person, reader)).await
    }

    /// A case as its drafter may see it, for evidence: whoever asks has been asked for permission.
    pub(super) async fn look_at_all(&self, case: CaseId, lang: Lang) -> Result<Look, ApprovalError> {
        let seen = self.seen(case).await?;
        let drafter = seen.facts.drafter;
        let facts = self.0.facts(self.0.clock.now(), seen.facts, seen.directory).await?;
        let workflow = self.0.workflows.get(&self.0.db, seen.stored.definition).await?;
        self.looked((seen.stored, seen.state), facts, workflow, (drafter, Reader::of_all(lang, None))).await
    }

    async fn looked(
        &self,
        (stored, state): (store::cases::StoredCase, Case),
        facts: Facts,
        workflow: Arc<Workflow>,
        (person, reader): (UserId, Reader),
    ) -> Result<Look, ApprovalError> {
        let (lang, sight) = (reader.lang, reader.sight.clone());
        let ShownParts { mut events, links, mut brief, beside } = self.shown(&stored, reader).await?;
        let definition = &workflow.definition;
        if !sight.is_whole() {
            events.iter_mut().try_for_each(|event| event.seen(&sight, (definition, &state)))?;
        }
        let steps = sight.of_steps(definition, forecast(definition, &workflow.script, &state, &facts));
        let state = sight.of_case(definition, state);
        if let (Some(brief), Some(own)) = (&mut brief, state.amount) {
            let names = Names { directory: Some(&facts.directory), day: Some(self.today()), lang, ..Names::default() };
            brief.red_facts.extend(splitting(&limits(definition, names), own, &beside));
        }
        let store::cases::StoredCase { id: case, subject, seq, head, created_at, updated_at, .. } = stored;
        Ok(Look {
            case,
            subject,
            seq,
            head,
            created_at,
            updated_at,
            workflow,
            state,
            facts,
            events,
            links,
            brief,
            steps,
            person,
            sight,
        })
    }

    /// How much of a case the viewer sees; to those whose business it is not there is none.
    pub async fn may_see(&self, case: CaseId, viewer: &Viewer) -> Result<Sight, ApprovalError> {
        let seen = self.seen(case).await?;
        let directory = self.0.people.at_version(seen.directory).await?;
        let workflow = self.0.workflows.get(&self.0.db, seen.stored.definition).await?;
        let concern = Concern {
            case: &seen.state,
            facts: &seen.facts,
            directory: &directory,
            workflow: &seen.stored.workflow,
            now: self.0.clock.now(),
        };
        self.sight(case, (&concern, &workflow), viewer)
    }

    fn sight(
        &self,
        case: CaseId,
        (concern, workflow): (&Concern<'_>, &Workflow),
        viewer: &Viewer,
    ) -> Result<Sight, ApprovalError> {
        if viewer.may_read(concern.facts, &self.read_as(concern.facts)) {
            Ok(Sight::Whole)
        } else if concern.is_of(viewer.person) {
            Ok(concern.sight(&workflow.definition, viewer.person))
        } else {
            Err(ApprovalError::NoCase(case))
        }
    }

    fn read_as(&self, facts: &SubjectFacts) -> Kind {
        let kind = &facts.reference.kind;
        self.0.registry.subject(kind).map_or_else(|| kind.clone(), |subject| subject.read_as())
    }

    /// What taking a suggestion does to the record, where its room can write it, and whether that is an edit of what is under approval.
    pub(super) async fn rewritten(
        &self,
        case: CaseId,
        suggestion: SuggestionNumber,
    ) -> Result<Option<(Rewrite, bool)>, ApprovalError> {
        let registry = self.0.registry.clone();
        let read = async move |c: &mut Conn<'_>| {
            let stored = store::cases::by_id(c, case).await?.ok_or(ApprovalError::NoCase(case))?;
            let state = stored.state(c).await?;
            let running = state.status == Status::InApproval;
            let takes = running || state.status.sent_back();
            let Some(suggestion) = state.suggestions.get(&suggestion).filter(|_| takes) else { return Ok(None) };
            let Some(subject) = registry.subject(&stored.subject.kind) else { return Ok(None) };
            let rewrite = subject.rewritten(c, stored.subject.id, &suggestion.path, &suggestion.text).await?;
            Ok::<_, ApprovalError>(rewrite.map(|rewrite| (rewrite, running)))
        };
        self.0.db.read(read).await
    }

    async fn seen(&self, case: CaseId) -> Result<Seen, ApprovalError> {
        let registry = self.0.registry.clone();
        let read = async move |c: &mut Conn<'_>| {
            let stored = store::cases::by_id(c, case).await?.ok_or(ApprovalError::NoCase(case))?;
            let state = stored.state(c).await?;
            let kind = &stored.subject.kind;
            let subject = registry.subject(kind).ok_or_else(|| ApprovalError::UnknownKind(kind.clone()))?;
            let facts = subject.facts(c, stored.subject.id).await?;
            let facts = facts.ok_or_else(|| ApprovalError::NoSubject(stored.subject.clone()))?;
            let directory = Org::directory_version(c).await?;
            Ok::<_, ApprovalError>(Seen { stored, state, facts, directory })
        };
        self.0.db.read(read).await
    }

    /// What only somebody who may see the case is shown.
    async fn shown(&self, stored: &store::cases::StoredCase, reader: Reader) -> Result<ShownParts, ApprovalError> {
        let (case, record, registry) = (stored.id, stored.subject.clone(), self.0.registry.clone());
        let read = async move |c: &mut Conn<'_>| {
            let events = store::cases::events(c, case).await?;
            let links = store::links::used(c, case).await?;
            let brief = match registry.subject(&record.kind) {
                Some(subject) => subject.brief(c, record.id, &reader).await?,
                None => None,
            };
            let beside = match registry.subject(&record.kind) {
                Some(subject) => subject.beside(c, record.id).await?,
                None => Vec::new(),
            };
            let brief = brief.map(|brief| brief.seen(&reader.sight));
            Ok::<_, ApprovalError>(ShownParts { events, links, brief, beside })
        };
        self.0.db.read(read).await
    }

    /// The newest case of a record, for the page of the room that owns it, which has asked for permission there.
    pub async fn case_of(&self, subject: &Ref) -> Result<Option<CaseId>, ApprovalError> {
        let subject = subject.clone();
        let read = async move |c: &mut Conn<'_>| store::cases::by_subject(c, &subject).await;
        Ok(self.0.db.read(read).await?.map(|stored| stored.id))
    }
}

/// 疑似拆分: that the record reaches a limit only together with others.
fn splitting(limits: &[Amount], own: Amount, beside: &[Beside]) -> Option<Message> {
    let amounts: Vec<Amount> = beside.iter().map(|one| one.amount).collect();
    let limit = reached_together(limits, own, &amounts).ok().flatten()?;
    let together = amounts.iter().try_fold(own, |sum, amount| sum.plus(*amount)).ok()?;
    let numbers: Arg = beside.iter().map(|one| one.number.as_str()).collect();
    Some(msg!(
        "approval.splitting",
        days = ONE_DEAL_DAYS,
        numbers = numbers,
        together = together.to_string(),
        limit = limit.to_string()
    ))
}

/// The content that somebody last decided on.
fn last_seen(case: &Case, person: UserId) -> Option<Hash> {
    let theirs = |one: &&Decision| one.decided.by.is_some_and(|by| by.user == Some(person));
    case.decisions.values().rev().find(theirs).map(|one| one.decided.content)
}
