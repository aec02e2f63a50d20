//! Customers and what belongs to them (客户、联系人、商机、跟进), and what people ask for beside contracts (报价、折扣、费用、付款、开票).
//!
//! The kinds are declared as data, and `record` gives them their forms, lists, pages, logs and API. What stands here is what is
//! special about each of them, and the door for contracts: [`Crm`] tells them whom they are with, and what is marked about that party.

mod contact;
mod customer;
mod discount;
mod door;
mod error;
mod expense;
mod follow_up;
mod invoice_request;
mod lead;
mod opportunity;
pub mod pages;
mod payment_request;
mod quote;
mod store;

pub use door::{ContactCard, Crm, CustomerCard, CustomerChoice, Marks, NewEntry, OpportunityCard, Won};
pub use error::CrmError;
pub use store::STATEMENTS;

use std::sync::Arc;

use crate::kernel::Kind;
use crate::org::{Action, ProtectedKind, Reach};
use crate::record::{self, Kinds, Plain};

/// What is marked about a party, by the names that workflows know: `other_party_is("关联方")`.
pub mod mark {
    /// A related party.
    pub const RELATED_PARTY: &str = "关联方";
    /// On the black list.
    pub const BLACK_LIST: &str = "黑名单";
    /// On the red list of those to be protected.
    pub const RED_LIST: &str = "红名单";
}

/// Customers, as a kind of record.
pub const CUSTOMER: Kind = Kind::of("customer");
/// People at customers.
pub const CONTACT: Kind = Kind::of("contact");
/// Sales opportunities.
pub const OPPORTUNITY: Kind = Kind::of("opportunity");
/// Planned and recorded follow-ups.
pub const FOLLOW_UP: Kind = Kind::of("follow_up");

/// The kinds of this room with what is special about each.
pub fn kinds() -> Kinds {
    vec![
        Arc::new(customer::Customers),
        Arc::new(contact::Contacts),
        Arc::new(opportunity::Opportunities),
        Arc::new(follow_up::FollowUps),
        Arc::new(Plain(&lead::KIND)),
        Arc::new(Plain(&quote::KIND)),
        Arc::new(Plain(&discount::KIND)),
        Arc::new(Plain(&expense::KIND)),
        Arc::new(Plain(&payment_request::KIND)),
        Arc::new(Plain(&invoice_request::KIND)),
    ]
}

/// The declarations alone: customers, contacts, opportunities, follow-ups, then what people ask for.
pub const DECLARED: [&record::Kind; 10] = [
    &customer::KIND,
    &contact::KIND,
    &opportunity::KIND,
    &follow_up::KIND,
    &lead::KIND,
    &quote::KIND,
    &discount::KIND,
    &expense::KIND,
    &payment_request::KIND,
    &invoice_request::KIND,
];

/// What this room protects, and what the shipped roles may do at first. `approve` of a customer is marking it: related party, black
/// list, red list.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    use Action::{Approve, Create, Delete, Edit, Read, Transfer};
    vec![
        ProtectedKind {
            kind: CUSTOMER,
            title: "crm.kind.customer",
            actions: &[Read, Create, Edit, Transfer, Delete, Approve],
            first: &[
                ("drafter", &[Read, Create, Edit], Reach::Own),
                ("sales-manager", &[Read, Create, Edit, Transfer, Delete], Reach::Team),
                ("purchaser", &[Read, Create, Edit], Reach::Own),
                ("legal", &[Read, Approve], Reach::All),
                ("finance", &[Read, Approve], Reach::All),
                ("accountant", &[Read], Reach::All),
                ("general-manager", &[Read, Approve], Reach::All),
                ("president", &[Read, Approve], Reach::All),
                ("auditor", &[Read], Reach::All),
            ],
        },
        working_kind(CONTACT, "crm.kind.contact"),
        working_kind(OPPORTUNITY, "crm.kind.opportunity"),
        working_kind(FOLLOW_UP, "crm.kind.follow_up"),
        working_kind(lead::KIND.protected(), "crm.kind.lead"),
        working_kind(quote::KIND.protected(), "crm.kind.quote"),
        working_kind(discount::KIND.protected(), "crm.kind.discount"),
        working_kind(expense::KIND.protected(), "crm.kind.expense"),
        working_kind(payment_request::KIND.protected(), "crm.kind.payment_request"),
        working_kind(invoice_request::KIND.protected(), "crm.kind.invoice_request"),
    ]
}

/// What hangs on a customer: those who sell work with it, those who decide read it.
fn working_kind(kind: Kind, title: &'static str) -> ProtectedKind {
    use Action::{Create, Delete, Edit, Read, Transfer};
    ProtectedKind {
        kind,
        title,
        actions: &[Read, Create, Edit, Transfer, Delete],
        first: &[
            ("drafter", &[Read, Create, Edit, Delete], Reach::Own),
            ("sales-manager", &[Read, Create, Edit, Transfer, Delete], Reach::Team),
            ("purchaser", &[Read, Create, Edit, Delete], Reach::Own),
            ("legal", &[Read], Reach::All),
            ("finance", &[Read], Reach::All),
            ("accountant", &[Read], Reach::All),
            ("general-manager", &[Read], Reach::All),
            ("president", &[Read], Reach::All),
            ("auditor", &[Read], Reach::All),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::i18n::knows;

    /// The sentences that the declarations and what is special about them need, and those that they may have.
    fn sentences() -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut needed, mut possible) = (BTreeSet::new(), BTreeSet::new());
        for behaviour in kinds() {
            let kind = behaviour.kind();
            let (own, more) = kind.sentences();
            needed.extend(own);
            possible.extend(more);
            for act in behaviour.acts() {
                needed.insert(format!("crm.{}.act.{}", kind.name(), act.name));
                needed.extend(act.fields.iter().map(|field| format!("crm.{}.{}", kind.name(), field.name())));
                possible.insert(format!("crm.{}.act.{}_text", kind.name(), act.name));
            }
            for filter in behaviour.filters() {
                let start = format!("crm.{}.filter.{}", kind.name(), filter.name);
                needed.extend(filter.words.iter().chain(&["label"]).map(|word| format!("{start}.{word}")));
            }
        }
        (needed, possible)
    }

    #[test]
    fn every_sentence_that_a_declaration_needs_is_written() {
        let missing: Vec<String> = sentences().0.into_iter().filter(|key| !knows(key)).collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn no_sentence_of_a_kind_is_left_over() {
        let (needed, possible) = sentences();
        let written: toml::Table = include_str!("messages.toml").parse().unwrap();
        let mut keys = Vec::new();
        for kind in DECLARED.map(record::Kind::name).into_iter().chain(["dictionary"]) {
            collect(&format!("crm.{kind}"), &written[kind], &mut keys);
        }
        let unused: Vec<String> =
            keys.into_iter().filter(|key| !needed.contains(key) && !possible.contains(key)).collect();
        assert!(unused.is_empty(), "{unused:#?}");
    }

    fn collect(start: &str, value: &toml::Value, keys: &mut Vec<String>) {
        let toml::Value::Table(table) = value else { return };
        if table.contains_key("zh") {
            return keys.push(start.to_owned());
        }
        for (name, inner) in table {
            collect(&format!("{start}.{name}"), inner, keys);
        }
    }
}
