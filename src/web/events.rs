//! Live updates: pages that are open hear what changed and ask again for the part that shows it.
//!
//! An event has a name and says nothing else (`hx-trigger="sse:inbox"`), so that nobody hears more than they may read. The first one of
//! every connection is `all`: whatever changed before it stood, or while it was cut off, was missed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use super::LoggedIn;
use crate::kernel::UserId;

/// How many events somebody may be behind before all their parts are asked for again.
const BACKLOG: usize = 256;

/// What changes. A cheap clone; who sends does not wait for who listens.
#[derive(Clone, Debug)]
pub struct Events(broadcast::Sender<Arc<Told>>);

/// The name that ends a stream and is not told.
const CLOSE: &str = "";

#[derive(Debug)]
struct Told {
    user: Option<UserId>,
    name: String,
}

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Events {
    /// Tells one person's pages that `name` changed for them.
    pub fn tell(&self, user: UserId, name: impl Into<String>) {
        self.send(Told { user: Some(user), name: name.into() });
    }

    /// Tells everybody's pages.
    pub fn tell_all(&self, name: impl Into<String>) {
        self.send(Told { user: None, name: name.into() });
    }

    /// Ends every stream, so that a server that stops does not wait for pages that are open.
    pub fn close(&self) {
        self.send(Told { user: None, name: CLOSE.to_owned() });
    }

    fn send(&self, told: Told) {
        // Nobody listening is not an error.
        drop(self.0.send(Arc::new(told)));
    }

    /// What `user` hears from now on: names of events. `all` stands for events that were missed.
    pub fn heard_by(&self, user: UserId) -> impl Stream<Item = String> + use<> {
        let heard = BroadcastStream::new(self.0.subscribe()).filter_map(move |told| async move {
            match told {
                Ok(told) => told.user.is_none_or(|meant| meant == user).then(|| told.name.clone()),
                Err(_) => Some("all".to_owned()),
            }
        });
        heard.take_while(|name| std::future::ready(name != CLOSE))
    }
}

pub(super) fn routes() -> Router {
    Router::new().route("/events", get(listen))
}

async fn listen(visit: LoggedIn) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let first = futures_util::stream::iter(["all".to_owned()]);
    let heard = first.chain(visit.kit().events().heard_by(visit.user()));
    // Browsers pass over an event without data.
    Sse::new(heard.map(|name| Ok(Event::default().event(name).data("1"))))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_event_reaches_a_browser_only_with_data_and_the_first_one_is_all() {
        use axum::body::Body;
        use axum::http::{Request, header};
        use tower::ServiceExt as _;

        let kit = crate::web::testing::kit(Vec::new()).await;
        let request = Request::get("/events").header(header::COOKIE, crate::web::testing::session_cookie());
        let answer = kit.wrap(Router::new()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        kit.events().tell(UserId::new(1), "messages");
        kit.events().close();
        let heard = crate::web::testing::body(answer).await;
        assert_eq!(heard, "event: all\ndata: 1\n\nevent: messages\ndata: 1\n\n");
    }

    #[tokio::test]
    async fn everybody_hears_only_what_is_theirs() {
        let events = Events::default();
        let mut heard = Box::pin(events.heard_by(UserId::new(1)));
        events.tell(UserId::new(2), "inbox");
        events.tell(UserId::new(1), "approvals");
        events.tell_all("contracts");
        assert_eq!(heard.next().await.as_deref(), Some("approvals"));
        assert_eq!(heard.next().await.as_deref(), Some("contracts"));
    }
}
