//! Beginning a draft and writing in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{log, person};
use crate::contract::document::Draft;
use crate::contract::drafting::{self, DraftEdit};
use crate::contract::filling;
use crate::contract::store::drafts::{self, ContractRow};
use crate::contract::store::{contracts, entities};
use crate::contract::template::{FieldValue, FileValue, Reference, Role, Template};
use crate::contract::{CONTRACT, Content, Contract, ContractError, Contracts, OurEntity, State};
use crate::crm::{Crm, CustomerCard, NewEntry, OpportunityCard};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::{Actor, ContractId, CustomerId, EntityId, Hash, OpportunityId, UserId};
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

/// What a writer had before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A program read this version.
    Version(i64),
    /// A page was made for this version. The same page may save again over what it saved itself.
    Page {
        /// The version.
        version: i64,
        /// A word of the page's own, made when it was opened.
        editor: String,
    },
    /// The change does not depend on the rest: a file that comes or goes.
    Anything,
}

impl Seen {
    /// That version.
    pub fn version(version: i64) -> Self {
        Self::Version(version)
    }

    fn is(&self, contract: &Contract) -> bool {
        match self {
            Self::Version(version) => contract.version == *version,
            Self::Page { version, editor } => {
                contract.version == *version || (!editor.is_empty() && contract.editor == *editor)
            }
            Self::Anything => true,
        }
    }
}

/// How often a draft is written anew after others were faster.
const RACES: usize = 5;

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
        let mut content = Content::of(draft);
        let (customer, opportunity) = self.counterpart(user, &new).await?;
        if let Some(card) = &customer {
            filling::customer(&template, &mut content, card);
        }
        if let Some(card) = &opportunity {
            filling::opportunity(&template, &mut content, card);
        }
        let row = ContractRow {
            number_pattern: template.number.to_string(),
            title: template.title.clone(),
            template: template.name.clone(),
            template_version: template.version,
            category: template.category(ours).to_owned(),
            entity: entity.id,
            entity_code: entity.fields.code.clone(),
            our_role: ours.name().to_owned(),
            customer: customer.map(|card| card.id),
            opportunity: opportunity.map(|card| card.id),
            drafter: user,
            department: department.map(|one| one.id),
            department_code: department.map(|one| one.code.clone()).unwrap_or_default(),
            snapshot: content.snapshot(&template)?,
        };
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let id = drafts::add(c, &row, at).await?;
            let new = serde_json::json!({ "template": row.template, "version": row.template_version });
            log(c, (actor, at), &CONTRACT.reference(id.get()), "contract.begun", Some(new)).await?;
            if let Some(customer) = row.customer {
                let path = format!("/contracts/{id}");
                let head = msg!("contract.timeline.begun", title = &row.title);
                Crm::timeline_entry(c, NewEntry { customer, head, text: "", path: &path, actor: &actor, at }).await?;
            }
            c.notify("contracts");
            Ok::<_, ContractError>(id)
        };
        self.0.db.write(unit).await
    }

    /// Keeps what the drafting form sent. `seen` is what the form was made for.
    pub async fn save_form(
        &self,
        actor: Actor,
        id: ContractId,
        seen: &Seen,
        sent: &[(String, String)],
    ) -> Result<Contract, ContractError> {
        let write = |template: &Template, contract: &mut Contract| {
            contract.content = drafting::read_form(template, &contract.content, sent)?;
            Ok(())
        };
        self.rewrite(actor, id, seen, write).await
    }

    /// Keeps what a program sent.
    pub async fn save_edit(
        &self,
        actor: Actor,
        id: ContractId,
        version: i64,
        edit: &DraftEdit,
    ) -> Result<Contract, ContractError> {
        let write = |template: &Template, contract: &mut Contract| {
            contract.content = drafting::read_edit(template, &contract.content, edit)?;
            Ok(())
        };
        self.rewrite(actor, id, &Seen::version(version), write).await
    }

    /// Puts a payment plan of the contract's own in place of the template's, with the same rows at first; or takes it away again.
    pub async fn own_plan(&self, actor: Actor, id: ContractId, own: bool) -> Result<Contract, ContractError> {
        let write = |template: &Template, contract: &mut Contract| {
            drafting::own_plan(template, &mut contract.content, own);
            Ok(())
        };
        self.rewrite(actor, id, &Seen::Anything, write).await
    }

    /// Puts an uploaded file into one of the template's places.
    pub async fn attach(
        &self,
        actor: Actor,
        (id, seen): (ContractId, &Seen),
        slot: &str,
        (name, bytes): (&str, &[u8]),
    ) -> Result<Contract, ContractError> {
        let contract = self.draft_of(actor, id).await?;
        if !seen.is(&contract) {
            return Err(ContractError::Changed);
        }
        let template = self.template_of(&contract).await?;
        if !template.files.iter().any(|one| one.name == slot) {
            return Err(ContractError::NoSlot(slot.to_owned()));
        }
        let stored = self.0.files.keep_bytes(name, bytes, actor.user).await?;
        let file = FileValue { name: stored.name, hash: stored.hash };
        let write = |_: &Template, contract: &mut Contract| {
            let files = &mut contract.content.draft.files;
            // A place in the manifest is a name: two files of one name could not be told apart.
            if files.values().flatten().any(|known| known.name == file.name) {
                return Err(ContractError::FileNameTaken(file.name.clone()));
            }
            files.entry(slot.to_owned()).or_default().push(file.clone());
            Ok(())
        };
        self.rewrite(actor, id, seen, write).await
    }

    /// Takes a file out of its place.
    pub async fn detach(
        &self,
        actor: Actor,
        (id, seen): (ContractId, &Seen),
        slot: &str,
        file: Hash,
    ) -> Result<Contract, ContractError> {
        let write = |_: &Template, contract: &mut Contract| {
            let places = &mut contract.content.draft.files;
            if let Some(files) = places.get_mut(slot) {
                files.retain(|one| one.hash != file);
            }
            places.retain(|_, files| !files.is_empty());
            Ok(())
        };
        self.rewrite(actor, id, seen, write).await
    }

    /// The draft, if the person may write in it.
    pub async fn draft_of(&self, actor: Actor, id: ContractId) -> Result<Contract, ContractError> {
        let contract = self.demanded(person(actor)?, id, Action::Edit).await?;
        if contract.state == State::Draft { Ok(contract) } else { Err(ContractError::Locked(contract.state)) }
    }

    /// Reads the draft, lets it be rewritten, and stores it over what was read; again where somebody else was faster and may be.
    pub(super) async fn rewrite(
        &self,
        actor: Actor,
        id: ContractId,
        seen: &Seen,
        write: impl Fn(&Template, &mut Contract) -> Result<(), ContractError>,
    ) -> Result<Contract, ContractError> {
        for _ in 0..RACES {
            let read = self.draft_of(actor, id).await?;
            if !seen.is(&read) {
                return Err(ContractError::Changed);
            }
            let template = self.template_of(&read).await?;
            let mut written = read.clone();
            write(&template, &mut written)?;
            if written == read {
                return Ok(read);
            }
            if let Seen::Page { editor, .. } = seen {
                written.editor.clone_from(editor);
            }
            let (snapshot, at) = (written.content.clone().snapshot(&template)?, self.now());
            let unit = async move |c: &mut Conn<'_>| {
                if !drafts::save(c, &written, &snapshot, at).await? {
                    return Ok(None);
                }
                c.notify("contracts");
                Ok::<_, ContractError>(contracts::find(c, written.id).await?)
            };
            if let Some(stored) = self.0.db.write(unit).await? {
                return Ok(stored);
            }
        }
        Err(ContractError::Changed)
    }

    /// The customer and the opportunity that a new contract is for; an opportunity names its customer.
    async fn counterpart(
        &self,
        user: UserId,
        new: &NewContract,
    ) -> Result<(Option<CustomerCard>, Option<OpportunityCard>), ContractError> {
        let opportunity = match new.opportunity {
            Some(id) => Some(self.opportunity_card(user, id).await?),
            None => None,
        };
        let customer = new.customer.or(opportunity.as_ref().map(|card| card.customer));
        if opportunity.as_ref().is_some_and(|card| Some(card.customer) != customer) {
            return Err(ContractError::NoOpportunity);
        }
        let customer = match customer {
            Some(id) => Some(self.customer_card(user, id).await?),
            None => None,
        };
        Ok((customer, opportunity))
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
