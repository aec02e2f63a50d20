//! Warnings before a date of a contract: due items that follow the date, whoever moves it.

use super::FulfilmentError;
use super::store::warnings;
use crate::contract::{CONTRACT, Contract, State};
use crate::db::Conn;
use crate::deadline::{self, Hearer, Moment, NewDue, Warn};
use crate::i18n::msg;
use crate::kernel::{Date, OfficeHours, Span, Timestamp};
use crate::workflow::Value;

/// What a workflow wants people to be warned of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Warning {
    pub(super) id: i64,
    /// `expires`, or the name of a date field.
    pub(super) date: String,
    /// How long before.
    pub(super) before: Vec<Span>,
    /// Who hears of it.
    pub(super) hearers: Vec<Hearer>,
}

/// The date of a contract that has this name, if it has one.
pub(super) fn date_of(contract: &Contract, name: &str) -> Option<Date> {
    match name {
        "expires" => contract.expires_on,
        "starts_on" => contract.starts_on,
        name => match contract.facts.fields.get(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        },
    }
}

/// Puts the due items of a contract where its dates are now; one that is over has none.
pub(super) async fn follow(c: &mut Conn<'_>, contract: &Contract, at: Timestamp) -> Result<(), FulfilmentError> {
    let runs = matches!(contract.state, State::Signed | State::InForce);
    let subject = CONTRACT.reference(contract.id.get());
    for warning in warnings::of(c, contract.id).await? {
        let source = format!("warning/{}", warning.id);
        match date_of(contract, &warning.date).filter(|_| runs) {
            Some(on) => {
                let item = due_item(contract, &warning, source, on);
                deadline::put(c, &item, at, &OfficeHours::default()).await?;
            }
            None => drop(deadline::clear(c, &subject, &source, at).await?),
        }
    }
    Ok(())
}

fn due_item(contract: &Contract, warning: &Warning, source: String, on: Date) -> NewDue {
    let number = contract.number.as_deref().unwrap_or_default();
    let (title, party) = (contract.title.as_str(), contract.other_party.as_str());
    let title = if warning.date == "expires" {
        msg!("contract.after.due_expires", number = number, title = title, party = party)
    } else {
        msg!("contract.after.due_date", number = number, title = title, party = party, field = &warning.date)
    };
    NewDue {
        subject: CONTRACT.reference(contract.id.get()),
        source,
        title,
        due: Moment::On(on),
        owner: contract.owner,
        department: contract.department,
        warn: Warn { before: warning.before.clone(), hearers: warning.hearers.clone(), escalate_after: None },
        path: format!("/contracts/{}", contract.id),
    }
}
