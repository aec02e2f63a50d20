//! Parameters. Every one is typed, NULL too: PostgreSQL refuses a NULL without a type.

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
    ($($value:expr),* $(,)?) => { &[$($crate::db::ToValue::to_value(&$value)),*] as &[$crate::db::Value] };
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
    i64 => Int(|v| *v),
    u32 => Int(|v| i64::from(*v)),
    bool => Bool(|v| *v),
    str => Text(|v| v.to_owned()),
    String => Text(Clone::clone),
    [u8] => Bytes(|v| v.to_vec()),
    Vec<u8> => Bytes(Clone::clone),
}

impl<const N: usize> ToValue for [u8; N] {
    const NULL: Value = Value::Bytes(None);

    fn to_value(&self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    const NULL: Value = T::NULL;

    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    const NULL: Value = T::NULL;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(T::NULL, ToValue::to_value)
    }
}
