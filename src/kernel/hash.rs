//! SHA-256 and the canonical bytes that go into it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// A SHA-256. Text and JSON are 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// A text that is not a [`Hash`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a SHA-256 in hexadecimal")]
pub struct BadHash(String);

/// A value without an RFC 8785 form.
#[derive(Debug, thiserror::Error)]
#[error("this value has no canonical JSON: {0}")]
pub struct NotCanonical(#[from] serde_json::Error);

impl Hash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of the parts one after the other.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The hash of the value's canonical JSON.
    pub fn of_json<T: Serialize + ?Sized>(value: &T) -> Result<Self, NotCanonical> {
        canonical_json(value).map(|bytes| Self::of(&bytes))
    }

    /// The hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first eight digits, for people.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..4])
    }
}

/// The one JSON of a value: RFC 8785, keys sorted, no spaces.
pub fn canonical_json<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    serde_json_canonicalizer::to_vec(&value).map_err(NotCanonical)
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, BadHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadHash(text.to_owned()))?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The SHA-256 of no bytes, as FIPS 180-4 has it.
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_hash_reads_back_from_its_digits() {
        assert_eq!(Hash::of(b"").to_string(), EMPTY);
        assert_eq!(EMPTY.parse::<Hash>().unwrap(), Hash::of(b""));
        assert!("e3b0".parse::<Hash>().is_err());
        assert_eq!(serde_json::to_string(&Hash::of(b"")).unwrap(), format!("\"{EMPTY}\""));
    }

    #[test]
    fn parts_hash_like_the_whole() {
        assert_eq!(Hash::of_parts(&[b"ab", b"", b"c"]), Hash::of(b"abc"));
    }

    #[test]
    fn the_order_of_keys_does_not_change_the_bytes() {
        let one = canonical_json(&json!({"b": 1, "a": [true, null, "甲"]})).unwrap();
        assert_eq!(String::from_utf8(one).unwrap(), r#"{"a":[true,null,"甲"],"b":1}"#);
        assert_eq!(Hash::of_json(&json!({"a": 1, "b": 2})).unwrap(), Hash::of_json(&json!({"b": 2, "a": 1})).unwrap());
    }
}
