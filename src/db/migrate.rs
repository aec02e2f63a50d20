//! The two folders of migrations, embedded in the program. PostgreSQL's are run by sqlx, SQLite's here, by the same rules.

use std::path::PathBuf;
use std::str::FromStr as _;

use rusqlite::Connection;
use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::DbError;
use super::sqlite::open_writer;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

pub(super) async fn postgres(address: &str) -> Result<(), DbError> {
    let failed = |e: sqlx::Error| DbError::Migration(e.to_string());
    let options = PgConnectOptions::from_str(address).map_err(failed)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(failed)?;
    let done = POSTGRES.run(&mut connection).await;
    drop(connection.close().await);
    done.map_err(|error| match error {
        MigrateError::VersionMissing(version) => DbError::Newer { version },
        MigrateError::VersionMismatch(version) => DbError::Changed { version },
        other => DbError::Migration(other.to_string()),
    })
}

pub(super) async fn sqlite(path: PathBuf) -> Result<(), DbError> {
    let done = tokio::task::spawn_blocking(move || apply(&open_writer(&path)?)).await;
    done.map_err(|e| DbError::Migration(e.to_string()))?
}

const CREATE: &str = "
    CREATE TABLE IF NOT EXISTS _sqlx_migrations (
        version INTEGER PRIMARY KEY,
        description TEXT NOT NULL,
        checksum BLOB NOT NULL
    ) STRICT";

/// All missing steps in one transaction.
fn apply(connection: &Connection) -> Result<(), DbError> {
    let failed = |e: rusqlite::Error| DbError::Migration(e.to_string());
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {CREATE}")).map_err(failed)?;
    let done = applied(connection).map_err(failed).and_then(|applied| apply_missing(connection, &applied));
    connection.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(failed)?;
    done
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<(i64, Vec<u8>)>> {
    let mut statement = connection.prepare("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn apply_missing(connection: &Connection, applied: &[(i64, Vec<u8>)]) -> Result<(), DbError> {
    if let Some((version, _)) = applied.iter().find(|(version, _)| !SQLITE.version_exists(*version)) {
        return Err(DbError::Newer { version: *version });
    }
    for step in SQLITE.iter() {
        match applied.iter().find(|(version, _)| *version == step.version) {
            Some((_, checksum)) if checksum.as_slice() == step.checksum.as_ref() => {}
            Some(_) => return Err(DbError::Changed { version: step.version }),
            None => run(connection, step).map_err(|e| DbError::Migration(format!("{}: {e}", step.version)))?,
        }
    }
    Ok(())
}

fn run(connection: &Connection, step: &Migration) -> rusqlite::Result<()> {
    connection.execute_batch(step.sql.as_str())?;
    let stored = "INSERT INTO _sqlx_migrations (version, description, checksum) VALUES (?1, ?2, ?3)";
    connection.execute(stored, (step.version, step.description.as_ref(), step.checksum.as_ref())).map(drop)
}
