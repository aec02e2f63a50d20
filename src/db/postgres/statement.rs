//! One statement on a connection of PostgreSQL.

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgConnection, PgDatabaseError};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Executor as _, Postgres, SqlSafeStr as _};

use crate::db::row::Row;
use crate::db::{DbError, Value};

pub(in crate::db) async fn execute(
    connection: &mut PgConnection,
    sql: &str,
    parameters: &[Value],
) -> Result<u64, DbError> {
    let done = bind(sql, parameters)?.execute(connection).await;
    done.map(|done| done.rows_affected()).map_err(|e| translate(&e, sql))
}

pub(in crate::db) async fn check(connection: &mut PgConnection, sql: &str) -> Result<(), DbError> {
    let text = AssertSqlSafe(sql.to_owned()).into_sql_str();
    connection.prepare(text).await.map(drop).map_err(|e| translate(&e, sql))
}

/// Gives rows to `take` until it says false.
pub(in crate::db) async fn query(
    connection: &mut PgConnection,
    sql: &str,
    parameters: &[Value],
    take: &mut dyn FnMut(&Row<'_>) -> Result<bool, DbError>,
) -> Result<(), DbError> {
    let mut rows = bind(sql, parameters)?.fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(|e| translate(&e, sql))? {
        if !take(&Row::postgres(&row))? {
            break;
        }
    }
    while rows.try_next().await.map_err(|e| translate(&e, sql))?.is_some() {}
    Ok(())
}

/// The text is safe: a `&'static str` from [`super::super::Conn`], or made by `db::Query` of nothing else.
fn bind(sql: &str, parameters: &[Value]) -> Result<Query<'static, Postgres, PgArguments>, DbError> {
    let expected = highest_placeholder(sql);
    if expected != parameters.len() {
        return Err(DbError::Parameters { sql: sql.to_owned(), expected, given: parameters.len() });
    }
    let query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    Ok(parameters.iter().fold(query, |query, value| match value {
        // Refused by `Conn` before it comes here.
        Value::Unstorable(_) => query.bind(None::<i64>),
        Value::Int(v) => query.bind(*v),
        Value::Bool(v) => query.bind(*v),
        Value::Text(v) => query.bind(v.clone()),
        Value::Bytes(v) => query.bind(v.clone()),
    }))
}

/// The highest `$N` outside of quotes.
fn highest_placeholder(sql: &str) -> usize {
    let mut highest = 0;
    // Every second piece between quotes is a literal; a doubled quote inside one makes an empty piece, which does no harm.
    for outside in sql.split('\'').step_by(2) {
        for part in outside.split('$').skip(1) {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            highest = highest.max(part[..digits].parse().unwrap_or(0));
        }
    }
    highest
}

/// The words of PostgreSQL in ours.
pub(super) fn translate(error: &sqlx::Error, sql: &str) -> DbError {
    match error {
        sqlx::Error::Database(cause) => {
            let Some(cause) = cause.try_downcast_ref::<PgDatabaseError>() else {
                return DbError::Gone(cause.to_string());
            };
            translate_code(cause, sql)
        }
        sqlx::Error::PoolTimedOut => DbError::Busy,
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => DbError::Gone(error.to_string()),
        _ => DbError::Sql { sql: sql.to_owned(), message: error.to_string() },
    }
}

fn translate_code(cause: &PgDatabaseError, sql: &str) -> DbError {
    let message = || match cause.column().or_else(|| cause.constraint()) {
        Some(name) => format!("{} ({name})", cause.message()),
        None => cause.message().to_owned(),
    };
    match cause.code() {
        // serialization_failure, deadlock_detected: the engine runs the unit again.
        "40001" | "40P01" => DbError::Busy,
        "23505" => DbError::Unique { constraint: cause.constraint().unwrap_or_default().to_owned() },
        "23503" => DbError::ForeignKey,
        code if code.starts_with("23") => DbError::Check(message()),
        // insufficient_resources, system_error.
        code if code.starts_with("53") || code.starts_with("58") => DbError::NotStored(message()),
        // connection_exception, and the server is shutting down, starting up or was told to drop us.
        code if code.starts_with("08") || code.starts_with("57P") => DbError::Gone(message()),
        _ => DbError::Sql { sql: sql.to_owned(), message: message() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_by_the_highest_outside_of_literals() {
        assert_eq!(highest_placeholder("SELECT 1"), 0);
        assert_eq!(highest_placeholder("SELECT $2, $1 WHERE a = '$9' AND b = $10"), 10);
        assert_eq!(highest_placeholder("SELECT 'it''s $3' || $1"), 1);
    }
}
