//! Files that came after approval: signed scans, authorisations, photos of seals, evidence. They are read with the permission of
//! their contract, and their type is told from their content.

use serde::{Deserialize, Serialize};

use super::deed::Deed;
use super::store::papers;
use super::{Fulfilment, FulfilmentError, log, person};
use crate::db::Conn;
use crate::kernel::{Actor, ContractId, Hash, Ref, Timestamp, UserId, id};
use crate::org::Action;

id::id! {
    /// A file that came after approval.
    PaperId
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The document with all signatures on it.
    Signed,
    /// 授权委托书.
    Authorisation,
    /// A picture of a seal.
    SealPhoto,
    /// What proves a delivery.
    Delivered,
    /// What proves an acceptance.
    Accepted,
    /// What a change rests on.
    Evidence,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Signed, Self::Authorisation, Self::SealPhoto, Self::Delivered, Self::Accepted, Self::Evidence];

    /// As it stands in the table and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Authorisation => "authorisation",
            Self::SealPhoto => "seal_photo",
            Self::Delivered => "delivered",
            Self::Accepted => "accepted",
            Self::Evidence => "evidence",
        }
    }

    /// The purpose of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A file of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Id.
    pub id: PaperId,
    /// The contract.
    pub contract: ContractId,
    /// The contract or one of its changes.
    pub subject: Ref,
    /// What it is for.
    pub purpose: Purpose,
    /// The hash of its bytes.
    pub hash: Hash,
    /// Its name.
    pub name: String,
    /// For the header of an answer.
    pub media_type: String,
    /// Who brought it.
    pub added_by: Option<UserId>,
    /// When.
    pub added_at: Timestamp,
}

impl Paper {
    /// Where it opens.
    pub fn path(&self) -> String {
        format!("/contracts/{}/papers/{}", self.contract, self.id)
    }
}

impl Fulfilment {
    /// Keeps a file for a document. The keeper of a seal may bring a photo; everything else comes from who may edit the contract.
    pub async fn keep_paper(
        &self,
        actor: Actor,
        subject: &Ref,
        purpose: Purpose,
        (name, bytes): (&str, &[u8]),
    ) -> Result<PaperId, FulfilmentError> {
        let user = person(actor)?;
        let needed = if purpose == Purpose::SealPhoto { Action::Read } else { Action::Edit };
        let deed = self.deed(user, subject, needed).await?;
        self.keep(actor, deed, purpose, (name, bytes)).await
    }

    /// The same without asking again whether the person may.
    pub(super) async fn keep(
        &self,
        actor: Actor,
        deed: Deed,
        purpose: Purpose,
        (name, bytes): (&str, &[u8]),
    ) -> Result<PaperId, FulfilmentError> {
        let (user, at) = (person(actor)?, self.now());
        let file = self.contracts().0.files.keep_bytes(name, bytes, Some(user)).await?;
        let unit = async move |c: &mut Conn<'_>| {
            let id = papers::add(c, &deed, purpose, &file, (user, at)).await?;
            let new = serde_json::json!({ "purpose": purpose.name(), "name": file.name, "hash": file.hash });
            log(c, (actor, at), &deed.subject, "contract.paper_added", new).await?;
            Ok(id)
        };
        self.db().write(unit).await
    }

    /// A file with its bytes, if the person may read its contract or keeps a seal that it shows.
    pub async fn paper(
        &self,
        user: UserId,
        contract: ContractId,
        id: PaperId,
    ) -> Result<(Paper, Vec<u8>), FulfilmentError> {
        self.contracts().get(user, contract).await?;
        let read = async move |c: &mut Conn<'_>| {
            let found = papers::find(c, id).await?.filter(|paper| paper.contract == contract);
            found.ok_or(FulfilmentError::NoPaper)
        };
        let paper = self.db().read(read).await?;
        let bytes = self.contracts().0.files.read(paper.hash).await?;
        Ok((paper, bytes))
    }

    /// All files of a contract and its changes.
    pub async fn papers(&self, user: UserId, contract: ContractId) -> Result<Vec<Paper>, FulfilmentError> {
        self.contracts().get(user, contract).await?;
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(papers::of(c, contract).await?);
        self.db().read(read).await
    }
}

/// The file must be one of the document.
pub(super) async fn demand(c: &mut Conn<'_>, deed: &Deed, id: PaperId) -> Result<(), FulfilmentError> {
    let found = papers::find(c, id).await?;
    if found.is_some_and(|paper| paper.subject == deed.subject) { Ok(()) } else { Err(FulfilmentError::NoPaper) }
}
