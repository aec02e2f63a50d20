//! What people call the codes of a contract.

use crate::i18n::{Message, msg};

/// The categories of contracts.
pub(super) const CATEGORIES: [&str; 3] = ["sales", "purchase", "other"];

/// The category of a contract.
pub(super) fn category_said(name: &str) -> Message {
    match name {
        "sales" => msg!("contract.category.sales"),
        "purchase" => msg!("contract.category.purchase"),
        _ => msg!("contract.category.other"),
    }
}

/// An event of [`EVENTS`](super::template::plan::EVENTS).
pub(super) fn event_said(event: &str) -> Message {
    match event {
        "signed" => msg!("contract.plan.signed"),
        "effective" => msg!("contract.plan.effective"),
        "delivered" => msg!("contract.plan.delivered"),
        _ => msg!("contract.plan.accepted"),
    }
}
