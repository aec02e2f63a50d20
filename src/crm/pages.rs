//! What people see of customers: the pages that `record` makes of their declarations.

use super::{contact, customer, follow_up, opportunity};
use crate::record::pages::nav as line;
use crate::web::{NavEntry, NavGroup};

/// The lines of the navigation.
pub fn nav() -> Vec<NavEntry> {
    let group = NavGroup::Customers;
    vec![
        line(&customer::KIND, group, "customer.read"),
        line(&contact::KIND, group, "contact.read"),
        line(&opportunity::KIND, group, "opportunity.read"),
        line(&follow_up::KIND, group, "follow_up.read"),
    ]
}
