//! Links in messages: one token, one person, one task. Opening one changes nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::store::links::StoredLink;
use super::telling::{self, Cause};
use super::{ApprovalError, Approvals, Glance, store};
use crate::db::Conn;
use crate::i18n::{Message, msg};
use crate::kernel::{CaseId, Timestamp, Token, UserId};
use crate::notify;
use crate::org::Org;
use crate::workflow::{Case, DecisionNumber, SubjectFacts, TaskNumber};

/// How long after one link the same person gets another.
const AGAIN_AFTER: Duration = Duration::from_mins(5);

/// Why a link no longer lets anybody decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// Its reader decided; for a few seconds that can be undone.
    Used,
    /// The step was decided by somebody else, or the case went on without it.
    Settled,
    /// The task went to somebody else.
    Moved,
    /// Its time is over.
    Expired,
}

impl LinkEnd {
    /// Why, for its reader.
    pub fn message(self) -> Message {
        match self {
            Self::Used => msg!("approval.link.used"),
            Self::Settled => msg!("approval.link.settled"),
            Self::Moved => msg!("approval.link.moved"),
            Self::Expired => msg!("approval.link.expired"),
        }
    }
}

/// A link as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSeen {
    /// The case.
    pub case: CaseId,
    /// The task.
    pub task: TaskNumber,
    /// Whose it is.
    pub person: UserId,
    /// When it was sent.
    pub made_at: Timestamp,
    /// Why it ended, where it did.
    pub end: Option<LinkEnd>,
    /// What its reader can still undo.
    pub undo: Option<DecisionNumber>,
    /// Whether its person is asked still, so that a new link makes sense.
    pub asked: bool,
}

impl Approvals {
    /// The link behind a token.
    pub async fn link(&self, token: &Token) -> Result<LinkSeen, ApprovalError> {
        let hash = token.hash();
        let registry = self.0.registry.clone();
        let read = async move |c: &mut Conn<'_>| {
            let link = store::links::get(c, hash).await?.ok_or(ApprovalError::NoLink)?;
            let stored = store::cases::by_id(c, link.case).await?.ok_or(ApprovalError::NoLink)?;
            let state = stored.state(c).await?;
            let subject = registry.subject(&stored.subject.kind).ok_or(ApprovalError::NoLink)?;
            let facts = subject.facts(c, stored.subject.id).await?.ok_or(ApprovalError::NoLink)?;
            let directory = Org::directory_version(c).await?;
            Ok::<_, ApprovalError>((link, stored.workflow, state, facts, directory))
        };
        let (link, workflow, state, facts, directory) = self.0.db.read(read).await?;
        let directory = self.0.people.at_version(directory).await?;
        let now = self.0.clock.now();
        let concern =
            super::concern::Concern { case: &state, facts: &facts, directory: &directory, workflow: &workflow, now };
        let asked = concern.tasks(link.person).any(|(number, _)| number == link.task);
        let undo = undoable(&state, &link, now, self.0.practice.undo_seconds);
        let end = end(&state, &link, asked, now);
        let StoredLink { case, task, person, made_at, .. } = link;
        Ok(LinkSeen { case, task, person, made_at, end, undo, asked })
    }

    /// Sends its person a new link, where they are registered; never to whoever opened the old one.
    pub async fn link_again(&self, token: &Token) -> Result<(), ApprovalError> {
        let seen = self.link(token).await?;
        if !seen.asked {
            return Err(ApprovalError::LinkEnded(seen.end.unwrap_or(LinkEnd::Settled)));
        }
        let registry = self.0.registry.clone();
        let read = async move |c: &mut Conn<'_>| {
            let stored = store::cases::by_id(c, seen.case).await?.ok_or(ApprovalError::NoLink)?;
            let state = stored.state(c).await?;
            let subject = registry.subject(&stored.subject.kind).ok_or(ApprovalError::NoLink)?;
            let facts: SubjectFacts = subject.facts(c, stored.subject.id).await?.ok_or(ApprovalError::NoLink)?;
            Ok::<_, ApprovalError>((stored.subject, state, facts, Org::directory_version(c).await?))
        };
        let (subject, state, facts, directory) = self.0.db.read(read).await?;
        let now = self.0.clock.now();
        let facts = self.0.facts(now, facts, directory).await?;
        let task = state.tasks.get(&seen.task).ok_or(ApprovalError::NoLink)?;
        let glance = Glance::of(&facts.subject);
        let secret = Token::new(self.0.random.as_ref());
        let telling = telling::again(&facts, &glance, (seen.task, task), seen.person, secret);
        let unit = async move |c: &mut Conn<'_>| {
            let newest = store::links::newest(c, seen.case, seen.task, seen.person).await?;
            if newest.is_some_and(|made| now.since(made) < AGAIN_AFTER) {
                return Err(ApprovalError::LinkSentAlready);
            }
            if let Some(link) = telling.link() {
                store::links::insert(c, seen.case, link, now).await?;
            }
            notify::post(c, &telling.message(seen.case, Cause::Link(now), &subject, now)).await?;
            Ok(())
        };
        self.0.db.write(unit).await
    }
}

fn end(case: &Case, link: &StoredLink, asked: bool, now: Timestamp) -> Option<LinkEnd> {
    let open = case.tasks.get(&link.task).is_some_and(|task| task.open);
    match (link.because.as_deref(), open, asked) {
        (Some("used"), ..) => Some(LinkEnd::Used),
        (Some("moved"), ..) | (_, true, false) => Some(LinkEnd::Moved),
        (Some(_), ..) | (None, false, _) => Some(LinkEnd::Settled),
        (None, true, true) if link.expires_at <= now => Some(LinkEnd::Expired),
        (None, true, true) => None,
    }
}

/// The decision that the link's person took on its task, while it can be undone.
fn undoable(case: &Case, link: &StoredLink, now: Timestamp, seconds: u32) -> Option<DecisionNumber> {
    let number = case.undo.as_ref()?.decision;
    let decision = case.decisions.get(&number)?;
    let theirs =
        decision.decided.task == link.task && decision.decided.by.is_some_and(|by| by.user == Some(link.person));
    let early = now.since(decision.at) <= Duration::from_secs(seconds.into());
    (theirs && early).then_some(number)
}

/// How often an address may ask for links that there are not, and how long it is remembered.
const GUESSES: u32 = 30;
const REMEMBERED: Duration = Duration::from_mins(15);
/// Addresses that are remembered; more than that, and the oldest are forgotten.
const ADDRESSES: usize = 10_000;

/// Counts tokens that do not exist, by the address that tried them.
#[derive(Debug, Default)]
pub(super) struct Guesses(Mutex<BTreeMap<String, (Timestamp, u32)>>);

impl Guesses {
    /// Whether an address has guessed too often.
    pub(super) fn too_many(&self, address: &str, now: Timestamp) -> bool {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.get(address).is_some_and(|(since, count)| *count >= GUESSES && now.since(*since) < REMEMBERED)
    }

    /// An address has guessed wrong.
    pub(super) fn count(&self, address: &str, now: Timestamp) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= ADDRESSES {
            guesses.retain(|_, (since, _)| now.since(*since) < REMEMBERED);
        }
        if guesses.len() >= ADDRESSES {
            guesses.clear();
        }
        let (since, count) = guesses.entry(address.to_owned()).or_insert((now, 0));
        if now.since(*since) >= REMEMBERED {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_guesses_is_stopped_for_a_while() {
        let (guesses, begin) = (Guesses::default(), Timestamp::from_micros(0));
        for _ in 0..GUESSES {
            assert!(!guesses.too_many("192.0.2.1", begin));
            guesses.count("192.0.2.1", begin);
        }
        assert!(guesses.too_many("192.0.2.1", begin));
        assert!(!guesses.too_many("192.0.2.2", begin));
        assert!(!guesses.too_many("192.0.2.1", begin.plus(REMEMBERED)));
    }
}
