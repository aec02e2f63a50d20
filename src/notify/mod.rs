//! Messages to people, and the outbox they leave through.
//!
//! A room posts a message in the unit that stores what it tells about, so that neither is there without the other. Until
//! its time has come it can be withdrawn, which is how an undone decision tells nobody. Handing messages out, to the list
//! within the program and by e-mail, comes after the door.
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
//! notify::withdraw(c, &key).await?;
//! ```
//!
//! **Secrets.** The room that posts a [`Link::Action`] makes the token before its unit and stores its hash in the same unit. The
//! token itself stands here only for the e-mail that has to carry it; whoever hands messages out blanks it when the mail server
//! has taken the mail, and at once where no mail will go. The list within the program leads to the page behind the login.

mod model;
mod store;

pub use model::{Fact, Headline, Link, MessageId, NewMessage, Urgency};
pub use store::{STATEMENTS, post, withdraw};

/// Wakes whoever hands messages out.
const TOPIC: &str = "outbox";
