//! A signed change whose day has come: its terms replace those it names, the plan and the warnings follow.

use super::{ChangeId, ChangeKind, ChangedRow, ContractChange, Terms};
use crate::approval::Prepared;
use crate::contract::fulfilment::store::{changes, life};
use crate::contract::fulfilment::{CONTRACT_CHANGE, Fulfilment, FulfilmentError, deed, not_found, warning};
use crate::contract::store::contracts;
use crate::contract::{CONTRACT, Contract, Move};
use crate::db::Conn;
use crate::deadline;
use crate::kernel::{Actor, Amount, ContractId, Money, OfficeHours, Rate, Taxed, Timestamp};
use crate::settlement::{self, At, Milestone, PlannedMilestone};

impl Fulfilment {
    /// Puts a signed change into force.
    pub(in crate::contract::fulfilment) async fn change_takes_effect(
        &self,
        id: ChangeId,
        actor: Actor,
    ) -> Result<(), FulfilmentError> {
        let (at, subject) = (self.now(), CONTRACT_CHANGE.reference(id.get()));
        let write = async move |c: &mut Conn<'_>, _: Option<&Prepared>| {
            let change = changes::find(c, id).await?.ok_or_else(not_found)?;
            let contract = contracts::find(c, change.contract).await?.ok_or_else(not_found)?;
            let of_change = deed::find(c, &CONTRACT_CHANGE.reference(id.get())).await?.ok_or_else(not_found)?;
            changes::replaced(c, id, &Terms::of(&contract)).await?;
            deed::go(c, &of_change, Move::TakeEffect, actor, at).await?;
            apply(c, &change, &contract, (actor, at)).await
        };
        self.with_event((&subject, "effective"), actor, write).await
    }
}

async fn apply(
    c: &mut Conn<'_>,
    change: &ContractChange,
    contract: &Contract,
    (actor, at): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let terms = Terms::of(contract).after(&change.content);
    life::terms(c, contract.id, &terms, split(contract, terms.gross)?, at).await?;
    adjust(c, change, contract, (actor, at)).await?;
    if change.kind == ChangeKind::Termination {
        return ended(c, change, contract.id, (actor, at)).await;
    }
    let contract = contracts::find(c, contract.id).await?.ok_or_else(not_found)?;
    warning::follow(c, &contract, at).await
}

/// Net and tax of the new total, in the proportion of the old ones.
fn split(contract: &Contract, gross: Option<Money>) -> Result<(Option<Amount>, Option<Amount>), FulfilmentError> {
    let (Some(gross), Some(net), Some(tax)) = (gross, contract.net, contract.tax) else {
        return Ok((contract.net, contract.tax));
    };
    let weight = |amount: Amount| u64::try_from(amount.ten_thousandths()).unwrap_or(0);
    if weight(net) + weight(tax) == 0 {
        return Ok((Some(gross.amount), Some(Amount::ZERO)));
    }
    let parts = gross.allocate(&[weight(net), weight(tax)])?;
    Ok((parts.first().map(|one| one.amount), parts.get(1).map(|one| one.amount)))
}

/// The plan as the change wants it. A termination without a plan of its own closes whatever is open.
async fn adjust(
    c: &mut Conn<'_>,
    change: &ContractChange,
    contract: &Contract,
    (actor, now): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let subject = CONTRACT.reference(contract.id.get());
    let rows = match (&change.content.plan, change.kind) {
        (Some(rows), _) => rows.as_slice(),
        (None, ChangeKind::Termination) => &[],
        (None, ChangeKind::Supplement) => return Ok(()),
    };
    let Some(milestones) = settlement::milestones_of(c, &subject).await? else { return Ok(()) };
    let rate = milestones.first().map_or(Rate::percent(0), |one| one.planned.amount.rate);
    let planned: Vec<PlannedMilestone> =
        rows.iter().map(|row| planned(row, &milestones, rate)).collect::<Result<_, _>>()?;
    let office = OfficeHours::default();
    settlement::adjust_plan(c, &subject, &planned, &At { actor: &actor, now, office: &office }).await?;
    Ok(())
}

fn planned(row: &ChangedRow, milestones: &[Milestone], rate: Rate) -> Result<PlannedMilestone, FulfilmentError> {
    let known = milestones.iter().find(|one| one.planned.name == row.name);
    let amount = match known {
        Some(known) if known.planned.amount.gross == row.amount => known.planned.amount,
        known => Taxed::from_gross(row.amount, known.map_or(rate, |one| one.planned.amount.rate))?,
    };
    Ok(PlannedMilestone {
        name: row.name.clone(),
        title: row.title.clone(),
        amount,
        due: row.due.clone(),
        retention: known.is_some_and(|one| one.planned.retention),
    })
}

/// The contract ends; what is still owed to its settlement stays due.
async fn ended(
    c: &mut Conn<'_>,
    change: &ContractChange,
    id: ContractId,
    (actor, at): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let subject = CONTRACT.reference(id.get());
    let on = change.content.expires_on.or(change.effective_on).ok_or_else(not_found)?;
    life::ended(c, id, on, &change.content.reason).await?;
    let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
    deed::go(c, &deed, Move::Terminate, actor, at).await?;
    deadline::clear_all(c, &subject, at).await?;
    let office = OfficeHours::default();
    settlement::follow_again(c, &subject, &At { actor: &actor, now: at, office: &office }).await?;
    Ok(())
}
