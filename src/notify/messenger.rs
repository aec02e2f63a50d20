//! Messages of people and their rights, a room that stands below this one.

use async_trait::async_trait;

use super::model::{Fact, Headline, Link, NewMessage, Urgency};
use crate::db::{Conn, DbError};
use crate::kernel::{Timestamp, UserId};
use crate::org::{Messenger, Told};

/// Posts what the room of people tells.
pub struct Post;

#[async_trait(?Send)]
impl Messenger for Post {
    async fn tell(&self, c: &mut Conn<'_>, told: &Told, people: &[UserId]) -> Result<(), DbError> {
        for person in people {
            let message = NewMessage {
                key: format!("{}/{person}", told.key),
                to: *person,
                kind: told.kind,
                about: Some(told.about.clone()),
                headline: Headline {
                    label: told.label.clone(),
                    title: told.title.clone(),
                    amount: None,
                    facts: vec![Fact::Text(told.by.clone())],
                },
                lines: told.lines.clone(),
                link: Link::Page(told.page.clone()),
                urgency: Urgency::Normal,
                not_before: told.at,
            };
            super::post(c, &message).await?;
        }
        Ok(())
    }

    async fn settle(&self, c: &mut Conn<'_>, prefix: &str, at: Timestamp) -> Result<(), DbError> {
        super::over_all(c, prefix, at).await.map(drop)
    }
}
