//! Our entities and their seals.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contract::pages::actor;
use crate::contract::{ContractError, Contracts, EntityFields, OurEntity, Seal, SealFields, SealId, SealKind};
use crate::kernel::{EntityId, UserId};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem};
use crate::workflow::Directory;

/// Our entities.
#[derive(Serialize, ToSchema)]
pub(super) struct Entities {
    entities: Vec<EntityShown>,
}

/// One of our entities with its seals.
#[derive(Serialize, ToSchema)]
#[schema(as = OurEntity)]
pub(super) struct EntityShown {
    id: i64,
    #[serde(flatten)]
    fields: EntityFields,
    active: bool,
    seals: Vec<SealShown>,
    /// Comes back with a change.
    version: i64,
}

/// A seal.
#[derive(Serialize, ToSchema)]
#[schema(as = Seal)]
pub(super) struct SealShown {
    id: i64,
    /// 公章, 合同专用章, 财务专用章, 法定代表人章.
    kind: String,
    /// Who keeps it.
    keeper: i64,
    keeper_name: String,
    active: bool,
    /// Comes back with a change.
    version: i64,
}

/// A changed entity.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangedEntity {
    /// The version that was read.
    version: i64,
    active: bool,
    /// Everything that is written down about it.
    entity: EntityFields,
}

/// A new seal.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewSeal {
    /// 公章, 合同专用章, 财务专用章, 法定代表人章.
    kind: String,
    /// Who keeps it.
    keeper: i64,
}

/// A changed seal.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangedSeal {
    /// Who keeps it.
    keeper: i64,
    active: bool,
    /// The version that was read.
    version: i64,
}

impl SealShown {
    fn of(seal: &Seal, directory: &Directory) -> Self {
        Self {
            id: seal.id.get(),
            kind: seal.kind.name().to_owned(),
            keeper: seal.keeper.get(),
            keeper_name: directory.name(seal.keeper),
            active: seal.active,
            version: seal.version,
        }
    }
}

async fn shown(contracts: &Contracts, entity: OurEntity) -> Result<EntityShown, ContractError> {
    let seals = contracts.seals().await?;
    let OurEntity { id, fields, active, version } = entity;
    let directory = contracts.org().directory();
    let ours = seals.iter().filter(|seal| seal.entity == id);
    let seals = ours.map(|seal| SealShown::of(seal, &directory)).collect();
    Ok(EntityShown { id: id.get(), fields, active, seals, version })
}

/// Our entities; everybody who drafts may read them.
#[utoipa::path(get, path = "/entities", tag = "contracts",
    responses((status = 200, body = Entities), (status = 403, body = Problem)))]
pub(super) async fn list(visit: LoggedIn, State(contracts): State<Contracts>) -> web::Result {
    contracts.scope(visit.user(), crate::org::Action::Read)?;
    let mut entities = Vec::new();
    for entity in contracts.entities().await? {
        entities.push(shown(&contracts, entity).await?);
    }
    Ok(Json(Entities { entities }).into_response())
}

/// Adds one.
#[utoipa::path(post, path = "/entities", tag = "contracts", request_body = EntityFields,
    responses((status = 201, body = EntityShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn add(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Json(fields): Json<EntityFields>,
) -> web::Result {
    let id = contracts.add_entity(actor(&visit), fields).await?;
    let entity = shown(&contracts, contracts.one_entity(id).await?).await?;
    Ok((StatusCode::CREATED, Json(entity)).into_response())
}

/// Changes one; contracts under way keep what was copied into them.
#[utoipa::path(put, path = "/entities/{id}", tag = "contracts", params(("id" = i64, Path)), request_body = ChangedEntity,
    responses((status = 200, body = EntityShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<EntityId>,
    Json(ChangedEntity { version, active, entity }): Json<ChangedEntity>,
) -> web::Result {
    contracts.change_entity(actor(&visit), OurEntity { id, fields: entity, active, version }).await?;
    Ok(Json(shown(&contracts, contracts.one_entity(id).await?).await?).into_response())
}

/// Adds a seal with its keeper.
#[utoipa::path(post, path = "/entities/{id}/seals", tag = "contracts", params(("id" = i64, Path)), request_body = NewSeal,
    responses((status = 201, body = EntityShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn add_seal(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<EntityId>,
    Json(NewSeal { kind, keeper }): Json<NewSeal>,
) -> web::Result {
    let kind = SealKind::named(&kind).ok_or(ContractError::Required { field: "kind" })?;
    let seal = SealFields { kind, keeper: UserId::new(keeper), active: true };
    contracts.add_seal(actor(&visit), id, seal).await?;
    let entity = shown(&contracts, contracts.one_entity(id).await?).await?;
    Ok((StatusCode::CREATED, Json(entity)).into_response())
}

/// Gives a seal to another keeper, or takes it out of use.
#[utoipa::path(put, path = "/entities/{id}/seals/{seal}", tag = "contracts", params(("id" = i64, Path), ("seal" = i64, Path)),
    request_body = ChangedSeal,
    responses((status = 200, body = EntityShown), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change_seal(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path((id, seal)): Path<(EntityId, SealId)>,
    Json(ChangedSeal { keeper, active, version }): Json<ChangedSeal>,
) -> web::Result {
    let known = contracts.seals().await?.into_iter().find(|one| one.id == seal && one.entity == id);
    let known = known.ok_or(ContractError::NoEntity)?;
    contracts.change_seal(actor(&visit), Seal { keeper: UserId::new(keeper), active, version, ..known }).await?;
    Ok(Json(shown(&contracts, contracts.one_entity(id).await?).await?).into_response())
}
