//! Lists with filters, sorts and pages: the only SQL that is put together when the program runs.
//!
//! ```text
//! const SORTS: &[Sort] = &[
//!     Sort { name: "newest", keys: &[Key::falling("c.created_at"), Key::falling("c.id")] },
//!     Sort { name: "name", keys: &[Key::rising("c.name_key"), Key::rising("c.id")] },
//! ];
//! let mut list = Query::new("c.id, c.name", "customer AS c");
//! list.filter("c.archived_at IS NULL", params![]);
//! list.filter("c.name_key LIKE ?", params![format!("%{folded}%")]);
//! list.one_of("c.stage", &stages);
//! list.sort(SORTS, wanted);
//! let page: Page<Customer> = list.page(c, 50, after.as_ref()).await?;
//! let count = list.count(c, 10_000).await?;            // Display: "10,000+"
//! ```

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::row::{Cell, FromColumn, FromRow, Row};
use super::{Conn, DbError, ToValue, Value};

/// A list: fragments that stand in the program, and typed parameters.
#[derive(Debug, Clone)]
pub struct Query {
    columns: &'static str,
    from: &'static str,
    conditions: String,
    parameters: Vec<Value>,
    keys: &'static [Key],
}

/// An order that a person may choose.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// As it stands in the address.
    pub name: &'static str,
    /// What it sorts by; NOT NULL, and the last one unique.
    pub keys: &'static [Key],
}

/// One column of an order.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    column: &'static str,
    falling: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
}

/// The last row of a page by its sort keys; text in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(Vec<Position>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Position {
    Int(i64),
    Text(String),
}

/// How many rows there are, counted up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// As far as was counted.
    pub counted: i64,
    /// There are more.
    pub more: bool,
}

/// Names of the key columns in an answer.
const KEY_COLUMNS: [&str; 4] = ["sort_key_1", "sort_key_2", "sort_key_3", "sort_key_4"];

impl Key {
    /// From the smallest on.
    pub const fn rising(column: &'static str) -> Self {
        Self { column, falling: false }
    }

    /// From the largest on.
    pub const fn falling(column: &'static str) -> Self {
        Self { column, falling: true }
    }
}

impl Query {
    /// The columns to read, and what stands after FROM.
    pub const fn new(columns: &'static str, from: &'static str) -> Self {
        Self { columns, from, conditions: String::new(), parameters: Vec::new(), keys: &[] }
    }

    /// Demands a condition. Its parameters are written `?` in their order.
    pub fn filter(&mut self, condition: &'static str, parameters: &[Value]) {
        self.conditions.push_str(if self.conditions.is_empty() { " WHERE (" } else { " AND (" });
        let mut values = parameters.iter();
        for (index, part) in condition.split('?').enumerate() {
            if index > 0 {
                // A missing parameter leaves its number without a value, which the statement is refused for.
                let next = self.parameters.len() + 1;
                self.parameters.extend(values.next().cloned());
                self.push_placeholder(next);
            }
            self.conditions.push_str(part);
        }
        self.parameters.extend(values.cloned());
        self.conditions.push(')');
    }

    /// Demands that a column is one of these; none of them, no row.
    pub fn one_of<T: ToValue>(&mut self, column: &'static str, values: &[T]) {
        self.filter("", &[]);
        self.conditions.pop();
        self.push_one_of(column, values);
        self.conditions.push(')');
    }

    /// Demands that one column is one of these, or the other one of those: the owner or the department of a scope.
    pub fn one_of_either<A: ToValue, B: ToValue>(
        &mut self,
        (column, values): (&'static str, &[A]),
        (other, others): (&'static str, &[B]),
    ) {
        self.filter("", &[]);
        self.conditions.pop();
        self.push_one_of(column, values);
        self.conditions.push_str(" OR ");
        self.push_one_of(other, others);
        self.conditions.push(')');
    }

    fn push_one_of<T: ToValue>(&mut self, column: &'static str, values: &[T]) {
        if values.is_empty() {
            return self.conditions.push_str("1 = 0");
        }
        self.conditions.push_str(column);
        self.conditions.push_str(" IN (");
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.conditions.push_str(", ");
            }
            self.parameters.push(value.to_value());
            self.push_placeholder(self.parameters.len());
        }
        self.conditions.push(')');
    }

    /// The order of that name, or the first one.
    pub fn sort(&mut self, sorts: &'static [Sort], name: &str) {
        let chosen = sorts.iter().find(|sort| sort.name == name).or(sorts.first());
        self.keys = chosen.map_or(&[], |sort| sort.keys);
    }

    /// The page after a cursor of the same order. It costs the same wherever it stands.
    pub async fn page<T: FromRow>(
        &self,
        c: &mut Conn<'_>,
        size: u32,
        after: Option<&Cursor>,
    ) -> Result<Page<T>, DbError> {
        let (sql, parameters) = self.page_text(size, after);
        let mut found: Vec<Keyed<T>> = c.rows(&sql, &parameters).await?;
        let more = found.len() > size as usize;
        found.truncate(size as usize);
        let next = found.last().filter(|_| more).map(|last| Cursor(last.keys.clone()));
        Ok(Page { rows: found.into_iter().map(|keyed| keyed.row).collect(), next })
    }

    /// How many rows there are, counting no further than `bound`.
    pub async fn count(&self, c: &mut Conn<'_>, bound: u32) -> Result<Count, DbError> {
        let (sql, parameters) = self.count_text(bound);
        let (counted,): (i64,) =
            c.first(&sql, &parameters).await?.ok_or_else(|| DbError::NoRow { sql: sql.clone() })?;
        let bound = i64::from(bound);
        Ok(Count { counted: counted.min(bound), more: counted > bound })
    }

    /// Asks the engine whether it understands this list, its page and its count, without running them.
    pub async fn prepare(&self, c: &mut Conn<'_>) -> Result<(), DbError> {
        let somewhere = Cursor(self.keys.iter().map(|_| Position::Int(0)).collect());
        c.prepare_text(&self.page_text(1, Some(&somewhere)).0).await?;
        c.prepare_text(&self.count_text(1).0).await
    }

    fn page_text(&self, size: u32, after: Option<&Cursor>) -> (String, Vec<Value>) {
        let mut parameters = self.parameters.clone();
        let mut sql = format!("SELECT {}", self.columns);
        for (key, name) in self.keys.iter().zip(KEY_COLUMNS) {
            push(&mut sql, format_args!(", {} AS {name}", key.column));
        }
        push(&mut sql, format_args!(" FROM {}{}", self.from, self.conditions));
        if let Some(cursor) = after {
            sql.push_str(if self.conditions.is_empty() { " WHERE " } else { " AND " });
            self.push_after(&mut sql, &mut parameters, cursor);
        }
        for (index, key) in self.keys.iter().enumerate() {
            let (before, direction) =
                (if index == 0 { " ORDER BY" } else { "," }, if key.falling { " DESC" } else { "" });
            push(&mut sql, format_args!("{before} {}{direction}", key.column));
        }
        push(&mut sql, format_args!(" LIMIT {}", u64::from(size) + 1));
        (sql, parameters)
    }

    fn count_text(&self, bound: u32) -> (String, Vec<Value>) {
        let (from, conditions, limit) = (self.from, &self.conditions, u64::from(bound) + 1);
        let inner = format!("SELECT 1 FROM {from}{conditions} LIMIT {limit}");
        (format!("SELECT CAST(count(*) AS BIGINT) FROM ({inner}) AS bounded"), self.parameters.clone())
    }

    /// `(a > $1 OR (a = $1 AND (b < $2 OR …)))`, which serves orders of mixed directions too.
    fn push_after(&self, sql: &mut String, parameters: &mut Vec<Value>, cursor: &Cursor) {
        for (index, (key, position)) in self.keys.iter().zip(&cursor.0).enumerate() {
            parameters.push(position.to_value());
            let (column, number) = (key.column, parameters.len());
            if index > 0 {
                let (previous, number) = (self.keys[index - 1].column, number - 1);
                push(sql, format_args!(" OR ({previous} = ${number} AND "));
            }
            push(sql, format_args!("({column} {} ${number}", if key.falling { '<' } else { '>' }));
        }
        let depth = self.keys.len().min(cursor.0.len());
        sql.push_str(if depth == 0 { "1 = 1" } else { "" });
        sql.push_str(&")".repeat((2 * depth).saturating_sub(1)));
    }

    fn push_placeholder(&mut self, number: usize) {
        push(&mut self.conditions, format_args!("${number}"));
    }
}

fn push(text: &mut String, arguments: fmt::Arguments<'_>) {
    text.push_str(&fmt::format(arguments));
}

struct Keyed<T> {
    row: T,
    keys: Vec<Position>,
}

impl<T: FromRow> FromRow for Keyed<T> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let keys =
            KEY_COLUMNS.iter().take_while(|name| row.has(name)).map(|name| row.get(name)).collect::<Result<_, _>>()?;
        Ok(Self { row: T::from_row(row)?, keys })
    }
}

impl FromColumn for Position {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Int(v) => Ok(Self::Int(v)),
            Cell::Text(v) => Ok(Self::Text(v.into_owned())),
            other => Err(format!("{} cannot be sorted by", other.describe())),
        }
    }
}

impl Position {
    fn to_value(&self) -> Value {
        match self {
            Self::Int(v) => v.to_value(),
            Self::Text(v) => v.to_value(),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(&self.0).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

/// A text that is no place in a list; such an address was not made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct BadCursor;

impl std::str::FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        serde_json::from_slice(&json).map(Self).map_err(|_| BadCursor)
    }
}

/// `1,234`, or `10,000+`.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::i18n::number(self.counted))?;
        f.write_str(if self.more { "+" } else { "" })
    }
}
