//! Who can hold the authority of a row: few enough kinds to be chosen from a list.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::workflow::{DepartmentOf, Who};

/// Whom a row names. Written `role:general-manager` in tables, forms and JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Holder {
    /// `role:ROLE`, everybody with a role.
    Role(String),
    /// `role_in_department:ROLE`, those with a role in the department of the record's owner, or below it.
    RoleInDepartment(String),
    /// `head_of_department`, who leads the department of the record's owner.
    HeadOfDepartment,
    /// `manager`, the manager of the drafter.
    Manager,
    /// `managers_up_to:ROLE`, every manager of the drafter up to the first with a role.
    ManagersUpTo(String),
    /// `user:LOGIN`, one person.
    User(String),
}

/// A text that names none of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} names nobody who can hold an authority")]
pub struct UnknownHolder(pub String);

impl Holder {
    /// The rule of the language that finds them.
    pub fn rule(&self) -> Who {
        let department = || DepartmentOf::Person { who: Box::new(Who::Owner) };
        match self.clone() {
            Self::Role(role) => Who::Role { role },
            Self::RoleInDepartment(role) => Who::RoleIn { role, department: department() },
            Self::HeadOfDepartment => Who::HeadOf { department: department() },
            Self::Manager => Who::ManagerOf { person: Box::new(Who::Drafter), level: 1 },
            Self::ManagersUpTo(role) => Who::ManagersUpTo { person: Box::new(Who::Drafter), role },
            Self::User(login) => Who::User { login },
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => write!(f, "role:{role}"),
            Self::RoleInDepartment(role) => write!(f, "role_in_department:{role}"),
            Self::HeadOfDepartment => f.write_str("head_of_department"),
            Self::Manager => f.write_str("manager"),
            Self::ManagersUpTo(role) => write!(f, "managers_up_to:{role}"),
            Self::User(login) => write!(f, "user:{login}"),
        }
    }
}

impl FromStr for Holder {
    type Err = UnknownHolder;

    fn from_str(text: &str) -> Result<Self, UnknownHolder> {
        let named = |(kind, name): (&str, &str)| {
            let name = name.trim().to_owned();
            match kind {
                _ if name.is_empty() => None,
                "role" => Some(Self::Role(name)),
                "role_in_department" => Some(Self::RoleInDepartment(name)),
                "managers_up_to" => Some(Self::ManagersUpTo(name)),
                "user" => Some(Self::User(name)),
                _ => None,
            }
        };
        match text.trim() {
            "head_of_department" => Some(Self::HeadOfDepartment),
            "manager" => Some(Self::Manager),
            text => text.split_once(':').and_then(named),
        }
        .ok_or_else(|| UnknownHolder(text.to_owned()))
    }
}

impl From<Holder> for String {
    fn from(holder: Holder) -> Self {
        holder.to_string()
    }
}

impl TryFrom<String> for Holder {
    type Error = UnknownHolder;

    fn try_from(text: String) -> Result<Self, UnknownHolder> {
        text.parse()
    }
}
