//! What lists that open offer.

use std::fmt::Display;

use serde::Serialize;

use crate::contract::OurEntity;
use crate::contract::template::Role;
use crate::i18n::{Message, msg};
use crate::workflow::Directory;

/// One line of a list that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::contract) struct Choice {
    pub(in crate::contract) value: String,
    pub(in crate::contract) label: String,
}

impl Choice {
    pub(in crate::contract) fn new(value: impl Display, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into() }
    }

    /// A value that is its own label.
    pub(super) fn word(word: &str) -> Self {
        Self::new(word, word)
    }
}

/// Everybody active, by name.
pub(in crate::contract) fn people(directory: &Directory) -> Vec<Choice> {
    directory.by_name().into_iter().filter(|one| one.active).map(|one| Choice::new(one.id, one.label())).collect()
}

/// Our entities that contracts can be drafted for.
pub(super) fn entities(entities: &[OurEntity]) -> Vec<Choice> {
    let open = entities.iter().filter(|one| one.active);
    open.map(|one| Choice::new(one.id, format!("{} ({})", one.fields.name, one.fields.code))).collect()
}

/// What a role does in a contract.
pub(in crate::contract) fn role(role: Role) -> Message {
    match role {
        Role::Seller => msg!("contract.role.seller"),
        Role::Buyer => msg!("contract.role.buyer"),
        Role::Provider => msg!("contract.role.provider"),
        Role::Client => msg!("contract.role.client"),
        Role::Lessor => msg!("contract.role.lessor"),
        Role::Lessee => msg!("contract.role.lessee"),
        Role::Licensor => msg!("contract.role.licensor"),
        Role::Licensee => msg!("contract.role.licensee"),
        Role::Other => msg!("contract.role.other"),
    }
}
