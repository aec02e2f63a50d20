//! Everything that a database holds, to compare before and after.

use std::collections::BTreeMap;
use std::fmt;

use qiyue::db::DatabaseUrl;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// What an attempt leaves although it was refused (who came, how often, the answers that are kept to be repeated), and what the
/// job loop does every day by itself.
const COMES_AND_GOES: [&str; 5] = ["sessions", "login_attempts", "idempotency", "approval_root", "_sqlx_migrations"];

/// The rows of every table, as text.
#[derive(Clone, PartialEq)]
pub(crate) struct Stored(pub(crate) BTreeMap<String, Vec<String>>);

/// Only how many rows: a comparison that fails shows the rows that differ.
impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(table, rows)| (table, rows.len()))).finish()
    }
}

impl Stored {
    /// Fails with the rows that are there only before or only after.
    #[track_caller]
    pub(crate) fn is_still(&self, after: &Self) {
        let differ = |these: &Self, those: &Self| -> Vec<String> {
            let rows = these.0.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)));
            let only = rows.filter(|(table, row)| those.0.get(*table).is_none_or(|rows| !rows.contains(row)));
            only.map(|(table, row)| format!("{table}: {row}")).collect()
        };
        let (gone, new) = (differ(self, after), differ(after, self));
        assert!(self == after, "gone: {gone:#?}\nnew: {new:#?}");
    }
}

/// Reads all of it.
pub(crate) async fn stored(url: &DatabaseUrl) -> Stored {
    match url {
        DatabaseUrl::Sqlite(path) => of_file(path),
        DatabaseUrl::Postgres(address) => of_server(address).await,
    }
}

fn of_file(path: &std::path::Path) -> Stored {
    let connection = rusqlite::Connection::open(path).unwrap();
    let list = |sql: &str, row: &dyn Fn(&rusqlite::Row<'_>) -> String| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |found| Ok(row(found))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let tables = list(tables, &|row| row.get(0).unwrap());
    let whole = |row: &rusqlite::Row<'_>| {
        let columns = row.as_ref().column_count();
        format!(
            "{:?}",
            (0..columns).map(|column| row.get_unwrap::<_, rusqlite::types::Value>(column)).collect::<Vec<_>>()
        )
    };
    let kept = tables.into_iter().filter(|table| !COMES_AND_GOES.contains(&table.as_str()));
    Stored(kept.map(|table| (table.clone(), sorted(list(&format!("SELECT * FROM {table}"), &whole)))).collect())
}

async fn of_server(address: &str) -> Stored {
    let mut connection = PgConnection::connect(address).await.unwrap();
    let tables = "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    let mut stored = BTreeMap::new();
    for table in tables.into_iter().filter(|table| !COMES_AND_GOES.contains(&table.as_str())) {
        let rows = AssertSqlSafe(format!("SELECT whole::TEXT FROM {table} AS whole"));
        let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(&mut connection).await.unwrap();
        stored.insert(table, sorted(rows));
    }
    Stored(stored)
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort_unstable();
    rows
}
