//! Rows become values: by column name through [`FromRow`], or by position for tuples.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use sqlx::{Row as _, TypeInfo as _, ValueRef as _};

use super::DbError;
use crate::kernel::id::Id;
use crate::kernel::{Amount, Channel, Currency, Date, Hash, Kind, Quantity, Rate, Timestamp, UnitPrice};

/// One row of an answer, only while it is read.
pub struct Row<'r> {
    source: Source<'r>,
    /// The column after the one that was read last: most are read in their order.
    next: std::cell::Cell<usize>,
}

enum Source<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r sqlx::postgres::PgRow),
}

/// One value of a row as the engine has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'r> {
    /// NULL.
    Null,
    /// An integer, or a truth value on SQLite.
    Int(i64),
    /// A truth value on PostgreSQL.
    Bool(bool),
    /// Text.
    Text(Cow<'r, str>),
    /// Bytes.
    Bytes(Cow<'r, [u8]>),
}

/// A struct made of a row.
pub trait FromRow: Sized {
    /// Reads every field by the name of its column.
    fn from_row(row: &Row<'_>) -> Result<Self, DbError>;
}

/// A type that one column holds.
pub trait FromColumn: Sized {
    /// The value, or what is wrong with it.
    fn from_cell(cell: Cell<'_>) -> Result<Self, String>;
}

impl<'r> Row<'r> {
    pub(super) fn sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        Self { source: Source::Sqlite(row), next: std::cell::Cell::new(0) }
    }

    pub(super) fn postgres(row: &'r sqlx::postgres::PgRow) -> Self {
        Self { source: Source::Postgres(row), next: std::cell::Cell::new(0) }
    }

    /// The column of that name.
    pub fn get<T: FromColumn>(&self, name: &str) -> Result<T, DbError> {
        let index = self.position(name);
        let index = index.ok_or_else(|| DbError::column(name, "not among the columns of the answer"))?;
        T::from_cell(self.cell(index)?).map_err(|problem| DbError::column(self.name(index), problem))
    }

    /// The column at that position, from 0.
    pub fn at<T: FromColumn>(&self, index: usize) -> Result<T, DbError> {
        T::from_cell(self.cell(index)?).map_err(|problem| DbError::column(self.name(index), problem))
    }

    /// The JSON in a TEXT column; `null` for NULL, so that `Option` serves.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, DbError> {
        let text: Option<String> = self.get(name)?;
        let text = text.as_deref().unwrap_or("null");
        serde_json::from_str(text).map_err(|e| DbError::column(name, format!("unexpected JSON: {e}")))
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        match &self.source {
            Source::Sqlite(row) => row.as_ref().column_count(),
            Source::Postgres(row) => row.columns().len(),
        }
    }

    /// Whether there is a column of that name.
    pub fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    fn position(&self, name: &str) -> Option<usize> {
        let (next, width) = (self.next.get(), self.width());
        let found = (next..width).chain(0..next).find(|index| self.column(*index) == Some(name))?;
        self.next.set(found + 1);
        Some(found)
    }

    fn column(&self, index: usize) -> Option<&str> {
        match &self.source {
            Source::Sqlite(row) => row.as_ref().column_name(index).ok(),
            Source::Postgres(row) => row.columns().get(index).map(sqlx::Column::name),
        }
    }

    fn name(&self, index: usize) -> String {
        self.column(index).map_or_else(|| index.to_string(), str::to_owned)
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>, DbError> {
        match &self.source {
            Source::Sqlite(row) => sqlite_cell(row, index),
            Source::Postgres(row) => postgres_cell(row, index),
        }
        .map_err(|problem| DbError::column(self.name(index), problem))
    }
}

fn sqlite_cell<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Cell<'r>, String> {
    use rusqlite::types::ValueRef;
    match row.get_ref(index).map_err(|e| e.to_string())? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(v) => Ok(Cell::Int(v)),
        ValueRef::Text(v) => Ok(Cell::Text(Cow::Borrowed(str::from_utf8(v).map_err(|e| e.to_string())?))),
        ValueRef::Blob(v) => Ok(Cell::Bytes(Cow::Borrowed(v))),
        ValueRef::Real(v) => Err(format!("{v} is a floating-point number, which no column of ours holds")),
    }
}

fn postgres_cell(row: &sqlx::postgres::PgRow, index: usize) -> Result<Cell<'_>, String> {
    let raw = row.try_get_raw(index).map_err(|e| e.to_string())?;
    if raw.is_null() {
        return Ok(Cell::Null);
    }
    let kind = raw.type_info().name().to_owned();
    let cell = match kind.as_str() {
        "INT8" => row.try_get::<i64, _>(index).map(Cell::Int),
        "INT4" => row.try_get::<i32, _>(index).map(|v| Cell::Int(v.into())),
        "BOOL" => row.try_get::<bool, _>(index).map(Cell::Bool),
        "TEXT" | "VARCHAR" | "NAME" => row.try_get::<&str, _>(index).map(|v| Cell::Text(Cow::Borrowed(v))),
        "BYTEA" => row.try_get::<&[u8], _>(index).map(|v| Cell::Bytes(Cow::Borrowed(v))),
        _ => return Err(format!("{kind} is not a type of ours; CAST it to BIGINT or TEXT")),
    };
    cell.map_err(|e| e.to_string())
}

impl Cell<'_> {
    /// What stands there, for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Int(v) => format!("the number {v}"),
            Self::Bool(v) => format!("the truth value {v}"),
            Self::Text(v) => format!("the text {:?}", v.chars().take(40).collect::<String>()),
            Self::Bytes(v) => format!("{} bytes", v.len()),
        }
    }

    fn expected(&self, what: &str) -> String {
        format!("{what} expected, found {}", self.describe())
    }
}

impl FromColumn for i64 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Int(v) => Ok(v),
            other => Err(other.expected("a number")),
        }
    }
}

impl FromColumn for u32 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        let number = i64::from_cell(cell)?;
        Self::try_from(number).map_err(|_| format!("{number} does not fit 32 bits"))
    }
}

impl FromColumn for bool {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bool(v) => Ok(v),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => Err(other.expected("a truth value")),
        }
    }
}

impl FromColumn for String {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Text(v) => Ok(v.into_owned()),
            other => Err(other.expected("text")),
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bytes(v) => Ok(v.into_owned()),
            other => Err(other.expected("bytes")),
        }
    }
}

impl<const N: usize> FromColumn for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match &cell {
            Cell::Bytes(v) => v.as_ref().try_into().map_err(|_| cell.expected(&format!("{N} bytes"))),
            other => Err(other.expected(&format!("{N} bytes"))),
        }
    }
}

impl FromColumn for Date {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_cell(cell)?;
        text.parse().map_err(|e| format!("{text:?} is no date: {e}"))
    }
}

impl FromColumn for Kind {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        Self::try_from(String::from_cell(cell)?).map_err(|e| e.to_string())
    }
}

/// As its name in JSON.
impl FromColumn for Channel {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_cell(cell)?;
        serde_json::from_value(text.into()).map_err(|e| e.to_string())
    }
}

impl FromColumn for Currency {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        Self::from_code(&String::from_cell(cell)?).map_err(|e| e.to_string())
    }
}

impl<T: Id> FromColumn for T {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(Self::from_number)
    }
}

macro_rules! from_other {
    ($($type:ty => $from:ty, $make:expr);* $(;)?) => { $(
        impl FromColumn for $type {
            fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
                <$from>::from_cell(cell).map($make)
            }
        }
    )* };
}

from_other! {
    Timestamp => i64, Self::from_micros;
    Amount => i64, Self::from_stored;
    Quantity => i64, Self::from_millionths;
    Rate => i64, Self::from_millionths;
    UnitPrice => i64, Self::from_millionths;
    Hash => [u8; 32], Self::from_bytes;
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        if cell == Cell::Null { Ok(None) } else { T::from_cell(cell).map(Some) }
    }
}

macro_rules! tuple {
    ($($name:ident $index:tt),+) => {
        impl<$($name: FromColumn),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                Ok(($(row.at::<$name>($index)?,)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
