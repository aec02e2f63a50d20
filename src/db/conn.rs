//! What a unit sees: four ways to run a statement, and a way to say what changed.

use std::sync::Arc;

use super::row::{FromRow, Row};
use super::{DbError, Pair, Value, postgres, sqlite};

/// The connection of one unit.
pub struct Conn<'c> {
    pub(super) engine: Engine<'c>,
    /// The first failed statement; nothing runs after it.
    pub(super) failed: Option<DbError>,
    pub(super) topics: Vec<Arc<str>>,
    /// What ran, where somebody wants to know.
    recorded: Option<Vec<Statement>>,
}

/// A statement as it was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its text.
    pub sql: String,
    /// What was bound to `$1`, `$2` …
    pub parameters: Vec<Value>,
}

pub(super) enum Engine<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut sqlx::PgConnection),
}

impl<'c> Conn<'c> {
    pub(super) fn new(engine: Engine<'c>) -> Self {
        Self { engine, failed: None, topics: Vec::new(), recorded: None }
    }

    /// Runs a statement; how many rows it changed.
    pub async fn exec(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, DbError> {
        self.execute(sql, parameters).await
    }

    /// The one row of an answer; [`DbError::NoRow`] without one.
    pub async fn one<T: FromRow>(&mut self, sql: &'static str, parameters: &[Value]) -> Result<T, DbError> {
        let found = self.first(sql, parameters).await?;
        found.ok_or_else(|| DbError::no_row(sql))
    }

    /// The first row of an answer, if there is one.
    pub async fn maybe<T: FromRow>(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Option<T>, DbError> {
        self.first(sql, parameters).await
    }

    /// Every row of an answer.
    pub async fn all<T: FromRow>(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<T>, DbError> {
        self.rows(sql, parameters).await
    }

    /// Says after the commit that something changed, to every subscriber in every process. Nothing is said after a rollback.
    pub fn notify(&mut self, topic: impl Into<Arc<str>>) {
        let topic = topic.into();
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }

    /// Writes down every statement of this unit from here on, so that what an action costs can be measured.
    pub fn record(&mut self) {
        self.recorded = Some(Vec::new());
    }

    /// The statements since [`Conn::record`].
    pub fn recorded(&mut self) -> Vec<Statement> {
        self.recorded.take().unwrap_or_default()
    }

    /// The text of a pair for this engine.
    pub fn text(&self, pair: &Pair) -> &'static str {
        match self.engine {
            Engine::Sqlite(_) => pair.sqlite,
            Engine::Postgres(_) => pair.postgres,
        }
    }

    /// Asks the engine whether it understands a statement, without running it.
    pub async fn prepare(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.prepare_text(sql).await
    }

    pub(super) async fn prepare_text(&mut self, sql: &str) -> Result<(), DbError> {
        self.go_on(sql, &[])?;
        let done = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::statement::check(connection, sql),
            Engine::Postgres(connection) => postgres::statement::check(connection, sql).await,
        };
        self.remember(done)
    }

    pub(super) async fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, DbError> {
        self.go_on(sql, parameters)?;
        let done = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::statement::execute(connection, sql, parameters),
            Engine::Postgres(connection) => postgres::statement::execute(connection, sql, parameters).await,
        };
        self.remember(done)
    }

    pub(super) async fn first<T: FromRow>(&mut self, sql: &str, parameters: &[Value]) -> Result<Option<T>, DbError> {
        self.go_on(sql, parameters)?;
        let mut found = None;
        let mut take = |row: &Row<'_>| {
            found = Some(T::from_row(row)?);
            Ok(false)
        };
        let done = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::statement::query(connection, sql, parameters, &mut take),
            Engine::Postgres(connection) => postgres::statement::query(connection, sql, parameters, &mut take).await,
        };
        self.remember(done)?;
        Ok(found)
    }

    pub(super) async fn rows<T: FromRow>(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<T>, DbError> {
        self.go_on(sql, parameters)?;
        let mut rows = Vec::new();
        let mut take = |row: &Row<'_>| {
            rows.push(T::from_row(row)?);
            Ok(true)
        };
        let done = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::statement::query(connection, sql, parameters, &mut take),
            Engine::Postgres(connection) => postgres::statement::query(connection, sql, parameters, &mut take).await,
        };
        self.remember(done)?;
        Ok(rows)
    }

    fn go_on(&mut self, sql: &str, parameters: &[Value]) -> Result<(), DbError> {
        // PostgreSQL cannot go on after a failed statement; SQLite could, and must not, so that both behave alike.
        if self.failed.is_some() {
            return Err(DbError::WentOn);
        }
        if let Some(recorded) = &mut self.recorded {
            recorded.push(Statement { sql: sql.to_owned(), parameters: parameters.to_vec() });
        }
        let unstorable = parameters.iter().find_map(|value| match value {
            Value::Unstorable(reason) => Some(DbError::Check(reason.clone())),
            _ => None,
        });
        self.remember(unstorable.map_or(Ok(()), Err))
    }

    fn remember<T>(&mut self, done: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &done {
            self.failed = Some(error.clone());
        }
        done
    }
}
