//! Contracts after approval (履行): seals, signatures, performance, originals, the archive, changes of what was signed.
//!
//! What is sealed, signed and archived is a [`Deed`]: the contract itself, or a [`ContractChange`] of it. The effects of workflows come
//! in through [`ContractEffects`], which does each in the unit it is given; whatever a person does is an action of [`Fulfilment`] in
//! one unit with the event that the case hears of. A signed contract is never written in again: a change that takes effect replaces
//! its terms, and says which it replaced.

pub mod api;
mod archiving;
pub mod change;
mod deed;
mod effects;
mod error;
mod jobs;
mod originals;
pub mod pages;
mod papers;
mod performing;
mod plan;
mod seal_request;
mod sealing;
mod signing;
pub(super) mod store;
mod warning;

use std::sync::Arc;

pub use archiving::{ArchiveFilter, ArchiveItem, ArchiveTask, ArchiveTaskId, Archived};
pub use change::{
    ChangeContent, ChangeEdit, ChangeFilter, ChangeId, ChangeKind, ChangeLine, ChangeRow, ChangeSubject, ChangedFiles,
    ChangedRow, ContractChange, Terms, TermsOn, change_schema,
};
pub use deed::Deed;
pub use effects::ContractEffects;
pub(super) use effects::OF_CONTRACTS;
pub use error::FulfilmentError;
pub use jobs::KeptUp;
pub use originals::{Original, OriginalFilter, OriginalId};
pub use papers::{Paper, PaperId, Purpose};
pub use performing::{NewEvent, RecordedEvent};
pub use seal_request::{LedgerOfSeals, SealRequest, SealRequestId, SealState, Sealed, WantedSeal};
pub use signing::{Capacity, NewSigning, PartySigning, Signature};

use super::{Contract, ContractError, Contracts};
use crate::approval::{ApprovalError, Approvals, Ask, Prepared, Ready};
use crate::db::{AuditEntry, Conn, Db, DbError, record};
use crate::kernel::{Actor, Date, Kind, Ref, Timestamp, UserId};
use crate::org::Action;
use crate::settlement::Settlements;
use crate::workflow::{Act, Refusal};

/// Changes of contracts, as a kind of record that workflows carry.
pub const CONTRACT_CHANGE: Kind = Kind::of("contract_change");

/// How often an action is decided anew after others were faster.
const RACES: usize = 5;

/// Contracts after approval; cheap to clone.
#[derive(Clone)]
pub struct Fulfilment(Arc<Inner>);

struct Inner {
    contracts: Contracts,
    approvals: Approvals,
    settlements: Settlements,
}

impl Fulfilment {
    /// Over the rooms that it stands on.
    pub fn new(contracts: Contracts, approvals: Approvals, settlements: Settlements) -> Self {
        Self(Arc::new(Inner { contracts, approvals, settlements }))
    }

    /// Contracts.
    pub fn contracts(&self) -> &Contracts {
        &self.0.contracts
    }

    /// Payment plans.
    pub fn settlements(&self) -> &Settlements {
        &self.0.settlements
    }

    fn db(&self) -> &Db {
        &self.0.contracts.0.db
    }

    fn now(&self) -> Timestamp {
        self.0.contracts.now()
    }

    fn today(&self) -> Date {
        self.0.contracts.today()
    }

    /// The document, if the person may do that with its contract.
    pub async fn deed(&self, user: UserId, subject: &Ref, action: Action) -> Result<Deed, FulfilmentError> {
        let found = self.find_deed(subject).await?;
        let contracts = self.contracts();
        if !contracts.scope(user, Action::Read)?.covers(Some(found.owner), found.department) {
            return Err(ContractError::NotFound.into());
        }
        if action != Action::Read {
            contracts.scope(user, action)?.demand(Some(found.owner), found.department)?;
        }
        Ok(found)
    }

    /// Whether the person may change the contract, its state apart.
    pub fn may_edit(&self, user: UserId, contract: &Contract) -> bool {
        let scope = self.contracts().scope(user, Action::Edit);
        scope.is_ok_and(|scope| scope.covers(Some(contract.owner), contract.department))
    }

    async fn find_deed(&self, subject: &Ref) -> Result<Deed, FulfilmentError> {
        let subject = subject.clone();
        let read = async move |c: &mut Conn<'_>| deed::find(c, &subject).await?.ok_or_else(not_found);
        self.db().read(read).await
    }

    /// Tells the case of a document what happened, in the unit that writes it down. A case that does not wait for it, and a document
    /// without a case, hear nothing.
    async fn with_event<T, W>(
        &self,
        (subject, event): (&Ref, &str),
        actor: Actor,
        write: W,
    ) -> Result<T, FulfilmentError>
    where
        T: Send + 'static,
        W: AsyncFn(&mut Conn<'_>, Option<&Prepared>) -> Result<T, FulfilmentError> + Send + Sync + 'static,
    {
        let write = Arc::new(write);
        for _ in 0..RACES {
            let heard = self.hear(subject, actor, event).await?;
            let write = Arc::clone(&write);
            let unit = async move |c: &mut Conn<'_>| {
                if let Some(prepared) = &heard {
                    prepared.store(c).await?;
                }
                write(c, heard.as_deref()).await
            };
            match self.db().write(unit).await {
                Err(FulfilmentError::Approval(ApprovalError::LostRace)) => {}
                done => return done,
            }
        }
        Err(ContractError::Changed.into())
    }

    async fn hear(&self, subject: &Ref, actor: Actor, event: &str) -> Result<Option<Box<Prepared>>, FulfilmentError> {
        let ask = Ask::of_subject(subject.clone(), actor, Act::OutsideEvent { name: event.to_owned() });
        match self.0.approvals.prepare(&ask).await {
            Ok(Ready::ToStore(prepared)) => Ok(Some(prepared)),
            Ok(Ready::Nothing(_))
            | Err(
                ApprovalError::NeverSubmitted(_)
                | ApprovalError::Refused(Refusal::NotAwaited { .. } | Refusal::WrongState { .. }),
            ) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// A document is given up, within the unit that does it: nobody seals it any more.
pub(super) async fn given_up(c: &mut Conn<'_>, subject: &Ref, at: Timestamp) -> Result<(), DbError> {
    if store::seals::cancel_of(c, subject, "", at).await? > 0 {
        c.notify("seals");
    }
    Ok(())
}

fn not_found() -> FulfilmentError {
    ContractError::NotFound.into()
}

/// The person behind an action.
fn person(actor: Actor) -> Result<UserId, FulfilmentError> {
    actor.in_the_name_of().ok_or_else(not_found)
}

/// A line in the log of the document, in the write that does it.
async fn log(
    c: &mut Conn<'_>,
    (actor, at): (Actor, Timestamp),
    subject: &Ref,
    action: &'static str,
    new: serde_json::Value,
) -> Result<(), DbError> {
    record(c, &AuditEntry { at, actor, subject: subject.clone(), action, old: None, new: Some(new) }).await
}
