//! Topics between processes.
//!
//! They are sent shortly after the commit and together, not inside the transaction: NOTIFY holds a lock of the whole
//! database over its commit, so that no two commits share an fsync. A topic lost with its process costs nothing but time:
//! whoever waits for work also looks for it from time to time.

use std::collections::BTreeSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep;

use crate::db::change::{Announcer, Change};

/// A topic that other processes shall hear.
pub(super) type Outgoing = Arc<str>;

const CHANNEL: &str = "qiyue";
const GATHER: Duration = Duration::from_millis(20);
const RECONNECT: Duration = Duration::from_secs(1);

pub(super) async fn exchange(pool: PgPool, announcer: Announcer, topics: UnboundedReceiver<Outgoing>) {
    // Tells our own messages from those of others.
    let sender = format!("{:016x}:", RandomState::new().hash_one(0));
    tokio::join!(send(&pool, topics, &sender), hear(&pool, &announcer, &sender));
}

async fn send(pool: &PgPool, mut topics: UnboundedReceiver<Outgoing>, sender: &str) {
    while let Some(first) = topics.recv().await {
        sleep(GATHER).await;
        let mut gathered = BTreeSet::from([first]);
        while let Ok(topic) = topics.try_recv() {
            gathered.insert(topic);
        }
        for topic in gathered {
            let payload = format!("{sender}{topic}");
            let sent = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(pool).await;
            if let Err(error) = sent {
                tracing::warn!(%topic, %error, "other processes were not told of a change");
            }
        }
    }
}

async fn hear(pool: &PgPool, announcer: &Announcer, sender: &str) {
    loop {
        if let Err(error) = hear_until_it_breaks(pool, announcer, sender).await {
            if pool.is_closed() {
                return;
            }
            tracing::warn!(%error, "changes of other processes are not heard");
        }
        sleep(RECONNECT).await;
        announcer.tell(Change::Unknown);
    }
}

async fn hear_until_it_breaks(pool: &PgPool, announcer: &Announcer, sender: &str) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    // `None`: the connection was lost; what was said meanwhile is unknown.
    while let Some(notification) = listener.try_recv().await? {
        let payload = notification.payload();
        if let Some((_, topic)) = payload.split_once(':').filter(|_| !payload.starts_with(sender)) {
            announcer.tell(Change::Topic(topic.into()));
        }
    }
    Ok(())
}
