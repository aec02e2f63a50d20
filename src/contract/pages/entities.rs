//! 我方主体 with their seals, for the administrator.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::actor;
use super::choices::{self, Choice};
use super::{EntitiesPath, EntityPath, NewEntityPath, SealPath, SealsPath};
use crate::contract::{
    ContractError, Contracts, EntityFields, OUR_ENTITY, OurEntity, Seal, SealFields, SealId, SealKind,
};
use crate::i18n::{Message, msg};
use crate::kernel::EntityId;
use crate::org::Action;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page};

#[derive(Clone, Serialize)]
struct EntitiesPage {
    entities: Vec<ShownEntity>,
    new: Option<String>,
}

impl Page for EntitiesPage {
    const TEMPLATE: &'static str = "contract/entities.html";
}

#[derive(Clone, Serialize)]
struct ShownEntity {
    path: String,
    code: String,
    name: String,
    credit_code: String,
    active: bool,
    seals: Vec<String>,
}

#[derive(Clone, Serialize)]
struct EntityPage {
    form: FormState,
    entity: Option<EntityId>,
    name: String,
    may_edit: bool,
    departments: Vec<Choice>,
    seals: Vec<ShownSeal>,
    seal_form: FormState,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
}

impl Page for EntityPage {
    const TEMPLATE: &'static str = "contract/entity.html";
}

#[derive(Clone, Serialize)]
struct ShownSeal {
    path: String,
    kind: Message,
    keeper: String,
    keeper_id: String,
    active: bool,
    version: i64,
}

#[derive(Deserialize)]
struct EntityForm {
    code: String,
    name: String,
    credit_code: String,
    address: String,
    #[serde(default)]
    legal_representative: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    bank: String,
    #[serde(default)]
    bank_account: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    closed: String,
    #[serde(default)]
    version: i64,
}

#[derive(Deserialize)]
struct SealForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    keeper: String,
    #[serde(default)]
    out_of_use: String,
    #[serde(default)]
    version: i64,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new()
        .route(EntitiesPath::PATTERN, get(list))
        .route(NewEntityPath::PATTERN, get(blank).post(create))
        .route(EntityPath::PATTERN, get(show).post(save))
        .route(SealsPath::PATTERN, post(add_seal))
        .route(SealPath::PATTERN, post(change_seal))
}

async fn list(visit: LoggedIn, State(contracts): State<Contracts>) -> web::Result {
    contracts.demand_reading(actor(&visit))?;
    let seals = contracts.seals().await?;
    let entities = contracts.entities().await?.into_iter().map(|one| ShownEntity {
        path: EntityPath { id: one.id }.to_string(),
        seals: seals
            .iter()
            .filter(|seal| seal.entity == one.id && seal.active)
            .map(|seal| visit.text(&seal.kind.label()))
            .collect(),
        code: one.fields.code,
        name: one.fields.name,
        credit_code: one.fields.credit_code,
        active: one.active,
    });
    let entities = entities.collect();
    let new = may_edit(&visit, &contracts).then(|| NewEntityPath {}.to_string());
    visit.page(&EntitiesPage { entities, new })
}

async fn blank(visit: LoggedIn, State(contracts): State<Contracts>) -> web::Result {
    contracts.demand_administration(actor(&visit))?;
    let page = page(&visit, &contracts, None, FormState::empty()).await?;
    visit.page(&page)
}

async fn create(visit: LoggedIn, State(contracts): State<Contracts>, form: Form<EntityForm>) -> web::Result {
    match contracts.add_entity(actor(&visit), fields(&form.value)).await {
        Ok(id) => Ok(visit.go_with(EntityPath { id }, &Note::done(visit.text(&msg!("contract.saved"))))),
        Err(error) => {
            let page = page(&visit, &contracts, None, form.typed.refused(error)?).await?;
            visit.page_again(&page)
        }
    }
}

async fn show(visit: LoggedIn, EntityPath { id }: EntityPath, State(contracts): State<Contracts>) -> web::Result {
    contracts.demand_reading(actor(&visit))?;
    let entity = contracts.one_entity(id).await?;
    let mut form = FormState::of(&entity.fields)?;
    form.put("version", &entity.version.to_string());
    if !entity.active {
        form.put("closed", "yes");
    }
    let page = page(&visit, &contracts, Some(&entity), form).await?;
    visit.page(&page)
}

async fn save(
    visit: LoggedIn,
    EntityPath { id }: EntityPath,
    State(contracts): State<Contracts>,
    form: Form<EntityForm>,
) -> web::Result {
    let changed = OurEntity {
        id,
        fields: fields(&form.value),
        active: form.value.closed.is_empty(),
        version: form.value.version,
    };
    match contracts.change_entity(actor(&visit), changed).await {
        Ok(()) => Ok(visit.go_with(EntityPath { id }, &Note::done(visit.text(&msg!("contract.saved"))))),
        Err(error) => {
            let entity = contracts.one_entity(id).await?;
            let page = page(&visit, &contracts, Some(&entity), form.typed.refused(error)?).await?;
            visit.page_again(&page)
        }
    }
}

async fn add_seal(
    visit: LoggedIn,
    SealsPath { id }: SealsPath,
    State(contracts): State<Contracts>,
    form: Form<SealForm>,
) -> web::Result {
    let added = match (SealKind::named(&form.value.kind), form.value.keeper.parse()) {
        (Some(kind), Ok(keeper)) => {
            contracts.add_seal(actor(&visit), id, SealFields { kind, keeper, active: true }).await.map(drop)
        }
        (None, _) => Err(ContractError::Required { field: "kind" }),
        (_, Err(_)) => Err(ContractError::Required { field: "keeper" }),
    };
    match added {
        Ok(()) => Ok(visit.go_with(EntityPath { id }, &Note::done(visit.text(&msg!("contract.saved"))))),
        Err(error) => {
            let entity = contracts.one_entity(id).await?;
            let mut shown = FormState::of(&entity.fields)?;
            shown.put("version", &entity.version.to_string());
            let mut page = page(&visit, &contracts, Some(&entity), shown).await?;
            page.seal_form = form.typed.refused(error)?;
            visit.page_again(&page)
        }
    }
}

async fn change_seal(
    visit: LoggedIn,
    SealPath { id, seal }: SealPath,
    State(contracts): State<Contracts>,
    form: Form<SealForm>,
) -> web::Result {
    let seal = SealId::new(seal);
    let known = contracts.seals().await?.into_iter().find(|one| one.id == seal && one.entity == id);
    let known = known.ok_or(ContractError::NoEntity)?;
    let keeper = form.value.keeper.parse().unwrap_or(known.keeper);
    let active = form.value.out_of_use.is_empty();
    contracts.change_seal(actor(&visit), Seal { keeper, active, version: form.value.version, ..known }).await?;
    Ok(visit.go_with(EntityPath { id }, &Note::done(visit.text(&msg!("contract.saved")))))
}

fn fields(form: &EntityForm) -> EntityFields {
    EntityFields {
        code: form.code.clone(),
        name: form.name.clone(),
        credit_code: form.credit_code.clone(),
        address: form.address.clone(),
        legal_representative: form.legal_representative.clone(),
        contact: form.contact.clone(),
        phone: form.phone.clone(),
        email: form.email.clone(),
        bank: form.bank.clone(),
        bank_account: form.bank_account.clone(),
        department: form.department.parse().ok(),
    }
}

fn may_edit(visit: &LoggedIn, contracts: &Contracts) -> bool {
    contracts.org().scope_of(visit.user(), &OUR_ENTITY, Action::Administer).is_ok()
}

async fn page(
    visit: &LoggedIn,
    contracts: &Contracts,
    entity: Option<&OurEntity>,
    form: FormState,
) -> Result<EntityPage, ContractError> {
    let directory = contracts.org().directory();
    let seals = match entity {
        Some(entity) => contracts.seals().await?.into_iter().filter(|seal| seal.entity == entity.id).collect(),
        None => Vec::new(),
    };
    let shown = |seal: &Seal| ShownSeal {
        path: SealPath { id: seal.entity, seal: seal.id.get() }.to_string(),
        kind: seal.kind.label(),
        keeper: directory.name(seal.keeper),
        keeper_id: seal.keeper.to_string(),
        active: seal.active,
        version: seal.version,
    };
    let open: Vec<SealKind> =
        SealKind::ALL.into_iter().filter(|kind| seals.iter().all(|seal| seal.kind != *kind)).collect();
    let mut departments: Vec<Choice> =
        directory.departments.values().map(|one| Choice::new(one.id, &one.name)).collect();
    departments.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(EntityPage {
        form,
        entity: entity.map(|one| one.id),
        name: entity.map(|one| one.fields.name.clone()).unwrap_or_default(),
        may_edit: may_edit(visit, contracts),
        departments,
        seals: seals.iter().map(shown).collect(),
        seal_form: FormState::empty(),
        kinds: open.iter().map(|one| Choice::new(one.name(), visit.text(&one.label()))).collect(),
        people: choices::people(&directory),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn entities_render() {
        let shown = ShownEntity {
            path: "/admin/entities/1".into(),
            code: "KS".into(),
            name: "Kaisi".into(),
            credit_code: "91110000600037341L".into(),
            active: false,
            seals: vec!["Contract seal".into()],
        };
        renders(EntitiesPage { entities: vec![shown], new: Some("/admin/entities/new".into()) }).await;
        renders(EntitiesPage { entities: Vec::new(), new: Some("/admin/entities/new".into()) }).await;
        let seal = ShownSeal {
            path: "/admin/entities/1/seals/1".into(),
            kind: SealKind::Contract.label(),
            keeper: "Li".into(),
            keeper_id: "2".into(),
            active: false,
            version: 1,
        };
        let page = EntityPage {
            form: FormState::empty(),
            entity: Some(EntityId::new(1)),
            name: "Kaisi".into(),
            may_edit: true,
            departments: Vec::new(),
            seals: vec![seal.clone(), ShownSeal { active: true, ..seal }],
            seal_form: FormState::empty(),
            kinds: vec![Choice::new("a", "Seal")],
            people: vec![Choice::new(2, "Li")],
        };
        renders(EntityPage { may_edit: false, ..page.clone() }).await;
        renders(EntityPage { entity: None, ..page.clone() }).await;
        renders(page).await;
    }
}
