//! What changed, told after the commit: within this process at once, between processes through PostgreSQL.

use std::sync::Arc;

use tokio::sync::broadcast;

/// Something a unit announced with `c.notify(topic)`, after it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The topic.
    Topic(Arc<str>),
    /// Some topics were missed; anything may have changed.
    Unknown,
}

/// Listens to changes from the moment it was made. A change only wakes: whoever hears it reads what is stored.
pub struct Changes(broadcast::Receiver<Change>);

impl Changes {
    /// The next change; `None` when the database was closed.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Unknown),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// The sending side, one a database.
#[derive(Clone)]
pub(super) struct Announcer(broadcast::Sender<Change>);

impl Announcer {
    pub(super) fn new() -> Self {
        Self(broadcast::channel(1024).0)
    }

    pub(super) fn listen(&self) -> Changes {
        Changes(self.0.subscribe())
    }

    /// An error only says that nobody listens.
    pub(super) fn tell(&self, change: Change) {
        drop(self.0.send(change));
    }
}
