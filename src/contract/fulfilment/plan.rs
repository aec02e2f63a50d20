//! The contract's own payment plan on its way to settlement, and the events that date it.

use super::FulfilmentError;
use super::store::events;
use crate::contract::document::fill;
use crate::contract::template::{Due, Milestone, Template};
use crate::contract::{CONTRACT, Contract};
use crate::db::Conn;
use crate::kernel::{Actor, Date, OfficeHours, Timestamp};
use crate::settlement::{self, At, Direction, DueRule, NewPlan, PlannedMilestone};

/// The plan as it stands in the text; nothing where the contract has none. Fills the template: not for inside a unit.
pub(super) fn of_contract(contract: &Contract, template: &Template) -> Result<Option<NewPlan>, FulfilmentError> {
    let document = fill(template, &contract.content.draft).map_err(crate::contract::ContractError::from)?;
    if document.milestones.is_empty() {
        return Ok(None);
    }
    let pays = template.terms.payer.name() == contract.our_role;
    Ok(Some(NewPlan {
        subject: CONTRACT.reference(contract.id.get()),
        title: contract.title.clone(),
        number: contract.number.clone().unwrap_or_default(),
        other_party: contract.other_party.clone(),
        path: format!("/contracts/{}", contract.id),
        direction: if pays { Direction::Payable } else { Direction::Receivable },
        owner: contract.owner,
        department: contract.department,
        milestones: document.milestones.into_iter().map(planned).collect(),
    }))
}

fn planned(one: Milestone) -> PlannedMilestone {
    let Milestone { row, amount } = one;
    PlannedMilestone { name: row.name, title: row.title, amount, due: rule(row.due), retention: row.retention }
}

/// The same rule in the words of settlement.
pub(super) fn rule(due: Due) -> DueRule {
    match due {
        Due::On(date) => DueRule::On(date),
        Due::After { event, span } => DueRule::After { event, span },
    }
}

/// Lets the plan hear of an event of the contract. The plan starts with the signing, or with the event that a workflow named; what
/// happened before it started is told then.
pub(super) async fn hears(
    c: &mut Conn<'_>,
    contract: &Contract,
    plan: Option<&NewPlan>,
    (event, on): (&str, Date),
    (actor, now): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let office = OfficeHours::default();
    let at = At { actor: &actor, now, office: &office };
    let subject = CONTRACT.reference(contract.id.get());
    let starts = events::start(c, contract.id).await?;
    if let Some(plan) = plan.filter(|_| starts == event) {
        settlement::start_plan(c, plan, &at).await?;
        for known in events::of(c, &subject).await? {
            settlement::record_event(c, &subject, &known.name, known.on, &at).await?;
        }
    }
    settlement::record_event(c, &subject, event, on, &at).await?;
    Ok(())
}
