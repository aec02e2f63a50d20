//! Beginning a draft and writing in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{log, person};
use crate::contract::document::Draft;
use crate::contract::drafting::{self, DraftEdit};
use crate::contract::store::contracts::{self, ContractRow};
use crate::contract::store::entities;
use crate::contract::template::{FieldValue, FileValue, Reference, Role, Template};
use crate::contract::{CONTRACT, Content, Contract, ContractError, Contracts, OurEntity, State};
use crate::db::Conn;
use crate::kernel::{Actor, ContractId, CustomerId, EntityId, Hash, OpportunityId};
use crate::org::Action;

/// What a contract begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NewContract {
    /// The name of the template.
    pub template: String,
    /// Our entity.
    #[schema(value_type = i64)]
    pub entity: EntityId,
    /// What our entity does in it; the template's usual role where nothing is said.
    #[serde(default)]
    pub our_role: Option<String>,
    /// The customer that it is for.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub customer: Option<CustomerId>,
    /// The opportunity that it comes from.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub opportunity: Option<OpportunityId>,
}

impl Contracts {
    /// Begins a draft: our entity's details and what else is known stand in it.
    pub async fn begin(&self, actor: Actor, new: NewContract) -> Result<ContractId, ContractError> {
        let user = person(actor)?;
        self.scope(user, Action::Create)?;
        let template = self.0.library.named(&new.template).await?;
        let entity = self.entity(new.entity).await?;
        let ours = match new.our_role.as_deref().filter(|role| !role.is_empty()) {
            Some(name) => Role::from_name(name).ok_or(ContractError::NoRole)?,
            None => *template.our_roles.first().ok_or(ContractError::NoRole)?,
        };
        if !template.our_roles.contains(&ours) {
            return Err(ContractError::NoRole);
        }
        let directory = self.0.org.directory();
        let department = directory.people.get(&user).and_then(|one| directory.departments.get(&one.department?));
        let mut draft = Draft::new(&template, ours);
        for party in draft.parties.iter_mut().filter(|party| party.ours) {
            if let Some(slot) = template.parties.iter().find(|slot| slot.role == party.role) {
                *party = entity.party(slot);
            }
        }
        prefill(&template, &mut draft, &entity, &Reference { id: user.get(), name: directory.name(user) });
        let row = ContractRow {
            number_pattern: template.number.to_string(),
            title: template.title.clone(),
            template: template.name.clone(),
            template_version: template.version,
            category: template.category(ours).to_owned(),
            entity: entity.id,
            entity_code: entity.fields.code.clone(),
            our_role: ours.name().to_owned(),
            customer: new.customer,
            opportunity: new.opportunity,
            drafter: user,
            department: department.map(|one| one.id),
            department_code: department.map(|one| one.code.clone()).unwrap_or_default(),
            snapshot: Content::of(draft).snapshot(&template)?,
        };
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let id = contracts::add(c, &row, at).await?;
            let new = serde_json::json!({ "template": row.template, "version": row.template_version });
            log(c, (actor, at), &CONTRACT.reference(id.get()), "contract.begun", Some(new)).await?;
            c.notify("contracts");
            Ok::<_, ContractError>(id)
        };
        self.0.db.write(unit).await
    }

    /// Keeps what the drafting form sent. `version` is the one that the form was made for.
    pub async fn save_form(
        &self,
        actor: Actor,
        id: ContractId,
        version: i64,
        sent: &[(String, String)],
    ) -> Result<Contract, ContractError> {
        self.rewrite(actor, id, version, |template, content| drafting::read_form(template, content, sent)).await
    }

    /// Keeps what a program sent.
    pub async fn save_edit(
        &self,
        actor: Actor,
        id: ContractId,
        version: i64,
        edit: &DraftEdit,
    ) -> Result<Contract, ContractError> {
        self.rewrite(actor, id, version, |template, content| drafting::read_edit(template, content, edit)).await
    }

    /// Puts an uploaded file into one of the template's places.
    pub async fn attach(
        &self,
        actor: Actor,
        id: ContractId,
        slot: &str,
        (name, bytes): (&str, &[u8]),
    ) -> Result<Contract, ContractError> {
        let contract = self.draft_of(actor, id).await?;
        let template = self.template_of(&contract).await?;
        if !template.files.iter().any(|one| one.name == slot) {
            return Err(ContractError::NoSlot(slot.to_owned()));
        }
        let stored = self.0.files.keep_bytes(name, bytes, actor.user).await?;
        let file = FileValue { name: stored.name, hash: stored.hash };
        self.rewrite(actor, id, contract.version, |_, content| {
            let mut content = content.clone();
            // A place in the manifest is a name: two files of one name could not be told apart.
            if content.draft.files.values().flatten().any(|known| known.name == file.name) {
                return Err(ContractError::FileNameTaken(file.name.clone()));
            }
            content.draft.files.entry(slot.to_owned()).or_default().push(file.clone());
            Ok(content)
        })
        .await
    }

    /// Takes a file out of its place.
    pub async fn detach(
        &self,
        actor: Actor,
        id: ContractId,
        slot: &str,
        file: Hash,
    ) -> Result<Contract, ContractError> {
        let version = self.draft_of(actor, id).await?.version;
        self.rewrite(actor, id, version, |_, content| {
            let mut content = content.clone();
            if let Some(files) = content.draft.files.get_mut(slot) {
                files.retain(|one| one.hash != file);
            }
            content.draft.files.retain(|_, files| !files.is_empty());
            Ok(content)
        })
        .await
    }

    /// The draft, if the person may write in it.
    pub async fn draft_of(&self, actor: Actor, id: ContractId) -> Result<Contract, ContractError> {
        let contract = self.demanded(person(actor)?, id, Action::Edit).await?;
        if contract.state == State::Draft { Ok(contract) } else { Err(ContractError::Locked(contract.state)) }
    }

    /// Reads the draft, lets it be rewritten, and stores it over the version that was read.
    async fn rewrite(
        &self,
        actor: Actor,
        id: ContractId,
        version: i64,
        write: impl FnOnce(&Template, &Content) -> Result<Content, ContractError>,
    ) -> Result<Contract, ContractError> {
        let contract = self.draft_of(actor, id).await?;
        if contract.version != version {
            return Err(ContractError::Changed);
        }
        let template = self.template_of(&contract).await?;
        let content = write(&template, &contract.content)?;
        if content == contract.content {
            return Ok(contract);
        }
        let (snapshot, at) = (content.snapshot(&template)?, self.now());
        let unit = async move |c: &mut Conn<'_>| {
            if !contracts::save(c, &contract, &snapshot, at).await? {
                return Err(ContractError::Changed);
            }
            c.notify("contracts");
            contracts::find(c, contract.id).await?.ok_or(ContractError::NotFound)
        };
        self.0.db.write(unit).await
    }

    /// One of our entities that contracts can be drafted for.
    async fn entity(&self, id: EntityId) -> Result<OurEntity, ContractError> {
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(entities::find(c, id).await?);
        let found = self.0.db.read(read).await?;
        found.filter(|entity| entity.active).ok_or(ContractError::NoEntity)
    }
}

/// Fills the fields that say where their value is known.
fn prefill(template: &Template, draft: &mut Draft, entity: &OurEntity, drafter: &Reference) {
    let known: BTreeMap<&str, FieldValue> = [
        ("drafter", FieldValue::Record(drafter.clone())),
        ("entity.address", FieldValue::Text(entity.fields.address.clone())),
    ]
    .into();
    for field in &template.fields {
        if let Some(value) = field.from.as_deref().and_then(|from| known.get(from))
            && field.kind.check(value).is_ok()
        {
            draft.values.insert(field.name.clone(), value.clone());
        }
    }
}
