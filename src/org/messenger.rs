//! The seam to the room above that carries messages to people.

use async_trait::async_trait;

use crate::db::{Conn, DbError};
use crate::i18n::Message;
use crate::kernel::{Ref, Timestamp, UserId};

/// Who carries messages to people.
#[async_trait(?Send)]
pub trait Messenger: Send + Sync + 'static {
    /// Tells each of them, in the unit that stores what is told.
    async fn tell(&self, c: &mut Conn<'_>, told: &Told, people: &[UserId]) -> Result<(), DbError>;

    /// What was told under keys that begin with `prefix`, which ends in `/`, is settled.
    async fn settle(&self, c: &mut Conn<'_>, prefix: &str, at: Timestamp) -> Result<(), DbError>;
}

/// What is told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Unique but for the person.
    pub key: String,
    /// The stable code of what it tells.
    pub kind: &'static str,
    /// What it is about.
    pub about: Ref,
    /// What is wanted or was done.
    pub label: Message,
    /// What it is about, as people call it.
    pub title: String,
    /// Whose doing it is.
    pub by: String,
    /// What else it says.
    pub lines: Vec<Message>,
    /// The page where it leads.
    pub page: String,
    /// When.
    pub at: Timestamp,
}
