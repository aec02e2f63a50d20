//! The whole program in this process: a server on a port of its own, a data folder and a clock that stands still.

use std::sync::Arc;

use qiyue::app::{Config, Server};
use qiyue::db::{DatabaseUrl, Db};
use qiyue::kernel::{ManualClock, SystemRandom, Timestamp};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::database::{TestDatabase, on_both_fresh};
use super::stored::{Stored, stored};

/// Monday, 2 March 2026, nine o'clock in Shanghai: a working day with working days behind it.
const MORNING: &str = "2026-03-02T01:00:00Z";

/// A running installation, empty at first.
pub(crate) struct TestApp {
    /// Moves only when the test moves it.
    pub(crate) clock: Arc<ManualClock>,
    /// The one-time password of `admin`, told at the first start.
    pub(crate) first_password: String,
    config: Config,
    data: TempDir,
    running: Running,
}

/// A server that answers, and how to end it.
struct Running {
    address: String,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// Runs a test on an installation with SQLite and then on one with PostgreSQL.
pub(crate) async fn on_both_apps(test: impl AsyncFn(&TestApp)) {
    on_both_fresh(async |database: &TestDatabase| {
        let app = TestApp::start(database).await;
        test(&app).await;
        app.stop().await;
    })
    .await;
}

impl TestApp {
    /// Starts an installation on that database.
    pub(crate) async fn start(database: &TestDatabase) -> Self {
        Self::start_at(&database.url).await
    }

    /// The same, wherever the database is.
    pub(crate) async fn start_at(database: &DatabaseUrl) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            database: Some(database.clone()),
            ..Config::new(data.path().to_owned())
        };
        let clock = Arc::new(ManualClock::at(MORNING.parse::<Timestamp>().unwrap()));
        let (running, first_password) = run(&config, &clock).await;
        let first_password = first_password.expect("an empty database has nobody yet");
        Self { clock, first_password, config, data, running }
    }

    /// Another hand on the same database, for what no page does.
    pub(crate) async fn db(&self) -> Db {
        Db::open(&self.config.database()).await.unwrap()
    }

    /// The address of a page: `app.url("/login")`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.address)
    }

    /// Everything that it has stored.
    pub(crate) async fn stored(&self) -> Stored {
        stored(&self.config.database()).await
    }

    /// Ends the server and starts it again on the same data and the same clock, at another address.
    pub(crate) async fn restart(self) -> Self {
        self.running.end().await;
        let (running, _) = run(&self.config, &self.clock).await;
        Self { running, ..self }
    }

    /// Ends the server as a signal does: what is under way is finished.
    pub(crate) async fn stop(self) {
        self.running.end().await;
        drop(self.data);
    }
}

impl Running {
    async fn end(self) {
        self.stop.send(()).expect("the server still answers");
        self.ended.await.expect("the server ends in order");
    }
}

async fn run(config: &Config, clock: &Arc<ManualClock>) -> (Running, Option<String>) {
    let mut server = Server::start_with(config, Arc::clone(clock) as _, Arc::new(SystemRandom)).await.unwrap();
    let address = format!("http://{}", server.address().unwrap());
    let first_password = server.first_administrator().map(|first| first.password.reveal().to_owned());
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(async {
        // A test that panics drops its end, which stops the server too.
        let shutdown = async { drop(stopped.await) };
        server.run(shutdown).await.unwrap();
    });
    (Running { address, stop, ended }, first_password)
}
