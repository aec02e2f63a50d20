//! Where a measurement keeps its data: a fresh database on the disk of the build folder.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use qiyue::db::{DatabaseUrl, Db, DbError};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use tempfile::TempDir;

/// A folder and a database of its own.
pub(crate) struct Place {
    pub(crate) url: DatabaseUrl,
    folder: TempDir,
    server: Option<(PgConnectOptions, String)>,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = folder();
        Self { url: DatabaseUrl::in_folder(folder.path()), folder, server: None }
    }

    /// Nothing without a server.
    pub(crate) async fn postgres(name: &str) -> Option<Self> {
        let address = std::env::var("QIYUE_TEST_POSTGRES").ok()?;
        let server = PgConnectOptions::from_str(&address).expect("QIYUE_TEST_POSTGRES is an address");
        let name = format!("qiyue_bench_{name}_{}", std::process::id());
        on_server(&server, format!("CREATE DATABASE {name}")).await;
        let url = DatabaseUrl::Postgres(server.clone().database(&name).to_url_lossy().to_string());
        Some(Self { url, folder: folder(), server: Some((server, name)) })
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the database takes on disk.
    pub(crate) async fn bytes(&self, db: &Db) -> u64 {
        let read: Result<(i64,), DbError> = match &self.url {
            DatabaseUrl::Sqlite(_) => {
                const PAGES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
                db.read(async |c| c.one(PAGES, &[]).await).await
            }
            DatabaseUrl::Postgres(_) => {
                const SIZE: &str = "SELECT pg_database_size(current_database())";
                db.read(async |c| c.one(SIZE, &[]).await).await
            }
        };
        read.unwrap().0.unsigned_abs()
    }

    /// Gives everything back.
    pub(crate) async fn leave(self) {
        if let Some((server, name)) = &self.server {
            on_server(server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

fn folder() -> TempDir {
    tempfile::tempdir_in(disk()).unwrap()
}

/// A folder on the disk that is measured, never one in memory.
pub(crate) fn disk() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn on_server(server: &PgConnectOptions, sql: String) {
    let mut connection = PgConnection::connect_with(server).await.expect("the server of QIYUE_TEST_POSTGRES answers");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
