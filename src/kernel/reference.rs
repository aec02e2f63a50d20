//! [`Ref`]: which record something belongs to, for rooms that must not know the room it comes from.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of a record: `contract`, `customer`. Lower-case ASCII letters, digits and `_`, as in tables and addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Kind(Cow<'static, str>);

/// One record of any kind. Displayed as `contract/12`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// What it is.
    pub kind: Kind,
    /// Its id within its kind.
    pub id: i64,
}

/// A text that is not a [`Kind`] or not a [`Ref`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a reference such as contract/12")]
pub struct BadRef(String);

impl Kind {
    /// A kind known when the program is written.
    pub const fn of(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A reference to the record of this kind with that number.
    pub fn reference(&self, id: i64) -> Ref {
        Ref { kind: self.clone(), id }
    }
}

impl Ref {
    /// A reference to a record of a kind known when the program is written.
    pub const fn new(kind: &'static str, id: i64) -> Self {
        Self { kind: Kind::of(kind), id }
    }
}

impl TryFrom<String> for Kind {
    type Error = BadRef;

    fn try_from(name: String) -> Result<Self, BadRef> {
        let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(Cow::Owned(name))) } else { Err(BadRef(name)) }
    }
}

impl FromStr for Kind {
    type Err = BadRef;

    fn from_str(name: &str) -> Result<Self, BadRef> {
        name.to_owned().try_into()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<&str> for Kind {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl FromStr for Ref {
    type Err = BadRef;

    fn from_str(text: &str) -> Result<Self, BadRef> {
        let bad = || BadRef(text.to_owned());
        let (kind, id) = text.split_once('/').ok_or_else(bad)?;
        Ok(Self { kind: kind.parse().map_err(|_| bad())?, id: id.parse().map_err(|_| bad())? })
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_back_from_its_text() {
        let contract = Ref::new("contract", 12);
        assert_eq!(contract.to_string(), "contract/12");
        assert_eq!("contract/12".parse::<Ref>().unwrap(), contract);
    }

    #[test]
    fn text_without_a_kind_or_a_number_is_no_reference() {
        for text in ["contract", "contract/", "/12", "Contract/12", "合同/12", "contract/12/3"] {
            assert!(text.parse::<Ref>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_kind_from_json_is_checked() {
        assert!(serde_json::from_str::<Kind>("\"a b\"").is_err());
        assert_eq!(serde_json::from_str::<Kind>("\"payment_request\"").unwrap(), "payment_request");
    }
}
