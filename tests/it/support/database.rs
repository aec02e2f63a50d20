//! Fresh databases, one a test, on both engines.

use std::str::FromStr as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use qiyue::db::{DatabaseUrl, Db};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use super::skip::{Extent, Missing, skip};

/// A database that nobody else uses. SQLite's goes with its folder, PostgreSQL's with [`TestDatabase::drop`].
pub(crate) struct TestDatabase {
    pub(crate) url: DatabaseUrl,
    kind: Kind,
}

enum Kind {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { server: Box<PgConnectOptions>, name: String },
}

/// Runs a test on SQLite and then on PostgreSQL, each with an empty database that has been migrated.
pub(crate) async fn on_both(test: impl AsyncFn(Db)) {
    on_both_fresh(async |database: &TestDatabase| {
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        test(db).await;
    })
    .await;
}

/// The same, not even migrated.
pub(crate) async fn on_both_fresh(test: impl AsyncFn(&TestDatabase)) {
    test(&TestDatabase::sqlite()).await;
    if let Some(database) = TestDatabase::postgres().await {
        test(&database).await;
        database.drop().await;
    }
}

impl TestDatabase {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("qiyue.db"));
        Self { url, kind: Kind::Sqlite { _folder: folder } }
    }

    /// Without a server that part of the test is skipped.
    pub(crate) async fn postgres() -> Option<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let Ok(address) = std::env::var("QIYUE_TEST_POSTGRES") else {
            let reason = "PostgreSQL: QIYUE_TEST_POSTGRES names no server; `make test` starts one";
            skip(Extent::Part, Missing::Program, reason);
            return None;
        };
        let server = PgConnectOptions::from_str(&address).expect("QIYUE_TEST_POSTGRES is an address");
        let name = format!("qiyue_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        on_server(&server, format!("CREATE DATABASE {name}")).await;
        let url = server.clone().database(&name).to_url_lossy().to_string();
        Some(Self { url: DatabaseUrl::Postgres(url), kind: Kind::Postgres { server: Box::new(server), name } })
    }

    /// Only after a test that passed; the database of a failed one stays for a look.
    pub(crate) async fn drop(self) {
        if let Kind::Postgres { server, name } = self.kind {
            on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn on_server(server: &PgConnectOptions, sql: String) {
    let mut connection = PgConnection::connect_with(server).await.expect("the server of QIYUE_TEST_POSTGRES answers");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
