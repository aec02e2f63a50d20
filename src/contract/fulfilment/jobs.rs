//! What the loop runs: contracts and changes whose day has come, contracts whose last day has passed, contracts that were performed.

use super::store::life;
use super::{CONTRACT_CHANGE, Fulfilment, FulfilmentError, performing};
use crate::contract::CONTRACT;
use crate::db::Conn;
use crate::kernel::{Actor, ContractId};

/// How many of each one turn takes at most.
const A_TURN: i64 = 200;

/// What a turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptUp {
    /// Contracts and changes that took effect.
    pub in_force: usize,
    /// Contracts that expired.
    pub expired: usize,
    /// Contracts that were completed.
    pub completed: usize,
}

impl Fulfilment {
    /// Carries on whatever a day brings, each in a unit of its own; one that fails is logged and holds up nothing else. Doing it again
    /// finds nothing left.
    pub async fn keep_up(&self) -> Result<KeptUp, FulfilmentError> {
        let mut done = KeptUp::default();
        done.in_force += self.contracts_take_effect().await?;
        done.in_force += self.changes_take_effect().await?;
        done.expired += self.contracts_expire().await?;
        done.completed += self.contracts_complete().await?;
        Ok(done)
    }

    async fn contracts_take_effect(&self) -> Result<usize, FulfilmentError> {
        let today = self.today();
        let read =
            async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(life::to_take_effect(c, today, A_TURN).await?);
        let mut done = 0;
        for id in self.db().read(read).await? {
            let taken = self.take_effect(&CONTRACT.reference(id.get()), Actor::SYSTEM).await;
            done += count(&taken, "contract", id.get());
        }
        Ok(done)
    }

    async fn changes_take_effect(&self) -> Result<usize, FulfilmentError> {
        let today = self.today();
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, FulfilmentError>(life::changes_to_take_effect(c, today, A_TURN).await?)
        };
        let mut done = 0;
        for id in self.db().read(read).await? {
            let taken = self.take_effect(&CONTRACT_CHANGE.reference(id.get()), Actor::SYSTEM).await;
            done += count(&taken, "contract change", id.get());
        }
        Ok(done)
    }

    async fn contracts_expire(&self) -> Result<usize, FulfilmentError> {
        let (today, at) = (self.today(), self.now());
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(life::to_expire(c, today, A_TURN).await?);
        let mut done = 0;
        for id in self.db().read(read).await? {
            let unit = async move |c: &mut Conn<'_>| performing::expired(c, id, today, at).await;
            done += count(&self.db().write(unit).await.map(drop), "contract", id.get());
        }
        Ok(done)
    }

    /// What has run its time, or has no end, is completed once nothing of it is open; a plan must have been there to be paid.
    async fn contracts_complete(&self) -> Result<usize, FulfilmentError> {
        let (mut done, mut after) = (0, ContractId::new(0));
        loop {
            let from = after;
            let read = async move |c: &mut Conn<'_>| {
                let mut ready = Vec::new();
                let page = life::to_complete(c, from, A_TURN).await?;
                for id in &page {
                    let plan = crate::settlement::milestones_of(c, &CONTRACT.reference(id.get())).await?;
                    let had_plan = plan.is_some_and(|milestones| !milestones.is_empty());
                    if had_plan && performing::still_open(c, *id).await?.is_empty() {
                        ready.push(*id);
                    }
                }
                Ok::<_, FulfilmentError>((ready, page.last().copied()))
            };
            let (ready, last) = self.db().read(read).await?;
            for id in ready {
                let at = self.now();
                let unit = async move |c: &mut Conn<'_>| {
                    if performing::still_open(c, id).await?.is_empty() {
                        performing::completed(c, id, (Actor::SYSTEM, at)).await?;
                    }
                    Ok::<_, FulfilmentError>(())
                };
                done += count(&self.db().write(unit).await, "contract", id.get());
            }
            match last {
                Some(last) => after = last,
                None => return Ok(done),
            }
        }
    }
}

fn count<T>(done: &Result<T, FulfilmentError>, what: &str, id: i64) -> usize {
    match done {
        Ok(_) => 1,
        Err(error) => {
            tracing::warn!(%what, id, %error, "it could not be carried on");
            0
        }
    }
}
