//! Customers, opportunities and follow-ups.

use std::collections::BTreeMap;

use super::broken;
use super::days::Days;
use super::ledger::{Customers, FollowUp, Mark, Opportunity};
use super::people::People;
use crate::app::StartError;
use crate::crm::DECLARED;
use crate::kernel::{Actor, CustomerId, OpportunityId};
use crate::record::{Input, Kind, Raw, Records, Wish};

/// The customers by their key, and what is sold to them by its title.
#[derive(Default)]
pub(super) struct Known {
    customers: BTreeMap<String, i64>,
    opportunities: BTreeMap<String, i64>,
}

impl Known {
    pub(super) fn customer(&self, key: &str) -> Result<CustomerId, StartError> {
        let found = self.customers.get(key).copied().map(CustomerId::new);
        found.ok_or_else(|| broken(&format!("there is no customer {key}")))
    }

    pub(super) fn opportunity(&self, title: &str) -> Result<OpportunityId, StartError> {
        let found = self.opportunities.get(title).copied().map(OpportunityId::new);
        found.ok_or_else(|| broken(&format!("there is no opportunity {title}")))
    }
}

/// Meets the customers and marks some of them.
pub(super) async fn meet(records: &Records, all: &Customers, people: &People) -> Result<Known, StartError> {
    let mut known = Known::default();
    for one in &all.known {
        let by = people.actor(&one.owner)?;
        let id = records.create(kind("customer")?, by, &typed(&one.fields), Wish::default()).await?;
        known.customers.insert(one.key.clone(), id);
    }
    for Mark { customer, act, by, reason } in &all.marks {
        let id = known.customer(customer)?.get();
        let input = Input::from([("reason".to_owned(), Raw::Typed(reason.clone()))]);
        do_with(records, "customer", act, people.actor(by)?, id, &input).await?;
    }
    Ok(known)
}

/// What the sales people work on now.
pub(super) async fn work(
    records: &Records,
    all: &Customers,
    people: &People,
    days: &Days,
    known: &mut Known,
) -> Result<(), StartError> {
    for Opportunity { customer, owner, expected_in, fields } in &all.opportunities {
        let mut input = typed(fields);
        // An opportunity begins at its first stage and moves on from there.
        let stage = input.remove("stage");
        put(&mut input, "customer", known.customer(customer)?.to_string());
        put(&mut input, "expected_on", days.date(*expected_in).to_string());
        let by = people.actor(owner)?;
        let id = records.create(kind("opportunity")?, by, &input, Wish::default()).await?;
        if let Some(stage) = stage.filter(|stage| *stage != Raw::Typed("first-contact".to_owned())) {
            let input = Input::from([("stage".to_owned(), stage)]);
            do_with(records, "opportunity", "advance", by, id, &input).await?;
        }
        known.opportunities.insert(fields.get("title").cloned().unwrap_or_default(), id);
    }
    for FollowUp { customer, owner, day, time, result, next_step, fields } in &all.follow_ups {
        let mut input = typed(fields);
        put(&mut input, "customer", known.customer(customer)?.to_string());
        put(&mut input, "planned_at", format!("{}T{time}", days.working_day(*day)));
        let by = people.actor(owner)?;
        let id = records.create(kind("follow_up")?, by, &input, Wish::default()).await?;
        if let Some(result) = result {
            let mut input = Input::from([("result".to_owned(), Raw::Typed(result.clone()))]);
            put(&mut input, "next_step", next_step.clone().unwrap_or_default());
            do_with(records, "follow_up", "finish", by, id, &input).await?;
        }
    }
    Ok(())
}

async fn do_with(records: &Records, of: &str, act: &str, by: Actor, id: i64, input: &Input) -> Result<(), StartError> {
    let kind = kind(of)?;
    let act = records.act_named(kind, act)?;
    let user = by.user.ok_or_else(|| broken("nobody does it"))?;
    let version = records.get(user, kind, id).await?.version;
    records.act(kind, act, by, (id, version), input).await?;
    Ok(())
}

fn kind(name: &str) -> Result<&'static Kind, StartError> {
    let found = DECLARED.iter().copied().find(|kind| kind.name() == name);
    found.ok_or_else(|| broken(&format!("there are no records of the kind {name}")))
}

fn typed(fields: &BTreeMap<String, String>) -> Input {
    fields.iter().map(|(name, text)| (name.clone(), Raw::Typed(text.clone()))).collect()
}

fn put(input: &mut Input, field: &str, text: String) {
    input.insert(field.to_owned(), Raw::Typed(text));
}
