//! What people see of customers: the pages that `record` makes of their declarations.

use super::{
    contact, customer, discount, expense, follow_up, invoice_request, lead, opportunity, payment_request, quote,
};
use crate::record::pages::nav as line;
use crate::web::{NavEntry, NavGroup};

/// The lines of the navigation.
pub fn nav() -> Vec<NavEntry> {
    let (group, money) = (NavGroup::Customers, NavGroup::Contracts);
    vec![
        line(&payment_request::KIND, money, "payment_request.read"),
        line(&invoice_request::KIND, money, "invoice_request.read"),
        line(&expense::KIND, money, "expense.read"),
        line(&lead::KIND, group, "lead.read"),
        line(&customer::KIND, group, "customer.read"),
        line(&contact::KIND, group, "contact.read"),
        line(&opportunity::KIND, group, "opportunity.read"),
        line(&quote::KIND, group, "quote.read"),
        line(&discount::KIND, group, "discount.read"),
        line(&follow_up::KIND, group, "follow_up.read"),
    ]
}
