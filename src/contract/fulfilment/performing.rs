//! 履行: what happens to a signed document: it takes effect, is delivered and accepted, and is completed.

use serde::{Deserialize, Serialize};

use super::deed::Deed;
use super::store::events::{self, EventEntry};
use super::store::{archive, changes, originals};
use super::{CONTRACT_CHANGE, ChangeId, Fulfilment, FulfilmentError, PaperId, deed, log, not_found, papers, person};
use super::{plan, warning};
use crate::approval::Prepared;
use crate::contract::store::contracts;
use crate::contract::{CONTRACT, ContractError, Move, State};
use crate::db::Conn;
use crate::deadline;
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, ContractId, Date, Ref, Timestamp, UserId};
use crate::org::Action;
use crate::settlement;

/// The event by which case and plan hear that it is in force.
const EFFECTIVE: &str = "effective";
/// What people record by hand.
pub(super) const BY_HAND: [&str; 2] = ["delivered", "accepted"];

/// An event that somebody records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NewEvent {
    /// `delivered` or `accepted`.
    pub event: String,
    /// When it happened.
    pub on: Date,
    /// What proves it: a file that was added before.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub paper: Option<PaperId>,
    /// Any words.
    #[serde(default)]
    pub note: String,
}

/// An event as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// `signed`, `effective`, `delivered`, `accepted`.
    pub name: String,
    /// When it happened.
    pub on: Date,
    /// The file with it.
    pub paper: Option<PaperId>,
    /// How many copies were signed.
    pub copies: Option<u32>,
    /// Any words.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

impl Fulfilment {
    /// Refuses an event that cannot be recorded, before a paper is kept for it.
    pub async fn check_event(&self, actor: Actor, id: ContractId, new: &NewEvent) -> Result<Deed, FulfilmentError> {
        let user = person(actor)?;
        let deed = self.deed(user, &CONTRACT.reference(id.get()), Action::Edit).await?;
        if !BY_HAND.contains(&new.event.as_str()) {
            return Err(FulfilmentError::NoEvent(new.event.clone()));
        }
        if new.on > self.today() {
            return Err(FulfilmentError::InFuture { field: "on".to_owned() });
        }
        if new.note.chars().count() > 200 {
            return Err(FulfilmentError::Needed { field: "note".to_owned() });
        }
        happens_to(&deed)?;
        Ok(deed)
    }

    /// Records a delivery or an acceptance of a signed contract: its milestones get their dates, and its case hears of it. Recorded
    /// again, the date is corrected.
    pub async fn record_event(&self, actor: Actor, id: ContractId, new: NewEvent) -> Result<(), FulfilmentError> {
        let subject = CONTRACT.reference(id.get());
        let deed = self.check_event(actor, id, &new).await?;
        let plan = self.plan_of(&deed).await?;
        let (at, event) = (self.now(), new.event.clone());
        let write = async move |c: &mut Conn<'_>, _: Option<&Prepared>| {
            let subject = CONTRACT.reference(id.get());
            let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
            happens_to(&deed)?;
            if let Some(paper) = new.paper {
                papers::demand(c, &deed, paper).await?;
            }
            let entry =
                EventEntry { name: &new.event, on: new.on, paper: new.paper, copies: None, note: new.note.trim() };
            events::put(c, &subject, &entry, (actor.in_the_name_of(), at)).await?;
            let contract = contracts::find(c, id).await?.ok_or_else(not_found)?;
            plan::hears(c, &contract, plan.as_ref(), (&new.event, new.on), (actor, at)).await?;
            let said = serde_json::json!({ "event": new.event, "on": new.on });
            log(c, (actor, at), &subject, "contract.event_recorded", said).await?;
            c.notify("contracts");
            Ok(())
        };
        self.with_event((&subject, &event), actor, write).await
    }

    /// What happened to a document.
    pub async fn events(&self, subject: &Ref) -> Result<Vec<RecordedEvent>, FulfilmentError> {
        let subject = subject.clone();
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(events::of(c, &subject).await?);
        self.db().read(read).await
    }

    /// A signed document whose day has come is in force.
    pub(super) async fn take_effect(&self, subject: &Ref, actor: Actor) -> Result<(), FulfilmentError> {
        if subject.kind == CONTRACT_CHANGE {
            return self.change_takes_effect(ChangeId::new(subject.id), actor).await;
        }
        let deed = self.find_deed(subject).await?;
        let plan = self.plan_of(&deed).await?;
        let (at, id) = (self.now(), deed.contract);
        let write = async move |c: &mut Conn<'_>, _: Option<&Prepared>| {
            let subject = CONTRACT.reference(id.get());
            let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
            let contract = contracts::find(c, id).await?.ok_or_else(not_found)?;
            let on = contract.effective_on.ok_or(FulfilmentError::NotChangeable)?;
            deed::go(c, &deed, Move::TakeEffect, actor, at).await?;
            let entry = EventEntry { name: EFFECTIVE, on, paper: None, copies: None, note: "" };
            events::put(c, &subject, &entry, (actor.in_the_name_of(), at)).await?;
            plan::hears(c, &contract, plan.as_ref(), (EFFECTIVE, on), (actor, at)).await
        };
        self.with_event((subject, EFFECTIVE), actor, write).await
    }

    /// Says that a contract was performed: whatever was owed is paid, and nothing else of it is open.
    pub async fn complete(&self, actor: Actor, id: ContractId, version: i64) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let subject = CONTRACT.reference(id.get());
        let deed = self.deed(user, &subject, Action::Edit).await?;
        if deed.version != version {
            return Err(ContractError::Changed.into());
        }
        deed.state.after(Move::Complete)?;
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let open = still_open(c, id).await?;
            if open.is_empty() { completed(c, id, (actor, at)).await } else { Err(FulfilmentError::StillOpen(open)) }
        };
        self.db().write(unit).await
    }

    /// What keeps a contract from being completed.
    pub async fn still_open(&self, id: ContractId) -> Result<Vec<Message>, FulfilmentError> {
        self.db().read(async move |c: &mut Conn<'_>| still_open(c, id).await).await
    }
}

/// What of a contract is open: money, originals, the archive, changes.
pub(super) async fn still_open(c: &mut Conn<'_>, id: ContractId) -> Result<Vec<Message>, FulfilmentError> {
    let mut open = Vec::new();
    let milestones = settlement::milestones_of(c, &CONTRACT.reference(id.get())).await?.unwrap_or_default();
    let unpaid = milestones.iter().filter(|one| !one.open().is_zero()).count();
    if unpaid > 0 {
        open.push(msg!("contract.after.open_money", count = unpaid));
    }
    let out = originals::of(c, id).await?.iter().filter(|one| one.back_on.is_none()).count();
    if out > 0 {
        open.push(msg!("contract.after.open_originals", count = out));
    }
    let tasks = archive::of(c, id).await?.iter().filter(|task| !task.archived).count();
    if tasks > 0 {
        open.push(msg!("contract.after.open_archive", count = tasks));
    }
    if let Some(change) = changes::under_way(c, id).await? {
        open.push(msg!("contract.after.open_change", title = &change.title));
    }
    Ok(open)
}

/// Moves a contract on to its end, within a unit; what would still have been warned of is silent.
pub(super) async fn completed(
    c: &mut Conn<'_>,
    id: ContractId,
    (actor, at): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let subject = CONTRACT.reference(id.get());
    let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
    deed::go(c, &deed, Move::Complete, actor, at).await?;
    deadline::clear_all(c, &subject, at).await?;
    Ok(())
}

/// Its last day has passed.
pub(super) async fn expired(
    c: &mut Conn<'_>,
    id: ContractId,
    today: Date,
    at: Timestamp,
) -> Result<bool, FulfilmentError> {
    let contract = contracts::find(c, id).await?.ok_or_else(not_found)?;
    if contract.state != State::InForce || contract.expires_on.is_none_or(|last| last >= today) {
        return Ok(false);
    }
    let deed = deed::find(c, &CONTRACT.reference(id.get())).await?.ok_or_else(not_found)?;
    deed::go(c, &deed, Move::Expire, Actor::SYSTEM, at).await?;
    let contract = contracts::find(c, id).await?.ok_or_else(not_found)?;
    warning::follow(c, &contract, at).await?;
    Ok(true)
}

/// Only what was signed can be delivered, accepted and so on.
fn happens_to(deed: &Deed) -> Result<(), FulfilmentError> {
    if matches!(deed.state, State::Signed | State::InForce | State::Expired) {
        Ok(())
    } else {
        Err(FulfilmentError::NotChangeable)
    }
}
