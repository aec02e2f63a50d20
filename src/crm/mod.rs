//! Customers and what belongs to them (客户、联系人、商机、跟进).
//!
//! The four kinds are declared as data, and `record` gives them their forms, lists, pages, logs and API. What stands here is what is
//! special about each of them, and the door for contracts: [`Crm`] tells them whom they are with, and what is marked about that party.

mod door;
mod error;
mod store;

pub use door::{ContactCard, Crm, CustomerCard, CustomerChoice, Marks, NewEntry, OpportunityCard, Won};
pub use error::CrmError;
pub use store::STATEMENTS;

use crate::kernel::Kind;
use crate::org::{Action, ProtectedKind, Reach};

/// Customers, as a kind of record.
pub const CUSTOMER: Kind = Kind::of("customer");
/// People at customers.
pub const CONTACT: Kind = Kind::of("contact");
/// Sales opportunities.
pub const OPPORTUNITY: Kind = Kind::of("opportunity");
/// Planned and recorded follow-ups.
pub const FOLLOW_UP: Kind = Kind::of("follow_up");

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
