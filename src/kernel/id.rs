//! Ids: `i64` behind a type a table, so that a customer's number cannot be taken for a contract's.

/// Every id type, so that the database can keep and give back the ids of all rooms.
pub trait Id: Copy {
    /// The id with this number.
    fn from_number(number: i64) -> Self;

    /// The number, as the database keeps it.
    fn number(self) -> i64;
}

/// Declares id types. Rooms declare their own with the same macro:
///
/// ```text
/// id! {
///     /// A template of a contract.
///     TemplateId
/// }
/// ```
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The id with this number.
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// The number, as the database keeps it.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl $crate::kernel::id::Id for $name {
            fn from_number(number: i64) -> Self {
                Self(number)
            }

            fn number(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

pub(crate) use id;

self::id! {
    /// A person with a login.
    UserId,
    /// A department in the tree.
    DepartmentId,
    /// A role that people hold.
    RoleId,
    /// One of our own legal entities (我方主体).
    EntityId,
    /// A stored file.
    FileId,
    /// A running or ended approval case.
    CaseId,
    /// A customer or supplier.
    CustomerId,
    /// A person at a customer.
    ContactId,
    /// A sales opportunity.
    OpportunityId,
    /// A contract.
    ContractId,
    /// A milestone of a payment plan.
    MilestoneId,
    /// A recorded payment.
    PaymentId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_number_in_text_and_json() {
        let id: ContractId = "12".parse().unwrap();
        assert_eq!(id, ContractId::new(12));
        assert_eq!(id.to_string(), "12");
        assert_eq!(format!("{id:?}"), "ContractId(12)");
        assert_eq!(serde_json::to_string(&id).unwrap(), "12");
        assert_eq!(serde_json::from_str::<ContractId>("12").unwrap(), id);
    }

    #[test]
    fn text_that_is_no_number_is_no_id() {
        assert!("12a".parse::<UserId>().is_err());
        assert!("".parse::<UserId>().is_err());
    }
}
