//! Messages to people, and the outbox they leave through.
//!
//! A room posts a message in the unit that stores what it tells about, so that neither is there without the other. Until
//! its time has come it can be withdrawn, which is how an undone decision tells nobody. From then on it stands in its reader's list
//! within the program and, where they chose so, leaves by e-mail: at once when it is urgent, by day otherwise, and reminders of one
//! person together. What came to its end meanwhile is taken out of mails that have not left: [`over`].
//!
//! ```text
//! let message = NewMessage {
//!     key: format!("approval/{case}/{seq}/{task}/{person}"),
//!     to: person,
//!     kind: "approval.opened",
//!     about: Some(Ref::new("contract", 12)),
//!     headline: Headline { label: msg!("approval.to_decide"), title, amount, facts: vec![Fact::Due(due)] },
//!     lines: vec![because],
//!     link: Link::Action { page: path, prefix: "/a/".into(), token },
//!     urgency: Urgency::Normal,
//!     not_before: now.plus(undo),
//! };
//! notify::post(c, &message).await?;
//! notify::withdraw(c, &key).await?;   // it has not left: nobody hears of it
//! notify::over(c, &key, now).await?;  // it is settled: taken back, or read and in no mail any more
//! notify::over_all(c, "approval/7/12/", now).await?;  // likewise all whose keys begin so
//! ```
//!
//! **Secrets.** The room that posts a [`Link::Action`] makes the token before its unit and stores its hash in the same unit. The
//! token itself stands here only for the e-mail that has to carry it: it is blanked when the mail server has taken the mail, and at once
//! where no mail will go. The list within the program leads to the page behind the login. As long as there is no mail server at all, an
//! administrator can open a kept mail with its link, so that the whole loop can be walked on a laptop; that is written into the audit log.

mod actions;
pub mod api;
mod error;
mod jobs;
mod messenger;
mod model;
pub mod pages;
mod queries;
mod render;
mod store;

use std::sync::Arc;

pub use error::NotifyError;
pub use messenger::Post;
pub use model::{
    Choice, Email, EmailId, EmailState, Fact, Headline, Inbox, Link, MessageId, NewMessage, ShownMessage, Urgency,
    leaves_at,
};
pub use queries::{EmailFilter, ListedEmail, OpenedEmail};
pub use store::{STATEMENTS, over, over_all, post, withdraw};

use crate::db::Db;
use crate::kernel::{Clock, Kind, OfficeHours, UserId};
use crate::mail::Mailer;
use crate::org::{Action, ProtectedKind};

/// E-mails and the server they leave through, as a kind of record that roles are granted.
pub const MAIL: Kind = Kind::of("mail");

/// Wakes whoever hands messages out.
pub const TOPIC: &str = "outbox";

/// What this room protects: the mail server, and what lies in the outbox.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    vec![ProtectedKind { kind: MAIL, title: "notify.kind", actions: &[Action::Administer], first: &[] }]
}

/// The handle of this room; cheap to clone.
#[derive(Clone)]
pub struct Notify(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    mailer: Mailer,
    /// The address that people type, without a slash at its end.
    public: String,
    office: OfficeHours,
    /// What tells this installation's mails from those of others.
    installation: String,
}

impl Notify {
    /// The room over its database; links in mails begin with `public`, and day and night are those of the office.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        mailer: Mailer,
        public: String,
        office: OfficeHours,
        installation: &[u8; 16],
    ) -> Self {
        let installation = hex::encode(&installation[..6]);
        Self(Arc::new(Inner { db, clock, mailer, public, office, installation }))
    }

    /// Mail, as it is set up.
    pub fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }

    /// The address that links in mails begin with.
    pub fn public(&self) -> &str {
        &self.0.public
    }
}

/// What the pages of a person hear when their messages change.
fn topic_of(person: UserId) -> String {
    format!("messages@{person}")
}
