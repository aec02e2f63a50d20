//! The handle of this room.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::store::contracts::{self, Contract};
use super::store::ledger::{self, ContractSummary, LedgerFilter};
use super::store::versions::{self, Version};
use super::template::Template;
use super::{CONTRACT, ContractError, Library, OUR_ENTITY, TEMPLATE};
use crate::approval::Approvals;
use crate::crm::Crm;
use crate::db::{Conn, Count, Cursor, Db, Page};
use crate::files::Files;
use crate::kernel::{Clock, ContractId, Date, Random, Timestamp, Token, UserId};
use crate::org::{Action, Org, ProtectedKind, Reach, Scope};
use crate::settlement::Settlements;

/// Contracts; cheap to clone.
#[derive(Clone)]
pub struct Contracts(pub(super) Arc<Rooms>);

/// What this room stands on.
pub struct Rooms {
    /// An open database, migrated.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the company's day begins.
    pub zone: TimeZone,
    /// People and what they may do.
    pub org: Org,
    /// Uploaded files.
    pub files: Files,
    /// Where the words of drafting pages come from.
    pub random: Arc<dyn Random>,
    /// Published templates.
    pub library: Library,
    /// Running cases.
    pub approvals: Approvals,
    /// Milestones and payments.
    pub settlements: Settlements,
    /// Customers.
    pub crm: Crm,
}

/// What this room protects, and what the shipped roles may do at first.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    use Action::{Administer, Create, Edit, Export, Read};
    vec![
        ProtectedKind {
            kind: CONTRACT,
            title: "contract.kind",
            actions: &[Read, Create, Edit, Export],
            first: &[
                ("drafter", &[Read, Create, Edit, Export], Reach::Own),
                ("purchaser", &[Read, Create, Edit, Export], Reach::Own),
                ("sales-manager", &[Read, Create, Edit, Export], Reach::Team),
                ("legal", &[Read, Export], Reach::All),
                ("finance", &[Read, Export], Reach::All),
                ("accountant", &[Read, Export], Reach::All),
                ("finance-director", &[Read, Export], Reach::All),
                ("vice-president", &[Read, Export], Reach::All),
                ("general-manager", &[Read, Export], Reach::All),
                ("president", &[Read, Export], Reach::All),
                ("archivist", &[Read], Reach::All),
                ("seal-keeper", &[Read], Reach::All),
                ("auditor", &[Read, Export], Reach::All),
            ],
        },
        ProtectedKind {
            kind: OUR_ENTITY,
            title: "contract.kind_entity",
            actions: &[Read, Administer],
            first: &[("legal", &[Read], Reach::All), ("auditor", &[Read], Reach::All)],
        },
        ProtectedKind {
            kind: TEMPLATE,
            title: "contract.kind_template",
            actions: &[Read, Administer],
            first: &[("legal", &[Read, Administer], Reach::All), ("auditor", &[Read], Reach::All)],
        },
    ]
}

impl Contracts {
    /// The room.
    pub fn new(rooms: Rooms) -> Self {
        Self(Arc::new(rooms))
    }

    /// The contract, if the person may read it.
    pub async fn get(&self, user: UserId, id: ContractId) -> Result<Contract, ContractError> {
        self.demanded(user, id, Action::Read).await
    }

    /// The contract, if the person may do that with it. One that they may not even read does not exist for them.
    pub(super) async fn demanded(
        &self,
        user: UserId,
        id: ContractId,
        action: Action,
    ) -> Result<Contract, ContractError> {
        let read = self.scope(user, Action::Read)?;
        let found = self.find(id).await?;
        if !read.covers(Some(found.owner), found.department) {
            return Err(ContractError::NotFound);
        }
        if action != Action::Read {
            self.scope(user, action)?.demand(Some(found.owner), found.department)?;
        }
        Ok(found)
    }

    /// The contract, for the program itself.
    pub(super) async fn find(&self, id: ContractId) -> Result<Contract, ContractError> {
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(contracts::find(c, id).await?);
        self.0.db.read(read).await?.ok_or(ContractError::NotFound)
    }

    /// Which contracts the person may do that with.
    pub fn scope(&self, user: UserId, action: Action) -> Result<Scope, ContractError> {
        Ok(self.0.org.scope_of(user, &CONTRACT, action)?)
    }

    /// A page of the ledger.
    pub async fn ledger(
        &self,
        user: UserId,
        filter: LedgerFilter,
        size: u32,
        after: Option<Cursor>,
    ) -> Result<(Page<ContractSummary>, Count), ContractError> {
        let scope = self.scope(user, Action::Read)?;
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, ContractError>(ledger::page(c, &scope, &filter, size, after.as_ref()).await?)
        };
        self.0.db.read(read).await
    }

    /// What was submitted, the newest first.
    pub async fn versions(&self, user: UserId, id: ContractId) -> Result<Vec<Version>, ContractError> {
        self.get(user, id).await?;
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(versions::of(c, id).await?);
        self.0.db.read(read).await
    }

    /// The template that the contract fills.
    pub async fn template_of(&self, contract: &Contract) -> Result<Arc<Template>, ContractError> {
        self.0.library.version(contract.template_version).await
    }

    /// Running cases.
    pub fn approvals(&self) -> &Approvals {
        &self.0.approvals
    }

    /// The published templates.
    pub fn library(&self) -> &Library {
        &self.0.library
    }

    /// People.
    pub fn org(&self) -> &Org {
        &self.0.org
    }

    /// A word of its own for a page that is opened: it may save again over what it saved itself.
    pub(super) fn page_word(&self) -> String {
        Token::new(&*self.0.random).reveal()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The company's today.
    pub fn today(&self) -> Date {
        self.now().date_in(&self.0.zone)
    }
}
