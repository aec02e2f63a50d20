//! Parameters. Every one is typed, NULL too: PostgreSQL refuses a NULL without a type.

use crate::kernel::id::Id;
use crate::kernel::{Amount, Channel, Currency, Date, Hash, Kind, Quantity, Rate, Timestamp, UnitPrice};

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// BIGINT; on SQLite INTEGER.
    Int(Option<i64>),
    /// BOOLEAN; on SQLite INTEGER 0 or 1.
    Bool(Option<bool>),
    /// TEXT.
    Text(Option<String>),
    /// BYTEA; on SQLite BLOB.
    Bytes(Option<Vec<u8>>),
    /// What no column can hold, and why; the statement is refused.
    Unstorable(String),
}

/// What can be passed to a statement.
pub trait ToValue {
    /// The typed NULL of this type.
    const NULL: Value;

    /// The parameter.
    fn to_value(&self) -> Value;
}

/// A list of parameters: `params![id, name.as_str(), None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$({
            use $crate::db::ToValue as _;
            $value.to_value()
        }),*] as &[$crate::db::Value]
    };
}

macro_rules! to_value {
    ($($type:ty => $variant:ident($convert:expr)),* $(,)?) => { $(
        impl ToValue for $type {
            const NULL: Value = Value::$variant(None);

            fn to_value(&self) -> Value {
                let convert: fn(&Self) -> _ = $convert;
                Value::$variant(Some(convert(self)))
            }
        }
    )* };
}

to_value! {
    Timestamp => Int(|v| v.as_micros()),
    Date => Text(ToString::to_string),
    Hash => Bytes(|v| v.as_bytes().to_vec()),
    Kind => Text(ToString::to_string),
    Currency => Text(|v| v.code().to_owned()),
    Quantity => Int(|v| v.millionths()),
    Rate => Int(|v| v.millionths()),
    UnitPrice => Int(|v| v.millionths()),
    i64 => Int(|v| *v),
    i32 => Int(|v| i64::from(*v)),
    u32 => Int(|v| i64::from(*v)),
    bool => Bool(|v| *v),
    str => Text(|v| v.to_owned()),
    &str => Text(|v| (*v).to_owned()),
    &String => Text(|v| (*v).clone()),
    String => Text(Clone::clone),
    [u8] => Bytes(|v| v.to_vec()),
    &[u8] => Bytes(|v| v.to_vec()),
    Vec<u8> => Bytes(Clone::clone),
}

/// Ten-thousandths. The limit is checked where an amount is entered; here it only must not be stored wrong.
impl ToValue for Amount {
    const NULL: Value = Value::Int(None);

    fn to_value(&self) -> Value {
        self.to_stored().map_or_else(|e| Value::Unstorable(e.to_string()), |v| Value::Int(Some(v)))
    }
}

/// As its name in JSON.
impl ToValue for Channel {
    const NULL: Value = Value::Text(None);

    fn to_value(&self) -> Value {
        let name = serde_json::to_value(self).ok();
        Value::Text(name.as_ref().and_then(|name| name.as_str()).map(str::to_owned))
    }
}

impl<T: Id> ToValue for T {
    const NULL: Value = Value::Int(None);

    fn to_value(&self) -> Value {
        Value::Int(Some(self.number()))
    }
}

impl<const N: usize> ToValue for [u8; N] {
    const NULL: Value = Value::Bytes(None);

    fn to_value(&self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }
}

impl<T: ToValue> ToValue for Option<T> {
    const NULL: Value = T::NULL;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(T::NULL, ToValue::to_value)
    }
}
