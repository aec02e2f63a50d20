//! The two folders of migrations stay in step, and a database of a newer program is left alone.

use std::collections::BTreeMap;

use qiyue::db::{Conn, DatabaseUrl, Db, DbError};
use qiyue::params;

use crate::support::{TestDatabase, on_both_fresh};

const SQLITE_COLUMNS: &str = "
    SELECT t.name, c.name, c.type, c.\"notnull\", c.pk
    FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
    WHERE t.type = 'table' AND t.sql NOT LIKE '%fts5%'";

const POSTGRES_COLUMNS: &str = "
    SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT),
        CASE c.is_nullable WHEN 'NO' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END,
        CASE WHEN EXISTS (
            SELECT 1 FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
            WHERE i.indisprimary AND i.indrelid = CAST(c.table_name AS regclass) AND a.attname = c.column_name
        ) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END
    FROM information_schema.columns AS c WHERE c.table_schema = 'public'";

const POSTGRES_KEYS: &str = "
    SELECT CAST(x.relname AS TEXT),
        t.relname || '_' || CASE WHEN i.indisprimary THEN 'pkey' ELSE (
            SELECT string_agg(a.attname, '_' ORDER BY k.place)
            FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
        ) || '_key' END
    FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
        JOIN pg_namespace AS n ON n.oid = t.relnamespace
    WHERE i.indisunique AND n.nspname = 'public' AND i.indexprs IS NULL";

type Columns = BTreeMap<String, String>;
/// Table, column, type, whether it is NOT NULL, whether it is in the primary key.
type Column = (String, String, String, i64, i64);

async fn migrated(database: &TestDatabase) -> Db {
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    db
}

async fn columns(db: &Db, sql: &'static str) -> Columns {
    let rows: Result<Vec<Column>, DbError> = db.read(async |c| c.all(sql, &[]).await).await;
    let described = rows.unwrap().into_iter().filter(|row| ours(&row.0)).map(|(table, column, kind, strict, key)| {
        let kind = match kind.to_ascii_lowercase().as_str() {
            // SQLite has no type of its own for truth values.
            "bigint" | "boolean" => "integer".to_owned(),
            "bytea" => "blob".to_owned(),
            other => other.to_owned(),
        };
        let (strict, key) = (strict != 0 || key != 0, key != 0);
        (format!("{table}.{column}"), format!("{kind} not_null={strict} key={key}"))
    });
    described.collect()
}

/// Tables of the engines and of the full-text indexes are their own affair.
fn ours(table: &str) -> bool {
    !table.starts_with("_sqlx") && !table.starts_with("sqlite_") && !table.contains("_fts")
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let sqlite = TestDatabase::sqlite();
    let here = columns(&migrated(&sqlite).await, SQLITE_COLUMNS).await;
    assert!(here.contains_key("installation.identity"), "{here:?}");
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let there = columns(&migrated(&postgres).await, POSTGRES_COLUMNS).await;
    let differing: Vec<_> = here.iter().filter(|(name, kind)| there.get(*name) != Some(kind)).collect();
    assert!(differing.is_empty(), "SQLite has, and PostgreSQL has not: {differing:#?}");
    let differing: Vec<_> = there.iter().filter(|(name, _)| !here.contains_key(*name)).collect();
    assert!(differing.is_empty(), "only PostgreSQL has {differing:#?}");
    postgres.drop().await;
}

#[tokio::test]
async fn unique_keys_are_named_by_table_and_columns() {
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let db = migrated(&postgres).await;
    let keys: Result<Vec<(String, String)>, DbError> = db.read(async |c| c.all(POSTGRES_KEYS, &[]).await).await;
    let misnamed: Vec<_> = keys.unwrap().into_iter().filter(|(name, wanted)| ours(name) && name != wanted).collect();
    assert!(misnamed.is_empty(), "(name, the name that SQLite's message gives): {misnamed:#?}");
    postgres.drop().await;
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    on_both_fresh(async |database| {
        let db = migrated(database).await;
        assert_eq!(db.migrate().await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    const RENUMBER: &str = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1";
    on_both_fresh(async |database| {
        let db = migrated(database).await;
        db.write(async |c| c.exec(RENUMBER, &[]).await).await.map_err(|e: DbError| e).unwrap();
        assert_eq!(db.migrate().await, Err(DbError::Newer { version: 9999 }));
    })
    .await;
}

#[tokio::test]
async fn a_migration_with_another_text_is_refused() {
    const FALSIFY: &str = "UPDATE _sqlx_migrations SET checksum = $1 WHERE version = 1";
    on_both_fresh(async |database| {
        let db = migrated(database).await;
        db.write(async |c| c.exec(FALSIFY, params![vec![1_u8]]).await).await.map_err(|e: DbError| e).unwrap();
        assert_eq!(db.migrate().await, Err(DbError::Changed { version: 1 }));
    })
    .await;
}

/// The table of submissions as it was before each had a version.
fn submissions_of_old(migration: &'static str) -> &'static str {
    let start = migration.find("CREATE TABLE record_submission").unwrap();
    migration[start..].split(';').next().unwrap()
}

#[tokio::test]
async fn submissions_from_before_they_were_counted_are_counted_by_their_time() {
    const FORGET: &str = "DELETE FROM _sqlx_migrations WHERE version = 26";
    const DROP: &str = "DROP TABLE record_submission";
    const OLD: &str =
        "INSERT INTO record_submission (kind, id, content, fields, at) VALUES ('expense', $1, $2, '{}', $3)";
    const COUNTED: &str = "SELECT id, version, at, author, reason FROM record_submission ORDER BY id, version";
    let of_sqlite = submissions_of_old(include_str!("../../migrations/sqlite/0023_record_approval.sql"));
    let of_postgres = submissions_of_old(include_str!("../../migrations/postgres/0023_record_approval.sql"));
    on_both_fresh(async |database| {
        let old = if matches!(database.url, DatabaseUrl::Sqlite(_)) { of_sqlite } else { of_postgres };
        let db = migrated(database).await;
        let unit = async move |c: &mut Conn<'_>| {
            for sql in [FORGET, DROP, old] {
                c.exec(sql, &[]).await?;
            }
            for (id, content, at) in [(1_i64, 9_u8, 10_i64), (1, 8, 20), (2, 7, 5)] {
                c.exec(OLD, params![id, vec![content; 32], at]).await?;
            }
            Ok::<_, DbError>(())
        };
        db.write(unit).await.unwrap();

        db.migrate().await.unwrap();

        let read = async |c: &mut Conn<'_>| c.all::<(i64, i64, i64, Option<i64>, String)>(COUNTED, &[]).await;
        let rows: Result<_, DbError> = db.read(read).await;
        let expected = [(1, 1, 10, None, "submitted"), (1, 2, 20, None, "resubmitted"), (2, 1, 5, None, "submitted")];
        assert_eq!(rows.unwrap(), expected.map(|(id, version, at, by, why)| (id, version, at, by, why.to_owned())));
    })
    .await;
}
