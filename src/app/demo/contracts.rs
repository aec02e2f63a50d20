//! Contracts, each as far as its story goes.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::company::Company;
use super::customers::{self, Known};
use super::days::Days;
use super::ledger::{Contract, Contracts as Ledger, Customers, Line, ProductLine};
use super::people::People;
use super::{broken, paper};
use crate::app::{App, StartError};
use crate::contract::fulfilment::{CONTRACT_CHANGE, ChangeId};
use crate::contract::{CONTRACT, Contracts, DraftEdit, NewContract, Seen, Submission};
use crate::kernel::{Actor, ContractId, EntityId, Ref};

/// When the sales people began what they work on now, in days from today.
const RECENTLY: i32 = -40;

/// What the story of a contract is told with.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) people: &'a People,
    pub(super) days: &'a Days,
    pub(super) known: Known,
    pub(super) customers: &'a Customers,
    pub(super) entities: &'a BTreeMap<String, EntityId>,
}

/// A contract of the file that was begun.
pub(super) struct Begun<'a> {
    pub(super) id: ContractId,
    pub(super) told: &'a Contract,
    pub(super) drafter: Actor,
    /// A change of it that is under way.
    pub(super) change: Option<ChangeId>,
}

impl Begun<'_> {
    pub(super) fn reference(&self) -> Ref {
        CONTRACT.reference(self.id.get())
    }

    /// What is approved and signed now: the change that is under way, or the contract itself.
    pub(super) fn subject(&self) -> Ref {
        self.change.map_or_else(|| self.reference(), |change| CONTRACT_CHANGE.reference(change.get()))
    }
}

/// One thing that happens on a day.
enum Happening {
    /// The sales people begin what they work on now.
    Work,
    Begin,
    Told(Line),
}

/// Tells all stories, day by day.
pub(super) async fn tell(desk: &mut Desk<'_>, ledger: &Ledger) -> Result<(), StartError> {
    let mut all: Vec<(i32, usize, Happening)> = vec![(RECENTLY, 0, Happening::Work)];
    for (index, one) in ledger.all.iter().enumerate() {
        let first = one.story.first().map_or(0, |line| line.parts().0);
        all.push((first - 1, index, Happening::Begin));
        all.extend(one.story.iter().map(|line| (line.parts().0, index, Happening::Told(line.clone()))));
    }
    // Stable: what happens to a contract on one day stays in its order.
    all.sort_by_key(|(day, _, _)| *day);
    let mut begun: BTreeMap<usize, Begun<'_>> = BTreeMap::new();
    for (day, index, happening) in all {
        desk.days.begin(day);
        match happening {
            Happening::Work => {
                let records = desk.app.crm().records();
                customers::work(records, desk.customers, desk.people, desk.days, &mut desk.known).await?;
            }
            Happening::Begin => {
                let told = &ledger.all[index];
                begun.insert(index, desk.begin(told).await?);
            }
            Happening::Told(line) => {
                let contract = begun.get_mut(&index).ok_or_else(|| broken("a story without a beginning"))?;
                let (_, what, more) = line.parts();
                desk.happens(contract, what, more).await?;
            }
        }
        desk.app.run_due().await;
    }
    Ok(())
}

impl Desk<'_> {
    pub(super) fn contracts(&self) -> &Contracts {
        self.app.contracts()
    }

    /// Drafts a contract with everything that its template wants.
    async fn begin<'t>(&self, told: &'t Contract) -> Result<Begun<'t>, StartError> {
        let drafter = self.people.actor(&told.drafter)?;
        let entity = self.entities.get(&told.entity).ok_or_else(|| broken("no such entity"))?;
        let new = NewContract {
            template: told.template.clone(),
            entity: *entity,
            our_role: told.our_role.clone(),
            customer: Some(self.known.customer(&told.customer)?),
            opportunity: told.opportunity.as_deref().map(|title| self.known.opportunity(title)).transpose()?,
        };
        let contracts = self.contracts();
        let id = contracts.begin(drafter, new).await?;
        self.days.pass();
        let version = contracts.draft_of(drafter, id).await?.version;
        let edit = DraftEdit {
            fields: self.fields(told),
            choices: told.choices.clone(),
            free: told.free.clone(),
            ..DraftEdit::default()
        };
        let contract = contracts.save_edit(drafter, id, version, &edit).await?;
        let template = contracts.template_of(&contract).await?;
        for slot in &told.files {
            let place = template.files.iter().find(|one| one.name == *slot);
            let label = place.map(|one| one.label.as_str()).ok_or_else(|| broken(&format!("no place {slot}")))?;
            self.days.pass();
            let paper = paper::pdf(&template.name, slot);
            contracts.attach(drafter, (id, &Seen::Anything), slot, (&format!("{label}.pdf"), &paper)).await?;
        }
        Ok(Begun { id, told, drafter, change: None })
    }

    fn fields(&self, told: &Contract) -> BTreeMap<String, Json> {
        let date = |day: i32| self.days.date(day).to_string();
        let mut fields: BTreeMap<String, Json> =
            told.fields.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
        fields.extend(told.dates.iter().map(|(name, day)| (name.clone(), json!(date(*day)))));
        if !told.lines.is_empty() {
            let line = |one: &ProductLine| {
                json!({ "name": one.name, "model": one.model, "specification": one.specification, "unit": one.unit,
                    "quantity": one.quantity, "price": one.price, "tax_rate": one.tax_rate, "delivery": date(one.delivery) })
            };
            fields.insert("goods".to_owned(), told.lines.iter().map(line).collect());
        }
        fields
    }

    pub(super) async fn submit(&self, contract: &Begun<'_>) -> Result<(), StartError> {
        let contracts = self.contracts();
        let version = contracts.draft_of(contract.drafter, contract.id).await?.version;
        let submission = Submission { version, chosen: BTreeMap::new() };
        contracts.submit(contract.drafter, contract.id, &submission).await?;
        self.days.pass();
        Ok(())
    }
}

/// Our entities by their code.
pub(super) async fn entities(
    contracts: &Contracts,
    company: &Company,
) -> Result<BTreeMap<String, EntityId>, StartError> {
    let known = contracts.entities().await?;
    let ours =
        company.entities.iter().filter_map(|one| known.iter().find(|entity| entity.fields.code == one.fields.code));
    Ok(ours.map(|entity| (entity.fields.code.clone(), entity.id)).collect())
}
