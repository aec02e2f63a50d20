//! One statement on a connection of SQLite.

use std::collections::BTreeSet;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, ffi};

use crate::db::row::Row;
use crate::db::{DbError, Value};

pub(in crate::db) fn execute(connection: &Connection, sql: &str, parameters: &[Value]) -> Result<u64, DbError> {
    let mut statement = prepare(connection, sql, parameters)?;
    if statement.column_count() == 0 {
        return statement.raw_execute().map(|rows| rows as u64).map_err(|e| translate(&e, sql));
    }
    // A statement with RETURNING whose answer is not wanted.
    let mut rows = statement.raw_query();
    let mut count = 0;
    while rows.next().map_err(|e| translate(&e, sql))?.is_some() {
        count += 1;
    }
    Ok(count)
}

pub(in crate::db) fn check(connection: &Connection, sql: &str) -> Result<(), DbError> {
    let statement = connection.prepare(sql).map_err(|e| translate(&e, sql))?;
    let mut names = BTreeSet::new();
    match statement.column_names().into_iter().find(|name| !names.insert(*name)) {
        Some(twice) => Err(DbError::Sql { sql: sql.to_owned(), message: format!("two columns are called {twice}") }),
        None => Ok(()),
    }
}

/// Gives rows to `take` until it says false.
pub(in crate::db) fn query(
    connection: &Connection,
    sql: &str,
    parameters: &[Value],
    take: &mut dyn FnMut(&Row<'_>) -> Result<bool, DbError>,
) -> Result<(), DbError> {
    let mut statement = prepare(connection, sql, parameters)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|e| translate(&e, sql))? {
        if !take(&Row::sqlite(row))? {
            break;
        }
    }
    // An INSERT … RETURNING stores only when it is stepped to its end.
    while rows.next().map_err(|e| translate(&e, sql))?.is_some() {}
    Ok(())
}

/// SQLite takes `$3` for a name, numbered by first appearance; so every parameter is bound by its name.
fn prepare<'c>(connection: &'c Connection, sql: &str, parameters: &[Value]) -> Result<CachedStatement<'c>, DbError> {
    let mut statement = connection.prepare_cached(sql).map_err(|e| translate(&e, sql))?;
    let mut expected = 0;
    for index in 1..=statement.parameter_count() {
        let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let Some(number) = number.filter(|n| *n > 0) else {
            return Err(DbError::Sql { sql: sql.to_owned(), message: "a parameter is not written $N".to_owned() });
        };
        expected = expected.max(number);
        if let Some(value) = parameters.get(number - 1) {
            statement.raw_bind_parameter(index, value).map_err(|e| translate(&e, sql))?;
        }
    }
    if expected == parameters.len() {
        Ok(statement)
    } else {
        Err(DbError::Parameters { sql: sql.to_owned(), expected, given: parameters.len() })
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(Some(v)) => ValueRef::Integer(*v),
            Self::Bool(Some(v)) => ValueRef::Integer((*v).into()),
            Self::Text(Some(v)) => ValueRef::Text(v.as_bytes()),
            Self::Bytes(Some(v)) => ValueRef::Blob(v),
            Self::Int(None) | Self::Bool(None) | Self::Text(None) | Self::Bytes(None) | Self::Unstorable(_) => {
                ValueRef::Null
            }
        }))
    }
}

/// The words of SQLite in ours.
pub(super) fn translate(error: &rusqlite::Error, sql: &str) -> DbError {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return DbError::Sql { sql: sql.to_owned(), message: error.to_string() };
    };
    let message = message.clone().unwrap_or_else(|| failure.to_string());
    match (failure.code, failure.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE) => DbError::Unique { constraint: key_name(&message) },
        (_, ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
            DbError::Unique { constraint: primary_key_name(&message) }
        }
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => DbError::ForeignKey,
        (ErrorCode::ConstraintViolation, _) => DbError::Check(message),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => DbError::Busy,
        (
            ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory | ErrorCode::OperationInterrupted,
            _,
        ) => DbError::NotStored(message),
        (ErrorCode::CannotOpen | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => DbError::Gone(message),
        _ => DbError::Sql { sql: sql.to_owned(), message },
    }
}

/// `UNIQUE constraint failed: person.tenant, person.email` is `person_tenant_email_key`, as PostgreSQL names it.
fn key_name(message: &str) -> String {
    let columns = message.rsplit_once(": ").map_or(message, |(_, columns)| columns);
    if let Some(index) = columns.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let table = columns.split('.').next().unwrap_or_default();
    let names = columns.split(", ").filter_map(|column| column.split('.').nth(1));
    let mut name = table.to_owned();
    for column in names {
        name.push('_');
        name.push_str(column);
    }
    name + "_key"
}

fn primary_key_name(message: &str) -> String {
    let columns = message.rsplit_once(": ").map_or(message, |(_, columns)| columns);
    format!("{}_pkey", columns.split('.').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_key_is_named_as_postgresql_names_it() {
        assert_eq!(key_name("UNIQUE constraint failed: person.email"), "person_email_key");
        assert_eq!(key_name("UNIQUE constraint failed: line.contract, line.no"), "line_contract_no_key");
        assert_eq!(key_name("UNIQUE constraint failed: index 'person_folded_key'"), "person_folded_key");
        assert_eq!(primary_key_name("UNIQUE constraint failed: person.id"), "person_pkey");
    }
}
