//! What was stored reaches the pages that are open.
//!
//! A topic that ends in `@ID` is for one person (`inbox@12`), any other for everybody.

use crate::db::{Change, Changes};
use crate::kernel::UserId;
use crate::web::Events;

/// Hands on every change until the database is closed.
pub(super) async fn forward(mut changes: Changes, events: &Events) {
    while let Some(change) = changes.next().await {
        match change {
            Change::Topic(topic) => match personal(&topic) {
                Some((name, user)) => events.tell(user, name),
                None => events.tell_all(&*topic),
            },
            Change::Unknown => events.tell_all("all"),
        }
    }
}

fn personal(topic: &str) -> Option<(&str, UserId)> {
    let (name, user) = topic.rsplit_once('@')?;
    Some((name, user.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_can_be_for_one_person() {
        assert_eq!(personal("inbox@12"), Some(("inbox", UserId::new(12))));
        assert_eq!(personal("contracts"), None);
        assert_eq!(personal("inbox@everybody"), None);
    }
}
