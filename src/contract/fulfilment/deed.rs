//! A document that is sealed, signed and archived: a contract, or a change of one.

use super::change::ChangeId;
use super::store::changes;
use super::{CONTRACT_CHANGE, FulfilmentError};
use crate::approval::effects::Answerable;
use crate::contract::store::{contracts, states};
use crate::contract::template::Party;
use crate::contract::{CONTRACT, Contract, ContractError, Move, State};
use crate::db::{Conn, DbError};
use crate::kernel::{Actor, ContractId, Date, DepartmentId, EntityId, Hash, Ref, Timestamp, UserId};

/// The document as seals, signatures and the archive see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// The contract or the change.
    pub subject: Ref,
    /// The contract it belongs to; its own id for a contract.
    pub contract: ContractId,
    /// Its number, empty before it has one.
    pub number: String,
    /// What its text is called.
    pub title: String,
    /// The other party.
    pub other_party: String,
    /// Our entity.
    pub entity: EntityId,
    /// Who looks after the contract.
    pub owner: UserId,
    /// The department the contract belongs to.
    pub department: Option<DepartmentId>,
    /// Who wrote it.
    pub drafter: UserId,
    /// Where it stands.
    pub state: State,
    /// The approved version, 0 while there is none.
    pub document_version: i64,
    /// The hash of its content.
    pub content_hash: Hash,
    /// When all had signed.
    pub signed_on: Option<Date>,
    /// Rises with every change.
    pub version: i64,
    /// Who signs.
    pub parties: Vec<Party>,
}

impl Deed {
    /// The code that is printed on every page of its approved version.
    pub fn code(&self) -> String {
        Contract::verification_code(&self.number, self.content_hash)
    }

    /// Where its page is.
    pub fn path(&self) -> String {
        if self.subject.kind == CONTRACT {
            format!("/contracts/{}", self.contract)
        } else {
            format!("/contract-changes/{}", self.subject.id)
        }
    }

    /// Who answers for it.
    pub(super) fn answerable(&self) -> Answerable {
        Answerable { owner: self.owner, drafter: self.drafter }
    }

    /// Whether it is a contract, not a change of one.
    pub fn is_contract(&self) -> bool {
        self.subject.kind == CONTRACT
    }
}

/// The document, if there is one.
pub(super) async fn find(c: &mut Conn<'_>, subject: &Ref) -> Result<Option<Deed>, DbError> {
    let change =
        if subject.kind == CONTRACT_CHANGE { changes::find(c, ChangeId::new(subject.id)).await? } else { None };
    let contract = change.as_ref().map_or(ContractId::new(subject.id), |change| change.contract);
    if subject.kind != CONTRACT && change.is_none() {
        return Ok(None);
    }
    let Some(k) = contracts::find(c, contract).await? else { return Ok(None) };
    let parties = k.content.draft.parties.clone();
    let deed = Deed {
        subject: subject.clone(),
        contract,
        number: k.number.clone().unwrap_or_default(),
        title: k.title.clone(),
        other_party: k.other_party.clone(),
        entity: k.entity,
        owner: k.owner,
        department: k.department,
        drafter: k.drafter,
        state: k.state,
        document_version: k.approved_version.unwrap_or(0),
        content_hash: k.content_hash,
        signed_on: k.signed_on,
        version: k.version,
        parties,
    };
    Ok(Some(match change {
        None => deed,
        Some(change) => Deed {
            number: change.number.clone().unwrap_or_default(),
            title: change.title.clone(),
            drafter: change.drafter,
            state: change.state,
            document_version: 1,
            content_hash: change.content_hash,
            signed_on: change.signed_on,
            version: change.version,
            ..deed
        },
    }))
}

/// Moves it on from where it stood when it was read; where it stands then.
pub(super) async fn go(
    c: &mut Conn<'_>,
    deed: &Deed,
    by: Move,
    actor: Actor,
    at: Timestamp,
) -> Result<State, FulfilmentError> {
    let to = deed.state.after(by)?;
    let moved = if deed.is_contract() {
        states::go(c, (deed.contract, deed.state), (by, to), actor, at).await?
    } else {
        changes::go(c, (ChangeId::new(deed.subject.id), deed.state), (by, to), actor, at).await?
    };
    if moved { Ok(to) } else { Err(ContractError::Changed.into()) }
}
