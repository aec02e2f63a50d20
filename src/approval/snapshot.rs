//! Everything a command is decided on, read at one instant.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ask::{Ask, Key, Target};
use super::store::cases::StoredCase;
use super::store::keys::{Answered, Earlier};
use super::{ApprovalError, Registry, Subject, figures, store};
use crate::db::Conn;
use crate::kernel::{Hash, Recent, Ref, Timestamp};
use crate::org::Org;
use crate::workflow::{Act, Case, Status, SubjectFacts, TaskNumber};

/// One instant of the database.
pub(super) enum Snapshot {
    /// The key was answered before.
    Answered(Answered),
    /// What to decide on.
    Fresh(Box<Fresh>),
}

/// What to decide on.
pub(super) struct Fresh {
    /// The case, and its state.
    pub(super) case: Option<(StoredCase, Arc<Case>)>,
    /// When its tasks changed hands last.
    pub(super) changed_hands: BTreeMap<TaskNumber, Timestamp>,
    pub(super) subject: Arc<dyn Subject>,
    pub(super) facts: SubjectFacts,
    pub(super) directory: i64,
    /// Versions that a new case may take.
    pub(super) current: Vec<Hash>,
}

/// Reads the snapshot of a command.
pub(super) async fn read(
    c: &mut Conn<'_>,
    (registry, recent): (&Registry, &Recent<Hash, Arc<Case>>),
    ask: &Ask,
) -> Result<Snapshot, ApprovalError> {
    if let Some(key) = &ask.key
        && let Some(earlier) = store::keys::get(c, &key.name).await?
    {
        return answered(c, ask, key, earlier).await;
    }
    let (case, reference) = find(c, &ask.target).await?;
    if let (Some(seen), Some(case)) = (ask.seen, &case)
        && seen != case.seq
    {
        return Err(ApprovalError::Moved);
    }
    let subject =
        registry.subject(&reference.kind).ok_or_else(|| ApprovalError::UnknownKind(reference.kind.clone()))?;
    let facts = match &ask.subject {
        Some(facts) => Some(facts.clone()),
        None => subject.facts(c, reference.id).await?,
    };
    let facts = facts.ok_or_else(|| ApprovalError::NoSubject(reference.clone()))?;
    let case = match case {
        Some(stored) => {
            let state = if let Some(known) = recent.find(&stored.head) {
                known
            } else {
                let state = Arc::new(stored.state(c).await?);
                recent.put(stored.head, Arc::clone(&state));
                state
            };
            Some((stored, state)).filter(|(_, state)| !starts_anew(ask, state.status))
        }
        None => None,
    };
    if case.is_none() && !matches!(ask.act, Act::Submit { .. } | Act::Save) {
        return Err(ApprovalError::NeverSubmitted(reference));
    }
    let changed_hands = match &case {
        Some((stored, state)) if figures::changed_hands(state) => store::figures::changed_hands(c, stored.id).await?,
        _ => BTreeMap::new(),
    };
    let current = match (&case, &ask.act) {
        (Some(_), act) if !matches!(act, Act::Submit { .. }) => Vec::new(),
        _ => store::workflows::current_of(c, &reference.kind).await?,
    };
    let directory = Org::directory_version(c).await?;
    let subject = Arc::clone(subject);
    Ok(Snapshot::Fresh(Box::new(Fresh { case, changed_hands, subject, facts, directory, current })))
}

/// Handing in a record whose last case was rejected or has ended starts another case.
fn starts_anew(ask: &Ask, status: Status) -> bool {
    matches!((&ask.target, &ask.act), (Target::Subject(_), Act::Submit { .. })) && status.over()
}

async fn find(c: &mut Conn<'_>, target: &Target) -> Result<(Option<StoredCase>, Ref), ApprovalError> {
    match target {
        Target::Case(id) => {
            let case = store::cases::by_id(c, *id).await?.ok_or(ApprovalError::NoCase(*id))?;
            let subject = case.subject.clone();
            Ok((Some(case), subject))
        }
        Target::Subject(subject) => Ok((store::cases::by_subject(c, subject).await?, subject.clone())),
    }
}

async fn answered(c: &mut Conn<'_>, ask: &Ask, key: &Key, earlier: Earlier) -> Result<Snapshot, ApprovalError> {
    let Earlier { request, answer } = earlier;
    let case = store::cases::by_id(c, answer.case).await?.ok_or(ApprovalError::NoCase(answer.case))?;
    let same = match &ask.target {
        Target::Case(id) => *id == case.id,
        Target::Subject(subject) => *subject == case.subject,
    };
    if same && request == key.request {
        Ok(Snapshot::Answered(answer))
    } else {
        Err(ApprovalError::KeyUsed(key.name.clone()))
    }
}
