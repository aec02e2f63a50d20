//! What people see of messages: their list, the bell, by which ways they want them, and mail for administrators.

mod choice;
mod email;
mod list;
mod mail;

use axum::Router;

use super::{EmailId, MessageId, Notify};
use crate::i18n::msg;
use crate::web::{NavEntry, NavGroup};

crate::paths! {
    /// Their messages.
    pub MessagesPath = "/messages" {}
    /// How many are unread, for the bell.
    pub UnreadPath = "/messages/unread" {}
    /// Marks what was seen as read.
    pub ReadMessagesPath = "/messages/read" {}
    /// Leads to what a message tells about, which is then read.
    pub MessagePath = "/messages/{id}" { id: MessageId }
    /// Marks a message as read.
    pub ReadMessagePath = "/messages/{id}/read" { id: MessageId }
    /// By which ways they want messages.
    pub MessageChoicePath = "/settings/messages" {}
    /// The mail server and the outbox.
    pub MailPath = "/admin/mail" {}
    /// Sends a mail to try the server.
    pub TestMailPath = "/admin/mail/test" {}
    /// Takes the server away.
    pub RemoveServerPath = "/admin/mail/remove" {}
    /// Sends what has not left.
    pub SendUnsentPath = "/admin/mail/unsent" {}
    /// One e-mail.
    pub EmailPath = "/admin/mail/{id}" { id: EmailId }
    /// The same as its reader sees it.
    pub EmailHtmlPath = "/admin/mail/{id}/html" { id: EmailId }
    /// Sends an e-mail again.
    pub SendEmailPath = "/admin/mail/{id}/send" { id: EmailId }
}

crate::permits! {
    /// The mail server and the outbox.
    pub AdministerMail = super::MAIL, Administer;
}

/// Every page of this room.
pub fn routes(notify: Notify) -> Router {
    Router::new()
        .merge(list::routes())
        .merge(choice::routes())
        .merge(mail::routes())
        .merge(email::routes())
        .with_state(notify)
}

/// The lines of the navigation, for administrators.
pub fn nav() -> Vec<NavEntry> {
    vec![NavEntry::new(NavGroup::Admin, msg!("notify.kind"), "mail", &MailPath {}).needs("mail.administer")]
}

/// What stands in the head of every page: the messages, with how many are unread.
pub fn bell() -> NavEntry {
    NavEntry::new(NavGroup::Work, msg!("notify.messages"), "bell", &MessagesPath {}).live(&UnreadPath {}, "messages")
}

/// The lines of the menu under a person's name.
pub fn menu() -> Vec<NavEntry> {
    vec![NavEntry::new(NavGroup::Work, msg!("notify.choice_title"), "bell-ringing", &MessageChoicePath {})]
}
