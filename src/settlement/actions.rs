//! Starting plans, recording what happened, and what was paid.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{allocate, due_date};
use super::store::{self, PaymentEntry, Plan};
use super::{Method, Milestone, NewPlan, PAYMENT_PLAN, PlanId, PlannedMilestone, SettlementError};
use crate::db::{self, AuditEntry, Conn, Db};
use crate::deadline::{self, Hearer, Moment, NewDue, Warn};
use crate::i18n::msg;
use crate::kernel::{
    Actor, Clock, Date, MilestoneId, Money, OfficeHours, PaymentId, Ref, Span, Taxed, Timestamp, WorkCalendar,
};
use crate::org::{Action, Org, Scope};

/// The handle of this room; cheap to clone.
#[derive(Clone)]
pub struct Settlements {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) org: Org,
}

/// A payment as somebody records it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPayment {
    /// How much, in the currency of the plan.
    pub amount: Money,
    /// On which day.
    pub paid_on: Date,
    /// How.
    pub method: Method,
    /// The milestone it was meant for; without one the earliest open ones take it.
    pub milestone: Option<MilestoneId>,
    /// The reference of the bank, or any words.
    pub note: String,
    /// The version of the plan that was shown.
    pub version: i64,
}

/// Starts the plan of a record within the unit that signs it; twice does nothing. A date that cannot be known, because the calendar
/// does not know its year yet, appears when the event is recorded again.
pub async fn start_plan(c: &mut Conn<'_>, new: &NewPlan, at: &At<'_>) -> Result<(), SettlementError> {
    if store::start(c, new, at.now).await?.is_some() {
        let plan = store::plan(c, &new.subject).await?.ok_or(SettlementError::NoPlan)?;
        audit(c, &plan, at, "settlement.plan_started", serde_json::json!({ "milestones": new.milestones.len() }))
            .await?;
        follow(c, &plan, at).await?;
    }
    Ok(())
}

/// Records that something happened to a record, within the unit of the room that knows it: `signed`, `delivered`. False: the record
/// has no plan, or nothing in it waits for the event.
pub async fn record_event(
    c: &mut Conn<'_>,
    subject: &Ref,
    event: &str,
    on: Date,
    at: &At<'_>,
) -> Result<bool, SettlementError> {
    let Some(plan) = store::plan(c, subject).await? else { return Ok(false) };
    let awaited = store::milestones(c, plan.id).await?.iter().any(|one| one.planned.waits_for(event));
    if awaited {
        change(c, &plan).await?;
        store::add_event(c, plan.id, event, on, at.actor.user, at.now).await?;
        audit(c, &plan, at, "settlement.event", serde_json::json!({ "event": event, "on": on })).await?;
        follow(c, &plan, at).await?;
    }
    Ok(awaited)
}

/// Gives a started plan other milestones, within the unit in which a change of the record takes effect. What was paid stays: a
/// milestone keeps its payments by its name, one that is left out is closed at what was paid on it, and one that would become less
/// than that is refused. `None`: the record has no plan.
pub async fn adjust_plan(
    c: &mut Conn<'_>,
    subject: &Ref,
    milestones: &[PlannedMilestone],
    at: &At<'_>,
) -> Result<Option<()>, SettlementError> {
    let Some(plan) = store::plan(c, subject).await? else { return Ok(None) };
    change(c, &plan).await?;
    for known in store::milestones(c, plan.id).await? {
        match milestones.iter().find(|one| one.name == known.planned.name) {
            Some(next) if next.amount.gross.currency != plan.currency => {
                return Err(SettlementError::OtherCurrency(plan.currency));
            }
            Some(next) if next.amount.gross.amount < known.paid => {
                return Err(SettlementError::PaidBeyond(known.planned.title));
            }
            Some(_) => {}
            None if known.paid.is_zero() => {
                store::cancel(c, known.id).await?;
                deadline::clear(c, &plan.subject, &source_of(known.id), at.now).await?;
            }
            None => {
                let paid = Money::new(known.paid, plan.currency);
                store::close(c, known.id, &Taxed::from_gross(paid, known.planned.amount.rate)?).await?;
            }
        }
    }
    store::put_milestones(c, plan.id, milestones).await?;
    audit(c, &plan, at, "settlement.plan_adjusted", serde_json::json!({ "milestones": milestones.len() })).await?;
    follow(c, &plan, at).await?;
    Ok(Some(()))
}

/// The milestones of a record's plan, within a unit; `None`: it has no plan.
pub async fn milestones_of(c: &mut Conn<'_>, subject: &Ref) -> Result<Option<Vec<Milestone>>, SettlementError> {
    match store::plan(c, subject).await? {
        Some(plan) => Ok(Some(store::milestones(c, plan.id).await?)),
        None => Ok(None),
    }
}

/// Puts the due items of a record's plan again, within the unit of a room that cleared what was due of the record.
pub async fn follow_again(c: &mut Conn<'_>, subject: &Ref, at: &At<'_>) -> Result<(), SettlementError> {
    match store::plan(c, subject).await? {
        Some(plan) => follow(c, &plan, at).await,
        None => Ok(()),
    }
}

fn source_of(milestone: MilestoneId) -> String {
    format!("milestone/{milestone}")
}

/// Who does something when, and the office hours that dates follow.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// When.
    pub now: Timestamp,
    /// The office.
    pub office: &'a OfficeHours,
}

impl Settlements {
    /// The room over its database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, org: Org) -> Self {
        Self { db, clock, org }
    }

    /// Records that something happened, as a person of finance or the owner says.
    pub async fn happened(
        &self,
        scope: &Scope,
        plan: PlanId,
        event: String,
        on: Date,
        actor: Actor,
    ) -> Result<(), SettlementError> {
        let (scope, now) = (scope.clone(), self.clock.now());
        let unit = async move |c: &mut Conn<'_>| {
            let office = OfficeHours::default();
            let plan = visible(c, &scope, plan).await?;
            let at = At { actor: &actor, now, office: &office };
            let awaited = record_event(c, &plan.subject, &event, on, &at).await?;
            if awaited { Ok(()) } else { Err(SettlementError::NotAwaited(event.clone())) }
        };
        self.db.write(unit).await
    }

    /// Records a payment and divides it among what is open.
    pub async fn pay(
        &self,
        scope: &Scope,
        plan: PlanId,
        new: NewPayment,
        actor: Actor,
    ) -> Result<PaymentId, SettlementError> {
        if new.amount.amount.is_zero() || new.amount.amount.is_negative() || new.amount.rounded() != new.amount {
            return Err(SettlementError::NotPayable(new.amount));
        }
        let (scope, now) = (scope.clone(), self.clock.now());
        let unit = async move |c: &mut Conn<'_>| {
            let plan = visible(c, &scope, plan).await?;
            if new.amount.currency != plan.currency {
                return Err(SettlementError::OtherCurrency(plan.currency));
            }
            if new.version != plan.version {
                return Err(SettlementError::Changed);
            }
            change(c, &plan).await?;
            let allocations = allocate(new.amount.amount, new.milestone, &store::milestones(c, plan.id).await?)?;
            let NewPayment { amount, paid_on, method, note, .. } = &new;
            let entry = PaymentEntry {
                amount: amount.amount,
                paid_on: *paid_on,
                method: *method,
                note,
                by: actor.user,
                at: now,
            };
            let payment = store::add_payment(c, plan.id, &entry, &allocations).await?;
            let office = OfficeHours::default();
            let at = At { actor: &actor, now, office: &office };
            let new = serde_json::json!({ "payment": payment, "amount": amount, "on": paid_on });
            audit(c, &plan, &at, "settlement.paid", new).await?;
            follow(c, &plan, &at).await?;
            Ok(payment)
        };
        self.db.write(unit).await
    }

    /// Takes a payment back that was recorded wrongly; it stays in the list, with the reason.
    pub async fn reverse(
        &self,
        scope: &Scope,
        payment: PaymentId,
        reason: String,
        actor: Actor,
    ) -> Result<(), SettlementError> {
        if reason.trim().is_empty() {
            return Err(SettlementError::NoReason);
        }
        let (scope, now) = (scope.clone(), self.clock.now());
        let unit = async move |c: &mut Conn<'_>| {
            let (plan, reversed) = store::payment_of(c, payment).await?.ok_or(SettlementError::NoPayment)?;
            let plan = visible(c, &scope, plan).await?;
            if reversed.is_some() {
                return Err(SettlementError::AlreadyReversed);
            }
            change(c, &plan).await?;
            store::reverse(c, (plan.id, payment), actor.user, &reason, now).await?;
            let office = OfficeHours::default();
            let at = At { actor: &actor, now, office: &office };
            let new = serde_json::json!({ "payment": payment, "reason": reason });
            audit(c, &plan, &at, "settlement.reversed", new).await?;
            follow(c, &plan, &at).await
        };
        self.db.write(unit).await
    }

    /// Which plans somebody may see, or record payments for.
    pub fn scope(&self, user: crate::kernel::UserId, action: Action) -> Result<Scope, SettlementError> {
        Ok(self.org.scope_of(user, &PAYMENT_PLAN, action)?)
    }
}

/// A plan that the scope covers.
pub(super) async fn visible(c: &mut Conn<'_>, scope: &Scope, plan: PlanId) -> Result<Plan, SettlementError> {
    let plan = store::plan_by_id(c, plan).await?.ok_or(SettlementError::NoPlan)?;
    scope.demand(Some(plan.owner), plan.department)?;
    Ok(plan)
}

async fn change(c: &mut Conn<'_>, plan: &Plan) -> Result<(), SettlementError> {
    if store::touch(c, plan).await? { Ok(()) } else { Err(SettlementError::Changed) }
}

async fn audit(
    c: &mut Conn<'_>,
    plan: &Plan,
    at: &At<'_>,
    action: &'static str,
    new: serde_json::Value,
) -> Result<(), SettlementError> {
    let entry =
        AuditEntry { at: at.now, actor: *at.actor, subject: plan.subject.clone(), action, old: None, new: Some(new) };
    Ok(db::record(c, &entry).await?)
}

/// Dates what can be dated, and keeps the due items in step: a paid milestone is an event for those that wait for it.
async fn follow(c: &mut Conn<'_>, plan: &Plan, at: &At<'_>) -> Result<(), SettlementError> {
    let mut events: BTreeMap<String, Date> = store::events(c, plan.id).await?.into_iter().collect();
    for milestone in store::milestones(c, plan.id).await? {
        let name = &milestone.planned.name;
        if milestone.open().is_zero() {
            let on = store::last_paid_on(c, milestone.id).await?;
            if let Some(on) = on {
                events.insert(name.clone(), on);
                store::add_event(c, plan.id, name, on, at.actor.user, at.now).await?;
            }
        } else if events.remove(name).is_some() {
            store::forget_event(c, plan.id, name).await?;
        }
        let due = match due_date(&milestone.planned.due, &events, WorkCalendar::mainland(), at.office) {
            Ok(due) => due,
            Err(unknown) => {
                tracing::warn!(plan = %plan.subject, %unknown, "a milestone cannot be dated: fill in the calendar");
                None
            }
        };
        if due != milestone.due_on {
            store::set_due(c, milestone.id, due).await?;
        }
        let source = source_of(milestone.id);
        match due {
            Some(on) if !milestone.open().is_zero() => {
                let new = due_item(plan, &milestone.planned.title, milestone.open(), &source, on);
                deadline::put(c, &new, at.now, at.office).await?;
            }
            _ => drop(deadline::clear(c, &plan.subject, &source, at.now).await?),
        }
    }
    Ok(())
}

fn due_item(plan: &Plan, milestone: &str, open: crate::kernel::Amount, source: &str, on: Date) -> NewDue {
    let open = Money::new(open, plan.currency);
    let party = plan.other_party.as_str();
    let title = match plan.direction {
        super::Direction::Receivable => msg!("settlement.due_in", milestone = milestone, amount = open, party = party),
        super::Direction::Payable => msg!("settlement.due_out", milestone = milestone, amount = open, party = party),
    };
    NewDue {
        subject: plan.subject.clone(),
        source: source.to_owned(),
        title,
        due: Moment::On(on),
        owner: plan.owner,
        department: plan.department,
        warn: Warn {
            before: vec![Span::Days(7), Span::Days(0)],
            hearers: vec![Hearer::Owner, Hearer::Role("accountant".into())],
            escalate_after: Some(Span::Days(3)),
        },
        path: plan.path.clone(),
    }
}
