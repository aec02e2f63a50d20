//! 签署: who signed for each party, in which capacity and when, with the scan of the signed document. The case hears of it, the payment
//! plan starts and the opportunity is won in the same unit.

use serde::{Deserialize, Serialize};

use super::deed::{self, Deed};
use super::store::changes;
use super::store::events::{self, EventEntry};
use super::store::life;
use super::{ChangeId, Fulfilment, FulfilmentError, PaperId, log, not_found, papers, person, plan, warning};
use crate::approval::Prepared;
use crate::contract::store::contracts;
use crate::contract::template::Party;
use crate::contract::{Contract, ContractError, Move};
use crate::crm::{Crm, NewEntry, Won};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::{Actor, Date, Ref, Timestamp};
use crate::org::Action;
use crate::settlement::NewPlan;
use crate::workflow::Effect;

/// The event by which the case hears of it.
const SIGNED: &str = "signed";

/// In which capacity somebody signs for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// 法定代表人.
    Representative,
    /// 代理人, with an authorisation.
    Agent,
    /// A natural person signs for themselves.
    Oneself,
}

impl Capacity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Representative, Self::Agent, Self::Oneself];

    /// As it stands in the table and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Representative => "representative",
            Self::Agent => "agent",
            Self::Oneself => "oneself",
        }
    }

    /// The capacity of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.name() == name)
    }
}

/// Who signed for a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PartySigning {
    /// The role of the party: `seller`, `client`.
    pub party: String,
    /// The name of who signed.
    pub signatory: String,
    /// In which capacity.
    pub capacity: Capacity,
    /// The authorisation of an agent: a file that was added before.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub authorisation: Option<PaperId>,
    /// When.
    pub signed_on: Date,
}

/// A document with all its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NewSigning {
    /// For every party.
    pub parties: Vec<PartySigning>,
    /// The scan: a file that was added before.
    #[schema(value_type = Option<i64>)]
    pub scan: Option<PaperId>,
    /// How many copies were signed (一式几份).
    pub copies: u32,
    /// When it takes effect; with the last signature where nothing is said.
    #[serde(default)]
    pub effective_on: Option<Date>,
    /// The version of the document that was read.
    pub version: i64,
}

/// A signature as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The role of the party.
    pub party: String,
    /// Its name.
    pub party_name: String,
    /// Who signed.
    pub signatory: String,
    /// In which capacity.
    pub capacity: Capacity,
    /// The authorisation of an agent.
    pub authorisation: Option<PaperId>,
    /// When.
    pub signed_on: Date,
}

impl NewSigning {
    /// When the last party signed.
    fn signed_on(&self) -> Option<Date> {
        self.parties.iter().map(|party| party.signed_on).max()
    }

    /// What is wrong with it, looked at on `today`.
    pub fn check(&self, parties: &[Party], today: Date) -> Result<(), FulfilmentError> {
        for party in parties {
            let role = party.role.name();
            let field = |name: &str| format!("{name}.{role}");
            let signing = self.parties.iter().find(|one| one.party == role);
            let signing = signing.ok_or_else(|| FulfilmentError::Needed { field: field("signatory") })?;
            let name = signing.signatory.trim();
            if name.is_empty() || name.chars().count() > 60 {
                return Err(FulfilmentError::Needed { field: field("signatory") });
            }
            if signing.signed_on > today {
                return Err(FulfilmentError::InFuture { field: field("signed_on") });
            }
            if signing.capacity == Capacity::Agent && signing.authorisation.is_none() {
                let name = party.name().to_owned();
                return Err(FulfilmentError::NoAuthorisation { party: field("authorisation"), name });
            }
        }
        if self.scan.is_none() {
            return Err(FulfilmentError::NoScan);
        }
        if (1..=99).contains(&self.copies) { Ok(()) } else { Err(FulfilmentError::Copies) }
    }
}

impl Fulfilment {
    /// Records that all parties have signed.
    pub async fn sign(&self, actor: Actor, subject: &Ref, signing: NewSigning) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let deed = self.deed(user, subject, Action::Edit).await?;
        deed.state.after(Move::Sign)?;
        if deed.version != signing.version {
            return Err(ContractError::Changed.into());
        }
        signing.check(&deed.parties, self.today())?;
        let signed_on = signing.signed_on().ok_or(FulfilmentError::NoScan)?;
        let effective = signing.effective_on.unwrap_or(signed_on);
        let plan = self.plan_of(&deed).await?;
        let at = self.now();
        let subject = subject.clone();
        let about = subject.clone();
        let write = async move |c: &mut Conn<'_>, heard: Option<&Prepared>| {
            let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
            if deed.version != signing.version {
                return Err(ContractError::Changed.into());
            }
            put(c, &deed, &signing, signed_on, (actor, at)).await?;
            if deed.is_contract() {
                life::signed(c, deed.contract, signed_on, effective).await?;
            } else {
                changes::signed(c, ChangeId::new(deed.subject.id), signed_on, effective).await?;
            }
            deed::go(c, &deed, Move::Sign, actor, at).await?;
            if let Some(event) = heard.map(starts_plan_at).transpose()?.flatten()
                && deed.is_contract()
            {
                events::set_start(c, deed.contract, &event).await?;
            }
            if deed.is_contract() {
                let contract = contracts::find(c, deed.contract).await?.ok_or_else(not_found)?;
                plan::hears(c, &contract, plan.as_ref(), (SIGNED, signed_on), (actor, at)).await?;
                warning::follow(c, &contract, at).await?;
                tell_crm(c, &contract, (actor, at)).await?;
            }
            Ok(())
        };
        self.with_event((&about, SIGNED), actor, write).await?;
        if effective <= self.today() {
            self.take_effect(&about, actor).await?;
        }
        Ok(())
    }

    /// Who signed a document.
    pub async fn signatures(&self, subject: &Ref) -> Result<Vec<Signature>, FulfilmentError> {
        let subject = subject.clone();
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(events::signatures(c, &subject).await?);
        self.db().read(read).await
    }

    /// The payment plan that stands in the contract; a change has none of its own.
    pub(super) async fn plan_of(&self, deed: &Deed) -> Result<Option<NewPlan>, FulfilmentError> {
        if !deed.is_contract() {
            return Ok(None);
        }
        let contract = self.contracts().find(deed.contract).await?;
        let template = self.contracts().template_of(&contract).await?;
        plan::of_contract(&contract, &template)
    }
}

/// The signatures and the scan.
async fn put(
    c: &mut Conn<'_>,
    deed: &Deed,
    signing: &NewSigning,
    on: Date,
    (actor, at): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let by = (actor.in_the_name_of(), at);
    for party in &deed.parties {
        let Some(one) = signing.parties.iter().find(|one| one.party == party.role.name()) else { continue };
        if let Some(authorisation) = one.authorisation {
            papers::demand(c, deed, authorisation).await?;
        }
        events::sign(c, &deed.subject, (party.name(), one), by).await?;
    }
    if let Some(scan) = signing.scan {
        papers::demand(c, deed, scan).await?;
    }
    let entry = EventEntry { name: SIGNED, on, paper: signing.scan, copies: Some(signing.copies), note: "" };
    events::put(c, &deed.subject, &entry, by).await?;
    let new = serde_json::json!({ "on": on, "copies": signing.copies, "parties": signing.parties });
    log(c, (actor, at), &deed.subject, "contract.signatures_recorded", new).await?;
    Ok(())
}

/// The event that the workflow names for the start of the plan, where the signing is not to start it.
fn starts_plan_at(heard: &Prepared) -> Result<Option<String>, FulfilmentError> {
    let effects = heard.effects_due()?;
    let named = effects.into_iter().find_map(|effect| match effect {
        Effect::PaymentPlanFromContract { on } if on != SIGNED => Some(on),
        _ => None,
    });
    Ok(named)
}

/// The customer's timeline, and the opportunity that is won.
async fn tell_crm(
    c: &mut Conn<'_>,
    contract: &Contract,
    (actor, at): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let number = contract.number.clone().unwrap_or_default();
    let (path, reason) = (format!("/contracts/{}", contract.id), format!("{number} {}", contract.title));
    if let Some(customer) = contract.customer {
        let head = msg!("contract.after.timeline_signed", number = &number, title = &contract.title);
        Crm::timeline_entry(c, NewEntry { customer, head, text: "", path: &path, actor: &actor, at }).await?;
    }
    if let Some(opportunity) = contract.opportunity {
        let won = Won { opportunity, reason: &reason, path: &path, actor: &actor, at };
        Crm::win(c, &won).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::template::Role;
    use jiff::civil::date;

    fn parties() -> Vec<Party> {
        let party = |role, name: &str| Party {
            role,
            label: String::new(),
            ours: false,
            person: false,
            record: None,
            details: [("name".to_owned(), name.to_owned())].into(),
        };
        vec![party(Role::Provider, "开思软件"), party(Role::Client, "晨星自动化")]
    }

    fn signing(capacity: Capacity, authorisation: Option<i64>) -> NewSigning {
        let party = |role: &str, capacity, authorisation: Option<i64>| PartySigning {
            party: role.into(),
            signatory: "陈国栋".into(),
            capacity,
            authorisation: authorisation.map(PaperId::new),
            signed_on: date(2026, 3, 2),
        };
        NewSigning {
            parties: vec![party("provider", Capacity::Representative, None), party("client", capacity, authorisation)],
            scan: Some(PaperId::new(1)),
            copies: 4,
            effective_on: None,
            version: 1,
        }
    }

    fn field(refused: Result<(), FulfilmentError>) -> Option<String> {
        use crate::i18n::Explain as _;
        refused.err().and_then(|error| error.field().map(str::to_owned))
    }

    #[test]
    fn an_agent_needs_an_authorisation() {
        let today = date(2026, 3, 2);
        assert!(signing(Capacity::Agent, Some(2)).check(&parties(), today).is_ok());
        let refused = signing(Capacity::Agent, None).check(&parties(), today);
        assert_eq!(field(refused).as_deref(), Some("authorisation.client"));
    }

    #[test]
    fn every_party_signs_and_nobody_in_the_future() {
        let one = signing(Capacity::Representative, None);
        assert_eq!(field(one.check(&parties(), date(2026, 3, 1))).as_deref(), Some("signed_on.provider"));
        let half = NewSigning { parties: one.parties[..1].to_vec(), ..one.clone() };
        assert_eq!(field(half.check(&parties(), date(2026, 3, 2))).as_deref(), Some("signatory.client"));
        let without = NewSigning { scan: None, ..one };
        assert_eq!(field(without.check(&parties(), date(2026, 3, 2))).as_deref(), Some("scan"));
    }
}
