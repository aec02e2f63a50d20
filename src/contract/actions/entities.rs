//! Our entities and their seals, kept by the administrator.

use super::log;
use crate::contract::store::entities;
use crate::contract::{ContractError, Contracts, EntityFields, OUR_ENTITY, OurEntity, Seal, SealFields, SealId};
use crate::db::{Conn, DbError};
use crate::kernel::{Actor, EntityId, Ref};
use crate::org::Action;

impl Contracts {
    /// Adds one of our entities.
    pub async fn add_entity(&self, actor: Actor, fields: EntityFields) -> Result<EntityId, ContractError> {
        self.demand_administration(actor)?;
        let (fields, at) = (fields.checked()?, self.now());
        let unit = async move |c: &mut Conn<'_>| {
            let id = entities::add(c, &fields, at).await.map_err(taken)?;
            let new = serde_json::to_value(&fields)?;
            log(c, (actor, at), &entity(id), "contract.entity_added", Some(new)).await?;
            Ok(id)
        };
        self.0.db.write(unit).await
    }

    /// Changes one; contracts under way keep what was copied into them.
    pub async fn change_entity(&self, actor: Actor, mut changed: OurEntity) -> Result<(), ContractError> {
        self.demand_administration(actor)?;
        changed.fields = changed.fields.checked()?;
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            if !entities::change(c, &changed, at).await.map_err(taken)? {
                return Err(ContractError::Changed);
            }
            let new = serde_json::to_value(&changed.fields)?;
            Ok(log(c, (actor, at), &entity(changed.id), "contract.entity_changed", Some(new)).await?)
        };
        self.0.db.write(unit).await
    }

    /// Adds a seal with its keeper.
    pub async fn add_seal(&self, actor: Actor, of: EntityId, seal: SealFields) -> Result<SealId, ContractError> {
        self.demand_administration(actor)?;
        self.demand_keeper(&seal)?;
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            entities::find(c, of).await?.ok_or(ContractError::NoEntity)?;
            let id = entities::add_seal(c, of, seal, at).await.map_err(taken)?;
            let new = serde_json::json!({ "seal": seal.kind.name(), "keeper": seal.keeper });
            log(c, (actor, at), &entity(of), "contract.seal_added", Some(new)).await?;
            Ok(id)
        };
        self.0.db.write(unit).await
    }

    /// Gives a seal to another keeper, or takes it out of use.
    pub async fn change_seal(&self, actor: Actor, changed: Seal) -> Result<(), ContractError> {
        self.demand_administration(actor)?;
        self.demand_keeper(&SealFields { kind: changed.kind, keeper: changed.keeper, active: changed.active })?;
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            if !entities::change_seal(c, &changed, at).await? {
                return Err(ContractError::Changed);
            }
            let new =
                serde_json::json!({ "seal": changed.kind.name(), "keeper": changed.keeper, "active": changed.active });
            Ok(log(c, (actor, at), &entity(changed.entity), "contract.seal_changed", Some(new)).await?)
        };
        self.0.db.write(unit).await
    }

    /// Our entities, closed ones too.
    pub async fn entities(&self) -> Result<Vec<OurEntity>, ContractError> {
        self.0.db.read(async |c: &mut Conn<'_>| Ok::<_, ContractError>(entities::all(c).await?)).await
    }

    /// The seals of all entities.
    pub async fn seals(&self) -> Result<Vec<Seal>, ContractError> {
        self.0.db.read(async |c: &mut Conn<'_>| Ok::<_, ContractError>(entities::seals(c).await?)).await
    }

    /// One of them, closed or not.
    pub async fn one_entity(&self, id: EntityId) -> Result<OurEntity, ContractError> {
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(entities::find(c, id).await?);
        self.0.db.read(read).await?.ok_or(ContractError::NoEntity)
    }

    /// Whether the person may see our entities with their seals.
    pub fn demand_reading(&self, actor: Actor) -> Result<(), ContractError> {
        let user = super::person(actor)?;
        self.0.org.scope_of(user, &OUR_ENTITY, Action::Read)?;
        Ok(())
    }

    /// Whether the person keeps our entities.
    pub fn demand_administration(&self, actor: Actor) -> Result<(), ContractError> {
        let user = super::person(actor)?;
        self.0.org.scope_of(user, &OUR_ENTITY, Action::Administer)?;
        Ok(())
    }

    fn demand_keeper(&self, seal: &SealFields) -> Result<(), ContractError> {
        if self.0.org.directory().is_active(seal.keeper) {
            Ok(())
        } else {
            Err(ContractError::Required { field: "keeper" })
        }
    }
}

fn entity(id: EntityId) -> Ref {
    OUR_ENTITY.reference(id.get())
}

fn taken(error: DbError) -> ContractError {
    match error {
        error if error.is_unique("seal_entity_kind_key") => ContractError::SealTaken,
        DbError::Unique { .. } => ContractError::EntityTaken,
        other => other.into(),
    }
}
