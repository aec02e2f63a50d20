//! The handle that everybody holds.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::change::{Announcer, Changes};
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::unit::{LockKey, Mode, TypedUnit, Unit};
use super::{Conn, DatabaseUrl, DbError, migrate};

/// An open database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
    announcer: Announcer,
    url: Arc<DatabaseUrl>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens the file, made if it is missing, or connects to the server. [`Db::migrate`] comes next.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, DbError> {
        let announcer = Announcer::new();
        let engine = match url {
            DatabaseUrl::Sqlite(path) => Engine::Sqlite(open_file(path, announcer.clone()).await?),
            DatabaseUrl::Postgres(address) => {
                let refused = |e: sqlx::Error| DbError::Open { path: url.to_string(), reason: e.to_string() };
                let options = PgConnectOptions::from_str(address).map_err(refused)?;
                // Only to say at once what is wrong with the address.
                let first = PgConnection::connect_with(&options).await.map_err(refused)?;
                drop(first.close().await);
                Engine::Postgres(Postgres::start(&options, &announcer)?)
            }
        };
        Ok(Self { engine: Arc::new(engine), announcer, url: Arc::new(url.clone()) })
    }

    /// Brings the schema to this program's step; refuses a database of a newer program.
    pub async fn migrate(&self) -> Result<(), DbError> {
        match self.url.as_ref() {
            DatabaseUrl::Sqlite(path) => migrate::sqlite(path.clone()).await,
            DatabaseUrl::Postgres(address) => migrate::postgres(address).await,
        }
    }

    /// Reads one snapshot.
    pub async fn read<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.run(Mode::Read, unit).await
    }

    /// Stores everything the unit writes, or nothing. Answers after COMMIT. The unit may run more than once.
    pub async fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.run(Mode::Write, unit).await
    }

    /// [`Db::write`] for a row that everybody wants, such as a number counter: units with the same key take turns.
    /// On SQLite every unit takes turns anyway.
    pub async fn write_locked<T, E, F>(&self, key: LockKey, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.run(Mode::Locked(key), unit).await
    }

    /// [`Db::write`] for a unit that was decided outside: it compares the versions of all that it was decided on, and writes a row of
    /// its own with every change of what others decide on. Then two units that exclude each other write the same row, of which
    /// PostgreSQL stores one (REPEATABLE READ). It does not watch what is only read, which is by pages of indexes, so that many units
    /// on neighbouring rows are not in each other's way.
    pub async fn write_compared<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.run(Mode::Compared, unit).await
    }

    /// [`Db::write`] at READ COMMITTED, only for claiming rows that others skip (`FOR UPDATE SKIP LOCKED`).
    pub async fn claim<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.run(Mode::Claim, unit).await
    }

    /// Hears every topic that a unit announces with [`Conn::notify`], from now on.
    pub fn subscribe(&self) -> Changes {
        self.announcer.listen()
    }

    async fn run<T, E, F>(&self, mode: Mode, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: AsyncFn(&mut Conn<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        let (unit, answer) = TypedUnit::new(unit);
        self.submit(mode, Box::new(unit));
        match answer.await {
            Ok((given, _unit)) => given,
            Err(_) => Err(E::from(DbError::Gone("it was closed".to_owned()))),
        }
    }

    fn submit(&self, mode: Mode, unit: Box<dyn Unit>) {
        match self.engine.as_ref() {
            Engine::Sqlite(engine) if mode == Mode::Read => engine.read(unit),
            Engine::Sqlite(engine) => engine.write(unit),
            Engine::Postgres(engine) => engine.submit(mode, unit),
        }
    }
}

/// Opening may wait for a disk, so it happens off the runtime.
async fn open_file(path: &Path, announcer: Announcer) -> Result<Sqlite, DbError> {
    let path = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || Sqlite::start(&path, announcer)).await;
    opened.map_err(|e| DbError::Gone(e.to_string()))?
}
