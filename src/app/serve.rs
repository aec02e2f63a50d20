//! A running installation: opens what it stands on, listens, and ends without cutting anybody off.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{App, Config, DemoPerson, Ground, StartError, demo};
use crate::db::{DataLock, DatabaseUrl, Db};
use crate::kernel::{Clock, Random, SystemClock, SystemRandom};
use crate::org::FirstAdministrator;

/// How long what runs beside the answers may take to end.
const GRACE: Duration = Duration::from_secs(30);

/// An installation that listens but does not answer yet.
pub struct Server {
    app: App,
    first: Option<FirstAdministrator>,
    demo: Vec<DemoPerson>,
    listener: TcpListener,
    /// The data folder is ours as long as this lives.
    _lock: DataLock,
}

impl Server {
    /// Takes the data folder, brings the database to this program's step and listens.
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        Self::start_with(config, Arc::new(SystemClock), Arc::new(SystemRandom)).await
    }

    /// The same with a clock and a randomness of the caller's choice.
    pub async fn start_with(
        config: &Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartError> {
        let (lock, db) = open(config, "serve").await?;
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|reason| StartError::Listen { address: config.listen, reason })?;
        // Links in messages name the port that the system chose if it was asked to.
        let config = Config { listen: listener.local_addr()?, ..config.clone() };
        let ground = Ground { db, clock, random };
        let demo = if config.demo { demo::found(&config, &ground).await? } else { Vec::new() };
        let app = App::build(&config, &ground).await?;
        let first = app.org().first_administrator().await?;
        Ok(Self { app, first, demo, listener, _lock: lock })
    }

    /// Who can sign in to the demo company, where it was asked for.
    pub fn demo_people(&self) -> &[DemoPerson] {
        &self.demo
    }

    /// Who can sign in at the first start, with a one-time password; told once.
    pub fn first_administrator(&mut self) -> Option<FirstAdministrator> {
        self.first.take()
    }

    /// Where it listens, with the port that the system chose if it was asked to.
    pub fn address(&self) -> Result<SocketAddr, StartError> {
        Ok(self.listener.local_addr()?)
    }

    /// Answers until `shutdown`, then finishes what is under way.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let Self { app, listener, _lock, .. } = self;
        let events = app.kit.events().clone();
        let (stop, stopping) = watch::channel(false);
        let mut background = tokio::spawn(app.background.run(stopping));
        let shutdown = async move {
            shutdown.await;
            // Pages that are open listen for ever; they come again by themselves.
            events.close();
        };
        let served = axum::serve(listener, app.router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(shutdown)
            .await;
        stop.send_replace(true);
        if tokio::time::timeout(GRACE, &mut background).await.is_err() {
            // A mail server that does not answer, say; the job is done again at the next start.
            background.abort();
        }
        Ok(served?)
    }
}

/// Brings the database to this program's step, and says which it is.
pub async fn migrate(config: &Config) -> Result<DatabaseUrl, StartError> {
    open(config, "migrate").await?;
    Ok(config.database())
}

pub(super) async fn open(config: &Config, command: &str) -> Result<(DataLock, Db), StartError> {
    let owner = format!("process {}, qiyue {command}", std::process::id());
    let lock = DataLock::take(&config.data, &owner)?;
    let db = Db::open(&config.database()).await?;
    db.migrate().await?;
    Ok((lock, db))
}
