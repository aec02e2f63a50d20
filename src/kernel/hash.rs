//! SHA-256 and the canonical bytes that go into it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
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
pub enum NotCanonical {
    /// It is not JSON at all: a map with keys that are no text.
    #[error("this value has no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// RFC 8785 writes numbers as doubles, which would give two different numbers the same bytes.
    #[error("{0} is beyond ±2^53 and has no exact canonical JSON; write it as text")]
    Number(serde_json::Number),
}

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
    let value = serde_json::to_value(value)?;
    exact(&value)?;
    Ok(serde_json_canonicalizer::to_vec(&value)?)
}

/// Refuses whole numbers that a double cannot hold.
fn exact(value: &Value) -> Result<(), NotCanonical> {
    const LIMIT: u64 = 1 << 53;
    match value {
        Value::Number(number) => {
            let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            if size.is_some_and(|size| size > LIMIT) { Err(NotCanonical::Number(number.clone())) } else { Ok(()) }
        }
        Value::Array(items) => items.iter().try_for_each(exact),
        Value::Object(fields) => fields.values().try_for_each(exact),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0, &mut digits).map_err(|_| fmt::Error)?;
        f.write_str(str::from_utf8(&digits).map_err(|_| fmt::Error)?)
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
    fn numbers_that_would_lose_digits_are_refused() {
        let exact = json!({"a": [9_007_199_254_740_992_i64, -9_007_199_254_740_992_i64, 0.5]});
        assert!(canonical_json(&exact).is_ok());
        for number in [9_007_199_254_740_993_i64, i64::MIN] {
            assert!(matches!(canonical_json(&json!({"a": [number]})), Err(NotCanonical::Number(_))), "{number}");
        }
    }

    #[test]
    fn the_order_of_keys_does_not_change_the_bytes() {
        let one = canonical_json(&json!({"b": 1, "a": [true, null, "甲"]})).unwrap();
        assert_eq!(String::from_utf8(one).unwrap(), r#"{"a":[true,null,"甲"],"b":1}"#);
        assert_eq!(Hash::of_json(&json!({"a": 1, "b": 2})).unwrap(), Hash::of_json(&json!({"b": 2, "a": 1})).unwrap());
    }
}
