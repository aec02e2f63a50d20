//! What lists and messages say of a record, out of the facts that the engine reads anyway.

use crate::kernel::{Currency, Money, UserId};
use crate::workflow::{SubjectFacts, Value};

/// A record at a glance. Kinds of records share these names of fields: `amount`, `other_party`, `deviations`.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// What people call it.
    pub title: String,
    /// Who is on the other side; empty where nobody is.
    pub other_party: String,
    /// How much.
    pub amount: Option<Money>,
    /// Who drafted it.
    pub drafter: UserId,
    /// How many parts differ from the standard text.
    pub deviations: usize,
}

impl Glance {
    /// What stands in the facts.
    pub(super) fn of(facts: &SubjectFacts) -> Self {
        let amount = match facts.fields.get("amount") {
            Some(Value::Money(money)) => Some(*money),
            Some(Value::Amount(amount)) => Some(Money::new(*amount, Currency::CNY)),
            _ => None,
        };
        let other_party = match facts.fields.get("other_party") {
            Some(Value::Text(name)) => name.clone(),
            _ => String::new(),
        };
        let deviations = match facts.fields.get("deviations") {
            Some(Value::List(clauses)) => clauses.len(),
            _ => 0,
        };
        Self { title: facts.title.clone(), other_party, amount, drafter: facts.drafter, deviations }
    }

    /// What lists find it by.
    pub(super) fn words(&self) -> String {
        format!("{} {}", self.title, self.other_party).to_lowercase()
    }
}
