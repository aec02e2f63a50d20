//! What the loop runs: timers that ran out and effects that are due.

use std::time::Duration;

use super::ask::Ask;
use super::prepared::Origin;
use super::store::effects::{EffectId, StoredEffect};
use super::{ApprovalError, Approvals, EffectAt, SubjectRefusal, store};
use crate::db::Conn;
use crate::i18n::{Explain as _, Lang, Message, msg, text};
use crate::kernel::{Actor, Timestamp};
use crate::notify::{self, Fact, Headline, Link, NewMessage, Urgency};
use crate::org::{ADMINISTRATOR, Org};
use crate::workflow::{Act, Directory, Effect};

/// How many cases or effects one turn of the loop takes at most.
const A_TURN: i64 = 200;
/// A timer that could not fire is looked at again after so long, rather than with every turn of the loop.
const TIMER_AGAIN_AFTER: Duration = Duration::from_mins(1);
/// Seconds until an effect that failed is tried again; after the last it stands on the stuck list.
const AGAIN_AFTER: [u64; 4] = [10, 60, 300, 1800];

impl Approvals {
    /// Fires every timer that ran out; how many cases moved. One that fails is logged and does not hold up the others.
    pub async fn tick(&self) -> Result<usize, ApprovalError> {
        let now = self.0.clock.now();
        let due = self.0.db.read(async move |c| store::cases::due(c, now, A_TURN).await).await?;
        let mut moved = 0;
        for case in due {
            match self.act(Ask::of_case(case, Actor::SYSTEM, Act::Tick)).await {
                Ok(_) => moved += 1,
                Err(error) => {
                    tracing::warn!(%case, %error, "a timer could not fire");
                    let next = now.plus(TIMER_AGAIN_AFTER);
                    self.0.db.write(async move |c| store::cases::put_off(c, case, now, next).await).await?;
                }
            }
        }
        Ok(moved)
    }

    /// Carries out the effects that are due, each in a unit of its own; how many were done.
    pub async fn carry_out_effects(&self) -> Result<usize, ApprovalError> {
        let now = self.0.clock.now();
        let due = self.0.db.read(async move |c| store::effects::due(c, now, A_TURN).await).await?;
        let mut done = 0;
        for id in due {
            done += usize::from(self.carry_out(id, now).await?);
        }
        Ok(done)
    }

    /// Effects that could not be carried out, for the administrators.
    pub async fn stuck_effects(&self) -> Result<Vec<StoredEffect>, ApprovalError> {
        Ok(self.0.db.read(async |c| store::effects::stuck(c, A_TURN).await).await?)
    }

    /// Somebody mended what an effect failed on: it is due again, at once.
    pub async fn retry_effect(&self, id: EffectId) -> Result<(), ApprovalError> {
        let now = self.0.clock.now();
        let again = self.0.db.write(async move |c| store::effects::retry(c, id, now).await).await?;
        if again { Ok(()) } else { Err(ApprovalError::NotStuck) }
    }

    /// Drops the answers to requests of programs from before an instant; how many.
    pub async fn forget_answers(&self, before: Timestamp) -> Result<u64, ApprovalError> {
        Ok(self.0.db.write(async move |c| store::keys::forget(c, before).await).await?)
    }

    async fn carry_out(&self, id: EffectId, now: Timestamp) -> Result<bool, ApprovalError> {
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, ApprovalError>((store::effects::get(c, id).await?, Org::directory_version(c).await?))
        };
        let (Some(stored), version) = self.0.db.read(read).await? else { return Ok(false) };
        let attempts = stored.attempts;
        match self.apply(stored, version, now).await {
            Ok(done) => Ok(done),
            Err(SubjectRefusal::LostRace) => self.failed(id, attempts, now, ApprovalError::LostRace.message()).await,
            Err(SubjectRefusal::Refused(message)) => self.failed(id, attempts, now, message).await,
            Err(SubjectRefusal::Db(error)) => self.failed(id, attempts, now, error.message()).await,
        }
    }

    /// Marks it as done and does it, in one unit; false where another process was faster.
    async fn apply(&self, stored: StoredEffect, directory: i64, now: Timestamp) -> Result<bool, SubjectRefusal> {
        let refused = |what: String| SubjectRefusal::Refused(super::error::effect_unreadable(&what));
        let origin: Origin = serde_json::from_str(&stored.origin).map_err(|error| refused(error.to_string()))?;
        let effect: Effect = serde_json::from_str(&stored.effect).map_err(|error| refused(error.to_string()))?;
        let handler = self.0.registry.handler(&origin.subject.kind, effect.name()).cloned();
        let handler = handler.ok_or_else(|| refused(stored.name.clone()))?;
        let directory = self.0.people.at_version(directory).await?;
        let at = EffectAt {
            case: origin.of(stored.case),
            workflow: origin.workflow.clone(),
            amount: origin.amount,
            key: format!("effect/{}/{}/{}", stored.case, stored.seq, stored.place),
        };
        let id = stored.id;
        let unit = async move |c: &mut Conn<'_>| {
            if !store::effects::done(c, id, now).await? {
                return Ok(false);
            }
            handler.apply(c, &at, &effect, &directory).await.map(|()| true)
        };
        self.0.db.write(unit).await
    }

    async fn failed(&self, id: EffectId, attempts: u32, now: Timestamp, error: Message) -> Result<bool, ApprovalError> {
        let wait = usize::try_from(attempts).ok().and_then(|tried| AGAIN_AFTER.get(tried));
        let next = wait.map(|seconds| now.plus(Duration::from_secs(*seconds)));
        tracing::warn!(%id, error = text(Lang::En, &error), "an effect failed");
        let directory = self.directory().await?;
        let unit = async move |c: &mut Conn<'_>| {
            store::effects::failed(c, id, next, now, &error).await?;
            if next.is_none() {
                tell_administrators(c, id, &directory, now, &error).await?;
            }
            Ok::<_, ApprovalError>(())
        };
        self.0.db.write(unit).await?;
        Ok(false)
    }
}

/// An effect that stands on the stuck list waits for somebody who mends what it failed on.
async fn tell_administrators(
    c: &mut Conn<'_>,
    id: EffectId,
    directory: &Directory,
    now: Timestamp,
    error: &Message,
) -> Result<(), ApprovalError> {
    let Some(effect) = store::effects::get(c, id).await? else { return Ok(()) };
    let Some(case) = store::cases::by_id(c, effect.case).await? else { return Ok(()) };
    for person in directory.with_role(ADMINISTRATOR) {
        let label = msg!("approval.tell.effect_stuck");
        let facts = vec![Fact::Text(effect.name.clone())];
        let message = NewMessage {
            key: format!("approval/{}/effect/{id}/{}/{}", case.id, now.as_micros(), person.id),
            to: person.id,
            kind: "approval.effect_stuck",
            about: Some(case.subject.clone()),
            headline: Headline { label, title: case.title.clone(), amount: None, facts },
            lines: vec![msg!("approval.tell.effect_failed", reason = error.clone())],
            link: Link::Page("/admin/stuck".to_owned()),
            urgency: Urgency::Normal,
            not_before: now,
        };
        notify::post(c, &message).await?;
    }
    Ok(())
}
